"""The list to contact, with addresses, into a file of somebody's choice; and a
row about it in what is published, so that one can tell who was handed over."""

import argparse
import csv
import getpass
import hashlib
import io
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cst.database import (
    PUBLIC,
    Connection,
    attach_new,
    columns_of,
    connected,
    copy_tables,
    measures,
    name,
    tables_of,
)
from cst.errors import Refused
from cst.files import new_file, put_in_place, to_disk
from cst.log import (
    HAND_OVER,
    HAND_OVER_CUSTOMER,
    LOG,
    HandOver,
    carry_logs,
    now,
    read_log,
    read_stamp,
)
from cst.paths import Paths
from cst.withdraw import ADDRESSES, AUDIENCE, CHANNELS

COLUMNS = (
    "customer_id", "contact_channel", "address", "strategy_code",
    "strategy_name_zh", "strategy_name_en", "list_date", "snapshot_date",
    "strategy_priority", "priority",
)
# A text that begins so is a formula for a spreadsheet.
COMPUTED = ("=", "+", "-", "@", "\t", "\r")
# A spreadsheet computes nothing but the number itself.
PHONE = re.compile(r"\+[0-9 ]+")


class Asked(argparse.Namespace):
    """What was asked for."""

    file: Path
    channel: str | None
    strategy: str | None
    by: str | None


def hand_over(paths: Paths, words: Sequence[str]) -> str:
    """Write the list to contact to a file, and note it in what is published;
    returns the line that says so."""
    asked = read_words(words)
    check_files(paths, asked.file)
    with connected(
        published=paths.published, contacts=paths.contact
    ) as connection:
        check_addresses(connection, paths)
        rows = listed(connection, asked)
        check_rows(rows, paths, asked)
        content = as_csv(rows)
        noted = note(connection, rows, content, asked)
        again = handed_over_before(connection, rows, noted)
        # Noted first: there is never a file that nobody knows of.
        with beside(asked.file, content) as new:
            with new_file(paths.published) as new_published:
                attach_new(connection, new_published)
                write(connection, rows, noted)
                connection.execute("detach new")
                verify(connection, new_published)
            put_in_place(paths.published)
            put_new(new, asked.file)
    line = (
        f"Handed over: {asked.file} has {people(len(rows))} of the list of "
        f"{noted.list_date}, as of {noted.snapshot_date} (hand-over "
        f"{noted.hand_over_id})."
    )
    return line + (
        f" Handed over before from this list: {again} of them." if again else ""
    )


def read_words(words: Sequence[str]) -> Asked:
    """Read what follows the word."""
    parser = argparse.ArgumentParser(
        prog="python -m cst hand-over", allow_abbrev=False,
        description="Write the list to contact, with addresses, to a new file.",
    )
    parser.add_argument("file", type=Path, help="CSV file to write")
    parser.add_argument(
        "--channel", choices=CHANNELS, help="only who is contacted by it"
    )
    parser.add_argument("--strategy", help="only this strategy, by its code")
    parser.add_argument("--by", help="who hands it over; else the OS user")
    return parser.parse_args(words, Asked())


# -- what is refused --------------------------------------------------------


def check_files(paths: Paths, file: Path) -> None:
    """Refuses where something is missing, or would be written over."""
    if paths.published is None:
        raise Refused(
            "CST_DUCKDB_PATH is set and CST_PUBLISHED_PATH is not, so there is "
            "no published list to hand over: set both, or neither."
        )
    if not paths.published.exists():
        raise Refused(
            f"{paths.published} is not there, so there is no list to hand "
            "over. To build and publish: python -m cst run"
        )
    if not paths.contact.exists():
        raise Refused(
            f"{paths.contact} is not there, so there are no addresses to hand "
            "over. To build and publish: python -m cst run"
        )
    if os.path.lexists(file):
        raise Refused(
            f"{file} is there already, and is not written over: name another "
            "file."
        )
    if not file.parent.is_dir():
        raise Refused(f"{file.parent} is no folder, so nothing was written.")


def check_addresses(connection: Connection, paths: Paths) -> None:
    """Refuses a list that an older release published, and addresses of another
    publication than the list, or of one before it. After a roll-back they are
    newer, as they should be."""
    if "is_current" not in columns_of(connection, "published", AUDIENCE):
        raise Refused(
            f"{paths.published.name} was published by a release before 0.11.0. "
            "To build and publish with this one: python -m cst run"
        )
    stamp, log = read_stamp(connection, "contacts"), read_log(
        connection, "published"
    )
    again = "Nothing was handed over. To publish both anew: python -m cst run"
    if stamp is None:
        raise Refused(
            f"{paths.contact.name} is of a release before 0.11.0, so it is older "
            f"than the list in {paths.published.name}. {again}"
        )
    run_id, build_id = stamp
    if (run_id, build_id) not in {(run.run_id, run.build_id) for run in log}:
        raise Refused(
            f"{paths.contact.name} is of another publication than "
            f"{paths.published.name}, or of one that was interrupted. {again}"
        )
    first = min(run.run_id for run in log if run.build_id == log[-1].build_id)
    if run_id < first:
        raise Refused(
            f"{paths.contact.name} is of run {run_id}, and the list in "
            f"{paths.published.name} of run {first}, which is newer. {again}"
        )


def check_rows(rows: list[tuple], paths: Paths, asked: Asked) -> None:
    """Refuses an empty list, and one without the addresses that it needs."""
    if not rows:
        only = [
            f"{word} {value}" for word, value in (
                ("by", asked.channel), ("of strategy", asked.strategy),
            ) if value
        ]
        raise Refused(
            f"There is nobody to contact {' '.join(only)}".rstrip()
            + ", so nothing was handed over."
        )
    lacking = sum(
        CHANNELS[channel] is not None and not address
        for _, channel, address, *_ in rows
    )
    if lacking:
        raise Refused(
            f"{people(lacking)} of the list have no address in "
            f"{paths.contact.name}, so it is not that of the list. Nothing was "
            "handed over. To publish both anew: python -m cst run"
        )


