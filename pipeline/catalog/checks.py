"""Entries of the catalog that point at other entries: each must point at one that exists."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.catalog.records import CatalogError

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
}
# columns that a clause or an expression of measures.csv names, without numbers of days such as +90d
NAME = re.compile(r"[a-z_][a-z0-9_]*")


def check_references(folder: Path, rows: Rows) -> None:
    """Raise `CatalogError` with file and line for a repeated key or a reference to nothing."""
    for name, key in KEYS.items():
        _check_unique(f"{name}.csv", rows[name], key)
    tables = {entry.table for _, entry in rows["tables"]}
    columns = {(entry.table, entry.column) for _, entry in rows["columns"]}
    columns |= {(table, column) for table in tables for owner, column in columns if owner == "*"}
    kinds = {entry.kind: entry for _, entry in rows["kinds"]}
    measures = {entry.measure for _, entry in rows["measures"]}
    metrics = {entry.metric for _, entry in rows["metrics"]}
    categories = {entry.category for _, entry in rows["categories"]}

    for line, column in rows["columns"]:
        _expect("columns.csv", line, column.table, tables | {"*"}, "table")
    for line, table in rows["tables"]:
        for name in table.key:
            _expect("tables.csv", line, (table.table, name), columns, "column")
    for line, kind in rows["kinds"]:
        _expect("kinds.csv", line, kind.table, tables, "table")
        for name in kind.context:
            _expect("kinds.csv", line, (kind.table, name), columns, "column")
    for line, synonym in rows["synonyms"]:
        _expect("synonyms.csv", line, synonym.kind, kinds, "kind")
        if synonym.column != "drop":
            _expect("synonyms.csv", line, (kinds[synonym.kind].table, synonym.column), columns, "column")
    for line, measure in rows["measures"]:
        _check_measure(line, measure, columns, tables, measures)
    for line, metric in rows["metrics"]:
        _expect("metrics.csv", line, metric.measure, measures, "measure")
        _expect("metrics.csv", line, metric.target, measures | {""}, "measure")
    for line, entry in rows["attribution"]:
        _expect("attribution.csv", line, entry.metric, metrics, "metric")
    for line, rule in rows["rules"]:
        _expect("rules.csv", line, rule.measure, measures, "measure")
        _expect("rules.csv", line, rule.target, measures | {""}, "measure")
        _expect("rules.csv", line, rule.category, categories, "category")
        _expect("rules.csv", line, rule.metric, metrics | {""}, "metric")


def _check_measure(line: int, measure: Any, columns: set[tuple[str, str]], tables: set[str], known: set[str]) -> None:
    """Check one measure: a quotient names two measures, everything else a table and its columns."""
    if measure.aggregate == "quotient":
        for part in (measure.value, measure.base):
            _expect("measures.csv", line, part, known, "measure")
        return
    _expect("measures.csv", line, measure.table, tables, "table")
    clauses = [re.split(r"!=|<=|=", clause, maxsplit=1) for clause in filter(None, measure.filter.split(";"))]
    named = {clause[0] for clause in clauses}
    named |= {clause[1] for clause in clauses if (measure.table, clause[1].split("+")[0]) in columns}
    for text in (measure.period, measure.value, measure.base, *named):
        for name in NAME.findall(re.sub(r"[+]\d+d", "", text)):
            _expect("measures.csv", line, (measure.table, name), columns, "column")


def _check_unique(file: str, rows: list[tuple[int, Any]], key: Callable[[Any], Any]) -> None:
    seen: dict[Any, int] = {}
    for line, entry in rows:
        first = seen.setdefault(key(entry), line)
        if first != line:
            raise CatalogError(f"{file}:{line}: {key(entry)!r} stands already in line {first}")


def _expect(file: str, line: int, seen: Any, known: Iterable[Any], what: str) -> None:
    if seen not in known:
        raise CatalogError(f"{file}:{line}: no {what} {seen!r}")
