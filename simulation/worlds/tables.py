"""The worlds as tables, under the names that the project's models read."""

import duckdb

from simulation.worlds.trials import AS_OF, FOLLOW_UP, SNAPSHOT

SETUP = f"""
create schema cst_intermediate;
create schema cst_dim;
create schema cst_dws;
create schema cst_ads;

create table cst_intermediate.int_cst_snapshot_dates as
select
    snapshot_date,
    lag(snapshot_date) over (order by snapshot_date) as previous_snapshot_date,
    date '2024-05-31' as first_snapshot_date,
    date '{AS_OF}' as last_snapshot_date,
    snapshot_date = date '{AS_OF}' as is_current,
    snapshot_date + interval 16 hour as as_of_cutoff_at
from (
    values
        (date '2024-05-31'), (date '{SNAPSHOT}'), (date '{FOLLOW_UP}'),
        (date '{AS_OF}')
) as dates (snapshot_date);

create table cst_intermediate.int_cst_strategies_in_force as
select
    customer_id, date '{SNAPSHOT}' as snapshot_date, strategy_code,
    strategy_code as recommended_strategy_code,
    'planted' as recommendation_source, false as is_in_cooling_off,
    date '{SNAPSHOT}' as recommended_since_date
from assigned;

create table cst_intermediate.int_cst_assignment_reasons as
select distinct
    segment_code, 'mid' as value_tier, strategy_code,
    'planted' as reason_en, 'planted' as reason_zh
from assigned;

create table cst_intermediate.int_cst_contacts as
select
    contacts.touch_id, contacts.campaign_id, contacts.customer_id,
    date '{SNAPSHOT}' as snapshot_date, assigned.strategy_code,
    cast(null as varchar) as out_of_scope_reason,
    cast(0.1 as decimal(18, 2)) as contact_cost_amount,
    contacts.is_control, contacts.has_own_holdout,
    false as is_opened, false as is_clicked, false as is_redeemed,
    cast(contacts.touched_date as date) as touched_date,
    cast(contacts.touched_date as timestamp) as touched_at
from contacts
inner join assigned on contacts.customer_id = assigned.customer_id;

create table cst_intermediate.int_cst_purchases as
select
    order_id, customer_id, cast(order_amount as decimal(18, 2)) as order_amount,
    cast(0 as decimal(18, 2)) as discount_amount,
    cast(purchase_date as date) as purchase_date,
    cast(null as date) as fully_refunded_date
from purchases;

create table cst_intermediate.int_cst_refunds_posted as
select
    refund_id, order_id, customer_id,
    cast(posted_amount as decimal(18, 2)) as posted_amount, is_full_refund,
    cast(purchase_date as date) as purchase_date,
    cast(posted_date as date) as posted_date
from refunds;

create table cst_dws.dws_cst_segmentation as
select
    customer_id as customer_key, customer_id,
    date '{SNAPSHOT}' as snapshot_date, false as is_current, segment_code,
    'mid' as value_tier, 50 as value_score
from assigned;

create table cst_dim.dim_cst_segment as
select distinct
    segment_code, segment_code as segment_name_zh,
    segment_code as segment_name_en, false as is_total
from assigned;

create table cst_dim.dim_cst_strategy as
select distinct
    strategy_code, strategy_code as strategy_name_zh,
    strategy_code as strategy_name_en
from assigned;

create table cst_ads.ads_cst_ltv as
select
    customer_id, date '{SNAPSHOT}' as snapshot_date,
    cast(value_before as decimal(18, 2)) as ltv_amount
from assigned
union all
select
    customer_id, date '{FOLLOW_UP}' as snapshot_date,
    cast(
        case when not isnan(value_after) then value_after end
        as decimal(18, 2)
    ) as ltv_amount
from assigned
union all
select customer_id, date '{AS_OF}' as snapshot_date, null as ltv_amount
from assigned;
"""

# The project's models that run on these tables.
MODELS = (
    "int_cst_ledger_entries", "int_cst_repurchase_outcomes",
    "int_cst_windows_closed", "int_cst_contacts_by_strategy",
    "int_cst_recent_contacts", "dws_cst_retention",
    "ads_cst_strategy_outcome", "ads_cst_strategy_effect",
    "ads_cst_strategy_ltv_outcome", "ads_cst_strategy_ltv_effect",
)


def write_worlds(worlds, path):
    """Write the tables that MODELS read to a new database file."""
    with duckdb.connect(str(path)) as connection:
        for name, rows in worlds.tables.items():
            connection.register(name, rows)
        connection.execute(SETUP)