# -- what is written --------------------------------------------------------


def listed(connection: Connection, asked: Asked) -> list[tuple]:
    """The list to contact, in the order in which to do it."""
    addresses = " ".join(
        f"when '{channel}' then {address}"
        for channel, address in CHANNELS.items() if address
    )
    channels = ", ".join(f"'{channel}'" for channel in CHANNELS)
    shown = {
        **{column: f"audience.{column}" for column in COLUMNS},
        "address": f"case audience.contact_channel {addresses} end",
    }
    return connection.execute(
        f"""
        select {', '.join(f'{value} as {key}' for key, value in shown.items())}
        from {name('published', *AUDIENCE)} as audience
        left join {name('contacts', *ADDRESSES)} as addresses
            on addresses.customer_id = audience.customer_id
        where audience.is_current and audience.is_contactable
            and not audience.is_holdout
            and audience.contact_channel
                = coalesce(?, audience.contact_channel)
            and audience.strategy_code = coalesce(?, audience.strategy_code)
        order by list_position([{channels}], audience.contact_channel),
            strategy_priority, priority, audience.customer_id
        """,
        [asked.channel, asked.strategy],
    ).fetchall()


def as_csv(rows: list[tuple]) -> bytes:
    """The file: no cell of it is a formula for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(harmless, rows))
    return text.getvalue().encode()


def harmless(row: tuple) -> list[object]:
    """A row whose texts are texts; the warehouse reads them as they were."""
    return [
        f"'{value}" if str(value).startswith(COMPUTED)
        and not (column == "address" and PHONE.fullmatch(value)) else value
        for column, value in zip(COLUMNS, row)
    ]


def note(
    connection: Connection, rows: list[tuple], content: bytes, asked: Asked
) -> HandOver:
    """The row of the log."""
    number = 1
    if columns_of(connection, "published", HAND_OVER):
        number += connection.execute(
            "select coalesce(max(hand_over_id), 0) "
            f"from {name('published', *HAND_OVER)}"
        ).fetchone()[0]
    first = dict(zip(COLUMNS, rows[0]))
    return HandOver(
        hand_over_id=number,
        handed_over_at=now(),
        handed_over_by=asked.by or user(),
        list_date=first["list_date"],
        snapshot_date=first["snapshot_date"],
        run_id=read_log(connection, "published")[-1].run_id,
        contact_channel=asked.channel,
        strategy_code=asked.strategy,
        customer_count=len(rows),
        file_sha256=hashlib.sha256(content).hexdigest(),
    )


def user() -> str:
    """The OS user; in a container they may have no name."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        raise Refused(
            "The user of this machine has no name, so nothing was handed over: "
            "name who hands it over: --by"
        ) from None


def handed_over_before(
    connection: Connection, rows: list[tuple], noted: HandOver
) -> int:
    """How many of these customers were handed over from this list before."""
    if noted.hand_over_id == 1:
        return 0
    before = {
        customer for (customer,) in connection.execute(
            f"""
            select distinct customer_id
            from {name('published', *HAND_OVER_CUSTOMER)}
            inner join {name('published', *HAND_OVER)} using (hand_over_id)
            where list_date = ?
            """,
            [noted.list_date],
        ).fetchall()
    }
    return len(before & {row[0] for row in rows})


def write(
    connection: Connection, rows: list[tuple], noted: HandOver
) -> None:
    """Write the database `new`: what is published, and the log with this row;
    addresses are nowhere in it."""
    copy_tables(connection, "published", public_tables(connection))
    carry_logs(connection, "published")
    connection.execute(
        f"insert into {name('new', *HAND_OVER)} "
        f"values ({', '.join('?' * len(noted))})",
        list(noted),
    )
    connection.execute(
        f"""
        insert into {name('new', *HAND_OVER_CUSTOMER)}
        select ?, unnest(?), unnest(?), unnest(?)
        """,
        [
            noted.hand_over_id,
            *([row[COLUMNS.index(column)] for row in rows] for column in (
                "customer_id", "contact_channel", "strategy_code",
            )),
        ],
    )


def public_tables(connection: Connection) -> list[tuple[str, str]]:
    """The published tables, without the logs."""
    return [
        table for table in tables_of(connection, "published", PUBLIC)
        if table not in LOG
    ]


def verify(connection: Connection, new: Path) -> None:
    """Read the new file from its beginning: it holds what was published."""
    tables = public_tables(connection)
    with connected(copy=new) as copy:
        found = measures(copy, "copy", tables)
    if found != measures(connection, "published", tables):
        raise Refused(
            "The copy is not what was published, so nothing was handed over. "
            "Is the disk sound?"
        )


@contextmanager
def beside(file: Path, content: bytes) -> Iterator[Path]:
    """The content on the disk beside the file, for its owner alone; gone when
    the context ends."""
    new = file.with_name(f".{file.name}.new")
    try:
        new.unlink(missing_ok=True)
        # Nobody else may read, not even while it is written.
        number = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)


def put_new(new: Path, file: Path) -> None:
    """Give the content its name, which no file may have."""
    try:
        os.link(new, file)
    except FileExistsError:
        raise Refused(
            f"{file} came to be there meanwhile, and is not written over. What "
            "was to be handed over is in ads_cst_hand_over, in no file."
        ) from None
    except OSError:
        # A disk without links.
        os.rename(new, file)
    to_disk(file.parent)


def people(count: int) -> str:
    """So many customers, in words."""
    return f"{count:,} customer{'s' if count != 1 else ''}"
