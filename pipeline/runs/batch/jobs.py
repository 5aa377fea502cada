"""What a worker does for one bureau, as functions of one job that can be sent to another process or computer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pipeline.parameters import NoSuchQuarter, SpokenError
from pipeline.runs.quarter.report import Request, report_quarter
from pipeline.runs.records.failures import RunFailed
from pipeline.runs.records.fingerprints import fingerprint_code, hash_inputs, package_versions
from pipeline.runs.records.inputs import InputChanged
from pipeline.runs.records.locks import BureauBusy
from pipeline.runs.records.places import find_workspace
from pipeline.runs.records.plans import Sources, latest_published
from pipeline.runs.records.progress import Progress
from pipeline.runs.records.system_errors import tell_system_error
from pipeline.texts import Texts, load_texts

State = Literal["published", "unchanged", "late", "failed"]


@dataclass(frozen=True)
class Job:
    """One bureau of a batch; ``bytes`` is the size of its workbooks."""

    name: str
    bytes: int
    request: Request


@dataclass(frozen=True)
class Done:
    """What came of one bureau's report.

    A bureau without the quarter is late. ``why`` names the text (``batch.why_<why>``) that says on the page why it
    failed, which quotes nothing of a workbook and no folder; ``told`` is the whole paragraph, for who ran the batch.
    ``exit_status`` is that of the report, 0 or 1.
    """

    state: State
    exit_status: int = 0
    seconds: float = 0.0
    why: str = ""
    told: str = ""


@dataclass(frozen=True)
class Latest:
    """The latest quarter that a bureau has in full; None where it has none, or where its workbooks cannot be read."""

    quarter: str | None


def report_bureau(job: Job) -> Done:
    """Make one bureau's report; whatever goes wrong is in the answer, so that the others go on."""
    begun, texts = time.monotonic(), load_texts(job.request.lang)
    done = _without_raising(lambda: _report(job.request, texts), texts)
    return Done(done.state, done.exit_status, time.monotonic() - begun, done.why, done.told)


def find_latest(job: Job) -> Latest:
    """Return a bureau's latest full quarter: as its published report names it, else from its workbooks.

    What cannot be read has none; its report, which comes next, says what is wrong.
    """
    try:
        return Latest(_latest(job.request, job.name))
    except (SpokenError, OSError):
        return Latest(None)


def _latest(request: Request, name: str) -> str | None:
    sources = Sources(hash_inputs(request.bureau), fingerprint_code(find_workspace()), package_versions())
    known = latest_published(request.figures.resolve() / name, sources)
    if known is None:
        from pipeline.runs.quarter.surveying import survey  # loads pandas

        processed = request.processed.resolve() / name
        known = survey(
            request.bureau, processed, request.lang, Progress.silent(load_texts(request.lang))
        ).latest_quarter
    return known


def _report(request: Request, texts: Texts) -> Done:
    outcome = report_quarter(request, find_workspace(), texts, Progress.silent(texts))
    return Done("unchanged" if outcome.is_unchanged else "published", outcome.manifest.exit_status)


def _without_raising(make: Callable[[], Done], texts: Texts) -> Done:
    try:
        return make()
    except NoSuchQuarter as error:
        return Done("late", told=error.tell(texts))
    except SpokenError as error:
        return Done("failed", why=_why(error), told=error.tell(texts))
    except OSError as error:
        return Done("failed", why="system", told=tell_system_error(error, texts))
    except Exception as error:  # noqa: BLE001 - a fault of ours in one bureau must not cost the others; it is told
        return Done("failed", why="unexpected", told=texts("batch.unexpected", error=_named(error)))


def _why(error: SpokenError) -> str:
    kinds = {BureauBusy: "busy", InputChanged: "changed", RunFailed: "notebook"}
    return next((why for kind, why in kinds.items() if isinstance(error, kind)), "said")


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
