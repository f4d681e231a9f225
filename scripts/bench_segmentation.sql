-- The segmentation in one statement, as one would write it by hand for DuckDB:
-- what `make bench` holds int_cst_segmentation against. Vars at their defaults,
-- months, and nothing published.

with

dates as (

    select
        snapshot_date,
        previous_snapshot_date,
        min(snapshot_date) over () as first_date,
        max(snapshot_date) over () as last_date

    from cst_intermediate.int_cst_snapshot_dates

),

bounds as (select distinct first_date, last_date from dates),

first_seen as (

    select
        customer_id,
        min(seen_date) as seen_date

    from (
        select
            coalesce(surviving_customer_id, customers.customer_id)
                as customer_id,
            registered_date as seen_date
        from cst_staging.stg_cst__customers as customers
        left join cst_intermediate.int_cst_merged_customers
            using (customer_id)
        union all
        select customer_id, purchase_date
        from cst_intermediate.int_cst_purchases
    )

    group by customer_id

),

entries as (

    select
        customer_id,
        counted_date,
        is_entering,
        order_count,
        gross_amount - refund_amount as net_amount,
        refund_amount

    from cst_intermediate.int_cst_ledger_entries

    cross join lateral (
        values
        (posted_date, true),
        (greatest(posted_date, purchase_date + 365), false)
    ) as steps (counted_date, is_entering)

),

changes as (

    select
        customer_id,
        greatest(first_date, least(last_day(counted_date), last_date))
            as snapshot_date,
        sum(if(is_entering, order_count, 0)) as order_count,
        sum(if(is_entering, net_amount, 0)) as net_amount,
        sum(if(is_entering, order_count, -order_count)) as window_order_count,
        sum(if(is_entering, net_amount, -net_amount)) as window_net_amount,
        sum(if(is_entering and order_count > 0, order_count, 0)) as new_orders,
        sum(if(is_entering and order_count < 0, -order_count, 0))
            as new_full_refunds,
        sum(if(is_entering, refund_amount, 0)) as new_refund_amount

    from entries

    cross join bounds

    where counted_date <= last_date

    group by all

),

purchase_dates as (

    select
        customer_id,
        greatest(first_date, least(last_day(purchase_date), last_date))
            as snapshot_date,
        min(purchase_date) as first_date,
        max(purchase_date) as last_date,
        null as first_refunded_date,
        null as last_refunded_date
    from cst_intermediate.int_cst_purchases
    cross join bounds
    where fully_refunded_date is null and purchase_date <= last_date
    group by all

    union all

    select
        customer_id,
        snapshot_date,
        null,
        null,
        min(purchase_date),
        max(purchase_date)
    from cst_intermediate.int_cst_purchases
    inner join dates
        on purchase_date <= snapshot_date
        and fully_refunded_date > snapshot_date
    group by all

),

standing_dates as (

    select
        customer_id,
        snapshot_date,
        min(columns(* exclude (customer_id, snapshot_date, last_date,
            last_refunded_date))),
        max(columns(['last_date', 'last_refunded_date']))

    from purchase_dates

    group by all

),

totals as (

    select
        customer_id,
        snapshot_date,
        previous_snapshot_date,
        coalesce(sum(window_order_count) over to_date, 0)::bigint as frequency,
        coalesce(sum(window_net_amount) over to_date, 0)::decimal(24, 2)
            as monetary_amount,
        coalesce(sum(order_count) over to_date, 0)::bigint
            as lifetime_order_count,
        coalesce(sum(net_amount) over to_date, 0)::decimal(24, 2)
            as lifetime_net_amount,
        coalesce(new_orders, 0)::bigint as new_order_count,
        coalesce(new_full_refunds, 0)::bigint as new_full_refund_count,
        coalesce(new_refund_amount, 0)::decimal(24, 2) as new_refund_amount,
        least(
            min(standing_dates.first_date) over to_date, first_refunded_date
        ) as first_order_date,
        greatest(
            max(standing_dates.last_date) over to_date, last_refunded_date
        ) as last_order_date,
        snapshot_date - last_order_date as recency_days,
        snapshot_date - first_order_date <= 30 as is_new

    from first_seen

    inner join dates on seen_date <= snapshot_date

    left join changes using (customer_id, snapshot_date)

    left join standing_dates using (customer_id, snapshot_date)

    window to_date as (partition by customer_id order by snapshot_date)

),

-- every customer weighs one, parted by the gaps that they are known to have had
gaps as (

    select
        customer_id,
        greatest(first_date, least(last_day(purchase_date), last_date))
            as snapshot_date,
        purchase_date - lag(purchase_date) over (
            partition by customer_id order by purchase_date
        ) as gap_days

    from (
        select distinct customer_id, purchase_date
        from cst_intermediate.int_cst_purchases
    )

    cross join bounds

    where purchase_date <= last_date

    qualify gap_days is not null

),

gaps_known as (

    select
        dates.snapshot_date,
        customer_id,
        gap_days,
        cast(
            cast(count(*) as double)
            / sum(count(*)) over (partition by dates.snapshot_date, customer_id)
            as decimal(28, 12)
        ) as weight

    from gaps

    inner join dates on gaps.snapshot_date <= dates.snapshot_date

    group by dates.snapshot_date, customer_id, gap_days

),

