"""Rows in a terminal, under Chinese and English headers that line up."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

# An empty cell: not applicable, or not known yet.
NULL = "–"
WIDEST = 32
GAP = "  "
CHINESE = re.compile("[\u4e00-\u9fff]")


def width(text: str) -> int:
    """Cells that a text takes: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(letter)
        else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def padded(text: str, cells: int, to_the_right: bool = False) -> str:
    """A text in so many cells."""
    spaces = " " * (cells - width(text))
    return spaces + text if to_the_right else text + spaces


def cut(text: str, cells: int = WIDEST) -> str:
    """A text in at most so many cells; a longer one ends in an ellipsis."""
    if width(text) <= cells:
        return text
    while width(text) > cells - 1:
        text = text[:-1]
    return text + "…"


def is_number(value: object) -> bool:
    """Whether a value stands on the right."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(
        value, bool
    )


def written(value: object) -> str:
    """A value as people write it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) >= 100 else f"{value:.4g}"
    if isinstance(value, Decimal):
        # A decimal of many places is a share or a rate.
        places = -value.as_tuple().exponent
        return f"{value:,}" if places <= 2 else f"{value.normalize():f}"
    if isinstance(value, int):
        # Four digits may be a year.
        return f"{value:,}" if abs(value) >= 10000 else str(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return cut(" ".join(str(value).split()))


def chinese_name(comment: str | None) -> str:
    """What a column is called in Chinese, by its comment: the first words of
    the first sentence that has Chinese, up to what qualifies them. The name
    may begin with letters, as in `Score. R 得分（近度）。`. Empty where there
    is no Chinese."""
    comment = comment or ""
    found = CHINESE.search(comment)
    if not found:
        return ""
    sentence = comment.rfind(". ", 0, found.start())
    text = comment[sentence + 2 if sentence >= 0 else 0:]
    return re.split("[，。；：（(=]", text)[0].strip()


def table(
    names: Sequence[str],
    chinese: Sequence[str],
    rows: Sequence[Sequence[object]],
    screen: int = 100,
) -> list[str]:
    """The lines of a table. Where it is wider than the screen, further columns
    follow below; of one row that does not fit, each value has a line."""
    columns = []
    for index, name in enumerate(names):
        values = [row[index] for row in rows]
        cells = [written(value) for value in values]
        right = any(map(is_number, values)) and all(
            value is None or is_number(value) for value in values
        )
        widest = max(map(width, [chinese[index], name, *cells]))
        columns.append([
            padded(text, widest, right)
            for text in [chinese[index], name, "─" * widest, *cells]
        ])
    found = blocks(columns, screen)
    if len(rows) == 1 and len(found) > 1:
        return record(names, chinese, rows[0])
    return [line for block in found for line in [*block, ""]][:-1]


def record(
    names: Sequence[str], chinese: Sequence[str], row: Sequence[object]
) -> list[str]:
    """The lines of one row: what each value is called, and the value."""
    widest = max(map(width, chinese)), max(map(width, names))
    return [
        GAP.join([
            padded(word, widest[0]), padded(name, widest[1]), written(value)
        ])
        for word, name, value in zip(chinese, names, row)
    ]


def blocks(
    columns: list[list[str]], screen: int
) -> list[list[str]]:
    """The columns side by side, as many as the screen holds; the line of
    Chinese names is left out where there is none."""
    found, begun, used = [], [], 0
    for column in columns:
        if begun and used + len(GAP) + width(column[0]) > screen:
            found.append(begun)
            begun, used = [], 0
        begun.append(column)
        used += len(GAP) + width(column[0])
    found.append(begun)
    joined = [
        [GAP.join(cells).rstrip() for cells in zip(*block)] for block in found
    ]
    return [
        lines if lines[0] else lines[1:] for lines in joined
    ]
