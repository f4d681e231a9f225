"""The examples meet their published figures, and the warehouse their logs.

The expected RFM rows are computed here in plain pandas, from the packages'
own files and the written definitions.
"""

import contextlib
import io
import runpy
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import pytest
import warm_dbt
from journey_receipts import PERIODS, of_overview, of_receipts, read_receipts
from rfm_oracle import (
    contradictions,
    lifecycle_stages,
    rank_scores,
    recency_scores,
    rhythm_days,
    shares_back,
)

from examples.cdnow.prepare import prepare as prepare_cdnow
from examples.cdnow.prepare import read_log
from examples import common
from examples.complete_journey.prepare import prepare as prepare_journey
from examples.complete_journey.prepare import read_table

WINDOW = pd.Timedelta(days=365)
NEW_YORK = "America/New_York"

Tables = dict[str, pd.DataFrame]


def read_prepared(folder: Path) -> Tables:
    """The prepared tables by name."""
    return {
        file.stem: pd.read_parquet(file) for file in folder.glob("*.parquet")
    }


def total(amounts: pd.Series) -> Decimal:
    """Exact sum of decimals."""
    return sum(amounts, Decimal())


@pytest.fixture(scope="module")
def cdnow_tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("cdnow")
    prepare_cdnow(folder)
    return read_prepared(folder)


@pytest.fixture(scope="module")
def cdnow_sample_tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("cdnow_sample")
    prepare_cdnow(folder, sample=True)
    return read_prepared(folder)


@pytest.fixture(scope="module")
def journey_tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("complete_journey")
    prepare_journey(folder)
    return read_prepared(folder)


# Prepared tables against published figures


@pytest.mark.parametrize(
    ("fixture", "row_count", "customer_count", "amount"),
    [
        ("cdnow_tables", 69_659, 23_570, "2500315.63"),
        ("cdnow_sample_tables", 6_919, 2_357, "244091.94"),
        ("journey_tables", 155_848, 2_469, "4596039.58"),
    ],
)
def test_prepared_orders_meet_published_figures(
    request: pytest.FixtureRequest,
    fixture: str,
    row_count: int,
    customer_count: int,
    amount: str,
) -> None:
    tables = request.getfixturevalue(fixture)
    orders = tables["ods_trd_order"]
    customers = tables["ods_cst_customer"]
    assert len(orders) == row_count
    assert orders["order_id"].is_unique
    assert total(orders["order_amount"]) == Decimal(amount)
    assert len(customers) == customer_count
    assert customers["customer_id"].is_unique
    assert set(orders["customer_id"]) == set(customers["customer_id"])


def test_customer_registers_with_first_order(journey_tables: Tables) -> None:
    first = (
        journey_tables["ods_trd_order"]
        .groupby("customer_id")["ordered_at"]
        .min()
    )
    registered = journey_tables["ods_cst_customer"].set_index("customer_id")
    assert first.equals(registered["registered_at"].reindex(first.index))


def test_cdnow_sample_orders_keep_the_ids_of_the_master_log(
    cdnow_tables: Tables, cdnow_sample_tables: Tables
) -> None:
    columns = ["order_id", "customer_id", "ordered_at", "order_amount"]
    found = cdnow_sample_tables["ods_trd_order"].merge(
        cdnow_tables["ods_trd_order"], on=columns
    )
    assert len(found) == 6_919


def test_cdnow_identical_rows_are_separate_purchases(
    cdnow_tables: Tables,
) -> None:
    log = read_log()
    assert log.duplicated().sum() == 255
    orders = cdnow_tables["ods_trd_order"]
    assert orders.drop(columns="order_id").duplicated().sum() >= 255
    same_day = orders[orders["order_id"].str.startswith("00398-19980518-")]
    assert same_day["order_id"].tolist() == [
        "00398-19980518-1",
        "00398-19980518-2",
    ]
    assert same_day["order_amount"].tolist() == [Decimal("12.99")] * 2


