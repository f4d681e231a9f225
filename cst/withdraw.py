"""Who withdrew is withdrawn from what people see, whatever becomes of a build.

Erasures and withdrawals of consent are read from the customer source alone and
reach the published file, the addresses and the files that are kept. Nothing is
ever granted, and no number changes but how many people have a birthday's tag. A file in which something changes is written
anew and renamed over the old one, so that no byte of an erased person stays.
"""

import contextlib
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from cst.database import (
    CONTACT,
    INTERMEDIATE,
    PUBLIC,
    SCHEMA,
    Connection,
    Table,
    attach_new,
    columns_of,
    connected,
    copy_comments,
    create_schema,
    first_line,
    measures,
    name,
    tables_of,
    text,
)
from cst.dbt import call_dbt
from cst.errors import Refused
from cst.files import new_file, put_in_place
from cst.kept import kept_files
from cst.log import LOG, Run, next_run, read_log, write_log
from cst.paths import Paths
from cst.state import read_state

MODEL = "int_cst_withdrawals"
CUSTOMER = (f"{SCHEMA}_dim", "dim_cst_customer")
AUDIENCE = (f"{SCHEMA}_ads", "ads_cst_audience")
CUSTOMER_360 = (f"{SCHEMA}_ads", "ads_cst_customer_360")
ADDRESSES = (CONTACT, "contact_cst_customer")
TAGS = (f"{SCHEMA}_dws", "dws_cst_tag")
TAG_NAMES = (f"{SCHEMA}_dim", "dim_cst_tag")
CUSTOMER_TAGS = (f"{SCHEMA}_ads", "ads_cst_customer_tag")

# What of a customer an erasure takes.
PERSONAL = ("gender", "city", "province", "email", "mobile", "birth_date")
# The measure of tags that say something of it; as in the model dws_cst_tag.
PERSONAL_MEASURE = "months_to_birthday"
# The tags on one row; as in the model ads_cst_customer_tag.
JOINED = {
    "tag_codes": "string_agg(tag_code, ',' order by tag_rank)",
    "tag_names_zh": "string_agg(tag_name_zh || coalesce('：' || tag_value, ''), "
    "'、' order by tag_rank)",
    "tag_names_en": "string_agg(tag_name_en || coalesce(': ' || tag_value, ''), "
    "', ' order by tag_rank)",
}
# The channels, in the order in which one is chosen, and the address that each
# of them needs; as in the macro contact_channels().
CHANNELS = {
    "sms": "mobile", "email": "email", "wecom": None, "push": None,
    "phone": "mobile",
}
# The words of ads_cst_audience and ads_cst_customer_360; as in the macro
# code_labels().
REASONS = {
    "erased": ("已申请删除", "Erased"),
    "no_consent": ("未同意联系", "No consent to contact"),
    "consent_unknown": ("未征求联系同意", "Consent to contact unknown"),
    "no_address": ("获准渠道无联系方式", "No address for a channel with consent"),
    "same_address_opted_out": (
        "同一联系方式的其他客户已拒绝联系",
        "Another customer at the same address refused contact",
    ),
    "channel_withdrawn": (
        "所选渠道已撤回同意", "Consent to the chosen channel withdrawn"
    ),
}
# What tells that two addresses are the same, as in int_cst_address_refusals and
# the macro comparable_mobile().
COMPARABLE = {
    "email": "lower(email)",
    "mobile": """nullif(right(regexp_replace(
        translate(mobile, '０１２３４５６７８９', '0123456789'), '[^0-9]', '', 'g'
    ), 10), '')""",
}
CONSENTS = ["contact_consent", *(f"consent_{channel}" for channel in CHANNELS)]
FIRST = "timestamp '1900-01-01'"
LAST = "timestamp '9999-12-31'"

# What dbt build and dbt run have in common.
OPTIONS = {
    "--vars", "--threads", "--target", "-t", "--profile", "--profiles-dir",
    "--project-dir", "--target-path", "--log-path",
}


# -- words ------------------------------------------------------------------


def withdraw_after(
    paths: Paths, arguments: Sequence[str] = (), lock: int = -1
) -> str:
    """What `withdraw` does, after a build that was not published: returns the
    line in any case, as the build has a reason of its own to tell."""
    try:
        return withdraw(paths, arguments, lock)
    except Refused as refused:
        return str(refused)


