"""The sums of ads_cst_effect's rows, straight from what happened.

Millions of customers are too many for the models from entries to moments, but
not for these few arrays. For the worlds that both can do, a test proves the
sums equal; from the moments on, the product's SQL goes on with either.
"""

import numpy as np
import pandas as pd

from simulation.worlds.loop import SALE
from simulation.worlds.market import STRATEGIES

PRIOR_DAYS = 365
SUCCESSES = {"repurchase_rate": "orders", "visit_rate": "visits"}
SUMS = ("total", "squares", "prior_total", "prior_squares", "products")


class Happenings:
    """Visits and orders of all customers, by day; amounts in cents."""

    def __init__(self, log, count):
        parts = log.happened
        day = np.concatenate([part.day for part in parts])
        order = np.argsort(day, kind="stable")
        self.day = day[order]
        self.owner = np.concatenate([part.owner for part in parts])[order]
        self.is_order = np.concatenate([part.is_order for part in parts])[order]
        cents = np.rint(
            np.concatenate([part.amount for part in parts])[order] * 100
        )
        self.cents = np.where(self.is_order, cents, 0)
        self.count = count

    def between(self, after_day, last_day):
        """Visits, orders and cents of each customer after a day, until one."""
        first, end = np.searchsorted(self.day, [after_day + 1, last_day + 1])
        owner = self.owner[first:end]
        return {
            "visits": np.bincount(owner, minlength=self.count),
            "orders": np.bincount(
                owner, self.is_order[first:end], minlength=self.count
            ),
            "cents": np.bincount(
                owner, self.cents[first:end], minlength=self.count
            ),
        }


def entries_of(log, customers, calendar):
    """Scope, subject, entry day, and arrays of who enters, their state's and
    strategy's places, and who is held out."""
    for place, lists in enumerate(log.lists):
        if place < calendar.first_list:
            continue
        day = int(lists.day.iloc[0])
        strategy, state = lists.strategy.to_numpy(), lists.state.to_numpy()
        is_held_out = lists.is_holdout.to_numpy()
        is_program = lists.is_program_holdout.to_numpy()
        is_first = place == calendar.first_list
        is_entry = (lists.is_new.to_numpy() | is_first) & ~is_program
        for number, strategy_code in enumerate(STRATEGIES):
            who = np.flatnonzero(is_entry & (strategy == number))
            yield "strategy", strategy_code, day, who, state, is_held_out
        if is_first:
            who = np.arange(len(customers))
            yield "program", "program", day, who, state, is_program
        if place == calendar.sale:
            who = np.flatnonzero(customers.is_in_sale & ~is_held_out)
            yield "campaign", "sale", day, who, state, customers.is_sale_control


def moments_of(log, customers, calendar, caps=None):
    """A DataFrame with a row for each entry date of int_cst_effect_moments, and
    the caps of the amounts, in cents; `caps`: those to be used."""
    happenings = Happenings(log, len(customers))
    entries = list(entries_of(log, customers, calendar))
    outcomes = {}
    for day in {entry[2] for entry in entries}:
        prior = happenings.between(day - PRIOR_DAYS, day)["cents"]
        for window in calendar.windows:
            if day + window <= calendar.last_day:
                sums = happenings.between(day, day + window)
                outcomes[day, window] = {**sums, "prior": prior}
    caps = caps or caps_of(entries, outcomes, calendar)
    rows = []
    for scope, subject, day, who, state, is_held_out in entries:
        if not len(who):
            continue
        cell = customers.world[who] * len(STRATEGIES) + state[who]
        for window in calendar.windows:
            if (day, window) not in outcomes:
                continue
            mine = {
                name: values[who]
                for name, values in outcomes[day, window].items()
            }
            rows += [
                sums_of(cell, is_held_out[who], measure, values, success, mine)
                .assign(
                    scope_code=scope, subject_code=subject, entry_day=day,
                    window_days=window, is_compared=True, arm_code="all",
                    contacted=customers.has_consent[who].sum(),
                )
                for measure, values, success in measures_of(
                    mine, window, caps.get((subject, window), np.nan)
                )
            ]
    moments = pd.concat(rows, ignore_index=True)
    moments["world"] = moments.cell // len(STRATEGIES)
    moments["state_code"] = np.array(STRATEGIES)[moments.cell % len(STRATEGIES)]
    return moments.drop(columns="cell"), caps


