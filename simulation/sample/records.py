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
    gender: str
    favourite: str
    has_consent: bool
    orders: list[Order] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Product:
    """`price` is what one unit costs without a discount, in fen."""

    product_id: str
    name: str
    category: str
    brand: str
    price: int
    margin: float
    weight: float

    @property
    def first_category(self) -> str:
        return self.category.split(" > ")[0]


@dataclass(frozen=True)
class Line:
    """A line of an order; amounts in fen, `discount` is deducted already."""

    product: Product
    quantity: int
    amount: int
    discount: int


@dataclass
class Order:
    """`amount`, `discount` and `coupon` are in fen (0.01 CNY); the discount is
    deducted already, and the coupon is part of it. `cause` is the contact
    without which there would be no order."""

    customer: Customer
    ordered_at: datetime
    steps: list[tuple[str, datetime]]
    channel: str
    lines: list[Line]
    coupon: int = 0
    coupon_code: str = ""
    order_id: str = ""
    campaign_id: str = ""
    cause: Touch | None = None

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def discount(self) -> int:
        return sum(line.discount for line in self.lines)

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
