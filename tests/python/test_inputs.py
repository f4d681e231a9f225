"""What people can get wrong at the input: vars, files, columns, types.

Pure rules are tested in macros/tests and in unit tests. Here stands what only
a run of dbt can show: that a mistake stops it with one clear line, and that
files of all kinds come out like the sample. One run costs seconds, so cases
share runs.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import warm_dbt
import yaml

BASE_MODELS = {
    "ods_cst_customer": "base_cst__customers",
    "ods_trd_order": "base_trd__orders",
    "ods_trd_order_item": "base_trd__order_items",
    "ods_trd_refund": "base_trd__refunds",
    "ods_prd_product": "base_prd__products",
    "ods_log_event": "base_log__events",
    "ods_svc_ticket": "base_svc__tickets",
    "ods_prm_campaign": "base_prm__campaigns",
    "ods_prm_touch": "base_prm__touches",
}

# Macros that test_all does not call, and what tests them instead.
TESTED_ELSEWHERE = {
    "after_feed_guard": "tests/python/test_stops.py",
    "check_feed": "tests/python/test_stops.py",
    "tell_faulty_columns": "tests/python/test_build_state.py",
    "published_relation": "tests/python/test_stops.py",
    "mark_build_started": "tests/python/test_build_state.py",
    "mark_build_ended": "tests/python/test_build_state.py",
    "published_run_id": "tests/python/test_build_state.py",
    "is_anything_published": "tests/python/test_build_state.py",
    "published_table": "tests/python/test_build_state.py",
    "published_schema": "tests/python/test_build_state.py",
    "publish_views": "scripts/compare_nights.py",
    "published_prefix": "scripts/compare_nights.py",
    "published_sets": "scripts/compare_nights.py",
    "prefix_that_saw": "scripts/compare_nights.py",
    "refuse_seen_set": "scripts/compare_nights.py",
    "is_there": "scripts/compare_nights.py",
    "last_run": "scripts/compare_nights.py",
    "commit_open": "tests/python/test_build_state.py",
    "attach_published": "tests/python/test_build_state.py",
    "code_version": "tests/python/test_build_state.py",
    "published_path": "tests/python/test_build_state.py",
    "rules_hash": "tests/python/test_build_state.py",
    "is_full_run": "tests/replay/replay.py",
    "ltv_tier": "unit tests of int_cst_strategy_levels and int_cst_ltv",
    "chosen_channel": "unit tests of ads_cst_audience",
    "no_contact_reason": "unit tests of ads_cst_audience",
    "place_before": "unit tests of ads_cst_audience",
    "affordable_count": "unit tests of ads_cst_audience",
    "overview_added_up": "tests/python/test_overview.py",
    "overview_compared": "tests/python/test_overview.py",
    "overview_ratios": "tests/python/test_overview.py",
    "overview_counts": "tests/python/test_overview.py",
    "overview_sums": "tests/python/test_overview.py",
    "overview_measure": "tests/python/test_overview.py",
    "overview_periods": "tests/python/test_overview.py",
    "customer_balance_cuts": "tests/python/test_overview.py",
    "customer_balance_stage": "unit tests of ads_cst_customer_balance",
    "customer_balance_counts": "tests/python/test_overview.py",
    "customer_balance_rates": "tests/python/test_overview.py",
    "goods_prediction_ranks": "tests/python/test_goods.py",
    "first_purchase_cuts": "assert_cohorts_reconcile_with_segmentation",
    "overview_windows": "tests/python/test_overview.py",
    "overview_rolling_measures": "tests/python/test_overview.py",
    "overview_shares": "tests/python/test_overview.py",
    "overview_beside": "tests/python/test_overview.py",
    "overview_type": "contract of ads_cst_overview_rolling",
    "period_moved": "unit tests of int_cst_overview_periods",
    "choice_order": "unit tests of int_cst_strategies_recommended",
    "of_episode": "unit tests of int_cst_strategies_in_force",
    "explored_count": "unit tests of ads_cst_audience",
    "is_explored": "unit tests of ads_cst_audience",
    "is_over_budget": "unit tests of ads_cst_audience",
    "strategy_conditions": "assert_every_level_meets_one_rule",
    "strategy_levels": "unit tests of int_cst_strategies_recommended",
    "meets_rule": "unit tests of int_cst_strategies_recommended",
    "has_levels": "unit tests of int_cst_strategies_recommended",
    "gives_tag": "unit tests of dws_cst_tag",
    "rules_met": "unit tests of int_cst_strategies_recommended",
    "challenger_rules": "unit tests of int_cst_challenger_cells",
    "meets_segment_rule": "unit tests of int_cst_rfm_cells",
    "is_headline_effect": "unit tests of int_cst_strategy_expectations",
    "restated_before": "unit tests of models/ads/history",
    "window_days": "unit tests of models/intermediate/behavior",
    "row_facts": "unit tests of models/staging",
    "source_ctes": "unit tests of models/staging",
    "judged_exchange_rates": "unit tests of models/staging",
    "sale_profit": "unit tests of int_cst_ledger_entries",
    "returned_profit": "unit tests of int_cst_ledger_entries",
    "profits_are_known": "unit tests of int_cst_effect_moments",
    "exchange_rates": "unit tests of models/staging",
    "rated_rows": "unit tests of models/staging",
    "no_rate_reason": "unit tests of models/staging",
    "too_large": "unit tests of models/staging",
    "repeated_keys": "unit tests of models/staging",
    "not_materialized": "unit tests of models/staging",
    "cst_source": "unit tests of models/staging, and this file",
    "cst_source_relation": "tests/assert_source_rows_are_all_validated.sql",
    "is_known_by_then": "unit tests of models/staging, test_known_at.py",
    "prepare_sources": "this file",
    "newest_row_at": "tests/python/test_freshness.py",
    "remind_of_holdout": "tests/python/test_retention.py",
    "ltv_parameters": "unit tests of models/intermediate/ltv",
    "ltv_parameter_rows": "unit tests of models/intermediate/ltv",
    "ltv_tail_months": "unit tests of models/intermediate/ltv",
    "ltv_cohort_weight": "unit tests of models/intermediate/ltv",
    "ltv_families": "unit tests of models/intermediate/ltv",
    "ltv_chosen_family": "unit tests of models/intermediate/ltv",
    "ltv_choice_reason": "unit tests of models/intermediate/ltv",
    "closed_rows_of": "unit tests of models/intermediate/history",
    "differing_rows": "unit tests of models/intermediate/history",
    "values_compared": "unit tests of models/intermediate/history",
    "values_unpivoted": "unit tests of models/intermediate/history",
    "totals_of": "unit tests of models/intermediate/history",
    "totals_unpivoted": "tests/history",
    "restated_rows": "unit tests of models/ads/history",
}
FOLDERS_TESTED_ELSEWHERE = {
    "macros/statistics/": "tests/python/test_statistics.py, against scipy",
}


def message(result):
    """What dbt printed, white space folded, as lines are wrapped."""
    return " ".join((result.stdout + result.stderr).split())


def quoted(path):
    """A path inside a SQL literal."""
    return str(path).replace("'", "''")


def path_vars(folder, **more):
    return {"cst_use_sample_data": False, "cst_ods_path": str(folder), **more}


def small_project(folder, project_root, *more_keys):
    """The project without models: parsed in a second, not in many."""
    project = yaml.safe_load((project_root / "dbt_project.yml").read_text())
    project = {
        key: project[key]
        for key in (
            "name", "profile", "config-version", "vars", "models", *more_keys
        )
    }
    project["macro-paths"] = [str(project_root / "macros")]
    project["packages-install-path"] = str(project_root / "dbt_packages")
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
    shutil.copy(project_root / "profiles.yml", folder)
    shutil.copy(project_root / "packages.yml", folder)
    (folder / "models").mkdir()
    shutil.copy(project_root / "models" / "_groups.yml", folder / "models")
    return folder


@pytest.fixture(scope="module")
def run_staging(project_root, tmp_path_factory):
    """Run the staging models alone: run_staging(vars={...})."""
    folder = small_project(
        tmp_path_factory.mktemp("staging"), project_root, "on-run-start"
    )
    sources = project_root / "models" / "staging"
    validated = "intermediate/quality/int_cst_validated_rows.sql"
    for file in [
        *sources.rglob("*.sql"), sources / "_ods__sources.yml",
        project_root / "models" / validated,
    ]:
        target = folder / "models" / file.relative_to(sources.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    parsed = warm_dbt.parse(folder, path_vars("/any"))

    def run(*, vars, database, profiles=folder):
        return call_dbt(
            parsed, "run", folder, vars, database, profiles
        )

    return run


def call_dbt(parsed, word, folder, vars, database, profiles=None):
    """A word of dbt over a small project that is parsed already."""
    return subprocess.run(
        [
            *warm_dbt.command(parsed), word,
            "--project-dir", folder, "--profiles-dir", profiles or folder,
            "--vars", json.dumps(vars),
        ],
        capture_output=True, text=True,
        env={
            **os.environ,
            "CST_DUCKDB_PATH": str(database),
            "NO_COLOR": "1",
        },
    )


def read_base(database, table):
    """The rows of a base view, in any order, without the text of the row."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(
            f"select * exclude (row_text) from cst_staging.{table} order by all"
        ).fetchall()


