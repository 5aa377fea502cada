"""What the page of one quarter is written from: the derived tables as managers may see them, and their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.catalog import Catalog, Metric, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.lazy_tables import LazyTables
from pipeline.ingest.ledger import FileLedger
from pipeline.periods import months_of, parse_quarter
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.covering import is_named_after
from pipeline.report.material.findings import Finding, rows_in_tables, to_finding
from pipeline.report.material.inputs import load_lean_reading, open_tables
from pipeline.report.material.privacy import Redactor, known_names, managers_view
from pipeline.texts import Texts, load_texts

# The tables of the run that a page may use; everything in an input table that names a person stays behind
PAGE_TABLES = (
    "adjusted_by_group_month",
    "adjustment_notes",
    "corrections_applied",
    "correlations_by_lag",
    "coverage",
    "duties_without_owner",
    "goodhart_watch",
    "headcount_by_group_month",
    "learning_by_group_quarter",
    "measures_by_group_month",
    "metrics_by_group_quarter",
    "mutual_review_by_group_quarter",
    "mutual_review_matrix",
    "naive_correlations",
    "overdue",
    "panel",
    "points_audit",
    "points_by_group_month",
    "points_by_group_month_category",
    "points_by_group_month_item",
    "points_trail",
    "posts_by_group_quarter",
    "relationships",
    "relationships_constant",
    "restatements",
    "results_without_members",
    "roster_findings",
    "score_moves",
    "standings_by_group_quarter",
    "submissions",
    "topic_meetings",
    "turnover_by_group_month",
    "within_group_by_metric",
    "work_by_group_quarter",
)
CORRECTIONS = "corrections_applied"
FREE_TEXT = {
    "overdue": ("number", "topic", "source_file", "source_sheet"),
    "coverage": ("source_file",),
    "mutual_review_matrix": ("review_item",),
    "points_audit": ("source_file", "source_sheet"),
    "points_trail": ("source_file", "source_sheet", "rule_file", "rule_sheet"),
    "duties_without_owner": ("post", "duty", "standard", "source_file", "source_sheet"),
    "roster_findings": ("source_file", "source_sheet"),
    "topic_meetings": ("topic", "source_file", "source_sheet"),
}


@dataclass(frozen=True)
class QuarterReport(PageMaterial):
    """One quarter of one bureau, ready to be put into words.

    ``tables`` holds `PAGE_TABLES` up to the quarter's last month, with the columns that managers may see; names of
    files and sheets no longer hold the name of a known person.
    """

    files: tuple[FileLedger, ...]
    findings: tuple[Finding, ...]
    redact: Redactor

    def metrics_of(self, group: str, *, only_correlated: bool = False) -> list[Metric]:
        """Return the metrics that may be shown for a group, in the order of the catalog."""
        return [
            metric
            for metric in self.catalog.metrics.values()
            if self.bureau.owns(group, metric.metric) and (metric.is_correlated or not only_correlated)
        ]


def load_quarter(processed_dir: str | Path, quarter: str | pd.Period, lang: str) -> QuarterReport:
    """Return what notebooks 1 to 3 left in ``processed_dir`` (the folder of one bureau and quarter).

    A table is read when it is first looked at. Raises `NotMadeYet` for a missing table, `PeriodError` for a
    wrong quarter, `ValueError` for an unknown language.
    """
    folder, catalog = Path(processed_dir), load_catalog()
    derived = open_tables(PAGE_TABLES, folder, catalog)
    period = parse_quarter(quarter) if isinstance(quarter, str) else quarter
    return build_quarter(load_lean_reading(folder, catalog), derived, period, load_texts(lang), catalog)


def build_quarter(
    reading: Reading, derived: Mapping[str, pd.DataFrame], quarter: pd.Period, texts: Texts, catalog: Catalog
) -> QuarterReport:
    """Return the report's material: cut at the quarter's end, and without what managers may not see."""
    redact = Redactor(known_names(reading, catalog))
    tables = LazyTables(derived, lambda name: _prepared(derived[name], name, quarter, catalog, redact))
    used = _files_until(reading.files, derived["coverage"], quarter)
    later = {file.path for file in reading.files} - {file.path for file in used}
    used_rows = rows_in_tables(reading.tables, reading.issues)
    return QuarterReport(
        quarter=quarter,
        texts=texts,
        catalog=catalog,
        bureau=reading.bureau,
        files=tuple(_redacted_file(file, redact) for file in used),
        findings=tuple(to_finding(issue, used_rows, redact) for issue in reading.issues if issue.file not in later),
        tables=tables,
        redact=redact,
    )


def _prepared(frame: pd.DataFrame, name: str, quarter: pd.Period, catalog: Catalog, redact: Redactor) -> pd.DataFrame:
    if name == CORRECTIONS:
        frame = frame[frame["member"].isna()]  # those of members are the secretary's
    view = managers_view(frame, name, catalog)
    if "month" in view:
        view = view[~(view["month"] > months_of(quarter)[-1])]  # what is of no month stays
    for column in FREE_TEXT.get(name, ()):
        if column in view:
            shown = {text: redact(text) for text in view[column].dropna().unique()}  # a place names thousands of rows
            view = view.assign(**{column: view[column].map(shown).astype(view[column].dtype)})
    return view.reset_index(drop=True)


def _files_until(files: tuple[FileLedger, ...], coverage: pd.DataFrame, quarter: pd.Period) -> list[FileLedger]:
    """Return the files without those that hold, or by their names speak of, later months only."""
    first_months = coverage.groupby("source_file")["month"].min()
    last = months_of(quarter)[-1]
    return [
        file
        for file in files
        if (first_months[file.path] <= last if file.path in first_months.index else not is_named_after(file.path, last))
    ]


def _redacted_file(file: FileLedger, redact: Redactor) -> FileLedger:
    reason = redact(file.reason) if file.reason is not None else None
    return FileLedger(redact(file.path), file.sha256, file.status, reason, file.kind, file.sheets)
