"""What a bureau's published quarters tell of themselves, for the period library. Imports nothing heavy."""

from dataclasses import dataclass
from typing import Literal

LIBRARY_FILE = "index.html"  # in the folder of a bureau, beside those of its quarters

Figure = Literal["quarter_score", "points_mean", "process_mean", "metric", "verdict"]


@dataclass(frozen=True)
class Move:
    """One figure of a quarter that another run sees differently.

    ``group`` is a party group, or ``pooled`` for a verdict over all of them; ``metric`` is empty for points. ``before``
    and ``after`` are numbers (points, or the unit of the metric), verdict codes, or None where there was no value.
    """

    figure: Figure
    group: str
    metric: str
    before: float | str | None
    after: float | str | None


@dataclass(frozen=True)
class PublishedQuarter:
    """One quarter as its manifest tells of it.

    ``pages`` are the names of its files that stand there; ``run_at`` and ``since`` (the run before it) are UTC in ISO
    form. ``moves`` is None where there was no earlier run to compare with, or none that could be read. ``refusal``
    names the text (``library.unread_<refusal>``) that says why nothing of the quarter is shown; empty when it is.
    """

    quarter: str
    pages: tuple[str, ...]
    refusal: str = ""
    run_at: str = ""
    lang: str = ""
    rule_versions: tuple[str, ...] = ()
    rows_used: int = 0
    rows_rejected: int = 0
    is_synthetic: bool = False
    since: str | None = None
    causes: tuple[str, ...] = ()
    moves: tuple[Move, ...] | None = None

    @property
    def is_readable(self) -> bool:
        """Whether its tables may be shown."""
        return not self.refusal
