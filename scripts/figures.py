"""The figures that pages quote, by name; `scripts.write_figures` writes them.

PLANTED is text from the generator, QUERIES are asked of the built sample. A
result of one row and one column is written as it is, any other as a table under
the names of its columns.
"""

from datetime import UTC, timedelta

from scripts.holdout_size import company_table, found_table, needed_table
from simulation.sample.cases import cases_markdown
from simulation.sample.goods import CATALOG
from simulation.sample.plausible import read_measures
from simulation.sample.truths import planted_effects
from simulation.sample.world import World

WORLD = World()
BROKEN_CAMPAIGN = f"K{WORLD.broken_month_end:%Y%m}-win_back"
PROMOTION_CAMPAIGN = f"K{WORLD.promotion_month_end:%Y%m}-mass_promotion"
ARMS_CAMPAIGN = f"K{WORLD.arms_month_end:%Y%m}-activation"
FIRST_CAMPAIGN = f"K{WORLD.first_campaign_month_end:%Y%m}-wake_up"
EXTRACTED_AT = f"timestamp '{WORLD.extracted_at.astimezone(UTC):%F %T}'"

# Share of all orders that never become a purchase.
UNPAID_SHARE = WORLD.cancelled_share + WORLD.unpaid_share

ORDERS_CAUSED = ", ".join(
    f"{kind} {mean}" for kind, mean in WORLD.uplift.items()
)
ARMS_CAUSED = ", ".join(f"{arm} {mean}" for arm, mean in WORLD.arms.items())

RETURNED = ", ".join(
    f"{name} {it.returned:.1%}".replace(".0%", "%")
    for name, it in CATALOG.items()
)

PLANTED_TABLE = f"""\
| planted | value |
|---|---|
| customers | {WORLD.customers} |
| customers who never buy | {WORLD.prospect_share:.0%} |
| BG/NBD, in weeks | r {WORLD.rate_shape}, alpha {WORLD.rate_weeks}, \
a {WORLD.leave_a}, b {WORLD.leave_b} |
| Gamma-Gamma, in CNY | p {WORLD.amount_p}, q {WORLD.amount_q}, \
gamma {WORLD.amount_gamma} |
| orders cancelled or never paid | {UNPAID_SHARE:.0%} |
| registrations in a year, of the year before | {1 + WORLD.growth:.0%} |
| lines that come back | {RETURNED} |
| orders with a ticket | {WORLD.order_ticket_share:.0%} |
| customers with another ticket | {WORLD.other_ticket_share:.0%} |
| after a low rating, of the purchases due there happen | \
{WORLD.low_csat_order_share:.0%}, for {WORLD.low_csat_days} days |
| orders that a contact causes | {ORDERS_CAUSED} |
| the same of the campaign with arms | {ARMS_CAUSED} |
| control group of the campaign with arms, of the sale | \
{WORLD.arms_control_share:.0%}, {WORLD.promotion_control_share:.0%} |
| control group of the broken campaign, as it says and as it is | \
{WORLD.broken_control_share:.0%}, {WORLD.broken_share:.0%} |
| days of events | {WORLD.event_days} |"""

PLANTED = {
    "order_span": f"{WORLD.first_date} to {WORLD.extracted_at:%Y-%m-%d %H:%M}",
    "newest_date": f"{WORLD.extracted_at.date() - timedelta(days=1)}",
    "planted": PLANTED_TABLE,
    "lists_since": f"{WORLD.lists_since}",
    "first_campaign": f"`{FIRST_CAMPAIGN}`",
    "arms_campaign": f"`{ARMS_CAMPAIGN}`",
    "promotion_campaign": f"`{PROMOTION_CAMPAIGN}`",
    "broken_campaign": f"`{BROKEN_CAMPAIGN}`",
    "ugly_cases": cases_markdown().rstrip(),
    "holdout_found": found_table(),
    "holdout_needed": needed_table(),
    "holdout_companies": company_table(),
}

BASE_MODELS = {
    "ods_cst_customer": ("base_cst__customers", "customer_id"),
    "ods_trd_order": ("base_trd__orders", "order_id"),
    "ods_trd_order_item": ("base_trd__order_items", "item_id"),
    "ods_trd_refund": ("base_trd__refunds", "refund_id"),
    "ods_prd_product": ("base_prd__products", "product_id"),
    "ods_fin_exchange_rate": ("base_fin__exchange_rates", "rate_key"),
    "ods_log_event": ("base_log__events", "event_id"),
    "ods_svc_ticket": ("base_svc__tickets", "ticket_id"),
    "ods_prm_campaign": ("base_prm__campaigns", "campaign_id"),
    "ods_prm_touch": ("base_prm__touches", "touch_id"),
}

