"""What the notebooks show of their tables: as the data dictionary labels them, and without what managers may not see.

Executed notebooks are published beside the report, so that a name of a person must not stand in them either. Everything
is in the tables that the notebooks save.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.catalog import Catalog, Category, Column, Kind, Matter, Metric
from pipeline.ingest.bureau import Reading
from pipeline.ingest.returned.memory import Memory
from pipeline.report.material.audit_words import explanation_text, part_text, period_text
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.privacy import Redactor, known_names, managers_view
from pipeline.report.page.table_block import MISSING, format_number, is_missing
from pipeline.report.quarterly.sections_completeness import issue_title
from pipeline.report.workbook.code_words import NOT_JUDGED, WORDS, decimals_of
from pipeline.spreadsheets.cleaning import plain_text
from pipeline.stats.words import verdict_sentence
from pipeline.texts import Texts

AUDITED = ("printed_points", "recomputed_points", "difference_points", "unexplained_points")
PRINTED_DIGITS = 2  # the sheets print two decimals
SIGNED = ("change", "difference")  # columns that begin so: a gain has its plus


def view_files(reading: Reading, catalog: Catalog, texts: Texts) -> pd.DataFrame:
    """Return one row a file: what it is, what became of it, and its rows by what became of them."""
    redact = Redactor(known_names(reading, catalog))
    rows = [
        (
            redact(file.path),
            texts(f"view.status_{file.status}"),
            _kind_label(file.kind, catalog, texts),
            sum(sheet.physical for sheet in file.sheets),
            sum(sheet.used for sheet in file.sheets),
            sum(sheet.rejected for sheet in file.sheets),
            redact(file.reason or ""),
        )
        for file in reading.files
    ]
    names = ("file", "status", "kind", "rows", "used", "rejected", "reason")
    return pd.DataFrame(_plain(rows), columns=[texts(f"view.{name}") for name in names])


def view_issues(reading: Reading, catalog: Catalog, texts: Texts) -> pd.DataFrame:
    """Return one row an issue: where it is and what it is; what stood in the cell is in issues.csv only."""
    redact = Redactor(known_names(reading, catalog))
    rows = [
        (
            redact(issue.file),
            redact(issue.sheet or ""),
            issue.cell or "",
            texts(f"view.severity_{issue.severity}"),
            issue_title(issue.code, texts),
        )
        for issue in reading.issues
    ]
    names = ("file", "sheet", "cell", "severity", "issue")
    return pd.DataFrame(_plain(rows), columns=[texts(f"view.{name}") for name in names])


def view_returned(memory: Memory, texts: Texts) -> pd.DataFrame:
    """Return one row: workbooks that go back, and what became of the faults of those handed in again; no names."""
    compared = [entry for entry in memory.compared if not entry.is_absent]
    counts = {
        "copies": memory.copies,
        "mended": sum(entry.mended for entry in compared),
        "still_open": sum(entry.still_open for entry in compared),
        "new": sum(entry.new for entry in compared),
        "not_copied": len(memory.not_copied),
    }
    return pd.DataFrame([counts.values()], columns=[texts(f"view.returned_{name}") for name in counts])


def view_table(frame: pd.DataFrame, table: str, catalog: Catalog, texts: Texts) -> pd.DataFrame:
    """Return a table as far as managers may see it, as text: the dictionary's labels, codes in words, missing a dash.

    Numbers have the digits of their metric, of their unit or of a correlation, and no more.
    """
    view = managers_view(frame, table, catalog)
    entries = [*(column for column in catalog.columns if column.table == "*"), *catalog.columns_of(table)]
    by_name = {column.column: column for column in entries}  # what a table says of a column goes first
    columns = [by_name[str(name)] for name in view.columns]
    records: list[dict[str, object]] = view.to_dict("records")  # type: ignore[assignment]
    rows = [[_cell(column, record, catalog, texts) for column in columns] for record in records]
    return pd.DataFrame(_plain(rows), columns=[_header(column, texts) for column in columns], dtype="str")


def view_audit(
    audit: pd.DataFrame, reading: Reading, catalog: Catalog, quarter: pd.Period, texts: Texts
) -> pd.DataFrame:
    """Return the printed totals of ``points_audit`` that differ, in words.

    Where they stand is left out: files and sheets may be named for a person. The report names them without names.
    """
    page = PageMaterial(quarter, texts, catalog, reading.bureau, {"points_audit": audit})
    labels = {column.column: _header(column, texts) for column in catalog.columns_of("points_audit")}
    rows = [
        {
            "party_group": plain_text(row["party_group"]),
            "period": period_text(row["level"], row["period"], page),
            "part": part_text(row["part"], page),
            **{name: _points(row[name], signed=name.startswith(SIGNED)) for name in AUDITED},
            "explanation": explanation_text(row, page),
        }
        for row in audit[audit["is_difference"]].to_dict("records")
    ]
    names = ["party_group", "period", "part", *AUDITED, "explanation"]
    return pd.DataFrame(rows, columns=names, dtype="str").rename(columns=labels)


def _plain(rows: Iterable[Iterable[object]]) -> list[list[object]]:
    """Return rows without what cannot be seen in their texts: pandas shows every character that a cell holds."""
    return [[plain_text(value) if isinstance(value, str) else value for value in row] for row in rows]


def _points(value: object, *, signed: bool) -> str:
    return MISSING if is_missing(value) else format_number(value, PRINTED_DIGITS, signed=signed)


def _header(column: Column, texts: Texts) -> str:
    """Return the label of a column with its unit, unless it has none, none with a word, or one that the label says."""
    label, key = _label(column, texts), f"unit.{column.unit}"
    unit = texts(key) if texts.has(key) else ""
    return label if unit in label else f"{label} ({unit})"


def _cell(column: Column, record: Mapping[str, object], catalog: Catalog, texts: Texts) -> str:
    """Return one value of a row as text."""
    value = record[column.column]
    if column.column == "reason" and "verdict" in record:
        is_judged = record["verdict"] not in NOT_JUDGED
        return MISSING if is_judged else verdict_sentence(record).read(texts)
    if is_missing(value):
        return MISSING
    if isinstance(value, bool):
        return texts("workbook.yes" if value else "workbook.no")
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, int | float):
        return format_number(value, decimals_of(column, record, catalog), signed=column.column.startswith(SIGNED))
    return _word(column.column, str(value), catalog, texts)


def _word(column: str, code: str, catalog: Catalog, texts: Texts) -> str:
    """Return what a code means, from the catalog or the texts; any other text as it is."""
    if column == "metric":
        metric = catalog.metrics[code]
        return f"{_label(metric, texts)} ({texts(f'unit.{metric.unit}')})"
    entries: Mapping[str, Mapping[str, Category | Kind | Matter]] = {
        "category": catalog.categories,
        "kind": catalog.kinds,
        "matter": catalog.matters,
    }
    if code in entries.get(column, {}):
        return _label(entries[column][code], texts)
    key = WORDS.get((column, code))
    return texts(key) if key else code


def _kind_label(kind: str | None, catalog: Catalog, texts: Texts) -> str:
    if kind is None:
        return ""
    return _label(catalog.kinds[kind], texts)


def _label(entry: Category | Column | Kind | Matter | Metric, texts: Texts) -> str:
    return entry.label_en if texts.lang == "en" else entry.label_zh