def sample_as(folder, project_root, suffix):
    """The sample's files, as CSV as they are or as parquet full of text."""
    folder.mkdir()
    for table in BASE_MODELS:
        csv = project_root / "seeds" / "ods" / f"{table}.csv"
        if suffix == "csv":
            shutil.copy(csv, folder)
            continue
        # Half of the tables as one file, half as a folder of two.
        parts = 2 if table < "ods_p" else 1
        target = folder / table if parts == 2 else folder
        target.mkdir(exist_ok=True)
        for part in range(parts):
            name = f"{table}_{part}" if parts == 2 else table
            duckdb.sql(
                f"""
                copy (
                    select * exclude (line) from (
                        select *, row_number() over () as line
                        from read_csv(
                            '{csv}', all_varchar = true, header = true,
                            delim = ',', quote = '"', escape = '"'
                        )
                    )
                    where line % {parts} = {part}
                ) to '{quoted(target / name)}.parquet' (format parquet)
                """
            )
    return folder


# -- vars -------------------------------------------------------------------


@pytest.fixture(scope="module")
def problem_with(project_root, tmp_path_factory):
    """What is said of vars by a project of the same macros, but one model."""
    folder = small_project(tmp_path_factory.mktemp("vars"), project_root)
    (folder / "models" / "reads_vars.sql").write_text(
        """
        {%- do cst_source_is_enabled('order') -%}
        {%- do _check_input_vars() -%}
        {%- for name in cst_var_rules() -%}
            {%- do cst_var(name) -%}
        {%- endfor -%}
        select 1 as x
        """
    )
    parsed = warm_dbt.parse(folder, {})

    def problem(**values):
        result = call_dbt(
            parsed, "compile", folder, values, folder / "cst.duckdb"
        )
        return message(result) if result.returncode else ""

    return problem


