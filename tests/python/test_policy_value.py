"""The value of choosing, by the project's SQL, against numpy and against a
public experiment.

The oracle knows no influence function: it weighs each customer a little more
and less and looks how far the means move (infinitesimal jackknife).
"""

import duckdb
import numpy as np
import pandas as pd
import pytest
from email_experiment import GROUPS, customers
from scipy import stats
from test_email_experiment import PUBLISHED

MODELS = (
    "int_cst_policy_entries", "int_cst_policy_means", "int_cst_policy_errors",
    "ads_cst_policy_value",
)
Z = stats.norm.ppf(0.975)
MEASURES = ("order_count", "net_amount")
DATES = pd.to_datetime(["2024-01-31", "2024-02-29", "2024-03-31"])


def values_of(entries, run_dbt, path):
    """ads_cst_policy_value of these entries, by policy, strategy, period and
    measure; as it is, without rounding."""
    strategies = sorted(set(entries.strategy_code))
    given = entries.assign(
        episode_start_date=entries.get(
            "episode_start_date", entries.snapshot_date
        ),
    )
    with duckdb.connect(str(path)) as connection:
        connection.register("given", given)
        connection.register("codes", pd.DataFrame({"code": strategies}))
        connection.execute("""
            create schema cst_intermediate;
            create schema cst_dim;
            create table cst_dim.dim_cst_strategy as select
                code as strategy_code, code as strategy_name_zh,
                code as strategy_name_en from codes;
            create table cst_intermediate.int_cst_retention as
            select * replace (
                snapshot_date::date as snapshot_date,
                episode_start_date::date as episode_start_date,
                order_count_next_90d::bigint as order_count_next_90d,
                net_amount_next_90d::decimal(18, 2) as net_amount_next_90d
            ) from given;
        """)
    run_dbt("run", "--select", *MODELS, database=path, check=True)
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(
            "select * from cst_ads.ads_cst_policy_value"
        ).df()
    keys = ["policy_code", "strategy_code", "period_code", "measure_code"]
    rows["strategy_code"] = rows.strategy_code.fillna("")
    rows = rows.set_index(keys).sort_index()
    assert rows.index.is_unique
    return rows


# -- random entries ----------------------------------------------------------

RULES = {"calm": ("call", ("gift",)), "wild": ("call", ("gift", "letter"))}
SHARE = 0.3


def random_entries():
    """Two rules with options of different probability from month to month;
    customers enter up to three times."""
    rng = np.random.default_rng(20240131)
    rows = []
    for number in range(1500):
        rule = rng.choice(list(RULES))
        default, alternatives = RULES[rule]
        taste = rng.gamma(1, 1)
        for month in np.flatnonzero(rng.random(3) < 0.6):
            # letter is new in the second month, and leads in the third
            options = [
                code for code in (default, *alternatives)
                if code != "letter" or month > 0
            ]
            share = SHARE / len(options)
            leading = options[-1] if month == 2 else default
            shares = [
                1 - SHARE + share if code == leading else share
                for code in options
            ]
            place = rng.choice(len(options), p=shares)
            orders = rng.poisson(taste * (1 + 0.3 * place))
            is_open = month == 2 and rng.random() < 0.2
            rows.append({
                "customer_id": f"c{number}", "snapshot_date": DATES[month],
                "strategy_rule_id": rule, "strategy_code": options[place],
                "default_strategy_code": default,
                "choice_probability": shares[place], "is_compared": True,
                "is_holdout": rng.random() < 0.1, "contact_count": 1,
                "order_count_next_90d": None if is_open else orders,
                "net_amount_next_90d": None if is_open else round(
                    orders * rng.lognormal(3, 1), 2
                ),
            })
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def entries():
    return random_entries()


@pytest.fixture(scope="module")
def values(entries, run_dbt, tmp_path_factory):
    path = tmp_path_factory.mktemp("values") / "cst.duckdb"
    return values_of(entries, run_dbt, path)


def had_option(entries, policy, strategy):
    """Whether it is one of the rule's options in that month, by the
    construction above; under the other policies there is always a choice."""
    if policy != "alternative":
        return np.ones(len(entries), dtype=bool)
    is_option = entries.strategy_rule_id.map(
        lambda rule: strategy in RULES[rule][1]
    ).to_numpy(copy=True)
    if strategy == "letter":
        is_option &= (entries.snapshot_date > DATES[0]).to_numpy()
    return is_option


def weights_of(entries, policy, strategy):
    """How many entries each stands for."""
    chance = 1 / entries.choice_probability.to_numpy()
    given = entries.strategy_code.to_numpy()
    if policy == "chosen":
        return np.ones(len(entries))
    meant = entries.default_strategy_code.to_numpy().copy()
    if policy == "alternative":
        meant[had_option(entries, policy, strategy)] = strategy
    return np.where(given == meant, chance, 0)


