"""Who may be contacted, said a second time: from the rows as delivered and from
what docs/audience.md says, customer by customer.

It knows nothing of the warehouse's SQL. From the warehouse come only who is on
the list, with which strategy since when, and in which order of priority.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from hashlib import md5
from math import ceil, floor

LOCAL = timezone(timedelta(hours=8))
# In the order of the page, with the address that each needs.
CHANNELS = {
    "sms": "mobile", "email": "email", "wecom": None, "push": None,
    "phone": "mobile",
}
YES = {"true", "t", "yes", "y", "1", "是"}
NO = {"false", "f", "no", "n", "0", "否"}
VALID_ORDERS = {"paid", "shipped", "completed"}
RUNNING_REFUNDS = {
    "requested", "pending", "approved", "processing", "申请中", "处理中", "退款中",
}
VOID_REFUNDS = {
    "rejected", "cancelled", "canceled", "closed", "已拒绝", "已取消", "已关闭",
}
CLOSED_TICKETS = {"closed", "resolved", "cancelled"}
LOW_CSAT = 2
LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)
FOREVER = datetime.max.replace(tzinfo=timezone.utc)


@dataclass
class Settings:
    """The vars that decide, with the defaults of the project, and the columns
    of the seed cst_strategies, by strategy."""

    as_of_date: date
    unknown_is_granted: bool = False
    contact_cap: int = 4
    contact_cap_days: int = 30
    channel_caps: dict = field(default_factory=dict)
    quiet_days: int = 3
    just_bought_days: int = 7
    bad_experience_days: int = 30
    exploration_share: float = 0.1
    holdout_share: float = 0.1
    program_holdout_share: float = 0.05
    salt: str = "cst-retention-1"
    cadence_days: dict = field(default_factory=dict)
    preferred_channel: dict = field(default_factory=dict)
    budget_amount: dict = field(default_factory=dict)

    def list_date(self):
        """The newest month end: the list in use."""
        day_after = self.as_of_date + timedelta(days=1)
        return day_after.replace(day=1) - timedelta(days=1)

    def edges(self):
        """Days ago on which something no longer stands against a contact."""
        return {
            "bought": [self.just_bought_days],
            "rated": [self.bad_experience_days],
            "contacted": sorted({
                self.contact_cap_days, self.quiet_days,
                *self.cadence_days.values(),
            }),
        }


@dataclass
class Listed:
    """A customer on the list, as the warehouse publishes it."""

    strategy: str
    start_date: date
    snapshot_date: date
    priority: int


@dataclass
class Expected:
    channel: str | None
    reason: str | None
    is_holdout: bool
    recent_contacts: int
    is_explored: bool = False


@dataclass
class Person:
    """What the rows of a customer say of them now."""

    consent: str = "unknown"
    by_channel: dict = field(
        default_factory=lambda: dict.fromkeys(CHANNELS, "unknown")
    )
    addresses: dict = field(default_factory=dict)
    is_erased: bool = False
    is_blank: bool = True


# -- reading ----------------------------------------------------------------


def instant(text):
    """A time as text; without an offset it is in UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)


def day(at):
    return at.astimezone(LOCAL).date()


def is_readable(text):
    try:
        instant(text)
    except ValueError:
        return False
    return True


def newest(rows, key):
    """The newest version of each key."""
    versions = {}
    for row in rows:
        other = versions.get(row[key])
        if other is None or (
            instant(row["updated_at"]) > instant(other["updated_at"])
        ):
            versions[row[key]] = row
    return versions


def said(row, column):
    """granted, refused, or None where a row says nothing. What cannot be read
    may be a withdrawal, and so is an erasure that cannot."""
    text = row[column].lower()
    erasure = row["is_deleted"].lower()
    if text and text not in YES or erasure and erasure not in YES | NO:
        return "refused"
    return "granted" if text else None


def addresses(row):
    """The addresses of a row, as they are the same for all who have them: an
    e-mail in any case, a mobile by its last ten digits."""
    digits = "".join(str(int(c)) for c in row["mobile"] if c.isdigit())
    found = {"email": row["email"].strip().lower(), "mobile": digits[-10:]}
    return {kind: address for kind, address in found.items() if address}


# -- people -----------------------------------------------------------------


