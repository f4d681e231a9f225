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
