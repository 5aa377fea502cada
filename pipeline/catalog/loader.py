"""Read the data files beside this module into a `Catalog`; a wrong entry fails with its file and line."""

import csv
import hashlib
import io
import math
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.catalog import records
from pipeline.catalog.bands import parse_bands
from pipeline.catalog.checks import check_references
from pipeline.catalog.contents import Catalog
from pipeline.catalog.entries import check_entries
from pipeline.catalog.records import CatalogError

DATA = Path(__file__).parent / "data"
FILES: Mapping[str, type] = {
    "tables": records.Table,
    "columns": records.Column,
    "kinds": records.Kind,
    "synonyms": records.Synonym,
    "words": records.Word,
    "units": records.Unit,
    "groups": records.Group,
    "attribution": records.FunctionMetric,
    "categories": records.Category,
    "measures": records.Measure,
    "metrics": records.Metric,
    "rules": records.Rule,
    "terms": records.Term,
    "topics": records.Topic,
    "matters": records.Matter,
    "printed": records.PrintedColumn,
    "vocabularies": records.ClosedVocabulary,
    "wordings": records.Wording,
    "row_sums": records.RowSum,
    "row_limits": records.RowLimit,
    "row_ratios": records.RowRatio,
    "counting_units": records.CountingUnit,
    "templates": records.TemplateColumn,
}
RULES_FILE = "rules.csv"  # where a rule of the default book stands, as the trail of a point names it
YES_NO = {"yes": True, "no": False}


@cache
def load_catalog() -> Catalog:
    """Return the catalog that ships with the code; a process reads it once, since nothing in it ever changes."""
    return read_catalog(DATA)


def read_catalog(folder: Path) -> Catalog:
    """Read all data files of ``folder``; raises `CatalogError` naming file and line of the first wrong entry."""
    rows = {name: _read_rows(folder / f"{name}.csv", record) for name, record in FILES.items()}
    check_references(rows)
    check_entries(rows)
    entries = {name: [entry for _, entry in found] for name, found in rows.items()}
    rules = [replace(rule, source_file=RULES_FILE, source_row=line) for line, rule in rows["rules"]]
    digest = hashlib.sha256()
    for name in sorted(FILES):
        digest.update((folder / f"{name}.csv").read_bytes().replace(b"\r\n", b"\n"))
    return Catalog(
        tables={entry.table: entry for entry in entries["tables"]},
        columns=tuple(entries["columns"]),
        kinds={entry.kind: entry for entry in entries["kinds"]},
        synonyms=tuple(entries["synonyms"]),
        words=tuple(entries["words"]),
        units={entry.unit: entry for entry in entries["units"]},
        groups={entry.party_group: entry for entry in entries["groups"]},
        attribution=tuple(entries["attribution"]),
        categories={entry.category: entry for entry in entries["categories"]},
        measures={entry.measure: entry for entry in entries["measures"]},
        metrics={entry.metric: entry for entry in entries["metrics"]},
        rules=tuple(rules),
        terms=tuple(entries["terms"]),
        topics=tuple(entries["topics"]),
        matters={entry.matter: entry for entry in entries["matters"]},
        printed=tuple(entries["printed"]),
        vocabularies=tuple(entries["vocabularies"]),
        wordings=tuple(entries["wordings"]),
        row_sums=tuple(entries["row_sums"]),
        row_limits=tuple(entries["row_limits"]),
        row_ratios=tuple(entries["row_ratios"]),
        counting_units={entry.unit: entry for entry in entries["counting_units"]},
        templates=tuple(entries["templates"]),
        fingerprint=digest.hexdigest(),
    )


def _read_rows(path: Path, record: type) -> list[tuple[int, Any]]:
    """Return (line, entry) for every row of one data file."""
    hints = typing.get_type_hints(record)
    read = [field.name for field in fields(record) if "is_place" not in field.metadata]
    wanted = {name.rstrip("_"): (name, _converter(hints[name])) for name in read}
    reader = csv.DictReader(io.StringIO(_read_text(path), newline=""))
    if sorted(reader.fieldnames or ()) != sorted(wanted):
        raise CatalogError(f"{path.name}:1: columns {reader.fieldnames}: expected {list(wanted)}")
    found = []
    for row in reader:
        if None in row:
            raise CatalogError(f"{path.name}:{reader.line_num}: more fields than columns: {row[None]}")
        values = {}
        for name, (field, convert) in wanted.items():
            try:
                values[field] = convert(_stripped(row[name]))
            except (ValueError, TypeError) as error:
                place = f"{path.name}:{reader.line_num}: column {name!r}"
                raise CatalogError(f"{place}: saw {row[name]!r}: {error}") from error
        found.append((reader.line_num, record(**values)))
    return found


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise CatalogError(f"{path.name}: no such file in {path.parent}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise CatalogError(f"{path.name}:{line}: not utf-8") from error


def _stripped(text: str | None) -> str:
    if text is None:
        raise ValueError("the row is too short")
    return text.strip()


def _converter(hint: Any) -> Callable[[str], Any]:
    """Return what turns a text into the type of its field; it raises `ValueError` saying what was expected."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return lambda text: _one_of(text, arguments)
    if origin is types.UnionType:  # float | None, int | None
        return lambda text: _finite(arguments[0](text)) if text else None
    if origin is tuple and arguments[0] is str:
        return lambda text: tuple(part.strip() for part in text.split(";") if part.strip())
    if origin is tuple:
        return parse_bands
    if hint is bool:
        return lambda text: YES_NO[_one_of(text, YES_NO)]
    if hint is float:
        return lambda text: _finite(float(text))
    return hint


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("expected a number that is finite")
    return number


def _one_of(text: str, allowed: Iterable[str]) -> str:
    if text not in tuple(allowed):
        raise ValueError(f"expected one of {', '.join(allowed)}")
    return text