class People:
    """The customers of a feed: consent, addresses, erasures, merges."""

    def __init__(self, rows, settings):
        self.settings = settings
        own = defaultdict(list)
        for row in rows:
            own[row["customer_id"]].append((instant(row["updated_at"]), row))
        self.rows = {
            customer: sorted(versions, key=lambda version: version[0])
            for customer, versions in own.items()
        }
        # A row that cannot be read withdraws, but is no version.
        self.versions = {
            customer: [
                version for version in versions
                if is_readable(version[1]["registered_at"])
            ]
            for customer, versions in self.rows.items()
        }
        self.merges = {
            customer: versions[-1][1]["merged_into_customer_id"]
            for customer, versions in self.versions.items()
            if versions and versions[-1][1]["merged_into_customer_id"]
        }
        self.people = {
            customer: self.person(customer) for customer in self.rows
        }
        self.refused_at = self.refusals()

    def chain(self, customer):
        """The customer and all whom they were merged into, one by one."""
        seen = [customer]
        while (after := self.merges.get(seen[-1])) and after not in seen:
            seen.append(after)
        return seen

    def survivor(self, customer):
        """Who is left; in a circle nobody is, so each stands for themselves."""
        last = self.chain(customer)[-1]
        return customer if last in self.merges else last

    def is_merged(self, customer):
        return self.survivor(customer) != customer

    def person(self, customer):
        """An erasure covers who was merged into the one who asked, too. What
        was written before one that was taken back stays hidden."""
        person = Person()
        hidden_until = max(map(self.erased_until, self.chain(customer)))
        person.is_erased = hidden_until == FOREVER
        if not self.versions[customer]:
            return person
        written_at, row = self.versions[customer][-1]
        person.is_blank = written_at <= hidden_until
        if person.is_blank:
            person.consent = "refused"
            return person
        person.by_channel = self.consents(customer)
        values = set(person.by_channel.values())
        person.consent = next(
            consent for consent in ("granted", "unknown", "refused")
            if consent in values
        )
        person.addresses = addresses(row)
        return person

    def erased_until(self, customer):
        """FOREVER, the instant of an erasure that was taken back, or none."""
        rows = self.rows.get(customer, [])
        asked = [at for at, row in rows if row["is_deleted"].lower() in YES]
        revoked = [at for at, row in rows if row["is_deleted"].lower() in NO]
        if not asked:
            return LONG_AGO
        if max(revoked, default=LONG_AGO) > max(asked):
            return max(asked)
        return FOREVER

    def erased_at(self, customer):
        """When the customer's own erasure that still holds was asked for."""
        if self.erased_until(customer) != FOREVER:
            return None
        rows = self.rows[customer]
        revoked = max(
            (at for at, row in rows if row["is_deleted"].lower() in NO),
            default=LONG_AGO,
        )
        return min(
            at for at, row in rows
            if row["is_deleted"].lower() in YES and at >= revoked
        )

    def consents(self, customer):
        """What is said of a channel stands before what is said in general."""
        general = self.held(customer, "contact_consent")
        newest_at = self.versions[customer][-1][0]
        found = {}
        for channel, address in CHANNELS.items():
            own = self.held(customer, f"consent_{channel}")
            # … unless another row refuses everything since.
            if own == "granted" and any(
                said(row, "contact_consent") == "refused"
                and said(row, f"consent_{channel}") is None
                for at, row in self.rows[customer] if at >= newest_at
            ):
                own = "refused"
            if own == "unknown" and (address or general != "granted"):
                own = general
            found[channel] = own
        return found

    def held(self, customer, column):
        """A refusal holds until a newer version grants the same; a version
        that says nothing makes of what was granted an unknown consent."""
        refused = max(
            (at for at, row in self.rows[customer]
             if said(row, column) == "refused"), default=None,
        )
        granted = max(
            (at for at, row in self.versions[customer]
             if said(row, column) == "granted"), default=LONG_AGO,
        )
        if refused is not None and refused >= granted:
            return "refused"
        return said(self.versions[customer][-1][1], column) or "unknown"

    def refusals(self):
        """Channels that are closed at an address: all of them where somebody
        there refused every one."""
        closed = defaultdict(set)
        for customer, person in self.people.items():
            if person.is_erased or person.is_blank or self.is_merged(customer):
                continue
            for kind, address in person.addresses.items():
                closed[kind, address] |= {
                    channel for channel, needed in CHANNELS.items()
                    if person.consent == "refused"
                    or needed == kind
                    and person.by_channel[channel] == "refused"
                }
        return closed

    def agrees(self, consent):
        return consent == "granted" or (
            consent == "unknown" and self.settings.unknown_is_granted
        )

    def reachable(self, customer):
        """Channels that the customer agreed to and has an address for."""
        person = self.people.get(customer, Person())
        if person.is_erased or person.is_blank:
            return []
        return [
            channel for channel, needed in CHANNELS.items()
            if (
                self.agrees(person.by_channel[channel])
                and needed in person.addresses if needed
                else person.by_channel[channel] == "granted"
            )
        ]

    def closed(self, customer):
        """Channels that somebody at the customer's addresses refused."""
        person = self.people.get(customer, Person())
        return set().union(*(
            self.refused_at[address] for address in person.addresses.items()
        ))