def withdraw(
    paths: Paths, arguments: Sequence[str] = (), lock: int = -1
) -> str:
    """Read who withdrew, and apply it to what is published and kept; the
    arguments are those of dbt build. Returns the line to print."""
    if paths.published is None or not paths.published.exists():
        return "Nothing is published, so nobody had to be withdrawn from it."
    read_withdrawals(paths, arguments, lock)
    with connected(build=paths.build, published=paths.published) as connection:
        check_same_source(connection)
    # Read first, as addresses go.
    closed = closed_to_others(paths)
    changed = withdraw_from_all(
        [paths.contact, paths.published, *kept_files(paths)], paths, "build",
        closed,
    )
    customers = set().union(*changed.values())
    if not customers:
        return "Nobody withdrew who had not been withdrawn before."
    return (
        f"Withdrawn all the same: {len(customers)} "
        f"customer{'s' if len(customers) > 1 else ''}, from "
        f"{', '.join(path.name for path in changed)}."
    )


def withdraw_kept(paths: Paths) -> None:
    """Take the kept files as far back as the published one: nobody whom it
    does not reach is reached after a roll-back, and what it blanked is blank."""
    if paths.published is not None and paths.published.exists():
        withdraw_from_all(
            kept_files(paths), paths, "published", closed_in_published(paths)
        )


def withdraw_from_all(
    files: Iterable[Path],
    paths: Paths,
    source: str,
    closed: Sequence[tuple[str, str]] = (),
) -> dict[Path, set[str]]:
    """Withdraw from each file; returns the customers whom it changed, by file.
    One that cannot be written keeps no other back."""
    changed, problems = {}, []
    for path in files:
        if not path.exists():
            continue
        try:
            customers = withdraw_from(path, paths, source, closed)
        except Refused as refused:
            problems.append(str(refused))
        except (OSError, duckdb.Error) as error:
            problems.append(
                f"{path.name} could not be written, so who withdrew is still "
                f"in it: {first_line(error)}"
            )
        else:
            changed |= {path: customers} if customers else {}
    if problems:
        raise Refused(" ".join(problems))
    return changed


# -- who withdrew -----------------------------------------------------------


def read_withdrawals(
    paths: Paths, arguments: Sequence[str], lock: int
) -> None:
    """Build the table of withdrawals from the customer source; refuses with
    what is wrong with it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        failed, cause = call_dbt(
            paths,
            ["--quiet", "run", "--select", f"+{MODEL}", *common(arguments)],
            lock,
        )
    if failed:
        why = reason(printed.getvalue()) or cause or "dbt failed"
        raise Refused(
            "Erasures and withdrawals of consent could not be read, so none "
            f"was applied to what is published: {why}"
        )


def common(arguments: Sequence[str]) -> list[str]:
    """Those of dbt build's arguments that dbt run is to have, too."""
    taken, rest = [], iter(arguments)
    for argument in rest:
        option, _, value = argument.partition("=")
        if option in OPTIONS:
            taken += [option, value or next(rest, "")]
    return taken


def reason(output: str) -> str | None:
    """The first error that dbt printed, without what surrounds it."""
    lines = [
        re.sub(r"^\d\d:\d\d:\d\d", "", re.sub(r"\x1b\[\d*m", "", line)).strip()
        for line in output.splitlines()
    ]
    lines = [line for line in lines if line]
    for line, following in zip(lines, lines[1:]):
        if re.match(r"\w+ Error( in .*)?$", line):
            return following
    return lines[-1] if lines else None


def check_same_source(connection: Connection) -> None:
    """Refuses where own tables are published and the sample was read, or the
    other way round: the same id is somebody else there."""
    log, state = read_log(connection, "published"), read_state(connection, "build")
    if (
        log and state and log[-1].is_sample is not None
        and log[-1].is_sample != state.is_sample
    ):
        raise Refused(
            "Erasures and withdrawals of consent were read from "
            f"{'the sample' if state.is_sample else 'own tables'}, which is not "
            "what is published, so none was applied."
        )


