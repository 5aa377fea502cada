"""The work of a report: finding the quarters, the notebooks, the exports. Loads everything heavy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import latest_full_quarter, quarters_with_data, read_bureau
from pipeline.ingest.store import cache_of
from pipeline.parameters import RunParameters
from pipeline.report.annual import load_year
from pipeline.report.annual_headline import annual_frame
from pipeline.report.appendix import appendix_frame
from pipeline.report.board_page import board_frame, export_board
from pipeline.report.board_view import load_board
from pipeline.report.exporter import export_page
from pipeline.report.headline import page_frame
from pipeline.report.page_files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, REPORT_FILE
from pipeline.report.quarter import QuarterReport, load_quarter
from pipeline.report.workbook import write_workbook
from pipeline.runs.execution import execute
from pipeline.runs.manifest import Findings, RowCounts
from pipeline.runs.places import (
    ANNUAL_NOTEBOOK,
    BOARD_NOTEBOOK,
    NOTEBOOKS,
    REPORT_NOTEBOOK,
    Places,
    Workspace,
    building_parameters,
)
from pipeline.runs.progress import Progress
from pipeline.runs.scrubbing import scrub, write_notebook
from pipeline.texts import Texts


@dataclass(frozen=True)
class Survey:
    """What must be known before a quarter can be chosen."""

    reading: Reading
    quarters: tuple[str, ...]
    latest_quarter: str | None  # the last one with results for all of its months


def survey(bureau: Path, processed: Path, texts: Texts) -> Survey:
    """Read a bureau's workbooks and tell which quarters hold data; ``processed`` is the folder of its quarters."""
    reading = read_bureau(bureau, load_catalog(), texts, cache_of(processed))
    quarters = tuple(str(quarter) for quarter in quarters_with_data(reading))
    latest = latest_full_quarter(reading)
    return Survey(reading, quarters, str(latest) if latest is not None else None)


def make_report(
    places: Places, public: RunParameters, found: Survey, workspace: Workspace, progress: Progress
) -> Findings:
    """Fill the building folders of ``places``: tables, executed notebooks, pages, workbook.

    ``public`` are the parameters as they may be published. Raises `RunFailed` and what the exporters raise.
    """
    used = building_parameters(places, public.quarter, public.lang)
    folder = places.figures.building
    executed: dict[str, NotebookNode] = {}
    for name in NOTEBOOKS:
        with progress.step(name):
            notebook = execute(workspace.notebook(name), used)
            executed[name] = scrub(notebook, used, public, workspace.root)
            write_notebook(executed[name], folder / "notebooks" / f"{name}.ipynb")
    report = load_quarter(used.processed_dir, public.quarter, public.lang)
    with progress.step("page"):
        _export_pages(executed, report, used, folder)
    with progress.step("workbook"):
        write_workbook(report, folder / "report.xlsx")
    return _findings(found, report)


def _export_pages(
    executed: Mapping[str, NotebookNode], report: QuarterReport, used: RunParameters, folder: Path
) -> None:
    """Write the quarter's page and its appendix, the year's, and the bulletin board."""
    export_page(executed[REPORT_NOTEBOOK], folder / REPORT_FILE, page_frame(report))
    export_page(executed[REPORT_NOTEBOOK], folder / APPENDIX_FILE, appendix_frame(report))
    year = load_year(used.processed_dir, used.quarter, used.lang)
    export_page(executed[ANNUAL_NOTEBOOK], folder / ANNUAL_FILE, annual_frame(year))
    board = load_board(used.processed_dir, used.lang)
    export_board(executed[BOARD_NOTEBOOK], folder / BOARD_FILE, board_frame(board))


def _findings(found: Survey, report: QuarterReport) -> Findings:
    files = found.reading.files
    statuses = [file.status for file in files]
    severities = [issue.severity for issue in found.reading.issues]
    return Findings(
        is_synthetic=found.reading.bureau.is_synthetic,
        quarters=found.quarters,
        latest_quarter=found.latest_quarter,
        rule_versions=tuple(sorted({rule.version for rule in report.rules()})),
        files_read=statuses.count("read"),
        refusals=tuple(
            report.texts("run.refused", path=report.redact(file.path), reason=file.reason)
            for file in files
            if file.status == "refused"
        ),
        files_skipped=statuses.count("skipped"),
        rows=RowCounts.of(files),
        errors=severities.count("error"),
        warnings=severities.count("warning"),
    )
