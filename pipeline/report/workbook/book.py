"""``report.xlsx``: the numbers of one quarter for who wants to go on with them, as far as managers may see them."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.ingest.memory import memory_for_cells
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.quarterly.headline import page_frame
from pipeline.report.workbook.charts import attainment_sheet, chart_sheet, points_sheet, results_sheet
from pipeline.report.workbook.front import front_sheet
from pipeline.report.workbook.lists import audit_sheet, definitions_sheet, issues_sheet, pairs_sheet, watch_sheet
from pipeline.report.workbook.tables import table_sheet
from pipeline.spreadsheets.books import ChartSheet, Document, write_spreadsheet
from pipeline.spreadsheets.tables import Sheet

TABLES: Mapping[str, str] = {  # sheet -> table, in the order in which managers ask
    "standings": "standings_by_group_quarter",
    "metrics": "metrics_by_group_quarter",
    "panel": "panel",
    "relationships": "relationships",
    "overdue": "overdue",
    "work": "work_by_group_quarter",
    "learning": "learning_by_group_quarter",
    "restatements": "restatements",
    "trail": "points_trail",
}


@memory_for_cells()
def write_workbook(report: QuarterReport, path: Path) -> None:
    """Write the workbook of one quarter: what it is, charts and their numbers, results, ledgers of work, checks.

    Columns and labels come from the data dictionary; codes are put into words. Missing values are empty cells.
    """
    tables = [table_sheet(report, name, table) for name, table in TABLES.items()]
    charted = [points_sheet(report), attainment_sheet(report), results_sheet(report)]
    lists = [pairs_sheet(report), watch_sheet(report), audit_sheet(report)]
    lists += [issues_sheet(report), definitions_sheet(report)]
    others: list[Sheet | ChartSheet] = [chart_sheet(report), *charted, *tables, *lists]
    write_spreadsheet([front_sheet(report, others), *others], path, _document(report))


def _document(report: QuarterReport) -> Document:
    frame = page_frame(report)
    key = "workbook.footer_synthetic" if report.bureau.is_synthetic else "workbook.footer"
    return Document(frame.title, report.as_of, report.texts(key, report=frame.title))
