"""What holds in any shop, asked of the public tables alone.

A check takes a connection to a built database and returns the rows that break
it, in a form that a person can follow up; none is good.
"""

from pathlib import Path

import duckdb

# The parts of a change, and what else is an amount, beside each customer.
PARTS = ("realized", "time", "outlook", "horizon", "refit")
AMOUNTS = (
    "historic_ltv_amount",
    "predicted_ltv_amount",
    "ltv_amount",
    "expected_order_amount",
)
LTV = "cst_ads.ads_cst_ltv"
SEGMENTATION = "cst_dws.dws_cst_segmentation"
BACKTEST = "cst_ads.ads_cst_ltv_backtest"
# In three months, who was seen once more has come back.
COMES_BACK = f"""
    select
        known.snapshot_date,
        known.r_score,
        later.last_order_date > known.snapshot_date as is_back
    from {SEGMENTATION} as known
    inner join {SEGMENTATION} as later
        on
            known.customer_id = later.customer_id
            and later.snapshot_date
            = last_day(known.snapshot_date + interval 3 month)
    where known.r_score is not null and later.last_order_date is not null
"""


def rows(database: Path, sql: str, *values) -> list[tuple]:
    """The rows of a query."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql, list(values)).fetchall()


def both(one: Path, other: Path, sql: str) -> list[tuple]:
    """The rows of a query over two databases, `one` and `other`."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        return connection.execute(sql).fetchall()


# -- one build --------------------------------------------------------------


def parts_do_not_add_up(database: Path) -> list[tuple]:
    """Customers whose five parts are not the change, to the cent."""
    parts = [f"ltv_{part}_change_amount" for part in PARTS]
    return rows(database, f"""
        select customer_id, snapshot_date, ltv_change_amount, {", ".join(parts)}
        from {LTV}
        where ltv_change_amount is distinct from {" + ".join(parts)}
        order by all limit 20
    """)


def changes_do_not_lead_on(database: Path) -> list[tuple]:
    """A change is the difference of the two values, and is there with both."""
    return rows(database, f"""
        select customer_id, snapshot_date, before, ltv_amount, ltv_change_amount
        from (
            select *, lag(ltv_amount) over (
                partition by customer_id order by snapshot_date
            ) as before
            from {LTV}
        )
        where ltv_change_amount is distinct from ltv_amount - before
        order by all limit 20
    """)


def impossible_predictions(database: Path) -> list[tuple]:
    """Nothing expected is negative or endless, and no p is outside 0 to 1."""
    numbers = [
        *AMOUNTS, "expected_purchase_count", "p_alive",
    ]
    broken = " or ".join(
        f"not coalesce(isfinite(cast({name} as double)) and {name} >= 0, true)"
        for name in numbers
    )
    return rows(database, f"""
        select customer_id, snapshot_date, ltv_method, {", ".join(numbers)}
        from {LTV}
        where {broken} or p_alive > 1
        order by all limit 20
    """)


def p_alive_without_reason(database: Path) -> list[tuple]:
    """p_alive or the reason why there is none; it says nothing of who bought
    once, and something of who bought on two days or more."""
    return rows(database, f"""
        select
            customer_id, snapshot_date, ltv_method, p_alive, p_alive_reason,
            lifetime_order_count
        from {LTV}
        inner join {SEGMENTATION} using (customer_id, snapshot_date)
        where
            (p_alive is null) != (p_alive_reason is not null)
            or (p_alive is not null and ltv_method != 'bgnbd')
            or (p_alive is not null and lifetime_order_count < 2)
            or (
                ltv_method = 'bgnbd' and p_alive is null
                and p_alive_reason != 'one_purchase'
            )
            or (
                p_alive_reason = 'one_purchase'
                and first_order_date != last_order_date
            )
        order by all limit 20
    """)


def lost_more_alive_than_champions(database: Path) -> list[tuple]:
    """Snapshots where the mean p_alive of `lost` is not below that of
    `champions`."""
    return rows(database, f"""
        select
            snapshot_date,
            avg(p_alive) filter (where segment_code = 'lost') as lost,
            avg(p_alive) filter (where segment_code = 'champions') as champions
        from {LTV}
        group by snapshot_date
        having lost >= champions
        order by all
    """)