WRONG_VARS = [
    ("cst_timezon", "UTC", "Unknown var 'cst_timezon'. Known vars: "),
    (
        "cst_timezone",
        "Beijing",
        "Var 'cst_timezone' is 'Beijing', expected a time zone name",
    ),
    (
        "cst_use_sample_data",
        "no",
        "Var 'cst_use_sample_data' is 'no', expected true or false",
    ),
    ("rfm_bins", "5", "Var 'rfm_bins' is '5', expected a whole number"),
    ("rfm_bins", 1, "Var 'rfm_bins' is 1, expected at least 2"),
    ("cst_ods_schema", " ", "expected text that is not empty"),
    (
        "cst_as_of_date",
        "2025-02-30",
        "Var 'cst_as_of_date' is '2025-02-30', expected a date as "
        "'YYYY-MM-DD'",
    ),
    (
        "cst_known_at",
        "2025-03-31T20:00:00",
        "Var 'cst_known_at' is '2025-03-31T20:00:00', expected a date as "
        "'YYYY-MM-DD', or an instant with its offset as "
        "'YYYY-MM-DDTHH:MM:SS+08:00'",
    ),
    (
        "rfm_method",
        {"recency": "best"},
        "Var 'rfm_method' is {'recency': 'best'}, expected one of quantile, "
        "ntile, fixed, or a mapping of recency, frequency, monetary to one "
        "of them, and recency also to rhythm",
    ),
    (
        "cst_enabled_sources",
        ["customer", "orders"],
        "expected items of customer, order, order_item",
    ),
    (
        "cst_enabled_sources",
        ["customer"],
        "Var 'cst_enabled_sources' lacks 'order'",
    ),
    (
        "value_tier_mid_score",
        67,
        "Var 'value_tier_mid_score' is 67, expected less than "
        "'value_tier_high_score', which is 67",
    ),
    (
        "rfm_method",
        {"frequency": "rhythm"},
        "Var 'rfm_method' is {'frequency': 'rhythm'}, expected one of "
        "quantile, ntile, fixed",
    ),
    (
        "rfm_method",
        "rhythm",
        "Var 'rfm_method' is 'rhythm', expected one of quantile, ntile, fixed",
    ),
    (
        "rfm_rhythm_shares",
        [0.5, 0.75, 0.9],
        "Var 'rfm_rhythm_shares' is [0.5, 0.75, 0.9], expected 4 shares, one "
        "less than 'rfm_bins', which is 5.",
    ),
    (
        "rfm_rhythm_shares",
        [0.5, 0.75, 0.75, 0.97],
        "expected a list of ascending shares between 0 and 1",
    ),
    (
        "lifecycle_active_score",
        1,
        "Var 'lifecycle_lapsed_score' is 1, expected less than "
        "'lifecycle_active_score', which is 1",
    ),
    (
        "lifecycle_lapsed_score",
        3,
        "Var 'lifecycle_lapsed_score' is 3, expected less than "
        "'lifecycle_active_score', which is 3",
    ),
    (
        "lifecycle_active_score",
        6,
        "Var 'lifecycle_active_score' is 6, expected no more than 'rfm_bins', "
        "which is 5",
    ),
    (
        "cst_ods_path",
        "/data/ods",
        "Var 'cst_ods_path' is '/data/ods', but 'cst_use_sample_data' is true",
    ),
    (
        "cst_currency_code",
        "CNY' and '1'='2",
        "expected a currency code of three letters, such as CNY",
    ),
    (
        "cst_ods_schema",
        "ods {{ 1 + 1 }}",
        "Var 'cst_ods_schema' is 'ods {{ 1 + 1 }}', expected text without "
        "two braces in a row",
    ),
    (
        "cst_ods_path",
        "/data/{% raw %}ods",
        "Var 'cst_ods_path' is '/data/{% raw %}ods', expected text without "
        "two braces in a row",
    ),
    (
        "cst_valid_order_statuses",
        ["paid", "\\' or 1=1 --"],
        "expected a list of texts without backslashes, braces and line ends",
    ),
]


