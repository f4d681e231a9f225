"""Builds of many small populations, and what must hold of their lists."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import duckdb
from list_oracle import CHANNELS, Listed, Oracle, Settings, day
from simulation.hostile import write_folder
from simulation.populations import make_feed
from warehouse import Warehouse

# What is said of them in cst_strategies in the builds that try it.
CADENCE = {
    "vip_maintenance": 14, "activation": 10, "wake_up": 14,
    "first_purchase": 10,
}
PREFERRED = {
    "vip_maintenance": "phone", "activation": "push", "wake_up": "email",
}
MONTH_END, BETWEEN = date(2025, 6, 30), date(2025, 6, 17)
# All rules at once: what the short form builds.
CHANGED = Settings(
    BETWEEN, contact_cap=3, contact_cap_days=14,
    channel_caps={"sms": 1, "email": 2, "phone": 1}, quiet_days=2,
    just_bought_days=3, bad_experience_days=10, holdout_share=0.15,
    program_holdout_share=0.05, exploration_share=0.25, salt="other's",
    cadence_days=CADENCE, preferred_channel=PREFERRED,
    budget_amount={"activation": 2, "wake_up": 4},
)
# One build each; the money of a budget is what is left of it for 100
# populations, whatever the list has cost so far. 0 is a budget of 0.
SETTINGS = [
    CHANGED,
    Settings(MONTH_END),
    replace(CHANGED, as_of_date=MONTH_END, unknown_is_granted=True,
            channel_caps={"sms": 0, "wecom": 1}, contact_cap=2,
            holdout_share=0.3, budget_amount={}),
    Settings(BETWEEN, quiet_days=0, just_bought_days=0, bad_experience_days=0,
             contact_cap=7, channel_caps=dict.fromkeys(CHANNELS, 1)),
    Settings(MONTH_END, contact_cap=1, contact_cap_days=1, quiet_days=30,
             just_bought_days=60, bad_experience_days=90,
             cadence_days=dict.fromkeys(CADENCE, 45), holdout_share=0),
    Settings(BETWEEN, contact_cap=5, contact_cap_days=45, quiet_days=1,
             budget_amount=dict.fromkeys((*PREFERRED, "first_purchase"), 3),
             exploration_share=1, program_holdout_share=0.5,
             preferred_channel=dict.fromkeys(PREFERRED, "wecom")),
    Settings(MONTH_END, unknown_is_granted=True, contact_cap=3,
             channel_caps={"phone": 0, "email": 0}, exploration_share=0,
             budget_amount={"wake_up": 2, "first_purchase": 0},
             cadence_days={"wake_up": 14}, holdout_share=0.6),
    Settings(BETWEEN, contact_cap=6, quiet_days=0, cadence_days=CADENCE,
             just_bought_days=1, bad_experience_days=1),
]
REASONS = [
    "to contact", "held out", "erased", "no_consent", "consent_unknown",
    "no_address", "same_address_opted_out", "open_ticket", "refund_running",
    "bad_experience",
    "just_bought", "frequency_cap", "channel_cap", "quiet_period", "cadence",
    "over_budget",
]
LISTED = """
    select
        retention.customer_id, retention.strategy_code,
        retention.episode_start_date, retention.snapshot_date,
        retention.is_holdout, audience.customer_id is not null,
        audience.strategy_code, audience.priority, audience.contact_channel,
        audience.no_contact_reason, audience.is_contactable,
        audience.is_holdout, audience.recent_contact_count,
        audience.is_explored
    from (
        select * from cst_dws.dws_cst_retention where is_current
    ) as retention
    full join (
        select * from cst_ads.ads_cst_audience where is_current
    ) as audience
        on retention.customer_id = audience.customer_id
