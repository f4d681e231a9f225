{% macro chosen_channel(preferred) -%}
    {#- The strategy's own channel where it is free, else the first that is. -#}
    case
        {%- for channel in contact_channels() %}
        when {{ preferred }} = '{{ channel }}' and is_free_by_{{ channel }}
            then '{{ channel }}'
        {%- endfor %}
        {%- for channel in contact_channels() %}
        when is_free_by_{{ channel }} then '{{ channel }}'
        {%- endfor %}
    end
{%- endmacro %}


{% macro no_contact_reason() -%}
    {#-
        Why a candidate of ads_cst_audience is not to be contacted, the first
        that holds: what never passes comes before what does.
    -#}
    case
        when is_deleted then 'erased'
        when not has_contact_consent
            then case
                when contact_consent = 'unknown' then 'consent_unknown'
                else 'no_consent'
            end
        when not ({{ any_channel('is_reachable_by_') }}) then 'no_address'
        when not is_delivered then 'not_delivered'
        when not ({{ any_channel('is_permitted_by_') }})
            then 'same_address_opted_out'
        when has_open_ticket then 'open_ticket'
        when has_running_refund then 'refund_running'
        when has_bad_experience then 'bad_experience'
        when has_just_bought then 'just_bought'
        when recent_contact_count >= {{ cst_var('retention_contact_cap') }}
            then 'frequency_cap'
        when not ({{ any_channel('is_free_by_') }}) then 'channel_cap'
        when is_in_quiet_period then 'quiet_period'
        when is_within_cadence then 'cadence'
    end
{%- endmacro %}


{% macro place_before(is_wanted, sort_order) -%}
    {#-
        How many customers of the strategy who are to be contacted come before
        this one: candidates without an obstacle who are wanted and not held
        out.
    -#}
    coalesce(
        sum(
            case
                when obstacle is null and not is_holdout and {{ is_wanted }}
                    then 1
                else 0
            end
        ) over (
            partition by strategy_code
            order by {{ sort_order }}
            rows between unbounded preceding and 1 preceding
        ), 0
    )
{%- endmacro %}


{% macro affordable_count() -%}
    {#-
        How many contacts are left of the strategy's budget for this list, at
        what a contact has cost so far: in whole cents, as decimals are divided
        as doubles on DuckDB. Null: no budget, or no contact has cost anything.
    -#}
    case
        when strategies.budget_amount = 0 then 0e0
        -- greatest() leaves a null out
        when strategies.budget_amount > 0 then floor(
            cast(
                greatest(
                    strategies.budget_amount - priorities.list_cost_amount, 0
                ) * 100 * priorities.contact_count as double
            )
            / nullif(cast(priorities.contact_cost_amount * 100 as double), 0e0)
        )
    end
{%- endmacro %}


{% macro explored_count(share) -%}
    {#-
        How many of the strategy's places chance gives: a share of those that
        the budget pays for, or of the candidates, where these are fewer.
    -#}
    case
        -- least() leaves a null out
        when affordable_count is not null then ceil(
            round(
                least(
                    affordable_count,
                    cast(
                        sum(
                            case
                                when obstacle is null and not is_holdout then 1
                                else 0
                            end
                        ) over (partition by strategy_code) as double
                    )
                ) * {{ share }}, 6
            )
        )
    end
{%- endmacro %}


{% macro is_explored() -%}
    {#- Whether chance gives the customer one of the strategy's places. -#}
    coalesce(
        obstacle is null
        and {{ place_before('true', 'exploration_draw, customer_id') }}
        < {{ explored_count(cst_var('retention_exploration_share')) }}, false
    )
{%- endmacro %}


{% macro is_over_budget() -%}
    {#-
        Whether the strategy's budget does not pay for the customer's place, or
        nothing is expected of contacting them; never without a budget.
    -#}
    {{ place_before(
        "(is_explored or priority_basis != 'no_gain')",
        'is_explored desc, priority',
    ) }} >= affordable_count
    or (
        affordable_count is not null
        and priority_basis = 'no_gain'
        and not is_explored
    )
{%- endmacro %}