@pytest.mark.parametrize(("var", "value", "expected"), WRONG_VARS)
def test_a_wrong_var_says_so(problem_with, var, value, expected):
    assert expected in problem_with(**{var: value})


def test_dates_in_the_wrong_order_say_so(problem_with):
    problem = problem_with(
        cst_start_date="2025-02-01", cst_as_of_date="2025-01-31"
    )
    assert (
        "Var 'cst_start_date' is '2025-02-01', expected no more than "
        "'cst_as_of_date', which is '2025-01-31'." in problem
    )


def test_as_of_a_date_that_is_not_known_yet_says_so(problem_with):
    problem = problem_with(
        cst_as_of_date="2025-02-01", cst_known_at="2025-01-31T23:00:00Z"
    )
    assert (
        "Var 'cst_as_of_date' is '2025-02-01', expected no more than "
        "'cst_known_at', which is '2025-01-31T23:00:00Z'." in problem
    )


def test_right_vars_pass(problem_with):
    problem = problem_with(
        cst_start_date="2025-01-31", cst_as_of_date="2025-01-31",
        cst_known_at="2025-01-31",
        cst_use_sample_data=False, cst_ods_path="/data/ods",
        cst_enabled_sources=["customer", "order"],
        rfm_method={"recency": "fixed", "monetary": "ntile"},
    )
    assert problem == ""


def test_a_wrong_var_stops_the_build(run_dbt):
    """Before anything is built, and at once."""
    result = run_dbt("build", vars={"cst_timezon": "UTC"}, parse=True)
    assert result.returncode != 0
    assert "Unknown var 'cst_timezon'." in message(result)


def test_each_default_has_a_rule(project_root):
    """And the other way round: test_vars reads each var that has a rule."""
    project = yaml.safe_load((project_root / "dbt_project.yml").read_text())
    rules = (project_root / "macros" / "vars" / "cst_var.sql").read_text()
    ruled = set(re.findall(r"'(\w+)': \{\s*'kind'", rules))
    assert set(project["vars"]) == ruled


