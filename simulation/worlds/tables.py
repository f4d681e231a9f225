"""The worlds as tables, under the names that the project's models read.

They are packed into one database. A customer's segment is the company and the
state of the customer there, so that the rows of a segment are those of a
strategy of one company.
"""

import numpy as np
import pandas as pd

from simulation.worlds.market import SALE_CONTROL, STRATEGIES

CONTACT_COST = 0.1

SETUP = f"""
create schema cst_staging;
create schema cst_intermediate;
create schema cst_dim;
create schema cst_dws;
create schema cst_ads;

create table cst_intermediate.int_cst_snapshot_dates as
select
    snapshot_date,
    lag(snapshot_date) over (order by snapshot_date) as previous_snapshot_date,
    lead(snapshot_date) over (order by snapshot_date) as next_snapshot_date,
    min(snapshot_date) over () as first_snapshot_date,
    max(snapshot_date) over () as last_snapshot_date,
    true as is_period_end,
    true as is_list_due,
    false as is_published,
    false as is_closed,
    snapshot_date = max(snapshot_date) over () as is_current,
    is_holdout_in_use,
    min(snapshot_date) filter (is_holdout_in_use) over ()
        as holdout_since_date,
    snapshot_date + interval 16 hour as as_of_cutoff_at
from (
    select
        date '1970-01-01' + day as snapshot_date,
        place >= first_list as is_holdout_in_use
    from period_ends
);

create table cst_intermediate.int_cst_feed_guard as select true as is_passed;

-- Nothing was published before.
attach if not exists ':memory:' as published;
create schema if not exists published.cst_published;
create or replace table published.cst_published.dim_cst_customer (
    customer_id varchar, is_current boolean, is_merged boolean,
    is_program_holdout boolean
);
create or replace table published.cst_published.ads_cst_ltv (
    customer_id varchar, snapshot_date date,
    predicted_ltv_amount decimal(18, 2)
);
create table cst_intermediate.int_cst_strategies_published (
    customer_id varchar, snapshot_date date, strategy_code varchar,
    default_strategy_code varchar, choice_probability double,
    recommended_strategy_code varchar, strategy_rule_id varchar,
    has_cooling_off boolean, is_holdout boolean, is_program_holdout boolean,
    episode_start_date date
);

create table cst_intermediate.int_cst_customer_periods as
select customer_id from customers;

create table cst_staging.base_cst__erasures (
    customer_id varchar, erased_at timestamp
);

create table cst_intermediate.int_cst_segments_assigned (
    customer_id varchar, snapshot_date date, segment_code varchar,
    recommended_strategy_code varchar
);
create view cst_intermediate.int_cst_strategies_recommended as
select
    *, cast(null as varchar) as strategy_rule_id,
    cast(null as varchar) as drawn_strategy_code,
    cast(null as double) as choice_probability, true as has_cooling_off,
    true as is_list_due
from cst_intermediate.int_cst_segments_assigned;
create view cst_intermediate.int_cst_states_seen as
select * from cst_intermediate.int_cst_segments_assigned;
"""


def run(connection, sql):
    """Run statements to their end: DuckDB 2 may leave a result open."""
    return connection.execute(sql).fetchall()


def set_up(connection, customers, calendar):
    """Write what is known before the first list; customers are numbered."""
    of_world = pd.DataFrame({"world": customers.world})
    connection.register("of_world", of_world)
    run(connection, """
        create table customers as
        select
            row_number() over () - 1 as number, world,
            printf('w%05d', world) as world_code,
            concat(world_code, '-', number) as customer_id
        from of_world
    """)
    run(connection, f"""
        create table period_ends as
        select
            generate_subscripts({list(calendar.period_ends)}, 1) - 1 as place,
            unnest({list(calendar.period_ends)}) as day,
            {calendar.first_list} as first_list
    """)
    run(connection, SETUP)


