"""One process that reports quarter after quarter, as ``ronghe report --watch`` does.

Reads a request a line (JSON) and writes, a line each, the points that its log reaches and then what came of it. Ctrl-C
ends the report that is at work; between two it is ignored.
"""

import json
import logging
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.parameters import SpokenError
from pipeline.runs.quarter.report import Request, report_quarter
from pipeline.runs.records.logbook import LOGGER
from pipeline.runs.records.places import Workspace, find_workspace
from pipeline.runs.records.progress import Progress
from pipeline.runs.records.system_errors import tell_system_error
from pipeline.texts import Texts, load_texts

ANSWER = "= "  # what a line begins with that is no line of the log
LANG = "zh"


@dataclass(frozen=True)
class Answer:
    """What came of one request: published, unchanged, failed, stopped or unexpected.

    ``key`` names the text that was told, "system" stands for an error of the operating system; ``told`` is the
    paragraph, of a published report the sentences on the files that were refused.
    """

    state: str
    key: str = ""
    told: str = ""
    exit_status: int = 0
    seconds: float = 0.0


def main() -> None:
    """Answer until there are no more requests."""
    texts, workspace = load_texts(LANG), find_workspace()
    logger, handler = logging.getLogger(LOGGER), logging.StreamHandler(sys.stdout)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        begun = time.monotonic()
        answer = _answer(json.loads(line), workspace, texts)
        print(ANSWER + json.dumps({**asdict(answer), "seconds": time.monotonic() - begun}), flush=True)


def _answer(asked: dict[str, Any], workspace: Workspace, texts: Texts) -> Answer:
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return _report(asked, workspace, texts)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:
        return Answer("stopped")


def _report(asked: dict[str, Any], workspace: Workspace, texts: Texts) -> Answer:
    bureau, processed, figures = (Path(asked[name]) for name in ("bureau", "processed", "figures"))
    request = Request(bureau, asked["quarter"], LANG, processed, figures, is_forced=asked["force"], at_once=2)
    try:
        outcome = report_quarter(request, workspace, texts, Progress.silent(texts))
    except SpokenError as error:
        return Answer("failed", error.key, error.tell(texts), error.exit_status)
    except OSError as error:
        told = tell_system_error(error, texts)
        return Answer("failed", "system", told, 3)
    except Exception as error:  # noqa: BLE001 - the soak counts it as a fault of ours, and goes on
        return Answer("unexpected", type(error).__name__, str(error), 3)
    refusals = "\n".join(outcome.manifest.findings.refusals)
    state = "unchanged" if outcome.is_unchanged else "published"
    return Answer(state, told=refusals, exit_status=outcome.manifest.exit_status)


if __name__ == "__main__":
    main()
