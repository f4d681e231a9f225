"""Fit BG/NBD, NBD and Gamma-Gamma to the customers of every snapshot.

Purchases: P. S. Fader, B. G. S. Hardie, K. L. Lee (2005), "Counting your
customers" the easy way: an alternative to the Pareto/NBD model, Marketing
Science 24(2), 275-284. Where the data do not show that customers leave, its
limit without drop-out: A. S. C. Ehrenberg (1959), The pattern of consumer
purchases, Applied Statistics 8(1), 26-41. Amounts: P. S. Fader, B. G. S. Hardie
(2013), The Gamma-Gamma model of monetary value.

Maximum likelihood over counted groups of equal customers, with gradients. Times
are divided by the longest observation and amounts by their geometric mean
before the search, so its starting points, bounds and tolerances know no unit:
the same customers in cents or in yen have the same fit. The same rows give the
same parameters. Nothing is imported from the project, as dbt runs this file on
its own; tests import it by its path.
"""

import hashlib
import os
from pathlib import Path
from typing import Any, NamedTuple

# The search solves systems of twenty equations: more threads than one only wait
# for each other, most of the time where the machine is busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import scipy
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

DAYS_PER_WEEK = 7
# Below these, a fit says more about chance than about the customers.
MIN_REPEAT_BUYERS = 50
# Log-likelihood that drop-out has to gain over the same model without it, for
# its two parameters.
MIN_DROP_OUT_GAIN = 3.0
# Gamma-Gamma assumes that amounts do not depend on frequency. The correlation
# is that of the ranks, which no single amount can move by much.
MAX_CORRELATION = 0.3
# Mean amounts are compared after rounding to this many digits, in units of
# their geometric mean, as sums in another currency differ in their last digits.
DIGITS = 9
# Logarithms of the bounds between which parameters are searched.
BOUND = 8.0
LIMITS = (-BOUND, BOUND)
# Beyond exp(4), a tells nothing more: with a b in proportion, all customers
# leave with the same probability. The series that scores them needs the more
# terms, the larger a is.
PURCHASE_LIMITS = (LIMITS, LIMITS, (-BOUND, 4.0), LIMITS)
RATE_LIMITS = (LIMITS, LIMITS)
# The mean follows p times gamma, so that a large p needs a small gamma.
SPEND_LIMITS = (LIMITS, LIMITS, (-2 * BOUND, BOUND))
# A parameter this close to a bound, in logarithms, counts as on it.
MARGIN = 0.01
# At a maximum, the gradient per customer, by the logarithms of the parameters
# that are not on a bound, is below this.
MAX_GRADIENT = 1e-5

# Above this many rows, only the best starting point is searched over all rows.
ROWS_FOR_STARTS = 10_000

# The scales, alpha and gamma, start where the mean is that of the data.
RATE_STARTS = (0.3, 1.0, 2.0)
DROP_OUT_STARTS = ((0.8, 2.5), (1.0, 10.0), (0.2, 1.0))
SPEND_STARTS = ((6.0, 4.0), (2.0, 2.0), (1.0, 10.0))

COLUMNS = {
    "snapshot_date": "datetime64[us]",
    "r": "float64",
    "alpha": "float64",
    "a": "float64",
    "b": "float64",
    "log_likelihood": "float64",
    "customers": "int64",
    "drop_out_gain": "float64",
    "is_drop_out_known": "bool",
    "p": "float64",
    "q": "float64",
    "gamma": "float64",
    "spend_log_likelihood": "float64",
    "spend_customers": "int64",
    "mean_repeat_amount": "float64",
    "is_converged": "bool",
    "reason": "str",
    "spend_reason": "str",
    "fitted_with": "str",
    "input_hash": "str",
}
# The parameters depend on the rows, on this program and on these libraries.
FITTED_WITH = f"numpy {np.__version__}, scipy {scipy.__version__}"


class Fit(NamedTuple):
    """Parameters at the maximum, and on which bounds it lies, if on any.

    `bounds` has -1 for a parameter on its lower bound, 1 on its upper, else 0.
    """

    parameters: np.ndarray
    log_likelihood: float
    is_converged: bool
    bounds: np.ndarray


def weighted_sum(weights: np.ndarray, values: np.ndarray) -> float:
    """Sum of products, without BLAS: its last digits depend on its threads."""
    return (weights * values).sum()


