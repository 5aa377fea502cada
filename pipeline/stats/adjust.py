"""Season, festival, trend and autocorrelation: the linear map that leaves of a series only what it did unexpectedly.

Both series of a pair go through the same map on the same months (Frisch-Waugh), so that nothing the calendar explains
can correlate.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.periods import festival_regressor
from pipeline.stats.columns import ROUNDING

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

RANK_TOLERANCE = 1e-10  # singular values this small beside the largest are zero
CONSTANT_TOLERANCE = 1e-10  # what is this small beside the largest of its kind is rounding, after projections


@dataclass(frozen=True)
class Adjustment:
    """The map of one set of usable months (T months in all).

    ``residual`` (T, T) takes a series (missing months 0) to whitened residuals with unit-variance noise; missing months
    stay 0. ``dof`` is the number of dimensions that are left.
    """

    usable: BoolArray  # (T,)
    residual: FloatArray  # (T, T)
    dof: int


def design_matrix(months: pd.PeriodIndex) -> FloatArray:
    """Return a column per calendar month, the trend and the Spring Festival; shape (T, columns)."""
    calendar = np.asarray(months.month)
    season = (calendar[:, None] == np.unique(calendar)[None, :]).astype(np.float64)
    trend = np.linspace(-1.0, 1.0, len(months))[:, None]
    festival = festival_regressor(list(months))[:, None]
    return np.hstack([season, trend, festival])


def with_dummies(design: FloatArray, positions: IntArray) -> FloatArray:
    """Return the design with a column for each of the months at ``positions``, 1 in that month alone."""
    return np.hstack([design, np.eye(len(design))[:, positions]])


def full_rank(columns: FloatArray) -> FloatArray:
    """Return an orthonormal basis of the space that the columns span."""
    left, singular, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(left[:, singular > RANK_TOLERANCE * singular[0]], dtype=np.float64)


def is_constant(values: FloatArray, basis: FloatArray) -> bool:
    """Tell whether the usable values of a series hold nothing beyond the design but the rounding of floats (a constant
    series holds nothing at all).
    """
    centred = values - values.mean()
    left = centred - basis @ (basis.T @ centred)
    return bool(np.linalg.norm(left) <= ROUNDING * np.linalg.norm(values))


def ar1_whitening(positions: IntArray, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return for each of K phis the matrix P with P Sigma P' = I, (K, n, n), and log|Sigma|, (K,).

    Sigma is the correlation of an AR(1) series at ``positions`` (n months, in order, gaps allowed). Without gaps this
    is Prais & Winsten (1954); across a gap of d months the correlation is phi^d.
    """
    n = len(positions)
    carried = phi[:, None] ** np.diff(positions)[None, :]  # (K, n - 1)
    scale = 1 / np.sqrt(1 - carried**2)
    whitening = np.zeros((len(phi), n, n))
    row = np.arange(1, n)
    whitening[:, 0, 0] = 1.0
    whitening[:, row, row] = scale
    whitening[:, row, row - 1] = -carried * scale
    return whitening, -2 * np.log(scale).sum(axis=1)


def adjustment(usable: BoolArray, design: FloatArray, phi: float) -> Adjustment:
    """Whiten with ``phi``, then project the whitened design out, for one set of usable months."""
    whitening = ar1_whitening(np.flatnonzero(usable), np.array([phi]))[0][0]
    orthonormal = np.linalg.qr(whitening @ full_rank(design[usable]))[0]
    residual = np.zeros((len(usable), len(usable)))
    residual[np.ix_(usable, usable)] = whitening - orthonormal @ (orthonormal.T @ whitening)
    return Adjustment(usable, residual, int(usable.sum()) - orthonormal.shape[1])
