"""Build a hostile feed and hold it against the oracle."""

from case_data import OFF_BY_DEFAULT, TABLES
from oracle import (
    count_rows,
    differences,
    own_numbers,
    withdrawn_customers,
)

NEEDED = [
    "+ads_cst_audience", "+ads_cst_data_quality", "+ads_cst_rejected_row",
    "+dws_cst_behavior",
]
COUNTED = """
    select source_name, cast(sum(row_count) as bigint)
    from cst_ads.ads_cst_data_quality
    where row_status in ('accepted', 'superseded', 'rejected')
    group by source_name
"""


def check_feed(warehouse, customer_rows, touched, clean_rows):
    """All that must hold. clean_rows(sql) reads the clean database, touched
    are the customers who may have other numbers than there."""
    result = warehouse.build(*NEEDED)
    assert result.returncode == 0, (
        f"the build stopped:\n{result.text[-2000:]}"
    )
    delivered = count_rows(warehouse.ods)
    counted = dict(warehouse.rows(COUNTED))
    found = {
        table: counted.get(name, 0)
        for name, table in {**TABLES, **OFF_BY_DEFAULT}.items()
    }
    problems = [
        f"{table}: {count} rows delivered, {found[table]} counted"
        for table, count in delivered.items() if found[table] != count
    ]

    known = {
        customer for (customer,) in clean_rows(
            "select customer_id from cst_dim.dim_cst_customer"
        )
    }
    untouched = known - touched
    assert untouched, "everybody was touched"
    other = differences(
        own_numbers(clean_rows, untouched),
        own_numbers(warehouse.rows, untouched),
    )
    problems += other[:20]
    if len(other) > 20:
        problems.append(f"… {len(other)} numbers of others in all")

    withdrawn = withdrawn_customers(customer_rows)
    contacted = warehouse.rows(
        "select customer_id from cst_ads.ads_cst_audience "
        "where is_current and is_contactable"
    )
    assert contacted, "nobody is contactable"
    problems += [
        f"{customer} is contactable: {withdrawn[customer]}"
        for (customer,) in contacted if customer in withdrawn
    ]
    assert not problems, "\n".join(problems)