def expected_of(entries, policy, strategy, measure):
    """Value, its error, the difference to default, its error, and the number
    of effective entries: of those whose rule had the option."""
    known = entries[~entries.is_holdout & entries.order_count_next_90d.notna()]
    measured = known[f"{measure}_next_90d"].to_numpy(float)
    own = weights_of(known, policy, strategy)
    default = weights_of(known, "default", "")
    customer, place = np.unique(known.customer_id, return_inverse=True)

    def mean(weights, importance):
        total = weights * importance[place]
        return (total * measured).sum() / total.sum()

    step = 1e-4
    moved = []
    for number in range(len(customer)):
        means = []
        for sign in (1, -1):
            importance = np.ones(len(customer))
            importance[number] += sign * step
            means.append(
                (mean(own, importance), mean(default, importance))
            )
        moved.append((np.array(means[0]) - means[1]) / (2 * step))
    by_own, by_default = np.array(moved).T
    ones = np.ones(len(customer))
    weights = own[had_option(known, policy, strategy)]
    return (
        mean(own, ones), np.sqrt((by_own**2).sum()),
        mean(own, ones) - mean(default, ones),
        np.sqrt(((by_own - by_default) ** 2).sum()),
        weights.sum() ** 2 / (weights**2).sum(),
    )


POLICIES = [
    ("chosen", ""), ("default", ""), ("alternative", "gift"),
    ("alternative", "letter"),
]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("policy", "strategy"), POLICIES)
@pytest.mark.parametrize("period", ["all", "2024-02-29"])
def test_values_and_errors_are_those_of_an_oracle(
    entries, values, policy, strategy, measure, period
):
    if period != "all":
        entries = entries[entries.snapshot_date == period]
    row = values.loc[policy, strategy, period, measure]
    assert pd.isna(row.withheld_reason)
    value, error, difference, difference_error, effective = expected_of(
        entries, policy, strategy, measure
    )
    assert row.policy_value == pytest.approx(value, rel=1e-8)
    assert row.standard_error == pytest.approx(error, rel=1e-6)
    assert row.effective_entries == pytest.approx(effective, rel=1e-8)
    if policy == "default":
        assert pd.isna(row.difference_to_default)
    else:
        assert row.difference_to_default == pytest.approx(difference, rel=1e-7)
        assert row.difference_high - row.difference_low == pytest.approx(
            2 * Z * difference_error, rel=1e-6
        )


def test_what_has_no_option_is_no_policy(values):
    """letter was nobody's option in January: nothing is said of it."""
    january = values.xs(("2024-01-31", "order_count"), level=(2, 3))
    assert january.loc["alternative", "letter"].matching_entries == 0
    assert january.loc["alternative", "letter"].withheld_reason == (
        "not_carried_out"
    )
    assert pd.isna(january.loc["alternative", "letter"].difference_to_default)


def test_counts_are_those_of_the_entries(entries, values):
    treated = entries[~entries.is_holdout]
    closed = treated[treated.order_count_next_90d.notna()]
    row = values.loc["default", "", "all", "net_amount"]
    assert row.entries == len(closed)
    assert row.open_entries == len(treated) - len(closed)
    assert row.matching_entries == (
        closed.strategy_code == closed.default_strategy_code
    ).sum()


def test_other_rules_do_not_speak_for_an_option(run_dbt, tmp_path_factory):
    """Five gifts were drawn of a hundred entries, and nobody got one; thousands
    of another rule, which knows no gift, were contacted."""
    rng = np.random.default_rng(3)

    def entry(number, rule, given, chance, contacts):
        return {
            "customer_id": f"c{number}", "snapshot_date": DATES[0],
            "strategy_rule_id": rule, "strategy_code": given,
            "default_strategy_code": "call", "choice_probability": chance,
            "is_compared": True, "is_holdout": False,
            "contact_count": contacts, "order_count_next_90d": number % 2,
            "net_amount_next_90d": float(rng.integers(1, 9)),
        }

    rows = [
        entry(n, "calm", *(("gift", .05, 0) if n < 5 else ("call", .95, 1)))
        for n in range(100)
    ] + [
        entry(n, "wild", *(("letter", .05, 1) if n % 20 else ("call", .95, 1)))
        for n in range(100, 3100)
    ]
    values = values_of(
        pd.DataFrame(rows), run_dbt,
        tmp_path_factory.mktemp("diluted") / "cst.duckdb",
    )
    gift = values.loc["alternative", "gift", "all", "order_count"]
    assert (gift.matching_entries, gift.entries) == (5, 3100)
    assert gift.effective_entries == pytest.approx(5)
    assert gift.withheld_reason == "not_carried_out"


