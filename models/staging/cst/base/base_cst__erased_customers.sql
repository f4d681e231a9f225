with

customer_merges as (

    select * from {{ ref('base_cst__merges') }}

),

erasures as (

    select * from {{ ref('base_cst__erasures') }}

),

-- by merges as known then, and as known since: an erasure covers by either
requests as (
    {%- for is_known_since in ['false', 'true'] %}

    select
        customer_id,
        case
            when erased_at is not null then {{ last_instant() }}
            else last_erased_at
        end as blank_until_at,
        {{ is_known_since }} as is_known_since

    from erasures
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

-- who was erased need not be registered
chains_0 as (

    select
        coalesce(customer_merges.customer_id, requests.customer_id)
            as customer_id,
        customer_merges.merged_into_customer_id,
        coalesce(customer_merges.is_known_since, requests.is_known_since)
            as is_known_since,
        requests.blank_until_at

    from customer_merges

    full outer join requests
        on
            customer_merges.customer_id = requests.customer_id
            and customer_merges.is_known_since = requests.is_known_since

),

-- an erasure also covers whoever was merged into that customer, directly or
-- not: each step doubles the number of merges that are followed, to no fewer
-- than int_cst_merged_customers follows
{%- for step in [1, 2, 3, 4, 5, 6, 7] %}

chains_{{ step }} as (

    select
        chains.customer_id,
        onward.merged_into_customer_id,
        chains.is_known_since,
        greatest(chains.blank_until_at, onward.blank_until_at)
            as blank_until_at

    from chains_{{ step - 1 }} as chains

    left join chains_{{ step - 1 }} as onward
        on
            chains.merged_into_customer_id = onward.customer_id
            and chains.is_known_since = onward.is_known_since

),
{%- endfor %}

erased_customers as (

    select
        customer_id,

        max(blank_until_at) = {{ last_instant() }} as is_deleted,

        max(blank_until_at) as blank_until_at

    from chains_7

    where blank_until_at is not null

    group by customer_id

)

select * from erased_customers
