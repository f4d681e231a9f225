"""Which models read which: layers, subjects and public tables, in one place.

Each rule is a function of dbt's manifest that lists what breaks it. It is
tried on small manifests made up here, and then on the project's own.
"""

from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import NamedTuple

import pytest

# What the models of a layer read. Raw tables are sources, or the seeds of the
# sample; rules, calendar and metrics are seeds; published is what a run before
# published.
READS = {
    "staging": {"raw", "staging"},
    "intermediate": {
        "rules", "calendar", "published", "staging", "intermediate",
    },
    "dim": {
        "rules", "metrics", "published", "staging", "intermediate", "dim",
    },
    "dwd": {"rules", "intermediate", "dim", "dwd"},
    "dws": {"rules", "published", "intermediate", "dim", "dwd", "dws"},
    # and the intermediate models of its own subject
    "ads": {"published", "dim", "dwd", "dws", "ads"},
    # plain addresses: no layer reads them
    "contact": {"staging", "intermediate", "dim"},
}
PUBLIC_LAYERS = {"dim", "dwd", "dws", "ads"}
# Layers with a folder per subject.
LAYERS_OF_SUBJECTS = {"intermediate", "ads"}
# Judges the feed: every public model comes after it, and reads nothing of it.
GUARD = "int_cst_feed_guard"


# -- rules ------------------------------------------------------------------


class Place(NamedTuple):
    """Where a node stands: its layer, and its subject where it has one."""

    layer: str
    subject: str | None = None


def place(node):
    if node["resource_type"] == "source":
        if node.get("source_name") == "published":
            return Place("published")
        return Place("raw")
    _, folder, *inner = PurePosixPath(node["original_file_path"]).parts
    if node["resource_type"] == "seed":
        return Place("raw" if folder == "ods" else folder)
    return Place(folder, inner[0] if len(inner) > 1 else None)


def our_models(manifest):
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["package_name"] == "cst"
    ]


def parents(manifest, model):
    nodes = {**manifest["nodes"], **manifest["sources"]}
    return [nodes[parent] for parent in model["depends_on"]["nodes"]]


def forbidden_reads(manifest):
    """Models that read a layer, or another subject's steps, above them."""
    for model in our_models(manifest):
        own = place(model)
        if own.layer not in READS:
            yield f"{model['name']}: models/{own.layer}/ is no layer"
            continue
        for parent in parents(manifest, model):
            other = place(parent)
            is_own_step = (
                own.layer == "ads"
                and other.layer == "intermediate"
                and own.subject is not None
                and other.subject == own.subject
            )
            comes_after_guard = (
                own.layer in PUBLIC_LAYERS and parent["name"] == GUARD
            )
            if other.layer not in READS[own.layer] and not (
                is_own_step or comes_after_guard
            ):
                yield (
                    f"{model['name']} ({own.layer}) reads {parent['name']} "
                    f"({other.layer})"
                )


def subject_cycles(manifest):
    """Subjects of one layer that read each other in a circle, by any way."""
    for layer in sorted(LAYERS_OF_SUBJECTS):
        reads = {}
        for model in our_models(manifest):
            own = place(model)
            for parent in parents(manifest, model):
                other = place(parent)
                if {own.layer, other.layer} == {layer} and own != other:
                    pair = (own.subject, other.subject)
                    reads.setdefault(pair, []).append(
                        f"{model['name']} reads {parent['name']}"
                    )
        graph = {}
        for reader, read in reads:
            graph.setdefault(reader, set()).add(read)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            # from what is read to its reader, back to the first
            circle = error.args[1]
            for read, reader in zip(circle, circle[1:]):
                for arrow in reads[reader, read]:
                    yield f"{layer}: {reader} > {read}: {arrow}"


def lonely_subjects(manifest):
    """Folders of a single model, and models outside the folders."""
    members = {}
    for model in our_models(manifest):
        own = place(model)
        if own.layer in LAYERS_OF_SUBJECTS:
            members.setdefault(own, []).append(model["name"])
    for (layer, subject), names in members.items():
        if subject is None:
            yield from (f"{name}: in no folder of {layer}/" for name in names)
        elif len(names) == 1:
            yield f"{layer}/{subject}/ holds {names[0]} alone"


def wrong_tags(manifest):
    """Models without the tag of their layer, or with `public` off the mark."""
    for model in our_models(manifest):
        layer = place(model).layer
        expected = {layer, "public"} if layer in PUBLIC_LAYERS else {layer}
        if set(model["tags"]) != expected:
            yield f"{model['name']}: tags {sorted(model['tags'])}"


