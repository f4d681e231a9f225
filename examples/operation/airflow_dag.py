"""A night under Airflow 3: fresh, then built, tested and published. A task fails
by the exit code of its command; nothing after it is run."""

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

PROJECT = "/srv/cst"
ENVIRONMENT = {
    "CST_VARS": "{cst_use_sample_data: false, cst_ods_path: /data/ods}",
    "PATH": f"{PROJECT}/.venv/bin:/usr/bin:/bin",
}


def cst(word: str, **options) -> BashOperator:
    """A word of `python -m cst` as a task."""
    return BashOperator(
        task_id=word, bash_command=f'python -m cst {word} --vars "$CST_VARS"',
        cwd=PROJECT, append_env=True, env=ENVIRONMENT, **options,
    )


with DAG(
    "cst_night",
    schedule="30 2 * * *",
    start_date=datetime(2026, 1, 1),
    # A past date is made by `python -m cst back-fill`, not by a run of today.
    catchup=False,
    # One build at a time, and a feed that was refused is not tried again.
    max_active_runs=1,
    default_args={"retries": 0, "execution_timeout": timedelta(hours=3)},
) as dag:
    freshness, run = cst("freshness"), cst("run")
    # `run` withdraws by itself, also where it fails; a stale feed never gets
    # there. The night stays failed, as `published` is.
    withdraw = cst("withdraw", trigger_rule="one_failed")
    published = BashOperator(
        task_id="published", bash_command="python -m cst status",
        cwd=PROJECT, append_env=True, env=ENVIRONMENT,
    )
    freshness >> run >> published
    freshness >> withdraw
