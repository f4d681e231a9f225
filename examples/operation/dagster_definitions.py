"""A night under Dagster: fresh, then built, tested and published. An op fails by
the exit code of its command; the ops after it are skipped."""

import subprocess

import dagster as dg

PROJECT = "/srv/cst"
VARS = "{cst_use_sample_data: false, cst_ods_path: /data/ods}"


def cst(context: dg.OpExecutionContext, word: str) -> None:
    """Run a word of `python -m cst`; raises Failure with its last line."""
    done = subprocess.run(
        [f"{PROJECT}/.venv/bin/python", "-m", "cst", word, "--vars", VARS],
        cwd=PROJECT, capture_output=True, text=True,
    )
    lines = (done.stdout + done.stderr).strip().splitlines() or [""]
    context.log.info("\n".join(lines))
    if done.returncode != 0:
        # A feed that was refused is not mended by trying again.
        raise dg.Failure(
            f"{word} ended with {done.returncode}: {lines[-1]}",
            allow_retries=False,
        )


@dg.op(out=dg.Out(dg.Nothing))
def freshness(context: dg.OpExecutionContext) -> None:
    """A stale feed is not built; who withdrew is withdrawn all the same."""
    try:
        cst(context, "freshness")
    except dg.Failure:
        cst(context, "withdraw")
        raise


@dg.op(ins={"fresh": dg.In(dg.Nothing)})
def run(context: dg.OpExecutionContext) -> None:
    """Build, test, publish; withdraws where it fails."""
    cst(context, "run")


# One build at a time: the program's lock refuses a second one.
@dg.job(tags={"dagster/concurrency_key": "cst"})
def night() -> None:
    run(freshness())


defs = dg.Definitions(
    jobs=[night],
    schedules=[
        dg.ScheduleDefinition(
            job=night, cron_schedule="30 2 * * *",
            execution_timezone="Asia/Shanghai",
        )
    ],
)
