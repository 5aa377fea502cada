"""What a batch says at its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.runs.batch.bureaus import BatchOutcome
from pipeline.runs.batch.root import DATA_SET
from pipeline.texts import Texts


def outcome_lines(outcome: BatchOutcome, texts: Texts, shown: Callable[[Path], str]) -> Iterator[str]:
    """Say how many bureaus came to what, each that failed with its reason, and last where the page is.

    ``shown`` gives a path as it is told.
    """
    yield texts(
        "batch.summary",
        total=len(outcome.done),
        faults=sum(bool(done.exit_status) for done in outcome.done.values()),
        **{state: len(outcome.names(state)) for state in ("published", "unchanged", "late", "failed")},
    )
    for name in outcome.names("failed"):
        yield texts("batch.summary_failed", bureau=name, reason=outcome.done[name].told)
    if outcome.page is None:
        yield texts("batch.nothing")
    else:
        yield texts("batch.data", path=shown(outcome.page.parent / DATA_SET))
        yield texts("batch.page", path=shown(outcome.page))
