"""Hillstrom's e-mail experiment (2008) through the ordinary tables.

Both mailings are campaigns with the one control group. Expected are figures as
others published them, and what scipy and statsmodels make of the same groups.
"""

import numpy as np
import pytest
from email_experiment import (
    AS_OF_DATE,
    CAMPAIGNS,
    COST_CENTS,
    GROUPS,
    amounts,
    customers,
    write_tables,
)
from scipy import stats
from statsmodels.api import OLS
from statsmodels.stats import proportion
from warehouse import Warehouse

WINDOWS = (30, 60, 90)

# The men's: uplift and z as in the literature on the experiment; t of
# spending by scipy's test of equal variances, as readers of Yasui's "Causal
# inference for effect measurement" (2020) repeat it. Intervals to five digits:
# analyses with one variance per group.
PUBLISHED = {
    ("mens", "visit_rate"): {"uplift": 0.0765896, "z": 22.6208},
    ("mens", "repurchase_rate"): {"uplift": 0.0068050, "z": 7.3899},
    ("mens", "net_amount"): {
        "uplift": 0.769827, "p": 1.163200872605869e-07,
        "interval": (0.48514, 1.05451),
    },
    ("womens", "visit_rate"): {
        "uplift": 0.0452331, "interval": (0.03889, 0.05157),
    },
    ("womens", "repurchase_rate"): {"uplift": 0.003111},
    ("womens", "net_amount"): {
        "uplift": 0.424412, "interval": (0.16896, 0.67987),
    },
}


@pytest.fixture(scope="module")
def people():
    return customers()


@pytest.fixture(scope="module")
def warehouse(people, tmp_path_factory):
    """What the effect is made of, without a hold-out of the program's own."""
    built = Warehouse(
        tmp_path_factory.mktemp("email"),
        cst_enabled_sources=["customer", "order", "event", "campaign", "touch"],
        cst_timezone="UTC",
        cst_as_of_date=AS_OF_DATE,
        cst_currency_code="USD",
        retention_program_holdout_share=0,
        retention_holdout_share=0,
    )
    write_tables(built.ods, people)
    result = built.build("+ads_cst_effect", "+dwd_prm_contact")
    assert result.returncode == 0, result.text[-3000:]
    return built


@pytest.fixture(scope="module")
def effects(warehouse):
    """Rows of the campaigns, by campaign, measure and window."""
    columns = [
        "subject_code", "measure_code", "window_days", "treated_entries",
        "holdout_entries", "treated_buyers", "holdout_buyers",
        "contacted_treated_entries", "contacted_holdout_entries",
        "sample_ratio_p_value", "treated_mean", "holdout_mean", "uplift",
        "standard_error", "uplift_low", "uplift_high", "p_value", "method_code",
        "adjusted_uplift", "withheld_reason", "incremental_contact_cost_amount",
    ]
    rows = warehouse.rows(
        f"""
        select {", ".join(columns)}
        from cst_ads.ads_cst_effect
        where scope_code = 'campaign' and arm_code = 'all'
            and segment_code = 'all' and period_type = 'all'
        """
    )
    found = {row[:3]: dict(zip(columns, row, strict=True)) for row in rows}
    assert len(found) == len(rows)
    return found


def test_made_up_amounts_have_the_sums_of_the_real_ones():
    for group in GROUPS.values():
        cents = amounts(group.buyers, group.cents, group.squared_cents)
        assert len(cents) == group.buyers
        assert cents.min() > 0
        assert cents.sum() == group.cents
        assert (cents**2).sum() == group.squared_cents


