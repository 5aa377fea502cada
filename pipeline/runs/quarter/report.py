"""One quarterly report: nothing when nothing has changed, else made beside its place and published whole.

Imports nothing heavy: a run without work ends before pandas, papermill or plotly are loaded.
"""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.parameters import (
    ParameterError,
    RunParameters,
    SpokenError,
    check_bureau,
    check_lang,
    check_quarter,
    check_quarter_known,
)
from pipeline.report.page.files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, REPORT_FILE
from pipeline.runs.processes.forks import until_warm
from pipeline.runs.processes.stopping import NOTEBOOKS_SECONDS
from pipeline.runs.processes.tasks import in_first, in_fork
from pipeline.runs.publishing.folders import building, publish, recover
from pipeline.runs.publishing.publications import PUBLICATIONS, Publication, check_log, record
from pipeline.runs.quarter.assignments import Assignment, Made, Survey
from pipeline.runs.quarter.library import library_of, refresh_library
from pipeline.runs.quarter.pack import draw_pack, has_pack
from pipeline.runs.records.fingerprints import fingerprint_code, hash_inputs, package_versions
from pipeline.runs.records.inputs import check_unchanged
from pipeline.runs.records.locks import hold_bureau
from pipeline.runs.records.logbook import BUILDING, COMPARED, HELD, LIBRARY, PLANNED, RECOVERED, WRITTEN, reached
from pipeline.runs.records.manifest import Manifest, hash_published
from pipeline.runs.records.places import MANIFEST, Places, Workspace, public_parameters
from pipeline.runs.records.plans import Plan, Sources, latest_published, plan_quarter
from pipeline.runs.records.progress import Progress
from pipeline.runs.records.returned import RETURNED
from pipeline.runs.records.steps import PACK_STEPS, STEPS
from pipeline.runs.records.system_errors import check_results_folders, naming_the_disk, reason_of
from pipeline.texts import Texts

PAGE = REPORT_FILE
OTHER_PAGES = (APPENDIX_FILE, ANNUAL_FILE, BOARD_FILE)
ISSUES = "issues.csv"


class LibraryNotWritten(SpokenError):
    """Raised when the report was published, and the page of all quarters could not be written."""

    exit_status = 1  # done, with something that has to be looked at


@dataclass(frozen=True)
class Request:
    """What was asked for; ``quarter`` None is the bureau's latest full one. ``processed`` and ``figures`` are roots."""

    bureau: Path
    quarter: str | None
    lang: str
    processed: Path
    figures: Path
    is_forced: bool = False
    with_pack: bool = False
    at_once: int = 1  # notebooks at a time, where they do not wait for each other
    in_kernel: bool = False  # run the notebooks in Jupyter kernels
    publications: Path | None = None  # another log of what was published, beside the one with the bureau's tables

    @property
    def logs(self) -> tuple[Path, ...]:
        """The logs of what was published, the bureau's own first."""
        own = self.processed.resolve() / self.bureau.resolve().name / PUBLICATIONS
        return (own, self.publications.resolve()) if self.publications else (own,)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The bureau's folders of tables and of pages, all quarters'."""
        name = self.bureau.resolve().name
        return tuple(dict.fromkeys(root.resolve() / name for root in (self.processed, self.figures)))

    @property
    def steps(self) -> int:
        """How many steps a run takes that makes the report anew."""
        return len(STEPS) + self.with_pack

    def check(self) -> None:
        """Raise `ParameterError` for what is wrong without looking into a workbook."""
        check_lang(self.lang)
        if self.quarter is not None:
            check_quarter(self.quarter)
        check_bureau(self.bureau)
        if self.processed.resolve() == self.figures.resolve():
            raise ParameterError("run.same_folder", folder=self.figures)
        check_results_folders({"--processed": self.processed, "--figures": self.figures})
        if self.publications is not None:
            check_log(self.publications, (self.bureau, self.figures))


@dataclass(frozen=True)
class Outcome:
    """What came of a request: where it stands, and the manifest it was published with."""

    places: Places
    manifest: Manifest
    is_unchanged: bool

    @property
    def page(self) -> Path:
        """The page that managers read."""
        return self.places.figures.final / PAGE

    @property
    def other_pages(self) -> tuple[Path, ...]:
        """The analyst's appendix, and the pages of the year and of the bulletin board."""
        return tuple(self.places.figures.final / name for name in OTHER_PAGES)

    @property
    def library(self) -> Path:
        """The page of all quarters of the bureau."""
        return library_of(self.places)

    @property
    def issues(self) -> Path:
        """The list of issues, with what stood in the cells: for the analyst."""
        return self.places.processed.final / ISSUES

    @property
    def returned(self) -> Path:
        """The marked copies of faulty workbooks: for their senders."""
        return self.places.processed.final / RETURNED


