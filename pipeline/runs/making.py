"""The work of a report: finding the quarters, the notebooks, the exports. Loads everything heavy."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode

from pipeline.catalog import load_catalog
from pipeline.ingest.keeping import hand_over
from pipeline.ingest.reading import latest_full_quarter, quarters_with_data, read_bureau
from pipeline.ingest.store import cache_of, load_ledger
from pipeline.parameters import RunParameters
from pipeline.report.annual import load_year
from pipeline.report.annual_headline import annual_frame
from pipeline.report.appendix import appendix_frame
from pipeline.report.board_page import board_frame, export_board
from pipeline.report.board_view import load_board
from pipeline.report.exporter import export_page
from pipeline.report.headline import page_frame
from pipeline.report.page_files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, REPORT_FILE, WORKBOOK_FILE
from pipeline.report.published import Move
from pipeline.report.quarter import QuarterReport, load_quarter
from pipeline.report.workbook import write_workbook
from pipeline.runs.execution import execute
from pipeline.runs.manifest import FilesUsed, Findings, Manifest, RowCounts
from pipeline.runs.moves import figures_moved
from pipeline.runs.places import (
    ANNUAL_NOTEBOOK,
    BOARD_NOTEBOOK,
    REPORT_NOTEBOOK,
    TABLE_NOTEBOOKS,
    Places,
    Workspace,
    building_parameters,
    executed_file,
)
from pipeline.runs.progress import Progress
from pipeline.runs.scrubbing import scrub, write_notebook
from pipeline.runs.stages import is_as_before, take_over
from pipeline.runs.tasks import Task, in_forks
from pipeline.texts import load_texts


@dataclass(frozen=True)
class Survey:
    """What must be known before a quarter can be chosen; ``home`` is the folder in which what was read is kept."""

    home: Path
    quarters: tuple[str, ...]  # with data, in order
    latest_quarter: str | None  # the last one with results for all of its months


@dataclass(frozen=True)
class Assignment:
    """What is to be made, and how: ``public`` are the parameters as they may be published.

    ``before`` is the published report, ``same_as`` too where nothing but workbooks has changed since: what would come
    out the same is taken over from it. ``at_once`` notebooks run at a time where they do not wait for each other;
    ``in_kernel`` as `execution.execute` has it.
    """

    places: Places
    public: RunParameters
    workspace: Workspace
    found: Survey
    before: Manifest | None = None
    same_as: Manifest | None = None
    at_once: int = 1
    in_kernel: bool = False

    @property
    def used(self) -> RunParameters:
        """The parameters that the notebooks get: the building folders, absolute."""
        return building_parameters(self.places, self.public.quarter, self.public.lang)

    @property
    def folder(self) -> Path:
        """The folder of the report while it is built."""
        return self.places.figures.building


@dataclass(frozen=True)
class Made:
    """What a run found, which figures moved since the last, and which tables each notebook used."""

    findings: Findings
    moves: tuple[Move, ...] | None
    notebooks: Mapping[str, FilesUsed] = field(default_factory=dict)


def survey(bureau: Path, home: Path, lang: str, _: Progress) -> Survey:
    """Read a bureau's workbooks, keep what was read in the folder ``home``, and tell which quarters hold data."""
    reading = read_bureau(bureau, load_catalog(), load_texts(lang), cache_of(home))
    quarters = tuple(str(quarter) for quarter in quarters_with_data(reading))
    latest = latest_full_quarter(reading)
    return Survey(home, quarters, str(latest) if latest is not None else None)


def make_report(assignment: Assignment, progress: Progress) -> Made:
    """Fill the building folders: tables, executed notebooks, pages, workbook.

    Uses no heavy library in this process, so that it can be copied for every notebook. Raises `RunFailed` and what the
    exporters raise.
    """
    processed = assignment.places.processed.final.parent
    if assignment.found.home != processed:  # where there was no place for it yet
        hand_over(cache_of(assignment.found.home), cache_of(processed))
    used: dict[str, FilesUsed] = {}
    for name in TABLE_NOTEBOOKS:
        with progress.step(name):
            used |= _run(name, assignment).used
    parts = [Task(part, (assignment,)) for part in (make_quarter, make_the_rest)]
    of_quarter, made = in_forks(parts, assignment.at_once, progress)
    return replace(made, notebooks={**used, **of_quarter, **made.notebooks})


def make_quarter(assignment: Assignment, progress: Progress) -> dict[str, FilesUsed]:
    """Run the report's notebook and write its page and the appendix; return which tables it used."""
    with progress.step(REPORT_NOTEBOOK):
        ran = _run(REPORT_NOTEBOOK, assignment)
    with progress.step("page"):
        if ran.notebook is not None:
            report = _load_quarter(assignment)
            export_page(ran.notebook, assignment.folder / REPORT_FILE, page_frame(report))
            export_page(ran.notebook, assignment.folder / APPENDIX_FILE, appendix_frame(report))
    return ran.used


def make_the_rest(assignment: Assignment, progress: Progress) -> Made:
    """Run the notebooks of the year and of the bulletin board, write their pages and the workbook."""
    used, folder = assignment.used, assignment.folder
    with progress.step(ANNUAL_NOTEBOOK):
        annual = _run(ANNUAL_NOTEBOOK, assignment)
    with progress.step(BOARD_NOTEBOOK):
        board = _run(BOARD_NOTEBOOK, assignment)
    with progress.step("other_pages"):
        if annual.notebook is not None:
            year = load_year(used.processed_dir, used.quarter, used.lang)
            export_page(annual.notebook, folder / ANNUAL_FILE, annual_frame(year))
        if board.notebook is not None:
            export_board(board.notebook, folder / BOARD_FILE, board_frame(load_board(used.processed_dir, used.lang)))
    with progress.step("workbook"):
        report = _load_quarter(assignment)
        if not (assignment.same_as and is_as_before(REPORT_NOTEBOOK, assignment.places, assignment.same_as)):
            write_workbook(report, folder / WORKBOOK_FILE)
    moves = figures_moved(assignment.places.processed, used.quarter, assignment.before)
    return Made(_findings(assignment.found, report, Path(used.processed_dir)), moves, {**annual.used, **board.used})


@dataclass(frozen=True)
class _Ran:
    """A notebook as it may be published, None where what is published was taken over; and which tables it used."""

    notebook: NotebookNode | None
    used: dict[str, FilesUsed]


def _run(name: str, assignment: Assignment) -> _Ran:
    """Execute one notebook and keep it as it may be published, unless it would say what it has said."""
    if assignment.same_as is not None and is_as_before(name, assignment.places, assignment.same_as):
        take_over(name, assignment.places, assignment.same_as)
        return _Ran(None, {name: assignment.same_as.notebooks[name]})
    executed = execute(assignment.workspace.notebook(name), assignment.used, in_kernel=assignment.in_kernel)
    notebook = scrub(executed.notebook, assignment.used, assignment.public, assignment.workspace.root)
    write_notebook(notebook, assignment.folder / executed_file(name))
    return _Ran(notebook, {name: executed.files} if executed.files else {})


def _load_quarter(assignment: Assignment) -> QuarterReport:
    used = assignment.used
    return load_quarter(used.processed_dir, used.quarter, used.lang)


def _findings(found: Survey, report: QuarterReport, folder: Path) -> Findings:
    files, issues = load_ledger(folder)
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
    )
