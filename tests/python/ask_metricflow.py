"""Ask MetricFlow many things at once, in its own environment.

    .venv-metrics/bin/python ask_metricflow.py < questions.json > answers.json

A question is a list of metrics and a list of what they are asked by; an answer
is the names of its columns, and its rows. `mf query` would start Python, dbt and
MetricFlow anew for each.
"""

import json
import sys
from contextlib import redirect_stdout

from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from metricflow.engine.metricflow_engine import MetricFlowQueryRequest


def main():
    # What dbt prints is no answer.
    with redirect_stdout(sys.stderr):
        configuration = CLIConfiguration()
        configuration.setup(configure_file_logging=False)
        answers = []
        for metrics, group_by in json.load(sys.stdin):
            table = configuration.mf.query(
                MetricFlowQueryRequest.create(
                    metric_names=metrics, group_by_names=group_by
                )
            ).result_df
            answers.append([list(table.column_names), list(table.rows)])
    json.dump(answers, sys.stdout, default=str)


if __name__ == "__main__":
    main()