def test_journey_lines_make_up_their_baskets(journey_tables: Tables) -> None:
    lines = journey_tables["ods_trd_order_item"]
    orders = journey_tables["ods_trd_order"].set_index("order_id")
    assert len(lines) == 1_469_307
    assert lines["item_id"].is_unique
    by_basket = lines.groupby("order_id")[["item_amount", "discount_amount"]]
    cents = by_basket.sum().astype(float).mul(100).round()
    expected = orders[["order_amount", "discount_amount"]].astype(float)
    expected = expected.mul(100).round().loc[cents.index]
    assert len(cents) == len(orders)
    assert (cents.to_numpy() == expected.to_numpy()).all()


def test_journey_category_ends_where_a_level_is_missing(
    journey_tables: Tables,
) -> None:
    products = journey_tables["ods_prd_product"].set_index("product_id")
    assert len(products) == 92_331
    assert products["category"].loc[["25671", "26081", "26093"]].tolist() == [
        "GROCERY > FRZN ICE > ICE - CRUSHED/CUBED",
        "MISCELLANEOUS",
        "PASTRY > BREAD > BREAD:ITALIAN/FRENCH",
    ]


def test_journey_source_has_its_published_rows() -> None:
    rows = {
        name: len(read_table(name))
        for name in (
            "transactions",
            "products",
            "campaign_descriptions",
            "campaigns",
            "coupon_redemptions",
        )
    }
    assert rows == {
        "transactions": 1_469_307,
        "products": 92_331,
        "campaign_descriptions": 27,
        "campaigns": 6_589,
        "coupon_redemptions": 2_102,
    }


@pytest.mark.parametrize(
    ("time_zone", "on_a_basket_day"), [(NEW_YORK, 2_102), ("UTC", 1_869)]
)
def test_journey_redemptions_fall_on_days_with_a_basket_in_new_york(
    journey_tables: Tables, time_zone: str, on_a_basket_day: int
) -> None:
    orders = journey_tables["ods_trd_order"]
    local = orders["ordered_at"].dt.tz_convert(time_zone)
    basket_days = set(zip(orders["customer_id"], local.dt.date, strict=True))
    redemptions = read_table("coupon_redemptions")
    days = zip(
        redemptions["household_id"].astype(str),
        redemptions["redemption_date"].dt.date,
        strict=True,
    )
    assert sum(day in basket_days for day in days) == on_a_basket_day


def test_journey_campaigns_and_touches_meet_published_figures(
    journey_tables: Tables,
) -> None:
    campaigns = journey_tables["ods_prm_campaign"]
    touches = journey_tables["ods_prm_touch"]
    assert campaigns["campaign_id"].is_unique
    assert campaigns["strategy_code"].value_counts().to_dict() == {
        "type_a": 4,
        "type_b": 17,
        "type_c": 6,
    }
    assert len(touches) == 6_589
    assert touches["touch_id"].is_unique
    dated = touches.merge(campaigns, on="campaign_id")
    assert dated["touched_at"].equals(dated["started_at"])
    customers = set(journey_tables["ods_cst_customer"]["customer_id"])
    assert set(touches["customer_id"]) <= customers
    assert "is_control" not in touches


def test_journey_touch_carries_its_first_redemption(
    journey_tables: Tables,
) -> None:
    touches = journey_tables["ods_prm_touch"]
    campaigns = journey_tables["ods_prm_campaign"]
    redeemed = touches.dropna(subset="redeemed_at").merge(campaigns)
    assert len(redeemed) == 792
    assert redeemed["redeemed_at"].ge(redeemed["started_at"]).all()
    assert redeemed["redeemed_at"].le(redeemed["ended_at"]).all()

    redemptions = read_table("coupon_redemptions")
    first = {
        f"{row.campaign_id}-{row.household_id}": row.redemption_date
        for row in redemptions.sort_values(
            "redemption_date", ascending=False
        ).itertuples()
    }
    store_time = redeemed["redeemed_at"].dt.tz_convert(NEW_YORK)
    assert (
        dict(
            zip(
                redeemed["touch_id"],
                store_time.dt.tz_localize(None),
                strict=True,
            )
        )
        == first
    )