def counted_by(
    repeats: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of purchases, and how many customers have each.

    What depends on that number alone is computed once for each.
    """
    by_number = np.bincount(repeats.astype(int), weights=counts)
    numbers = np.flatnonzero(by_number)
    return numbers.astype(float), by_number[numbers]


def purchase_log_likelihood(
    parameters: np.ndarray,
    repeats: np.ndarray,
    last: np.ndarray,
    observed: np.ndarray,
    counts: np.ndarray,
) -> tuple[float, np.ndarray]:
    """BG/NBD log-likelihood and its gradient in r, alpha, a, b.

    `repeats` are the purchases after the first, `last` is the time of the last
    one and `observed` the time of observation, both since the first purchase.
    """
    r, alpha, a, b = parameters
    x, by_x = counted_by(repeats, counts)
    has_repeat = repeats > 0
    exponent = r + repeats
    log_observed, log_last = np.log(alpha + observed), np.log(alpha + last)

    stays = -exponent * log_observed
    # Nobody leaves before the first repeat purchase.
    leaves = np.where(
        has_repeat,
        np.log(a)
        - np.log(b + np.maximum(repeats, 1) - 1)
        - exponent * log_last,
        -np.inf,
    )
    either = np.logaddexp(stays, leaves)
    value = weighted_sum(
        by_x,
        gammaln(r + x)
        - gammaln(r)
        + r * np.log(alpha)
        + gammaln(a + b)
        + gammaln(b + x)
        - gammaln(b)
        - gammaln(a + b + x),
    ) + weighted_sum(counts, either)

    stayed = counts * np.exp(stays - either)
    left = counts * np.exp(leaves - either)
    total = by_x.sum()
    d_r = (
        weighted_sum(by_x, digamma(r + x) - digamma(r) + np.log(alpha))
        - weighted_sum(stayed, log_observed)
        - weighted_sum(left, log_last)
    )
    d_alpha = (
        total * r / alpha
        - weighted_sum(stayed, exponent / (alpha + observed))
        - weighted_sum(left, exponent / (alpha + last))
    )
    d_a = (
        weighted_sum(by_x, digamma(a + b) - digamma(a + b + x))
        + left.sum() / a
    )
    d_b = weighted_sum(
        by_x, digamma(a + b) + digamma(b + x) - digamma(b) - digamma(a + b + x)
    ) - weighted_sum(left[has_repeat], 1 / (b + repeats[has_repeat] - 1))
    return float(value), np.array([d_r, d_alpha, d_a, d_b])


def rate_log_likelihood(
    parameters: np.ndarray,
    repeats: np.ndarray,
    observed: np.ndarray,
    counts: np.ndarray,
) -> tuple[float, np.ndarray]:
    """NBD log-likelihood, of customers who never leave, and its gradient.

    What BG/NBD is at a = 0. It does not depend on the time of the last
    purchase.
    """
    r, alpha = parameters
    x, by_x = counted_by(repeats, counts)
    log_scale = np.log(alpha + observed)
    value = weighted_sum(
        by_x, gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    ) - weighted_sum(counts, (r + repeats) * log_scale)
    d_r = weighted_sum(
        by_x, digamma(r + x) - digamma(r) + np.log(alpha)
    ) - weighted_sum(counts, log_scale)
    d_alpha = by_x.sum() * r / alpha - weighted_sum(
        counts, (r + repeats) / (alpha + observed)
    )
    return float(value), np.array([d_r, d_alpha])


def spend_log_likelihood(
    parameters: np.ndarray,
    repeats: np.ndarray,
    amounts: np.ndarray,
    counts: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Gamma-Gamma log-likelihood and its gradient in p, q, gamma.

    `amounts` are the sums over the `repeats` purchases after the first. The
    density is that of the mean amount, as in the paper.
    """
    p, q, gamma = parameters
    x, by_x = counted_by(repeats, counts)
    shape = p * repeats
    means = amounts / repeats
    log_scale = np.log(gamma + amounts)
    # The first sum depends on the number of purchases alone, the second on the
    # mean amounts.
    value = weighted_sum(
        by_x,
        gammaln(p * x + q)
        - gammaln(p * x)
        - gammaln(q)
        + q * np.log(gamma)
        + p * x * np.log(x),
    ) + weighted_sum(
        counts, (shape - 1) * np.log(means) - (shape + q) * log_scale
    )
    d_p = weighted_sum(
        by_x, x * (digamma(p * x + q) - digamma(p * x) + np.log(x))
    ) + weighted_sum(counts, repeats * (np.log(means) - log_scale))
    d_q = weighted_sum(
        by_x, digamma(p * x + q) - digamma(q) + np.log(gamma)
    ) - weighted_sum(counts, log_scale)
    d_gamma = by_x.sum() * q / gamma - weighted_sum(
        counts, (shape + q) / (gamma + amounts)
    )
    return float(value), np.array([d_p, d_q, d_gamma])


def search(
    likelihood: Any, start: np.ndarray, limits: Any, *data: np.ndarray
) -> Any:
    """scipy's result from one starting point, searched in logarithms."""
    total = data[-1].sum()

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(logs)
        value, gradient = likelihood(parameters, *data)
        # Per customer, so that the tolerances mean the same for any size.
        return -value / total, -gradient * parameters / total

    return minimize(
        objective,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-9},
    )


