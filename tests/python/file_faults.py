"""What happens to files on their way, by name: a catalog.

A fault takes the header and the data lines of a delivered table and gives the
files that arrive, as a mapping of name to bytes, and how many rows a person
would count in them. `may` says what is right: the rows are read, or the build
stops and names the file, or either; `line` a line that must be told as broken.
"""

import bz2
import gzip
import io
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass
class Delivery:
    files: dict
    rows: int
    may: tuple = ("read", "stop")
    line: int | None = None
    rejected: int = 0


READ, STOP, EITHER = ("read",), ("stop",), ("read", "stop")


def joined(header, lines, end="\n"):
    return end.join([header, *lines, ""])


def plain(table, header, lines):
    return Delivery(
        {f"{table}.csv": joined(header, lines).encode()}, len(lines), READ
    )


def text_fault(may, change, rows=0, encoding="utf-8", **more):
    """A fault that changes the text: change(header, lines) -> text."""

    def fault(table, header, lines):
        text = change(header, list(lines))
        return Delivery(
            {f"{table}.csv": text.encode(encoding)}, len(lines) + rows, may,
            **more,
        )

    return fault


def folder_fault(may, files, rows=0):
    """A fault in a folder of parts: files(header, lines) -> name to text."""

    def fault(table, header, lines):
        parts = files(header, list(lines))
        return Delivery(
            {
                f"{table}/{name}": data if isinstance(data, bytes)
                else data.encode()
                for name, data in parts.items()
            },
            len(lines) + rows, may,
        )

    return fault