def test_journey_discount_is_what_sales_value_has_lost(
    journey_tables: Tables,
) -> None:
    """Amount + discount is the shelf price; a coupon is not taken off.

    Shelf price: the commonest price, discounts added back, at which the same
    store sold one piece of the product without a coupon in the same week.
    """
    columns = ["sales_value", "retail_disc", "coupon_match_disc"]
    lines = read_table("transactions").query("quantity == 1")
    lines["before_discount"] = lines[columns].sum(axis=1).round(2)
    offer = ["product_id", "store_id", "week"]
    with_coupon = lines[lines["coupon_disc"] > 0]
    shelf = (
        lines.query("coupon_disc == 0 and coupon_match_disc == 0")
        .merge(with_coupon[offer].drop_duplicates())
        .groupby(offer)["before_discount"]
        .agg(lambda prices: prices.mode().iloc[0])
        .rename("shelf_price")
    )
    sold = with_coupon.join(shelf, on=offer, how="inner")
    agrees = sold["before_discount"] == sold["shelf_price"]
    assert len(sold) == 450
    assert agrees.sum() == 445
    assert agrees[sold["coupon_match_disc"] > 0].all()
    with_coupon_back = (sold["before_discount"] + sold["coupon_disc"]).round(2)
    assert not with_coupon_back.eq(sold["shelf_price"]).any()

    discounts = journey_tables["ods_trd_order"]["discount_amount"]
    assert total(discounts) == Decimal("796193.29")


def test_other_figures_that_the_readmes_state(
    cdnow_tables: Tables, journey_tables: Tables
) -> None:
    purchases = cdnow_tables["ods_trd_order"]
    baskets = journey_tables["ods_trd_order"]
    touches = journey_tables["ods_prm_touch"]
    households = journey_tables["ods_cst_customer"]
    redemptions = read_table("coupon_redemptions").merge(
        read_table("campaign_descriptions")
    )
    registered = touches.merge(households, on="customer_id")["registered_at"]
    figures = {
        "purchases beside another one of the day": purchases.duplicated(
            ["customer_id", "ordered_at"]
        ).sum(),
        "purchases for nothing": purchases["order_amount"].eq(0).sum(),
        "baskets for nothing": baskets["order_amount"].eq(0).sum(),
        "households touched": touches["customer_id"].nunique(),
        "touched before the first basket": touches["touched_at"]
        .lt(registered)
        .sum(),
        "redeemed outside the campaign": (
            ~redemptions["redemption_date"].between(
                redemptions["start_date"], redemptions["end_date"]
            )
        ).sum(),
        "manufacturers' coupons in cents": read_table("transactions")[
            "coupon_disc"
        ]
        .mul(100)
        .round()
        .sum(),
        "households with demographics": len(read_table("demographics")),
    }
    assert figures == {
        "purchases beside another one of the day": 2_068,
        "purchases for nothing": 80,
        "baskets for nothing": 478,
        "households touched": 1_559,
        "touched before the first basket": 165,
        "redeemed outside the campaign": 0,
        "manufacturers' coupons in cents": 26_359_90,
        "households with demographics": 801,
    }


# The warehouse against the logs


class Example(NamedTuple):
    """An example as built, beside its purchases as the package has them."""

    purchases: pd.DataFrame  # customer_id, date, cents: one row per purchase
    segmentation: pd.DataFrame  # customer x snapshot date, amounts in cents
    rows_read: set[tuple[str, str, int]]  # source, status, rows
    contradictions: dict[str, int]  # claim, rows against it
    shares_back: list[tuple]  # score, customers, share back in 90 days
    output: str


def cdnow_purchases() -> pd.DataFrame:
    log = read_log()
    return pd.DataFrame(
        {
            "customer_id": log["customer_id"],
            "date": pd.to_datetime(log["date"]),
            "cents": log["dollar_value"].map(Decimal).mul(100).astype(int),
        }
    )


