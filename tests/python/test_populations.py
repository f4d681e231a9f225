"""Three hundred small populations: the list to contact is what an oracle makes
of the rows as they were delivered; without any one of its guards, it is not.

`make test-populations` does the same with ten thousand (tests/populations).
"""

import sys
from datetime import date

import pytest
from simulation.populations import CONSENTS, make_feed
from warehouse import PROJECT

sys.path.insert(0, str(PROJECT / "tests" / "populations"))
import populations
from broken import BROKEN, without
from list_oracle import addresses, said

NUMBERS = range(300)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return populations.build(
        tmp_path_factory.mktemp("populations"), populations.CHANGED, NUMBERS
    )


def test_the_list_is_as_expected(built):
    problems = populations.check(built)
    assert not problems, "\n".join(problems[:40])


def test_every_part_of_the_list_is_met(built):
    parts = populations.parts(built)
    assert built.customers > 2_500
    assert [part for part in populations.REASONS if not parts[part]] == []
    assert parts["to contact"] > 200 and parts["held out"] > 200


@pytest.mark.parametrize("name", BROKEN)
def test_a_guard_that_is_gone_is_seen(built, name):
    assert without(built, name), f"nobody notices that {name}"


def feed(numbers, seed=1):
    edges = {"bought": [7], "rated": [30], "contacted": [3, 30]}
    return make_feed(numbers, date(2025, 6, 30), edges, seed)


def test_populations_can_be_made_again():
    """The same call gives the same rows, and a population is the same whoever
    is beside it."""
    alone, among = feed([7]), feed(range(9))
    assert alone == feed([7])
    assert feed([7], seed=2) != alone
    for table, rows in alone.items():
        own = [row for row in among[table] if "p00007" in str(row)]
        assert own == [row for row in rows if "p00007" in str(row)]


def test_no_address_belongs_to_two_populations():
    whose = {}
    for row in feed(NUMBERS)["ods_cst_customer"]:
        prefix = row["customer_id"].split("-")[0]
        for address in addresses(row).values():
            assert whose.setdefault(address, prefix) == prefix


def test_some_populations_are_extreme():
    """In some, nearly all have one mobile, nobody agrees, everybody has a
    ticket or has just bought."""
    rows = feed(NUMBERS)
    people, with_mobile, agreed = {}, {}, set()
    for row in rows["ods_cst_customer"]:
        customer = row["customer_id"]
        prefix = customer.split("-")[0]
        people.setdefault(prefix, set()).add(customer)
        mobile = addresses(row).get("mobile")
        with_mobile.setdefault((prefix, mobile), set()).add(customer)
        if any(said(row, consent) == "granted" for consent in CONSENTS):
            agreed.add(customer)
    with_ticket = {row["customer_id"] for row in rows["ods_svc_ticket"]}
    buyers = {
        row["customer_id"] for row in rows["ods_trd_order"]
        if row["updated_at"] > "2025-06-20"
    }
    extremes = {
        "one mobile": sum(
            mobile is not None and 2 * len(customers) > len(people[prefix]) > 5
            for (prefix, mobile), customers in with_mobile.items()
        ),
        "nobody agrees": sum(not own & agreed for own in people.values()),
        "tickets": sum(own <= with_ticket for own in people.values()),
        "just bought": sum(own <= buyers for own in people.values()),
    }
    assert all(count > 2 for count in extremes.values()), extremes