def write_segments(connection, day, state):
    """Add the segments of a period end."""
    states = pd.DataFrame({"number": np.arange(len(state)), "state": state})
    connection.register("states", states)
    run(connection, f"""
        insert into cst_intermediate.int_cst_segments_assigned
        select
            customer_id, date '1970-01-01' + {day},
            concat(world_code, '-', strategy_code) as segment_code,
            strategy_code
        from (
            select *, {list(STRATEGIES)}[state + 1] as strategy_code
            from states
        )
        inner join customers using (number)
        order by number
    """)
    connection.unregister("states")


OUTCOMES = f"""
create table cst_intermediate.int_cst_ledger_entries as
select
    cast(row_number() over () as varchar) as ledger_entry_id,
    customer_id, 'purchase' as entry_type,
    cast(1 as bigint) as order_count,
    cast(amount as decimal(18, 2)) as gross_amount,
    cast(0 as decimal(18, 2)) as discount_amount,
    cast(0 as decimal(18, 2)) as refund_amount,
    cast(null as decimal(18, 2)) as gross_profit_amount,
    date '1970-01-01' + cast(day as integer) as purchase_date,
    date '1970-01-01' + cast(day as integer) as posted_date
from happened
inner join customers on happened.owner = customers.number
where is_order;

create table cst_intermediate.int_cst_sessions as
select
    customer_id,
    date '1970-01-01' + cast(day as integer) as session_date,
    date '1970-01-01' + cast(day as integer) as known_date
from happened
inner join customers on happened.owner = customers.number;

create table cst_intermediate.int_cst_customers_on_snapshots as
select customer_id, snapshot_date
from cst_intermediate.int_cst_segments_assigned;

create table cst_staging.stg_prm__campaigns as
select
    concat(strategy_code, '-', day) as campaign_id, strategy_code,
    cast(null as double) as control_share
from period_ends
cross join (select unnest({list(STRATEGIES)}) as strategy_code)
union all
select 'sale', null, {SALE_CONTROL};

create table cst_intermediate.int_cst_contacts as
select
    concat(campaign_id, '-', number) as touch_id,
    campaign_id, strategy_code, customer_id, snapshot_date, touched_date,
    cast(null as varchar) as arm_code,
    cast({CONTACT_COST} as decimal(18, 2)) as contact_cost_amount,
    is_control
from (
    select
        *,
        {list(STRATEGIES)}[campaign + 1] as strategy_code,
        case
            when is_sale then 'sale' else concat(strategy_code, '-', from_day)
        end as campaign_id,
        date '1970-01-01' + cast(from_day as integer) as snapshot_date,
        date '1970-01-01' + cast(day as integer) as touched_date
    from contacts
)
inner join customers using (number);

create table cst_dim.dim_cst_segment as
select distinct
    segment_code, segment_code as segment_name_zh,
    segment_code as segment_name_en, false as is_total
from (
    select distinct concat(world_code, '-', strategy_code) as segment_code
    from customers
    cross join (select unnest({list(STRATEGIES)}) as strategy_code)
)
union all
select 'all', 'all', 'all', true;

create table cst_dim.dim_cst_strategy as
select
    strategy_code, strategy_code as strategy_name_zh,
    strategy_code as strategy_name_en
from (select unnest({list(STRATEGIES)}) as strategy_code);

create table cst_dim.dim_prm_campaign as
select *, campaign_id as campaign_name
from cst_staging.stg_prm__campaigns;

create table cst_intermediate.int_cst_ltv_amounts (
    customer_id varchar, snapshot_date date,
    predicted_ltv_amount decimal(18, 2)
);
"""


def write_outcomes(connection, log):
    """Write what happened, and who was contacted."""
    happened = pd.concat(pd.DataFrame(vars(each)) for each in log.happened)
    contacts = pd.concat(log.contacts)
    connection.register("happened", happened)
    connection.register("contacts", contacts)
    run(connection, OUTCOMES)
