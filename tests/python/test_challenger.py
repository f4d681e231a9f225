"""Rules that are tried say what they would say if they ruled.

The sample is built twice over the same changed CSV: as the challenger's, and as
the champion's own. Row by row, the one has to say of the newest snapshot what
the other decides.
"""

import csv
import shutil

import duckdb
import pytest
import warm_dbt
import yaml
from warehouse import call

RULES = "seeds/rules"
# From the rules to what is compared; all before is the same in both.
CHAMPION = [
    "int_cst_rfm_cells", "int_cst_segments_assigned", "int_cst_segmentation",
    "dws_cst_segmentation", "int_cst_strategy_levels",
    "int_cst_strategies_recommended",
]
CHALLENGER = [
    "int_cst_challenger_cells", "int_cst_challenger_segments",
    "int_cst_challenger_strategies", "ads_cst_challenger_move",
    "ads_cst_challenger",
]


def segments_change(rules):
    """Of the loyal, those of the upper recency score are champions."""
    (loyal,) = [rule for rule in rules if rule["rule_id"] == "loyal_1"]
    better = {
        **loyal, "rule_id": "champions_2", "segment_code": "champions",
        "r_from": 4,
    }
    return [
        {**rule, "r_to": 3} if rule is loyal else rule for rule in rules
    ] + [better]


def strategies_change(rules):
    """A rule before all others, one that recommends something else, and one
    that recommends nothing any more."""
    sleepers = {
        **dict.fromkeys(rules[0], ""), "rule_id": "still_here",
        "rule_priority": 5, "value_tier": "high", "engagement_level": "low",
        "strategy_code": "wake_up", "reason_zh": "高价值{points}，但很少来访",
        "reason_en": "High value, {points} points, but few visits",
    }
    other = {"promising": "vip_maintenance", "never_bought": ""}
    return [sleepers] + [
        {**rule, "strategy_code": other.get(
            rule["rule_id"], rule["strategy_code"]
        )}
        for rule in rules
    ]


CHANGES = {
    "cst_segment_rules": segments_change,
    "cst_strategy_rules": strategies_change,
}


def without_tests(described):
    """Of models and seeds the types alone: tests take dbt long to parse."""
    described.pop("unit_tests", None)
    for kind in {"models", "seeds"} & described.keys():
        described[kind] = [
            {
                "name": node["name"], "config": node.get("config", {}),
                "columns": [
                    {key: column[key] for key in ("name", "data_type")
                     if key in column}
                    for column in node.get("columns", [])
                ],
            }
            for node in described[kind]
        ]
    return described


class Project:
    """The project with seeds of its own, and the built sample for each
    build."""

    def __init__(self, root, sample, folder):
        self.sample, self.builds = sample, folder / "builds"
        self.folder = folder / "project"
        self.rules = self.folder / RULES
        for name in ("models", "seeds"):
            # Metrics want a spine of days, which the types alone have not.
            shutil.copytree(
                root / name, self.folder / name,
                ignore=shutil.ignore_patterns("_metrics.yml"),
            )
        for path in self.folder.rglob("*.yml"):
            described = yaml.safe_load(path.read_text(encoding="utf-8"))
            path.write_text(yaml.safe_dump(without_tests(described)))
        for name in ("macros", "dbt_packages", "dbt_project.yml",
                     "packages.yml", "profiles.yml"):
            (self.folder / name).symlink_to(root / name)
        self.parsed = warm_dbt.parse(self.folder, {}, sample.stem)

    def build(self, name, seed, rules, models):
        """A copy of the sample, in which a seed has other rules."""
        database = self.builds / name / self.sample.name
        database.parent.mkdir(parents=True)
        shutil.copy(self.sample, database)
        path = self.rules / f"{seed}.csv"
        as_shipped = path.read_text(encoding="utf-8")
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rules[0])
            writer.writeheader()
            writer.writerows(rules)
        try:
            result = call([
                *warm_dbt.command(self.parsed), "build",
                "--exclude-resource-type", "test", "unit_test",
                "--select", seed, *models, "--project-dir", self.folder,
                "--profiles-dir", self.folder, "--no-write-json",
                "--target-path", database.parent / "target",
                "--log-path", database.parent / "logs",
            ], database)
        finally:
            path.write_text(as_shipped, encoding="utf-8")
        assert result.returncode == 0, result.stdout[-3000:]
        return database


