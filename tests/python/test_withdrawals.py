"""Who withdraws is withdrawn, whatever else is wrong in the row.

Erasures, refusals and cancellations as sources deliver them: redacted rows,
words instead of flags, dates of zeros. Each case has customers and orders of
its own, so one build answers all of them.
"""

import csv
import zlib

import duckdb
import pytest

CUSTOMER = {
    "customer_id": "",
    "registered_at": "2024-01-01T10:00:00+08:00",
    "updated_at": "2024-01-01T10:00:00+08:00",
    "gender": "female",
    "birth_date": "1990-05-17",
    "city": "武汉",
    "acquisition_cost": "",
    "email": "someone@example.com",
    "mobile": "10000000001",
    "contact_consent": "true",
    "is_deleted": "",
    "merged_into_customer_id": "",
}
BLANK = dict.fromkeys(CUSTOMER, "")
ORDER = {
    "order_id": "",
    "customer_id": "",
    "ordered_at": "2025-04-01T12:00:00+08:00",
    "paid_at": "2025-04-01T12:05:00+08:00",
    "order_status": "paid",
    "order_amount": "100.00",
    "updated_at": "2025-04-01T12:05:00+08:00",
}
MARCH = "2025-03-01T00:00:00+08:00"
MAY = "2025-05-01T00:00:00+08:00"
JUNE = "2025-06-01T00:00:00+08:00"


def newer(**values):
    return {"updated_at": MAY, **values}


def redacted(**values):
    """A row as a job sends it that erases: blanks but for the key."""
    return {**BLANK, "updated_at": MAY, "is_deleted": "true", **values}


def erased_with(flag):
    return [{}, redacted(is_deleted=flag)]


# What a case delivers of its customer, from the oldest version on; and what is
# right: whether erased, versions that show anything personal, and why not
# contactable.
ERASED = (True, 0, "erased")
REFUSED = (False, 1, "no_consent")
CUSTOMERS = {
    "plain": ([{}], (False, 1, None)),
    # erasures in broken rows
    "erased by a row of blanks": ([{}, redacted()], ERASED),
    "erased, delivered first": ([redacted(), {}], ERASED),
    "erased with a broken birth date": (
        [{}, newer(birth_date="1990-13-45", is_deleted="true")], ERASED,
    ),
    "erased in a row that is refused": (
        [{}, newer(acquisition_cost="-5", is_deleted="true")], ERASED,
    ),
    "erased at an unknown time": (
        [{}, redacted(updated_at="05/02/2025")], ERASED,
    ),
    "erased at no time": ([{}, redacted(updated_at="")], ERASED),
    "erased by a clock ahead": (
        [{}, redacted(updated_at="9999-12-31T00:00:00+08:00")], ERASED,
    ),
    # spellings
    **{
        f"erased with {flag.strip()}": (erased_with(flag), ERASED)
        for flag in ["Y", "1", " TRUE ", "t", "yes", "是"]
    },
    **{
        f"not erased with {flag}": (
            [newer(is_deleted=flag)], (False, 1, None),
        )
        for flag in ["N", "0", "FALSE", "f", "否"]
    },
    "flag cannot be read": ([{}, newer(is_deleted="gelöscht")], REFUSED),
    # until an explicit false
    "erased, then no flag": (
        [{}, redacted(), newer(updated_at=JUNE)], ERASED,
    ),
    "erased, then an older false": (
        [{}, newer(updated_at=MARCH, is_deleted="false"), redacted()], ERASED,
    ),
    "erased and not, at one instant": (
        [newer(is_deleted="true"), newer(is_deleted="false")], ERASED,
    ),
    "not erased and erased, at one instant": (
        [newer(is_deleted="false"), newer(is_deleted="true")], ERASED,
    ),
    "returned": (
        [{}, redacted(), newer(updated_at=JUNE, is_deleted="no")],
        (False, 1, None),
    ),
    # consent
    "unsubscribed": ([{}, newer(contact_consent="unsubscribed")], REFUSED),
    "拒绝": ([{}, newer(contact_consent="拒绝")], REFUSED),
    "pending": ([newer(contact_consent="2")], REFUSED),
    "refused": ([{}, newer(contact_consent="N")], REFUSED),
    "refused in a broken row": (
        [{}, newer(registered_at="13/13/2024", contact_consent="false")],
        REFUSED,
    ),
    "refused at an unknown time": (
        [{}, newer(updated_at="soon", contact_consent="false")], REFUSED,
    ),
    "granted and refused, at one instant": (
        [newer(contact_consent="true"), newer(contact_consent="false")],
        REFUSED,
    ),
    "refused and granted, at one instant": (
        [newer(contact_consent="false"), newer(contact_consent="true")],
        REFUSED,
    ),
    "granted in a broken row": (
        [
            {"contact_consent": "false"},
            newer(registered_at="", contact_consent="true"),
        ],
        REFUSED,
    ),
    "nothing said in a broken row": (
        [{}, newer(registered_at="", contact_consent="")], (False, 1, None),
    ),
    "nobody asked any more": (
        [{}, newer(contact_consent="")], (False, 2, "consent_unknown"),
    ),
    "nobody asked after a refusal": (
        [{"contact_consent": "false"}, newer(contact_consent="")], REFUSED,
    ),
    "granted again": (
        [
            {},
            newer(registered_at="", contact_consent="refused"),
            newer(updated_at=JUNE),
        ],
        (False, 2, None),
    ),
    # what decides nothing
    "granted beside a broken birth date": (
        [
            {"contact_consent": "false"},
            newer(birth_date="0000-00-00"),
        ],
        (False, 2, None),
    ),
}
# A refusal in an accepted version begins a period of its own.
for name in ("flag cannot be read", "unsubscribed", "拒绝", "refused"):
    CUSTOMERS[name] = (CUSTOMERS[name][0], (False, 2, "no_consent"))