def wrong_access(manifest):
    """Models that others may read though they are steps, or may not though they
    are public; and what is outside the one group."""
    for model in our_models(manifest):
        is_public = place(model).layer in PUBLIC_LAYERS
        found = (model["config"]["group"], model["config"]["access"])
        if found != ("cst", "public" if is_public else "private"):
            yield f"{model['name']}: group {found[0]}, access {found[1]}"


def tables_for_nobody(manifest):
    """Summaries and marts that no exposure says who uses."""
    used = {
        parent
        for exposure in manifest["exposures"].values()
        for parent in exposure["depends_on"]["nodes"]
    }
    for unique_id, node in manifest["nodes"].items():
        if node in our_models(manifest) and place(node).layer in ("dws", "ads"):
            if unique_id not in used:
                yield node["name"]


def public_reads(manifest):
    """The public tables, and the public tables that each of them reads."""
    public = {
        model["name"]: model
        for model in our_models(manifest)
        if "public" in model["tags"]
    }
    return {
        name: {parent["name"] for parent in parents(manifest, model)}
        & set(public)
        for name, model in public.items()
    }


def disconnected_tables(manifest):
    """Public tables that neither read nor feed any other model, and of which no
    column points to another one, nor one of another to it."""
    pointing = {
        name
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "relationships"
        for parent in parents(manifest, node)
        if parent is not manifest["nodes"][node["attached_node"]]
        for name in (
            parent["name"], manifest["nodes"][node["attached_node"]]["name"],
        )
    }
    read = pointing | {
        parent["name"]
        for model in our_models(manifest)
        for parent in parents(manifest, model)
    }
    for model in our_models(manifest):
        reads_models = any(
            parent["resource_type"] == "model" and parent["name"] != GUARD
            for parent in parents(manifest, model)
        )
        is_public = "public" in model["tags"]
        if is_public and not reads_models and model["name"] not in read:
            yield model["name"]


def unguarded_tables(manifest):
    """Public tables that may be replaced before the feed was judged."""
    names = {model["name"]: model for model in our_models(manifest)}
    for name, model in names.items():
        above, waiting = set(), [model]
        while waiting:
            new = {
                parent["name"] for parent in parents(manifest, waiting.pop())
            } - above
            above |= new
            waiting += [names[other] for other in new if other in names]
        if "public" in model["tags"] and GUARD not in above:
            yield name


def missing_arrows(manifest, arrows):
    """Pairs of public tables without a way between them over public ones."""
    reads = public_reads(manifest)

    def above(name):
        found, waiting = set(), [name]
        while waiting:
            new = reads.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    for upper, lower in arrows:
        if upper not in above(lower):
            yield f"{upper} > {lower}"


# -- the rules, tried -------------------------------------------------------


def made_up(*nodes):
    """A manifest of (path, names of parents, tags…)."""
    manifest = {"nodes": {}, "sources": {}}
    for path, reads, *tags in nodes:
        name = PurePosixPath(path).stem
        kind = {"models": "model", "seeds": "seed", "sources": "source"}[
            PurePosixPath(path).parts[0]
        ]
        manifest["sources" if kind == "source" else "nodes"][name] = {
            "name": name,
            "resource_type": kind,
            "package_name": "cst",
            "original_file_path": path,
            "depends_on": {"nodes": reads},
            "tags": tags,
        }
    return manifest


ROWS = [
    ("sources/ods.yml", []),
    ("seeds/ods/sample.csv", []),
    ("seeds/rules/codes.csv", []),
    ("models/staging/shop/base/base_orders.sql", ["ods", "sample"]),
    ("models/staging/shop/stg_orders.sql", ["base_orders"]),
    ("models/intermediate/money/int_paid.sql", ["stg_orders", "codes"]),
    ("models/intermediate/people/int_buyers.sql", ["int_paid"]),
    ("models/dim/dim_shop.sql", ["stg_orders", "int_paid", "codes"]),
    ("models/dwd/dwd_baskets.sql", ["int_paid", "dim_shop", "codes"]),
    (
        "models/dws/dws_sales.sql",
        ["int_buyers", "dim_shop", "dwd_baskets", "codes"],
    ),
    (
        "models/ads/money/ads_paid.sql",
        ["int_paid", "dws_sales", "dwd_baskets", "dim_shop"],
    ),
    ("models/ads/people/ads_buyers.sql", ["int_buyers", "ads_paid"]),
    (
        "models/contact/contact_buyers.sql",
        ["stg_orders", "int_paid", "dim_shop"],
    ),
]


