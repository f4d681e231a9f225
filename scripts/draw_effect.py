"""Draw docs/effect.svg and, in Chinese, docs/zh/effect.svg: who is compared, and how
to read the result.

    python -m scripts.draw_effect     # or: make figures

The upper half follows two customers from the entry into a strategy to the end
of the window; the lower half shows rows of `ads_cst_effect` with the conclusions
that they allow. Groups are invented, intervals are computed as in the warehouse.
"""

import re
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURE, CHINESE_PICTURE = DOCS / "effect.svg", DOCS / "zh" / "effect.svg"
WIDTH, HEIGHT = 840, 610
Z = 1.959963984540054

INK, GREY, PALE = "#1f2933", "#7b8794", "#e4e7eb"
TREATED, HELD_OUT, GOOD, BAD = "#1565c0", "#b45309", "#2e7d32", "#b71c1c"


class Row(NamedTuple):
    """One row of the mart, and what it says."""

    title: str
    treated_buyers: int
    treated: int
    held_out_buyers: int
    held_out: int
    says: str
    color: str


ROWS = (
    Row("Works", 1_080, 9_000, 90, 1_000,
        "all of the interval is above 0", GOOD),
    Row("Harms", 720, 9_000, 105, 1_000,
        "all of it is below 0", BAD),
    Row("Little or nothing", 4_545, 45_000, 500, 5_000,
        "around 0, and narrow", INK),
    Row("Too small to tell", 54, 450, 5, 50,
        "around 0, but wide: no verdict", GREY),
)


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The score interval of a share."""
    share = successes / total
    middle = successes + Z * Z / 2
    half = Z * sqrt(successes * (1 - share) + Z * Z / 4)
    return (middle - half) / (total + Z * Z), (middle + half) / (total + Z * Z)


def uplift(row: Row) -> tuple[float, float, float]:
    """Difference of the shares of buyers, and Newcombe's interval."""
    treated = row.treated_buyers / row.treated
    held_out = row.held_out_buyers / row.held_out
    low, high = wilson(row.treated_buyers, row.treated)
    other_low, other_high = wilson(row.held_out_buyers, row.held_out)
    difference = treated - held_out
    return (
        difference,
        difference - sqrt((treated - low) ** 2 + (other_high - held_out) ** 2),
        difference + sqrt((high - treated) ** 2 + (held_out - other_low) ** 2),
    )


def text(
    x: float, y: float, words: str, *, color: str = INK, anchor: str = "start",
    size: int = 13, bold: bool = False,
) -> str:
    """A line of text."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" '
        f'text-anchor="{anchor}"{weight}>{words}</text>'
    )


def line(
    x1: float, y1: float, x2: float, y2: float, color: str = GREY,
    width: float = 1, dashes: str = "",
) -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{color}" stroke-width="{width}"{dashed}/>'
    )


def signed(points: float) -> str:
    """Percentage points with their sign, a real minus."""
    return f"{points:+.1f}".replace("-", "\u2212")


def dot(x: float, y: float, color: str, filled: bool = True) -> str:
    """A round mark."""
    fill = color if filled else "#ffffff"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{fill}" '
        f'stroke="{color}" stroke-width="2"/>'
    )


def day_x(day: float) -> float:
    """Where a day since the entry is drawn."""
    return 180 + day * 5.6


def timeline() -> Iterator[str]:
    """Two customers who entered on the same day, one in each group."""
    yield text(24, 34, "Who is compared: by lot at entry, to the last day of "
               "the window", size=16, bold=True)
    for day, name in ((0, "period end"), (30, "next"), (61, "next"),
                      (91, "next")):
        yield line(day_x(day), 58, day_x(day), 262, PALE, 2)
        yield text(day_x(day), 52, name, color=GREY, anchor="middle", size=11)
    for y, name, color, episode_end, contacts, purchase in (
        (104, "not held out", TREATED, 61, (4, 34), 47),
        (178, "held out", HELD_OUT, 103, (), 82),
    ):
        yield text(24, y + 5, name, color=color, bold=True)
        yield line(day_x(0), y, day_x(episode_end), y, color, 5)
        yield line(day_x(episode_end), y, day_x(108), y, PALE, 5)
        yield dot(day_x(0), y, color)
        for day in contacts:
            yield line(day_x(day), y - 16, day_x(day), y - 4, color, 2)
            yield text(day_x(day), y - 21, "contact", color=color, size=11,
                       anchor="middle")
        yield dot(day_x(purchase), y, color, filled=False)
        yield text(day_x(purchase), y + 24, "buys", color=color, size=11,
                   anchor="middle")
    yield text(day_x(0) + 4, 128, "entry", color=TREATED, size=11)
    yield text(day_x(0) + 4, 202, "entry, the same list", color=HELD_OUT,
               size=11)
    yield text(day_x(63), 128, "the strategy ends here; counting goes on",
               color=GREY, size=11)
    yield line(day_x(1), 234, day_x(90), 234, INK, 1.5)
    for day in (1, 90):
        yield line(day_x(day), 228, day_x(day), 240, INK, 1.5)
    yield text(day_x(45), 254, "window: day 1 to 90 after entry, for both",
               anchor="middle", size=12)


def rows() -> Iterator[str]:
    """Rows as intervals, with words."""
    yield text(24, 306, "What a row says: uplift and its 95 % interval",
               size=16, bold=True)

    def x(points: float) -> float:
        return 350 + points * 16

    top, step = 352, 56
    bottom = top + step * len(ROWS) - 20
    for points in (-10, -5, 0, 5, 10):
        yield line(x(points), top - 26, x(points), bottom,
                   INK if points == 0 else PALE, 1.5)
        yield text(x(points), bottom + 18,
                   signed(points).removesuffix(".0") if points else "0",
                   anchor="middle", size=11, color=GREY)
    yield text(x(0), bottom + 34, "percentage points more buyers than among "
               "the held out", anchor="middle", size=11, color=GREY)
    for number, row in enumerate(ROWS):
        y = top + number * step
        middle, low, high = (100 * value for value in uplift(row))
        treated = 100 * row.treated_buyers / row.treated
        held_out = 100 * row.held_out_buyers / row.held_out
        yield text(24, y - 4, row.title, color=row.color, bold=True)
        yield text(24, y + 13,
                   f"{treated:.1f} % of {row.treated:,} not held out",
                   size=11, color=GREY)
        yield text(24, y + 27, f"{held_out:.1f} % of {row.held_out:,} held out",
                   size=11, color=GREY)
        yield line(x(low), y, x(high), y, row.color, 3)
        for end in (low, high):
            yield line(x(end), y - 6, x(end), y + 6, row.color, 3)
        yield dot(x(middle), y, row.color)
        yield text(546, y - 4,
                   f"{signed(middle)} ({signed(low)} to {signed(high)})",
                   bold=True)
        yield text(546, y + 13, row.says, size=12, color=GREY)


def picture() -> str:
    """The whole picture."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
        f'{HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="Helvetica, Arial, sans-serif" role="img">',
        "<title>Two customers are compared from their entry into a strategy "
        "on, and four rows of the effect with what they say</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *timeline(),
        *rows(),
        "</svg>",
        "",
    ])


