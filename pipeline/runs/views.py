"""What the notebooks show of their tables: as the data dictionary labels them, and without what managers may not see.

Executed notebooks are published beside the report, so that a name of a person must not stand in them either. Everything
is in the tables that the notebooks save.
"""

import pandas as pd

from pipeline.catalog import Catalog, Column, Kind, Metric
from pipeline.ingest.bureau import Reading
from pipeline.report.privacy import Redactor, known_names, managers_view
from pipeline.texts import Texts


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
    return pd.DataFrame(rows, columns=[texts(f"view.{name}") for name in names])


def view_issues(reading: Reading, catalog: Catalog, texts: Texts) -> pd.DataFrame:
    """Return one row an issue: where it is and what it is; what stood in the cell is in issues.csv only."""
    redact = Redactor(known_names(reading, catalog))
    rows = [
        (
            redact(issue.file),
            redact(issue.sheet or ""),
            issue.cell or "",
            texts(f"view.severity_{issue.severity}"),
            texts(f"issue_title.{issue.code}"),
        )
        for issue in reading.issues
    ]
    names = ("file", "sheet", "cell", "severity", "issue")
    return pd.DataFrame(rows, columns=[texts(f"view.{name}") for name in names])


def view_table(frame: pd.DataFrame, table: str, catalog: Catalog, texts: Texts) -> pd.DataFrame:
    """Return a table as far as managers may see it, with the dictionary's labels and the names of its metrics."""
    view = managers_view(frame, table, catalog)
    if "metric" in view:
        view = view.assign(metric=view["metric"].map({code: _label(m, texts) for code, m in catalog.metrics.items()}))
    return view.rename(columns={column.column: _label(column, texts) for column in catalog.columns_of(table)})


def _kind_label(kind: str | None, catalog: Catalog, texts: Texts) -> str:
    if kind is None:
        return ""
    return _label(catalog.kinds[kind], texts)


def _label(entry: Column | Kind | Metric, texts: Texts) -> str:
    return entry.label_en if texts.lang == "en" else entry.label_zh