EFFECTS = planted_effects(WORLD)

# The customer who goes once around the loop, and the snapshots shown.
LOOP_CUSTOMER = "C00138"
LOOP_DATES = ", ".join(
    f"date '{it}'" for it in (
        "2024-10-31", "2024-12-31", "2025-01-31", "2025-02-28", "2025-04-30",
        "2025-11-30", "2025-12-31",
    )
)
IN_LOOP = f"customer_id = '{LOOP_CUSTOMER}' and snapshot_date in ({LOOP_DATES})"


def words(column: str) -> str:
    """SQL for the words of a code."""
    return f"""coalesce((
            select codes.code_name_en
            from cst_dim.dim_cst_code as codes
            where
                codes.code_type = '{column.split(".")[-1]}'
                and codes.code = {column}
        ), '–')"""


QUERIES = {
    "source_rows": " union all ".join(
        f"""
        select
            '{table}' as "table",
            count(*) as rows,
            count(distinct {key}) as "distinct keys",
            count(*) filter (where row_status = 'accepted') as accepted,
            count(*) filter (where row_status = 'superseded') as superseded,
            count(*) filter (where row_status = 'rejected') as rejected
        from cst_staging.{model}
        """
        for table, (model, key) in BASE_MODELS.items()
    ),
    "planted_effects": f"""
        select
            planted.subject,
            planted.arm,
            planted.days,
            effects.treated_entries as treated,
            effects.holdout_entries as "held out",
            printf('%.3f', planted.caused / effects.treated_entries) as planted,
            coalesce(printf('%.3f', effects.uplift), '–') as estimate,
            coalesce(printf(
                '%.3f to %.3f', effects.uplift_low, effects.uplift_high
            ), '–') as "95 % interval",
            coalesce(effects.withheld_reason, '–') as withheld
        from (values {", ".join(str(tuple(it)) for it in EFFECTS)})
            as planted (scope, subject, arm, days, caused)
        inner join cst_ads.ads_cst_effect as effects
            on planted.scope = effects.scope_code
            and planted.subject = effects.subject_code
            and planted.arm = effects.arm_code
            and planted.days = effects.window_days
            and effects.measure_code = 'repurchase_rate'
            and effects.segment_code = 'all'
            and effects.period_code = case
                when planted.scope = 'strategy' then 'last_four_quarters'
                else 'all'
            end
        order by planted.scope desc, planted.subject, planted.arm
    """,
    "loop_segments": f"""
        select
            snapshot_date as "snapshot",
            segment_name_en as "segment",
            coalesce(rfm_code, '–') as RFM,
            coalesce(cast(value_score as varchar), '–') as "points",
            {words('value_tier')} as "value tier",
            lifetime_order_count as "orders",
            lifetime_net_amount as "net amount"
        from cst_dws.dws_cst_segmentation
        inner join cst_dim.dim_cst_segment using (segment_code)
        where {IN_LOOP}
        order by snapshot_date
    """,
    "loop_behavior": f"""
        select
            snapshot_date as "snapshot",
            coalesce(cast(session_count_30d as varchar), '–')
                as "sessions in 30 days",
            {words('engagement_level')} as "engagement",
            ticket_count_90d as "tickets in 90 days",
            coalesce(cast(csat_average_90d as varchar), '–') as CSAT,
            coalesce(cast(nps_90d as varchar), '–') as NPS,
            {words('satisfaction_level')} as "satisfaction"
        from cst_dws.dws_cst_behavior
        where {IN_LOOP}
        order by snapshot_date
    """,
    "loop_strategies": f"""
        select
            snapshot_date as "list",
            strategy_name_en as "strategy",
            assignment_reason_en as "reason"
        from cst_dws.dws_cst_retention
        inner join cst_dim.dim_cst_strategy using (strategy_code)
        where {IN_LOOP}
        order by snapshot_date
    """,
    "loop_contacts": f"""
        select
            contact_date as "contact",
            {words('contact_channel')} as "channel",
            campaign_name as "campaign",
            episode_status_en as "belongs to"
        from cst_dwd.dwd_prm_contact
        inner join cst_dim.dim_prm_campaign using (campaign_id)
        where customer_id = '{LOOP_CUSTOMER}' and not is_control
        order by contact_date
    """,
    "loop_outcomes": f"""
        select
            snapshot_date as "entry date",
            strategy_name_en as "strategy",
            coalesce(cast(days_to_repurchase as varchar), '–')
                as "bought after days",
            coalesce(cast(order_count_next_90d as varchar), '–')
                as "orders in 90 days",
            coalesce(cast(net_amount_next_90d as varchar), '–')
                as "net amount in 90 days"
        from cst_dws.dws_cst_retention
        inner join cst_dim.dim_cst_strategy using (strategy_code)
        where
            customer_id = '{LOOP_CUSTOMER}'
            and snapshot_date = episode_start_date
        order by snapshot_date
    """,
    "loop_effects": """
        select
            subject_name_en as "strategy",
            treated_entries as "treated",
            holdout_entries as "held out",
            coalesce(printf('%.1f %%', 100 * treated_mean), '–')
                as "rate",
            coalesce(printf('%.1f %%', 100 * holdout_mean), '–')
                as "rate of the held out",
            coalesce(printf(
                '%.1f to %.1f', 100 * uplift_low, 100 * uplift_high
            ), withheld_reason_en)
                as "uplift, 95 %, points"
        from cst_ads.ads_cst_effect
        where
            scope_code = 'strategy'
            and period_type = 'all'
            and segment_code = 'all'
            and window_days = 90
            and measure_code = 'repurchase_rate'
        order by subject_code
    """,
    "loop_value": f"""
        select
            snapshot_date as "snapshot",
            ltv_amount as LTV,
            coalesce(cast(ltv_change_amount as varchar), '–')
                as "change",
            coalesce(cast(ltv_realized_change_amount as varchar), '–')
                as "bought",
            {words('ltv_tier')} as "LTV tier"
        from cst_ads.ads_cst_ltv
        where {IN_LOOP} and predicted_ltv_amount is not null
        order by snapshot_date
    """,
    "loop_moved_by_behavior": """
        select printf(
            '%d',
            count(*) filter (where
                strategy_rule_id similar to
                '(dissatisfied|dormant|lapsed|active_high|new_high)_.*'
            )
        )
        from cst_dws.dws_cst_retention
    """,
    "loop_list": """
        select
            strategy_name_en as "strategy",
            count(*) as "assigned",
            count(*) filter (where is_contactable and not is_holdout)
                as "to contact",
            count(*) filter (where is_holdout) as "held out",
            count(*) filter (where not is_contactable and not is_holdout)
                as "suppressed"
        from cst_ads.ads_cst_audience
        where is_current
        group by all
        order by max(strategy_priority)
    """,
    "broken_holdout": f"""
        select printf(
            '%d of its %d', count(*) filter (where is_control), count(*)
        )
        from cst_staging.stg_prm__touches
        where campaign_id = '{BROKEN_CAMPAIGN}'
    """,
    "purchases_after_rating": f"""
        with tickets as (
            select
                tickets.csat_score <= 2 as is_low,
                count(orders.order_id) as purchase_count
            from cst_staging.stg_svc__tickets as tickets
            left join cst_staging.stg_trd__orders as orders
                on orders.customer_id = tickets.customer_id
                and orders.order_status in ('paid', 'shipped', 'completed')
                and orders.ordered_at > tickets.resolved_at
                and orders.ordered_at
                <= tickets.resolved_at + interval 90 day
            where
                tickets.ticket_id not like 'ugly-%'
                and tickets.csat_score is not null
                and tickets.resolved_at + interval 90 day
                <= {EXTRACTED_AT}
            group by tickets.ticket_id, tickets.csat_score
        )

        select printf(
            '%.2f purchases after %d low ratings, %.2f after %d others',
            avg(purchase_count) filter (where is_low),
            count(*) filter (where is_low),
            avg(purchase_count) filter (where not is_low),
            count(*) filter (where not is_low)
        )
        from tickets
    """,
    "plausible": " union all ".join(
        f"""
        select
            '{it.name.replace("'", "''")}' as measure,
            '{it.low:g} to {it.high:g}' as "range",
            printf('%.3g', ({it.sql})) as found,
            '{it.source.replace("'", "''")}' as source
        """
        for it in read_measures()
    ),
    "segmentation_rows": """
        select format('{:,}', count(*)) from cst_dws.dws_cst_segmentation
    """,
}

