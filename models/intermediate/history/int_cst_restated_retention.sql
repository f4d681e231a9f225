{%- set contacts = [
    'campaign_id', 'first_contact_date', 'is_contaminated_holdout',
    'contact_count', 'open_count', 'click_count', 'redemption_count',
] -%}
{%- set outcomes = restated_columns('dws_cst_retention')
    | selectattr('group', 'equalto', 'outcome') | list -%}
{%- set counts = outcomes | selectattr('kind', 'equalto', 'count')
    | map(attribute='name') | list -%}
{%- set amounts = outcomes | selectattr('kind', 'equalto', 'amount')
    | map(attribute='name') | list -%}
{#- Outcomes are compared once their window is closed and was published. -#}
{%- set closed_windows = {} -%}
{%- for window in retention_contract_windows() -%}
    {%- do closed_windows.update({
        window: 'closed_snapshots.is_' ~ window ~ 'd_closed and coalesce('
            ~ 'published_closed.is_mature_' ~ window
            ~ 'd, published_closed.customer_id is null)'
    }) -%}
{%- endfor -%}

with

retention_today as (

    select * from {{ ref('int_cst_retention') }}

),

published as (

    select * from {{ source('published', 'dws_cst_retention') }}

),

closed_snapshots as (

    select * from {{ ref('int_cst_closed_snapshots') }}

),

corrections as (

    select * from {{ ref('int_cst_customer_corrections') }}

),
{{ differing_rows('dws_cst_retention', 'retention_today', closed_windows) }}
unpivoted as (

    select
        customer_id,
        snapshot_date,
        rules_cause_code,
        case
            when row_cause_code is not null then row_cause_code
            when is_erased and {{ are_fewer(['contact_count']) }} then 'erasure'
            when {{ any_differs(contacts) }} then 'late_activity'
        end as contacts_cause_code,
        case
            when row_cause_code is not null then row_cause_code
            when is_erased and {{ are_fewer(counts) }} then 'erasure'
            {%- for name in counts %}
            when restated_{{ name }} > coalesce(published_{{ name }}, 0)
                then 'late_order'
            {%- endfor %}
            {%- for name in amounts %}
            -- no more is missing than was returned
            when
                published_{{ name }} > restated_{{ name }}
                and published_{{ name }} - restated_{{ name }}
                <= next_late_refund_amount
                then 'late_refund'
            {%- endfor %}
            when {{ any_differs(counts + amounts) }} then 'corrected_order'
        end as outcome_cause_code,
        {{ values_unpivoted('dws_cst_retention') }}

    from differing

),

restated_retention as (

    select
        customer_id,
        snapshot_date,

        column_name,
        column_group,
        published_value,
        restated_value,
        published_number,
        restated_number,
        case column_group
            when 'contacts'
                then coalesce(
                    contacts_cause_code, rules_cause_code, 'late_activity'
                )
            else
                coalesce(
                    outcome_cause_code, rules_cause_code, 'corrected_order'
                )
        end as cause_code

    from unpivoted

    where published_value is distinct from restated_value

)

select * from restated_retention
