"""Writing the secretary's page, on request only: beside the tables, outside every folder that is published."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ingest.files.placing import in_one_step
from pipeline.parameters import ParameterError, SpokenError
from pipeline.runs.records.locks import BureauBusy, hold_bureau

if TYPE_CHECKING:
    from pipeline.runs.quarter.report import Request
    from pipeline.runs.records.places import Places


class SecretaryPageNotWritten(SpokenError):
    """Raised when the report stands, and the page for the secretary could not be written beside it."""

    exit_status = 1  # done, with something that has to be looked at


INTERNAL = "internal"  # the folder beside the quarters of a bureau; no quarter is called that
FOR_ONE = 0o600  # who else has an account on this computer reads nothing; Windows has no such mode


def check_internal(request: "Request") -> None:
    """Raise `ParameterError` when the page would lie below the folder of public reports."""
    folder = request.processed.resolve() / request.bureau.resolve().name / INTERNAL
    figures = request.figures.resolve()
    if folder.is_relative_to(figures):
        raise ParameterError("secretary.inside_figures", folder=folder, figures=figures)


def page_of(places: "Places", quarter: str) -> Path:
    """Return where the secretary's page of a quarter stands, whether or not it was ever asked for."""
    return places.processed.final.parent / INTERNAL / f"{quarter}.html"


def write_secretary_page(places: "Places", quarter: str, lang: str) -> Path:
    """Write ``internal/<quarter>.html`` of a bureau from the published tables of the quarter, and return its path.

    The file is replaced in one step. It is in no manifest, so that neither ``ronghe verify`` nor the question whether
    anything has changed sees it. Raises `SecretaryPageNotWritten` while another run is at work on the bureau.
    """
    from pipeline.report.secretary.page import render_secretary_page
    from pipeline.report.secretary.view import load_secretary  # loads pandas

    try:
        with hold_bureau(places.processed.final.parent):
            page = render_secretary_page(load_secretary(places.processed.final, quarter, lang))
    except BureauBusy as busy:
        raise SecretaryPageNotWritten("secretary.busy", **busy.values) from busy
    target = page_of(places, quarter)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with in_one_step(target) as part:
        part.touch(FOR_ONE, exist_ok=False)  # nobody else may read it, not even while it is being written
        part.write_text(page, encoding="utf-8", newline="\n")
    return target