def test_the_layers_below_may_be_read():
    assert list(forbidden_reads(made_up(*ROWS))) == []


@pytest.mark.parametrize(
    ("path", "read", "layer"),
    [
        ("models/staging/shop/stg_late.sql", "int_paid", "intermediate"),
        ("models/staging/shop/stg_late.sql", "codes", "rules"),
        ("models/intermediate/money/int_late.sql", "ods", "raw"),
        ("models/intermediate/money/int_late.sql", "sample", "raw"),
        ("models/intermediate/money/int_late.sql", "dim_shop", "dim"),
        ("models/intermediate/money/int_late.sql", "dwd_baskets", "dwd"),
        ("models/intermediate/money/int_late.sql", "dws_sales", "dws"),
        ("models/dim/dim_late.sql", "dws_sales", "dws"),
        ("models/dim/dim_late.sql", "ods", "raw"),
        ("models/dim/dim_late.sql", "dwd_baskets", "dwd"),
        ("models/dwd/dwd_late.sql", "stg_orders", "staging"),
        ("models/dwd/dwd_late.sql", "dws_sales", "dws"),
        ("models/dws/dws_late.sql", "stg_orders", "staging"),
        ("models/dws/dws_late.sql", "ads_paid", "ads"),
        ("models/ads/money/ads_late.sql", "int_buyers", "intermediate"),
        ("models/ads/ads_late.sql", "int_paid", "intermediate"),
        ("models/ads/money/ads_late.sql", "stg_orders", "staging"),
        ("models/ads/money/ads_late.sql", "codes", "rules"),
        ("models/ads/money/ads_late.sql", "contact_buyers", "contact"),
        ("models/dim/dim_late.sql", "contact_buyers", "contact"),
        ("models/contact/contact_late.sql", "contact_buyers", "contact"),
        ("models/contact/contact_late.sql", "ads_paid", "ads"),
    ],
)
def test_other_layers_may_not_be_read(path, read, layer):
    problems = list(forbidden_reads(made_up(*ROWS, (path, [read]))))
    assert len(problems) == 1
    assert problems[0].endswith(f"reads {read} ({layer})")


def test_a_folder_that_is_no_layer_is_found():
    manifest = made_up(*ROWS, ("models/marts/money/late.sql", []))
    assert list(forbidden_reads(manifest)) == [
        "late: models/marts/ is no layer"
    ]


def test_subjects_without_a_circle_pass():
    assert list(subject_cycles(made_up(*ROWS))) == []


def test_a_circle_of_subjects_is_found_though_models_make_none():
    manifest = made_up(
        *ROWS,
        ("models/intermediate/gifts/int_gifts.sql", ["int_buyers"]),
        ("models/intermediate/money/int_refunds.sql", ["int_gifts"]),
    )
    assert sorted(subject_cycles(manifest)) == [
        "intermediate: gifts > people: int_gifts reads int_buyers",
        "intermediate: money > gifts: int_refunds reads int_gifts",
        "intermediate: people > money: int_buyers reads int_paid",
    ]


def test_a_circle_of_answers_is_found():
    manifest = made_up(*ROWS, ("models/ads/money/ads_all.sql", ["ads_buyers"]))
    assert sorted(subject_cycles(manifest)) == [
        "ads: money > people: ads_all reads ads_buyers",
        "ads: people > money: ads_buyers reads ads_paid",
    ]


def test_lonely_and_homeless_models_are_found():
    manifest = made_up(
        *ROWS,
        ("models/intermediate/money/int_more.sql", []),
        ("models/ads/money/ads_more.sql", []),
        ("models/ads/ads_homeless.sql", []),
    )
    assert sorted(lonely_subjects(manifest)) == [
        "ads/people/ holds ads_buyers alone",
        "ads_homeless: in no folder of ads/",
        "intermediate/people/ holds int_buyers alone",
    ]


