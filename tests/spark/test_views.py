"""Two sets of schemas and views that switch, with a project of a few models:
`make test-spark`. Spark lives in this process, its catalog in memory."""

import os
import shutil
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
PREFIX = "cst_public"
MODELS = {
    "intermediate/int_cst_snapshot_dates":
        "select cast('{{ var('cst_as_of_date') }}' as date) as snapshot_date",
    "intermediate/int_cst_feed_checks":
        "select 'warn' as verdict, 'order' as source_name, "
        "'rejected_share' as check_name, '4.8 %' as found_text, "
        "'2.0 %' as limit_text",
    "contact/contact_cst_customer":
        "{{ config(tags=['contact']) }} select 'a@secret.example' as email, "
        "snapshot_date from {{ ref('int_cst_snapshot_dates') }}",
    # A var is at hand that says whether the first customer refuses contact.
    "dim/dim_cst_customer":
        "{{ config(tags=['public']) }} select customer_id, customer_id != '1' "
        "or not {{ var('cst_allow_feed_changes') }} as has_contact_consent, "
        "false as is_deleted, true as is_current, "
        "cast(10.5 as decimal(18, 2)) as acquisition_cost_amount "
        "from (select '1' as customer_id union all select '2') as customers",
    # What was published stays, so it shows whether history was read.
    "dim/dim_cst_snapshot":
        "{{ config(tags=['public']) }} select snapshot_date "
        "from {{ source('published', 'dim_cst_snapshot') }} union "
        "select snapshot_date from {{ ref('int_cst_snapshot_dates') }}",
    "ads/ads_cst_data_quality":
        "{{ config(tags=['public']) }} select true as is_sample, "
        "snapshot_date from {{ ref('int_cst_snapshot_dates') }}",
}
YAML = """
models:
  - name: dim_cst_snapshot
    columns:
      - name: snapshot_date
        data_type: date
        data_tests: [unique]
  - name: dim_cst_customer
    columns:
      - {name: customer_id, data_type: string}
      - {name: has_contact_consent, data_type: boolean}
      - {name: is_deleted, data_type: boolean}
      - {name: is_current, data_type: boolean}
      - {name: is_of_a_later_release, data_type: string}
"""
READ = (
    "dim_cst_snapshot", "dim_cst_customer", "ads_cst_run", "ads_cst_run_table",
)
MONDAY, TUESDAY, WEDNESDAY = "2025-06-02", "2025-06-03", "2025-06-04"


