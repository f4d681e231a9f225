"""`python -m examples.complete_journey`: prepare, build, print a summary."""

from examples.common import dbt_build, ods_dir, print_summary
from examples.complete_journey.prepare import TIME_ZONE, prepare

EXAMPLE = "complete_journey"


def main() -> None:
    """Run a year of baskets and campaigns through the warehouse."""
    prepare(ods_dir(EXAMPLE))
    dbt_build(
        EXAMPLE,
        {
            "cst_enabled_sources": ["customer", "order", "campaign", "touch"],
            "cst_timezone": TIME_ZONE,
            "cst_as_of_date": "2017-12-31",
        },
    )
    print_summary(EXAMPLE)


if __name__ == "__main__":
    main()