# docs/rfm.md follows one customer.
EXAMPLE = "customer_id = 'C01410'"
EXAMPLE_ROW = f"""
    from cst_dws.dws_cst_segmentation as segmentation
    inner join cst_dws.dws_cst_retention as retention
        using (customer_id, snapshot_date)
    inner join cst_intermediate.int_cst_snapshot_dates as snapshot_dates
        using (snapshot_date)
    where segmentation.{EXAMPLE} and snapshot_dates.is_current
"""


def example_name(kind: str, code: str) -> str:
    """A query for the English name of a segment or strategy of the example."""
    return f"""
        select names.{kind}_name_en
        from cst_dim.dim_cst_{kind} as names
        where names.{kind}_code = (select {code} {EXAMPLE_ROW})
    """


QUERIES |= {
    # The best score has no better one, and so no distance to it.
    f"example_{column}": f"""
        select coalesce(cast(segmentation.{column} as varchar), '–')
        {EXAMPLE_ROW}
    """
    for column in (
        "snapshot_date",
        "recency_days",
        "frequency",
        "monetary_amount",
        "r_worse_from_days",
        "r_better_below_days",
        "f_worse_up_to_count",
        "f_better_above_count",
        "m_worse_up_to_amount",
        "m_better_above_amount",
        "r_score",
        "f_score",
        "m_score",
        "r_gap_days",
        "f_gap_count",
        "m_gap_amount",
        "rfm_code",
        "segment_rule_id",
        "rfm_score",
        "value_score",
        "movement_cause",
    )
}
QUERIES |= {
    f"example_{column}": f"""
        select {words(f"segmentation.{column}")} {EXAMPLE_ROW}
    """
    for column in ("value_tier", "movement")
}
QUERIES |= {
    f"example_rhythm_{share}": f"""
        select cast(-rhythm.cut_point - 1 as integer)
        from cst_intermediate.int_cst_rfm_rhythm as rhythm
        where
            rhythm.score = {score}
            and rhythm.snapshot_date = (
                select segmentation.snapshot_date {EXAMPLE_ROW}
            )
    """
    for score, share in ((4, 50), (3, 75), (2, 90), (1, 97))
}
QUERIES |= {
    "example_rhythm_customers": f"""
        select max(rhythm.customer_count)
        from cst_intermediate.int_cst_rfm_rhythm as rhythm
        where rhythm.snapshot_date = (
            select segmentation.snapshot_date {EXAMPLE_ROW}
        )
    """,
    "example_orders": f"""
        select
            posted_date as "date",
            entry_type as "entry",
            gross_amount - refund_amount as "amount"
        from cst_intermediate.int_cst_ledger_entries
        where {EXAMPLE}
        order by posted_date
    """,
    "example_strategy_rule_id": f"select strategy_rule_id {EXAMPLE_ROW}",
    "example_segment": example_name("segment", "segmentation.segment_code"),
    "example_previous_segment": example_name(
        "segment", "segmentation.previous_segment_code"
    ),
    "example_recommended_strategy": example_name(
        "strategy", "retention.recommended_strategy_code"
    ),
    "example_strategy_in_force": example_name(
        "strategy", "retention.strategy_code"
    ),
    "example_m_score_at_previous_cut_points": f"""
        select scores.score_at_previous_cut_points
        from cst_intermediate.int_cst_rfm_scores as scores
        where
            scores.measure = 'monetary'
            and (scores.snapshot_date, scores.oriented_value) = (
                select (snapshot_date, segmentation.monetary_amount)
                {EXAMPLE_ROW}
            )
    """,
    "example_previous_m_worse_up_to_amount": f"""
        select previous.m_worse_up_to_amount
        from cst_dws.dws_cst_segmentation as previous
        where
            previous.{EXAMPLE}
            and previous.snapshot_date = (
                select snapshot_dates.previous_snapshot_date {EXAMPLE_ROW}
            )
    """,
    "purchase_calibration": """
        select
            horizon_days as "days",
            sum(customer_count) as "customers × snapshots",
            printf('%.1f %%', 100 * sum(expected_buyer_count)
                / sum(customer_count)) as "said to buy",
            printf('%.1f %%', 100 * sum(buyer_count) / sum(customer_count))
                as "bought",
            printf('%.3f', sum(brier_score * customer_count)
                / sum(customer_count)) as "Brier score",
            printf('%.2f to %.2f', min(auc), max(auc)) as "AUC by snapshot"
        from cst_ads.ads_cst_purchase_calibration
        where group_type = 'total'
        group by horizon_days
        order by horizon_days
    """,
}