class Company:
    """A project in a folder, and what its people see on Spark."""

    def __init__(self, folder):
        self.folder = folder
        self._parsed = {}
        project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
        (folder / "dbt_project.yml").write_text(yaml.safe_dump({
            **{
                key: project[key]
                for key in ("name", "profile", "config-version")
            },
            "vars": project["vars"],
            "on-run-start": [
                "{{ attach_published() }}", "{{ mark_build_started() }}",
            ],
            "on-run-end": ["{{ mark_build_ended(results) }}"],
            "macro-paths": [str(PROJECT / "macros")],
            "packages-install-path": str(PROJECT / "dbt_packages"),
            "models": {"cst": {
                "+materialized": "table",
                **{
                    layer: {"+schema": layer}
                    for layer in ("intermediate", "dim", "ads", "contact")
                },
            }},
        }))
        for name in ("profiles.yml", "packages.yml"):
            shutil.copy(PROJECT / name, folder)
        for path, sql in MODELS.items():
            file = folder / "models" / f"{path}.sql"
            file.parent.mkdir(exist_ok=True, parents=True)
            file.write_text(sql)
        (folder / "models" / "models.yml").write_text(YAML)
        sources = yaml.safe_load(
            (PROJECT / "models" / "_published__sources.yml").read_text()
        )
        source = sources["sources"][0]
        source["tables"] = [
            table for table in source["tables"] if table["name"] in READ
        ]
        (folder / "models" / "sources.yml").write_text(
            yaml.safe_dump(sources)
        )

    def dbt(self, of_set, *arguments, prefix=PREFIX, **dbt_vars):
        """Run dbt on a set; returns why it failed, else an empty text."""
        os.environ["CST_SPARK_SCHEMA"] = of_set
        os.environ["CST_SPARK_PUBLISHED"] = prefix
        errors = []
        done = self._invoke(
            arguments, dbt_vars, manifest=self._manifest(of_set, prefix),
            callbacks=[
                lambda event: errors.append(event.info.msg)
                if event.info.level == "error" else None
            ],
        )
        if done.success:
            return ""
        said = [*errors, str(done.exception or "")]
        return " ".join(" ".join(said).split()) or "failed"

    def _manifest(self, *environment):
        """What dbt parses, once for each set and prefix: the vars of this test
        change nothing of it."""
        from dbt.contracts.graph.manifest import Manifest

        if environment not in self._parsed:
            done = self._invoke(["parse"], {"cst_as_of_date": MONDAY})
            assert done.success, done.exception
            file = self.folder / "target" / "partial_parse.msgpack"
            self._parsed[environment] = file.read_bytes()
        manifest = Manifest.from_msgpack(self._parsed[environment])
        manifest.build_flat_graph()
        return manifest

    def _invoke(self, arguments, dbt_vars, **runner):
        from dbt.cli.main import dbtRunner

        return dbtRunner(**runner).invoke([
            *arguments, "--target", "spark", "--vars", yaml.safe_dump(dbt_vars),
            "--project-dir", str(self.folder), "--quiet",
            "--profiles-dir", str(self.folder), "--no-use-colors",
            "--target-path", str(self.folder / "target"),
            "--log-path", str(self.folder / "logs"),
        ])

    def build(self, of_set, day, *arguments, **more):
        return self.dbt(of_set, "build", *arguments, cst_as_of_date=day, **more)

    def publish(self, of_set, roll_back=False):
        return self.dbt(
            of_set, "run-operation", "publish_views",
            "--args", f"{{roll_back: {str(roll_back).lower()}}}",
        )

    def rows(self, sql):
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.getOrCreate()
        return [tuple(row) for row in spark.sql(sql).collect()]

    def day(self):
        """The one day that all views show."""
        days = {
            str(day) for view in (
                "contact.contact_cst_customer", "ads.ads_cst_data_quality",
            ) for (day,) in self.rows(
                f"select snapshot_date from {PREFIX}_{view}"
            )
        }
        assert len(days) == 1, days
        return days.pop()

    def history(self):
        return [
            str(day) for (day,) in self.rows(
                f"select snapshot_date from {PREFIX}_dim.dim_cst_snapshot "
                "order by 1"
            )
        ]

    def log(self):
        return self.rows(
            "select run_id, kind, cast(as_of_date as string) "
            f"from {PREFIX}_ads.ads_cst_run order by run_id"
        )


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    os.environ.update(
        CST_SPARK_DIR=str(folder / "spark"), CST_SPARK_CATALOG="in-memory",
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    sys.path.insert(0, str(PROJECT / "scripts"))
    from ansi_dbt import use_ansi

    use_ansi()
    return Company(folder)


def test_nights_in_turns(company):
    """One story, as each night goes on from the one before."""
    assert "does not say" in company.publish("cst_a")
    assert not company.build("cst_a", MONDAY, "--exclude", "dim_cst_customer")
    assert "is not complete: 1 models and tests were left out" in (
        company.publish("cst_a")
    )
    assert not company.build("cst_a", MONDAY)
    assert not company.publish("cst_a")
    assert company.day() == MONDAY
    assert company.log() == [(1, "publication", MONDAY)]
    assert company.rows(
        "select warning_count, warnings, is_sample, withdrawn_customer_count, "
        f"published_at is not null from {PREFIX}_ads.ads_cst_run"
    ) == [(1, "order: rejected_share is 4.8 % (limit: 2.0 %)", True, None, True)]
    assert company.rows(
        "select run_id, measure_name, cast(value as string) "
        f"from {PREFIX}_ads.ads_cst_run_table "
        "where table_name = 'dim_cst_customer' order by measure_name"
    ) == [
        (1, "acquisition_cost_amount", "21.000000"), (1, "row_count", "2.000000"),
    ]

    # what is seen is not built over, whatever the environment lacks
    for prefix in (PREFIX, ""):
        assert "is what people see as cst_public" in company.build(
            "cst_a", TUESDAY, prefix=prefix
        )

    # the other set, on the history that is seen
    assert not company.build("cst_b", TUESDAY)
    assert company.day() == MONDAY
    assert not company.publish("cst_b")
    assert company.day() == TUESDAY
    assert company.history() == [MONDAY, TUESDAY]
    assert company.rows(
        "select is_of_a_later_release from cst_b_published.dim_cst_customer"
    ) == [(None,), (None,)]
    assert not company.publish("cst_b")
    assert company.log()[1:] == [(2, "publication", TUESDAY)]

    # back, and what was built on another history is not published
    assert not company.publish("cst_a", roll_back=True)
    assert company.day() == MONDAY
    assert company.log()[2:] == [(3, "roll_back", MONDAY)]
    assert "goes on from run 1, but cst_public is run 3" in (
        company.publish("cst_b")
    )
    assert not company.build("cst_b", "2025-06-01")
    assert "which is later" in company.publish("cst_b")
    assert "never published" in company.publish("cst_b", roll_back=True)

    # interrupted among the views
    assert not company.build("cst_b", TUESDAY)
    assert not company.dbt(
        "cst_b", "run-operation", "_note_sets", "--args",
        f"{{prefix: {PREFIX}, set: cst_a, switching_to: cst_b}}",
    )
    for of_set in ("cst_a", "cst_b", "cst_c"):
        assert "was interrupted" in company.build(of_set, WEDNESDAY)
    assert not company.publish("cst_b")
    assert company.day() == TUESDAY
    assert company.log()[3:] == [(4, "publication", TUESDAY)]

    # interrupted after the log: the run is not logged twice
    assert not company.dbt(
        "cst_b", "run-operation", "_note_sets", "--args",
        f"{{prefix: {PREFIX}, set: cst_a, switching_to: cst_b}}",
    )
    assert not company.publish("cst_b")
    assert len(company.log()) == 4
    assert "is what people see" in company.build("cst_b", WEDNESDAY)

    # nobody who refused contact is seen as contactable again
    assert not company.build(
        "cst_a", WEDNESDAY, cst_allow_feed_changes=True
    )
    assert not company.publish("cst_a")
    assert "1 customers were erased or refused contact since" in (
        company.publish("cst_b", roll_back=True)
    )
    assert company.day() == WEDNESDAY
    assert company.history() == [MONDAY, TUESDAY, WEDNESDAY]