def find_withdrawn(connection: Connection, source: str) -> None:
    """The temporary table `withdrawn`: from the model in the build database,
    or from what the published file says of its customers."""
    flags = ", ".join(f"is_{channel}_withdrawn" for channel in CHANNELS)
    if source == "build":
        connection.execute(
            f"""
            create or replace temp table withdrawn as
            select customer_id, surviving_customer_id, contact_consent,
                refused_consents, {flags}, is_deleted, first_version_at,
                coalesce(last_told_at, {FIRST}) as last_told_at,
                blank_until_at
            from {name('build', INTERMEDIATE, MODEL)}
            """
        )
        return
    customers = name("published", *CUSTOMER)
    refused = (
        "refused_consents"
        if "refused_consents" in columns_of(connection, "published", CUSTOMER)
        else "cast(null as varchar) as refused_consents"
    )
    details = [f"cast({column} as varchar)" for column in PERSONAL]
    connection.execute(
        f"""
        create or replace temp table withdrawn as
        with shown as (
            select customer_id, min(valid_from_at) as shown_from_at
            from {customers}
            where is_unregistered or contact_consent != 'refused'
                or coalesce({', '.join(details)}) is not null
            group by customer_id
        )
        select customer_id, surviving_customer_id,
            case when not has_contact_consent then contact_consent end
                as contact_consent,
            {refused},
            {', '.join(
                f'not is_reachable_by_{channel} as is_{channel}_withdrawn'
                for channel in CHANNELS
            )},
            is_deleted, {FIRST} as first_version_at, {LAST} as last_told_at,
            case when is_deleted then {LAST}
                else coalesce(shown_from_at, {LAST}) - interval 1 microsecond
            end as blank_until_at
        from {customers}
        left join shown using (customer_id)
        where is_current
        """
    )
    # Of whom nothing is delivered anymore, nobody knows whether they agree.
    connection.execute(
        f"""
        insert into withdrawn by name
        select customer_id, 'unknown' as contact_consent,
            {', '.join(f'true as is_{c}_withdrawn' for c in CHANNELS)},
            false as is_deleted, {LAST} as last_told_at
        from {name('file', *CUSTOMER)}
        where is_current and customer_id not in (
            select customer_id from {customers}
        )
        """
    )


def find_told(connection: Connection) -> None:
    """The temporary table `told`: of each customer whom the withdrawals name,
    what holds in the file. Whoever was merged into another customer after the
    file was written withdraws with that customer."""
    flags = [f"is_{channel}_withdrawn" for channel in CHANNELS]
    connection.execute(
        f"""
        create or replace temp table told as
        with shown as (
            select customer_id, is_merged, valid_from_at
            from {name('file', *CUSTOMER)}
            where is_current
        ),
        -- a version that is newer than all that is told may have granted again
        known as (
            select withdrawn.* replace (
                {', '.join(f'{flag} and is_new as {flag}' for flag in flags)},
                case when is_new then contact_consent end as contact_consent
            )
            from (
                select withdrawn.*, withdrawn.is_deleted
                    or withdrawn.last_told_at
                    >= coalesce(shown.valid_from_at, {FIRST}) as is_new
                from withdrawn left join shown using (customer_id)
            ) as withdrawn
        ),
        people as (
            select * from known
            union all
            select known.* replace (
                shown.customer_id as customer_id,
                {FIRST} as first_version_at,
                cast(null as timestamp) as blank_until_at,
                cast(null as varchar) as refused_consents,
                false as is_deleted
            )
            from known
            inner join withdrawn as merged
                on merged.surviving_customer_id = known.customer_id
            inner join shown on shown.customer_id = merged.customer_id
            where not shown.is_merged
        )
        select customer_id,
            -- refused stands before unknown
            min(contact_consent) as contact_consent,
            max(refused_consents) as refused_consents,
            {', '.join(f'bool_or({flag}) as {flag}' for flag in flags)},
            bool_or(is_deleted) as is_deleted,
            max(blank_until_at) as blank_until_at,
            max(first_version_at) filter (blank_until_at is not null)
                as first_version_at
        from people
        group by customer_id
        """
    )


