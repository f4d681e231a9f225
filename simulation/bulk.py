"""Files of all nine sources in any size, made by DuckDB in seconds.

On average, a customer has ten orders and fifty events over two years; a tenth
of the orders come in two versions. The values come from hashes, so every run
gives the same.
"""

from pathlib import Path

import duckdb

# A number between 0 and 1 from the row's number and a salt.
CHANCE = """
    create macro chance(number, salt) as
        (hash(hash(number, salt)) % 1000000) / 1000000
"""

SOURCES = {
    "ods_cst_customer": """
        select
            'C' || i as customer_id,
            timestamp '2024-01-01' + to_seconds(
                cast(chance(i, 'registered') * 63e6 as bigint)
            ) as registered_at,
            registered_at + interval 1 hour as updated_at,
            'City ' || i % 300 as city,
            chance(i, 'consent') < 0.8 as contact_consent,
            'c' || i || '@example.com' as email
        from range({customers}) as numbers(i)
    """,
    "ods_trd_order": """
        select
            'O' || i as order_id,
            'C' || cast(
                floor(power(chance(i, 'buyer'), 2) * {customers}) as bigint
            ) as customer_id,
            timestamp '2024-01-01' + to_seconds(
                cast(chance(i, 'ordered') * 63e6 as bigint)
            ) as ordered_at,
            case when chance(i, 'paid') < 0.95 then 'paid' else 'cancelled' end
                as order_status,
            cast(5 + 200 * power(chance(i, 'amount'), 3) as decimal(18, 2))
                as order_amount,
            ordered_at + version * interval 1 day as updated_at,
            ordered_at as paid_at,
            'web' as order_channel
        from range(10 * {customers}) as numbers(i)
        cross join range(2) as versions(version)
        where version = 0 or i % 10 = 0
    """,
    "ods_trd_order_item": """
        select
            'O' || i || '-' || line as item_id,
            'O' || i as order_id,
            'P' || cast(
                floor(power(chance(i + line, 'product'), 3) * 1000) as bigint
            ) as product_id,
            1 as quantity,
            case line
                when 0 then order_amount - part else part
            end as item_amount,
            cast(item_amount / 2 as decimal(18, 2)) as cost_amount,
            timestamp '2024-01-01' + to_seconds(
                cast(chance(i, 'ordered') * 63e6 as bigint)
            ) as updated_at
        from (
            select
                *,
                cast(5 + 200 * power(chance(i, 'amount'), 3) as decimal(18, 2))
                    as order_amount,
                cast(order_amount / 3 as decimal(18, 2)) as part
            from range(10 * {customers}) as numbers(i)
            cross join range(2) as lines(line)
        ) as parts
    """,
    "ods_trd_refund": """
        select
            'R' || i as refund_id,
            'O' || i * 20 as order_id,
            timestamp '2024-01-01' + to_seconds(
                cast(chance(i * 20, 'ordered') * 63e6 as bigint)
            ) + interval 5 day as refunded_at,
            cast(5 as decimal(18, 2)) as refund_amount,
            refunded_at as updated_at
        from range({customers} // 2) as numbers(i)
    """,
    "ods_prd_product": """
        select
            'P' || i as product_id,
            'Product ' || i as product_name,
            'Category ' || i % 20 || ' > Kind ' || i % 100 as category,
            timestamp '2024-01-01' as updated_at
        from range(1000) as numbers(i)
    """,
    "ods_log_event": """
        select
            'E' || i as event_id,
            list_value('page_view', 'product_view', 'search', 'add_to_cart',
                'checkout')[1 + cast(floor(power(chance(i, 'type'), 2) * 5)
                as bigint)] as event_type,
            timestamp '2024-01-01' + to_seconds(
                cast(chance(i // 8, 'visit') * 63e6 as bigint) + i % 8 * 60
            ) as occurred_at,
            case when chance(i // 8, 'signed_in') < 0.6
                then 'C' || cast(
                    floor(chance(i // 8, 'visitor') * {customers}) as bigint
                )
            end as customer_id,
            'D' || cast(
                floor(chance(i // 8, 'visitor') * {customers}) as bigint
            ) as anonymous_id,
            'mobile' as device_type,
            'app' as channel,
            'Category ' || i % 20 as category,
            occurred_at + interval 1 minute as ingested_at
        from range(50 * {customers}) as numbers(i)
    """,
    "ods_svc_ticket": """
        select
            'T' || i as ticket_id,
            'C' || i * 5 as customer_id,
            timestamp '2024-06-01' + to_seconds(
                cast(chance(i, 'ticket') * 46e6 as bigint)
            ) as created_at,
            'closed' as ticket_status,
            created_at + interval 1 day as updated_at,
            created_at + interval 1 hour as first_responded_at,
            created_at + interval 1 day as resolved_at,
            cast(1 + floor(chance(i, 'csat') * 5) as integer) as csat_score
        from range({customers} // 5) as numbers(i)
    """,
    "ods_prm_campaign": """
        select
            'K' || i as campaign_id,
            'Campaign ' || i as campaign_name,
            list_value('vip_maintenance', 'activation', 'wake_up')[1 + i % 3]
                as strategy_code,
            timestamp '2024-03-01' + to_days(cast(i * 10 as integer))
                as started_at,
            started_at + interval 20 day as ended_at
        from range(60) as numbers(i)
    """,
    "ods_prm_touch": """
        select
            'P' || i as touch_id,
            'K' || i % 60 as campaign_id,
            'C' || cast(floor(chance(i, 'touched') * {customers}) as bigint)
                as customer_id,
            timestamp '2024-03-02' + to_days(cast(i % 60 * 10 as integer))
                as touched_at,
            false as is_control,
            '0.05' as touch_cost,
            touched_at as updated_at
        from range({customers}) as numbers(i)
    """,
}


def write_sources(customers: int, folder: Path) -> dict[str, int]:
    """Write one parquet file per source into a new folder; return how many rows
    each has. Raises FileExistsError if the folder exists."""
    folder.mkdir(parents=True)
    rows = {}
    with duckdb.connect() as connection:
        connection.execute(CHANCE)
        for name, query in SOURCES.items():
            path = folder / f"{name}.parquet"
            (rows[name],) = connection.execute(
                f"copy ({query.format(customers=customers)}) "
                f"to '{path}' (format parquet)"
            ).fetchone()
    return rows