def can_compare_lost_and_champions(database: Path) -> int:
    """Snapshots on which the check before this one has something to say."""
    return rows(database, f"""
        select count(*) from (
            select snapshot_date from {LTV}
            where p_alive is not null
            group by snapshot_date
            having
                count(*) filter (where segment_code = 'lost') > 0
                and count(*) filter (where segment_code = 'champions') > 0
        )
    """)[0][0]


def rows_that_contradict_themselves(database: Path) -> list[tuple]:
    """Segment, stage, score and dates of one customer say the same."""
    return rows(database, f"""
        select
            customer_id, snapshot_date, segment_code, lifecycle_stage, r_score,
            f_score, m_score, recency_days, frequency, tenure_days
        from {SEGMENTATION}
        where
            (lifecycle_stage = 'lapsed') != (segment_code = 'lost')
            or (lifecycle_stage = 'prospect') != (segment_code = 'prospect')
            or (lifecycle_stage = 'dormant') != (
                segment_code in ('at_risk', 'cannot_lose', 'hibernating')
            )
            or (r_score = 1 and segment_code != 'lost')
            or (segment_code = 'new_customer' and lifecycle_stage != 'new')
            or (segment_code = 'champions' and r_score < 5)
            or (lifecycle_stage = 'new' and r_score < 3)
            or (first_order_date is null) != (segment_code = 'prospect')
            or recency_days < 0 or recency_days > tenure_days
        order by all limit 20
    """)


def scores_against_their_numbers(database: Path) -> list[tuple]:
    """Who is more recent, frequent or valuable never has the lower score."""
    wrong = []
    for score, number, sign in (
        ("r_score", "recency_days", "-"),
        ("f_score", "frequency", ""),
        ("m_score", "monetary_amount", ""),
    ):
        wrong += rows(database, f"""
            select '{score}', snapshot_date, {number}, {score}, better
            from (
                select *, max({score}) over (
                    partition by snapshot_date order by {sign}{number}
                ) as better
                from {SEGMENTATION}
                where {score} is not null
            )
            where {score} < better
            order by all limit 5
        """)
    return wrong


def time_lifts(database: Path) -> list[tuple]:
    """Nobody rises by the passing of time, and who did nothing has not acted:
    others have fallen, or the data were corrected. A refund may make somebody
    new again."""
    return rows(database, f"""
        select
            customer_id, snapshot_date, previous_segment_code, segment_code,
            movement, movement_cause, new_order_count, new_refund_amount
        from {SEGMENTATION}
        where
            movement in ('up', 'reactivated')
            and (
                movement_cause = 'time_passed'
                or new_order_count = 0 and new_refund_amount = 0
                and movement_cause not in ('cut_points_moved', 'data_corrected')
            )
        order by all limit 20
    """)


def comes_back(database: Path, snapshot: str | None = None) -> dict[int, float]:
    """Share of customers of each R, best first, that bought again within three
    months: on one date, or on all that are followed for so long."""
    where = f"where snapshot_date = date '{snapshot}'" if snapshot else ""
    return dict(rows(database, f"""
        select r_score, avg(cast(is_back as integer))
        from ({COMES_BACK})
        {where}
        group by r_score
        order by r_score desc
    """))


def is_falling(shares: dict[int, float]) -> bool:
    """Whether each score's customers come back more than those of the next."""
    values = list(shares.values())
    return all(more > less for more, less in zip(values, values[1:]))


def buyers_by_p_alive(database: Path, snapshot: str) -> list[tuple]:
    """Decile, mean p_alive, share that bought in the horizon and customers."""
    return rows(database, f"""
        select
            cast(group_code as integer), mean_p_alive, buyer_share,
            customer_count
        from {BACKTEST}
        where
            group_type = 'p_alive_decile' and not is_naive
            and snapshot_date = date '{snapshot}'
        order by 1
    """)


def level_and_error(database: Path, snapshot: str) -> dict[str, tuple]:
    """|bias| of purchases and amounts and the two errors per customer, of the
    published forecast and of the past rate."""
    return dict(rows(database, f"""
        select
            case when is_naive then forecast_code else 'published' end,
            struct_pack(
                purchase_bias := abs(purchase_bias),
                purchase_error := mean_absolute_error_count,
                amount_bias := abs(amount_bias),
                amount_error := cast(mean_absolute_error_amount as double)
            )
        from {BACKTEST}
        where
            group_type = 'total' and snapshot_date = date '{snapshot}'
            and forecast_code != 'past_spend'
    """))


