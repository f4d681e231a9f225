"""What holds in any shop, on a small one: in other money, on a sale day.

`make test-shops` does the same with CDNOW, Complete Journey, the sample and
shops of other kinds (tests/shops).
"""

import sys

import pytest
from simulation import shops
from warehouse import PROJECT

sys.path.insert(0, str(PROJECT / "tests" / "shops"))
import shop_builds as builds
import shop_checks as checks

CUSTOMERS = 700
LAST = ["+ads_cst_ltv", "+ads_cst_segment_transition"]


@pytest.fixture(scope="module")
def ods(tmp_path_factory):
    """Eighteen months of an ordinary shop."""
    folder = tmp_path_factory.mktemp("ods")
    shops.write(shops.purchases("ordinary", CUSTOMERS), folder)
    return folder


@pytest.fixture(scope="module")
def shop(ods, tmp_path_factory):
    return builds.build(
        ods, tmp_path_factory.mktemp("shop"), *builds.NEEDED,
        **builds.SIMULATED,
    )


@pytest.mark.parametrize("check", checks.ALONE, ids=lambda check: check.__name__)
def test_no_number_contradicts_another(shop, check):
    assert check(shop) == []


def test_the_checks_have_something_to_say(shop):
    assert checks.can_compare_lost_and_champions(shop) > 5
    changed = "where ltv_change_amount != 0"
    ((count,),) = checks.rows(shop, f"select count(*) from {checks.LTV} {changed}")
    assert count > CUSTOMERS


def test_a_better_recency_comes_back_more_often(shop):
    shares = checks.comes_back(shop)
    assert list(shares) == [5, 4, 3, 2, 1]
    assert checks.is_falling(shares), shares


def test_money_has_no_unit(ods, shop, tmp_path):
    """In yen, all are what they were in pounds."""
    yen = builds.build(
        builds.in_other_money(ods, tmp_path / "ods", 190), tmp_path / "yen",
        *LAST, **builds.SIMULATED,
    )
    assert checks.other_methods(shop, yen) == []
    assert checks.other_segments(shop, yen) == []
    assert checks.amounts_out_of_proportion(shop, yen, 190) == []


def test_no_champion_is_lost_by_buying(shop, tmp_path):
    """On the last day, three of ten customers buy for the same amount."""
    bought = shops.sale(shops.purchases("ordinary", CUSTOMERS), 0.3, 2000)
    shops.write(bought, tmp_path / "ods")
    sale = builds.build(
        tmp_path / "ods", tmp_path / "sale", "+ads_cst_segment_transition",
        **builds.SIMULATED,
    )
    ((buyers, customers, champions),) = checks.rows(sale, f"""
        select
            count(*) filter (where recency_days = 0), count(*),
            count(*) filter (where segment_code = 'champions')
        from {checks.SEGMENTATION} where is_current
    """)
    assert 0.25 * customers < buyers < 0.35 * customers
    assert champions > 20
    assert checks.champions_lost_by_buying(shop, sale) == []