# Merged customers: what is delivered, and who must show nothing.
MERGED = {
    "erased middle": {
        "a": [{"merged_into_customer_id": "b"}],
        "b": [{"merged_into_customer_id": "c"},
              redacted(merged_into_customer_id="c")],
        "c": [{}],
    },
    "erased end": {
        "a": [{"merged_into_customer_id": "b"}],
        "b": [{"merged_into_customer_id": "c"}],
        "c": [{}, redacted()],
    },
    "circle": {
        "a": [{"merged_into_customer_id": "b"}],
        "b": [{"merged_into_customer_id": "a"}, redacted()],
    },
}
SHOWN = {"erased middle c"}

# Versions of an order after a paid one, and the purchases that are left.
ORDERS = {
    "cancelled with a zero date": (
        [newer(order_status="cancelled", paid_at="0000-00-00 00:00:00")], 0,
    ),
    "cancelled without an amount": (
        [newer(order_status="CANCELLED", order_amount="")], 0,
    ),
    "broken but paid": ([newer(order_amount="ten")], 1),
    "older cancellation": (
        [newer(updated_at=MARCH, order_status="cancelled", order_amount="x")],
        1,
    ),
    "cancelled, then paid again": (
        [
            newer(order_status="cancelled", paid_at="0000-00-00 00:00:00"),
            newer(updated_at=JUNE, order_status="completed"),
        ],
        1,
    ),
}


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def own_addresses(name):
    """Who shares an address with a refusal would not be contacted."""
    return {
        "email": f"{name.replace(' ', '_')}@example.com",
        "mobile": f"1{zlib.crc32(name.encode()):010}",
    }


def customer_rows():
    for name, (versions, _) in CUSTOMERS.items():
        for values in versions:
            yield {
                **CUSTOMER, **own_addresses(name), **values,
                "customer_id": name,
            }
    for case, customers in MERGED.items():
        for key, versions in customers.items():
            for values in versions:
                name = f"{case} {key}"
                row = {
                    **CUSTOMER, **own_addresses(name), **values,
                    "customer_id": name,
                }
                survivor = row["merged_into_customer_id"]
                row["merged_into_customer_id"] = survivor and (
                    f"{case} {survivor}"
                )
                yield row
    for name in ORDERS:
        yield {**CUSTOMER, **own_addresses(name), "customer_id": name}


def order_rows():
    for name in CUSTOMERS:
        yield {**ORDER, "order_id": name, "customer_id": name}
    for name, (versions, _) in ORDERS.items():
        for values in [{}, *versions]:
            yield {**ORDER, **values, "order_id": name, "customer_id": name}


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ods")
    write(folder / "ods_cst_customer.csv", list(customer_rows()))
    write(folder / "ods_trd_order.csv", list(order_rows()))
    return folder


