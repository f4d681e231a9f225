"""What happens in a world, before it becomes rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Customer:
    customer_id: str
    registered_at: datetime
    is_prospect: bool
    weekly_rate: float
    leave_chance: float
    amount_rate: float
    channel: str
    has_consent: bool
    orders: list[Order] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)


@dataclass
class Order:
    """`amount` and `discount` are in fen (0.01 CNY). `cause` is the contact
    without which there would be no order."""

    customer: Customer
    ordered_at: datetime
    steps: list[tuple[str, datetime]]
    amount: int
    discount: int
    channel: str
    order_id: str = ""
    campaign_id: str = ""
    cause: Touch | None = None

    @property
    def paid_at(self) -> datetime | None:
        return dict(self.steps).get("paid")

    @property
    def is_purchase(self) -> bool:
        return self.paid_at is not None


@dataclass
class Ticket:
    customer: Customer
    order: Order | None
    created_at: datetime
    responded_at: datetime
    resolved_at: datetime
    csat: int | None
    nps: int | None
    ticket_id: str = ""

    @property
    def is_low(self) -> bool:
        return self.csat is not None and self.csat <= 2


@dataclass(frozen=True)
class Campaign:
    """`control_share` is that of the campaign's own control group, None where
    it has none; `arms` are empty where all are contacted alike."""

    campaign_id: str
    kind: str
    strategy: str
    started_at: datetime
    ended_at: datetime
    control_share: float | None
    arms: tuple[str, ...]


@dataclass
class Touch:
    campaign: Campaign
    customer: Customer
    touched_at: datetime
    channel: str
    is_control: bool
    arm: str = ""
    opened_at: datetime | None = None
    clicked_at: datetime | None = None
    redeemed_at: datetime | None = None