def test_the_order_of_rows_changes_no_digit(
    entries, values, run_dbt, tmp_path_factory
):
    shuffled = entries.sample(frac=1, random_state=1)
    path = tmp_path_factory.mktemp("shuffled") / "cst.duckdb"
    again = values_of(shuffled, run_dbt, path)
    pd.testing.assert_frame_equal(values, again, check_exact=True)


def test_a_list_changed_by_hand_is_found(entries, run_dbt, tmp_path_factory):
    """Somebody gave half of those who were to get gift a call: the logged
    probabilities are not those of what was done."""
    rng = np.random.default_rng(1)
    changed = entries.copy()
    is_changed = (changed.strategy_code == "gift") & (
        rng.random(len(changed)) < 0.5
    )
    changed.loc[is_changed, "strategy_code"] = "call"
    path = tmp_path_factory.mktemp("changed") / "cst.duckdb"
    row = values_of(changed, run_dbt, path).loc[
        "alternative", "gift", "all", "order_count"
    ]
    assert row.withheld_reason == "sample_ratio_mismatch"
    assert pd.isna(row.policy_value)


# -- Hillstrom's e-mails -----------------------------------------------------


@pytest.fixture(scope="module")
def mailed():
    """The experiment as a choice: nobody is mailed by rule, and chance gave
    each of three options with a third."""
    people = customers()
    return pd.DataFrame({
        "customer_id": people.customer_id,
        "snapshot_date": pd.Timestamp(2008, 3, 2),
        "strategy_rule_id": "everybody", "strategy_code": people.group,
        "default_strategy_code": "none", "choice_probability": 1 / 3,
        "is_compared": True, "is_holdout": False, "contact_count": 1,
        "order_count_next_90d": (people.cents > 0).astype(int),
        "net_amount_next_90d": people.cents / 100,
    })


@pytest.fixture(scope="module")
def values_of_mails(mailed, run_dbt, tmp_path_factory):
    path = tmp_path_factory.mktemp("mails") / "cst.duckdb"
    return values_of(mailed, run_dbt, path)


@pytest.mark.parametrize("group", GROUPS)
def test_a_mail_for_all_is_worth_what_its_group_spent(values_of_mails, group):
    policy = ("default", "") if group == "none" else ("alternative", group)
    sums = GROUPS[group]
    for measure, total in (
        ("order_count", sums.buyers), ("net_amount", sums.cents / 100),
    ):
        row = values_of_mails.loc[(*policy, "all", measure)]
        assert row.policy_value == pytest.approx(
            total / sums.customers, abs=1e-9
        )
        assert row.matching_entries == sums.customers
        assert row.entries == 64_000
        assert row.effective_entries == pytest.approx(sums.customers)


@pytest.mark.parametrize("group", ["mens", "womens"])
@pytest.mark.parametrize(
    ("measure", "published_as"),
    [("order_count", "repurchase_rate"), ("net_amount", "net_amount")],
)
def test_differences_are_those_that_others_published(
    values_of_mails, group, measure, published_as
):
    """See test_email_experiment for the sources; an order count of at most one
    is the rate of buyers."""
    row = values_of_mails.loc["alternative", group, "all", measure]
    published = PUBLISHED[group, published_as]
    digits = len(str(published["uplift"]).split(".")[1])
    assert row.difference_to_default == pytest.approx(
        published["uplift"], abs=0.5001 * 10**-digits
    )
    if "interval" in published:
        width = published["interval"][1] - published["interval"][0]
        assert (row.difference_low, row.difference_high) == pytest.approx(
            published["interval"], abs=width / 1000
        )


def test_what_was_chosen_is_the_mean_of_all(values_of_mails):
    row = values_of_mails.loc["chosen", "", "all", "net_amount"]
    cents = sum(group.cents for group in GROUPS.values())
    assert row.policy_value == pytest.approx(cents / 6_400_000, abs=1e-12)


def test_a_policy_by_segment_mails_a_segment_alone(
    mailed, run_dbt, tmp_path_factory
):
    """Every other customer is of a rule that has the men's mail as its only
    alternative, drawn with a half; the others of one with the women's. The
    men's mail, wherever it is an option, mails nobody else."""
    is_even = mailed.customer_id.str[-1].isin(list("02468"))
    other = np.where(is_even, "womens", "mens")
    given = mailed[mailed.strategy_code != other].assign(
        strategy_rule_id=np.where(is_even, "even", "odd")[
            mailed.strategy_code != other
        ],
        choice_probability=0.5,
    )
    path = tmp_path_factory.mktemp("segments") / "cst.duckdb"
    row = values_of(given, run_dbt, path).loc[
        "alternative", "mens", "all", "net_amount"
    ]
    mailed_by_it = mailed[
        mailed.strategy_code == np.where(is_even, "mens", "none")
    ]
    assert row.matching_entries == (
        mailed_by_it.strategy_code == "mens"
    ).sum()
    assert row.policy_value == pytest.approx(
        mailed_by_it.net_amount_next_90d.mean()
    )