def report_quarter(request: Request, workspace: Workspace, texts: Texts, progress: Progress) -> Outcome:
    """Make and publish the report of one quarter, unless the published one already says the same.

    Raises `ParameterError` for a wrong request, `BureauBusy`, `RunFailed`, `InputChanged` and `OSError`; the last
    published report is then as it was. Raises `LibraryNotWritten` when the new one stands and only that is missing.
    """
    request.check()
    sources = Sources(hash_inputs(request.bureau), fingerprint_code(workspace), package_versions())
    bureau = request.bureau.resolve().name
    known = None
    with ExitStack() as held:
        held.enter_context(naming_the_disk(*request.folders))
        if not all(folder.is_dir() for folder in request.folders):
            # never published: no folder and no lock is made for a bureau or a quarter that turns out to have no data
            kept = Path(held.enter_context(TemporaryDirectory(prefix="ronghe-")))
            known = _survey(request, kept, progress)
        for folder in request.folders:
            held.enter_context(hold_bureau(folder))
        reached(HELD, bureau=bureau)
        recover(request.folders, request.logs)
        reached(RECOVERED)
        quarter = request.quarter or latest_published(request.figures / bureau, sources)
        outcome = _unchanged(_plan(quarter, request, workspace, sources), request, progress) if quarter else None
        if outcome is None:
            known = known or _survey(request, _processed(request), progress)
            outcome = _make_and_publish(request, known, workspace, sources, texts, progress)
        _refresh_library(outcome, sources.code, progress)
        return outcome


def clear_up(request: Request) -> Publication | None:
    """Take away what a run of ``request`` has left that died with its process, or finish what it had announced.

    Returns the publication in the second case, whose page of all quarters is left to the next run. Raises `BureauBusy`
    and `OSError`.
    """
    folders = [folder for folder in request.folders if folder.is_dir()]
    with ExitStack() as held:
        for folder in folders:
            held.enter_context(hold_bureau(folder))
        return recover(folders, request.logs)


def _refresh_library(outcome: Outcome, code: str, progress: Progress) -> None:
    try:
        refresh_library(outcome.places, code, progress)
    except (OSError, SpokenError) as error:
        reason = error.tell(progress.texts) if isinstance(error, SpokenError) else reason_of(error, progress.texts)
        raise LibraryNotWritten("library.not_written", page=library_of(outcome.places), reason=reason) from error
    reached(LIBRARY)


def _unchanged(plan: Plan, request: Request, progress: Progress) -> Outcome | None:
    """Return the published report where it says what would be made; with the pack, if that was asked for."""
    if plan.before is None or plan.causes:
        return None
    manifest = _with_pack(plan, request, plan.before, progress) if request.with_pack else plan.before
    record(Publication.of(plan.places.figures.final), request.logs)  # for a log that was not there yet
    return Outcome(plan.places, manifest, is_unchanged=True)


def _plan(quarter: str, request: Request, workspace: Workspace, sources: Sources) -> Plan:
    places = Places.of(request.bureau, quarter, request.processed, request.figures)
    parameters = public_parameters(places, quarter, request.lang, workspace)
    plan = plan_quarter(places, parameters, sources, is_forced=request.is_forced)
    reached(PLANNED, quarter=quarter, causes=",".join(plan.causes))
    return plan


