"""The sheets of ``report.xlsx`` that are lists of their own: pairs, watch, audit, issues, definitions."""

from typing import Any

import pandas as pd

from pipeline.report.appendix.frame import PLAIN_COLUMNS, every_pair
from pipeline.report.material.audit_words import audit_rows, explanation_text, part_text, period_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.table_block import is_missing
from pipeline.report.quarterly.sections_completeness import issue_title
from pipeline.report.quarterly.sections_watch import watch_sentences
from pipeline.report.workbook.sheets import make_sheet
from pipeline.report.workbook.tables import TINTED, column_header, table_row, unit_word
from pipeline.spreadsheets.tables import CellValue, Number, Sheet

AUDIT_COLUMNS = ("printed_points", "recomputed_points", "difference_points", "explained_points", "unexplained_points")
PRINTED_NUMBER = "#,##0.00"  # the sheets print two decimals


def pairs_sheet(report: QuarterReport) -> Sheet:
    """Return every pair of the analyst's appendix, judged or not, with its plain correlation."""
    columns = list(report.catalog.columns_of("relationships"))
    header = [column_header(report, column) for column in columns]
    header += [report.texts(f"appendix.{name}") for name in PLAIN_COLUMNS]
    records: list[dict[str, object]] = every_pair(report).to_dict("records")  # type: ignore[assignment]
    rows = [
        [*table_row(report, columns, record), *map(_correlation, map(record.get, PLAIN_COLUMNS))] for record in records
    ]
    return make_sheet(
        report, "pairs", header, rows, [report.label(column) for column in columns if column.column in TINTED]
    )


def _correlation(value: Any) -> Number | None:
    return None if is_missing(value) else Number(float(value), PRINTED_NUMBER)


def watch_sheet(report: QuarterReport) -> Sheet:
    """Return every check of the watch: its name, what came out, and the sentence with its figures."""
    texts = report.texts
    rows: list[list[CellValue]] = [
        [texts(f"watch.name_{entry.check}"), texts(f"watch.state_{entry.state}"), entry.sentence]
        for entry in watch_sentences(report)
    ]
    keys = ("watch.check", "watch.outcome", "watch.sentence")
    return make_sheet(report, "watch", [texts(key) for key in keys], rows, [texts("watch.outcome")])


def audit_sheet(report: QuarterReport) -> Sheet:
    """Return every printed total of the quarter beside the recomputed one, and the differences of earlier periods."""
    own, before = audit_rows(report)
    rows: list[list[CellValue]] = []
    for record in pd.concat([own, before[before["is_difference"]]]).to_dict("records"):
        numbers = [record[name] for name in AUDIT_COLUMNS]
        rows.append(
            [
                record["party_group"],
                period_text(record["level"], record["period"], report),
                part_text(record["part"], report),
                *(None if is_missing(number) else Number(number, PRINTED_NUMBER) for number in numbers),
                None if is_missing(record["explanation"]) else explanation_text(record, report),
                record["source_file"],
                record["source_sheet"],
                record["source_cell"],
            ]
        )
    dictionary = {column.column: report.label(column) for column in report.catalog.columns_of("points_audit")}
    names = (
        "party_group",
        "period",
        "part",
        *AUDIT_COLUMNS,
        "explanation",
        "source_file",
        "source_sheet",
        "source_cell",
    )
    return make_sheet(report, "audit", [dictionary[name] for name in names], rows)


def issues_sheet(report: QuarterReport) -> Sheet:
    """Return where something was wrong; what stood in the cell is left out, since it may be anybody's name."""
    texts = report.texts
    keys = ("column.file", "workbook.sheet", "workbook.cell", "column.severity", "column.issue")
    rows: list[list[CellValue]] = [
        [
            issue.file,
            issue.sheet,
            issue.cell,
            texts(f"outcome_of.{issue.outcome}"),
            issue_title(issue.code, texts),
        ]
        for issue in report.findings
    ]
    return make_sheet(report, "issues", [texts(key) for key in keys], rows)


def definitions_sheet(report: QuarterReport) -> Sheet:
    """Return every metric with its unit and definition, and every item of the rule book in force."""
    texts, catalog = report.texts, report.catalog
    header = [texts(key) for key in ("workbook.term", "column.unit", "column.definition")]
    rows: list[list[CellValue]] = [
        [
            report.label(metric),
            unit_word(report, metric.unit),
            metric.definition_en if texts.lang == "en" else metric.definition_zh,
        ]
        for metric in catalog.metrics.values()
    ]
    rows += [
        [f"{rule.item} {report.label(rule)}", unit_word(report, "points"), report.label(catalog.measures[rule.measure])]
        for rule in report.rules()
    ]
    return make_sheet(report, "definitions", header, rows)
