{% macro effect_measures() %}
    {#-
        What ads_cst_effect measures, in its order: a list of mappings with the
        code, the SQL of the value of an observation, whether it counts as a
        success, and the windows in days. What nobody can know is not there:
        visits without events, gross profit without a margin or costs.
    -#}
    {%- set soon = retention_windows() -%}
    {%- set bought = 'observations.order_count > 0' -%}
    {%- set measures = [
        {
            'code': 'repurchase_rate', 'windows': soon, 'success': bought,
            'value': 'case when ' ~ bought ~ ' then 1 else 0 end'
        },
        {
            'code': 'order_count', 'windows': soon, 'success': bought,
            'value': 'observations.order_count'
        },
        {
            'code': 'net_amount', 'windows': soon, 'success': bought,
            'value': 'observations.net_amount'
        },
        {
            'code': 'net_amount_capped', 'windows': soon, 'success': bought,
            'value': 'least(observations.net_amount, caps.cap_amount)'
        },
    ] -%}
    {%- if cst_source_is_enabled('event') -%}
        {%- set visited = 'observations.visit_count > 0' -%}
        {%- do measures.insert(1, {
            'code': 'visit_rate', 'windows': soon,
            'success': 'observations.are_visits_known and ' ~ visited,
            'value': 'case when not observations.are_visits_known then null '
                ~ 'when ' ~ visited ~ ' then 1 else 0 end'
        }) -%}
    {%- endif -%}
    {%- if profits_are_known() -%}
        {%- do measures.append({
            'code': 'gross_profit', 'windows': soon,
            'success': 'observations.are_profits_known and ' ~ bought,
            'value': 'case when observations.are_profits_known '
                ~ 'then observations.gross_profit_amount end'
        }) -%}
    {%- endif -%}
    {%- do measures.append({
        'code': 'realized_value', 'windows': realized_value_windows(),
        'success': bought,
        'value': 'observations.net_amount * '
            ~ (cst_var('ltv_margin_rate') or 1.0)
    }) -%}
    {{ return(measures) }}
{% endmacro %}


{% macro gross_profit(net_amount, discount_amount) -%}
    {#-
        The margin is one of undiscounted revenue, and a discount is paid out of
        it in full.
    -#}
    (
        ({{ net_amount }} + {{ discount_amount }})
        * {{ cst_var('ltv_margin_rate') }} - {{ discount_amount }}
    )
{%- endmacro %}


{% macro effect_caps(observations) -%}
    {#-
        A query of what one in a hundred buyers exceeds, by scope, subject and
        window: a single huge order must not decide what capped amounts say.
    -#}
    select
        scope_code,
        subject_code,
        window_days,
        percentile_disc(0.99) within group (order by net_amount) as cap_amount

    from {{ observations }}

    where
        is_compared
        and is_mature
        and order_count > 0

    group by
        scope_code,
        subject_code,
        window_days
{%- endmacro %}


{% macro effect_periods() %}
    {#-
        The periods in which ads_cst_effect pools the entries: a list of mappings
        with the type, the SQL of the code, and the SQL of the condition. A
        campaign is one thing, whenever its contacts were; what was before the
        hold-out is shown by snapshot and pooled with nothing.
    -#}
    {%- set pooled = "is_compared and scope_code != 'campaign'" -%}
    {{ return([
        {
            'type': 'snapshot', 'code': 'cast(entry_date as string)',
            'condition': "scope_code != 'campaign'"
        },
        {
            'type': 'quarter', 'code': _quarter_code('entry_date'),
            'condition': pooled
        },
        {
            'type': 'year', 'code': _year_code('entry_date'),
            'condition': pooled
        },
        {
            'type': 'last_four_quarters', 'code': "'last_four_quarters'",
            'condition': pooled ~ ' and ' ~ is_in_last_four_quarters()
        },
        {'type': 'all', 'code': "'all'", 'condition': 'is_compared'},
    ]) }}
{% endmacro %}


{% macro effect_pair_periods() %}
    {#-
        The same for pairs of entries, entry_date and later_entry_date: a pair
        is in a period where both of its entries are. No snapshot has any.
    -#}
    {{ return([
        {
            'type': 'quarter', 'code': _quarter_code('entry_date'),
            'condition': _quarter_code('entry_date') ~ ' = '
                ~ _quarter_code('later_entry_date')
        },
        {
            'type': 'year', 'code': _year_code('entry_date'),
            'condition': _year_code('entry_date') ~ ' = '
                ~ _year_code('later_entry_date')
        },
        {
            'type': 'last_four_quarters', 'code': "'last_four_quarters'",
            'condition': is_in_last_four_quarters()
        },
        {'type': 'all', 'code': "'all'", 'condition': 'true'},
    ]) }}
{% endmacro %}


{% macro is_in_last_four_quarters() -%}
    {#- Of the as-of date's quarter and the three before it. -#}
    (
        (extract(year from as_of_date) - extract(year from entry_date)) * 4
        + extract(quarter from as_of_date) - extract(quarter from entry_date)
    ) < 4
{%- endmacro %}


{% macro _quarter_code(date_column) -%}
    concat({{ _year_code(date_column) }}, '-Q', cast(
        extract(quarter from {{ date_column }}) as string
    ))
{%- endmacro %}


{% macro _year_code(date_column) -%}
    cast(extract(year from {{ date_column }}) as string)
{%- endmacro %}


{% macro contacts_are_known() %}
    {#- Whether the feed has contacts and the campaigns that they belong to. -#}
    {{ return(
        cst_source_is_enabled('touch') and cst_source_is_enabled('campaign')
    ) }}
{% endmacro %}


{% macro profits_are_known() %}
    {#- Whether lines of orders may have costs, or all revenue has a margin. -#}
    {{ return(
        cst_var('ltv_margin_rate') is not none
        or cst_source_is_enabled('order_item')
    ) }}
{% endmacro %}


{% macro effect_columns() %}
    {#- What ads_cst_effect says of a row beside the estimates, as is. -#}
    {{ return([
        'scope_code', 'subject_code', 'arm_code', 'period_type', 'period_code',
        'segment_code', 'window_days', 'measure_code', 'is_rate',
        'withheld_reason', 'first_entry_date', 'last_entry_date',
        'treated_entries', 'holdout_entries', 'open_entries',
        'treated_buyers', 'holdout_buyers', 'treated_contacted',
        'holdout_contacted', 'treated_discount', 'holdout_discount',
        'treated_contact_cost', 'holdout_contact_cost', 'treated_profit',
        'holdout_profit', 'net_total', 'profit_net_total',
        'treated_total', 'holdout_total',
        'sample_ratio_p_value', 'treated_mean', 'holdout_mean',
    ]) }}
{% endmacro %}


{% macro effect_curve_measures() %}
    {#-
        What ads_cst_effect_curve measures: by code, the SQL of the value of an
        entry by the end of a week, and of what it had been before that week.
    -#}
    {{ return({
        'repurchase_rate': (
            'case when order_count > 0 then 1 else 0 end',
            'case when order_count - added_orders > 0 then 1 else 0 end',
        ),
        'order_count': ('order_count', '(order_count - added_orders)'),
        'net_amount': ('net_amount', '(net_amount - added_amount)'),
    }) }}
{% endmacro %}


{% macro effect_keys(prefix='') %}
    {#- The columns that tell a row of ads_cst_effect from all others. -#}
    {%- set keys = [] -%}
    {%- for key in [
        'scope_code', 'subject_code', 'arm_code', 'period_type', 'period_code',
        'segment_code', 'window_days', 'measure_code',
    ] -%}
        {%- do keys.append(prefix ~ key) -%}
    {%- endfor -%}
    {{ return(keys) }}
{% endmacro %}


{% macro effect_subject_name(scope_code, language) -%}
    {#-
        The name of what a row of an effect is about, from its scope and the
        dimensions joined as `strategies` and `campaigns`.
    -#}
    case {{ scope_code }}
        when 'program'
            then '{{ {'zh': '整体客户运营', 'en': 'The whole program'}[language] }}'
        when 'strategy' then strategies.strategy_name_{{ language }}
        else campaigns.campaign_name
    end
{%- endmacro %}


{% macro is_headline_effect(rows) -%}
    {#- Whether a row of the effect is one to quote: chosen before anybody saw
        a result. -#}
    {{ rows }}.segment_code = 'all'
        and {{ rows }}.measure_code in ('repurchase_rate', 'net_amount')
        and {{ rows }}.window_days = {{ retention_windows() | max }}
        and (
            ({{ rows }}.scope_code = 'program' and {{ rows }}.period_type = 'all')
            or (
                {{ rows }}.scope_code = 'strategy'
                and {{ rows }}.period_type = 'last_four_quarters'
            )
        )
{%- endmacro %}
