"""Entries of the catalog that point at other entries: each must point at one that exists."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from pipeline.catalog.records import ANY_KIND, LIST_MARK, LISTS, MEMBERS, CatalogError, Dtype

Rows = Mapping[str, list[tuple[int, Any]]]
KEYS: Mapping[str, Callable[[Any], Any]] = {
    "tables": lambda entry: entry.table,
    "columns": lambda entry: (entry.table, entry.column),
    "kinds": lambda entry: entry.kind,
    "synonyms": lambda entry: (entry.kind, entry.header),
    "words": lambda entry: (entry.class_, entry.word),
    "units": lambda entry: entry.unit,
    "groups": lambda entry: entry.party_group,
    "attribution": lambda entry: (entry.function, entry.metric),
    "categories": lambda entry: entry.category,
    "measures": lambda entry: entry.measure,
    "metrics": lambda entry: entry.metric,
    "rules": lambda entry: (entry.version, entry.item),
    "terms": lambda entry: (entry.term, entry.name),
    "topics": lambda entry: entry.topic,
    "matters": lambda entry: entry.matter,
    "printed": lambda entry: entry.column,
    "vocabularies": lambda entry: (entry.table, entry.column),
    "wordings": lambda entry: (entry.table, entry.column, entry.word),
    "row_sums": lambda entry: (entry.table, entry.total),
    "row_limits": lambda entry: (entry.table, entry.parts, entry.whole),
    "row_ratios": lambda entry: (entry.table, entry.value, entry.base),
    "counting_units": lambda entry: entry.unit,
    "templates": lambda entry: (entry.kind, entry.column),
}
# columns that a clause or an expression of measures.csv names, without numbers of days such as +90d
NAME = re.compile(r"[a-z_][a-z0-9_]*")


def check_references(rows: Rows) -> None:
    """Raise `CatalogError` with file and line for a repeated key or a reference to nothing."""
    for name, key in KEYS.items():
        _check_unique(f"{name}.csv", rows[name], key)
    known = _known(rows)
    _check_tables(rows, known)
    _check_kinds(rows, known)
    for line, measure in rows["measures"]:
        _check_measure(line, measure, known)
    _check_metrics_and_rules(rows, known)
    classes = {word.class_ for _, word in rows["words"]}
    for line, matter in rows["matters"]:
        _check_matter(line, matter, known, classes)


def _known(rows: Rows) -> Mapping[str, set[Any]]:
    """Return what may be referred to; the lineage columns (table ``*``) belong to every table."""
    tables = {entry.table for _, entry in rows["tables"]}
    columns = {(entry.table, entry.column) for _, entry in rows["columns"]}
    columns |= {(table, column) for table in tables for owner, column in columns if owner == "*"}
    names = {
        "kind": {entry.kind for _, entry in rows["kinds"]},
        "measure": {entry.measure for _, entry in rows["measures"]},
        "metric": {entry.metric for _, entry in rows["metrics"]},
        "category": {entry.category for _, entry in rows["categories"]},
    }
    return {"table": tables, "column": columns, **names}


def _check_tables(rows: Rows, known: Mapping[str, set[Any]]) -> None:
    for line, column in rows["columns"]:
        _expect("columns.csv", line, column.table, known["table"] | {"*"}, "table")
    for line, table in rows["tables"]:
        for name in table.key:
            _expect("tables.csv", line, (table.table, name), known["column"], "column")
    for line, printed in rows["printed"]:
        _expect("printed.csv", line, ("printed_points", printed.column), known["column"], "column")
        _expect("printed.csv", line, printed.category, known["category"], "category")
    _check_rows_within(rows, known)


def _check_rows_within(rows: Rows, known: Mapping[str, set[Any]]) -> None:
    """Check what is said of the columns within one row of a table."""
    classes = {word.class_ for _, word in rows["words"]} | set(LISTS)
    for line, table in rows["tables"]:
        if table.group_from:
            _expect("tables.csv", line, (table.table, table.group_from), known["column"], "column")
    for line, entry in rows["vocabularies"]:
        _expect("vocabularies.csv", line, (entry.table, entry.column), known["column"], "column")
        for word in entry.words:
            if word.startswith(LIST_MARK):
                _expect("vocabularies.csv", line, word.removeprefix(LIST_MARK), classes, "class of words")
    for line, entry in rows["wordings"]:
        _expect("wordings.csv", line, (entry.table, entry.column), known["column"], "column")
        if entry.word.startswith(LIST_MARK):
            _expect("wordings.csv", line, entry.word.removeprefix(LIST_MARK), classes, "class of words")
    compared: Mapping[str, Callable[[Any], Iterable[str]]] = {
        "row_sums": lambda entry: (entry.total, *entry.parts),
        "row_limits": lambda entry: (entry.whole, *entry.parts),
        "row_ratios": lambda entry: (entry.value, entry.base),
    }
    for file, columns in compared.items():
        for line, entry in rows[file]:
            for name in columns(entry):
                _expect(f"{file}.csv", line, (entry.table, name), known["column"], "column")


def _check_kinds(rows: Rows, known: Mapping[str, set[Any]]) -> None:
    table_of = {kind.kind: kind.table for _, kind in rows["kinds"]}
    for line, kind in rows["kinds"]:
        _expect("kinds.csv", line, kind.table, known["table"], "table")
        for name in kind.context:
            _expect("kinds.csv", line, (kind.table, name), known["column"], "column")
    _check_templates(rows, known, table_of)
    for line, synonym in rows["synonyms"]:
        _expect("synonyms.csv", line, synonym.kind, table_of, "kind")
        if synonym.column != "drop":
            _expect("synonyms.csv", line, (table_of[synonym.kind], synonym.column), known["column"], "column")


def _check_templates(rows: Rows, known: Mapping[str, set[Any]], table_of: Mapping[str, str]) -> None:
    """Check that template columns exist, and that ``*`` names a dtype and a choice a class of words."""
    classes = {word.class_ for _, word in rows["words"]}
    for line, entry in rows["templates"]:
        if entry.kind == ANY_KIND:
            _expect("templates.csv", line, entry.column, get_args(Dtype), "dtype")
        else:
            _expect("templates.csv", line, entry.kind, table_of, "kind")
            _expect("templates.csv", line, (table_of[entry.kind], entry.column), known["column"], "column")
        for choice in entry.choices:
            if choice.startswith(LIST_MARK):
                _expect("templates.csv", line, choice.removeprefix(LIST_MARK), classes, "class of words")


def _check_metrics_and_rules(rows: Rows, known: Mapping[str, set[Any]]) -> None:
    for line, metric in rows["metrics"]:
        _expect("metrics.csv", line, metric.measure, known["measure"], "measure")
        _expect("metrics.csv", line, metric.target, known["measure"] | {""}, "measure")
    for line, entry in rows["attribution"]:
        _expect("attribution.csv", line, entry.metric, known["metric"], "metric")
    for line, rule in rows["rules"]:
        _expect("rules.csv", line, rule.measure, known["measure"], "measure")
        _expect("rules.csv", line, rule.target, known["measure"] | {""}, "measure")
        _expect("rules.csv", line, rule.category, known["category"], "category")
        _expect("rules.csv", line, rule.metric, known["metric"] | {""}, "metric")
    items = {rule.item for _, rule in rows["rules"]}
    for line, printed in rows["printed"]:
        for item in printed.items:
            _expect("printed.csv", line, item, items, "item")
    for line, topic in rows["topics"]:
        _expect("topics.csv", line, topic.metric, known["metric"] | {""}, "metric")


def _check_measure(line: int, measure: Any, known: Mapping[str, set[Any]]) -> None:
    """Check one measure: a quotient names two measures, everything else a table and its columns."""
    if measure.aggregate == "quotient":
        for part in (measure.value, measure.base):
            _expect("measures.csv", line, part, known["measure"], "measure")
        return
    _expect("measures.csv", line, measure.table, known["table"], "table")
    named = set()
    for clause in filter(None, measure.filter.split(";")):
        left, operator, right = (*re.split(r"(!=|<=|>|=)", clause, maxsplit=1), "", "")[:3]
        named |= {left, right} if operator in ("<=", ">") else {left}
    for text in (measure.period, measure.value, measure.base, measure.member, *named):
        for name in NAME.findall(re.sub(r"[+]\d+d", "", text)):
            _expect("measures.csv", line, (measure.table, name), known["column"], "column")


def _check_matter(line: int, matter: Any, known: Mapping[str, set[Any]], classes: set[str]) -> None:
    """Check one ledger of work: its columns are those of its table, and what belongs together is there together."""
    _expect("matters.csv", line, matter.table, known["table"], "table")
    days = (matter.entered, matter.due.partition("+")[0], matter.closed)
    for name in (*days, matter.status, matter.owner, matter.number, matter.topic, matter.covers):
        if name:
            _expect("matters.csv", line, (matter.table, name), known["column"], "column")
    _expect("matters.csv", line, matter.done_words, classes | {""}, "class of words")
    _expect("matters.csv", line, matter.coverage_base, known["measure"] | {MEMBERS, ""}, "measure")
    _expect("matters.csv", line, matter.metric, known["metric"] | {""}, "metric")
    for pair in (("due", "closed"), ("status", "done_words"), ("covers", "coverage_base"), ("covers", "covers_for")):
        if len({bool(getattr(matter, name)) for name in pair}) == 2:
            raise CatalogError(f"matters.csv:{line}: {' and '.join(pair)} stand together or not at all")


def _check_unique(file: str, rows: list[tuple[int, Any]], key: Callable[[Any], Any]) -> None:
    seen: dict[Any, int] = {}
    for line, entry in rows:
        if key(entry) in ("", ("", "")):
            raise CatalogError(f"{file}:{line}: the entry has no name")
        first = seen.setdefault(key(entry), line)
        if first != line:
            raise CatalogError(f"{file}:{line}: {key(entry)!r} stands already in line {first}")


def _expect(file: str, line: int, seen: Any, known: Iterable[Any], what: str) -> None:
    if seen not in known:
        raise CatalogError(f"{file}:{line}: no {what} {seen!r}")