def closed_to_others(paths: Paths) -> list[tuple[str, str]]:
    """Customers, each with a channel by which somebody at the same address was
    reached until now, and is no longer. As in int_cst_address_refusals, a
    refusal of all closes every channel, and who is erased, merged or no longer
    asked closes none."""
    with connected(
        build=paths.build, file=paths.published, addresses=paths.contact
    ) as connection:
        if not (
            columns_of(connection, "file", CUSTOMER)
            and columns_of(connection, "addresses", ADDRESSES)
        ):
            return []
        find_withdrawn(connection, "build")
        find_told(connection)
        same = " union ".join(
            f"""
            select others.customer_id, '{channel}' as channel
            from withdrew inner join places as others using ({address})
            where others.customer_id != withdrew.customer_id
                and withdrew.{f'is_{channel}_closed' if needed == address
                              else 'is_refused'}
            """
            for channel, needed in CHANNELS.items() for address in COMPARABLE
        )
        return connection.execute(
            f"""
            with places as (
                select customer_id, {', '.join(
                    f'{value} as {address}'
                    for address, value in COMPARABLE.items()
                )}
                from {name('addresses', *ADDRESSES)}
            ),
            withdrew as (
                select places.*, has_contact_consent
                        and coalesce(told.contact_consent = 'refused', false)
                        as is_refused, {', '.join(
                    f'is_refused or is_reachable_by_{channel} and '
                    f'is_{channel}_withdrawn as is_{channel}_closed'
                    for channel in CHANNELS
                )}
                from places
                inner join told using (customer_id)
                inner join {name('file', *CUSTOMER)} as shown
                    using (customer_id)
                where shown.is_current and not told.is_deleted
                    and told.contact_consent is distinct from 'unknown'
                    and customer_id not in (
                        select customer_id from withdrawn
                        where surviving_customer_id is not null
                    )
            )
            {same}
            """
        ).fetchall()


def closed_in_published(paths: Paths) -> list[tuple[str, str]]:
    """Customers whom the published list does not contact because of somebody at
    their address, each with every channel."""
    with connected(published=paths.published) as connection:
        if "is_current" not in columns_of(connection, "published", AUDIENCE):
            return []
        return connection.execute(
            f"""
            select customer_id, unnest(?) as channel
            from {name('published', *AUDIENCE)}
            where is_current and no_contact_reason = 'same_address_opted_out'
            """,
            [list(CHANNELS)],
        ).fetchall()


# -- what follows -----------------------------------------------------------


def withdraw_from(
    path: Path, paths: Paths, source: str, closed: Sequence[tuple[str, str]]
) -> set[str]:
    """Withdraw from one file; returns the customers whom that changed."""
    is_addresses = path == paths.contact
    files = {
        "file": paths.published if is_addresses else path,
        "addresses": path if is_addresses else None,
        source: paths.build if source == "build" else paths.published,
    }
    database = "addresses" if is_addresses else "file"
    with connected(**files) as connection:
        customers = columns_of(connection, "file", CUSTOMER)
        if not customers:
            return set()
        find_withdrawn(connection, source)
        find_told(connection)
        find_people(connection, customers)
        connection.execute(
            """
            create or replace temp table closed as
            select unnest(cast(? as varchar[])) as customer_id,
                unnest(cast(? as varchar[])) as channel
            """,
            [[customer for customer, _ in closed],
             [channel for _, channel in closed]],
        )
        queries, changed = changes(connection, database)
        if not changed:
            return set()
        run = None
        if path == paths.published:
            log = read_log(connection, "file")
            run = next_run(
                log, log[-1] if log else Run(), kind="withdrawal",
                restated_from_date=None, restated_to_date=None,
                withdrawn_customer_count=len(changed),
            )
        with new_file(path, path.stat().st_mode & 0o777) as new:
            attach_new(connection, new)
            write(connection, database, queries, run)
            connection.execute("detach new")
    put_in_place(path)
    return changed


def changes(
    connection: Connection, database: str
) -> tuple[dict[Table, str], set[str]]:
    """The query of each table that withdrawals may change, and the customers
    of whom they do change a row."""
    queries, changed = {}, set()
    for table, after in CONCERNED.items():
        columns = columns_of(connection, database, table)
        if columns:
            before = name(database, *table)
            queries[table] = after(before, columns)
            changed |= {customer for (customer,) in connection.execute(
                f"""
                select distinct customer_id from (
                    select * from {before}
                    where customer_id in (
                        select customer_id from told
                        union select customer_id from closed
                    )
                    except all ({queries[table]})
                )
                """
            ).fetchall()}
    return queries, changed