def test_wrong_tags_are_found():
    manifest = made_up(
        ("models/staging/shop/stg_right.sql", [], "staging"),
        ("models/staging/shop/stg_public.sql", [], "staging", "public"),
        ("models/intermediate/money/int_bare.sql", []),
        ("models/dim/dim_right.sql", [], "dim", "public"),
        ("models/dws/dws_private.sql", [], "dws"),
        ("models/ads/money/ads_other.sql", [], "dws", "public"),
    )
    assert [problem.split(":")[0] for problem in wrong_tags(manifest)] == [
        "stg_public", "int_bare", "dws_private", "ads_other",
    ]


def test_wrong_access_is_found():
    manifest = made_up(
        ("models/intermediate/money/int_right.sql", []),
        ("models/intermediate/money/int_open.sql", []),
        ("models/ads/money/ads_closed.sql", []),
        ("models/ads/money/ads_stranger.sql", []),
    )
    for name, group, access in (
        ("int_right", "cst", "private"), ("int_open", "cst", "protected"),
        ("ads_closed", "cst", "private"), ("ads_stranger", None, "public"),
    ):
        manifest["nodes"][name]["config"] = {"group": group, "access": access}
    assert [problem.split(":")[0] for problem in wrong_access(manifest)] == [
        "int_open", "ads_closed", "ads_stranger",
    ]


def test_tables_for_nobody_are_found():
    manifest = made_up(
        ("models/dim/dim_shop.sql", []),
        ("models/dws/dws_sales.sql", []),
        ("models/ads/money/ads_board.sql", []),
    )
    manifest["exposures"] = {"review": {"depends_on": {"nodes": ["ads_board"]}}}
    assert list(tables_for_nobody(manifest)) == ["dws_sales"]


TABLES = [
    ("models/intermediate/a/int_a.sql", []),
    ("models/dws/dws_first.sql", ["int_a"], "public"),
    ("models/dws/dws_second.sql", ["dws_first"], "public"),
    ("models/intermediate/a/int_b.sql", ["dws_second"]),
    ("models/ads/a/ads_third.sql", ["int_b"], "public"),
    ("models/ads/a/ads_island.sql", [], "public"),
]


def test_public_tables_without_company_are_found():
    assert list(disconnected_tables(made_up(*TABLES))) == ["ads_island"]


def test_public_tables_before_the_guard_are_found():
    manifest = made_up(
        ("models/intermediate/a/int_cst_feed_guard.sql", []),
        ("models/intermediate/a/int_a.sql", []),
        ("models/dim/dim_first.sql", ["int_cst_feed_guard"], "public"),
        ("models/ads/a/ads_second.sql", ["dim_first"], "public"),
        ("models/ads/a/ads_early.sql", ["int_a"], "public"),
    )
    assert list(unguarded_tables(manifest)) == ["ads_early"]


def test_arrows_lead_over_public_tables_alone():
    arrows = [
        ("dws_first", "dws_second"),
        ("dws_second", "dws_first"),
        ("dws_first", "ads_third"),
        ("dws_first", "ads_island"),
        ("dws_first", "no_such_table"),
    ]
    assert list(missing_arrows(made_up(*TABLES), arrows)) == [
        "dws_second > dws_first",
        "dws_first > ads_third",
        "dws_first > ads_island",
        "dws_first > no_such_table",
    ]
    onward = ("models/ads/a/ads_fourth.sql", ["dws_second"], "public")
    assert not list(
        missing_arrows(
            made_up(*TABLES, onward), [("dws_first", "ads_fourth")]
        )
    )


# -- the project ------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        forbidden_reads,
        subject_cycles,
        lonely_subjects,
        wrong_tags,
        wrong_access,
        tables_for_nobody,
        disconnected_tables,
        unguarded_tables,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_project_keeps_the_rule(rule, manifest):
    problems = sorted(rule(manifest))
    assert not problems, "\n" + "\n".join(problems)


def test_the_business_loop_is_seen_in_the_public_tables(manifest):
    """Segmentation leads to behavior and retention, retention to whom to
    contact. What that brought is computed from entries: see DECISIONS.md."""
    arrows = [
        ("dws_cst_segmentation", "dws_cst_behavior"),
        ("dws_cst_segmentation", "dws_cst_retention"),
        ("dws_cst_retention", "ads_cst_audience"),
    ]
    assert list(missing_arrows(manifest, arrows)) == []


def test_each_layer_and_subject_is_seen(manifest):
    """The rules above have something to look at."""
    places = {place(model) for model in our_models(manifest)}
    assert {layer for layer, _ in places} == set(READS)
    assert len({name for layer, name in places if layer == "ads"}) > 2
    assert len(public_reads(manifest)) > 20
