"""A rule with alternatives changes which strategy an episode has, and nothing
of when episodes begin and end.

The sample is built once more with alternatives for three of its rules.
"""

import json
import re

import duckdb
import numpy as np
import pytest
from simulation.worlds.choosing import Rule, decide, expect
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


# -- which option leads, by what was published ---------------------------------

SHARE = .25
CHAIN = [
    "int_cst_expected_effects", "int_cst_effects_in_use",
    "int_cst_strategy_options",
]
SEGMENTS = ["champions", "loyal", "potential", "at_risk", "lost"]
STRATEGIES = ["activation", "vip_maintenance", "wake_up"]
RULES = {
    "one": ["wake_up", "activation"],
    "two": ["activation", "wake_up", "vip_maintenance"],
}


@pytest.fixture(scope="module")
def published_company(run_dbt):
    """The chain from published effects to options on a company of two rules:
    options(effects) gives what each rule chooses from, by segment."""
    compiled = run_dbt(
        "compile", "--select", *CHAIN, check=True,
        vars={"retention_exploration_share": SHARE},
    )
    nodes = json.loads((compiled.target_path / "manifest.json").read_text())
    code = {
        name: re.sub(
            r'"\w+"\."\w+"\."(\w+)"', r"\1",
            nodes["nodes"][f"model.cst.{name}"]["compiled_code"],
        ) for name in CHAIN
    }
    with duckdb.connect() as connection:
        connection.execute("""
            create table ads_cst_effect (
                subject_code varchar, segment_code varchar, uplift double,
                uplift_low double, uplift_high double,
                scope_code varchar default 'strategy',
                period_type varchar default 'all',
                measure_code varchar default 'order_count',
                window_days integer default 90
            );
            create table ads_cst_expected_effect as select
                '' as strategy_code, '' as segment_code, 0e0 as pooled_uplift,
                0e0 as segment_uplift, 0e0 as segment_uplift_error,
                0e0 as between_variance, 0e0 as expected_order_uplift,
                0e0 as expected_uplift_error,
                date '2025-06-30' as snapshot_date
            where false;
            create table dim_cst_snapshot as
            select date '2025-06-29' as written_as_of_date;
            create table int_cst_snapshot_dates as select
                date '2025-06-30' as snapshot_date, true as is_list_due,
                true as is_current;
            create table cst_segments (segment_code varchar);
            create table cst_strategy_rules (
                rule_id varchar, strategy_code varchar
            );
            create table cst_strategy_alternatives as
            from cst_strategy_rules
        """)
        connection.executemany(
            "insert into cst_segments values (?)",
            [[segment] for segment in SEGMENTS],
        )
        for rule, (own, *others) in RULES.items():
            connection.execute(
                "insert into cst_strategy_rules values (?, ?)", [rule, own]
            )
            connection.executemany(
                "insert into cst_strategy_alternatives values (?, ?)",
                [[rule, other] for other in others],
            )

        def options(effects):
            connection.execute("delete from ads_cst_effect")
            if effects:
                connection.executemany(
                    "insert into ads_cst_effect (subject_code, segment_code, "
                    "uplift, uplift_low, uplift_high) values (?, ?, ?, ?, ?)",
                    [
                        (*key, value, value - 1.96 * error, value + 1.96 * error)
                        for key, (value, error) in effects.items()
                    ],
                )
            for name in CHAIN:
                connection.execute(
                    f"create or replace table {name} as {code[name]}"
                )
            return {
                (rule, segment, strategy): (leads, probability)
                for rule, segment, strategy, leads, probability
                in connection.execute("""
                    select
                        rule_id, segment_code, strategy_code, is_leading,
                        choice_probability
                    from int_cst_strategy_options
                """).fetchall()
            }

        yield options


def random_effects(rng):
    """What could be published: of some strategies nothing, of some segments
    nothing, effects that differ much, little or not at all between segments."""
    found = {}
    for strategy in STRATEGIES:
        if rng.random() < .15:
            continue
        center, between = rng.normal(0, .3), rng.choice([0, .05, .5])
        found[strategy, "all"] = center, rng.uniform(.02, .15)
        for segment in SEGMENTS:
            if rng.random() < .7:
                error = rng.uniform(.03, .5)
                found[strategy, segment] = (
                    center + rng.normal(0, between) + rng.normal(0, error),
                    error,
                )
    return found


def test_options_are_those_of_the_simulated_policy(published_company):
    """What numpy's worlds decide by is what the tables decide by."""
    rng, led = np.random.default_rng(2), 0
    for _ in range(150):
        effects = random_effects(rng)
        known = {}
        for strategy in STRATEGIES:
            unknown = np.nan, np.nan
            own = [effects.get((strategy, code), unknown) for code in SEGMENTS]
            known[strategy] = np.transpose(expect(
                *map(np.array, effects.get((strategy, "all"), unknown)),
                *np.transpose(own),
            ))
        wanted = {}
        for rule, options in RULES.items():
            values = np.stack([known[option] for option in options], axis=1)
            leading, probability = decide(
                values[..., 0], values[..., 1], Rule(share=SHARE)
            )
            led += (leading > 0).sum()
            wanted |= {
                (rule, segment, option): (
                    leading[place] == number, probability[place, number]
                )
                for place, segment in enumerate(SEGMENTS)
                for number, option in enumerate(options)
            }
        found = published_company(effects)
        assert found.keys() == wanted.keys()
        for key, (leads, probability) in wanted.items():
            assert found[key][0] == leads, (key, effects)
            assert found[key][1] == pytest.approx(probability), (key, effects)
    assert led > 200


def test_nothing_published_leaves_the_rules_own(published_company):
    found = published_company({})
    assert {
        (rule, strategy) for (rule, _, strategy), (leads, _) in found.items()
        if leads
    } == {(rule, own) for rule, (own, *_) in RULES.items()}