def write(
    connection: Connection,
    database: str,
    queries: dict[Table, str],
    run: Run | None,
) -> None:
    """Write the database `new`: every table that people see, some of them by
    a query, and the log with this run."""
    tables = [
        table for table in tables_of(connection, database, [*PUBLIC, CONTACT])
        if run is None or table not in LOG
    ]
    for table in tables:
        create_schema(connection, table)
        query = queries.get(table, f"select * from {name(database, *table)}")
        connection.execute(f"create table {name('new', *table)} as {query}")
        copy_comments(connection, database, table)
    counted = [table for table in tables if table != ADDRESSES]
    sums = measures(connection, "new", counted)
    before = measures(connection, database, counted)
    # Of tags rows go, and nothing adds them up.
    if any(sums[key] != before[key] for key in before if key[0] != TAGS[1]):
        raise Refused(
            "A withdrawal would have changed a number, so it was not applied: "
            "that is a mistake in this program."
        )
    if run is not None:
        write_log(connection, database, run, sums)


def withdrawn_customers(customers: str, columns: Iterable[str]) -> str:
    """The query of dim_cst_customer after the withdrawals."""
    return f"select * exclude (is_blank) from ({judged(customers, columns)})"


def judged(customers: str, columns: Iterable[str]) -> str:
    """Customers after the withdrawals, and whether a version is blank."""
    # The first version also holds for the time before it was written: it may
    # be of a registration after the erasure.
    blank = f"""coalesce(
        told.blank_until_at >= customer.valid_from_at and not (
            customer.valid_from_at = {FIRST}
            and told.first_version_at > told.blank_until_at
            and customer.registered_at > told.blank_until_at
        ), false)"""
    refused = "coalesce(is_current and told.contact_consent is not null, false)"
    values = {
        column: f"case when not is_blank then {column} end"
        for column in PERSONAL
    } | {
        "contact_consent": f"""case
            when is_blank then 'refused'
            when {refused} and customer.contact_consent != 'refused'
                then told.contact_consent
            else customer.contact_consent end""",
        # Who refused by a column is remembered, should the column vanish.
        "refused_consents": f"""nullif(array_to_string(
            list_filter({CONSENTS}, lambda consent: not is_blank and contains(
                concat(',', customer.refused_consents, ',',
                    told.refused_consents, ','),
                concat(',', consent, ',')
            )), ','), '')""",
        "has_contact_consent":
            f"has_contact_consent and not (is_blank or {refused})",
        "is_deleted": "customer.is_deleted or coalesce(told.is_deleted, false)",
    } | {
        f"is_reachable_by_{channel}":
            f"is_reachable_by_{channel} and not (is_blank or "
            f"coalesce(is_current and told.is_{channel}_withdrawn, false))"
        for channel in CHANNELS
    }
    replaced = ", ".join(
        f"{value} as {column}" for column, value in values.items()
        if column in columns
    )
    return f"""
        select customer.* replace ({replaced})
        from (
            select customer.*, {blank} as is_blank
            from {customers} as customer
            left join told using (customer_id)
        ) as customer
        left join told using (customer_id)
    """


def find_people(connection: Connection, columns: Iterable[str]) -> None:
    """The temporary table `people`: who is told of, as the file shows them
    after the withdrawals."""
    connection.execute(
        f"""
        create or replace temp table people as
        select *,
            case
                when is_deleted then 'erased'
                when not has_contact_consent and contact_consent = 'unknown'
                    then 'consent_unknown'
                when not has_contact_consent then 'no_consent'
                when not ({' or '.join(
                    f'is_reachable_by_{channel}' for channel in CHANNELS
                )}) then 'no_address'
            end as reason
        from ({judged(name('file', *CUSTOMER), columns)})
        where is_current and customer_id in (select customer_id from told)
        """
    )


def withdrawn_audience(audience: str, columns: Iterable[str]) -> str:
    """The query of ads_cst_audience after the withdrawals. A list of the past
    says what was handed out, and nothing of it is personal: it stays."""
    # A release before 0.11.0 had none of them in it.
    is_concerned = "audience.is_current" if "is_current" in columns else "true"
    return f"""
        select audience.* replace (
            {said('audience', columns)}
        )
        from {audience} as audience
        left join people
            on people.customer_id = audience.customer_id and {is_concerned}
        left join closed
            on closed.customer_id = audience.customer_id
            and closed.channel = audience.contact_channel and {is_concerned}
    """