# -- macros -----------------------------------------------------------------


def test_every_macro_has_a_test(manifest):
    """test_all calls all macro tests; they call all public macros."""
    ours = {
        key: macro
        for key, macro in manifest["macros"].items()
        if macro["package_name"] == "cst"
    }
    tests = {
        key: macro
        for key, macro in ours.items()
        if macro["original_file_path"].startswith("macros/tests/")
    }

    def called_by(names):
        return {
            key
            for name in names
            for key in ours[name]["depends_on"]["macros"]
        }

    cases = {
        key
        for key, macro in tests.items()
        if macro["name"].startswith("test_") and macro["name"] != "test_all"
    }
    uncalled = cases - called_by({"macro.cst.test_all"})
    assert not uncalled, f"not called by test_all: {sorted(uncalled)}"

    public = {
        macro["name"]
        for key, macro in ours.items()
        if key not in tests
        and not re.match(r"_|(default|duckdb|spark)__", macro["name"])
        and not macro["original_file_path"].startswith(
            tuple(FOLDERS_TESTED_ELSEWHERE)
        )
    }
    tested = {ours[key]["name"] for key in called_by(cases) if key in ours}
    untested = public - tested - TESTED_ELSEWHERE.keys()
    assert not untested, f"no macro test: {sorted(untested)}"
    needless = TESTED_ELSEWHERE.keys() - (public - tested)
    assert not needless, f"drop from TESTED_ELSEWHERE: {sorted(needless)}"


# -- files ------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_files_read_like_the_sample(
    run_staging, sample_path, project_root, tmp_path, suffix
):
    """One file or a folder of them, with quotes, line breaks and emoji."""
    folder = sample_as(tmp_path / "it's ods", project_root, suffix)
    database = tmp_path / "cst.duckdb"
    result = run_staging(vars=path_vars(folder), database=database)
    assert result.returncode == 0, message(result)
    for table in BASE_MODELS.values():
        assert read_base(database, table) == read_base(sample_path, table)


def test_typed_columns(run_staging, tmp_path):
    """Each type that can be read reads right; optional columns may lack."""
    duckdb.sql(
        f"""
        copy (
            select
                cast(7 as bigint) as customer_id,
                timestamp '2025-03-31 16:30:00' as registered_at,
                timestamptz '2025-04-01 00:00:00+08:00' as updated_at,
                date '1990-05-17' as birth_date,
                true as contact_consent
        ) to '{tmp_path}/ods_cst_customer.parquet' (format parquet);
        copy (
            select
                cast(order_id as decimal(38, 0)) as ORDER_ID,
                cast(7 as bigint) as customer_id,
                timestamptz '2025-04-01 00:30:00+08:00' as ordered_at,
                timestamp '2025-03-31 15:30:00' as paid_at,
                'paid' as order_status,
                cast(order_amount as double) as order_amount,
                cast(1.239 as decimal(10, 3)) as discount_amount,
                date '2025-04-01' as updated_at,
                'not in the contract' as remark
            from (values (1, '0.285'), (2, '12345678.9'), (3, 'nan')) as
                orders (order_id, order_amount)
        ) to '{tmp_path}/ods_trd_order.parquet' (format parquet);
        copy (
            select
                't' as ticket_id, 7 as customer_id, 'open' as ticket_status,
                timestamp '2025-03-31 16:30:00' as created_at,
                timestamp '2025-03-31 16:30:00' as updated_at,
                cast(4 as double) as csat_score
        ) to '{tmp_path}/ods_svc_ticket.parquet' (format parquet);
        """
    )
    # A source without rows: a header alone.
    (tmp_path / "ods_trd_refund.csv").write_text(
        "refund_id,order_id,refunded_at,refund_amount,updated_at\n"
    )
    database = tmp_path / "cst.duckdb"
    sources = ["customer", "order", "refund", "ticket"]
    result = run_staging(
        vars=path_vars(tmp_path, cst_enabled_sources=sources),
        database=database,
    )
    assert result.returncode == 0, message(result)
    with duckdb.connect(str(database)) as connection:
        connection.execute("set TimeZone = 'UTC'")

        def rows(query):
            return [
                tuple(None if value is None else str(value) for value in row)
                for row in connection.execute(query).fetchall()
            ]

        assert rows(
            """
            select
                customer_id, registered_date, updated_at, contact_consent,
                is_deleted, flags, row_status
            from cst_staging.base_cst__customers
            """
        ) == [(
            "7", "2025-04-01", "2025-03-31 16:00:00", "granted", None, None,
            "accepted",
        )]
        assert rows(
            """
            select
                order_id, customer_id, order_amount, discount_amount,
                freight_amount, ordered_date, purchase_date, reject_reason
            from cst_staging.base_trd__orders
            order by order_id
            """
        ) == [
            ("1", "7", "0.29", "1.24", "0.00", "2025-04-01", "2025-03-31", None),
            (
                "2", "7", "12345678.90", "1.24", "0.00", "2025-04-01",
                "2025-03-31", None,
            ),
            (
                "3", "7", None, "1.24", "0.00", "2025-04-01", "2025-03-31",
                "unreadable_order_amount",
            ),
        ]
        assert rows("select csat_score from cst_staging.stg_svc__tickets") == [
            ("4",)
        ]
        # A source without rows, and one that is off and has no file.
        for table in ("stg_trd__refunds", "stg_log__events"):
            assert rows(f"from cst_staging.{table}") == []


