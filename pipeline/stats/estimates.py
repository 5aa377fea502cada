"""The correlations of all pairs: as observed, without each month, and of the surrogates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.stats.aligned import AlignedSeries
from pipeline.stats.lagged import LaggedResults, lag_results, lagged_correlations
from pipeline.stats.pairs import Estimable
from pipeline.stats.sensitivity import correlations_without_each_month
from pipeline.stats.surrogates import innovation_correlation, surrogate_points

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimates:
    """r of N pairs at K lags: ``observed`` (N, K), ``without`` month j (T, N, K), ``null`` (B, N, K).

    ``points`` and ``results`` (N, T) are the adjusted series of the pairs, ``overlap`` (N, K) the months of each r.
    """

    observed: FloatArray
    without: FloatArray
    null: FloatArray
    points: FloatArray
    results: FloatArray
    overlap: FloatArray


def estimate(series: AlignedSeries, chosen: Estimable, max_lag: int, resamples: int, seed: int) -> Estimates:
    """Estimate all pairs of ``chosen`` and what they look like without a relation."""
    pairs = list(zip(chosen.pairs, chosen.adjustments, strict=True))
    known_points, known_results = np.nan_to_num(series.points), np.nan_to_num(series.results)
    points = [adjustment.residual @ known_points[group] for (group, _), adjustment in pairs]
    results = [adjustment.residual @ known_results[pair] for pair, adjustment in pairs]
    lagged = [
        lag_results(result, adjustment, max_lag) for result, adjustment in zip(results, chosen.adjustments, strict=True)
    ]
    alike = _adjusted_alike(chosen)
    without = np.empty((len(series.months), len(pairs), max_lag + 1))
    for numbers in alike:
        first, own = numbers[0], [results[number] for number in numbers]
        without[:, numbers] = correlations_without_each_month(points[first], own, chosen.adjustments[first], max_lag)
    observed = [lagged_correlations(*both) for both in zip(points, lagged, strict=True)]
    return Estimates(
        observed=np.stack(observed),
        without=without,
        null=_null(chosen, alike, lagged, points, resamples, seed),
        points=np.stack(points),
        results=np.stack(results),
        overlap=np.stack([one.overlap.sum(axis=0) for one in lagged]),
    )


def _adjusted_alike(chosen: Estimable) -> list[list[int]]:
    """Return the numbers of the pairs that share an adjustment, and so the adjusted points: one list for each."""
    found: dict[int, list[int]] = {}
    for number, adjustment in enumerate(chosen.adjustments):
        found.setdefault(id(adjustment), []).append(number)
    return list(found.values())


def _null(
    chosen: Estimable,
    alike: list[list[int]],
    lagged: list[LaggedResults],
    adjusted_points: list[FloatArray],
    resamples: int,
    seed: int,
) -> FloatArray:
    """Adjust surrogates of the points as each pair is adjusted and correlate them with its results, (B, N, K)."""
    numbers_of: dict[int, list[int]] = {}
    for number, (group, _) in enumerate(chosen.pairs):
        numbers_of.setdefault(group, []).append(number)
    groups = sorted(numbers_of)
    longest = {group: max(numbers_of[group], key=lambda number: chosen.adjustments[number].dof) for group in groups}
    correlation = innovation_correlation(np.stack([adjusted_points[longest[group]] for group in groups]))
    phi_by_group = chosen.designs.phi_by_group()
    phi = np.array([phi_by_group[group] for group in groups])
    rows = [groups.index(chosen.pairs[numbers[0]][0]) for numbers in alike]
    side_by_side = [
        LaggedResults(
            np.hstack([lagged[number].scaled for number in numbers]),
            np.hstack([lagged[number].overlap for number in numbers]),
        )
        for numbers in alike
    ]
    null = np.empty((resamples, len(chosen.pairs), lagged[0].scaled.shape[1]))
    first = 0
    for surrogates in surrogate_points(correlation, phi, len(adjusted_points[0]), resamples, seed):
        batch = null[first : first + surrogates.shape[1]]
        for numbers, row, own in zip(alike, rows, side_by_side, strict=True):
            adjusted = surrogates[row] @ chosen.adjustments[numbers[0]].residual.T
            r = lagged_correlations(adjusted, own)
            batch[:, numbers] = r.reshape(len(batch), len(numbers), -1)
        first += len(batch)
    return null
