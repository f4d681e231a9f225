{% macro restated_columns(table) %}
    {#-
        The columns of a public table that are compared with what is known
        today, each with its kind and group. Amounts and counts add up over a
        snapshot. Left out is what follows from other columns: keys, words,
        movements, changes since the snapshot before, distances to cut points;
        and the means, which are the same for a whole snapshot.
    -#}
    {%- set groups = _restated_groups() -%}
    {%- if table not in groups -%}
        {{ exceptions.raise_compiler_error(
            "restated_columns: 'table' must be one of "
            ~ (groups | join(', ')) ~ ", got " ~ table
        ) }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for group, kinds in groups[table].items() -%}
        {%- for kind, names in kinds.items() -%}
            {%- for name in names -%}
                {%- do columns.append(
                    {'name': name, 'kind': kind, 'group': group}
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{% macro _restated_groups() %}
    {%- set outcome_flags, outcome_counts, outcome_amounts = [], [], [] -%}
    {%- for window in retention_contract_windows() -%}
        {%- do outcome_flags.append('is_repurchased_within_' ~ window ~ 'd') -%}
        {%- do outcome_counts.append('order_count_next_' ~ window ~ 'd') -%}
        {%- do outcome_amounts.append('net_amount_next_' ~ window ~ 'd') -%}
    {%- endfor -%}
    {{ return({
        'dws_cst_segmentation': {
            'segment': {
                'code': [
                    'segment_code', 'segment_rule_id', 'rfm_class_code',
                    'value_tier', 'lifecycle_stage', 'r_score_method',
                    'rfm_code',
                ],
                'level': [
                    'r_score', 'f_score', 'm_score', 'rfm_score',
                    'value_score',
                ],
            },
            'purchases': {
                'level': [
                    'recency_days', 'average_order_amount', 'tenure_days',
                ],
                'count': [
                    'frequency', 'lifetime_order_count', 'new_order_count',
                ],
                'amount': [
                    'monetary_amount', 'lifetime_net_amount',
                    'new_refund_amount',
                ],
                'code': ['first_order_date', 'last_order_date'],
            },
            'cut_points': {
                'level': [
                    'r_worse_from_days', 'r_better_below_days',
                    'f_worse_up_to_count', 'f_better_above_count',
                    'm_worse_up_to_amount', 'm_better_above_amount',
                ],
            },
        },
        'dws_cst_behavior': {
            'behavior': {
                'code': [
                    'main_device', 'main_channel', 'main_category',
                    'last_activity_date',
                ],
                'level': [
                    'main_hour', 'engagement_score',
                    'days_since_last_activity', 'event_history_days',
                ],
                'count': [
                    'session_count_7d', 'session_count_30d',
                    'session_count_90d', 'active_day_count_7d',
                    'active_day_count_30d', 'active_day_count_90d',
                    'view_count_7d', 'view_count_30d', 'view_count_90d',
                    'search_count_7d', 'search_count_30d', 'search_count_90d',
                    'cart_count_7d', 'cart_count_30d', 'cart_count_90d',
                    'checkout_count_7d', 'checkout_count_30d',
                    'checkout_count_90d', 'product_view_session_count_30d',
                    'product_view_session_count_90d',
                    'product_view_cart_session_count_30d',
                    'product_view_cart_session_count_90d',
                    'cart_session_count_30d', 'cart_session_count_90d',
                    'cart_order_session_count_30d',
                    'cart_order_session_count_90d', 'order_session_count_30d',
                    'order_session_count_90d',
                ],
                'share': [
                    'view_to_cart_share_30d', 'cart_to_order_share_30d',
                    'session_to_order_share_30d',
                    'cart_abandonment_share_30d', 'view_to_cart_share_90d',
                    'cart_to_order_share_90d', 'session_to_order_share_90d',
                    'cart_abandonment_share_90d',
                ],
            },
            'purchases': {
                'count': [
                    'order_count_7d', 'order_count_30d', 'order_count_90d',
                ],
                'amount': [
                    'gross_amount_90d', 'discount_amount_90d',
                    'refund_amount_90d',
                ],
                'share': ['discount_share_90d', 'return_share_90d'],
            },
            'service': {
                'code': ['satisfaction_level', 'last_ticket_date'],
                'count': [
                    'ticket_count_90d', 'open_ticket_count',
                    'responded_ticket_count_90d', 'resolved_ticket_count_90d',
                    'csat_response_count_90d', 'nps_response_count_90d',
                ],
                'share': [
                    'first_response_minutes_90d', 'resolution_hours_90d',
                    'csat_average_90d', 'low_csat_share_90d', 'nps_90d',
                ],
                'level': ['days_since_bad_experience'],
            },
        },
        'dws_cst_retention': {
            'contacts': {
                'code': [
                    'campaign_id', 'is_contaminated_holdout',
                    'first_contact_date',
                ],
                'count': [
                    'contact_count', 'open_count', 'click_count',
                    'redemption_count',
                ],
                'amount': ['contact_cost_amount'],
            },
            'outcome': {
                'code': outcome_flags,
                'count': outcome_counts,
                'amount': outcome_amounts,
                'level': ['days_to_repurchase'],
            },
        },
        'ads_cst_ltv': {
            'ltv': {
                'amount': [
                    'historic_ltv_amount', 'predicted_ltv_amount',
                    'ltv_amount',
                ],
                'level': ['ltv_decile', 'expected_order_amount'],
                'code': [
                    'ltv_tier', 'p_alive_reason', 'ltv_method',
                    'ltv_method_reason',
                ],
                'share': ['p_alive', 'expected_purchase_count'],
            },
        },
    }) }}
{% endmacro %}


{% macro values_compared(table, published, today, closed_windows=none) -%}
    {#-
        Two columns for each that is compared: as published, and as known today.
        What is measured in floating point is compared to its sixth decimal.
        `closed_windows`: conditions under which the columns of a window count.
    -#}
    {%- for column in restated_columns(table) -%}
        {%- for name, relation in [
            ('published', published), ('restated', today)
        ] -%}
            {%- set value = relation ~ '.' ~ column.name -%}
            {%- if column.kind == 'share' -%}
                {%- set value = 'cast(' ~ value ~ ' as decimal(38, 6))' -%}
            {%- endif -%}
            {%- if closed_windows is not none -%}
                {%- set value = 'case when ' ~ closed_windows[
                    outcome_windows()[column.name]
                ] ~ ' then ' ~ value ~ ' end' -%}
            {%- endif -%}
            {{ value }} as {{ name }}_{{ column.name }},
        {% endfor -%}
    {%- endfor -%}
{%- endmacro %}


{% macro any_differs(names) -%}
    {#- Whether one of the columns is not as it was published. -#}
    (
        {%- for name in names %}
        {{ 'or ' if not loop.first }}published_{{ name }}
        is distinct from restated_{{ name }}
        {%- endfor %}
    )
{%- endmacro %}


{% macro values_unpivoted(table) -%}
    {#- A row for each column that is compared. -#}
    {%- set rows = [] -%}
    {%- for column in restated_columns(table) -%}
        {%- set row = {
            'column_name': "'" ~ column.name ~ "'",
            'column_group': "'" ~ column.group ~ "'",
        } -%}
        {%- for name in ['published', 'restated'] -%}
            {%- set value = name ~ '_' ~ column.name -%}
            {%- do row.update({
                name ~ '_value': 'cast(' ~ value ~ ' as string)',
                name ~ '_number': 'cast('
                    ~ ('null' if column.kind == 'code' else value)
                    ~ ' as decimal(38, 6))',
            }) -%}
        {%- endfor -%}
        {%- do rows.append(row) -%}
    {%- endfor -%}
    {{ unpivoted(rows) }}
{%- endmacro %}


{% macro are_fewer(names) -%}
    {#- Whether counts are less together than as they were published. -#}
    {% for prefix in ['restated', 'published'] -%}
        {{ ' < ' if not loop.first }}
        {%- for name in names -%}
            coalesce({{ prefix }}_{{ name }}, 0){{ ' + ' if not loop.last }}
        {%- endfor -%}
    {%- endfor %}
{%- endmacro %}


{% macro closed_rows_of(relations) %}
    {#- A CTE `<relation>_closed` for each: its rows of closed snapshots. -#}
    {%- for relation in relations %}

{{ relation }}_closed as (

    select {{ relation }}.*

    from {{ relation }}

    inner join closed_snapshots
        on {{ relation }}.snapshot_date = closed_snapshots.snapshot_date

),
    {%- endfor %}
{% endmacro %}


{% macro totals_of(table) -%}
    {#-
        The sum of each column that adds up over a snapshot. Outcomes count once
        their window is closed.
    -#}
    {%- for column in restated_columns(table)
        if column.kind in ['amount', 'count'] -%}
        {%- set value = table ~ '.' ~ column.name -%}
        {%- if table == 'dws_cst_retention' -%}
            {%- set value = 'case when closed_snapshots.is_'
                ~ outcome_windows()[column.name] ~ 'd_closed then ' ~ value
                ~ ' end' -%}
        {%- endif -%}
        {{ ', ' if not loop.first }}cast(
            coalesce(sum({{ value }}), 0) as decimal(38, 6)
        ) as {{ column.name }}
    {%- endfor -%}
{%- endmacro %}


{% macro totals_unpivoted(table, name) -%}
    {#- A row for each column that adds up, with its sum under this name. -#}
    {%- set rows = [] -%}
    {%- for column in restated_columns(table)
        if column.kind in ['amount', 'count'] -%}
        {%- do rows.append({
            'column_name': "'" ~ column.name ~ "'", name: column.name
        }) -%}
    {%- endfor -%}
    {{ unpivoted(rows) }}
{%- endmacro %}


{% macro differing_rows(table, today, closed_windows=none) %}
    {#-
        CTEs that end in `differing`: the rows of closed snapshots that differ
        from those in the CTE `today`, with what explains them. They read the
        CTEs `published`, `closed_snapshots` and `corrections`.
    -#}
{{ closed_rows_of(['published', today]) }}

compared as (

    select
        {{ values_compared(
            table, 'published_closed', today ~ '_closed', closed_windows
        ) }}
        closed_snapshots.snapshot_date,
        closed_snapshots.rules_cause_code,
        coalesce(published_closed.customer_id, {{ today }}_closed.customer_id)
            as customer_id

    from published_closed

    full outer join {{ today }}_closed
        on
            published_closed.customer_id = {{ today }}_closed.customer_id
            and published_closed.snapshot_date = {{ today }}_closed.snapshot_date

    inner join closed_snapshots
        on
            coalesce(
                published_closed.snapshot_date, {{ today }}_closed.snapshot_date
            ) = closed_snapshots.snapshot_date

),

differing as (

    select
        compared.*,
        corrections.cause_code as own_cause_code,
        case when corrections.is_whole_row then corrections.cause_code end
            as row_cause_code,
        corrections.is_erased,
        corrections.next_late_refund_amount

    from compared

    left join corrections
        on
            compared.customer_id = corrections.customer_id
            and compared.snapshot_date = corrections.snapshot_date

    where
        {{ any_differs(restated_columns(table) | map(attribute='name')) }}

),
{% endmacro %}
