"""How large a hold-out has to be: the tables of docs/effect.md.

What is found is what four of five such hold-outs find: an effect of 2.80
standard errors, the warehouse's `minimum_detectable_uplift`, where both groups
buy about as often.
"""

from collections.abc import Iterable
from math import sqrt

# Standard normal values: 95 % within, and 80 % above.
FOUND = 1.959963984540054 + 0.8416212335729143

# What the tables assume of a company; README's sample is less than that.
RATE_OF_QUARTER, RATE_OF_YEAR = 0.1, 0.3
# Amounts of buyers vary by about their mean, and past spending explains half of
# the variance.
AMOUNT_VARIATION, EXPLAINED = 1.0, 0.5

SHARES = (0.05, 0.1, 0.3, 0.5)
ENTRIES = (1_000, 5_000, 10_000, 50_000, 100_000, 500_000)
RATES = (0.02, 0.05, 0.1, 0.3)
RELATIVE = (0.5, 0.2, 0.1)

# Customers, share of the program's hold-out, of an episode's. A fifth of the
# customers enter the strategy in a year.
COMPANIES = (
    (5_000, 0.1, 0.5), (50_000, 0.05, 0.2), (500_000, 0.02, 0.1),
)
ENTERING_SHARE = 0.2


def found(
    entries: float, share: float, rate: float, variance: float | None = None
) -> float:
    """The smallest difference found between so many entries, of which a share
    is held out: of rates, unless a variance is given."""
    if variance is None:
        variance = rate * (1 - rate)
    return FOUND * sqrt(variance / entries * (1 / share + 1 / (1 - share)))


def share_needed(
    entries: float, difference: float, rate: float
) -> float | None:
    """The smallest share that finds a difference; none where half does not."""
    ratio = entries * (difference / FOUND) ** 2 / (rate * (1 - rate))
    return (1 - sqrt(1 - 4 / ratio)) / 2 if ratio >= 4 else None


def entries_needed(
    relative: float, share: float, rate: float, variance: float | None = None,
    mean: float | None = None,
) -> float:
    """How many entries find an effect of a part of the mean."""
    wanted = relative * (rate if mean is None else mean)
    return (found(1, share, rate, variance) / wanted) ** 2


def amounts(rate: float) -> tuple[float, float]:
    """Mean and variance of what an entry brings, in amounts of a buyer."""
    return rate, rate * (1 + AMOUNT_VARIATION**2) - rate * rate


def rounded(number: float) -> str:
    """Two digits that count."""
    return f"{float(f'{number:.2g}'):,.0f}"


def table(header: Iterable[str], body: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    rows = [list(header), *map(list, body)]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    lines.insert(1, "|" + " ---: |" * len(rows[0]))
    return "\n".join(lines)


def percent(share: float, digits: int = 0) -> str:
    """A share as the pages write it."""
    return f"{100 * share:.{digits}f} %"


def points(difference: float) -> str:
    """Percentage points."""
    return f"{100 * difference:.1f}"


def found_table() -> str:
    """What each number of entries shows, and what a hold-out has to be."""
    rate = RATE_OF_QUARTER
    body = []
    for entries in ENTRIES:
        cells = [f"{entries:,}"]
        cells += [f"+{points(found(entries, share, rate))}" for share in SHARES]
        for relative in RELATIVE:
            share = share_needed(entries, relative * rate, rate)
            cells.append(
                "not even half" if share is None
                else f"{rounded(share * entries)} ({percent(share, 1)})"
            )
        body.append(cells)
    header = ["entries", *(f"{percent(share)} held out" for share in SHARES)]
    header += [
        f"held out to find +{points(relative * rate)}" for relative in RELATIVE
    ]
    return table(header, body)


def needed_table() -> str:
    """Entries that find a fifth more, by rate and by what is measured."""
    body = []
    for rate in RATES:
        cells = [percent(rate)]
        mean, variance = amounts(rate)
        for share in (0.1, 0.5):
            cells += [
                rounded(entries_needed(0.2, share, rate)),
                rounded(entries_needed(0.2, share, rate, variance, mean)),
                rounded(entries_needed(
                    0.2, share, rate, variance * (1 - EXPLAINED), mean
                )),
            ]
        body.append(cells)
    header = ["buy in the window"]
    for share in ("10 %", "half"):
        header += [
            f"{share} held out: buyers", "amounts", "amounts, adjusted",
        ]
    return table(header, body)


def company_table() -> str:
    """Three companies, and what they find."""
    body = []
    for customers, program_share, episode_share in COMPANIES:
        entries = customers * ENTERING_SHARE
        quarter = found(customers, program_share, RATE_OF_QUARTER)
        year = found(customers, program_share, RATE_OF_YEAR)
        strategy = found(entries, episode_share, RATE_OF_QUARTER)
        body.append([
            f"{customers:,}",
            f"{percent(program_share)} ({customers * program_share:,.0f})",
            f"+{percent(quarter / RATE_OF_QUARTER)}",
            f"+{percent(year / RATE_OF_YEAR)}",
            f"{entries:,.0f}",
            f"{percent(episode_share)} ({entries * episode_share:,.0f})",
            f"+{percent(strategy / RATE_OF_QUARTER)}",
        ])
    return table(
        [
            "customers", "hold-out of the program",
            "finds in 90 days", "finds in a year",
            "entries a year into a strategy",
            "held out of them", "finds in 90 days",
        ],
        body,
    )
