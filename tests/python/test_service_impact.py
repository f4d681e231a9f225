"""The service experience: what the sample plants is found."""

import numpy as np
import pytest
from statsmodels.stats import proportion

WINDOWS = (30, 60, 90)


@pytest.fixture(scope="module")
def rows(sample_database):
    """The mart's mature rows."""
    return sample_database.execute(
        "select * from cst_ads.ads_cst_service_impact where is_mature"
    ).df()


@pytest.fixture(scope="module")
def overall(rows):
    """Over all periods, by level and window."""
    over_all = rows[rows["period_code"] == "all"]
    return over_all.set_index(["service_level", "window_days"])


@pytest.mark.parametrize("days", WINDOWS)
def test_bad_service_costs_purchases(overall, days):
    """For 90 days after a low score three of four purchases due are lost.

    Of a steady buyer's a quarter remains, but contacts cause purchases all the
    same, and who complains buys more often. A few dozen customers show the
    direction, not the size.
    """
    counts = overall[["numerator_count", "denominator_count"]]
    other = counts.loc["mid", days] + counts.loc["high", days]
    rate = other["numerator_count"] / other["denominator_count"]
    assert overall["repurchase_rate"]["low", days] < rate - 0.05


@pytest.mark.parametrize("days", WINDOWS)
@pytest.mark.parametrize("levels", [["unrated"], ["mid", "high"]], ids=str)
def test_who_has_a_ticket_buys_more(overall, levels, days):
    """No experiment: it takes orders to have tickets about them. Few gave a
    3, so they go with those who rated higher."""
    counts = overall.loc[[(level, days) for level in levels]]
    rate = counts["numerator_count"].sum() / counts["denominator_count"].sum()
    assert overall["repurchase_rate"]["no_ticket", days] < rate


def test_intervals_match_statsmodels(rows):
    lower, upper = proportion.proportion_confint(
        rows["numerator_count"], rows["denominator_count"], method="wilson"
    )
    for name, expected in (("low", lower), ("high", upper)):
        np.testing.assert_allclose(
            rows[f"repurchase_rate_{name}"], expected, rtol=0, atol=1e-14
        )
