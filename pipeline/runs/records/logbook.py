"""The log of a run: which point it has reached, one line each, for who looks afterwards. Imports nothing heavy.

A run with nobody at a terminal leaves a file (``--log``). The points are named here: tests end a run at each of them
and look at what is left.
"""

import getpass
import json
import logging
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pipeline.runs.records.steps import STEPS
from pipeline.spreadsheets.cleaning import one_line

LOGGER = "ronghe"
LARGEST_BYTES, OLDER_FILES = 1_000_000, 5  # some 150 bytes a line, 40 lines a report: a thousand reports are kept
FORM = "%(asctime)s %(levelname)s %(process)d %(message)s"
MOMENT = "%Y-%m-%dT%H:%M:%S%z"

# In order. A step has two points, ``<step>.begun`` and ``<step>.ended``; `STEPS` names them
HELD, RECOVERED, PLANNED, BUILDING = "run.held", "run.recovered", "run.planned", "run.building"
COMPARED, WRITTEN = "inputs.compared", "manifest.written"
SYNCED, ANNOUNCED, EXCHANGED = "publish.synced", "publish.announced", "publish.exchanged"
ASIDE, PLACED = "publish.aside", "publish.placed"  # where folders cannot be exchanged, and of a first report
RECORDED, FINISHED, LIBRARY = "publish.recorded", "publish.finished", "library.written"
POINTS = (
    *(HELD, RECOVERED, "survey.begun", "survey.ended", PLANNED, BUILDING),
    *(f"{step}.{end}" for step in STEPS[1:-1] for end in ("begun", "ended")),
    *(
        COMPARED,
        "publish.begun",
        WRITTEN,
        SYNCED,
        ANNOUNCED,
        EXCHANGED,
        ASIDE,
        PLACED,
        RECORDED,
        FINISHED,
        "publish.ended",
        LIBRARY,
    ),
)


def reached(point: str, **about: object) -> None:
    """Write down that a run has come to ``point``, and what about it; nothing where nobody keeps a log."""
    told = [f"{name}={json.dumps(str(value), ensure_ascii=False)}" for name, value in about.items()]
    _logger().info("%s", " ".join([point, *told]))


def wrote(line: str, *, is_error: bool = False) -> None:
    """Write down a line that a person was told."""
    _logger().log(logging.ERROR if is_error else logging.INFO, "%s", line)


def _logger() -> logging.Logger:
    """Return the logger; where nobody keeps a log it says nothing, and Python does not say it on its own account."""
    logger = logging.getLogger(LOGGER)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger


@contextmanager
def keeping_log(file: Path) -> Iterator[None]:
    """Keep the log of the body in ``file``, after what is there; the older lines move to ``file.1`` and so on.

    Raises `OSError` when the file cannot be opened. A log that cannot be written later costs no report: that is
    told once.
    """
    handler = _LogFile(file, maxBytes=LARGEST_BYTES, backupCount=OLDER_FILES, encoding="utf-8")
    handler.setFormatter(_OneLine(FORM, MOMENT))
    logger, level = _logger(), logging.getLogger(LOGGER).level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
        with suppress(OSError):  # what the last lines could not be written for has been told
            handler.close()


def account() -> str:
    """Return who runs this program, on which computer: ``name@computer``."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in a container
        name = "?"
    return f"{name}@{platform.node() or '?'}"


class _OneLine(logging.Formatter):
    """Lets no text from a workbook end a line, turn it around or speak to a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        return one_line(super().format(record))


class _LogFile(RotatingFileHandler):
    """A log that tells once that it cannot be written, instead of a traceback a line."""

    _has_failed = False

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 - the name of the standard library
        """Tell what happened, once."""
        if not self._has_failed:
            self._has_failed = True
            print(f"{self.baseFilename}: {sys.exc_info()[1]}", file=sys.stderr)  # noqa: T201 - there is no log to say it
