"""Fisher's z: intervals for correlations, and the smallest correlation that a sample could have shown."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit  # scipy.stats' take ten times as long for one value, and a second to import

FloatArray = npt.NDArray[np.float64]
Numbers = TypeVar("Numbers", float, npt.NDArray[np.float64])

CONFIDENCE = 0.95
ALPHA = 0.05
POWER = 0.80
ROUNDS = 6  # of Newton's method; the third is right to 14 digits for any sample above 3


def fisher_interval(r: float, standard_error: float) -> tuple[float, float]:
    """Return the 95 % interval of a correlation, given the standard error of its Fisher z (Fisher 1921).

    An infinite standard error (too few rows for an interval) gives (-1, 1), whatever r; otherwise r of exactly 1 or -1
    stays there.
    """
    low, high = fisher_intervals(np.array([r]), np.array([standard_error]))
    return float(low[0]), float(high[0])


def fisher_intervals(r: FloatArray, standard_error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper ends of the `fisher_interval` of many correlations, in the shape of ``r``; missing
    where r or its standard error is.
    """
    half_width = float(ndtri((1 + CONFIDENCE) / 2)) * standard_error
    perfect, tells_nothing = np.abs(r) >= 1, np.isinf(standard_error)
    centre = np.arctanh(np.where(perfect, 0.0, r))
    ends = []
    for side in (-1, 1):
        end = np.tanh(centre + side * np.where(tells_nothing, 0.0, half_width))
        ends.append(np.where(tells_nothing, side, np.where(perfect, np.sign(r), end)))
    return ends[0], ends[1]


def effective_months(months: Numbers, phi_x: Numbers, phi_y: Numbers) -> Numbers:
    """Return how many independent months two AR(1) series are worth: n (1 - phi_x phi_y) / (1 + phi_x phi_y) (Pyper &
    Peterman 1998).
    """
    return months * (1 - phi_x * phi_y) / (1 + phi_x * phi_y)


def smallest_detectable_r(months: float, phi: float = 0.0, critical_r: float | None = None) -> float:
    """Return the smallest |r| that is found with 80 % power; 1.0 when none is.

    ``months`` (also a fraction) is first reduced to `effective_months` with ``phi`` in both series. ``critical_r`` is
    the |r| that the test asks for; by default that of one two-sided t test at .05. Formula: Cohen (1988, p. 546), as in
    R's ``pwr.r.test``: atanh(r) + r / (2 (n - 1)) = atanh(critical r) + z(.80) / sqrt(n - 3). Raises `ValueError`
    naming an argument that is missing (NaN) or out of range.
    """
    _check_arguments(months, phi, critical_r)
    n = effective_months(months, phi, phi)
    if n <= 3:
        return 1.0
    if critical_r is None:
        t = float(stdtrit(n - 2, 1 - ALPHA / 2))
        critical_r = t / np.sqrt(t**2 + n - 2)
    if critical_r >= 1:
        return 1.0
    needed_z = float(np.arctanh(critical_r)) + float(ndtri(POWER)) / np.sqrt(n - 3)
    return _r_of_expected_z(needed_z, n)


def _r_of_expected_z(expected_z: float, n: float) -> float:
    """Return the r whose Fisher z is ``expected_z`` on average in a sample of ``n``: atanh(r) + r / (2 (n - 1)).

    By Newton's method in z = atanh(r), where the slope lies between 1 and 1 + 1 / (2 (n - 1)).
    """
    bias, z = 1 / (2 * (n - 1)), expected_z
    for _ in range(ROUNDS):
        r = float(np.tanh(z))
        z -= (z + bias * r - expected_z) / (1 + bias * (1 - r * r))
    return float(np.tanh(z))


def _check_arguments(months: float, phi: float, critical_r: float | None) -> None:
    if np.isnan(months):
        raise ValueError("months is missing (NaN): expected a number")
    if not -1 <= phi <= 1:
        raise ValueError(f"phi must be between -1 and 1, it is {phi}")
    if critical_r is not None and not critical_r >= 0:
        raise ValueError(f"critical_r must be 0 or more, it is {critical_r}")