@pytest.mark.parametrize(
    ("campaign", "measure"), PUBLISHED, ids=lambda name: name
)
@pytest.mark.parametrize("window", WINDOWS)
def test_effects_are_those_that_others_published(
    effects, campaign, measure, window
):
    effect = effects[campaign, measure, window]
    published = PUBLISHED[campaign, measure]
    digits = len(str(published["uplift"]).split(".")[1])
    assert effect["withheld_reason"] is None
    assert float(effect["uplift"]) == pytest.approx(
        published["uplift"], abs=0.5001 * 10**-digits
    )
    if "z" in published:
        z = float(effect["uplift"]) / float(effect["standard_error"])
        assert z == pytest.approx(published["z"], abs=5.001e-5)
    if "p" in published:
        assert effect["p_value"] == pytest.approx(published["p"], rel=1e-7)
    if "interval" in published:
        # The larger of two errors and Newcombe's interval differ from these
        # by a thousandth of their width.
        interval = float(effect["uplift_low"]), float(effect["uplift_high"])
        width = published["interval"][1] - published["interval"][0]
        assert interval == pytest.approx(
            published["interval"], abs=width / 1000
        )


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize(
    ("measure", "field"),
    [("visit_rate", "visitors"), ("repurchase_rate", "buyers")],
)
def test_rates_match_statsmodels(effects, campaign, measure, field):
    treated, holdout = GROUPS[campaign], GROUPS["none"]
    successes = [getattr(treated, field), getattr(holdout, field)]
    sizes = [treated.customers, holdout.customers]
    low, high = proportion.confint_proportions_2indep(
        successes[0], sizes[0], successes[1], sizes[1],
        compare="diff", method="newcomb",
    )
    _, p = proportion.proportions_ztest(successes, sizes)
    for window in WINDOWS:
        effect = effects[campaign, measure, window]
        assert effect["method_code"] == "newcombe"
        assert [
            effect[name] for name in (
                "treated_buyers", "holdout_buyers",
                "treated_entries", "holdout_entries",
            )
        ] == successes + sizes
        assert float(effect["uplift_low"]) == pytest.approx(low, abs=1e-9)
        assert float(effect["uplift_high"]) == pytest.approx(high, abs=1e-9)
        assert effect["p_value"] == pytest.approx(p, rel=1e-6)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize("measure", ["net_amount", "order_count"])
def test_amounts_match_scipy(effects, people, campaign, measure):
    """The error of two variances as published; p and interval of one in common
    where that is the wider."""
    values = people["cents"] / 100
    if measure == "order_count":
        values = (values > 0).astype(float)
    treated, holdout = (
        values[people["group"] == group] for group in (campaign, "none")
    )
    own = stats.ttest_ind(treated, holdout, equal_var=False)
    pooled = stats.ttest_ind(treated, holdout)
    difference = treated.mean() - holdout.mean()
    error = max(difference / own.statistic, difference / pooled.statistic)
    half = error * stats.t.ppf(0.975, len(treated) + len(holdout) - 2)
    for window in WINDOWS:
        effect = effects[campaign, measure, window]
        assert effect["method_code"] == "pooled_t"
        assert float(effect["treated_mean"]) == pytest.approx(treated.mean())
        assert float(effect["holdout_mean"]) == pytest.approx(holdout.mean())
        assert float(effect["standard_error"]) == pytest.approx(
            difference / own.statistic, abs=1e-6
        )
        assert effect["p_value"] == pytest.approx(pooled.pvalue, rel=1e-6)
        assert (
            float(effect["uplift_low"]), float(effect["uplift_high"])
        ) == pytest.approx((difference - half, difference + half), abs=1e-6)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_adjusted_uplift_is_that_of_least_squares(effects, people, campaign):
    """Spending on the group and on the spending before: the same slope in both
    groups."""
    pair = people[people["group"].isin([campaign, "none"])]
    regressors = np.column_stack([
        np.ones(len(pair)), pair["group"] == campaign, pair["cents_before"],
    ]).astype(float)
    fitted = OLS(pair["cents"].to_numpy() / 100, regressors).fit()
    assert fitted.rsquared > 0.1
    for window in WINDOWS:
        effect = effects[campaign, "net_amount", window]
        assert float(effect["adjusted_uplift"]) == pytest.approx(
            fitted.params[1], abs=1e-6
        )


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_groups_are_split_as_intended_and_contacted_as_said(effects, campaign):
    effect = effects[campaign, "net_amount", 30]
    sizes = [effect["treated_entries"], effect["holdout_entries"]]
    assert sizes == [GROUPS[campaign].customers, GROUPS["none"].customers]
    assert effect["sample_ratio_p_value"] == pytest.approx(
        stats.binomtest(sizes[0], sum(sizes)).pvalue, rel=1e-3
    )
    assert effect["contacted_treated_entries"] == sizes[0]
    assert effect["contacted_holdout_entries"] == 0


def test_what_half_a_year_shows_is_not_known_yet(effects):
    for campaign in CAMPAIGNS:
        for window in (180, 365):
            effect = effects[campaign, "realized_value", window]
            assert effect["withheld_reason"] == "immature"
            assert effect["uplift"] is None


def test_each_contact_and_its_cost_is_there_once(warehouse, people):
    """The control group in both campaigns, which cost nothing there."""
    contacts = warehouse.rows(
        """
        select campaign_id, is_control, count(*), sum(contact_cost_amount)
        from cst_dwd.dwd_prm_contact group by all order by all
        """
    )
    assert [(*row[:3], float(row[3])) for row in contacts] == [
        (campaign, is_control, size, pytest.approx(cost * size / 100))
        for campaign in CAMPAIGNS
        for is_control, size, cost in (
            (False, GROUPS[campaign].customers, COST_CENTS),
            (True, GROUPS["none"].customers, 0),
        )
    ]