def _survey(request: Request, home: Path, progress: Progress) -> tuple[str, Survey]:
    """Read the workbooks; return the quarter to report and what was found, or raise `ParameterError`.

    What was read is kept in the folder ``home``, so that the first notebook need not read it again.
    """
    with until_warm():
        with progress.step("survey"):
            found = in_first(_do_survey, request.bureau, home, request.lang, progress=progress)
        quarter = request.quarter or found.latest_quarter
        if quarter is None:
            raise ParameterError("parameter.no_full_quarter", bureau=request.bureau)
        check_quarter_known(quarter, found.quarters)
        return quarter, found


def _make_and_publish(
    request: Request,
    known: tuple[str, Survey],
    workspace: Workspace,
    sources: Sources,
    texts: Texts,
    progress: Progress,
) -> Outcome:
    quarter, found = known
    plan = _plan(quarter, request, workspace, sources)
    if plan.replaced_lang:
        progress.say(texts(f"run.replaces_{plan.replaced_lang}", quarter=quarter))
    with building(plan.places.targets):
        reached(BUILDING, quarter=quarter)
        made = in_fork(
            *(_do_report, _assignment(plan, found, workspace, request)),
            progress=progress,
            patience_seconds=NOTEBOOKS_SECONDS,
        )
        if request.with_pack:
            tables = plan.places.processed.building
            _draw(plan.places.figures.building, tables, plan.basis.parameters, progress)
        elif plan.before and has_pack(plan.before.published):
            progress.say(texts("pack.left_out"))
        check_unchanged(plan.places.bureau, sources.inputs, plan.places.processed.building, texts)
        reached(COMPARED)
        with progress.step("publish"):
            manifest = _write_manifest(plan, made)
            reached(WRITTEN)
            publish(plan.places.targets, Publication.of(plan.places.figures.building), request.logs)
    return Outcome(plan.places, manifest, is_unchanged=False)


def _with_pack(plan: Plan, request: Request, before: Manifest, progress: Progress) -> Manifest:
    """Publish an unchanged report again with a meeting pack, unless it has one; the notebooks are not run again."""
    if has_pack(before.published):
        return before
    places, target = plan.places, plan.places.figures
    progress.expect(len(PACK_STEPS))
    with building([target]):
        shutil.copytree(target.final, target.building, dirs_exist_ok=True)
        if not _draw(target.building, places.processed.final, before.basis.parameters, progress):
            shutil.rmtree(target.building)
            return before
        with progress.step("publish"):
            manifest = replace(before, published=hash_published(target.building))
            manifest.write(target.building / MANIFEST)
            publish([target], Publication.of(target.building), request.logs)
    return manifest


def _assignment(plan: Plan, found: Survey, workspace: Workspace, request: Request) -> Assignment:
    return Assignment(
        places=plan.places,
        public=plan.basis.parameters,
        workspace=workspace,
        found=found,
        before=plan.before,
        same_as=plan.before if plan.causes == ("inputs",) else None,
        at_once=request.at_once,
        in_kernel=request.in_kernel,
    )


def _write_manifest(plan: Plan, made: Made) -> Manifest:
    manifest = Manifest(
        basis=plan.basis.masked(made.masked),
        findings=made.findings,
        changes=replace(plan.changes(made.masked), moves=made.moves),
        published=hash_published(plan.places.figures.building),
        tables=hash_published(plan.places.processed.building),
        run_at=datetime.now(UTC).isoformat(timespec="seconds"),
        exit_status=made.findings.exit_status,
        notebooks=made.notebooks,
    )
    manifest.write(plan.places.figures.building / MANIFEST)
    return manifest


# What loads pandas, plotly and papermill runs in other processes: this one stays light, and fit to be copied.


def _do_survey(bureau: Path, home: Path, lang: str, progress: Progress) -> Survey:
    from pipeline.runs.quarter.surveying import survey

    return survey(bureau, home, lang, progress)


def _processed(request: Request) -> Path:
    """Return the folder of the bureau's tables, of all quarters."""
    return request.processed.resolve() / request.bureau.resolve().name


def _do_report(assignment: Assignment, progress: Progress) -> Made:
    from pipeline.runs.quarter.making import make_report

    return make_report(assignment, progress)


def _draw(folder: Path, tables: Path, parameters: RunParameters, progress: Progress) -> bool:
    return bool(in_fork(draw_pack, folder, tables, parameters, progress=progress))