def journey_purchases() -> pd.DataFrame:
    lines = read_table("transactions")
    lines["cents"] = lines["sales_value"].mul(100).round().astype(int)
    utc = lines["transaction_timestamp"].dt.tz_localize("UTC")
    store_time = utc.dt.tz_convert(NEW_YORK).dt.tz_localize(None)
    lines["date"] = store_time.dt.normalize()
    lines["customer_id"] = lines["household_id"].astype(str)
    basket = ["customer_id", "date", "basket_id"]
    return lines.groupby(basket, as_index=False)["cents"].sum()


SEGMENTATION = """
    select
        customer_id,
        cast(snapshot_date as timestamp) as snapshot_date,
        is_current,
        recency_days,
        frequency,
        cast(monetary_amount * 100 as bigint) as monetary_cents,
        cast(first_order_date as timestamp) as first_order_date,
        cast(last_order_date as timestamp) as last_order_date,
        lifetime_order_count,
        cast(lifetime_net_amount * 100 as bigint) as lifetime_net_cents,
        r_score,
        f_score,
        m_score,
        lifecycle_stage
    from cst_dws.dws_cst_segmentation
"""

ROWS_READ = """
    select source_name, row_status, row_count
    from cst_ads.ads_cst_data_quality
    where row_status != 'flagged'
"""


def test_the_project_parses_with_two_sources() -> None:
    """The builds below are parsed with all of them, and run with a few."""
    warm_dbt.parse(common.ROOT, {
        "cst_use_sample_data": False, "cst_ods_path": "/any",
        "cst_enabled_sources": ["customer", "order"],
    })


def built_database(name: str) -> Path:
    """Its name is that of the catalog, one for all that is parsed once."""
    return common.WORK_DIR / "tested" / name / "cst.duckdb"


def build(name: str, purchases: pd.DataFrame, *options: str) -> Example:
    """Build as the make target does, but parsed once for both, then read the
    database."""
    parsed = warm_dbt.parse_project(
        {"cst_use_sample_data": False, "cst_ods_path": "/any"}
    )
    path = built_database(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    output = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(output),
    ):
        patch.setattr(common, "DBT", warm_dbt.command(parsed))
        patch.setattr(common, "database", built_database)
        patch.setattr(sys, "argv", [name, *options])
        runpy.run_module(f"examples.{name}", run_name="__main__")
    with duckdb.connect(str(path), read_only=True) as connection:
        return Example(
            purchases=purchases,
            segmentation=connection.sql(SEGMENTATION).df(),
            rows_read=set(connection.sql(ROWS_READ).fetchall()),
            contradictions=contradictions(connection),
            shares_back=shares_back(connection),
            output=output.getvalue(),
        )


@pytest.fixture(scope="module")
def cdnow() -> Example:
    return build("cdnow", cdnow_purchases())


@pytest.fixture(scope="module")
def complete_journey() -> Example:
    # With its 1.5 million lines: `make test-shops`.
    return build("complete_journey", journey_purchases(), "--without-lines")


def expected_rfm(purchases: pd.DataFrame, snapshot: str) -> pd.DataFrame:
    """Every customer that bought by the end of the snapshot date."""
    date = pd.Timestamp(snapshot)
    known = purchases[purchases["date"] <= date]
    rows = known.groupby("customer_id").agg(
        first_order_date=("date", "min"),
        last_order_date=("date", "max"),
        lifetime_order_count=("date", "size"),
        lifetime_net_cents=("cents", "sum"),
    )
    in_window = known[known["date"] > date - WINDOW].groupby("customer_id")
    frequency = in_window.size().reindex(rows.index, fill_value=0)
    monetary = in_window["cents"].sum().reindex(rows.index, fill_value=0)
    recency = (date - rows["last_order_date"]).dt.days
    since_first = (date - rows["first_order_date"]).dt.days
    is_buyer = frequency > 0
    r_score = recency_scores(recency, rhythm_days(purchases, date))
    return rows.assign(
        recency_days=recency,
        frequency=frequency,
        monetary_cents=monetary,
        r_score=r_score,
        f_score=rank_scores(frequency, is_buyer, Fraction(0)),
        m_score=rank_scores(monetary, is_buyer, Fraction(1, 2)),
        lifecycle_stage=lifecycle_stages(r_score, since_first),
    )


