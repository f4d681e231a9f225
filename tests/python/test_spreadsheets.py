"""No CSV of ours is a program for the spreadsheet that opens it."""

import csv
import re

import duckdb
import pytest
from warehouse import Warehouse

COMPUTED = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-\d+(\.\d+)?")
IDS = ["=1+1", "+86 138", "-2-3", "@SUM(A1)", "'quoted'", "plain", "'=kept"]


def computed_cells(path):
    """The cells of a CSV that a spreadsheet would compute."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            cell for row in csv.reader(file) for cell in row
            if cell.startswith(COMPUTED) and not NUMBER.fullmatch(cell)
        ]


def test_the_files_of_the_project(project_root):
    folders = ("seeds", "evaluate", "examples", "simulation")
    files = [
        path for folder in folders
        for path in (project_root / folder).rglob("*.csv")
        if "data" not in path.parts
    ]
    assert len(files) > 10
    assert {path.name: computed_cells(path) for path in files} == {
        path.name: [] for path in files
    }


@pytest.fixture(scope="module", params=["of a list", "of a sale"])
def handed_over(project_root, tmp_path_factory, request):
    """The contacts that docs/audience.md writes for hostile ids."""
    page = (project_root / "docs" / "audience.md").read_text()
    of_list, of_sale = re.findall(
        r"```sql\n(copy [^`]*ods_prm_touch[^`]*)```", page
    )
    statement = of_list if request.param == "of a list" else of_sale
    path = tmp_path_factory.mktemp("csv") / "ods_prm_touch.csv"
    with duckdb.connect() as connection:
        connection.execute("create schema cst_ads")
        connection.execute("create schema cst_dim")
        connection.execute(
            """
            create table cst_dim.dim_cst_customer as
            select unnest(?) as customer_id, true as is_current,
            false as is_merged, true as is_reachable_by_sms,
            false as is_program_holdout
            """,
            [IDS],
        )
        connection.execute(
            """
            create table cst_ads.ads_cst_audience as
            select unnest(?) as customer_id, 'wake_up' as strategy_code,
            'sms' as contact_channel, false as is_holdout,
            true as is_contactable, true as is_current
            """,
            [IDS],
        )
        connection.execute(
            re.sub(r"'/data/ods/[^']*'", f"'{path}'", statement)
        )
    return path


def test_contacts_are_harmless(handed_over):
    assert computed_cells(handed_over) == []


def test_contacts_come_back_to_their_customers(handed_over):
    warehouse = Warehouse(
        handed_over.parent, cst_enabled_sources=["customer", "order", "touch"]
    )
    handed_over.rename(warehouse.ods / handed_over.name)
    (warehouse.ods / "ods_cst_customer.csv").write_text(
        "customer_id,registered_at\n"
    )
    (warehouse.ods / "ods_trd_order.csv").write_text(
        "order_id,customer_id,ordered_at,order_status,order_amount\n"
    )
    result = warehouse.build("+stg_prm__touches")
    assert result.returncode == 0, result.text[-1500:]
    found = warehouse.rows("select customer_id from cst_staging.stg_prm__touches")
    # one that looks like a cell made harmless is read as that cell
    expected = {*IDS, "=kept"} - {"'=kept"}
    assert {customer for (customer,) in found} == expected