def long_file(header, lines, number=30_000):
    """The lines again and again, under new keys (the first column)."""
    return [
        f"{part}-{line}" if part else line
        for part in range(number // len(lines) + 1)
        for line in lines
    ][:number]


def broken_line(change, late):
    def fault(table, header, lines):
        lines = long_file(header, lines) if late else list(lines)
        at = len(lines) - 100 if late else len(lines) // 2
        lines[at] = change(lines[at])
        return Delivery(
            {f"{table}.csv": joined(header, lines).encode()}, len(lines),
            READ, at + 2, 1,
        )

    return fault


def parquet_of(header, lines):
    names, buffer = header.split(","), io.BytesIO()
    rows = [line.split(",") for line in lines]
    columns = [[row[i] for row in rows] for i in range(len(names))]
    pq.write_table(pa.table(dict(zip(names, columns))), buffer)
    return buffer.getvalue()


def ids_with_hash(header, lines):
    """Half of the keys are numbers, half of them begin with `#`."""
    keys = [f"#{i}" if i % 2 else str(i) for i in range(len(lines))]
    return joined(header, [
        key + "," + line.split(",", 1)[1] for key, line in zip(keys, lines)
    ])


def with_last_cell(cell, at):
    """One more text column, whose cell in one row is given."""

    def change(header, lines):
        lines = [f"{line}," for line in lines]
        lines[at] += cell
        return joined(f"{header},remark", lines)

    return change


def two_kinds(table, header, lines):
    return Delivery({
        f"{table}.csv": joined(header, lines).encode(),
        f"{table}.parquet": parquet_of(header, lines[:2]),
    }, len(lines), STOP)


def file_and_folder(table, header, lines):
    return Delivery({
        f"{table}.csv": joined(header, lines[:5]).encode(),
        f"{table}/part.csv": joined(header, lines[5:]).encode(),
    }, len(lines), EITHER)


def other_name(suffix, pack=lambda data: data, may=READ):
    def fault(table, header, lines):
        data = pack(joined(header, lines).encode())
        return Delivery({f"{table}{suffix}": data}, len(lines), may)

    return fault


def drop(line):
    return line.rsplit(",", 1)[0]


def quoted(line):
    return ",".join(f'"{cell}"' for cell in line.split(","))


def with_bytes_in_a_line(table, header, lines):
    """A cell of bytes that are no text in any encoding of our files."""
    text = joined(f"{header},remark", [f"{line}," for line in lines]).encode()
    parts = text.split(b"\n")
    parts[5] += b"\xff\xfe\x80"
    return Delivery(
        {f"{table}.csv": b"\n".join(parts)}, len(lines), READ, 6, 1
    )


def zstandard(data):
    buffer = pa.BufferOutputStream()
    with pa.CompressedOutputStream(buffer, "zstd") as stream:
        stream.write(data)
    return buffer.getvalue().to_pybytes()


def no_reading(name):
    """A folder with a file that is no delivery beside one that is."""
    return folder_fault(READ, lambda header, lines: {
        "part.csv": joined(header, lines),
        name: joined(header, [f"x{line}" for line in lines]),
    })


FAULTS = {
    "ids_that_begin_with_hash": text_fault(READ, ids_with_hash),
    "field_too_few_early": broken_line(drop, late=False),
    "field_too_many_early": broken_line("{0},,x,y".format, late=False),
    "field_too_few_late": broken_line(drop, late=True),
    "field_too_many_late": broken_line("{0},,x,y".format, late=True),
    "upper_case_suffix": other_name(".CSV"),
    "gzip": other_name(".csv.gz", gzip.compress),
    "lock_file_beside": no_reading("~lock.csv"),
    "temporary_folder_beside": no_reading("_temporary/0/part.csv"),
    "hidden_file_beside": no_reading(".part.csv.crc.csv"),
    "success_file_beside": no_reading("_SUCCESS.csv"),
    "parquet_beside_csv": two_kinds,
    "file_beside_folder": file_and_folder,
    "no_header": text_fault(
        STOP, lambda header, lines: "\n".join([*lines, ""])
    ),
    "part_without_header": folder_fault(EITHER, lambda header, lines: {
        "part1.csv": joined(header, lines[:9]),
        "part2.csv": "\n".join([*lines[9:], ""]),
    }),
    "columns_in_another_order": folder_fault(READ, lambda header, lines: {
        "part1.csv": joined(header, lines[:9]),
        "part2.csv": joined(
            ",".join(reversed(header.split(","))),
            [",".join(reversed(line.split(","))) for line in lines[9:]],
        ),
    }),
    "mixed_line_ends": text_fault(EITHER, lambda header, lines: (
        joined(header, lines[:9]) + "\r\n".join([*lines[9:], ""])
    )),
    "old_mac_line_ends": text_fault(
        EITHER, lambda header, lines: joined(header, lines, "\r")
    ),
    "last_line_without_end": text_fault(
        READ, lambda header, lines: joined(header, lines).rstrip("\n")
    ),
    "empty_lines_at_the_end": text_fault(
        READ, lambda header, lines: joined(header, [*lines, "", ""])
    ),
    "byte_order_mark": text_fault(READ, joined, encoding="utf-8-sig"),
    "utf_16": text_fault(EITHER, joined, encoding="utf-16"),
    "gbk": text_fault(EITHER, with_last_cell("武汉", 4), encoding="gbk"),
    "latin_1": text_fault(
        EITHER, with_last_cell("Zürich", 4), encoding="latin-1"
    ),
    "quotes_and_line_breaks": text_fault(
        READ, with_last_cell('"say ""yes"",\nor no"', 4)
    ),
    "backslash_quotes": text_fault(
        EITHER, with_last_cell(r'"say \"yes\", or no"', 4)
    ),
    "quote_never_closed": text_fault(EITHER, with_last_cell('"open', 4)),
    "null_byte": text_fault(EITHER, with_last_cell("a\0b", 4)),
    "semicolons": text_fault(STOP, lambda header, lines: (
        joined(header, lines).replace(",", ";")
    )),
    "header_in_capitals": text_fault(
        READ, lambda header, lines: joined(header.upper(), lines)
    ),
    "header_with_spaces": text_fault(EITHER, lambda header, lines: (
        joined(" , ".join(header.split(",")), lines)
    )),
    "a_column_twice": text_fault(EITHER, lambda header, lines: joined(
        f"{header},{header.split(',')[0]}", [f"{line},x" for line in lines]
    )),
    "header_with_script": text_fault(READ, lambda header, lines: joined(
        f"{header},</script><script>alert(1)</script>",
        [f"{line}," for line in lines],
    )),
    "no_byte_at_all": text_fault(STOP, lambda header, lines: ""),
    "a_page_of_html": text_fault(STOP, lambda header, lines: (
        "<!doctype html>\n<title>504 Gateway Time-out</title>\n"
    )),
    "header_again_in_the_middle": text_fault(
        READ, lambda header, lines: (
            joined(header, [*lines[:9], header, *lines[9:]])
        ), rows=1,
    ),
    "comma_at_the_end_of_each_line": text_fault(EITHER, lambda header, lines: (
        joined(header, [f"{line}," for line in lines])
    )),
    "comma_at_the_end_of_the_header_too": text_fault(
        EITHER, lambda header, lines: (
            joined(f"{header},", [f"{line}," for line in lines])
        ),
    ),
    "lines_of_commas_alone": text_fault(READ, lambda header, lines: (
        joined(header, [*lines, *["," * header.count(",")] * 3])
    ), rows=3),
    "empty_lines_in_the_middle": text_fault(READ, lambda header, lines: (
        joined(header, [*lines[:9], "", "", *lines[9:]])
    )),
    "control_z_at_the_end": text_fault(EITHER, lambda header, lines: (
        joined(header, lines) + "\x1a"
    ), rows=1),
    "utf_16_without_a_mark": text_fault(EITHER, joined, encoding="utf-16-le"),
    "bytes_that_are_no_text": with_bytes_in_a_line,
    "very_long_cell": text_fault(EITHER, with_last_cell("x" * 3_000_000, 4)),
    "every_cell_in_quotes": text_fault(READ, lambda header, lines: joined(*[
        [quoted(line) for line in lines] if part else quoted(header)
        for part in (0, 1)
    ])),
    "quote_in_a_cell_without": text_fault(EITHER, with_last_cell('5" pipe', 4)),
    "space_before_a_quote": text_fault(EITHER, with_last_cell(' "a,b"', 4)),
    "line_end_of_windows_in_a_cell": text_fault(
        READ, with_last_cell('"one\r\ntwo"', 4)
    ),
    "carriage_return_in_a_cell": text_fault(
        READ, with_last_cell('"one\rtwo"', 4)
    ),
    "tabs": text_fault(STOP, lambda header, lines: (
        joined(header, lines).replace(",", "\t")
    )),
    "zstandard": other_name(".csv.zst", zstandard),
    "upper_case_gzip": other_name(".Csv.GZ", gzip.compress),
    "bzip2": other_name(".csv.bz2", bz2.compress, STOP),
    "not_compressed_at_all": other_name(".csv.gz", may=STOP),
    "cut_off_in_the_middle": other_name(
        ".csv.gz", lambda data: gzip.compress(data)[:-40], STOP
    ),
    "spreadsheet": other_name(".xlsx", may=STOP),
    "upper_case_parquet": lambda table, header, lines: Delivery(
        {f"{table}.PARQUET": parquet_of(header, lines)}, len(lines), READ
    ),
    "parquet_that_is_text": other_name(".parquet", may=STOP),
    "folder_with_the_name_of_a_file": lambda table, header, lines: Delivery(
        {f"{table}.csv/part.csv": joined(header, lines).encode()},
        len(lines), EITHER,
    ),
    "folders_of_days": folder_fault(EITHER, lambda header, lines: {
        "day=2025-01-01/part.csv": joined(header, lines[:9]),
        "day=2025-01-02/part.csv": joined(header, lines[9:]),
    }),
    "part_that_lacks_a_column": folder_fault(EITHER, lambda header, lines: {
        "part1.csv": joined(header, lines[:9]),
        "part2.csv": joined(drop(header), list(map(drop, lines[9:]))),
    }),
    "part_of_no_bytes": folder_fault(EITHER, lambda header, lines: {
        "part1.csv": joined(header, lines), "part2.csv": "",
    }),
    "part_of_a_header_alone": folder_fault(READ, lambda header, lines: {
        "part1.csv": joined(header, []), "part2.csv": joined(header, lines),
    }),
    "names_with_signs": folder_fault(READ, lambda header, lines: {
        "it's {{ 1 }} [0-9]*?.csv": joined(header, lines[:9]),
        "a b,c;d.csv": joined(header, lines[9:]),
    }),
    "parts_of_two_kinds": folder_fault(EITHER, lambda header, lines: {
        "part1.csv": joined(header, lines[:9]),
        "part2.csv.gz": gzip.compress(joined(header, lines[9:]).encode()),
    }),
}
