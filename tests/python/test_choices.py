"""A rule with alternatives changes which strategy an episode has, and nothing
of when episodes begin and end.

The sample is built once more with alternatives for three of its rules.
"""

import duckdb
import pytest
from test_challenger import Project

ALTERNATIVES = {
    "mid_value": ["wake_up"],
    "low_value": ["activation", "vip_maintenance"],
    "never_bought": ["activation"],
}
MODELS = [
    "int_cst_strategy_options", "int_cst_strategies_recommended",
    "int_cst_strategies_in_force", "int_cst_retention", "dws_cst_retention",
]
# What an episode is, whatever is chosen for it.
EPISODE = """
    customer_id, snapshot_date, default_strategy_code,
    recommended_strategy_code, strategy_rule_id, is_in_cooling_off,
    episode_start_date, is_program_holdout
"""


@pytest.fixture(scope="module")
def choices(project_root, sample_path, tmp_path_factory):
    """The sample as shipped, and with alternatives: `shipped`, `choosing`."""
    project = Project(
        project_root, sample_path, tmp_path_factory.mktemp("choices")
    )
    database = project.build(
        "choosing", "cst_strategy_alternatives",
        [
            {"rule_id": rule, "strategy_code": strategy}
            for rule, strategies in ALTERNATIVES.items()
            for strategy in strategies
        ],
        MODELS,
    )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_path}' as shipped (read_only)")
        connection.execute(f"attach '{database}' as choosing (read_only)")
        yield connection


def test_shipped_rules_leave_no_choice(choices):
    assert choices.execute("""
        select distinct choice_probability, strategy_code = default_strategy_code
        from shipped.cst_dws.dws_cst_retention
    """).fetchall() == [(1.0, True)]


def test_episodes_begin_and_end_as_without_a_choice(choices):
    rows, changed = choices.execute("""
        select count(*), count(*) filter (strategy_code != default_strategy_code)
        from choosing.cst_dws.dws_cst_retention
    """).fetchone()
    assert rows > 10_000 and changed > 300
    for one, other in (("shipped", "choosing"), ("choosing", "shipped")):
        assert choices.execute(f"""
            select {EPISODE} from {one}.cst_dws.dws_cst_retention
            except all
            select {EPISODE} from {other}.cst_dws.dws_cst_retention
            limit 5
        """).fetchall() == []


def test_one_choice_holds_for_the_episode(choices):
    assert choices.execute("""
        select customer_id, episode_start_date
        from choosing.cst_dws.dws_cst_retention
        group by all
        having count(distinct (strategy_code, choice_probability, is_holdout))
            > 1
    """).fetchall() == []


def test_options_are_drawn_as_often_as_they_are_said_to_be(choices):
    """No effect is published, so the rule's own leads: of two options .95 and
    .05, of three .933 and .033 each."""
    shares = choices.execute("""
        select strategy_rule_id, strategy_code, any_value(choice_probability),
            count(distinct choice_probability), count(*),
            sum(count(*)) over (partition by strategy_rule_id)
        from choosing.cst_dws.dws_cst_retention
        where snapshot_date = episode_start_date
        and strategy_rule_id in ('mid_value', 'low_value', 'never_bought')
        group by strategy_rule_id, strategy_code
    """).fetchall()
    assert len(shares) == 2 + 3 + 2
    for rule, strategy, probability, distinct, count, total in shares:
        others = len(ALTERNATIVES[rule])
        is_other = strategy in ALTERNATIVES[rule]
        assert distinct == 1
        assert probability == pytest.approx(
            .1 / (1 + others) if is_other else .9 + .1 / (1 + others)
        )
        error = (probability * (1 - probability) / total) ** .5
        assert abs(count / total - probability) < 4 * error, (rule, strategy)


def test_groups_are_drawn_after_the_choice(choices):
    """Within each option one in ten is held out."""
    groups = choices.execute("""
        select strategy_code = default_strategy_code, count(*),
            avg(is_holdout::int)
        from choosing.cst_dws.dws_cst_retention
        where snapshot_date = episode_start_date
        and choice_probability < 1 and not is_program_holdout
        group by all
    """).fetchall()
    assert len(groups) == 2
    for _, count, share in groups:
        assert abs(share - .1) < 4 * (.1 * .9 / count) ** .5


def test_the_reason_names_both(choices):
    assert choices.execute("""
        select count(*) from choosing.cst_dws.dws_cst_retention
        where (strategy_code != default_strategy_code)
        is distinct from (
            assignment_reason_en like '% chosen instead of %'
            and assignment_reason_zh like '%；选用备选策略%，代替%'
        )
    """).fetchone() == (0,)
