"""`python -m examples.complete_journey`: prepare, build, print a summary.

`--without-lines` leaves the 1.5 million lines of the baskets out.
"""

import sys

from examples.common import dbt_build, ods_dir, print_summary
from examples.complete_journey.prepare import TIME_ZONE, prepare

EXAMPLE = "complete_journey"


def main(with_lines: bool) -> None:
    """Run a year of baskets and campaigns through the warehouse."""
    sources = ["customer", "order", "campaign", "touch"]
    if with_lines:
        sources += ["order_item", "product"]
    prepare(ods_dir(EXAMPLE))
    dbt_build(
        EXAMPLE,
        {
            "cst_enabled_sources": sources,
            "cst_timezone": TIME_ZONE,
            "cst_as_of_date": "2017-12-31",
        },
    )
    print_summary(EXAMPLE)


if __name__ == "__main__":
    main(with_lines="--without-lines" not in sys.argv[1:])
