"""The work of a report: the notebooks, the exports. Loads everything heavy."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from pipeline.ingest.faults import files_without_contents
from pipeline.ingest.keeping import move_kept
from pipeline.ingest.ledger import FileLedger, Issue
from pipeline.ingest.store import cache_of, load_ledger
from pipeline.report.annual.headline import annual_frame
from pipeline.report.annual.view import load_year
from pipeline.report.appendix.frame import appendix_frame
from pipeline.report.board.page import board_frame, export_board
from pipeline.report.board.view import load_board
from pipeline.report.material.published import Move
from pipeline.report.material.quarter import QuarterReport, load_quarter
from pipeline.report.page.exporter import export_page
from pipeline.report.page.files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, REPORT_FILE, WORKBOOK_FILE
from pipeline.report.quarterly.headline import page_frame
from pipeline.report.workbook.book import write_workbook
from pipeline.runs.notebooks.execution import execute
from pipeline.runs.notebooks.scrubbing import scrub, write_notebook
from pipeline.runs.processes.tasks import Task, in_forks
from pipeline.runs.quarter.assignments import Assignment, Made, Survey
from pipeline.runs.records.manifest import FilesUsed, Findings, RowCounts
from pipeline.runs.records.moves import figures_moved
from pipeline.runs.records.places import (
    ANNUAL_NOTEBOOK,
    BOARD_NOTEBOOK,
    INGEST_NOTEBOOK,
    PANEL_NOTEBOOK,
    POINTS_NOTEBOOK,
    REPORT_NOTEBOOK,
    executed_file,
)
from pipeline.runs.records.progress import Progress
from pipeline.runs.records.stages import is_as_before, take_over


def make_report(assignment: Assignment, progress: Progress) -> Made:
    """Fill the building folders: tables, executed notebooks, pages, workbook.

    Uses no heavy library in this process, so that it can be copied for every notebook. Raises `RunFailed` and what the
    exporters raise.
    """
    processed = assignment.places.processed.final.parent
    if assignment.found.home != processed:  # where there was no place for it yet
        move_kept(cache_of(assignment.found.home), cache_of(processed))
    ingest, points, panel, quarter, year, rest = range(6)  # places in the list
    tasks = [
        Task(make_tables, (INGEST_NOTEBOOK, assignment)),
        Task(make_tables, (POINTS_NOTEBOOK, assignment), after=(ingest,)),
        Task(make_tables, (PANEL_NOTEBOOK, assignment), after=(points,)),
        Task(make_quarter, (assignment,), after=(panel,)),
        Task(make_year, (assignment,), after=(points,)),
        Task(make_the_rest, (assignment,), after=(panel,)),
    ]
    made = in_forks(tasks, assignment.at_once, progress)
    (findings, masked, of_quarter), (moves, of_the_rest) = made[quarter], made[rest]
    used = (*made[:quarter], of_quarter, made[year], of_the_rest)
    return Made(findings, moves, {name: files for part in used for name, files in part.items()}, masked)


def make_tables(name: str, assignment: Assignment, progress: Progress) -> dict[str, FilesUsed]:
    """Run a notebook that makes tables; return which it used."""
    return _run(name, assignment, progress).used


def make_quarter(assignment: Assignment, progress: Progress) -> tuple[Findings, dict[str, str], dict[str, FilesUsed]]:
    """Run the report's notebook, write its page and the appendix; return what was found and used.

    In between stand the paths of workbooks that name a person, and what may be published instead.
    """
    used, folder = assignment.used, assignment.folder
    ran = _run(REPORT_NOTEBOOK, assignment, progress)
    report = load_quarter(used.processed_dir, used.quarter, used.lang)
    with progress.step("page"):
        if ran.notebook is not None:
            export_page(ran.notebook, folder / REPORT_FILE, page_frame(report))
            export_page(ran.notebook, folder / APPENDIX_FILE, appendix_frame(report))
    files, issues = load_ledger(Path(used.processed_dir))
    masked = {file.path: shown for file in files if (shown := report.redact(file.path)) != file.path}
    return _findings(assignment.found, report, files, issues), masked, ran.used


def make_year(assignment: Assignment, progress: Progress) -> dict[str, FilesUsed]:
    """Run the notebook of the year and write its page; return which tables it used."""
    used = assignment.used
    ran = _run(ANNUAL_NOTEBOOK, assignment, progress)
    with progress.step("annual_page"):
        if ran.notebook is not None:
            year = load_year(used.processed_dir, used.quarter, used.lang)
            export_page(ran.notebook, assignment.folder / ANNUAL_FILE, annual_frame(year))
    return ran.used


def make_the_rest(assignment: Assignment, progress: Progress) -> tuple[tuple[Move, ...] | None, dict[str, FilesUsed]]:
    """Run the notebook of the bulletin board, write its page and the workbook; return what moved, and used.

    The workbook is of the report's tables alone, and taken over with the report's notebook.
    """
    used, folder = assignment.used, assignment.folder
    board = _run(BOARD_NOTEBOOK, assignment, progress)
    with progress.step("board_page"):
        if board.notebook is not None:
            export_board(board.notebook, folder / BOARD_FILE, board_frame(load_board(used.processed_dir, used.lang)))
    with progress.step("workbook"):
        if not _is_as_before(REPORT_NOTEBOOK, assignment):
            write_workbook(load_quarter(used.processed_dir, used.quarter, used.lang), folder / WORKBOOK_FILE)
    moves = figures_moved(assignment.places.processed, used.quarter, assignment.before)
    return moves, board.used


@dataclass(frozen=True)
class _Ran:
    """A notebook as it may be published, None where what is published was taken over; and which tables it used."""

    notebook: NotebookNode | None
    used: dict[str, FilesUsed]


def _run(name: str, assignment: Assignment, progress: Progress) -> _Ran:
    """Execute one notebook and keep it as it may be published, unless it would say what it has said."""
    if assignment.same_as is not None and _is_as_before(name, assignment):
        take_over(name, assignment.places, assignment.same_as)
        progress.skip(name)
        return _Ran(None, {name: assignment.same_as.notebooks[name]})
    with progress.step(name):
        executed = execute(
            assignment.workspace.notebook(name),
            assignment.used,
            in_kernel=assignment.in_kernel,
            handed_over=progress.hand_over,
        )
        notebook = scrub(executed.notebook, assignment.used, assignment.public, assignment.workspace.root)
        write_notebook(notebook, assignment.folder / executed_file(name))
    return _Ran(notebook, {name: executed.files} if executed.files else {})


def _is_as_before(name: str, assignment: Assignment) -> bool:
    return assignment.same_as is not None and is_as_before(name, assignment.places, assignment.same_as)


def _findings(found: Survey, report: QuarterReport, files: Sequence[FileLedger], issues: Sequence[Issue]) -> Findings:
    statuses = [file.status for file in files]
    severities = [issue.severity for issue in issues]
    return Findings(
        is_synthetic=report.bureau.is_synthetic,
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
        without_contents=tuple(
            report.texts("run.without_contents", path=report.redact(path))
            for path in sorted(files_without_contents(issues))
        ),
    )
