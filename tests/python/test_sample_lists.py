"""The sample closes the loop: its company follows the warehouse's lists.

`simulation/sample/lists.csv` holds what the audience said at each month end, on
the data so far. The warehouse as it is built today, on all the data, must say
the same of those dates, and all contacts must follow from it.

Not to the last customer: what becomes known later (two customers are one, an
order was cancelled) moves a cut point of the past, and with it whoever stands
beside it.
"""

from datetime import timedelta

import pytest

from simulation.sample.lists import Stay, read_lists
from simulation.sample.world import World, month_ends

WORLD = World()
LIST_DATES = [end for end in month_ends(WORLD) if end >= WORLD.lists_since]
STAYS = read_lists()
STALE = "run python -m simulation.sample.make_lists"


@pytest.fixture(scope="module")
def said_today(sample_database) -> set[tuple]:
    """List date, customer, strategy and group of everybody contactable, as the
    warehouse says today."""
    return set(sample_database.execute(
        """
        select
            snapshot_date,
            retention.customer_id,
            strategy_code,
            case
                when retention.is_program_holdout then 'program'
                when is_holdout then 'hold-out'
                else 'contact'
            end
        from cst_dws.dws_cst_retention as retention
        inner join cst_dim.dim_cst_customer as customers
            on retention.customer_id = customers.customer_id
            and customers.is_current
        where
            retention.customer_id similar to 'C[0-9]{5}'
            and customers.has_contact_consent
            and list_contains(?, snapshot_date)
        """,
        [LIST_DATES],
    ).fetchall())


@pytest.fixture(scope="module")
def contacts(sample_database) -> list[tuple]:
    """Customer, campaign's strategy, the list before and the contact's date, of
    all contacts since there are lists; control rows are none."""
    return sample_database.execute(
        """
        select
            touches.customer_id,
            coalesce(campaigns.strategy_code, ''),
            last_day(touched_date - interval 1 month) as list_date,
            touched_date
        from cst_staging.stg_prm__touches as touches
        inner join cst_staging.stg_prm__campaigns as campaigns
            on touches.campaign_id = campaigns.campaign_id
        where
            not touches.is_control
            and touches.customer_id similar to 'C[0-9]{5}'
            and touched_date > ?
        """,
        [WORLD.lists_since],
    ).fetchall()


def said_then() -> set[tuple]:
    return {
        (end, stay.customer_id, stay.strategy, stay.group)
        for stay in STAYS for end in LIST_DATES if stay.holds(end)
    }


def test_the_warehouse_says_today_what_it_said_then(said_today) -> None:
    revised = said_then() ^ said_today
    assert len(revised) < 0.001 * len(said_today), STALE


def test_stays_do_not_overlap() -> None:
    ends: dict[str, Stay] = {}
    for stay in sorted(STAYS):
        assert stay.first_list <= stay.last_list
        before = ends.get(stay.customer_id)
        assert before is None or before.last_list < stay.first_list
        ends[stay.customer_id] = stay


def test_a_stay_begins_when_the_strategy_comes_into_force(
    said_today, sample_database
) -> None:
    """Or with the first list, for strategies that were in force by then."""
    entries = set(sample_database.execute(
        """
        select customer_id, snapshot_date, strategy_code
        from cst_dws.dws_cst_retention
        where episode_start_date = snapshot_date or snapshot_date = ?
        """,
        [WORLD.lists_since],
    ).fetchall())
    revised = {customer_id for _, customer_id, *_ in said_then() ^ said_today}
    for stay in STAYS:
        key = (stay.customer_id, stay.first_list, stay.strategy)
        assert key in entries or stay.customer_id in revised, stay


def test_every_contact_follows_from_a_list(contacts) -> None:
    lists = said_then()
    assert contacts
    for customer_id, strategy, list_date, _ in contacts:
        if strategy:
            row = (list_date, customer_id, strategy, "contact")
            assert row in lists, row


def test_nobody_in_the_hold_out_of_the_program_is_contacted(
    contacts, sample_database
) -> None:
    spared = {
        customer_id for (customer_id,) in sample_database.execute(
            "select customer_id from cst_dim.dim_cst_customer "
            "where is_current and is_program_holdout"
        ).fetchall()
    }
    assert spared
    assert not spared & {customer_id for customer_id, *_ in contacts}


def test_nobody_is_contacted_so_often_that_a_list_would_leave_them_out(
    contacts, sample_database
) -> None:
    """So the lists need not know of contacts that came after the extract."""
    dates: dict[str, list] = {}
    for customer_id, _, _, touched in contacts:
        dates.setdefault(customer_id, []).append(touched)
    for customer_id, all_dates in dates.items():
        for start in all_dates:
            month = timedelta(days=30)
            near = [it for it in all_dates if start <= it < start + month]
            assert len(near) < 4, customer_id