def vars_of(folder, **more):
    return {
        "cst_use_sample_data": False,
        "cst_ods_path": str(folder),
        "cst_enabled_sources": ["customer", "order"],
        "cst_as_of_date": "2025-06-30",
        "retention_holdout_share": 0,
        # more than a fifth of these rows is broken on purpose
        "cst_rejected_stop_share": 1,
        **more,
    }


@pytest.fixture(scope="module")
def database_path(run_dbt, feed, tmp_path_factory):
    path = tmp_path_factory.mktemp("withdrawals") / "cst.duckdb"
    run_dbt(
        "build", "--exclude-resource-type", "unit_test",
        vars=vars_of(feed), database=path, check=True,
    )
    return path


@pytest.fixture(scope="module")
def rows(database_path):
    def query(sql):
        # dbt writes to the file as well, so nobody keeps it open.
        with duckdb.connect(str(database_path), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return query


def personal_versions(rows):
    return dict(rows(
        """
        select
            customer_id,
            count(coalesce(
                gender, city, email, mobile, cast(birth_date as varchar)
            ))
        from cst_dim.dim_cst_customer
        group by customer_id
        """
    ))


def test_customers(rows):
    """Erasure, what is shown and who may be contacted, case by case."""
    shown = personal_versions(rows)
    found = {
        name: (is_deleted, shown[name], reason)
        for name, is_deleted, reason in rows(
            """
            select
                customer_id,
                is_deleted,
                -- the audience leaves out who was erased before it
                coalesce(
                    no_contact_reason, case when is_deleted then 'erased' end
                )
            from cst_dim.dim_cst_customer
            left join (
                select * exclude (is_current) from cst_ads.ads_cst_audience
                where is_current
            ) using (customer_id)
            where is_current
            """
        )
        if name in CUSTOMERS
    }
    assert found == {name: right for name, (_, right) in CUSTOMERS.items()}


def test_merged_customers(rows):
    """An erasure covers everyone along a chain or a circle of merges."""
    shown = personal_versions(rows)
    for case, customers in MERGED.items():
        for name in (f"{case} {key}" for key in customers):
            assert bool(shown[name]) == (name in SHOWN), name


def test_orders(rows):
    """A newer version that cancels counts though it is rejected."""
    found = dict(rows(
        """
        select customer_id, lifetime_order_count
        from cst_dws.dws_cst_segmentation
        where is_current
        """
    ))
    assert {name: found[name] for name in ORDERS} == {
        name: count for name, (_, count) in ORDERS.items()
    }


def test_flags(rows):
    """What was read with a loss is counted."""
    flags = dict(rows(
        """
        select reason_code, row_count
        from cst_ads.ads_cst_data_quality
        where row_status = 'flagged'
        """
    ))
    assert flags == {
        "ambiguous_version": 4,
        "cancelled_by_rejected_row": 2,
        "no_purchase_cancelled": 2,
        "unreadable_birth_date": 2,
        "unreadable_contact_consent": 3,
        "unreadable_is_deleted": 1,
    }


def test_a_flag_that_vanishes_stops_the_build(
    run_dbt, database_path, tmp_path
):
    """Without is_deleted, those who were erased would be shown again."""
    erased = ["erased with Y", "erased with 1"]
    write(tmp_path / "ods_cst_customer.csv", [
        {
            key: value
            for key, value in {**CUSTOMER, "customer_id": name}.items()
            if key != "is_deleted"
        }
        for name in ["plain", *erased]
    ])
    write(tmp_path / "ods_trd_order.csv", list(order_rows()))

    def run(**more):
        return run_dbt(
            "run", "--select", "base_cst__customers",
            vars=vars_of(tmp_path, **more), database=database_path,
        )

    result = run()
    assert result.returncode != 0
    assert (
        "Source table 'ods_cst_customer' has no column 'is_deleted', so "
        "customers who are erased in dim_cst_customer would be shown again: "
        "2. Deliver it, or set 'cst_allow_missing_withdrawals' to true"
    ) in " ".join(result.stdout.split())
    assert run(cst_allow_missing_withdrawals=True).returncode == 0
