"""Thousands of small populations in one feed, for the list to contact.

Each population has shares of its own: who agreed to what, who moved, asked to
be erased or was merged, who shares an address with whom, buys, complains or is
contacted. Many shares are 0 or 1, so that in some populations nobody agreed,
everybody has a ticket or all share one mobile. What passes with time happens
near the days on which it passes. No address belongs to two populations.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=8))
CHANNELS = ("sms", "email", "wecom", "push", "phone")
STRATEGIES = ("vip_maintenance", "activation", "wake_up", "first_purchase")
CONSENTS = ("contact_consent", *(f"consent_{channel}" for channel in CHANNELS))
# What a source writes; a consent that cannot be read is a refusal.
YES = ("true", "True", "1", "Y", "是")
NO = ("false", "0", "No", "否")
UNREADABLE = ("unsubscribed", "?", "2")
# What people write between the digits of a mobile, and how they may write them.
MARKS = (" ", "-", ".", " - ", "/", "\u3000", "\u00a0", "\u2013")
WIDE = str.maketrans("0123456789+", "０１２３４５６７８９＋")
# Campaign to the strategy that it carries out, if any.
CAMPAIGNS = {
    **{f"K-{strategy}": strategy for strategy in STRATEGIES},
    "K-wake_up-2": "wake_up", "K-none": "", "K-other": "birthday",
}
UNKNOWN_CAMPAIGN = "K-nobody-delivered"


def _share(rng):
    """0 or 1 in six of ten populations, else anything between."""
    drawn = rng.random()
    if drawn < 0.54:
        return 0.0
    return 1.0 if drawn < 0.6 else rng.random() ** 1.5


@dataclass
class Shares:
    """What is usual in a population, each from 0 to 1."""

    agree: float  # the general consent is given
    say_nothing: float  # … or left empty
    unreadable: float  # … or says what nobody can read
    by_channel: float  # a channel's own consent is said
    agree_by_channel: float
    versions: float
    lacks_mobile: float
    lacks_email: float
    shares_mobile: float
    shares_email: float
    writes_country: float
    erased: float
    merged: float
    rejected_rows: float
    bought: float
    refunded: float
    tickets: float
    rated: float
    contacted: float
    by_one_channel: float  # … by the population's usual one
    controls: float
    unregistered: float

    @classmethod
    def drawn(cls, rng):
        shares = {name: _share(rng) for name in cls.__dataclass_fields__}
        # Most agree to most in half of the populations, or nobody is left.
        if rng.random() < 0.5:
            shares |= {"agree": 1 - shares["agree"] ** 2, "say_nothing": 0.0}
        # What stands last is seen only where nothing stands before it.
        for late in ("contacted", "rated"):
            if rng.random() < 0.6:
                shares[late] = rng.random()
        shares["writes_country"] = rng.random()
        for rare in ("erased", "merged", "rejected_rows", "unregistered"):
            shares[rare] *= rng.choice((0.2, 0.5, 1))
        # A table of which a fifth is rejected stops the build.
        shares["rejected_rows"] *= 0.2
        return cls(**shares)


@dataclass
class Feed:
    rows: dict = field(default_factory=lambda: {
        table: [] for table in (
            "ods_cst_customer", "ods_trd_order", "ods_trd_order_item",
            "ods_trd_refund", "ods_prd_product", "ods_log_event",
            "ods_svc_ticket", "ods_prm_campaign", "ods_prm_touch",
        )
    })

    def add(self, table, **row):
        self.rows[table].append(row)
        return row


class Population:
    """One population, whose ids all begin with `prefix`."""

    def __init__(self, number, rng, as_of, edges, feed):
        self.prefix, self.number = f"p{number:05}", number
        self.rng, self.as_of, self.feed = rng, as_of, feed
        self.edges = edges
        # Drawn apart, so that what else happens stays as it was without them.
        self.asking = random.Random(rng.getstate()[1][1])
        self.asking_share = self.asking.choice((0, 0, 0, 0, 0, 0.1, 0.6))
        self.shares = Shares.drawn(rng)
        self.most_contacts = rng.choice((1, 1, 2, 3, 7))
        self.most_tickets = rng.choice((1, 1, 3))
        self.usual_channel = rng.choice(CHANNELS)
        self.usual_campaign = rng.choice(tuple(CAMPAIGNS))
        self.count = 0

    def happens(self, share):
        return self.rng.random() < getattr(self.shares, share)

    # -- when ---------------------------------------------------------------

    def local(self, days_ago):
        """An instant of the day; every third at its very beginning or end."""
        day = datetime.combine(
            self.as_of - timedelta(days=days_ago), datetime.min.time(), LOCAL
        )
        seconds = self.rng.choice((0, 86399, self.rng.randrange(86400)))
        return day + timedelta(seconds=seconds)

    def near_an_edge(self, event):
        """Days ago: around an edge, on the as-of date or just after it."""
        rng = self.rng
        if rng.random() < 0.7:
            return rng.choice(self.edges[event]) + rng.choice((-1, -1, 0, 1))
        return rng.choice((-5, -1, 0, 0, 1, rng.randrange(60)))

    def written(self, instant):
        """The instant as text: with an offset, or in UTC without one."""
        if self.rng.random() < 0.5:
            return instant.isoformat()
        utc = instant.astimezone(timezone.utc)
        return f"{utc:%Y-%m-%d %H:%M:%S}" + self.rng.choice(("", "Z"))

    # -- the people ----------------------------------------------------------

    def live(self):
        rng = self.rng
        people = [
            f"{self.prefix}-c{number:02}"
            for number in range(rng.randint(5, 15))
        ]
        own = {customer: self.versions(customer) for customer in people}
        for customer, versions in own.items():
            if self.happens("merged"):
                versions[-1]["merged_into_customer_id"] = rng.choice(
                    [other for other in people if other != customer]
                    + [f"{self.prefix}-x0"]
                )
            for row in versions:
                row["updated_at"] = self.written(row["updated_at"])
                self.feed.rows["ods_cst_customer"].append(row)
            if self.happens("rejected_rows"):
                self.rejected_row(versions)
            if rng.random() < 0.03:
                self.feed.add("ods_cst_customer", **rng.choice(versions))
        if self.happens("unregistered"):
            people += [f"{self.prefix}-u{number}" for number in range(2)]
        for customer in people:
            self.buy(customer)
            self.complain(customer)
            self.be_contacted(customer)

    def versions(self, customer):
        """The rows of a customer in the order of their instants."""
        rng = self.rng
        first = rng.choice((rng.randint(20, 300), rng.randint(-3, 60)))
        registered = self.local(first)
        instants = {registered}
        while self.happens("versions") and len(instants) < 4:
            instants.add(self.local(rng.randint(-8, max(first, -7))))
        instants = sorted(at for at in instants if at >= registered)
        rows = [{
            "customer_id": customer,
            "registered_at": registered.isoformat(), "updated_at": at,
            "merged_into_customer_id": "", "is_deleted": "",
        } for at in instants]
        email = mobile = None
        for number, row in enumerate(rows):
            if number == 0 or rng.random() < 0.4:
                email, mobile = self.email(), self.mobile()
            row |= {"email": email, "mobile": mobile, **self.consents()}
            if number and rng.random() < 0.3:
                row |= dict.fromkeys(CONSENTS, "")
        if self.happens("erased"):
            rows += self.erasure(rows[-1])
        return rows

    def erasure(self, last):
        """A row that asks to be erased, and perhaps one that takes it back."""
        rng = self.rng
        asked = max(
            self.local(rng.choice((-4, -1, 0, 0, 1, 30))),
            last["updated_at"] + timedelta(seconds=1),
        )
        rows = [{
            **last, **dict.fromkeys(CONSENTS, ""), "updated_at": asked,
            "is_deleted": rng.choice((*YES, "oui")), "email": "", "mobile": "",
        }]
        if rng.random() < 0.3:
            rows.append({
                **last, **self.consents(), "is_deleted": rng.choice(NO),
                "updated_at": asked + timedelta(hours=rng.randint(1, 90)),
                "email": self.email(), "mobile": self.mobile(),
            })
        return rows

    def rejected_row(self, versions):
        """A row that is rejected, but may refuse or erase."""
        rng = self.rng
        at = self.local(rng.randint(-8, 40)) + timedelta(microseconds=500)
        self.feed.add("ods_cst_customer", **{
            **rng.choice(versions), **rng.choice((self.consents(), {
                **dict.fromkeys(CONSENTS, ""), "contact_consent": "false",
            })),
            "registered_at": "2025-02-30T10:00:00Z",
            "updated_at": at.isoformat(), "merged_into_customer_id": "",
            "is_deleted": rng.choice(("", "", "", "true")),
        })

    def consents(self):
        rng, shares = self.rng, self.shares

        def said(agree):
            if rng.random() < shares.unreadable * 0.3:
                return rng.choice(UNREADABLE)
            return rng.choice(YES if rng.random() < agree else NO)

        return {
            consent: (
                said(shares.agree_by_channel) if self.happens("by_channel")
                else ""
            )
            for consent in CONSENTS
        } | {
            "contact_consent": "" if self.happens("say_nothing")
            else said(shares.agree)
        }

    def address(self, shared, lacks):
        """A number of the population's own, 0 to 2 for what several have."""
        if self.happens(lacks):
            return None
        if self.happens(shared):
            return self.rng.choice((0, 0, 0, 1, 2))
        self.count += 1
        return 2 + self.count

    def email(self):
        number = self.address("shares_email", "lacks_email")
        if number is None:
            return ""
        text = f"Someone.{number}@{self.prefix}.example"
        return self.rng.choice((text, text.lower(), text.upper(), f" {text} "))

    def mobile(self):
        """Eleven digits, of which the last ten are the population's own."""
        number = self.address("shares_mobile", "lacks_mobile")
        if number is None:
            return ""
        text = f"13{self.number:05}{number:04}"
        if self.rng.random() < 0.4:
            mark = self.rng.choice(MARKS)
            text = mark.join((text[:3], text[3:7], text[7:]))
        if self.happens("writes_country"):
            text = self.rng.choice(("+86 ", "86", "0086-", "（+86）")) + text
        return text.translate(WIDE) if self.rng.random() < 0.05 else text

    # -- what they do --------------------------------------------------------

    def buy(self, customer):
        rng = self.rng
        days = [rng.randint(0, 320) for _ in range(rng.choice((0, 0, 1, 2, 4)))]
        while self.happens("bought") and len(days) < 6:
            days.append(self.near_an_edge("bought"))
        for number, days_ago in enumerate(days):
            order = f"{customer}-o{number}"
            ordered = self.local(days_ago)
            paid = ordered + timedelta(seconds=rng.choice((5, 3600, 90_000)))
            has_paid = rng.random() < 0.4
            updated = paid if has_paid else ordered
            cents = rng.randint(100, 90_000)
            row = {
                "order_id": order, "customer_id": customer,
                "ordered_at": self.written(ordered),
                "paid_at": self.written(paid) if has_paid else "",
                "order_status": rng.choice(
                    ("paid", "Shipped", "completed", "completed", "pending")
                ),
                "order_amount": f"{cents / 100:.2f}",
                "updated_at": self.written(updated),
            }
            self.feed.add("ods_trd_order", **row)
            self.feed.add(
                "ods_trd_order_item", item_id=f"{order}-1", order_id=order,
                product_id="p", quantity="1", item_amount=row["order_amount"],
                updated_at=row["updated_at"],
            )
            if rng.random() < 0.08:
                self.feed.add("ods_trd_order", **{
                    **row, "order_status": rng.choice(("cancelled", "paid")),
                    "updated_at": self.written(updated + timedelta(hours=30)),
                })
            if self.happens("refunded"):
                self.refund(order, cents, ordered)
            if self.asking.random() < self.asking_share:
                self.ask_for_refund(order, cents)

    def refund(self, order, cents, ordered):
        """All of it at once or in two parts, or all but a cent."""
        rng = self.rng
        first = rng.choice((cents, cents, cents - 1, rng.randint(1, cents)))
        parts = [first, cents - first if rng.random() < 0.6 else 0]
        for number, part in enumerate(parts):
            if part == 0:
                continue
            at = rng.choice((
                ordered + timedelta(hours=rng.randint(-5, 72)),
                max(ordered, self.local(rng.choice((-2, -1, 0, 0, 1)))),
            ))
            self.feed.add(
                "ods_trd_refund", refund_id=f"{order}-r{number}",
                order_id=order, refund_amount=f"{part / 100:.2f}",
                refunded_at=self.written(at), updated_at=self.written(at),
            )

    def ask_for_refund(self, order, cents):
        """A refund that runs, perhaps to its end; it moves no money before."""
        rng = self.asking
        asked = datetime.combine(
            self.as_of - timedelta(days=rng.choice((-1, 0, 0, 1, 20))),
            datetime.min.time(), LOCAL,
        ) + timedelta(seconds=rng.choice((0, 86399)))
        row = {
            "refund_id": f"{order}-q", "order_id": order,
            "refund_amount": f"{cents / 100:.2f}", "refunded_at": "",
            "updated_at": asked.isoformat(),
            "refund_status": rng.choice(("requested", "Approved", "处理中")),
        }
        self.feed.add("ods_trd_refund", **row)
        if rng.random() < 0.5:
            later = asked + timedelta(hours=rng.randint(1, 60))
            later = later.isoformat()
            status = rng.choice(("pending", "rejected", "refunded"))
            self.feed.add("ods_trd_refund", **{
                **row, "updated_at": later, "refund_status": status,
                "refunded_at": later if status == "refunded" else "",
            })

    def complain(self, customer):
        rng, number = self.rng, 0
        while self.happens("tickets") and number < self.most_tickets:
            number += 1
            created = self.local(
                self.near_an_edge("rated") + rng.choice((0, 5, 150))
            )
            row = {
                "ticket_id": f"{customer}-t{number}", "customer_id": customer,
                "created_at": self.written(created), "ticket_status": "open",
                "resolved_at": "", "csat_score": "", "nps_score": "",
                "updated_at": self.written(created),
            }
            if rng.random() < 0.5:
                self.feed.add("ods_svc_ticket", **row)
            ended = max(
                created, self.local(self.near_an_edge("rated"))
            )
            is_closed = rng.random() < 0.85
            row |= {
                "ticket_status": rng.choice(("closed", "Resolved", "cancelled"))
                if is_closed else rng.choice(("open", "pending")),
                "updated_at": self.written(ended + timedelta(seconds=1)),
            }
            # A ticket that was opened again keeps its first end.
            if rng.random() < (0.7 if is_closed else 0.2):
                row["resolved_at"] = self.written(ended)
            if self.happens("rated"):
                row["csat_score"] = rng.choice(("1", "2", "2", "3", "5"))
            if rng.random() < 0.3:
                row["nps_score"] = str(rng.randint(0, 10))
            self.feed.add("ods_svc_ticket", **row)

    def be_contacted(self, customer):
        rng, number = self.rng, 0
        while self.happens("contacted") and number < self.most_contacts:
            number += 1
            at = self.local(self.near_an_edge("contacted"))
            is_control = rng.random() < self.shares.controls * 0.5
            self.feed.add(
                "ods_prm_touch", touch_id=f"{customer}-k{number}",
                campaign_id=self.usual_campaign if rng.random() < 0.5
                else rng.choice((*CAMPAIGNS, UNKNOWN_CAMPAIGN)),
                customer_id=customer, touched_at=self.written(at),
                touch_channel=self.usual_channel
                if self.happens("by_one_channel")
                else rng.choice((*CHANNELS, "sms", "Email", "leaflet", "")),
                is_control="true" if is_control else rng.choice(("", "false")),
                touch_cost=rng.choice(("", "0.05", "0.10", "0.40")),
                updated_at=self.written(at + timedelta(minutes=1)),
            )


def make_feed(numbers, as_of: date, edges, seed: int = 1) -> dict:
    """Rows by table of the populations with these numbers. `edges` are the days
    before `as_of` near which people have `bought`, `rated` a ticket or been
    `contacted`. The same call gives the same rows, and a population is the same
    whoever is beside it."""
    feed = Feed()
    feed.add("ods_prd_product", product_id="p")
    for campaign, strategy in CAMPAIGNS.items():
        feed.add(
            "ods_prm_campaign", campaign_id=campaign, campaign_name=campaign,
            strategy_code=strategy, started_at="2024-01-01T00:00:00Z",
            ended_at="2030-01-01T00:00:00Z", updated_at="2024-01-01T00:00:00Z",
        )
    for number in numbers:
        population = Population(
            number, random.Random(f"{seed}/{number}"), as_of, edges, feed
        )
        population.live()
        at = population.written(population.local(number % 90))
        feed.add(
            "ods_log_event", event_id=f"{population.prefix}-e",
            event_type="page_view", occurred_at=at, ingested_at=at,
            customer_id=f"{population.prefix}-c00",
        )
    return feed.rows
