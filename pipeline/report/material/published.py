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
class Rerun:
    """Which figures a run moved against the one before it, made at ``since``."""

    since: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Changes:
    """Why a report was made anew, and what is not as in the last published one (made at ``since``): files and figures.

    ``moves`` is None where there was nothing to compare with: a first report, and one over tables that this version
    cannot read. ``earlier`` are the runs before this one that moved figures, the newest first.
    """

    since: str | None = None  # None for a first report: it has nothing to differ from
    causes: tuple[str, ...] = ()  # first, inputs, parameters, code, packages, damaged, forced
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moves: tuple[Move, ...] | None = None
    earlier: tuple[Rerun, ...] = ()

    @property
    def reruns(self) -> tuple[Rerun, ...]:
        """All runs that moved figures, the newest first."""
        return (Rerun(self.since, self.moves), *self.earlier) if self.since and self.moves else self.earlier


@dataclass(frozen=True)
class PublishedQuarter:
    """One quarter as its manifest tells of it.

    ``pages`` are the names of its files that stand there; ``run_at`` is UTC in ISO form. ``refusal`` names the text
    (``library.unread_<refusal>``) that says why nothing of the quarter is shown; empty when it is.
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
    changes: Changes = Changes()

    @property
    def is_readable(self) -> bool:
        """Whether its tables may be shown."""
        return not self.refusal
