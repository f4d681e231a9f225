"""The worlds as tables, under the names that the project's models read."""

import pandas as pd

from simulation.worlds.market import STRATEGIES

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

create table cst_staging.base_cst__erasures (
    customer_id varchar, erased_at timestamp
);

create table cst_intermediate.int_cst_strategies_recommended as
select distinct
    concat(world_code, '-', strategy_code) as segment_code,
    'mid' as value_tier,
    strategy_code as recommended_strategy_code,
    'segment' as recommendation_source
from customers
cross join (select unnest({list(STRATEGIES)}) as strategy_code);

create table cst_intermediate.int_cst_segments_assigned (
    customer_id varchar, snapshot_date date, segment_code varchar,
    value_tier varchar
);
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
