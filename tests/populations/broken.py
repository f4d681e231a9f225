"""The warehouse without one of its guards: would anybody notice?

A guard is taken out of the SQL that dbt compiled; the model, and what reads it
on the way to the list, is built again from there and then undone.
"""

import re

import duckdb
from populations import check

# Those that may be built again, in their order.
MODELS = [
    "int_cst_consents_held", "int_cst_consents", "int_cst_versions_compared",
    "int_cst_customer_periods", "dim_cst_customer", "int_cst_address_refusals",
    "int_cst_service_daily", "int_cst_service_windows",
    "int_cst_service_experience", "int_cst_purchases", "int_cst_purchase_days",
    "int_cst_contacts", "int_cst_recent_contacts", "int_cst_last_contacts",
    "int_cst_contact_obstacles", "int_cst_strategies_in_force",
    "int_cst_retention", "dws_cst_retention", "int_cst_list_priorities",
    "ads_cst_audience",
]
LIST = "ads_cst_audience"
# What is broken: the model, a pattern of its compiled SQL, what stands there.
BROKEN = {
    **{
        f"nobody is {reason}": (LIST, rf"when [^\n]*\s+then '{reason}'", "")
        for reason in (
            "erased", "no_address", "same_address_opted_out", "open_ticket",
            "refund_running", "bad_experience", "just_bought", "frequency_cap", "channel_cap",
            "quiet_period", "cadence",
        )
    },
    "consent is not asked": (
        LIST, r"when not has_contact_consent\b", "when false",
    ),
    "unknown consent is a refusal": (
        LIST, "contact_consent = 'unknown'", "false",
    ),
    "budgets are not kept": (
        LIST, r">= affordable_count", ">= null",
    ),
    "the held-out take places of a budget": (
        LIST, "and not is_holdout and", "and",
    ),
    "what the list has cost is not taken off": (
        LIST, r"- priorities\.list_cost_amount", "- 0",
    ),
    "chance draws anew each night": (
        "int_cst_list_priorities", r"cast\(list_date as (\w+)",
        r"cast(snapshot_date as \1",
    ),
    "chance places nobody": (LIST, r"then ceil\(", "then 0 * ceil("),
    "the list forgets who is held out": (
        LIST, r"\n        is_holdout,", "\n        false as is_holdout,",
    ),
    "retention forgets who is held out": (
        "dws_cst_retention", r"retention_today\.is_holdout,",
        "false as is_holdout,",
    ),
    "the program holds nobody out": (
        "int_cst_strategies_in_force",
        r"program_groups\.is_program_holdout\s+or ", "",
    ),
    "episodes hold nobody out": (
        "int_cst_strategies_in_force", r"substr\(md5\([^\n]*, 1, 8\)\s*<",
        "'z' <",
    ),
    "an account that lost its e-mail is reached by it": (
        "dim_cst_customer", r"and customer_details\.email is not null", "",
    ),
    "a country code makes another mobile": (
        "int_cst_address_refusals",
        r"right\((regexp_replace[\s\S]*?'g'\s*\)), 10\)", r"\1",
    ),
    "spaces make another mobile": (
        "int_cst_address_refusals", r"\[\^0-9\]", "[^0-9 ]",
    ),
    "signs that are seldom make another mobile": (
        "int_cst_address_refusals", r"\[\^0-9\]", "[-+(). ]",
    ),
    "wide digits make another mobile": (
        "int_cst_address_refusals", r"translate\((\S+), '０[^']*', '[^']*'\)",
        r"\1",
    ),
    "capitals make another e-mail": (
        "int_cst_address_refusals", r"lower\((customer_details\.email)\)",
        r"\1",
    ),
    "a refusal of all closes only its own channels": (
        "int_cst_address_refusals", r"periods\.contact_consent = 'refused'",
        "false",
    ),
    "a refusal of SMS is the refuser's own": (
        "int_cst_address_refusals", r"consents\.consent_sms = 'refused'",
        "false",
    ),
    "the merged still refuse for others": (
        "int_cst_address_refusals", r"merged_customers\.customer_id is null",
        "true",
    ),
    "an erasure does not reach the periods": (
        "int_cst_versions_compared",
        r"coalesce\(erased_customers\.is_deleted, false\)", "false",
    ),
    "a refusal ends with the next version": (
        "int_cst_consents_held",
        r"max\((\w+_refused_at)\) over versions_so_far", r"\1",
    ),
    "a general refusal leaves channels": (
        "int_cst_consents", r"and not is_\w+_generally_refused", "",
    ),
    "general consent allows WeCom": (
        "int_cst_consents", r"when contact_consent = 'granted' then 'unknown'",
        "",
    ),
    "a resolved ticket stays open": (
        "int_cst_service_daily",
        r"count\(case when step = 'closed' then 1 end\)", "0",
    ),
    "a ticket is closed before it is": (
        "int_cst_service_daily",
        r"(from tickets_dated\s+where\s+resolved_date is not null)",
        r"\1 or true",
    ),
    "a bad experience is one of CSAT 1": (
        "int_cst_service_daily", r"csat_score <= 2", "csat_score <= 1",
    ),
    "a refund is awaited from the day after": (
        "int_cst_contact_obstacles", r"(first_requested_date\s*)<=", r"\1<",
    ),
    "a refund leaves a purchase": (
        "int_cst_contact_obstacles",
        r"purchase_days\.fully_refunded_date is null", "true",
    ),
    "a purchase counts a day less": (
        "int_cst_contact_obstacles",
        r"(last_purchase_date \+ [^>]*) >", r"\1 - 1 >",
    ),
    "the quiet period is a day shorter": (
        "int_cst_contact_obstacles", r"(\.last_contact_date \+ [^>]*) >",
        r"\1 - 1 >",
    ),
    "the cadence is a day shorter": (
        "int_cst_contact_obstacles",
        r"(last_strategy_contact_date \+ [^>]*) >", r"\1 - 1 >",
    ),
    "a bad experience passes a day later": (
        "int_cst_contact_obstacles", r"(days_since_bad_experience\s*<)",
        r"\1 1 +",
    ),
    "a channel's cap is one more": (
        "int_cst_contact_obstacles", r"(sms_count, 0\)\s*>=)", r"\1 1 +",
    ),
    "a cap's window is a day longer": (
        "int_cst_recent_contacts", r"(contacts\.touched_date \+ [^>]*) >",
        r"\1 >=",
    ),
    "a channel's window is a day longer": (
        "int_cst_last_contacts", r"(contacts\.touched_date \+ [^>]*) >",
        r"\1 >=",
    ),
    "control rows are contacts": (
        "int_cst_recent_contacts", "where not is_control", "",
    ),
    "a merged customer's contacts are lost": (
        "int_cst_contacts",
        r"merged_customers\.surviving_customer_id, touches", "touches",
    ),
    "a merged customer's purchases are lost": (
        "int_cst_purchases",
        r"merged_customers\.surviving_customer_id, orders", "orders",
    ),
    "a merged customer's tickets are lost": (
        "int_cst_service_daily",
        r"merged_customers\.surviving_customer_id, tickets", "tickets",
    ),
    "nobody's own channel comes first": (
        LIST, r"when preferred_channel = ", "when null = ",
    ),
}
PUBLISHED = r'"published"\."cst_published"\."(\w+)"'


