"""The sample passes as a company: what a retailer would ask first of it lies
where public figures do. `simulation/sample/plausible.toml` has these, and their
sources."""

from itertools import pairwise

import pytest

from simulation.sample.plausible import read_measures

MEASURES = read_measures()
LEVELS = ("普通", "银卡", "金卡", "钻石")


def test_every_measure_has_a_source_and_a_name_of_its_own() -> None:
    names = [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names) >= 40
    for measure in MEASURES:
        assert measure.source and measure.low < measure.high, measure.name


@pytest.mark.parametrize("measure", MEASURES, ids=lambda it: it.name)
def test_it_lies_where_public_figures_do(measure, sample_database) -> None:
    ((found,),) = sample_database.execute(measure.sql).fetchall()
    assert measure.low <= found <= measure.high, measure.source


def test_each_level_spends_more_than_the_one_before(sample_database) -> None:
    spent = dict(sample_database.execute(
        """
        select member_level, avg(monetary_amount)
        from cst_ads.ads_cst_customer_360
        group by member_level
        """
    ).fetchall())
    assert all(spent[low] < spent[high] for low, high in pairwise(LEVELS))


def test_the_curve_of_all_cohorts_falls(sample_database) -> None:
    """By quarter since the first purchase."""
    shares = [share for (share,) in sample_database.execute(
        """
        select sum(retained_customer_count) / sum(cohort_customer_count)
        from cst_ads.ads_cst_cohort_retention
        where cut_code = 'total' and is_mature
            and months_since_first between 1 and 12
        group by (months_since_first - 1) // 3
        order by (months_since_first - 1) // 3
        """
    ).fetchall()]
    assert len(shares) == 4
    assert all(later < sooner for sooner, later in pairwise(shares))


def test_one_word_for_one_channel(sample_database) -> None:
    """Contacts go by channels that consent is asked for."""
    found = {channel for (channel,) in sample_database.execute(
        "select distinct contact_channel from cst_dwd.dwd_prm_contact "
        "where not is_control"
    ).fetchall()}
    assert found == {"sms", "email", "wecom", "phone", "push"}