def withdrawn_360(customer_360: str, columns: Iterable[str]) -> str:
    """The query of ads_cst_customer_360 after the withdrawals. Who has no
    strategy is on no list, so nothing is said of contact."""
    query = f"""
        select customer_360.* replace (
            {said('customer_360', columns)}
        )
        from {customer_360} as customer_360
        left join people using (customer_id)
        left join closed
            on closed.customer_id = customer_360.customer_id
            and closed.channel = customer_360.contact_channel
    """
    return (
        withdrawn_customer_tags(f"({query})", columns)
        if JOINED.keys() <= set(columns) else query
    )


def withdrawn_tags(tags: str, _columns: Iterable[str] = ()) -> str:
    """The query of dws_cst_tag after the withdrawals: a birthday goes with the
    birth date."""
    return f"""
        select * from {tags}
        where measure_code != {text(PERSONAL_MEASURE)} or customer_id not in (
            select customer_id from people where is_blank
        )
    """


def withdrawn_customer_tags(table: str, _columns: Iterable[str] = ()) -> str:
    """The query of a table with the tags of a customer on one row, after the
    withdrawals."""
    replaced = ", ".join(
        f"case when people.is_blank then tags.{column} else shown.{column} end "
        f"as {column}" for column in JOINED
    )
    joined = ", ".join(f"{value} as {column}" for column, value in JOINED.items())
    return f"""
        select shown.* replace ({replaced})
        from {table} as shown
        left join (select customer_id, is_blank from people) as people
            using (customer_id)
        left join (
            select customer_id, snapshot_date, {joined}
            from ({withdrawn_tags(name('file', *TAGS))})
            inner join {name('file', *TAG_NAMES)} using (tag_code)
            group by customer_id, snapshot_date
        ) as tags using (customer_id, snapshot_date)
    """


def said(table: str, columns: Iterable[str]) -> str:
    """What a table says of contact and place, after the withdrawals."""
    told = f"people.customer_id is not null and {table}.is_contactable is not null"
    lost = " or ".join(
        f"({table}.contact_channel = '{channel}'"
        f" and not people.is_reachable_by_{channel})"
        for channel in CHANNELS
    )
    # No other channel takes its place: it may be closed by a cap, or at the
    # address.
    taken = f"""case
        when {told} and ({lost}) then 'channel_withdrawn'
        when closed.customer_id is not null then 'same_address_opted_out' end"""
    # What stood against a contact before still does.
    reason = f"""coalesce(
        case when {told} then people.reason end,
        case when {table}.no_contact_reason is null then {taken} end)"""
    values = {
        "contact_channel":
            f"case when {taken} is null then {table}.contact_channel end",
        "no_contact_reason": f"coalesce({reason}, {table}.no_contact_reason)",
        "is_contactable": f"{table}.is_contactable and {reason} is null",
        "is_deleted": f"{table}.is_deleted or coalesce(people.is_deleted, false)",
    } | {
        column: f"case when not coalesce(people.is_blank, false) "
        f"then {table}.{column} end"
        for column in ("city", "province")
    } | {
        f"no_contact_reason_{language}": f"""case {reason} {' '.join(
                f"when {text(code)} then {text(words[position])}"
                for code, words in REASONS.items()
            )} else {table}.no_contact_reason_{language} end"""
        for position, language in enumerate(("zh", "en"))
    }
    return ", ".join(
        f"{value} as {column}" for column, value in values.items()
        if column in columns
    )


def withdrawn_addresses(addresses: str, columns: Iterable[str]) -> str:
    """The query of contact_cst_customer after the withdrawals: an address that
    no channel may use goes, and who has none."""
    kept = {}
    for address in ("email", "mobile"):
        ways = " and ".join(
            f"told.is_{channel}_withdrawn"
            for channel, needed in CHANNELS.items() if needed == address
        )
        kept[address] = (
            f"case when not coalesce({ways} or people.is_blank, false) "
            f"then {address} end"
        )
    return f"""
        select * from (
            select addresses.* replace ({', '.join(
                f'{value} as {address}' for address, value in kept.items()
            )})
            from {addresses} as addresses
            left join told using (customer_id)
            left join (select customer_id, is_blank from people) as people
                using (customer_id)
        )
        where coalesce(email, mobile) is not null
    """


# What withdrawals change, and how.
CONCERNED = {
    CUSTOMER: withdrawn_customers,
    AUDIENCE: withdrawn_audience,
    CUSTOMER_360: withdrawn_360,
    TAGS: withdrawn_tags,
    CUSTOMER_TAGS: withdrawn_customer_tags,
    ADDRESSES: withdrawn_addresses,
}