@pytest.fixture(scope="module")
def project(project_root, sample_path, tmp_path_factory):
    return Project(
        project_root, sample_path, tmp_path_factory.mktemp("challenger")
    )


@pytest.fixture(scope="module", params=CHANGES)
def both_builds(request, project):
    """Both builds over the same changed CSV, attached; and its name."""
    seed = request.param
    with open(project.rules / f"{seed}.csv", encoding="utf-8") as file:
        rules = CHANGES[seed](list(csv.DictReader(file)))
    challenger = project.build(
        f"{seed}-tried", f"{seed}_challenger", rules, CHALLENGER
    )
    champion = project.build(f"{seed}-ruling", seed, rules, CHAMPION)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{challenger}' as tried (read_only)")
        connection.execute(f"attach '{champion}' as ruling (read_only)")
        yield connection, seed


TRIED = """
    select
        customer_id, challenger_segment_code, challenger_segment_rule_id,
        challenger_strategy_code, challenger_strategy_rule_id
    from tried.cst_intermediate.int_cst_challenger_strategies
"""
RULING = """
    select
        customer_id, segment_code, segment_rule_id, recommended_strategy_code,
        strategy_rule_id
    from ruling.cst_dws.dws_cst_segmentation
    full join ruling.cst_intermediate.int_cst_strategies_recommended
        using (customer_id, snapshot_date)
    where snapshot_date = (
        select snapshot_date from ruling.cst_dim.dim_cst_snapshot
        where is_current
    )
"""


def test_the_challenger_says_what_it_would_decide(both_builds):
    connection, _ = both_builds
    for one, other in ((TRIED, RULING), (RULING, TRIED)):
        assert connection.execute(f"{one} except all {other}").fetchall() == []
    (customers,) = connection.execute(
        f"select count(*) from ({TRIED})"
    ).fetchone()
    assert customers > 1000


def test_the_champion_stays_the_champion(both_builds):
    """What is tried touches nothing of what rules."""
    connection, _ = both_builds
    assert connection.execute(
        """
        select
            customer_id, champion_segment_code, champion_strategy_code,
            champion_strategy_rule_id
        from tried.cst_intermediate.int_cst_challenger_strategies
        except all
        select
            customer_id, segment_code, recommended_strategy_code,
            strategy_rule_id
        from tried.cst_intermediate.int_cst_segments_assigned
        inner join tried.cst_intermediate.int_cst_strategies_recommended
            using (customer_id, snapshot_date)
        """
    ).fetchall() == []


def test_somebody_moves_and_the_summary_counts_them(both_builds):
    connection, seed = both_builds
    moves = connection.execute(
        """
        select
            champion_segment_code, challenger_segment_code,
            champion_strategy_code, challenger_strategy_code, count(*)
        from tried.cst_ads.ads_cst_challenger_move
        where is_segment_moved or is_strategy_moved
        group by all order by all
        """
    ).fetchall()
    assert moves == connection.execute(
        """
        select
            champion_segment_code, challenger_segment_code,
            champion_strategy_code, challenger_strategy_code, customer_count
        from tried.cst_ads.ads_cst_challenger
        where is_segment_moved or is_strategy_moved
        order by all
        """
    ).fetchall()
    if seed == "cst_segment_rules":
        assert {move[:2] for move in moves} == {("loyal", "champions")}
    else:
        assert {move[0] == move[1] for move in moves} == {True}
        assert {move[2:4] for move in moves} == {
            ("first_purchase", None), ("activation", "vip_maintenance"),
            ("vip_maintenance", "wake_up"),
        }
