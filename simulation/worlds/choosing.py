"""Companies that choose between strategies by what they have learned, month by
month: the choosing policy in a closed loop, in numpy.

Each month customers of four segments enter. Chance gives each entry one of the
rule's options, mostly the leading one, and then holds a tenth out. What comes of
an entry is known when its window has closed; by then the effects of all options
are estimated anew, as the product does it, and decide which option leads where.
So what is chosen depends on what was chosen, and it is known what each option is
really worth.

* `estimate`, `expect` and `decide` are the product's rules on plain arrays:
  treated against held out, a segment drawn towards the whole strategy, the
  leading option with its probability.
* `live` is the loop, `Course` what came of it, `figures` what it was worth.
* `faults` says what a policy does not hold. `Rule` can be broken, to see it said:
  without a guard, without exploration, or by the means of who was treated
  instead of by the hold-out.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

# Segments: share of the entries, and orders in a window of 90 days if nothing is
# done, in the first month; more every month, as in a company that grows.
MIX = np.array([0.35, 0.30, 0.20, 0.15])
ORDERS = np.array([0.2, 0.4, 0.7, 1.1])
GROWTH = 0.02
# Months for which the rule's own strategy had been in use with a hold-out before
# there were alternatives, and for which there are.
BEFORE, MONTHS = 12, 24
# The window closes in the third month; what was published before a list knows
# the entries of four months ago.
DELAY = 4
HOLDOUT_SHARE = 0.1
MIN_BUYERS = 10
MOST_ORDERS = 24


@dataclass(frozen=True)
class Kind:
    """By how much more (0.5: by half) customers of each segment buy under each
    option; the first is the rule's own strategy."""

    name: str
    effects: tuple[tuple[float, ...], ...]


DEFAULT = (0.15, 0.15, 0.15, 0.15)
KINDS = (
    Kind("better", (DEFAULT, (0.45, 0.45, 0.45, 0.45))),
    Kind("better_in_some", (DEFAULT, (0.55, 0.55, 0.0, 0.0))),
    Kind("equal", (DEFAULT, DEFAULT)),
    Kind("worse", (DEFAULT, (0.05, 0.05, 0.05, 0.05))),
    Kind("harmful", (DEFAULT, (-0.15, -0.15, -0.15, -0.15))),
    Kind("two", (DEFAULT, (0.45, 0.45, 0.45, 0.45), (-0.15,) * 4)),
)


@dataclass(frozen=True)
class Rule:
    """How the leading option is found; the defaults are the product's."""

    share: float = 0.1
    guard: float = 1.645
    by_holdout: bool = True


# -- the product's rules, on plain arrays -------------------------------------


