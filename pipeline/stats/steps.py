"""Months from which on everything a group does stands at another level: two groups merged, or a third of one left.

Such a step is one event, and it makes all series of the group correlate with each other.
"""

import numpy as np
import numpy.typing as npt

from pipeline.stats.adjust import CONSTANT_TOLERANCE, Adjustment

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STEP_T = 2.25  # calibrated (docs/methods.md): a lower one costs power, a higher one leaves smaller mergers in
SHARE_OF_RESULTS = 1 / 3  # as for an abnormal month (statistics.md, "Sensitivity")
FEWEST_MONTHS_BEFORE = 3  # and after: a level of one or two months is an outlier


def step_design(months: int, first_months: IntArray) -> FloatArray:
    """Return a column for each of ``first_months`` (positions), 1 from that month on, shape (months, steps)."""
    return (np.arange(months)[:, None] >= first_months[None, :]).astype(np.float64)


def shared_step(points: FloatArray, results: list[tuple[FloatArray, Adjustment]]) -> int | None:
    """Return the month (position) at which the points and at least a third of the results of one group step most
    clearly; None where there is none.

    ``points`` (T,) is not adjusted; each result, (T,), comes with the adjustment of its pair, which the points go
    through too. Missing months are 0. A step is clear where the t of a dummy from that month on exceeds `STEP_T` in
    either direction.
    """
    fits = {id(fit): fit for _, fit in results}  # results on the same months share one
    candidates = {name: _step_directions(fit) for name, fit in fits.items()}
    t_points = np.max([_step_t(fit.residual @ points, candidates[name], fit.dof) for name, fit in fits.items()], axis=0)
    steps = np.stack([_step_t(fit.residual @ result, candidates[id(fit)], fit.dof) for result, fit in results])
    shared = (t_points > STEP_T) & (np.mean(steps > STEP_T, axis=0) >= SHARE_OF_RESULTS)
    if not shared.any():
        return None
    strength = np.where(shared, t_points**2 + (steps**2).mean(axis=0), 0.0)
    return int(np.argmax(strength))


def _step_directions(fit: Adjustment) -> FloatArray:
    """Return what the adjustment leaves of a step at every month, of unit length, (T, month); 0 where nothing is left
    or where too few months stand on one side.
    """
    months = len(fit.usable)
    left = fit.residual @ (step_design(months, np.arange(months)) * fit.usable[:, None])
    length = np.linalg.norm(left, axis=0)
    before = np.cumsum(fit.usable.astype(np.int64)) - fit.usable
    tested = (before >= FEWEST_MONTHS_BEFORE) & (fit.usable.sum() - before >= FEWEST_MONTHS_BEFORE)
    tested &= length > CONSTANT_TOLERANCE * length.max()
    return np.divide(left, length, out=np.zeros_like(left), where=tested)


def _step_t(adjusted: FloatArray, candidates: FloatArray, dof: int) -> FloatArray:
    """Return |t| of a step at every month, (T,), in one adjusted series."""
    along = candidates.T @ adjusted
    rest = np.maximum(adjusted @ adjusted - along**2, CONSTANT_TOLERANCE * (adjusted @ adjusted))
    return np.abs(along) / np.sqrt(rest / (dof - 1))