def caps_of(entries, outcomes, calendar):
    """The cents that 99 % of buyers do not exceed, by subject and window."""
    buyers = {}
    for _, subject, day, who, _, _ in entries:
        for window in calendar.windows:
            if (day, window) in outcomes:
                sums = outcomes[day, window]
                bought = who[sums["orders"][who] > 0]
                buyers.setdefault((subject, window), []).append(
                    sums["cents"][bought]
                )
    return {
        key: np.quantile(np.concatenate(cents), 0.99, method="inverted_cdf")
        for key, cents in buyers.items()
    }


def measures_of(mine, window, cap):
    """Measure, value in units of 0.01, and success, of each entry."""
    bought, visited = mine["orders"] > 0, mine["visits"] > 0
    if window > 90:
        yield "realized_value", mine["cents"], bought
        return
    yield "repurchase_rate", 100 * bought, bought
    yield "visit_rate", 100 * visited, visited
    yield "order_count", 100 * mine["orders"], bought
    yield "net_amount", mine["cents"], bought
    yield "net_amount_capped", np.minimum(mine["cents"], cap), bought


def sums_of(cell, is_held_out, measure, values, success, mine):
    """Counts and sums of both groups, by cell."""
    cells, place = np.unique(cell, return_inverse=True)
    key = 2 * place + is_held_out

    def add(weights=None):
        total = np.bincount(key, weights, minlength=2 * len(cells))
        return total.reshape(-1, 2).T

    value, prior = values / 100, mine["prior"] / 100
    sums = {
        "entries": add(), "buyers": add(success), "total": add(value),
        "squares": add(value**2), "prior_total": add(prior),
        "prior_squares": add(prior**2), "products": add(prior * value),
    }
    return pd.DataFrame({
        "cell": cells, "measure_code": measure,
        **{
            f"{group}_{name}": both[place]
            for name, both in sums.items()
            for place, group in enumerate(("treated", "holdout"))
        },
    })


GROUPS = ("treated", "holdout")
PERIODS = {
    "snapshot": "cast(entry_date as varchar)",
    "quarter": "concat(year(entry_date), '-Q', quarter(entry_date))",
    "year": "cast(year(entry_date) as varchar)",
    "last_four_quarters": "'last_four_quarters'",
    "all": "'all'",
}


def moments_sql(last_day):
    """The rows of int_cst_effect_moments from those by entry date, which are
    registered as given_moments."""
    columns = ", ".join(
        f"cast(sum({group}_{name}) as {kind}) as {group}_{name}"
        for group in GROUPS
        for name, kind in (
            ("entries", "bigint"), ("buyers", "bigint"),
            *((name, "double") for name in SUMS),
        )
    )
    nothing = ", ".join(
        f"cast(0 as decimal(38, 2)) as {group}_{name}"
        for group in GROUPS
        for name in ("discount", "contact_cost", "profit", "net", "profit_net")
    )
    as_of = f"(date '1970-01-01' + {last_day})"
    return " union all ".join(f"""
        select
            scope_code, subject_code, arm_code,
            cast(window_days as integer) as window_days, measure_code,
            true as is_compared,
            printf('w%05d-%s', world, state_code) as segment_code,
            '{period_type}' as period_type, {code} as period_code,
            {columns}, {nothing},
            cast(sum(contacted) as bigint) as treated_contacted,
            cast(0 as bigint) as holdout_contacted,
            cast(0 as bigint) as open_entries,
            min(entry_date) as first_entry_date,
            max(entry_date) as last_entry_date
        from (
            select
                *,
                date '1970-01-01' + cast(entry_day as integer) as entry_date
            from given_moments
        )
        where case '{period_type}'
            when 'all' then true
            when 'last_four_quarters' then scope_code != 'campaign'
                and (year({as_of}) - year(entry_date)) * 4
                + quarter({as_of}) - quarter(entry_date) < 4
            else scope_code != 'campaign'
        end
        group by all
    """ for period_type, code in PERIODS.items())
