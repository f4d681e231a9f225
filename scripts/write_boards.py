"""Write the boards as pages that need no network and no server.

    python -m scripts.write_boards [--output DIR] [BOARD ...]

boards/README.md says what a board is made of. This knows nothing of customers
but where metrics have their names: it puts SQL, words and layout together as
boards of dbt charts, one a language, which `dct` renders. It reads the
published file, or that of CST_DUCKDB_PATH.
"""

import argparse
import html
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import yaml
from cst.tables import chinese_name

PROJECT = Path(__file__).resolve().parent.parent
BOARDS = PROJECT / "boards"
LANGUAGES = {"zh": "中文", "en": "English"}
# A column's name says how its numbers are shown (CONTRIBUTING.md, "Names").
FORMATS = {
    "_change": "+.1%",
    "_bias": "+.1%",
    "_points": "+.1f",
    "_rate": ".1%",
    "_rate_low": ".1%",
    "_rate_high": ".1%",
    "_share": ".1%",
    "_amount": ",.0f",
    "amount_per_buyer": ",.0f",
    "amount_per_order": ",.0f",
    "_count": ",.0f",
    "_entries": ",.0f",
    "_days": ",.0f",
    "_date": "%Y-%m-%d",
    "month": "%Y-%m",
}


def yaml_file(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def in_language(value, language):
    """The value with the words of one language instead of those of all."""
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            return value[language]
        if set(value) & set(LANGUAGES):
            sys.exit(f"write_boards: a comma wants quotes in {value}")
        return {key: in_language(v, language) for key, v in value.items()}
    if isinstance(value, list):
        return [in_language(item, language) for item in value]
    return value


def format_of(column):
    """How numbers of a column are shown, by its name."""
    for ending, shown in FORMATS.items():
        if column.endswith(ending):
            return shown
    return None


class Metrics:
    """What metrics are called, by the registry that is in the database."""

    def __init__(self, connection):
        self.names, self.units, self.columns = {}, {}, {}
        for code, zh, en, unit, columns in connection.execute(
            "select metric_code, metric_name_zh, metric_name_en, unit_zh,"
            " public_columns from cst_dim.dim_cst_metric"
        ).fetchall():
            self.names[code] = {"zh": zh, "en": en}
            self.units[code] = unit
            for column in (columns or "").split():
                self.columns[column] = code

    def find(self, column, comments):
        """The metric that a column is, or changes by, if it is one: that of a
        table's column by its comment; what a query computes is named so."""
        code = re.sub("_(change|points)$", "", column)
        for table, found in comments.items():
            if f"{table}.{code}" in self.columns:
                return self.columns[f"{table}.{code}"]
        own = [found[code] for found in comments.values() if code in found]
        names = self.names.get(code)
        if names and all(chinese_name(one) == names["zh"] for one in own):
            return code
        return None


class Board:
    """A board's file, its queries, and what they find."""

    def __init__(self, name, connection, shared, metrics):
        self.name = name
        self.connection = connection
        self.metrics = metrics
        self.shared = shared["board"]
        self.words = shared["words"]
        self.text = yaml_file(BOARDS / f"{name}.yml")
        self.queries = {
            path.stem: path.read_text(encoding="utf-8")
            for path in sorted((BOARDS / name).glob("*.sql"))
        }
        self.columns, self.booleans, self.rows = {}, {}, {}
        for query, sql in self.queries.items():
            found = connection.execute(sql)
            self.columns[query] = [column[0] for column in found.description]
            self.booleans[query] = [
                column[0] for column in found.description
                if str(column[1]) in ("BOOL", "BOOLEAN")
            ]
            self.rows[query] = found.fetchall()
        self.facts = self.read_facts()

    def read_facts(self):
        """What texts may quote; only what cannot be taken for markup."""
        (row,) = self.rows["facts"]
        facts = dict(zip(self.columns["facts"], row))
        for name, value in facts.items():
            if not isinstance(value, (int, date, type(None))) and not (
                re.fullmatch(r"[\w.-]+", value)
            ):
                sys.exit(f"{self.name}: the fact {name} is {value!r}")
        return {
            name: "—" if value is None else value
            for name, value in facts.items()
        }

    def comments(self, query):
        """The comments of the columns of each of the query's tables."""
        tables = self.connection.get_table_names(self.queries[query])
        comments = {}
        for table, column, comment in self.connection.execute(
            "select table_name, column_name, comment from duckdb_columns()"
            " where list_contains(?, table_name) order by all",
            [sorted(tables)],
        ).fetchall():
            comments.setdefault(table, {})[column] = comment
        return comments

    def label(self, column, comments, language):
        """What a column is called: by the board's words, as a metric, or by
        its comment."""
        stem = re.sub("_(zh|en)$", "", column)
        if stem in self.words:
            return self.words[stem][language]
        metric = self.metrics.find(column, comments)
        if metric:
            return self.metrics.names[metric][language]
        if language == "zh":
            own = [found[column] for found in comments.values() if column in found]
            return next(filter(None, map(chinese_name, own)), stem)
        return stem.replace("_", " ").capitalize()

    def table_columns(self, query, given, language):
        """How the columns of a table are shown where the board does not say."""
        comments = self.comments(query)
        shown = {}
        for column in self.columns[query]:
            style = {"label": self.label(column, comments, language)}
            if format_of(column):
                style["format"] = format_of(column)
            if column.endswith(tuple(f"_{other}" for other in LANGUAGES)):
                style["visible"] = column.endswith(f"_{language}")
            shown[column] = {**style, **given.get(column, {})}
        return shown

    def card_label(self, chart, language):
        """The name of the metric and, in Chinese, its unit."""
        comments = self.comments(chart["query"])
        label = self.label(chart["value"], comments, language)
        metric = self.metrics.find(chart["value"], comments)
        if metric and language == "zh":
            return f"{label}（{self.metrics.units[metric]}）"
        return label

    def card(self, chart):
        """A number and what stands below it; an unknown one is a dash."""
        query = chart["query"]
        numbers = dict(zip(self.columns[query], self.rows[query][0]))
        columns, style = [], {}
        for slot, column in (
            ("value", chart["value"]), ("support", chart["support"]["value"])
        ):
            if numbers[column] is None:
                columns.append(f"'—' as {column}")
            else:
                columns.append(column)
                style[slot] = {"format": format_of(column)}
        sql = f"select {', '.join(columns)} from (\n{self.queries[query]}\n)"
        return {**chart, "query": {"sql": sql}, "style": style}

    def chart(self, chart, language):
        """One chart in dbt charts' own words."""
        query = chart["query"]
        if chart["type"] == "kpi" and "label" not in chart:
            chart = {**chart, "label": self.card_label(chart, language)}
        if not self.rows[query]:
            words = self.words["no_rows"][language]
            title = chart.get("title") or chart.get("label")
            return {"type": "callout", "title": title, "message": words}
        chart = dict(chart)
        if chart["type"] == "kpi":
            return self.card(chart)
        dated = self.words["as_of"][language].format(**self.facts)
        chart["subtitle"] = " · ".join(
            filter(None, [chart.get("subtitle"), dated])
        )
        if chart["type"] == "table":
            style = dict(chart.get("style", {}))
            style["columns"] = self.table_columns(
                query, style.get("columns", {}), language
            )
            if "values" in chart:
                # a pivot has the columns that it names, and no others
                named = [*chart["rows"], *chart["columns"], *chart["values"]]
                for column in set(style["columns"]) - set(named):
                    del style["columns"][column]
                for column in style["columns"].values():
                    column.pop("visible", None)
                self.one_scale(query, style["columns"])
            chart["style"] = style
        elif format_of(chart["x"]):
            chart["style"] = {
                "axis_x": {"labels": {"format": format_of(chart["x"])}},
                **chart.get("style", {}),
            }
        return chart

    def worded(self, query, language):
        """The query, with words for what is true or false."""
        words = [self.words[word][language] for word in ("yes", "no")]
        cases = ", ".join(
            f"case {name} when true then '{words[0]}'"
            f" when false then '{words[1]}' end as {name}"
            for name in self.booleans[query]
        )
        if not cases:
            return self.queries[query]
        return f"select * replace ({cases}) from (\n{self.queries[query]}\n)"

    def one_scale(self, query, columns):
        """Shade a pivot by one scale, not each of its columns by its own."""
        for name, column in columns.items():
            scale = column.get("scale", {}).get("background")
            if scale and "max" not in scale:
                place = self.columns[query].index(name)
                found = [
                    float(row[place]) for row in self.rows[query]
                    if row[place] is not None
                ]
                column["scale"] = {"background": {
                    **scale, "min": 0, "max": max(found, default=1) or 1,
                }}

    def links(self, language, titles):
        """Links to the other boards, and to this one in the other language."""
        return " · ".join(
            [
                f"[{title[language]}]({name}.html)"
                for name, title in titles.items() if name != self.name
            ] + [
                f"[{word}](../{other}/{self.name}.html)"
                for other, word in LANGUAGES.items() if other != language
            ]
        )

    def written(self, language, titles):
        """The board as dbt charts reads it."""
        cards = {
            chart["query"] for chart in self.text["charts"].values()
            if chart["type"] == "kpi"
        }
        text = in_language({**self.shared, **self.text}, language)
        links = self.links(language, titles)
        lead = text.pop("lead").format(**self.facts)
        if self.facts.get("is_sample") is True:
            lead = f"{self.words['sample'][language]} {lead}"
        return {
            **text,
            "source": "warehouse",
            "queries": {
                query: {"sql": self.worded(query, language)}
                for query in self.queries if query not in {"facts", *cards}
            },
            "charts": {
                name: self.chart(chart, language)
                for name, chart in text["charts"].items()
            },
            "rows": [{"text": links}, {"text": lead}, *text["rows"]],
        }


def index(titles):
    """A page that leads to the boards."""
    lists = "".join(
        f'<h2 lang="{language}">{word}</h2><ul lang="{language}">' + "".join(
            f'<li><a href="{language}/{name}.html">'
            f"{html.escape(title[language])}</a></li>"
            for name, title in titles.items()
        ) + "</ul>"
        for language, word in LANGUAGES.items()
    )
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8">'
        "<title>看板 Boards</title><style>body{font-family:sans-serif;"
        "margin:3em;line-height:1.8}</style><h1>看板 Boards</h1>"
        f"{lists}</html>\n"
    )