weights as (

    select
        snapshot_date,
        gap_days,
        round(sum(sum(weight)) over (
            partition by snapshot_date order by gap_days
        ), 6) as weight_up_to,
        round(sum(sum(weight)) over (partition by snapshot_date))::bigint
            as customer_count

    from gaps_known

    group by snapshot_date, gap_days

),

recency_points as (

    select
        snapshot_date,
        'rhythm' as r_method,
        [
            -1 - min(gap_days) filter (weight_up_to >= customer_count * 0.97),
            -1 - min(gap_days) filter (weight_up_to >= customer_count * 0.9),
            -1 - min(gap_days) filter (weight_up_to >= customer_count * 0.75),
            -1 - min(gap_days) filter (weight_up_to >= customer_count * 0.5)
        ] as r_points

    from weights

    where customer_count >= 50

    group by snapshot_date

),

counted as (

    select
        snapshot_date,
        measure,
        amount,
        count(*) as value_count,
        sum(count(*)) over up_to as up_to_count,
        sum(count(*)) over (partition by snapshot_date, measure) as all_count

    from (
        unpivot (
            select
                snapshot_date,
                frequency::decimal(24, 2) as f,
                monetary_amount as m
            from totals
            where frequency > 0
        ) on f, m into name measure value amount
    )

    group by snapshot_date, measure, amount

    window up_to as (partition by snapshot_date, measure order by amount)

),

value_points as (

    select
        snapshot_date,
        measure,
        score,
        coalesce(
            max(amount) filter (
                case
                    when measure = 'f' then 2 * (up_to_count - value_count)
                    when up_to_count = all_count and value_count < all_count
                        then 2 * all_count
                    else 2 * up_to_count - value_count
                end < 2 * (all_count * score / 5)
            ), min(amount) - 0.01
        )::decimal(24, 2) as point

    from counted

    cross join range(1, 5) as scores (score)

    group by snapshot_date, measure, score

),

averages as (

    select
        snapshot_date,
        count(*) as buyers,
        sum(recency_days) as recency,
        sum(frequency) as frequency,
        sum(monetary_amount) as monetary

    from totals

    where frequency > 0

    group by snapshot_date

),