"""


def dbt_vars(settings):
    """The settings as vars, with snapshots since two months before."""
    as_of = settings.as_of_date
    return {
        "cst_as_of_date": str(as_of),
        "cst_start_date": str(date(as_of.year, as_of.month - 2, 20)),
        "cst_unknown_consent_is_granted": settings.unknown_is_granted,
        "retention_salt": settings.salt,
        **{
            f"retention_{name}": getattr(settings, name) for name in (
                "contact_cap", "contact_cap_days", "channel_caps",
                "quiet_days", "just_bought_days", "bad_experience_days",
                "exploration_share", "holdout_share", "program_holdout_share",
            )
        },
    }


@dataclass
class Build:
    """Populations, their warehouse and what is expected of them."""

    settings: Settings
    rows: dict
    warehouse: Warehouse
    seconds: float

    @cached_property
    def oracle(self):
        return Oracle(self.rows, self.settings)

    @property
    def customers(self):
        return len({r["customer_id"] for r in self.rows["ods_cst_customer"]})


def build(folder, settings, numbers, seed=1):
    """A warehouse with the lists of these populations."""
    started = time.monotonic()
    rows = make_feed(numbers, settings.as_of_date, settings.edges(), seed)
    spent = Oracle(rows, settings).spent
    settings = replace(settings, budget_amount={
        strategy: round(spent[strategy], 2) + amount * len(numbers) // 100
        if amount else 0
        for strategy, amount in settings.budget_amount.items()
    })
    warehouse = Warehouse(folder, **dbt_vars(settings))
    write_folder(rows, warehouse.ods)
    # A company's own columns of a seed: written between seed and models.
    without_tests = ["--exclude-resource-type", "test", "unit_test"]
    for command in (
        ["seed", "--select", "path:seeds/rules"],
        ["build", "--select", "+ads_cst_audience", *without_tests, "seed"],
    ):
        result = warehouse.run(*command)
        assert result.returncode == 0, result.text[-2500:]
        if command[0] == "seed":
            set_strategies(warehouse, settings)
    return Build(settings, rows, warehouse, time.monotonic() - started)


def set_strategies(warehouse, settings):
    with duckdb.connect(str(warehouse.database)) as connection:
        for column in ("cadence_days", "preferred_channel", "budget_amount"):
            for strategy, value in getattr(settings, column).items():
                connection.execute(
                    f"update cst_rules.cst_strategies set {column} = ? "
                    "where strategy_code = ?", [value, strategy],
                )


def check(built: Build, query=None) -> list:
    """What is not as it has to be, in words. query(sql) reads the database."""
    found = (query or built.warehouse.rows)(LISTED)
    problems = [
        f"{row[0]} has a strategy, but is not on the list" if row[0]
        else "somebody is on the list without a strategy"
        for row in found if row[0] is None or not row[5]
    ]
    found = [row for row in found if row[0] is not None and row[5]]
    listed = {
        row[0]: Listed(row[1], row[2], row[3], row[7]) for row in found
    }
    if len(listed) != len(found):
        problems.append("a customer is on the list twice")
    expected = built.oracle.expected_list(listed)
    for (
        customer, strategy, _, snapshot, is_held_out, _, listed_strategy, _,
        channel, reason, is_contactable, is_holdout, recent, is_explored,
    ) in found:
        want = expected[customer]
        for name, is_found, is_wanted in (
            ("strategy", listed_strategy, strategy),
            ("snapshot", snapshot, built.settings.as_of_date),
            ("channel", channel, want.channel),
            ("reason", reason, want.reason),
            ("contactable", is_contactable, want.reason is None),
            ("held out", is_holdout, want.is_holdout),
            ("held out of retention", is_held_out, want.is_holdout),
            ("recent contacts", recent or 0, want.recent_contacts),
            ("explored", is_explored, want.is_explored),
        ):
            if is_found != is_wanted:
                problems.append(
                    f"{customer} {name}: {is_found}, expected {is_wanted}"
                )
    people, as_of = built.oracle.people, built.settings.as_of_date
    problems += withdrawn_but_listed(found, people)
    problems += parts_that_do_not_reconcile(found)
    for customer in listed:
        if people.is_merged(customer):
            problems.append(f"{customer} was merged, but is on the list")
        erased_at = people.erased_at(customer)
        if erased_at and day(erased_at) <= as_of:
            problems.append(f"{customer} was erased, but is on the list")
    return problems


def withdrawn_but_listed(found, people):
    """Whom nobody may contact, whatever the reasons say: by rows alone."""
    problems = []
    for customer, *_, channel, _, is_able, is_holdout, _, _ in found:
        if not is_able or is_holdout:
            continue
        person = people.people.get(customer)
        if person is None or person.is_erased or people.is_merged(customer):
            problems.append(f"{customer} is to be contacted, but is gone")
        elif channel not in people.reachable(customer):
            problems.append(f"{customer} did not agree to {channel}")
        elif channel in people.closed(customer):
            problems.append(f"{channel} is refused at {customer}'s address")
    return problems


def parts_that_do_not_reconcile(found):
    """assigned = to contact + held out + each reason, per population and
    strategy."""
    parts = defaultdict(Counter)
    for customer, strategy, *_, reason, is_able, is_holdout, _, _ in found:
        own = parts[customer.split("-")[0], strategy]
        own["assigned"] += 1
        own["held out"] += is_holdout
        own["to contact"] += is_able and not is_holdout
        own[f"for {reason}"] += not is_holdout and reason is not None
    return [
        f"{population} {strategy}: {dict(own)} do not add up"
        for (population, strategy), own in parts.items()
        if 2 * own["assigned"] != own.total()
    ]


def parts(built):
    """Rows of the list by reason; those to contact, and those held out."""
    counts = Counter()
    for reason, is_holdout, count in built.warehouse.rows("""
        select coalesce(no_contact_reason, 'to contact'), is_holdout, count(*)
        from cst_ads.ads_cst_audience where is_current group by all
    """):
        counts["held out" if is_holdout else reason] += count
    return counts