CUSTOMERS = (
    "customer_id,registered_at,updated_at\nc1,2025-01-01,2025-01-01\n"
)
ORDERS = "order_id,customer_id,ordered_at,order_status,order_amount,updated_at\n"


def order_line(order_id):
    return f"{order_id},c1,2025-02-01,paid,5.00,2025-02-01\n"


def test_files_as_they_come(run_staging, tmp_path):
    """Every row is read or put aside by its place; scratch files are not data.

    Names in any case, compressed files, columns in another order, foreign
    columns, ids that look like comments, lines with a field too few or too
    many late in a file, bytes that are not UTF-8, wildcards in the path.
    """
    folder = tmp_path / "[a]* it's ods"
    orders = folder / "ods_trd_order"
    for scratch in ("_temporary/0", ".staging", "2025"):
        (orders / scratch).mkdir(parents=True)
    header = CUSTOMERS.splitlines()[0].upper()
    (folder / "ODS_CST_CUSTOMER.CSV").write_text(
        "\ufeff" + header + ",</script><script>alert(1)</script>\n"
        + "".join(f"{i},2025-01-01,2025-01-01,x\n" for i in range(1, 26))
        + "".join(f"#{i},2025-01-01,2025-01-01,x\n" for i in range(1, 26))
    )

    lines = [order_line(i).encode() for i in range(30_000)]
    lines[28_999] = b"28999,c1,2025-02-01,paid\n"
    lines[29_499] = b"29499,c1,2025-02-01,paid,5.00,2025-02-01,secret\n"
    lines[29_998] = order_line("中").encode("gbk")
    (orders / "2025-01.csv").write_bytes(ORDERS.encode() + b"".join(lines))
    (orders / "2025" / "02.csv.gz").write_bytes(gzip.compress(
        b"updated_at,order_amount,order_status,ordered_at,customer_id,"
        b'" Order_ID "\n2025-02-01,7.00,paid,2025-02-01,c1,#z\n'
    ))
    for scratch in (
        ".hidden.csv", "~lock.csv", "_SUCCESS", "_temporary/0/part.csv",
        ".staging/part.csv", "2025-01.csv.crc",
    ):
        (orders / scratch).write_text("not,data\n1,2\n")

    database = tmp_path / "cst.duckdb"
    result = run_staging(
        vars=path_vars(folder, cst_enabled_sources=["customer", "order"]),
        database=database,
    )
    assert result.returncode == 0, message(result)
    with duckdb.connect(str(database), read_only=True) as connection:

        def rows(query):
            return connection.execute(query).fetchall()

        assert rows(
            """
            select count(*), count(case when customer_id like '#%' then 1 end)
            from cst_staging.base_cst__customers
            where row_status = 'accepted'
            """
        ) == [(50, 25)]
        assert rows(
            """
            select row_status, count(*), sum(order_amount)
            from cst_staging.base_trd__orders group by 1 order by 1
            """
        ) == [("accepted", 29_998, 149_992), ("rejected", 3, None)]
        file = "ods_trd_order/2025-01.csv"
        assert rows(
            """
            select source_name, source_key, reject_reason, row_text
            from cst_intermediate.int_cst_validated_rows
            where row_status = 'rejected' order by row_text
            """
        ) == [
            ("order", f"{file}:{line}", "unreadable_line",
             f"{file}:{line}: {problem}")
            for line, problem in (
                (29_001, "missing columns"), (29_501, "too many columns"),
                (30_000, "invalid encoding"),
            )
        ]
        assert "alert(1)" not in str(rows("from duckdb_columns()"))


