"""Behavior and service decide on strategies, and docs/loop.md tells the truth
of the customer who goes once around the loop."""

import re
from pathlib import Path

import pytest
from case_data import TABLES
from warehouse import Warehouse

from scripts.figures import LOOP_CUSTOMER
from simulation.sample.world import World

PROJECT = Path(__file__).resolve().parents[2]
PAGE, CHINESE_PAGE = (
    (PROJECT / "docs" / page).read_text(encoding="utf-8")
    for page in ("loop.md", "zh/loop.md")
)
RECOMMENDED = """
    select customer_id, snapshot_date, strategy_rule_id, strategy_code,
        recommended_strategy_code
    from cst_intermediate.int_cst_strategies_in_force
    order by all
"""


def rules_that_ask(database, *columns):
    """Ids of the rules with a condition on one of the columns."""
    conditions = " or ".join(f"{column} is not null" for column in columns)
    return {
        rule for (rule,) in database.execute(
            f"select strategy_rule_id from cst_dim.dim_cst_strategy_rule "
            f"where {conditions}"
        ).fetchall()
    }


@pytest.mark.parametrize(("source", "columns"), [
    ("event", ["engagement_level"]),
    ("ticket", ["satisfaction_level", "service_state"]),
])
def test_without_a_source_strategies_differ_where_its_rules_were_met(
    source, columns, sample_database, tmp_path
) -> None:
    without = Warehouse(
        tmp_path,
        cst_ods_path=str(PROJECT / "seeds" / "ods"),
        cst_enabled_sources=[name for name in TABLES if name != source],
        retention_holdout_since=World().lists_since.isoformat(),
    )
    result = without.build("+int_cst_strategies_in_force")
    assert result.returncode == 0, result.text[-2000:]
    asking = rules_that_ask(sample_database, *columns)
    said = {
        (customer, date): row for customer, date, *row
        in sample_database.execute(RECOMMENDED).fetchall()
    }
    left = {
        (customer, date): row for customer, date, *row
        in without.rows(RECOMMENDED)
    }
    assert said.keys() == left.keys()
    other_rules = {key for key in said if said[key][0] != left[key][0]}
    met = asking & {rule for rule, *_ in said.values()}
    assert met and {said[key][0] for key in other_rules} == met
    assert not asking & {rule for rule, *_ in left.values()}
    # A real shop has a ticket for each eighth order, and few are bad.
    assert sum(said[key][2] != left[key][2] for key in said) > 30
    assert sum(said[key][1] != left[key][1] for key in said) > 5


def test_the_customer_of_the_page_goes_round(sample_database) -> None:
    """What the page says in words, beside its figures."""
    assert LOOP_CUSTOMER in PAGE
    episodes = sample_database.execute(
        """
        select strategy_code, min(snapshot_date), sum(contact_count),
            bool_or(is_holdout)
        from cst_dws.dws_cst_retention
        where customer_id = ?
        group by strategy_code, episode_start_date
        order by episode_start_date
        """,
        [LOOP_CUSTOMER],
    ).fetchall()
    assert [strategy for strategy, *_ in episodes] == [
        "first_purchase", "activation", "vip_maintenance", "activation",
        "vip_maintenance",
    ]
    assert all(contacts and not held for _, _, contacts, held in episodes)
    rule, level, csat = sample_database.execute(
        """
        select strategy_rule_id, satisfaction_level, csat_average_90d
        from cst_dws.dws_cst_retention
        inner join cst_dws.dws_cst_behavior using (customer_id, snapshot_date)
        where customer_id = ? and snapshot_date = date '2025-01-31'
        """,
        [LOOP_CUSTOMER],
    ).fetchone()
    assert (rule, level) == ("dissatisfied_mid_value", "dissatisfied")
    assert csat == 1


def test_the_page_says_which_effects_are_known(sample_database) -> None:
    known = sample_database.execute(
        """
        select subject_code
        from cst_ads.ads_cst_effect
        where
            scope_code = 'strategy' and period_type = 'all'
            and segment_code = 'all' and window_days = 90
            and measure_code = 'repurchase_rate'
            and (uplift_low > 0 or uplift_high < 0)
        """
    ).fetchall()
    assert known == [("activation",)]
    assert "In the sample activation works;\nthe intervals of all others hold 0" in PAGE
    assert "样例中激活策略有效，其余策略的置信区间都包含 0" in CHINESE_PAGE


@pytest.mark.parametrize("page", [PAGE, CHINESE_PAGE], ids=["en", "zh"])
def test_every_figure_of_the_page_is_filled(page) -> None:
    marks = re.findall(r"<!-- figure: (\w+) -->(.*?)<!-- /figure -->", page, re.S)
    assert len(marks) == 9
    assert all(text.strip() for _, text in marks)
