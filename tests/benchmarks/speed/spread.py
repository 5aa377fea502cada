"""Repeated measurements: medians, spreads, ratios of rounds, and growth; arithmetic only."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The median and the range of some measurements of the same thing, in the unit of the measurements."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of at least one value."""
        return cls(statistics.median(values), min(values), max(values))


def rates(bureaus: int, seconds: Sequence[float]) -> list[float]:
    """Return reports a minute for rounds of ``bureaus`` reports that took so long."""
    return [60 * bureaus / spent for spent in seconds]


def ratios(ours: Sequence[float], others: Sequence[float]) -> list[float]:
    """Return ours / others, round by round: rounds of the same number met the same machine."""
    return [one / other for one, other in zip(ours, others, strict=True)]


def growth_exponent(small: float, large: float, factor: float) -> float:
    """Return b where time is proportional to size ** b: 1 is linear. ``factor``: how many times larger the size is."""
    return math.log(large / small) / math.log(factor)
