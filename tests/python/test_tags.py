"""Profile tags over files, with all sources and with those that have to be.

Measures and bounds are tested in unit tests. Here four people in a healthy
company each do what gives one tag, and a fifth not quite.
"""

from datetime import date, timedelta

import pytest
from case_data import background, filled, read, write_csv
from warehouse import Warehouse

# On which who buys does so, within a year before the as-of date.
DAYS = [str(date(2025, 2, 1) + timedelta(days=20 * turn)) for turn in range(5)]
VIEWS = ["books", "books", "books", "toys", "food"]
TAGS = {
    "bargain": "price_sensitive", "owl": "night_buyer",
    "reader": "category_fan", "june": "birthday_month",
}
# nobody has too few views, no discount, and a birthday a month later.
PEOPLE = ["bargain", "owl", "reader", "june", "nobody"]


def feed():
    rows, defaults = background(), read("defaults")
    rows["customer"] += [
        {"customer_id": name, "birth_date": born}
        for name, born in zip(PEOPLE, ["", "", "", "1990-06-05", "1990-07-05"])
    ]
    rows["order"] += [
        {
            "order_id": f"{name}-{day}", "customer_id": name,
            "ordered_at": f"{day}T{hour}:30:00+08:00", "discount_amount": cut,
        }
        for name, hour, cut in [
            ("bargain", 12, "5.00"), ("owl", 23, "0.00"), ("nobody", 12, "0.00"),
        ]
        for day in DAYS
    ]
    rows["event"] += [
        {
            "event_id": f"{name}-{number}", "customer_id": name,
            "event_type": "product_view", "category": category,
        }
        for name, views in [("reader", VIEWS), ("nobody", VIEWS[1:])]
        for number, category in enumerate(views)
    ]
    return {
        source: [filled(source, row, defaults) for row in source_rows]
        for source, source_rows in rows.items()
    }


def given(folder, **dbt_vars):
    """The tags of the five, with their values, long and wide."""
    warehouse = Warehouse(
        folder, cst_as_of_date="2025-06-27", ltv_method="past_rate", **dbt_vars
    )
    write_csv(feed(), warehouse.ods)
    result = warehouse.build("+ads_cst_customer_tag")
    assert result.returncode == 0, result.text[-1500:]
    named = ", ".join(f"'{name}'" for name in PEOPLE)
    return [
        sorted(warehouse.rows(
            f"select {columns} from {table} where is_current "
            f"and customer_id in ({named}) and {columns.split(',')[1]} is not null"
        ))
        for table, columns in [
            ("cst_dws.dws_cst_tag", "customer_id, tag_code, tag_value"),
            ("cst_ads.ads_cst_customer_tag", "customer_id, tag_codes"),
        ]
    ]


@pytest.mark.parametrize(
    ("sources", "missing"),
    [
        (["customer", "order", "event"], set()),
        # nobody is a fan of what nobody is known to have viewed
        (["customer", "order"], {"reader"}),
    ],
    ids=["with events", "without"],
)
def test_a_tag_whose_source_is_off_is_not_given(tmp_path, sources, missing):
    tags, joined = given(tmp_path, cst_enabled_sources=sources)
    expected = {name: tag for name, tag in TAGS.items() if name not in missing}
    assert dict(joined) == expected
    assert tags == sorted(
        (name, tag, "books" if name == "reader" else None)
        for name, tag in expected.items()
    )