def compiled(warehouse):
    """The SQL of the models, in the order of their building."""
    folder = warehouse.target / "compiled" / "cst" / "models"
    files = {path.stem: path for path in folder.rglob("*.sql")}
    return {model: files[model].read_text() for model in MODELS}


def without(built, name):
    """What check() finds without the guard."""
    broken, pattern, new = BROKEN[name]
    models = compiled(built.warehouse)
    models[broken], count = re.subn(pattern, new, models[broken])
    assert count, f"{broken} has no {pattern}"
    with duckdb.connect(str(built.warehouse.database)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        schemas = dict(connection.execute(
            "select table_name, table_schema from information_schema.tables "
            "where table_catalog = 'cst'"
        ).fetchall())
        publish_nothing(connection, models.values(), schemas)
        connection.execute("begin")
        again = []
        for model, sql in models.items():
            if model == broken or any(f'"{other}"' in sql for other in again):
                again.append(model)
                connection.execute(
                    f"create or replace table cst.{schemas[model]}.{model} as "
                    + sql
                )
        assert again[-1] == LIST, f"{broken} does not lead to the list"
        found = check(built, lambda sql: connection.execute(sql).fetchall())
        connection.execute("rollback")
    return found


def publish_nothing(connection, texts, schemas):
    """The tables that an earlier run would have published, without rows."""
    connection.execute("attach ':memory:' as published")
    connection.execute("create schema published.cst_published")
    for table in sorted(set(re.findall(PUBLISHED, "".join(texts)))):
        connection.execute(
            f"create table published.cst_published.{table} as "
            f"from cst.{schemas[table]}.{table} limit 0"
        )
