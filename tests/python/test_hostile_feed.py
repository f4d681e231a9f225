"""Five hundred hostile rows over the sample: none is lost, nobody else's
number changes, and who is withdrawn is not contactable.

`make test-hostile` does the same with ten thousand and more (tests/hostile).
"""

import sys

import pytest
from case_data import TABLES
from simulation.hostile import (
    connected,
    make_hostile,
    read_folder,
    write_folder,
)
from warehouse import PROJECT, Warehouse

sys.path.insert(0, str(PROJECT / "tests" / "hostile"))
from checks import check_feed


@pytest.fixture(scope="module")
def hostile_sample(tmp_path_factory, sample_database):
    """The built feed: warehouse, result, feed, untouched customers, clean."""
    rows = read_folder(PROJECT / "seeds" / "ods")
    # of a currency in which nobody buys
    rows["ods_fin_exchange_rate"] = [
        {
            "currency_code": "EUR", "rate_date": f"2025-{month:02}-{day:02}",
            "exchange_rate": f"7.{month:02}{day:02}",
            "updated_at": f"2025-{month:02}-{day:02}T01:00:00Z",
            "ingested_at": "",
        }
        for month in range(1, 13) for day in range(1, 28)
    ]
    feed = make_hostile(rows, 500)
    ((start, as_of),) = sample_database.execute(
        """
        select cast(min(first_order_date) as varchar),
        cast(max(snapshot_date) as varchar)
        from cst_dws.dws_cst_segmentation
        """
    ).fetchall()
    warehouse = Warehouse(
        tmp_path_factory.mktemp("hostile"),
        cst_start_date=start, cst_as_of_date=as_of,
        cst_enabled_sources=[*TABLES, "exchange_rate"],
    )
    write_folder(feed.rows, warehouse.ods)
    return warehouse, feed, connected(rows, feed.touched)


def test_five_hundred_hostile_rows(hostile_sample, sample_database):
    warehouse, feed, touched = hostile_sample

    def clean_rows(sql):
        return sample_database.execute(sql).fetchall()

    check_feed(warehouse, feed.rows["ods_cst_customer"], touched, clean_rows)


def test_every_kind_of_fault_is_tried():
    """In enough rows, every value of the catalog comes in every column."""
    rows = read_folder(PROJECT / "seeds" / "ods")
    first, again = make_hostile(rows, 400), make_hostile(rows, 400)
    assert first.faults == again.faults and first.rows == again.rows
    assert len(first.faults) > 390, "a fault comes twice before all came once"