WRONG_FILES = [
    (
        {"ods_trd_order/a.csv": ORDERS, "ods_trd_order/b.parquet": None},
        "is there more than once in {folder}: {folder}/ods_trd_order/b.parquet,"
        " {folder}/ods_trd_order/a.csv. Keep one of them",
    ),
    (
        {"ods_trd_order.csv": ORDERS, "ods_trd_order.parquet": None},
        "is there more than once in {folder}: ods_trd_order.csv, "
        "ods_trd_order.parquet. Keep one of them",
    ),
    (
        {"ods_trd_order.csv": ORDERS, "ods_trd_order/a.CSV": ORDERS},
        "is there more than once in {folder}: ods_trd_order.csv, "
        "ods_trd_order/. Keep one of them",
    ),
    (
        {
            "ods_trd_order/a.csv": ORDERS + order_line(1),
            "ods_trd_order/b.csv": order_line(2),
        },
        "File {folder}/ods_trd_order/b.csv, line 1: no header, as no column "
        "of ods_trd_order (order_id, customer_id,",
    ),
    (
        {"ods_trd_order.csv": (ORDERS + order_line(1)).encode("utf-16")},
        "File {folder}/ods_trd_order.csv, line 1: not UTF-8, but a code of two "
        "bytes. Save it as UTF-8.",
    ),
    (
        {
            "ods_trd_order/a.csv": ORDERS + order_line("1\r"),
            "ods_trd_order/b.csv": "".join([
                ORDERS.replace("\n", "\r\n"),
                order_line('"1,\n2"').replace("2025-02-01\n", "2025-02-01\r\n"),
                order_line(3),
            ]),
        },
        "File {folder}/ods_trd_order/a.csv, line 2: it ends otherwise than the "
        "lines before it. End each line alike, with LF or CR LF, and put a "
        "value that has a line break between quotes. "
        "File {folder}/ods_trd_order/b.csv, line 4: it ends otherwise",
    ),
    (
        {
            "ods_trd_order.csv": ORDERS + order_line(1) + "broken\n",
            "ods_manifest.csv": "row_count,table_name,hash\n"
            "1,ods_cst_customer,\n1,ods_trd_order,\n2,ods_trd_order,\n"
            "9,ods_trd_refund,\n1,ods_trd_orders,\n,ods_svc_ticket,\nbroken\n",
        },
        "ods_manifest has table_name 'ods_trd_orders' and row_count '1' in one "
        "line. Write the name of a table of the contract, and the whole number "
        "of rows that were sent. "
        "ods_manifest has table_name 'ods_svc_ticket' and row_count '' in one "
        "line. Write the name of a table of the contract, and the whole number "
        "of rows that were sent. "
        "ods_manifest has table_name '' and row_count '' in one line. Write the "
        "name of a table of the contract, and the whole number of rows that "
        "were sent. "
        "Source table 'ods_trd_order' has 2 rows, but ods_manifest announces 3. "
        "Deliver the table again, or correct ods_manifest. The contract",
    ),
    (
        {
            "ods_trd_order.csv": ORDERS + order_line(1),
            "ods_manifest.csv": "table_name\nods_trd_order\n",
        },
        "ods_manifest has no column 'row_count'. It needs table_name and "
        "row_count. The contract",
    ),
    (
        {"ods_trd_order.csv": ""},
        "File {folder}/ods_trd_order.csv, line 1: no header",
    ),
    (
        {"ods_trd_order.csv": "order_id,ORDER_ID\n1,2\n"},
        "File {folder}/ods_trd_order.csv, line 1: two columns are named "
        "'order_id'. Keep one of them.",
    ),
    (
        {
            "ods_trd_order.csv": ORDERS + order_line(1)
            + order_line(r'"the \"second\" one"') + order_line(3),
        },
        "File {folder}/ods_trd_order.csv, line 3: a quoted value does not end "
        "at its second quote. Inside a quoted value, write a quote twice",
    ),
]


