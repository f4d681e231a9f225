"""dbt with Spark's ANSI mode on, which the adapter dbt-spark switches off.

    python scripts/ansi_dbt.py build --target spark

Other ways to Spark, such as Databricks, have it on. With it, a bad cast or an
overflow is an error, as it is on DuckDB, and never a silent null.

The name does not begin with dbt_: dbt imports every such module on the path as
a plugin of its own.
"""

from dbt.adapters.spark.connections import SparkCredentials
from dbt.cli.main import cli

adapter_init = SparkCredentials.__post_init__


def ansi_init(credentials: SparkCredentials) -> None:
    adapter_init(credentials)
    credentials.server_side_parameters["spark.sql.ansi.enabled"] = "true"


def use_ansi() -> None:
    """Have it on in this process."""
    SparkCredentials.__post_init__ = ansi_init


if __name__ == "__main__":
    use_ansi()
    cli()
