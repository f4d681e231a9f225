"""What orders hold, where they were sold and with which coupon: the rows of
ods_trd_order_item and ods_prd_product, and columns of the orders.

Nothing here decides who buys what when: each thing has a random stream of its
own, so the orders are the same with and without it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from random import Random

from simulation.sample.records import Order
from simulation.sample.tables import Row, money, utc_text
from simulation.sample.world import World

# The categories of the events: margin on the price before discount, and names.
CATALOG: dict[str, tuple[float, tuple[str, ...]]] = {
    "女装": (0.55, ("连衣裙", "针织衫", "半身裙")),
    "男装": (0.52, ("衬衫", "夹克", "休闲裤")),
    "美妆": (0.58, ("面霜", "口红", "精华")),
    "母婴": (0.38, ("纸尿裤", "奶粉", "玩具")),
    "食品": (0.30, ("坚果", "咖啡", "茶叶")),
    "家居": (0.46, ("床品", "收纳", "灯具")),
    "数码": (0.27, ("耳机", "充电器", "键盘")),
    "运动": (0.42, ("跑鞋", "瑜伽垫", "水壶")),
}
BRANDS = ("云栖", "北岸", "小满", "青禾", "拾光")
PRODUCTS = 400
# Products that the product table lacks; only the lines name them.
UNLISTED = 8
# The second one also hands over what was ordered online.
SHOPS = (("S01", "线上旗舰店"), ("S02", "南京西路店"))
COUPONS = ("NEW20", "VIP50", "SUMMER", "DOUBLE11")


@dataclass(frozen=True)
class Product:
    product_id: str
    name: str
    category: str
    brand: str
    margin: float
    weight: float


@dataclass(frozen=True)
class Line:
    """A line of an order; amounts in fen, `discount` is deducted already."""

    item_id: str
    product: Product
    quantity: int
    amount: int
    discount: int
    cost: int


@cache
def products(seed: int) -> tuple[Product, ...]:
    """The catalog, in which few products sell often and most hardly ever."""
    ranks = list(range(PRODUCTS))
    Random(f"{seed}/ranks").shuffle(ranks)
    found = []
    for number, rank in enumerate(ranks):
        first = list(CATALOG)[number % len(CATALOG)]
        margin, kinds = CATALOG[first]
        rng = Random(f"{seed}/product/{number}")
        kind, brand = rng.choice(kinds), rng.choice(BRANDS)
        found.append(Product(
            product_id=f"P{number:03d}",
            name=f"{brand}{kind}{number:03d}",
            category=f"{first} > {kind}",
            brand=brand,
            margin=min(0.6, max(0.25, margin + rng.uniform(-0.02, 0.02))),
            weight=1 / (rank + 4) ** 0.9,
        ))
    return tuple(found)


def is_listed(product: Product) -> bool:
    return int(product.product_id[1:]) < PRODUCTS - UNLISTED


def parts_of(total: int, weights: list[float]) -> list[int]:
    """A total in whole parts that add up to it."""
    parts, so_far = [], 0.0
    for weight in weights:
        before = round(total * so_far / sum(weights))
        so_far += weight
        parts.append(round(total * so_far / sum(weights)) - before)
    return parts


def lines_of(world: World, order: Order) -> list[Line]:
    """The lines of an order, whose amounts add up to the order's."""
    rng = world.rng("lines", order.order_id)
    catalog = products(world.seed)
    count = rng.choices((1, 2, 3, 4), (60, 24, 11, 5))[0]
    sold = dict.fromkeys(
        rng.choices(catalog, [it.weight for it in catalog], k=count)
    )
    quantities = [rng.choices((1, 2, 3), (80, 15, 5))[0] for _ in sold]
    weights = [
        quantity * rng.gammavariate(4, 1) for quantity in quantities
    ]
    amounts = parts_of(order.amount, weights)
    discounts = parts_of(order.discount, weights)
    return [
        Line(
            item_id=f"{order.order_id}-{number}",
            product=product,
            quantity=quantity,
            amount=amount,
            discount=discount,
            cost=round((amount + discount) * (1 - product.margin)),
        )
        for number, (product, quantity, amount, discount) in enumerate(
            zip(sold, quantities, amounts, discounts), start=1
        )
    ]


def item_rows(world: World, orders: Iterable[Order]) -> list[Row]:
    """Lines are written with the order and never change. What the product
    table says is not said again."""
    return [
        {
            "item_id": line.item_id,
            "order_id": order.order_id,
            "product_id": line.product.product_id,
            "quantity": str(line.quantity),
            "item_amount": money(line.amount),
            "updated_at": utc_text(order.ordered_at),
            "category": (
                "" if is_listed(line.product) else line.product.category
            ),
            "product_name": (
                "" if is_listed(line.product) else line.product.name
            ),
            "discount_amount": money(line.discount) if line.discount else "",
            "cost_amount": money(line.cost),
        }
        for order in orders
        for line in lines_of(world, order)
    ]


def product_rows(world: World) -> list[Row]:
    return [
        {
            "product_id": product.product_id,
            "product_name": product.name,
            "category": product.category,
            "brand": product.brand,
            "updated_at": utc_text(world.opens_at()),
        }
        for product in products(world.seed)
        if is_listed(product)
    ]


def place_and_coupon(world: World, order: Order) -> Row:
    """Columns of an order; a coupon gives all of a discount or a half."""
    rng = world.rng("place", order.order_id)
    shop_id, shop_name = SHOPS[
        order.channel == "store" or rng.random() < 0.1
    ]
    has_coupon = rng.random() < 0.6 and order.discount > 0
    coupon = order.discount // rng.choice((1, 2)) if has_coupon else 0
    return {
        "shop_id": shop_id,
        "shop_name": shop_name,
        "coupon_code": rng.choice(COUPONS) if has_coupon else "",
        "coupon_amount": money(coupon) if has_coupon else "",
    }


def refunded_item(world: World, order: Order, part: int) -> str:
    """The line that a partial refund is for, where one is dear enough."""
    if part == order.amount:
        return ""
    return next(
        (it.item_id for it in lines_of(world, order) if it.amount >= part), ""
    )
