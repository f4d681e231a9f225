"""Three hundred small populations: the list to contact is what an oracle makes
of the rows as they were delivered, and it has no reader's blind spot: without
any one of its guards, the difference is seen.

`make test-populations` does the same with ten thousand (tests/populations).
"""

import sys
from datetime import date

import pytest
from simulation.populations import make_feed
from warehouse import PROJECT

sys.path.insert(0, str(PROJECT / "tests" / "populations"))
import populations
from broken import BROKEN, without

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
    assert {part: parts[part] for part in populations.REASONS if not parts[part]} == {}
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
        mobile = "".join(filter(str.isdigit, row["mobile"]))[-10:]
        for address in (mobile, row["email"].strip().lower()):
            if address:
                prefix = row["customer_id"].split("-")[0]
                assert whose.setdefault(address, prefix) == prefix


def test_some_populations_are_extreme():
    """In some, all have one mobile, nobody agrees, or everybody has a ticket."""
    rows = feed(NUMBERS)
    with_ticket = {row["customer_id"] for row in rows["ods_svc_ticket"]}
    by_population = {}
    for row in rows["ods_cst_customer"]:
        own = by_population.setdefault(row["customer_id"].split("-")[0], [])
        own.append(row)
    extremes = dict.fromkeys(("mobile", "consent", "ticket", "erased"), 0)
    for own in by_population.values():
        mobiles = {
            "".join(filter(str.isdigit, row["mobile"]))[-10:] for row in own
        }
        extremes["mobile"] += len(own) > 12 and len(mobiles - {""}) in (1, 2)
        extremes["consent"] += not any(
            row["contact_consent"] in ("true", "True", "1", "Y", "是")
            for row in own
        )
        extremes["ticket"] += {row["customer_id"] for row in own} <= with_ticket
        extremes["erased"] += not any(
            row["is_deleted"] == "" for row in own[-1:]
        )
    assert all(count > 2 for count in extremes.values()), extremes