# -- two builds -------------------------------------------------------------


def other_methods(one: Path, other: Path, but: str = "") -> list[tuple]:
    """Customers whose method, reason or whose having one depends on which of
    two builds it is; one customer may be left out."""
    columns = "customer_id, snapshot_date, ltv_method, ltv_method_reason"
    query = f"select {columns} from {{}}.{LTV} where customer_id != '{but}'"
    here, there = query.format("one"), query.format("other")
    return both(one, other, f"""
        ({here} except all {there}) union all ({there} except all {here})
        order by all limit 20
    """)


def other_segments(one: Path, other: Path) -> list[tuple]:
    """Customers whose segment or a score differs between two builds."""
    columns = (
        "customer_id, snapshot_date, segment_code, r_score, f_score, m_score, "
        "value_tier, lifecycle_stage, movement, movement_cause"
    )
    query = f"select {columns} from {{}}.{SEGMENTATION}"
    here, there = query.format("one"), query.format("other")
    return both(one, other, f"""
        ({here} except all {there}) union all ({there} except all {here})
        order by all limit 20
    """)


def amounts_out_of_proportion(one: Path, other: Path, k: int) -> list[tuple]:
    """Amounts of the second build that are not k times those of the first.

    A published amount is up to half a cent off, so k times it is up to k
    halves; the second's own half cent, and the last digits of a fit, are far
    within k cents. The parts of a change are differences of up to four
    published amounts: twice as much.
    """
    tolerance = {name: f"{k} * 0.01" for name in AMOUNTS}
    for part in PARTS:
        tolerance[f"ltv_{part}_change_amount"] = f"2 * {k} * 0.01"
    wrong = []
    for name, off in tolerance.items():
        wrong += both(one, other, f"""
            select
                '{name}', one.customer_id, one.snapshot_date, one.ltv_method,
                one.{name}, other.{name}
            from one.{LTV} as one
            inner join other.{LTV} as other using (customer_id, snapshot_date)
            where not coalesce(
                abs(other.{name} - {k} * one.{name}) <= {off},
                one.{name} is null and other.{name} is null
            )
            order by abs(other.{name} - {k} * one.{name}) desc limit 5
        """)
    return wrong


def champions_lost_by_buying(before: Path, sale: Path) -> list[tuple]:
    """Who is no champion on the sale day, bought on it, and would be one had
    there been no sale."""
    return both(before, sale, f"""
        select
            one.customer_id, one.r_score, one.f_score, one.m_score,
            other.segment_code, other.r_score, other.f_score, other.m_score
        from one.{SEGMENTATION} as one
        inner join other.{SEGMENTATION} as other
            using (customer_id, snapshot_date)
        where
            one.is_current and other.recency_days = 0
            and one.segment_code = 'champions'
            and other.segment_code != 'champions'
        order by all limit 20
    """)


def other_rows(one: Path, other: Path) -> dict[str, int]:
    """Public tables with rows that are in one build only, and how many."""
    tables = [name for (name,) in both(one, other, """
        select distinct table_schema || '.' || table_name
        from information_schema.tables
        where table_schema in ('cst_dim', 'cst_dwd', 'cst_dws', 'cst_ads')
        order by all
    """)]
    # Rows of seeds are called the sample, those of files are not.
    columns = "columns(lambda name: name != 'is_sample')"
    found = {}
    for table in tables:
        here = f"select {columns} from one.{table}"
        there = f"select {columns} from other.{table}"
        ((count,),) = both(one, other, f"""
            select count(*) from (
                ({here} except all {there}) union all
                ({there} except all {here})
            )
        """)
        if count:
            found[table] = count
    return found


ALONE = (
    parts_do_not_add_up,
    changes_do_not_lead_on,
    impossible_predictions,
    p_alive_without_reason,
    lost_more_alive_than_champions,
    rows_that_contradict_themselves,
    scores_against_their_numbers,
    time_lifts,
)