@pytest.mark.parametrize(("files", "expected"), WRONG_FILES)
def test_a_wrong_file_says_so(run_staging, tmp_path, files, expected):
    folder = tmp_path / "ods"
    folder.mkdir()
    (folder / "ods_cst_customer.csv").write_text(CUSTOMERS)
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        if content is None:
            duckdb.sql(f"copy (select 1 as order_id) to '{file}'")
        elif isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content)
    result = run_staging(
        vars=path_vars(folder, cst_enabled_sources=["customer", "order"]),
        database=tmp_path / "cst.duckdb",
    )
    assert result.returncode != 0
    assert expected.format(folder=folder) in message(result)


def test_broken_sources_are_named(run_staging, tmp_path):
    """A table, a required column and a readable type that are missing: all in
    one message, before any model runs."""
    duckdb.sql(
        f"""
        copy (select 1 as customer_id, now() as updated_at)
        to '{tmp_path}/ods_cst_customer.parquet' (format parquet);
        copy (
            select
                1 as order_id, 1 as customer_id, 'paid' as order_status,
                1704420000 as ordered_at, 5 as order_amount,
                now() as updated_at
        ) to '{tmp_path}/ods_trd_order.parquet' (format parquet);
        """
    )
    sources = ["customer", "order", "refund"]
    result = run_staging(
        vars=path_vars(tmp_path, cst_enabled_sources=sources),
        database=tmp_path / "cst.duckdb",
    )
    assert result.returncode != 0
    text = message(result)
    assert (
        "Source table 'ods_cst_customer' has no column 'registered_at' "
        "(timestamp). Columns found: customer_id, updated_at. "
        "Source table 'ods_trd_order' has a column 'ordered_at' of type "
        "integer, which cannot be read as timestamp. "
        f"Source table 'ods_trd_refund' not found: expected {tmp_path}/"
        "ods_trd_refund.parquet, .csv, or a folder of that name with such "
        "files. Provide it, or take 'refund' out of 'cst_enabled_sources'. "
        "The contract of the sources is in" in text
    )
    assert "START sql" not in text


def test_a_session_in_another_time_zone_stops(
    run_staging, project_root, tmp_path
):
    profiles = yaml.safe_load((project_root / "profiles.yml").read_text())
    settings = profiles["cst"]["outputs"]["duckdb"]["settings"]
    settings["TimeZone"] = "Asia/Shanghai"
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profiles))
    duckdb.sql(
        f"""
        copy (
            select 'c' as customer_id, '2025-01-01' as registered_at,
            '2025-01-01' as updated_at
        ) to '{tmp_path}/ods_cst_customer.csv' (header)
        """
    )
    result = run_staging(
        vars=path_vars(tmp_path, cst_enabled_sources=["customer", "order"]),
        database=tmp_path / "cst.duckdb",
        profiles=tmp_path,
    )
    assert result.returncode != 0
    assert (
        "The session's time zone is 'Asia/Shanghai', expected UTC."
        in message(result)
    )


def test_unit_tests_hold_whatever_the_vars(run_dbt, sample_path, tmp_path):
    """Who sets vars builds all: no unit test may rest on a default."""
    database = tmp_path / "cst.duckdb"
    shutil.copy(sample_path, database)
    run_dbt(
        "test", "-s", "test_type:unit,path:models/staging",
        "test_type:unit,path:models/intermediate/customer",
        "test_type:unit,path:models/intermediate/order",
        "test_type:unit,path:models/intermediate/snapshot",
        vars={
            "cst_enabled_sources": ["customer", "order"],
            "cst_timezone": "America/New_York",
            "cst_currency_code": "USD",
            "cst_clock_tolerance_minutes": 0,
            "cst_valid_order_statuses": ["done"],
            "cst_final_order_statuses": ["void"],
            "cst_running_refund_statuses": ["open"],
            "cst_void_refund_statuses": ["refunded"],
            "cst_unknown_consent_is_granted": True,
            "cst_snapshot_grain": "day",
            "cst_start_date": "2024-06-01",
            "cst_as_of_date": "2024-06-10",
            "cst_known_at": "2024-06-10",
        },
        database=database, check=True,
    )