# -- what happened ----------------------------------------------------------


def days_since_purchase(rows, people, as_of):
    """By customer: since the newest purchase of which some money was kept."""
    refunds = defaultdict(int)
    for row in newest(rows["ods_trd_refund"], "refund_id").values():
        status = row.get("refund_status", "").lower()
        if status in RUNNING_REFUNDS | VOID_REFUNDS:
            continue
        if day(instant(row["refunded_at"])) <= as_of:
            refunds[row["order_id"]] += round(100 * float(row["refund_amount"]))
    since = {}
    for order, row in newest(rows["ods_trd_order"], "order_id").items():
        bought = day(instant(row["paid_at"] or row["ordered_at"]))
        if (
            row["order_status"].lower() not in VALID_ORDERS
            or bought > as_of
            or refunds[order] >= round(100 * float(row["order_amount"]))
        ):
            continue
        customer = people.survivor(row["customer_id"])
        days = (as_of - bought).days
        since[customer] = min(days, since.get(customer, days))
    return since


def awaiting_refund(rows, people, as_of):
    """Who asked for money that is not settled yet: since the first version."""
    asked = {}
    for row in rows["ods_trd_refund"]:
        at = instant(row["updated_at"])
        asked[row["refund_id"]] = min(at, asked.get(row["refund_id"], at))
    orders = newest(rows["ods_trd_order"], "order_id")
    return {
        people.survivor(orders[row["order_id"]]["customer_id"])
        for refund, row in newest(rows["ods_trd_refund"], "refund_id").items()
        if row.get("refund_status", "").lower() in RUNNING_REFUNDS
        and day(asked[refund]) <= as_of
    }


def tickets(rows, people, as_of):
    """Who has an open ticket, and days since the last bad experience."""
    has_open, since_bad = set(), {}
    for row in newest(rows["ods_svc_ticket"], "ticket_id").values():
        created = day(instant(row["created_at"]))
        customer = people.survivor(row["customer_id"])
        is_closed = row["ticket_status"].lower() in CLOSED_TICKETS
        # Known with the resolution, or else with the row that says it.
        settled = max(created, day(instant(
            is_closed and row["resolved_at"] or row["updated_at"]
        )))
        if created <= as_of and not (is_closed and settled <= as_of):
            has_open.add(customer)
        is_bad = row["csat_score"] and int(row["csat_score"]) <= LOW_CSAT
        if is_bad and settled <= as_of:
            days = (as_of - settled).days
            since_bad[customer] = min(days, since_bad.get(customer, days))
    return has_open, since_bad


@dataclass
class Contacts:
    """The contacts of a customer up to the as-of date."""

    recent: Counter = field(default_factory=Counter)  # by channel
    days_ago: int | None = None
    days_ago_of: dict = field(default_factory=dict)  # by strategy


def contacts(rows, people, settings):
    """Contacts by customer, and by strategy what one costs on average and what
    those have cost that followed from the list in use."""
    strategies = {
        row["campaign_id"]: row["strategy_code"]
        for row in rows["ods_prm_campaign"]
    }
    found, costs = defaultdict(Contacts), defaultdict(list)
    spent = Counter()
    for row in newest(rows["ods_prm_touch"], "touch_id").values():
        if row["is_control"] == "true":
            continue
        strategy = strategies.get(row["campaign_id"], "")
        touched = day(instant(row["touched_at"]))
        days = (settings.as_of_date - touched).days
        if days < 0:
            continue
        cost = float(row["touch_cost"] or 0)
        costs[strategy].append(cost)
        if touched > settings.list_date():
            spent[strategy] += cost
        own = found[people.survivor(row["customer_id"])]
        if days < settings.contact_cap_days:
            own.recent[row["touch_channel"].lower()] += 1
        own.days_ago = days if own.days_ago is None else min(days, own.days_ago)
        own.days_ago_of[strategy] = min(
            days, own.days_ago_of.get(strategy, days)
        )
    return found, {
        strategy: sum(values) / len(values)
        for strategy, values in costs.items()
    }, spent


