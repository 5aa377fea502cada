"""``ronghe batch``: the report of every bureau under one folder, all of the same quarter, and the page across them.

What carries the work is handed in (`workers.Runner`): the processes of this computer, or whatever does the same jobs
elsewhere. Nothing but folders is shared: jobs name where to read and write, and the page is made from what they left.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.parameters import ParameterError, SpokenError, check_lang, check_quarter
from pipeline.report.province.batched import Choice
from pipeline.runs.batch.jobs import Done, Job, Latest, find_latest, report_bureau
from pipeline.runs.batch.progress import BatchProgress
from pipeline.runs.batch.province import write_province
from pipeline.runs.batch.root import BureauFolder, LeftOut, gone, look_into
from pipeline.runs.processes.tasks import in_fork
from pipeline.runs.processes.workers import Lost, Runner, default_workers, run_each
from pipeline.runs.publishing.publications import check_log
from pipeline.runs.quarter.report import Request, clear_up
from pipeline.runs.records.failures import TaskDied
from pipeline.runs.records.inputs import MOST_NAMED
from pipeline.runs.records.locks import BureauBusy, hold_bureau
from pipeline.runs.records.progress import Progress
from pipeline.runs.records.system_errors import NOT_NAMED, check_results_folders, naming_the_disk, reason_of
from pipeline.texts import Texts, load_texts


class BatchBusy(SpokenError):
    """Raised when another batch writes to the same folder of results."""


class BatchStopped(SpokenError):
    """Raised when a batch was asked to stop: what was published so far stands, whole."""


class PageNotWritten(SpokenError):
    """Raised when the reports are published, and the page across bureaus could not be written."""

    exit_status = 1  # done, with something that has to be looked at


class NoQuarter(SpokenError):
    """Raised when no bureau has any quarter in full, so that none can be chosen."""


class NotLookedAt(SpokenError):
    """Raised when bureaus could not be looked at, and what they have may decide the quarter of all."""


EXTREMES = ("0001Q1", "9999Q4")  # the latest quarter of a bureau of which nobody knows it lies between


@dataclass(frozen=True)
class BatchRequest:
    """What was asked for; ``quarter`` None is chosen from the workbooks (`choose_quarter`), ``workers`` None by the
    computer. ``processed`` and ``figures`` are roots.
    """

    root: Path
    quarter: str | None
    lang: str
    processed: Path
    figures: Path
    workers: int | None = None
    is_forced: bool = False
    publications: Path | None = None  # the log of what was published; None: one beside the tables of each bureau

    def check(self) -> None:
        """Raise `ParameterError` for what is wrong without looking into a folder."""
        check_lang(self.lang)
        if self.quarter is not None:
            check_quarter(self.quarter)
        if self.workers is not None and self.workers < 1:
            raise ParameterError("batch.bad_workers", seen=self.workers)
        if self.processed.resolve() == self.figures.resolve():
            raise ParameterError("run.same_folder", folder=self.figures)
        check_results_folders({"--processed": self.processed, "--figures": self.figures})
        if self.publications is not None:
            check_log(self.publications, (self.root, self.figures))


@dataclass(frozen=True)
class BatchOutcome:
    """What came of a batch: ``done`` by bureau in order of name; ``page`` is None when nothing at all was published."""

    choice: Choice
    done: Mapping[str, Done]
    left_out: tuple[LeftOut, ...]
    page: Path | None

    def names(self, *states: str) -> list[str]:
        """Return the bureaus of which this came, in order."""
        return [name for name, done in self.done.items() if done.state in states]

    @property
    def exit_status(self) -> int:
        """0 clean, 1 with a bureau that has rejected rows or failed alone, 3 when nothing was published."""
        if self.page is None:
            return 3
        return int(any(done.state == "failed" or done.exit_status for done in self.done.values()))


def run_batch(request: BatchRequest, texts: Texts, progress: BatchProgress, run: Runner = run_each) -> BatchOutcome:
    """Report every bureau under ``request.root``, biggest first, and write the page and the tables across them.

    A bureau that fails does so alone, and one whose published report is unchanged is not made again. Raises
    `ParameterError` for a wrong request, `BatchBusy`, `NoQuarter`, `PageNotWritten`, and `BatchStopped` for Ctrl-C.
    """
    request.check()
    found = look_into(request.root, load_catalog(), (request.processed, request.figures))
    workers = request.workers or default_workers(len(found.bureaus))
    for entry in found.left_out:
        progress.say(texts(f"batch.left_out_{entry.why}", name=entry.name))
    if names := gone(request.root, request.figures):
        shown = texts("place.separator").join([*names[:MOST_NAMED], *(["…"] if len(names) > MOST_NAMED else [])])
        progress.say(texts("batch.gone", count=len(names), names=shown))
    done: dict[str, Done] = {}
    try:
        with _holding(request.figures):
            choice = _choose(request, found.bureaus, workers, texts, progress, run)
            jobs = _jobs(request, found.bureaus, choice.quarter)
            progress.begin(_said_of(choice, texts), len(jobs), workers)
            for job, result in run(report_bureau, jobs, workers):
                done[job.name] = result if isinstance(result, Done) else _as_done(result, job.request, texts)
                progress.done(job.name, done[job.name])
            progress.end()
            ordered = {name: done[name] for name in sorted(done)}
            page = _write_page(request, choice, ordered, texts, progress)
    except KeyboardInterrupt as error:
        raise BatchStopped("batch.stopped", done=len(done), total=len(found.bureaus)) from error
    return BatchOutcome(choice, ordered, found.left_out, page)


def choose_quarter(latest: Sequence[str | None]) -> Choice:
    """Return the latest quarter that at least half of the bureaus with any full quarter have in full.

    One quarter for all, or they could not be compared. The latest of all would leave out everybody but the fastest,
    the earliest would let one that stopped reporting hold up the others. ``latest``: of each bureau. Raises
    `NoQuarter` when no bureau has one.
    """
    known = sorted((quarter for quarter in latest if quarter is not None), reverse=True)
    if not known:
        raise NoQuarter("batch.no_quarter", bureaus=len(latest))
    quarter = known[ceil(len(known) / 2) - 1]
    return Choice(quarter, bureaus_with=sum(other >= quarter for other in known), bureaus_asked=len(latest))


def _choose(
    request: BatchRequest,
    bureaus: Sequence[BureauFolder],
    workers: int,
    texts: Texts,
    progress: BatchProgress,
    run: Runner,
) -> Choice:
    if request.quarter is not None:
        return Choice(request.quarter)
    latest: list[str | None] = []
    lost: list[Lost] = []
    progress.begin(texts("batch.looking", bureaus=len(bureaus), workers=workers), len(bureaus), workers)
    for _, result in run(find_latest, _jobs(request, bureaus, None), workers):
        if isinstance(result, Latest):
            latest.append(result.quarter)
        else:
            lost.append(result)
        progress.looked_at()
    progress.end()
    if lost and not any(latest) and not lost[-1].told:
        raise NotLookedAt("batch.looking_lost", lost=len(lost), total=len(bureaus), status=lost[-1].status)
    if lost and len({choose_quarter([*latest, *[extreme] * len(lost)]).quarter for extreme in EXTREMES}) > 1:
        told = lost[-1].told or texts("batch.lost", status=lost[-1].status)
        raise NotLookedAt("batch.looking_unsure", lost=len(lost), total=len(bureaus), told=told)
    return choose_quarter(latest)


def _jobs(request: BatchRequest, bureaus: Sequence[BureauFolder], quarter: str | None) -> list[Job]:
    return [
        Job(
            bureau.name,
            bureau.bytes,
            Request(
                *(bureau.folder, quarter, request.lang, request.processed, request.figures, request.is_forced),
                publications=request.publications,
            ),
        )
        for bureau in bureaus
    ]


def _as_done(result: Lost, request: Request, texts: Texts) -> Done:
    """Return what became of a bureau whose process was lost, after what that had begun was cleared away or finished."""
    with suppress(BureauBusy, OSError):  # else the next run does it
        finished = clear_up(request)
        if finished is not None:
            return Done("published", finished.exit_status)
    return Done("failed", why="lost", told=result.told or texts("batch.lost", status=result.status))


def _said_of(choice: Choice, texts: Texts) -> str:
    if choice.bureaus_with is None:
        return texts("batch.quarter_given", quarter=choice.quarter)
    return texts(
        "batch.quarter_chosen", quarter=choice.quarter, bureaus=choice.bureaus_with, asked=choice.bureaus_asked
    )


def _write_page(
    request: BatchRequest, choice: Choice, done: Mapping[str, Done], texts: Texts, progress: BatchProgress
) -> Path | None:
    """Write the page and the tables across bureaus; nothing where nothing was published."""
    if not any(result.state in ("published", "unchanged") for result in done.values()):
        return None
    progress.say(texts("batch.writing_page"))
    places = request.processed, request.figures
    try:
        with naming_the_disk(*places):
            return Path(in_fork(_put_together, done, choice, *places, texts.lang, progress=Progress.silent(texts)))
    except OSError as error:
        file, reason = error.filename or NOT_NAMED, reason_of(error, texts)
        raise PageNotWritten("batch.page_not_written", file=file, reason=reason) from error
    except TaskDied as error:
        raise PageNotWritten("batch.page_not_written", file=NOT_NAMED, reason=error.tell(texts)) from error


def _put_together(
    done: Mapping[str, Done], choice: Choice, processed: Path, figures: Path, lang: str, _: Progress
) -> Path:
    """Do what `write_province` does, in a process whose memory for the tables of all bureaus goes with it."""
    return write_province(done, choice, processed, figures, load_texts(lang))


@contextmanager
def _holding(figures: Path) -> Iterator[None]:
    """Hold the folder of results: one batch at a time writes the page across bureaus."""
    try:
        with hold_bureau(figures):
            yield
    except BureauBusy as error:
        raise BatchBusy("batch.busy", folder=figures) from error
