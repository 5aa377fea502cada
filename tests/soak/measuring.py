"""What a process holds, and whether that grows: megabytes, handles, processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.processes import descendants

WARM_AFTER = 20  # reports: by then every cache that a process keeps is full
MOST_MEGABYTES = 5.0  # growth per hundred reports
MOST_HANDLES = 0.5  # none: what is less is one that stands open at one of the two ends of a line by chance


@dataclass(frozen=True)
class Held:
    """What a process held between two reports; ``handles`` and ``processes`` with those that it keeps waiting."""

    resident_megabytes: float
    own_megabytes: float  # pages that no other process shares
    handles: int
    processes: int


@dataclass(frozen=True)
class Growth:
    """What a process grew by in a hundred reports, by the line of least squares through all of them."""

    reports: int
    resident_megabytes: float
    own_megabytes: float
    handles: float

    @property
    def is_flat(self) -> bool:
        """Tell whether it is within the bounds."""
        return max(self.resident_megabytes, self.own_megabytes) < MOST_MEGABYTES and self.handles < MOST_HANDLES

    def __str__(self) -> str:
        return (
            f"memory {self.resident_megabytes:+.1f} MB (its own {self.own_megabytes:+.1f} MB), "
            f"handles {self.handles:+.1f} per 100 reports, over {self.reports}"
        )


def measure(pid: int) -> Held:
    """Return what process ``pid`` holds now."""
    tree = [pid, *descendants(pid)]
    rollup = _kilobytes(Path(f"/proc/{pid}/smaps_rollup"))
    return Held(
        resident_megabytes=rollup["Rss"] / 1024,
        own_megabytes=(rollup["Private_Clean"] + rollup["Private_Dirty"]) / 1024,
        handles=sum(len(list(Path(f"/proc/{process}/fd").iterdir())) for process in tree),
        processes=len(tree),
    )


def growth(seen: Sequence[Held], warm_after: int = WARM_AFTER) -> Growth:
    """Return what was gained per hundred reports, without the first ``warm_after``; raises `ValueError` for too few."""
    warm = seen[warm_after:]
    if len(warm) < 2:
        raise ValueError(f"{len(seen)} reports: expected at least {warm_after + 2}")
    return Growth(
        reports=len(warm),
        resident_megabytes=_slope([held.resident_megabytes for held in warm]),
        own_megabytes=_slope([held.own_megabytes for held in warm]),
        handles=_slope([held.handles for held in warm]),
    )


def _slope(values: Sequence[float]) -> float:
    return float(np.polyfit(range(len(values)), values, 1)[0]) * 100


def _kilobytes(file: Path) -> dict[str, int]:
    lines = [line.split() for line in file.read_text(encoding="ascii").splitlines()[1:]]
    return {name.rstrip(":"): int(value) for name, value, *_ in lines}