def built_rfm(example: Example, snapshot: str) -> pd.DataFrame:
    """The rows of one snapshot date."""
    rows = example.segmentation
    of_date = rows[rows["snapshot_date"] == pd.Timestamp(snapshot)]
    return of_date.set_index("customer_id")


def month_ends(first: str, last: str) -> list[str]:
    """Last days of the months as text."""
    return pd.date_range(first, last, freq="ME").strftime("%Y-%m-%d").tolist()


# Both logs end with a month, so the as-of date is the last of these.
CDNOW_SNAPSHOTS = month_ends("1997-01-01", "1998-06-30")
JOURNEY_SNAPSHOTS = month_ends("2017-01-01", "2017-12-31")


@pytest.mark.parametrize(
    ("fixture", "snapshot"),
    [("cdnow", date) for date in CDNOW_SNAPSHOTS]
    + [("complete_journey", date) for date in JOURNEY_SNAPSHOTS],
)
def test_rfm_of_every_customer_follows_the_definitions(
    request: pytest.FixtureRequest, fixture: str, snapshot: str
) -> None:
    example = request.getfixturevalue(fixture)
    expected = expected_rfm(example.purchases, snapshot)
    built = built_rfm(example, snapshot)[expected.columns]
    pd.testing.assert_frame_equal(
        built.sort_index(), expected.sort_index(), check_dtype=False
    )


def test_cdnow_comparison_holds_customers_of_every_kind() -> None:
    """Else the comparison above would say nothing about the hard cases."""
    purchases = cdnow_purchases()
    date = pd.Timestamp("1998-06-30")
    by_customer = purchases.groupby("customer_id")
    count = by_customer.size()
    last_date = by_customer["date"].max()
    twins = purchases[purchases.duplicated(keep=False)]
    customers_of_kind = {
        "one purchase": count.eq(1).sum(),
        "more than a hundred purchases": count.gt(100).sum(),
        "identical purchases": twins["customer_id"].nunique(),
        "nothing ever paid": by_customer["cents"].sum().eq(0).sum(),
        "bought on the snapshot date": last_date.eq(date).sum(),
        "last bought on the first day inside the window": last_date.eq(
            date - WINDOW + pd.Timedelta(days=1)
        ).sum(),
        "last bought on the last day outside": last_date.eq(
            date - WINDOW
        ).sum(),
        "gone for more than a year": last_date.lt(date - WINDOW).sum(),
    }
    assert customers_of_kind == {
        "one purchase": 11_908,
        "more than a hundred purchases": 8,
        "identical purchases": 164,
        "nothing ever paid": 68,
        "bought on the snapshot date": 55,
        "last bought on the first day inside the window": 20,
        "last bought on the last day outside": 18,
        "gone for more than a year": 15_220,
    }


@pytest.mark.parametrize(
    ("fixture", "snapshot", "customer_id", "recency", "frequency", "cents"),
    [
        # one purchase, on 1997-01-01: in the window, then out of it
        ("cdnow", "1997-12-31", "00001", 364, 1, 1177),
        ("cdnow", "1998-01-31", "00001", 395, 0, 0),
        # two purchases in one day
        ("cdnow", "1997-01-31", "00002", 19, 2, 12_00 + 77_00),
        # three of six purchases in the window
        ("cdnow", "1998-06-30", "00003", 33, 3, 57_45 + 20_96 + 16_99),
        # last purchase 364 days before, and 365 days before
        ("cdnow", "1998-06-30", "00421", 364, 1, 124_29),
        ("cdnow", "1998-06-30", "01100", 365, 0, 0),
        # a purchase that cost nothing
        ("cdnow", "1997-01-31", "00455", 29, 1, 0),
        # the last basket is of 1 July in UTC, of 30 June in the store
        (
            *("complete_journey", "2017-06-30", "1033", 0, 5),
            107_13 + 16_53 + 30_02 + 84_25 + 57_52,
        ),
        # of 27 October in UTC, of the 26th in the store
        ("complete_journey", "2017-12-31", "90", 66, 2, 84_24 + 63_88),
    ],
)
def test_customers_as_counted_by_hand(
    request: pytest.FixtureRequest,
    fixture: str,
    snapshot: str,
    customer_id: str,
    recency: int,
    frequency: int,
    cents: int,
) -> None:
    row = built_rfm(request.getfixturevalue(fixture), snapshot).loc[customer_id]
    assert row["recency_days"] == recency
    assert row["frequency"] == frequency
    assert row["monetary_cents"] == cents