def estimate(treated, holdout):
    """Uplift and its error, from sums of both groups: arrays with entries,
    buyers, orders and their squares in the last axis. NaN where withheld.

    As ads_cst_effect has them: the larger of the common and the groups' own
    error, half of the 95 % interval over 1.96.
    """
    count, others = treated[..., 0], holdout[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = treated[..., 2] / count, holdout[..., 2] / others
        squares = [
            group[..., 3] - group[..., 2] ** 2 / group[..., 0]
            for group in (treated, holdout)
        ]
        freedom = count + others - 2
        pooled = sum(squares) / freedom * (1 / count + 1 / others)
        own = (
            squares[0] / (count - 1) / count + squares[1] / (others - 1) / others
        )
        buyers = np.minimum(count, others) * (
            treated[..., 1] + holdout[..., 1]
        ) / (count + others)
        is_shown = (buyers >= MIN_BUYERS) & (count > 1) & (others > 1)
        margin = stats.t.ppf(0.975, np.maximum(freedom, 1)) * np.sqrt(
            np.maximum(pooled, own)
        )
    uplift = np.where(is_shown, means[0] - means[1], np.nan)
    return uplift, np.where(is_shown, margin / 1.96, np.nan)


def mean_of(group):
    """The group's mean and its error: no effect of anything."""
    count, buyers, orders, squares = np.moveaxis(group, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = orders / count
        error = np.sqrt((squares / count - mean**2) / (count - 1))
    is_shown = buyers >= MIN_BUYERS
    return (
        np.where(is_shown, mean, np.nan), np.where(is_shown, error, np.nan)
    )


def expect(pooled, pooled_error, segment, segment_error):
    """Expected uplift by segment and its error: the segment's own, drawn
    towards that of the whole strategy (int_cst_expected_effects). Segments are
    the last axis of `segment`, which `pooled` does not have.

    A segment without an estimate has that of the strategy, and the variance
    between segments on top of its error: the limit of an error without end.
    """
    pooled, pooled_error = pooled[..., None], pooled_error[..., None]
    variance = np.where(segment_error > 0, segment_error**2, np.nan)
    is_known = ~np.isnan(variance) & ~np.isnan(segment)
    weight = np.where(is_known, 1 / variance, 0)
    value = np.where(is_known, segment, 0)
    total, cells = weight.sum(-1), is_known.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        center = (weight * value).sum(-1) / total
        spread = (weight * (value - center[..., None]) ** 2).sum(-1)
        between = (spread - (cells - 1)) / (
            total - (weight**2).sum(-1) / total
        )
        between = np.where(cells > 1, np.maximum(between, 0), 0)[..., None]
        own_share = np.where(is_known, between / (between + variance), 0)
    rest = np.where(is_known, own_share * variance, between)
    expected = pooled + own_share * np.where(is_known, value - pooled, 0)
    return expected, np.sqrt(rest + ((1 - own_share) * pooled_error) ** 2)


def decide(expected, error, rule):
    """The leading option and each option's probability. Options are the last
    axis, the rule's own strategy the first of them; NaN where not known."""
    gap = expected - expected[..., :1]
    limit = rule.guard * np.sqrt(error**2 + error[..., :1] ** 2)
    is_ahead = gap > limit
    is_ahead[..., 0] = False
    score = np.where(is_ahead, expected, -np.inf)
    score[..., 0] = np.where(is_ahead.any(-1), -np.inf, 0)
    leading = score.argmax(-1)
    options = expected.shape[-1]
    probability = np.full(expected.shape, rule.share / options)
    np.put_along_axis(
        probability, leading[..., None],
        1 - rule.share + rule.share / options, -1,
    )
    return leading, probability


# -- the companies ------------------------------------------------------------


def chances(mean):
    """Chances of 0, 1, 2, … orders: Poisson, of customers who differ as in
    market.py (gamma of shape 2)."""
    orders = np.arange(MOST_ORDERS)
    stay = 2 / (2 + mean[..., None])
    chance = (orders + 1) * stay**2 * (1 - stay) ** orders
    return chance / chance.sum(-1, keepdims=True)


def expected_orders(kind, month):
    """Chances and mean of the orders of a month's entries, by segment and
    option; the last option is to be held out."""
    factors = np.vstack([1 + np.array(kind.effects), np.ones(len(MIX))]).T
    base = ORDERS * (1 + GROWTH * (month + BEFORE))
    chance = chances(base[:, None] * factors)
    return chance, chance @ np.arange(MOST_ORDERS)


def draw(rng, counts, chance):
    """Entries, buyers, orders and their squares of that many entries."""
    drawn = rng.multinomial(counts, chance)
    orders = np.arange(MOST_ORDERS)
    return np.stack([
        counts, counts - drawn[..., 0], drawn @ orders, drawn @ orders**2,
    ], axis=-1).astype(float)


@dataclass
class Course:
    """What happened in many worlds of a kind. In arrays: month, world, segment,
    option, and sums as in `estimate`."""

    kind: Kind
    treated: list = field(default_factory=list)
    holdout: list = field(default_factory=list)
    probability: list = field(default_factory=list)
    leading: list = field(default_factory=list)
    means: list = field(default_factory=list)

    def add(self, treated, holdout, probability, leading, means):
        self.treated.append(treated)
        self.holdout.append(holdout)
        self.probability.append(probability)
        self.leading.append(leading)
        self.means.append(means)


def learn(treated, holdout, rule):
    """Expected uplifts and errors by world, segment and option, from sums over
    months; where the rule is broken, by the means of the treated instead."""
    if rule.by_holdout:
        pooled, pooled_error = estimate(treated.sum(1), holdout.sum(1))
        segment, segment_error = estimate(treated, holdout)
    else:
        pooled, pooled_error = mean_of(treated.sum(1))
        segment, segment_error = mean_of(treated)
    segment, segment_error = (
        np.moveaxis(values, 1, -1) for values in (segment, segment_error)
    )
    expected, error = expect(pooled, pooled_error, segment, segment_error)
    return np.moveaxis(expected, -1, 1), np.moveaxis(error, -1, 1)


def live(kind, sizes, rng, rule):
    """Live through all months; `sizes`: entries per month of each world."""
    worlds, options = len(sizes), len(kind.effects)
    shape = worlds, len(MIX), options
    course = Course(kind)
    for month in range(-BEFORE, MONTHS):
        known = max(len(course.treated) - DELAY + 1, 0)
        if month < 0:
            leading = np.zeros(shape[:2], int)
            probability = np.zeros(shape)
            probability[..., 0] = 1
        else:
            expected, error = learn(
                sum(course.treated[:known]), sum(course.holdout[:known]), rule
            )
            leading, probability = decide(expected, error, rule)
        entries = rng.multinomial(sizes, MIX)
        given = rng.multinomial(entries, probability)
        held_out = rng.binomial(given, HOLDOUT_SHARE)
        chance, means = expected_orders(kind, month)
        course.add(
            draw(rng, given - held_out, chance[:, :options]),
            draw(rng, held_out, chance[:, options:]),
            probability, leading, means,
        )
    return course


# -- what it was worth --------------------------------------------------------


def weighed_mean(group, probability):
    """Mean orders of who got an option, had all got it, by inverse propensity:
    of sums as in `estimate`, by month, world and segment."""
    weight = 1 / probability
    return (weight * group[..., 2]).sum((0, 2)) / (
        weight * group[..., 0]
    ).sum((0, 2))


def figures(course, rule):
    """Of each world, by name; arrays with a place for each.

    In orders per entry that was not held out: `regret` against the best option
    of each segment, `gain` over the rule's own for all, `cost`: what the
    exploration alone would have cost against it. As shares: `best`, entries with
    the best option, and `best_at_last`, those of the last six months; `leads`,
    segments and months in which an alternative leads, `mistaken`, in which one
    does that is worse than the rule's own. As errors against the truth:
    `effect`, of the pooled uplift of the first alternative, and its
    `effect_share` of that truth; `value`, of the first alternative for all by
    inverse propensity, `value_of_default` likewise; `mean`, of the plain mean
    of those who got the first alternative.
    """
    treated, holdout = np.array(course.treated), np.array(course.holdout)
    probability = np.array(course.probability)[BEFORE:]
    leading = np.array(course.leading)[BEFORE:]
    means = np.array(course.means)
    worth = (means[..., :-1] - means[..., -1:])[:, None]
    entries = treated[BEFORE:, ..., 0].sum(-1)
    total = entries.sum((0, 2))
    options = probability.shape[-1]

    def per_entry(values):
        return (entries * values).sum((0, 2)) / total

    late = worth[BEFORE:]
    got = (probability * late).sum(-1)
    # What is worth as much is as good; exploration costs nothing there.
    is_best = late >= late.max(-1, keepdims=True) - 1e-12
    is_best = np.broadcast_to(is_best, probability.shape)
    of_leading = np.take_along_axis(
        np.broadcast_to(late, probability.shape), leading[..., None], -1
    )[..., 0]
    result = {
        "regret": per_entry(late.max(-1) - got),
        "gain": per_entry(got - late[..., 0]),
        "cost": per_entry(
            rule.share / options * (late[..., :1] - late).sum(-1)
        ),
        "best": per_entry((probability * is_best).sum(-1)),
        "best_at_last": (
            (entries * (probability * is_best).sum(-1))[-6:].sum((0, 2))
            / entries[-6:].sum((0, 2))
        ),
        "mistaken": (of_leading < late[..., 0] - 1e-12).mean((0, 2)),
        "leads": (leading != 0).mean((0, 2)),
    }
    counts = treated[..., 1, 0]
    uplift, error = estimate(
        treated[..., 1, :].sum((0, 2)), holdout[..., 1, :].sum((0, 2))
    )
    truth = (counts * worth[..., 1]).sum((0, 2)) / counts.sum((0, 2))
    result |= {
        "effect": uplift - truth, "effect_error": error,
        "effect_share": (uplift - truth) / np.abs(truth),
        "covered": np.where(
            np.isnan(uplift), np.nan, np.abs(uplift - truth) <= 1.96 * error
        ),
    }
    weighed = np.subtract(*(
        weighed_mean(group[BEFORE:, ..., 1, :], probability[..., 1])
        for group in (treated, holdout)
    ))
    result["weighed"] = np.where(
        np.isnan(uplift), np.nan, weighed - per_entry(
            np.broadcast_to(late[..., 1], entries.shape)
        )
    )
    for name, option in (("value", 1), ("value_of_default", 0)):
        group = treated[BEFORE:, ..., option, :]
        value = weighed_mean(group, probability[..., option])
        true = per_entry(
            np.broadcast_to(means[BEFORE:, None, :, option], entries.shape)
        )
        result[name] = value - true
        if option:
            result["mean"] = (
                group[..., 2].sum((0, 2)) / group[..., 0].sum((0, 2)) - true
            )
    return result


def run_worlds(kinds, worlds, sizes, seed, rule=None):
    """The figures of many worlds of each kind, by the kind's name, and the
    courses. Sizes grow in equal ratios from the fewest to the most entries."""
    rule = rule or Rule()
    found, courses = {}, {}
    for place, kind in enumerate(kinds):
        rng = np.random.default_rng([seed, place])
        entries = np.geomspace(*sizes, worlds).astype(int)
        course = live(kind, entries, rng, rule)
        courses[kind.name] = course
        # What nobody was given has no value.
        with np.errstate(divide="ignore", invalid="ignore"):
            found[kind.name] = figures(course, rule) | {"entries": entries}
    return found, courses


def table_of(found):
    """Mean, standard error and number of worlds of each figure, by kind and
    figure; worlds in which it is not known are left out."""
    rows = []
    for kind, values in found.items():
        for name, of_worlds in values.items():
            known = of_worlds[~np.isnan(of_worlds)]
            count = len(known)
            rows.append({
                "kind": kind, "figure": name, "worlds": count,
                "mean": known.mean() if count else np.nan,
                "error": known.std(ddof=1) / count**0.5 if count > 1
                else np.nan,
            })
    return pd.DataFrame(rows).set_index(["kind", "figure"])


# How often one look may take chance for an effect, by the guard of 1.645.
MISTAKEN = 0.05
# How much of the exploration's cost mistakes may add to it.
ADDED_TO_COST = 0.25
# What is found late is at least this share of the last half year's entries, and
# a pooled effect is off by less than this share of itself.
FOUND, OFF = 0.4, 0.2
COVERED = 0.95


def faults(table):
    """What is wrong with a choosing policy, as sentences; none if it holds what
    it promises, beyond three standard errors of the worlds (four of values)."""
    found = []

    def check(is_right, text):
        if not is_right:
            found.append(text)

    for kind, rows in table.groupby(level="kind"):
        mean, error = rows.droplevel("kind")[["mean", "error"]].T.to_numpy()
        names = rows.index.get_level_values("figure")
        mean = dict(zip(names, mean, strict=True))
        error = dict(zip(names, error, strict=True))
        check(
            mean["mistaken"] <= MISTAKEN + 3 * error["mistaken"],
            f"{kind}: what is worse leads too often",
        )
        if kind in ("worse", "harmful"):
            added = -mean["gain"] - mean["cost"]
            check(
                added <= ADDED_TO_COST * mean["cost"] + 3 * error["gain"],
                f"{kind}: harm beyond the exploration's cost",
            )
        if kind == "equal":
            check(
                mean["leads"] <= MISTAKEN + 3 * error["leads"],
                f"{kind}: an equal option leads too often",
            )
        if kind == "better":
            check(
                mean["best_at_last"] >= FOUND - 3 * error["best_at_last"],
                f"{kind}: not found",
            )
            check(
                mean["gain"] > -mean["cost"] + 5 * error["gain"],
                f"{kind}: no gain beyond exploring",
            )
            check(
                not abs(mean["effect_share"])
                > OFF + 3 * error["effect_share"],
                f"{kind}: the pooled effect is off",
            )
        check(
            not mean["covered"] < COVERED - 3 * error["covered"],
            f"{kind}: intervals of the pooled effect are too short",
        )
        for name in ("value", "value_of_default"):
            check(
                not abs(mean[name]) > 4 * error[name],
                f"{kind}: {name} by inverse propensity is off",
            )
    return found