def render(project, language, names, output):
    """Let dbt charts draw the boards of one language."""
    result = subprocess.run(
        [
            Path(sys.executable).with_name("dct"), "--no-workspace-guard",
            "render", *(f"{language}/{name}.yml" for name in names),
            "--format", "html", "--output", output / language / "{stem}.html",
            "--no-cache", "--no-warnings",
        ],
        cwd=project,
        stdout=subprocess.DEVNULL,
        # dbt charts tells nobody
        env={**os.environ, "DO_NOT_TRACK": "1"},
    )
    if result.returncode:
        sys.exit("write_boards: dbt charts failed, see above")


@contextmanager
def as_it_is(database, folder):
    """The file as it is now, whatever is published meanwhile."""
    path = folder / "read.duckdb"
    path.unlink(missing_ok=True)
    try:
        os.link(database, path)
    except OSError:
        shutil.copyfile(database, path)
    try:
        yield path
    finally:
        path.unlink()


def titles_of(names, shared, output):
    """The titles of the boards that are written, or were written before."""
    return {
        name: yaml_file(BOARDS / f"{name}.yml")["title"]
        for name in shared["boards"]
        if name in names or all(
            (output / language / f"{name}.html").exists()
            for language in LANGUAGES
        )
    }


def write_sources(project, names, shared, titles):
    """Write the boards in both languages, as dbt charts reads them."""
    (project / "dbt_charts.yml").write_text(
        "sources: {warehouse: {type: duckdb, path: read.duckdb}}\n"
    )
    with duckdb.connect(
        str(project / "read.duckdb"), read_only=True
    ) as connection:
        metrics = Metrics(connection)
        boards = [Board(name, connection, shared, metrics) for name in names]
        for language in LANGUAGES:
            (project / language).mkdir(exist_ok=True)
            for board in boards:
                (project / language / f"{board.name}.yml").write_text(
                    yaml.safe_dump(
                        board.written(language, titles),
                        allow_unicode=True, sort_keys=False,
                    ),
                    encoding="utf-8",
                )


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("boards", nargs="*", metavar="BOARD")
    parser.add_argument(
        "--output", type=Path, default=PROJECT / "target" / "boards"
    )
    return parser.parse_args(arguments)


def main(arguments=None):
    options = parse_arguments(arguments)
    shared = yaml_file(BOARDS / "boards.yml")
    names = options.boards or shared["boards"]
    unknown = [name for name in names if name not in shared["boards"]]
    if unknown:
        sys.exit(
            f"write_boards: there is no board {', '.join(unknown)}; there are "
            + ", ".join(shared["boards"])
        )
    database = Path(os.environ.get("CST_DUCKDB_PATH", "cst.duckdb"))
    database = PROJECT / database
    if not database.exists():
        sys.exit(f"write_boards: there is no {database}; `make build` makes it")
    project = options.output / "project"
    project.mkdir(parents=True, exist_ok=True)
    titles = titles_of(names, shared, options.output)
    with as_it_is(database, project):
        write_sources(project, names, shared, titles)
        for language in LANGUAGES:
            render(project, language, names, options.output)
    (options.output / "index.html").write_text(index(titles), encoding="utf-8")


if __name__ == "__main__":
    main()
