"""What the page of one quarter is written from: the derived tables as managers may see them, and their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import pandas as pd

from pipeline.catalog import Catalog, Metric, Rule, load_catalog
from pipeline.charts import GROUP_COLOURS
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.ingest.ledger import FileLedger
from pipeline.ingest.store import load_reading, read_table
from pipeline.periods import months_of, parse_quarter
from pipeline.points.scoring import rules_in_effect
from pipeline.report.covering import is_named_after
from pipeline.report.findings import Finding, rows_in_tables, to_finding
from pipeline.report.privacy import Redactor, known_names, managers_view
from pipeline.texts import Texts, load_texts

# The tables of the run that a page may use; everything in an input table that names a person stays behind
PAGE_TABLES = (
    "coverage",
    "measures_by_group_month",
    "metrics_by_group_quarter",
    "overdue",
    "panel",
    "points_by_group_month",
    "points_by_group_month_category",
    "points_by_group_month_item",
    "points_differences",
    "relationships",
    "score_moves",
    "standings_by_group_quarter",
    "submissions",
)
FREE_TEXT = {
    "overdue": ("number", "topic", "source_file", "source_sheet"),
    "coverage": ("source_file",),
    "points_differences": ("source_file", "source_sheet"),
}


class Labelled(Protocol):
    """An entry of the catalog that has a name in both languages."""

    @property
    def label_zh(self) -> str:
        """The Chinese name."""

    @property
    def label_en(self) -> str:
        """The English name."""


@dataclass(frozen=True)
class QuarterReport:
    """One quarter of one bureau, ready to be put into words.

    ``tables`` holds `PAGE_TABLES` up to the quarter's last month, with the columns that managers may see; names of
    files and sheets no longer hold the name of a known person.
    """

    quarter: pd.Period
    texts: Texts
    catalog: Catalog
    bureau: Bureau
    files: tuple[FileLedger, ...]
    findings: tuple[Finding, ...]
    tables: Mapping[str, pd.DataFrame]
    redact: Redactor

    @property
    def months(self) -> list[pd.Period]:
        """The three months of the quarter."""
        return months_of(self.quarter)

    @property
    def as_of(self) -> date:
        """The last day that the report looks at: the quarter's last."""
        day: date = self.quarter.end_time.date()
        return day

    @property
    def groups(self) -> tuple[str, ...]:
        """The party groups, in the order of the bureau's settings: the order of their colours."""
        return tuple(self.bureau.groups)

    def colour_of(self, group: str) -> int | None:
        """Return the number of a group's colour; None for what is no group."""
        return self.groups.index(group) % len(GROUP_COLOURS) + 1 if group in self.groups else None

    def label(self, entry: Labelled) -> str:
        """Return the name of a catalog entry in the language of the report."""
        return entry.label_en if self.texts.lang == "en" else entry.label_zh

    def of_quarter(self, table: str) -> pd.DataFrame:
        """Return the rows of a table that belong to the quarter, by its column ``quarter`` or ``month``."""
        frame = self.tables[table]
        if "quarter" in frame:
            return frame[frame["quarter"] == self.quarter]
        return frame[frame["month"].isin(self.months)]

    def metrics_of(self, group: str, *, only_correlated: bool = False) -> list[Metric]:
        """Return the metrics that may be shown for a group, in the order of the catalog."""
        return [
            metric
            for metric in self.catalog.metrics.values()
            if self.bureau.owns(group, metric.metric) and (metric.is_correlated or not only_correlated)
        ]

    def rules(self) -> tuple[Rule, ...]:
        """Return the rule book in force in the quarter's last month."""
        return rules_in_effect(self.bureau.rules, self.months[-1])

    def item_labels(self) -> dict[str, str]:
        """Return the name of every item in the rule books of the quarter and the one before; the latest name counts."""
        first = self.months[0] - len(self.months)
        months = [first + step for step in range(2 * len(self.months))]
        return {rule.item: self.label(rule) for month in months for rule in rules_in_effect(self.bureau.rules, month)}

    @property
    def rule_versions(self) -> tuple[str, ...]:
        """The rule book's versions that the months of the quarter were scored under, in order."""
        scored = [rule.version for month in self.months for rule in rules_in_effect(self.bureau.rules, month)]
        return tuple(dict.fromkeys(scored))


def load_quarter(processed_dir: str | Path, quarter: str | pd.Period, lang: str) -> QuarterReport:
    """Read the tables that notebooks 1 to 3 left in ``processed_dir`` (the folder of one bureau and quarter).

    Raises `FileNotFoundError` for a missing table, `PeriodError` for a wrong quarter, `ValueError` for an unknown
    language.
    """
    folder, catalog = Path(processed_dir), load_catalog()
    derived = {name: read_table(name, folder, catalog) for name in PAGE_TABLES}
    period = parse_quarter(quarter) if isinstance(quarter, str) else quarter
    return build_quarter(load_reading(folder, catalog), derived, period, load_texts(lang), catalog)


def build_quarter(
    reading: Reading, derived: Mapping[str, pd.DataFrame], quarter: pd.Period, texts: Texts, catalog: Catalog
) -> QuarterReport:
    """Return the report's material: cut at the quarter's end, and without what managers may not see."""
    redact = Redactor(known_names(reading, catalog))
    tables = {name: _prepared(frame, name, quarter, catalog, redact) for name, frame in derived.items()}
    used = _files_until(reading.files, derived["coverage"], quarter)
    later, used_rows = (
        {file.path for file in reading.files} - {file.path for file in used},
        rows_in_tables(reading.tables),
    )
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
    view = managers_view(frame, name, catalog)
    if "month" in view:
        view = view[view["month"] <= months_of(quarter)[-1]]
    for column in FREE_TEXT.get(name, ()):
        if column in view:
            view = view.assign(**{column: view[column].map(redact, na_action="ignore")})
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
