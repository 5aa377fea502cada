"""The pairs of points and results that can be estimated, how each is adjusted, and the reasons of the others."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.stats import reasons
from pipeline.stats.abnormal import shared_abnormal_months
from pipeline.stats.adjust import Adjustment, adjustment, design_matrix, full_rank, is_constant, pooled_phi
from pipeline.stats.aligned import AlignedSeries

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

FEWEST_MONTHS_POOLED = 24  # eligibility, statistics.md: under two years season and relation cannot be told apart
FEWEST_DOF = 4  # after the adjustment: Fisher's z needs more than 2

Pair = tuple[int, int]  # group number, metric number
Block = tuple[BoolArray, FloatArray]  # usable months (T,), the series usable in just these (n, S)


@dataclass(frozen=True)
class Estimable:
    """The N pairs that can be estimated and how each is adjusted; ``reasons`` holds a code for every other pair with
    rows.
    """

    pairs: tuple[Pair, ...]
    adjustments: tuple[Adjustment, ...]  # (N,); pairs with the same months share one object
    reasons: dict[Pair, str]
    months: dict[Pair, int]  # usable months of every pair with rows
    phi: float


def estimable_pairs(series: AlignedSeries, coupled: Collection[str]) -> Estimable:
    """Choose the pairs that can be estimated and build their adjustments (abnormal months and phi are shared by all of
    them).
    """
    design = design_matrix(series.months, np.empty(0, dtype=np.int64))
    usable = {pair: series.usable(*pair) for pair in _pairs_with_rows(series)}
    why = {pair: _why_not(series, pair, months, design, coupled) for pair, months in usable.items()}
    chosen = [pair for pair, reason in why.items() if not reason]
    blocks = _blocks(series, chosen)
    abnormal = shared_abnormal_months(series.months, blocks)
    if len(abnormal):
        design = design_matrix(series.months, abnormal)
        why |= {pair: _why_not(series, pair, usable[pair], design, coupled) for pair in chosen}
        chosen = [pair for pair in chosen if not why[pair]]
        blocks = _blocks(series, chosen)
    phi = pooled_phi(blocks, design)
    by_months = {months.tobytes(): adjustment(months, design, phi) for months in (usable[pair] for pair in chosen)}
    return Estimable(
        pairs=tuple(chosen),
        adjustments=tuple(by_months[usable[pair].tobytes()] for pair in chosen),
        reasons={pair: reason for pair, reason in why.items() if reason},
        months={pair: int(months.sum()) for pair, months in usable.items()},
        phi=phi,
    )


def _pairs_with_rows(series: AlignedSeries) -> list[Pair]:
    return [(int(group), int(metric)) for group, metric in zip(*np.nonzero(series.has_metric), strict=True)]


def _why_not(series: AlignedSeries, pair: Pair, months: BoolArray, design: FloatArray, coupled: Collection[str]) -> str:
    """Return "" for a pair that can be estimated, else the reason."""
    group, metric = pair
    if series.metrics[metric] in coupled:
        return reasons.COUPLED
    if pair in series.faults:
        return series.faults[pair]
    if not months.any():
        return reasons.ALL_MISSING
    if months.sum() < FEWEST_MONTHS_POOLED:
        return reasons.TOO_FEW_MONTHS
    basis = full_rank(design[months])
    if basis.shape[0] - basis.shape[1] < FEWEST_DOF:
        return reasons.TOO_FEW_MONTHS
    both = (series.points[group, months], series.results[group, metric, months])
    return reasons.CONSTANT if any(is_constant(values, basis) for values in both) else ""


def _blocks(series: AlignedSeries, pairs: list[Pair]) -> list[Block]:
    """Return every series of the pairs once (points of a group, results of a pair), by their usable months."""
    rows = [series.points[group] for group in sorted({group for group, _ in pairs})]
    rows += [series.results[pair] for pair in pairs]
    blocks: dict[bytes, tuple[BoolArray, list[FloatArray]]] = {}
    for row in rows:
        present = np.isfinite(row)
        blocks.setdefault(present.tobytes(), (present, []))[1].append(row[present])
    return [(present, np.column_stack(columns)) for present, columns in blocks.values()]