# -- the list ---------------------------------------------------------------


def is_drawn(text, share):
    """A hash of 32 bits against a share of them."""
    return int(md5(text.encode()).hexdigest()[:8], 16) < int(share * 2**32)


class Oracle:
    """What a feed says of its customers, and so of any list of them."""

    def __init__(self, rows, settings):
        self.settings = settings
        as_of = settings.as_of_date
        self.people = People(rows["ods_cst_customer"], settings)
        self.since_purchase = days_since_purchase(rows, self.people, as_of)
        self.awaiting = awaiting_refund(rows, self.people, as_of)
        self.has_open, self.since_bad = tickets(rows, self.people, as_of)
        self.contacted, self.costs, self.spent = contacts(
            rows, self.people, settings
        )

    def expected_list(self, listed):
        """What the list has to say of each customer who is on it."""
        found = {}
        for customer, row in listed.items():
            channel, reason = self.judged(customer, row.strategy)
            recent = self.contacted.get(customer, Contacts()).recent.total()
            found[customer] = Expected(
                channel, reason, self.is_holdout(customer, row), recent
            )
        for strategy, budget in self.settings.budget_amount.items():
            left = max(budget - self.spent[strategy], 0)
            if budget == 0 or self.costs.get(strategy):
                spend(
                    # a hair more, as a float may fall short of a whole number
                    floor(left / self.costs[strategy] + 1e-9) if left else 0,
                    self.settings,
                    {c: r for c, r in listed.items() if r.strategy == strategy},
                    found,
                )
        return found

    def is_holdout(self, customer, row):
        """Of the program, or of the episode."""
        settings = self.settings
        return is_drawn(
            f"{settings.salt}/program:{customer}",
            settings.program_holdout_share,
        ) or is_drawn(
            f"{settings.salt}:{customer}:{row.strategy}:{row.start_date}",
            settings.holdout_share,
        )

    def judged(self, customer, strategy):
        """The channel to take, and the first reason not to."""
        settings, people = self.settings, self.people
        person = people.people.get(customer, Person())
        own = self.contacted.get(customer, Contacts())
        reachable = people.reachable(customer)
        closed = people.closed(customer)
        permitted = [c for c in reachable if c not in closed]
        free = [
            channel for channel in permitted
            if own.recent[channel]
            < settings.channel_caps.get(channel, float("inf"))
        ]
        preferred = settings.preferred_channel.get(strategy)
        channel = preferred if preferred in free else next(iter(free), None)

        def within(days, limit):
            return days is not None and days < limit

        reasons = {
            "erased": person.is_erased,
            "consent_unknown": person.consent == "unknown"
            and not people.agrees(person.consent),
            "no_consent": not people.agrees(person.consent),
            "no_address": not reachable,
            "same_address_opted_out": not permitted,
            "open_ticket": customer in self.has_open,
            "refund_running": customer in self.awaiting,
            "bad_experience": within(
                self.since_bad.get(customer), settings.bad_experience_days
            ),
            "just_bought": within(
                self.since_purchase.get(customer), settings.just_bought_days
            ),
            "frequency_cap": own.recent.total() >= settings.contact_cap,
            "channel_cap": not free,
            "quiet_period": within(own.days_ago, settings.quiet_days),
            "cadence": within(
                own.days_ago_of.get(strategy),
                settings.cadence_days.get(strategy, 0),
            ),
        }
        first = next((why for why, holds in reasons.items() if holds), None)
        return channel, first


def spend(affordable, settings, listed, found):
    """The first places of a budget go by chance, the others by priority. Who is
    held out stands where they would be contacted, and takes no place."""
    able = [customer for customer in listed if found[customer].reason is None]

    def draw(customer):
        text = f"{settings.salt}/explore:{customer}:"
        return md5(
            f"{text}{settings.list_date()}".encode()
        ).hexdigest()

    def places(customers):
        taken = 0
        for customer in customers:
            yield customer, taken
            taken += not found[customer].is_holdout

    candidates = sum(not found[customer].is_holdout for customer in able)
    explored = ceil(round(
        min(affordable, candidates) * settings.exploration_share, 6
    ))
    for customer, taken in places(sorted(able, key=lambda c: (draw(c), c))):
        found[customer].is_explored = taken < explored
    in_order = sorted(able, key=lambda customer: (
        not found[customer].is_explored, listed[customer].priority,
    ))
    for customer, taken in list(places(in_order)):
        if taken >= affordable:
            found[customer].reason = "over_budget"
