"""What orders hold, and where they were sold: the rows of ods_trd_order_item
and ods_prd_product, and columns of the orders."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from math import log
from random import Random
from typing import NamedTuple

from simulation.sample.records import Line, Order, Product
from simulation.sample.tables import Row, money, utc_text
from simulation.sample.world import World


class Category(NamedTuple):
    """`weight` is its share of what is bought, `margin` that on the price
    before discount, `returned` the share of lines that come back, `price` the
    median of its products in CNY."""

    weight: int
    margin: float
    returned: float
    price: int
    kinds: tuple[str, ...]


# Margins follow Damodaran's by industry (January 2025), returns what shops
# report by category: clothes come back, food hardly does.
CATALOG = {
    "女装": Category(22, 0.55, 0.2, 149, ("连衣裙", "针织衫", "半身裙")),
    "男装": Category(10, 0.52, 0.15, 159, ("衬衫", "夹克", "休闲裤")),
    "美妆": Category(16, 0.58, 0.04, 119, ("面霜", "口红", "精华")),
    "母婴": Category(12, 0.38, 0.05, 99, ("纸尿裤", "奶粉", "玩具")),
    "食品": Category(14, 0.30, 0.025, 45, ("坚果", "咖啡", "茶叶")),
    "家居": Category(10, 0.46, 0.07, 99, ("床品", "收纳", "灯具")),
    "数码": Category(8, 0.27, 0.07, 169, ("耳机", "充电器", "键盘")),
    "运动": Category(8, 0.42, 0.10, 139, ("跑鞋", "瑜伽垫", "水壶")),
}
# A brand makes what belongs together: nobody buys lipstick of a maker of phones.
MAKERS = {
    "女装": ("云栖", "拾光"), "男装": ("云栖", "北岸"), "美妆": ("拾光", "青禾"),
    "母婴": ("小满",), "食品": ("青禾", "小满"), "家居": ("青禾", "拾光"),
    "数码": ("极昼", "北辰"), "运动": ("北岸", "劲风"),
}
PRODUCTS = 400
# Products that the product table lacks: others sell them in our shop, so only
# the lines name them, and nobody knows what they cost.
UNLISTED = 8
# The first is online, the others are in a street.
SHOPS = (("S01", "线上旗舰店"), ("S02", "南京西路店"), ("S03", "湖滨银泰店"))


def shelf_price(price: float) -> int:
    """A price as shops write it, in fen: 9.90, 49.90, 129.00."""
    if price < 60:
        return 10 * max(99, round(price) * 100 // 10 - 1)
    return 100 * (round(price / 10) * 10 - 1)


@cache
def products(seed: int) -> tuple[Product, ...]:
    """The catalog, in which few products sell often and most hardly ever."""
    ranks = list(range(PRODUCTS))
    Random(f"{seed}/ranks").shuffle(ranks)
    found = []
    for number, rank in enumerate(ranks):
        first = list(CATALOG)[number % len(CATALOG)]
        rng = Random(f"{seed}/product/{number}")
        kind, maker = rng.choice(CATALOG[first].kinds), rng.randrange(5)
        brand = MAKERS[first][maker % len(MAKERS[first])]
        found.append(Product(
            product_id=f"P{number:03d}",
            name=f"{brand}{kind}{number:03d}",
            category=f"{first} > {kind}",
            brand=brand,
            price=shelf_price(
                CATALOG[first].price * rng.lognormvariate(0, 0.55)
            ),
            margin=CATALOG[first].margin + rng.uniform(-0.02, 0.02),
            weight=1 / (rank + 5) ** 0.82,
        ))
    return tuple(found)


@cache
def shelf(seed: int, category: str) -> tuple[list[Product], list[float]]:
    """The products of a category, and how often they sell, accumulated."""
    goods = [
        it for it in products(seed) if it.first_category == category
    ]
    return goods, list(accumulate(it.weight for it in goods))


def is_listed(product: Product) -> bool:
    return int(product.product_id[1:]) < PRODUCTS - UNLISTED


def choose_category(rng: Random, favourite: str = "") -> str:
    """Six in ten times what a customer likes best."""
    if favourite and rng.random() < 0.6:
        return favourite
    return rng.choices(
        list(CATALOG), [it.weight for it in CATALOG.values()]
    )[0]


def choose_product(
    rng: Random, seed: int, category: str, price: float | None = None
) -> Product:
    """A product of a category; of eight that sell, the nearest to a price."""
    goods, weights = shelf(seed, category)
    if price is None:
        return rng.choices(goods, cum_weights=weights)[0]
    return min(
        rng.choices(goods, cum_weights=weights, k=8),
        key=lambda it: abs(log(it.price / price)),
    )


def choose_basket(
    rng: Random, seed: int, favourite: str, total: float
) -> dict[Product, int]:
    """Products and quantities that cost about the total, in fen."""
    count = rng.choices((1, 2, 3, 4), (32, 33, 22, 13))[0]
    shares = [rng.uniform(0.5, 1.5) for _ in range(count)]
    basket: dict[Product, int] = {}
    left = total
    for number, share in enumerate(shares):
        part = max(1000, left) * share / sum(shares[number:])
        wanted = rng.choices((1, 2, 3), (78, 15, 7))[0]
        category = choose_category(rng, favourite)
        product = choose_product(rng, seed, category, part / wanted)
        # What is too dear for the rest is left, if there is anything else.
        if basket and product.price > 1.5 * part:
            continue
        quantity = min(6, max(1, round(part / product.price)))
        basket[product] = basket.get(product, 0) + quantity
        left -= product.price * quantity
    return basket


def parts_of(total: int, weights: Sequence[float]) -> list[int]:
    """A total in whole parts that add up to it."""
    parts, so_far = [], 0.0
    for weight in weights:
        before = round(total * so_far / sum(weights))
        so_far += weight
        parts.append(round(total * so_far / sum(weights)) - before)
    return parts


def basket_lines(basket: dict[Product, int], discount: int) -> list[Line]:
    """The lines of an order, which share its discount."""
    prices = [it.price * quantity for it, quantity in basket.items()]
    return [
        Line(product, quantity, price - part, part)
        for (product, quantity), price, part in zip(
            basket.items(), prices, parts_of(discount, prices)
        )
    ]


def item_id(order: Order, number: int) -> str:
    return f"{order.order_id}-{number}"


def item_rows(orders: Iterable[Order]) -> list[Row]:
    """Lines are written with the order and never change. What the product
    table says is not said again."""
    return [
        item_row(order, number, line)
        for order in orders
        for number, line in enumerate(order.lines, start=1)
    ]


def item_row(order: Order, number: int, line: Line) -> Row:
    product = line.product
    cost = round(product.price * (1 - product.margin)) * line.quantity
    is_own = is_listed(product)
    return {
        "item_id": item_id(order, number),
        "order_id": order.order_id,
        "product_id": product.product_id,
        "quantity": str(line.quantity),
        "item_amount": money(line.amount),
        "updated_at": utc_text(order.ordered_at),
        "category": "" if is_own else product.category,
        "product_name": "" if is_own else product.name,
        "discount_amount": money(line.discount) if line.discount else "",
        "cost_amount": money(cost) if is_own else "",
    }


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


def shop_of(order: Order) -> Row:
    """The shop that sold: people go to the one that is nearer to them."""
    shop_id, shop_name = SHOPS[
        1 + int(order.customer.customer_id[1:]) % 5 // 3
        if order.channel == "store" else 0
    ]
    return {"shop_id": shop_id, "shop_name": shop_name}