@pytest.mark.parametrize("fixture", ["cdnow", "complete_journey"])
def test_no_row_contradicts_itself(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    assert request.getfixturevalue(fixture).contradictions == {}


@pytest.mark.parametrize("fixture", ["cdnow", "complete_journey"])
def test_better_recency_comes_back_more_often(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    rows = request.getfixturevalue(fixture).shares_back
    shares = [share for _, _, share in rows]
    assert [score for score, _, _ in rows] == [1, 2, 3, 4, 5]
    assert shares == sorted(shares), rows


@pytest.mark.parametrize(
    ("fixture", "snapshots", "customer_count", "order_count"),
    [
        ("cdnow", CDNOW_SNAPSHOTS, 23_570, 69_659),
        ("complete_journey", JOURNEY_SNAPSHOTS, 2_469, 155_848),
    ],
    ids=["cdnow", "complete_journey"],
)
def test_warehouse_holds_the_whole_log_at_every_month_end(
    request: pytest.FixtureRequest,
    fixture: str,
    snapshots: list[str],
    customer_count: int,
    order_count: int,
) -> None:
    example = request.getfixturevalue(fixture)
    rows = example.segmentation
    assert not rows.duplicated(["customer_id", "snapshot_date"]).any()
    dates = rows["snapshot_date"].dt.strftime("%Y-%m-%d")
    assert sorted(set(dates)) == snapshots

    newest = rows[rows["is_current"]]
    assert set(dates[rows["is_current"]]) == {snapshots[-1]}
    assert len(newest) == customer_count
    assert newest["lifetime_order_count"].sum() == order_count
    log_cents = example.purchases["cents"].sum()
    assert newest["lifetime_net_cents"].sum() == log_cents


@pytest.mark.parametrize(
    ("fixture", "rows_read"),
    [
        ("cdnow", {"customer": 23_570, "order": 69_659}),
        (
            "complete_journey",
            {
                "customer": 2_469,
                "order": 155_848,
                "campaign": 27,
                "touch": 6_589,
            },
        ),
    ],
)
def test_every_row_is_accepted(
    request: pytest.FixtureRequest, fixture: str, rows_read: dict[str, int]
) -> None:
    assert request.getfixturevalue(fixture).rows_read == {
        (source, "accepted", rows) for source, rows in rows_read.items()
    }


@pytest.mark.parametrize(
    ("fixture", "figures"),
    [
        ("cdnow", ["23570", "69659", "2500315.63", "18"]),
        ("complete_journey", ["2469", "155848", "4596039.58", "12"]),
    ],
)
def test_summary_shows_the_totals(
    request: pytest.FixtureRequest, fixture: str, figures: list[str]
) -> None:
    summary = request.getfixturevalue(fixture).output
    totals = summary.split("Totals")[1].split("Segments")[0].split()
    assert set(figures) <= set(totals)
    assert "Lifetime value" in summary



# The overview


@pytest.fixture(scope="module")
def receipts() -> pd.DataFrame:
    return read_receipts()


@pytest.mark.parametrize("cut", ["total", "shop"])
@pytest.mark.parametrize("period_type", PERIODS)
def test_journey_overview_is_that_of_the_receipts(
    complete_journey: Example, receipts: pd.DataFrame, period_type: str,
    cut: str,
) -> None:
    """`make test-shops` compares units and departments as well."""
    expected = of_receipts(receipts, period_type, cut)
    found = of_overview(
        built_database("complete_journey"), period_type, cut
    )
    assert found["units"].isna().all()
    columns = ["buyer_count", "order_count", "cents"]
    assert found[columns].equals(expected[columns])
    assert found["cents"].sum() == 4_596_039_58
