"""The pairs of points and results that can be estimated, how each is adjusted, and the reasons of the others."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.stats import reasons
from pipeline.stats.adjust import Adjustment, design_matrix, full_rank, is_constant
from pipeline.stats.aligned import AlignedSeries, Pair
from pipeline.stats.designs import FEWEST_DOF, GroupDesigns, find_designs

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

FEWEST_MONTHS_POOLED = 24  # eligibility, statistics.md: under two years season and relation cannot be told apart


@dataclass(frozen=True)
class Estimable:
    """The N pairs that can be estimated and how each is adjusted; ``reasons`` holds a code for every other pair with
    rows.
    """

    pairs: tuple[Pair, ...]
    adjustments: tuple[Adjustment, ...]  # (N,); pairs of a group with the same months share one object
    reasons: dict[Pair, str]
    months: dict[Pair, int]  # usable months of every pair with rows
    designs: GroupDesigns


def estimable_pairs(
    series: AlignedSeries, coupled: Collection[str], turnover: Mapping[int, IntArray] | None = None
) -> Estimable:
    """Choose the pairs that can be estimated and build their adjustments; ``turnover`` as in `find_designs`."""
    calendar = design_matrix(series.months)
    usable = {pair: series.usable(*pair) for pair in _pairs_with_rows(series)}
    why = {pair: _fault(series, pair, months, coupled) for pair, months in usable.items()}
    chosen = _choose(series, usable, why, dict.fromkeys(range(len(series.groups)), calendar))
    while True:  # a pair that its steps explain fully may not shape the designs of the others
        designs = find_designs(series, chosen, calendar, turnover or {})
        kept = _choose(series, usable, why, designs.designs)
        if kept == chosen:
            break
        chosen = kept
    adjustments = designs.adjustments(series, chosen)
    return Estimable(
        pairs=tuple(chosen),
        adjustments=tuple(adjustments[pair] for pair in chosen),
        reasons={pair: reason for pair, reason in why.items() if reason},
        months={pair: int(months.sum()) for pair, months in usable.items()},
        designs=designs,
    )


def _pairs_with_rows(series: AlignedSeries) -> list[Pair]:
    return [(int(group), int(metric)) for group, metric in zip(*np.nonzero(series.has_metric), strict=True)]


def _fault(series: AlignedSeries, pair: Pair, months: BoolArray, coupled: Collection[str]) -> str:
    """Return "" for a pair that may be estimated if its design leaves enough, else the reason."""
    if series.metrics[pair[1]] in coupled:
        return reasons.COUPLED
    if pair in series.faults:
        return series.faults[pair]
    if not months.any():
        return reasons.ALL_MISSING
    return reasons.TOO_FEW_MONTHS if months.sum() < FEWEST_MONTHS_POOLED else ""


def _choose(
    series: AlignedSeries, usable: Mapping[Pair, BoolArray], why: dict[Pair, str], designs: Mapping[int, FloatArray]
) -> list[Pair]:
    """Return the pairs without a reason of which their group's design leaves enough; the others get their reason."""
    of_points: dict[tuple[int, bytes], tuple[FloatArray, bool]] = {}
    for pair in [pair for pair, reason in why.items() if not reason]:
        months, key = usable[pair], (pair[0], usable[pair].tobytes())
        if key not in of_points:
            basis = full_rank(designs[pair[0]][months])
            of_points[key] = basis, is_constant(series.points[pair[0], months], basis)
        why[pair] = _too_little_left(series.results[pair][months], *of_points[key])
    return [pair for pair, reason in why.items() if not reason]


def _too_little_left(results: FloatArray, basis: FloatArray, points_are_constant: bool) -> str:
    if basis.shape[0] - basis.shape[1] < FEWEST_DOF:
        return reasons.TOO_FEW_MONTHS
    return reasons.CONSTANT if points_are_constant or is_constant(results, basis) else ""