WORDS = {
    "Two customers are compared from their entry into a strategy on, and four "
    "rows of the effect with what they say":
        "从进入策略之日起比较两位客户；四行效果及其含义",
    "Who is compared: by lot at entry, to the last day of the window":
        "比较谁：入组时随机分组，比较到观察期最后一天",
    "period end": "期末",
    "next": "下一期末",
    "not held out": "触达组",
    "held out": "对照组",
    "contact": "触达",
    "buys": "购买",
    "entry": "入组",
    "entry, the same list": "入组，同一份名单",
    "the strategy ends here; counting goes on": "策略到此结束，度量继续",
    "window: day 1 to 90 after entry, for both":
        "观察期：入组后第 1 至 90 天，两组相同",
    "What a row says: uplift and its 95 % interval":
        "一行说明什么：增量及其 95% 置信区间",
    "percentage points more buyers than among the held out":
        "购买率比对照组高多少（百分点）",
    "Works": "有效",
    "Harms": "有害",
    "Little or nothing": "几乎没有效果",
    "Too small to tell": "人数太少，无法判断",
    "all of the interval is above 0": "整个区间大于 0",
    "all of it is below 0": "整个区间小于 0",
    "around 0, and narrow": "包含 0，且窄",
    "around 0, but wide: no verdict": "包含 0，但宽：没有结论",
}
PHRASES = (
    (r"^(\S+) % of (\S+) not held out$", r"触达组 \2 人次，\1% 购买"),
    (r"^(\S+) % of (\S+) held out$", r"对照组 \2 人次，\1% 购买"),
    (r"^(\S+) \((\S+) to (\S+)\)$", r"\1（\2 至 \3）"),
)


def in_chinese(words: str) -> str:
    """Words of the picture; numbers stay as they are."""
    for phrase, chinese in PHRASES:
        words = re.sub(phrase, chinese, words)
    return WORDS.get(words, words)


def chinese_picture() -> str:
    """The same picture in Chinese."""
    chinese = re.sub(
        r"(?<=>)[^<>\n]+(?=</)", lambda it: in_chinese(it[0]), picture()
    )
    fonts = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
    return chinese.replace("Helvetica, Arial, sans-serif", fonts)


def main() -> None:
    """Write the picture, in both languages."""
    PICTURE.write_text(picture(), encoding="utf-8")
    CHINESE_PICTURE.write_text(chinese_picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