points as (

    select
        dates.snapshot_date,
        previous_snapshot_date,
        coalesce(r_method, 'fixed') as r_method,
        coalesce(r_points, [-181, -91, -61, -31]) as r_points,
        coalesce(f_points, []) as f_points,
        coalesce(m_points, []) as m_points,
        lag(r_points, 1, []) over by_date as r_points_before,
        lag(f_points, 1, []) over by_date as f_points_before,
        lag(m_points, 1, []) over by_date as m_points_before,
        buyer_count,
        recency_sum,
        frequency_sum,
        monetary_sum,
        ((recency_sum * 200 + buyer_count) // (2 * buyer_count) * 0.01)
        ::decimal(24, 2) as mean_recency_days,
        ((frequency_sum * 200 + buyer_count) // (2 * buyer_count) * 0.01)
        ::decimal(24, 2) as mean_frequency,
        (
            sign(monetary_sum) * ((
                (abs(monetary_sum) * 200)::hugeint + buyer_count
            ) // (2 * buyer_count)) * 0.01
        )::decimal(24, 2) as mean_monetary_amount

    from dates

    left join recency_points using (snapshot_date)

    left join (
        select
            snapshot_date,
            list(point order by score) filter (measure = 'f') as f_points,
            list(point order by score) filter (measure = 'm') as m_points
        from value_points
        group by snapshot_date
    ) using (snapshot_date)

    left join (
        select
            snapshot_date,
            count(*) as buyer_count,
            sum(recency_days) as recency_sum,
            sum(frequency) as frequency_sum,
            sum(monetary_amount) as monetary_sum
        from totals
        where frequency > 0
        group by snapshot_date
    ) using (snapshot_date)

    window by_date as (order by dates.snapshot_date)

),

scored as (

    select
        *,
        1 + len(list_filter(r_points, lambda p: p < -recency_days)) as r_score,
        1 + len(list_filter(f_points, lambda p: p < frequency)) as f_score,
        1 + len(list_filter(m_points, lambda p: p < monetary_amount))
            as m_score,
        1 + len(list_filter(r_points_before, lambda p: p < -recency_days))
            as r_score_before,
        1 + len(list_filter(f_points_before, lambda p: p < frequency))
            as f_score_before,
        1 + len(list_filter(m_points_before, lambda p: p < monetary_amount))
            as m_score_before,
        recency_days * buyer_count < recency_sum as is_recent,
        frequency * buyer_count > frequency_sum as is_frequent,
        monetary_amount * buyer_count > monetary_sum as is_high_spending

    from totals

    inner join points using (snapshot_date)

),

cells as (

    select
        r as r_score,
        f as f_score,
        m as m_score,
        novelties.is_new,
        rule_id,
        segment_code,
        segment_rank,
        r + f + m as rfm_score,
        cast(floor((r + f + m - 3) * 100 / 12 + 0.5) as integer)
            as value_score,
        case
            when value_score >= 67 then 'high'
            when value_score >= 34 then 'mid'
            else 'low'
        end as value_tier,
        case
            when r <= 1 then 'lapsed'
            when r < 3 then 'dormant'
            when novelties.is_new then 'new'
            else 'active'
        end as lifecycle_stage

    from range(1, 6) as rs (r), range(1, 6) as fs (f), range(1, 6) as ms (m),
        (values (true), (false)) as novelties (is_new)

    inner join cst_rules.cst_segment_rules as rules
        on r between r_from and r_to
        and f between f_from and f_to
        and m between m_from and m_to
        and (f + m + 1) // 2 between fm_from and fm_to
        and novelties.is_new = coalesce(rules.is_new, novelties.is_new)

    inner join cst_rules.cst_segments using (segment_code)

),

segmented as (

    select
        scored.* exclude (r_score, f_score, m_score),
        cells.* exclude (is_new, segment_code, segment_rank, lifecycle_stage),
        rfm_class_code,
        coalesce(cells.segment_code, 'prospect') as segment_code,
        coalesce(cells.segment_rank, 0) as segment_rank,
        coalesce(cells.lifecycle_stage, 'prospect') as lifecycle_stage,
        coalesce(before.segment_rank, cells.segment_rank, 0)
            as rank_at_points_before

    from scored

    left join cells using (r_score, f_score, m_score, is_new)

    left join cells as before
        on r_score_before = before.r_score
        and f_score_before = before.f_score
        and m_score_before = before.m_score
        and scored.is_new = before.is_new

    left join cst_rules.cst_rfm_classes
        using (is_recent, is_frequent, is_high_spending)

),

movements as (

    select
        *,
        lag(segment_code) over by_date as code_before,
        lag(segment_rank) over by_date as rank_before,
        lag(lifecycle_stage) over by_date as stage_before,
        lifetime_order_count - lag(lifetime_order_count) over by_date
        != new_order_count - new_full_refund_count as is_corrected,
        case
            when code_before is null then 'new'
            when code_before = 'prospect' and segment_code != 'prospect'
                then 'new'
            when stage_before != 'lapsed' and lifecycle_stage = 'lapsed'
                then 'churned'
            when
                stage_before = 'lapsed'
                and lifecycle_stage not in ('lapsed', 'prospect')
                and new_order_count > 0
                then 'reactivated'
            when segment_rank > rank_before then 'up'
            when segment_rank < rank_before then 'down'
            else 'same'
        end as movement

    from segmented

    window by_date as (partition by customer_id order by snapshot_date)

)

select
    customer_id,
    snapshot_date,
    segment_code,
    rule_id as segment_rule_id,
    rfm_class_code,
    value_tier,
    lifecycle_stage,
    code_before as previous_segment_code,
    movement,
    case
        when code_before is null or movement = 'same' then null
        when is_corrected then 'data_corrected'
        when
            movement in ('new', 'up', 'reactivated')
            and (
                new_order_count > 0
                or (
                    new_refund_amount > 0
                    and rank_at_points_before > rank_before
                )
            )
            then 'customer_acted'
        when movement in ('new', 'up', 'reactivated') then 'cut_points_moved'
        when rank_at_points_before >= rank_before then 'cut_points_moved'
        when new_refund_amount > 0 then 'customer_acted'
        else 'time_passed'
    end as movement_cause,

    if(last_order_date is null, null, r_method) as r_score_method,
    r_score,
    f_score,
    m_score,
    r_score || '' || f_score || m_score as rfm_code,
    rfm_score,
    value_score,

    recency_days,
    frequency,
    monetary_amount,
    (
        sign(monetary_amount) * (
            ((abs(monetary_amount) * 200)::hugeint + frequency)
            // nullif(2 * frequency, 0)
        ) * 0.01
    )::decimal(24, 2) as average_order_amount,
    lifetime_order_count,
    lifetime_net_amount,
    new_order_count,
    new_refund_amount,

    -r_points[r_score - 1] as r_worse_from_days,
    -r_points[r_score] as r_better_below_days,
    f_points[f_score - 1]::bigint as f_worse_up_to_count,
    f_points[f_score]::bigint as f_better_above_count,
    if(m_points[m_score - 1] >= 0, m_points[m_score - 1], null)
        as m_worse_up_to_amount,
    m_points[m_score] as m_better_above_amount,
    if(r_score is null, null, mean_recency_days) as mean_recency_days,
    if(r_score is null, null, mean_frequency) as mean_frequency,
    if(r_score is null, null, mean_monetary_amount) as mean_monetary_amount,
    recency_days - r_better_below_days + 1 as r_gap_days,
    f_better_above_count - frequency + 1 as f_gap_count,
    (m_better_above_amount - monetary_amount + 0.01)::decimal(24, 2)
        as m_gap_amount,

    first_order_date,
    last_order_date,
    snapshot_date - first_order_date as tenure_days

from movements