def is_degenerate(fit: Fit, may_be_large: tuple[int, ...] = ()) -> bool:
    """Whether the maximum lies on a bound that must not be met.

    The parameters at the positions `may_be_large` may lie on their upper
    bounds.
    """
    bounds = fit.bounds.copy()
    for position in may_be_large:
        bounds[position] = min(bounds[position], 0)
    return bool(bounds.any())


def maximize(
    likelihood: Any, starts: Any, limits: Any, *data: np.ndarray
) -> Fit:
    """The best maximum from all starting points.

    With very many rows, the starting points compete on an evenly spaced sample
    of them, and only the best continues over all rows.
    """
    step = max(len(data[0]) // ROWS_FOR_STARTS, 1)
    sample = [column[::step] for column in data]
    found = [
        search(likelihood, np.log(start), limits, *sample) for start in starts
    ]
    found = [result for result in found if np.isfinite(result.fun)]
    if not found:
        unknown = np.full(len(starts[0]), np.nan)
        return Fit(unknown, np.nan, False, np.zeros(len(unknown)))
    best = min(found, key=lambda result: result.fun)
    if step > 1:
        best = search(likelihood, best.x, limits, *data)
    lowest, highest = np.array(limits).T
    is_high, is_low = best.x > highest - MARGIN, best.x < lowest + MARGIN
    bounds = is_high.astype(int) - is_low
    # The search also stops where rounding ends its progress, so the gradient
    # decides whether this is a maximum, of the parameters not on a bound.
    steepest = np.abs(best.jac[bounds == 0]).max(initial=0)
    return Fit(
        np.exp(best.x),
        -best.fun * data[-1].sum(),
        bool(steepest < MAX_GRADIENT),
        bounds,
    )


def rescaled(fit: Fit, position: int, scale: float, constant: float) -> Fit:
    """The fit in the unit of the data, after a search in units of `scale`."""
    parameters = fit.parameters.copy()
    parameters[position] *= scale
    return fit._replace(
        parameters=parameters, log_likelihood=fit.log_likelihood + constant
    )


def purchase_data(
    cells: pd.DataFrame,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]:
    """Repeats, last and observed time, and counts; then the unit in weeks.

    Times are in units of the longest observation. `cells` are counted purchase
    histories: repeat_count, days_to_last_purchase, days_observed and
    customer_count. Someone has a repeat purchase.
    """
    observed = cells["days_observed"].to_numpy(float)
    longest = observed.max()
    return (
        cells["repeat_count"].to_numpy(float),
        cells["days_to_last_purchase"].to_numpy(float) / longest,
        observed / longest,
        cells["customer_count"].to_numpy(float),
        longest / DAYS_PER_WEEK,
    )


def fit_purchases(cells: pd.DataFrame) -> Fit:
    """BG/NBD in weeks: r, alpha, a, b."""
    repeats, last, observed, counts, weeks = purchase_data(cells)
    total = weighted_sum(counts, repeats)
    gap = weighted_sum(counts, observed) / total
    starts = [
        (r, r * gap, a, b)
        for r, (a, b) in zip(RATE_STARTS, DROP_OUT_STARTS, strict=True)
    ]
    data = (repeats, last, observed, counts)
    fit = maximize(purchase_log_likelihood, starts, PURCHASE_LIMITS, *data)
    # Each repeat purchase has a density per unit of time.
    return rescaled(fit, 1, weeks, -total * np.log(weeks))


def fit_rates(cells: pd.DataFrame) -> Fit:
    """NBD in weeks, of customers who never leave: r, alpha."""
    repeats, _, observed, counts, weeks = purchase_data(cells)
    total = weighted_sum(counts, repeats)
    gap = weighted_sum(counts, observed) / total
    starts = [(r, r * gap) for r in RATE_STARTS]
    data = (repeats, observed, counts)
    fit = maximize(rate_log_likelihood, starts, RATE_LIMITS, *data)
    return rescaled(fit, 1, weeks, -total * np.log(weeks))


def fit_spend(spend: pd.DataFrame) -> Fit:
    """Gamma-Gamma: p, q, gamma.

    `spend` are counted amounts: repeat_count, repeat_amount (both above 0) and
    customer_count.
    """
    repeats = spend["repeat_count"].to_numpy(float)
    counts = spend["customer_count"].to_numpy(float)
    scale = typical_amount(spend)
    fit = maximize(
        spend_log_likelihood,
        [(p, q, (q - 1) / p) for p, q in SPEND_STARTS],
        SPEND_LIMITS,
        *(repeats, spend["repeat_amount"].to_numpy(float) / scale, counts),
    )
    # Each customer's mean amount has a density per unit of money.
    return rescaled(fit, 2, scale, -counts.sum() * np.log(scale))


def mean_amount(spend: pd.DataFrame) -> float:
    """Mean over the customers of their mean amount; nan without any."""
    counts = spend["customer_count"].to_numpy(float)
    means = spend["repeat_amount"] / spend["repeat_count"]
    total = weighted_sum(counts, means.to_numpy(float))
    return float(total / counts.sum()) if len(spend) else np.nan


def typical_amount(spend: pd.DataFrame) -> float:
    """Geometric mean over the customers of their mean amount.

    A unit for amounts. Unlike the mean, it stays where it is when one order is
    a thousand times too large, which would push the others out of the bounds.
    """
    counts = spend["customer_count"].to_numpy(float)
    means = spend["repeat_amount"] / spend["repeat_count"]
    logs = np.log(means.to_numpy(float))
    return float(np.exp(weighted_sum(counts, logs) / counts.sum()))


def ranks(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Rank of each counted value; equal values share the middle of theirs."""
    _, index = np.unique(values, return_inverse=True)
    by_value = np.bincount(index, weights=counts)
    return (np.cumsum(by_value) - (by_value - 1) / 2)[index]


def rank_correlation(spend: pd.DataFrame) -> float:
    """Spearman's, of repeat purchases and mean amount; 0 if one is constant."""
    counts = spend["customer_count"].to_numpy(float)
    repeats = spend["repeat_count"].to_numpy(float)
    means = spend["repeat_amount"].to_numpy(float) / repeats
    means = (means / typical_amount(spend)).round(DIGITS)
    centre = (counts.sum() + 1) / 2
    one, other = ranks(repeats, counts) - centre, ranks(means, counts) - centre
    scale = np.sqrt(
        weighted_sum(counts, one**2) * weighted_sum(counts, other**2)
    )
    product = weighted_sum(counts, one * other)
    return float(product / scale) if scale > 0 else 0.0


def describe_purchases(cells: pd.DataFrame) -> dict[str, Any]:
    """The parameters of purchases, and the reason not to use them, if any.

    With a reason, what was fitted is still reported, so that people can see
    what was refused.
    """
    leaving, staying = fit_purchases(cells), fit_rates(cells)
    gain = leaving.log_likelihood - staying.log_likelihood
    # Large a and b are the limit where all leave with the same probability.
    is_known = bool(
        leaving.is_converged
        and not is_degenerate(leaving, may_be_large=(2, 3))
        and gain >= MIN_DROP_OUT_GAIN
    )
    reason = None
    if not is_known and not staying.is_converged:
        reason = "purchase_fit_did_not_converge"
    elif not is_known and is_degenerate(staying):
        reason = "purchase_fit_is_degenerate"
    used = leaving if is_known else staying
    return {
        # What the two of BG/NBD's parameters are that the NBD does without.
        **{"a": 0.0, "b": 1.0},
        **dict(zip(("r", "alpha", "a", "b"), used.parameters)),
        "log_likelihood": used.log_likelihood,
        "drop_out_gain": gain,
        "is_drop_out_known": is_known,
        "is_converged": used.is_converged,
        "reason": reason,
    }


def describe_spend(spend: pd.DataFrame) -> dict[str, Any]:
    """The parameters of amounts, and the first reason not to use them, if any.

    The purchases do not depend on them.
    """
    fit = fit_spend(spend)
    p, q, gamma = fit.parameters
    reason = None
    if not fit.is_converged:
        reason = "spend_fit_did_not_converge"
    elif q <= 1:
        reason = "spend_has_no_mean"
    # A large p is the limit where a customer always pays the same.
    elif is_degenerate(fit, may_be_large=(0,)):
        reason = "spend_fit_is_degenerate"
    elif abs(rank_correlation(spend)) > MAX_CORRELATION:
        reason = "spend_depends_on_frequency"
    return {
        **{"p": p, "q": q, "gamma": gamma},
        "spend_log_likelihood": fit.log_likelihood,
        "spend_reason": reason,
    }


def fit_snapshot(cells: pd.DataFrame, spend: pd.DataFrame) -> dict[str, Any]:
    """Parameters of one snapshot, and why not to use them."""
    repeat_buyers = cells.loc[cells["repeat_count"] > 0, "customer_count"].sum()
    row: dict[str, Any] = dict.fromkeys(COLUMNS, np.nan)
    row |= {
        "customers": int(cells["customer_count"].sum()),
        "spend_customers": int(spend["customer_count"].sum()),
        "mean_repeat_amount": mean_amount(spend),
        "is_drop_out_known": False,
        "is_converged": False,
        "reason": "too_few_repeat_buyers",
        "spend_reason": "spend_of_too_few_customers",
    }
    if repeat_buyers >= MIN_REPEAT_BUYERS:
        row |= describe_purchases(cells)
    if row["spend_customers"] >= MIN_REPEAT_BUYERS:
        row |= describe_spend(spend)
    return row


def input_hash(cells: pd.DataFrame, spend: pd.DataFrame) -> str:
    """Hash of everything that the parameters of a snapshot depend on."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update(FITTED_WITH.encode())
    for rows in (cells, spend):
        numbers = rows.drop(columns="snapshot_date").to_numpy(float)
        digest.update(repr(numbers.shape).encode())
        digest.update(np.ascontiguousarray(numbers).tobytes())
    return digest.hexdigest()


def fit_all(
    cells: pd.DataFrame, spend: pd.DataFrame, known: pd.DataFrame
) -> pd.DataFrame:
    """One row of COLUMNS per snapshot date.

    `known` are the rows of an earlier run. Those with the same input are taken
    over, as another fit would find the same parameters.
    """
    known_by_hash = {row["input_hash"]: row for row in known.to_dict("records")}
    spend_by_date = dict(iter(spend.groupby("snapshot_date")))
    rows = []
    for snapshot_date, group in cells.groupby("snapshot_date"):
        amounts = spend_by_date.get(snapshot_date, spend.iloc[:0])
        key = input_hash(group, amounts)
        fitted = known_by_hash.get(key) or fit_snapshot(group, amounts)
        rows.append(
            fitted
            | {
                "snapshot_date": snapshot_date,
                "fitted_with": FITTED_WITH,
                "input_hash": key,
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def count_histories(customers: Any) -> pd.DataFrame:
    """Customers with equal purchase histories, counted, per snapshot date.

    That is all that the likelihoods of purchases depend on. The rows have one order,
    as sums of doubles depend on it.
    """
    return (
        customers.aggregate(
            "snapshot_date, repeat_count, days_to_last_purchase, "
            "days_observed, count(*) as customer_count"
        )
        .order(
            "snapshot_date, repeat_count, days_to_last_purchase, days_observed"
        )
        .df()
    )


def count_amounts(customers: Any) -> pd.DataFrame:
    """Customers with equal repeat purchases and amounts, counted likewise.

    A mean amount of zero has no likelihood, so customers who only received
    free items after the first purchase are left out.
    """
    return (
        customers.filter("repeat_count > 0 and repeat_net_amount > 0")
        .aggregate(
            "snapshot_date, repeat_count, "
            "cast(repeat_net_amount as double) as repeat_amount, "
            "count(*) as customer_count"
        )
        .order("snapshot_date, repeat_count, repeat_amount")
        .df()
    )


def last_parameters(dbt: Any, session: Any) -> pd.DataFrame:
    """The table of the last run; no rows where it is missing or outdated."""
    columns = session.execute(
        "select column_name from duckdb_columns() "
        "where database_name = ? and schema_name = ? and table_name = ?",
        [dbt.this.database, dbt.this.schema, dbt.this.identifier],
    ).fetchall()
    if {name for (name,) in columns} != set(COLUMNS):
        return pd.DataFrame(columns=list(COLUMNS))
    return session.sql(f"select * from {dbt.this}").df()


def model(dbt: Any, session: Any) -> Any:
    """The dbt model: one row per snapshot date."""
    dbt.config(materialized="table")
    customers = dbt.ref("int_cst_ltv_customers")
    parameters = fit_all(
        count_histories(customers),
        count_amounts(customers),
        last_parameters(dbt, session),
    )
    return session.from_df(parameters).project(
        "* replace ("
        "cast(snapshot_date as date) as snapshot_date, "
        "cast(nullif(reason, '') as varchar) as reason, "
        "cast(nullif(spend_reason, '') as varchar) as spend_reason)"
    )
