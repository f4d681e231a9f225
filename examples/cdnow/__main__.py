"""`python -m examples.cdnow [--sample]`: prepare, build, print a summary."""

import argparse

from examples.cdnow.prepare import prepare
from examples.common import dbt_build, ods_dir, print_summary


def main() -> None:
    """Run the whole log, or the 1/10 sample, through the warehouse."""
    parser = argparse.ArgumentParser(prog="python -m examples.cdnow")
    parser.add_argument(
        "--sample",
        action="store_true",
        help="the published 1/10 sample (2,357 customers) only",
    )
    sample = parser.parse_args().sample
    example = "cdnow_sample" if sample else "cdnow"
    prepare(ods_dir(example), sample)
    dbt_build(
        example,
        {
            "cst_enabled_sources": ["customer", "order"],
            "cst_timezone": "UTC",
            "cst_as_of_date": "1998-06-30",
        },
    )
    print_summary(example)


if __name__ == "__main__":
    main()
