"""Partial pooling: what the groups' correlations are worth once each has borrowed from the others."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit  # scipy.stats' take ten times as long for a handful of values

from pipeline.stats.fisher import CONFIDENCE

FloatArray = npt.NDArray[np.float64]

FEWEST_TO_POOL = 2  # one group has nobody to borrow from
MOST_STEPS = 200  # of Newton from tau² = 0; each doubles tau² + v until it is near, some ten do for correlations
SETTLED = 1e-14  # a step of tau², as a share of tau² + the smallest variance


@dataclass(frozen=True)
class Shrunk:
    """Partially pooled correlations of M metrics and G groups, missing where a group has no r, intervals of 95 %.

    ``r``, ``low``, ``high``: (M, G), of each group. ``mean``, ``mean_low``, ``mean_high``: (M,), of groups such as
    these. ``tau2``: (M,), variance between groups in Fisher's z, missing where fewer than two groups could be pooled.
    """

    r: FloatArray
    low: FloatArray
    high: FloatArray
    mean: FloatArray
    mean_low: FloatArray
    mean_high: FloatArray
    tau2: FloatArray


@dataclass(frozen=True)
class RandomEffects:
    """Random effects of M sets of G estimates: tau², mean and its variance, (M,); estimates and variances, (M, G)."""

    tau2: FloatArray
    mean: FloatArray
    mean_variance: FloatArray
    count: FloatArray  # (M,), estimates that were pooled
    estimate: FloatArray
    variance: FloatArray


def shrink(r: FloatArray, standard_error: FloatArray) -> Shrunk:
    """Pool the groups of each metric partially; ``r`` and ``standard_error`` (of Fisher's z) are (M, G), NaN missing.

    The true z of groups scatter about their mean with variance tau² (`random_effects`). A group keeps the share tau² /
    (tau² + se²) of its own z and takes the rest from the mean. With one group only, nothing is pooled: it keeps its own
    r and interval, which are those of the mean as well. So does, whatever the others, a group without precision (se
    infinite: interval (-1, 1)) or of r exactly 1 or -1 (which has no z; interval without width, as `fisher_interval`);
    the others are pooled without it. Groups count as independent of each other, given the mean.

    The mean's interval is Hartung & Knapp's with G - 1 degrees of freedom and never narrower than the errors alone
    would make it (Knapp & Hartung 2003; Roever, Knapp & Friede 2015); with two groups it says hardly anything, for two
    groups tell nothing about groups such as these. Raises `ValueError` for other shapes, |r| > 1 and a known r whose
    standard error is missing or not positive.
    """
    r, standard_error = np.asarray(r, dtype=np.float64), np.asarray(standard_error, dtype=np.float64)
    known = _checked(r, standard_error)
    pooled = known & np.isfinite(standard_error) & (np.abs(r) < 1)
    z = np.arctanh(np.where(pooled, r, np.nan))
    fit = random_effects(z, np.where(pooled, standard_error, np.nan) ** 2)
    many = fit.count >= FEWEST_TO_POOL
    half_width = float(ndtri((1 + CONFIDENCE) / 2)) * np.sqrt(fit.variance)
    of_groups = np.tanh([fit.estimate, fit.estimate - half_width, fit.estimate + half_width])
    of_groups = np.where(pooled, of_groups, _unpooled(r, standard_error))
    quantile = stdtrit(np.where(many, fit.count - 1, np.nan), (1 + CONFIDENCE) / 2)
    mean_half_width = quantile * np.sqrt(fit.mean_variance)
    mean = np.tanh([fit.mean, fit.mean - mean_half_width, fit.mean + mean_half_width])
    alone = fit.count == 1
    mean[:, alone] = np.where(pooled, of_groups, 0.0).sum(axis=2)[:, alone]
    return Shrunk(
        r=of_groups[0],
        low=of_groups[1],
        high=of_groups[2],
        mean=mean[0],
        mean_low=mean[1],
        mean_high=mean[2],
        tau2=np.where(many, fit.tau2, np.nan),
    )


def random_effects(estimate: FloatArray, variance: FloatArray) -> RandomEffects:
    """Fit random effects to every row of ``estimate`` (M, G) with known ``variance``, and shrink the estimates.

    tau² by Paule & Mandel (1982), the root of sum (y - mean)² / (tau² + v) = G - 1, or 0. Mean variance: 1 / sum w, w =
    1 / (tau² + v); Hartung & Knapp's factor sum w (y - mean)² / (G - 1) is just 1 at that root, and where tau² is 0 it
    is below 1 and held at 1. Variance of a shrunk estimate, with B = v w: (1 - B) v + B² var(mean) + 2 g, g = v² w³ * 2
    G / (sum w)²: the last two terms as neither mean nor tau² is known (Prasad & Rao 1990; Datta, Rao & Smith 2005 for
    this tau², without their last term, which would take a little off). It is at most v: borrowing never makes an
    interval wider. In simulations of 2 to 12 groups and tau² of 0 to 4 v the 95 % intervals held 95 to 99.8 % of the
    groups' true values; without those two terms 25 to 93 %. One estimate stays as it is and is the mean; none: NaN.
    """
    known = ~np.isnan(estimate)
    count = known.sum(axis=1).astype(np.float64)
    values, errors = np.where(known, estimate, 0.0), np.where(known, variance, np.inf)  # a missing one weighs nothing
    with np.errstate(invalid="ignore", divide="ignore"):  # rows of none or one, which come out as NaN or as they are
        tau2 = _paule_mandel(values, errors, count)
        weight = 1 / (errors + tau2[:, None])
        total = weight.sum(axis=1)
        mean = (weight * values).sum(axis=1) / total
        mean_variance = 1 / total
        given = errors * weight  # B, what a group takes from the mean
        of_tau2 = given**2 * weight * (2 * count / total**2)[:, None]
        shrunk_variance = (1 - given) * variance + given**2 * mean_variance[:, None] + 2 * of_tau2
    shrunk = estimate + given * (mean[:, None] - estimate)
    return RandomEffects(tau2, mean, mean_variance, count, shrunk, np.minimum(shrunk_variance, variance))


def _paule_mandel(estimate: FloatArray, variance: FloatArray, count: FloatArray) -> FloatArray:
    """Return tau² of every row by Newton's steps from 0: the sum falls and is convex in tau², so none goes too far."""
    least = variance.min(axis=1, initial=np.inf)
    tau2 = np.zeros(len(estimate))
    for _ in range(MOST_STEPS):
        weight = 1 / (variance + tau2[:, None])
        mean = (weight * estimate).sum(axis=1) / weight.sum(axis=1)
        weighted_squares = weight * (estimate - mean[:, None]) ** 2
        excess = weighted_squares.sum(axis=1) - (count - 1)
        is_open = (count >= FEWEST_TO_POOL) & (excess > 0)
        step = np.where(is_open, excess / (weight * weighted_squares).sum(axis=1), 0.0)
        tau2 += step
        if (step <= SETTLED * (tau2 + least)).all():
            return tau2
    raise ArithmeticError(f"tau² of {int(is_open.sum())} metrics did not settle in {MOST_STEPS} steps")


def _checked(r: FloatArray, standard_error: FloatArray) -> npt.NDArray[np.bool_]:
    """Return where r is known, (M, G)."""
    if r.ndim != 2 or r.shape != standard_error.shape:
        raise ValueError(
            f"r is {r.shape} and standard_error {standard_error.shape}: expected (metrics, groups) for both"
        )
    if (np.abs(r) > 1).any():
        raise ValueError(f"r holds {np.nanmax(np.abs(r))}: expected correlations from -1 to 1")
    known = ~np.isnan(r)
    if not (standard_error[known] > 0).all():
        raise ValueError("standard_error must be above 0 wherever r is known")
    return known


def _unpooled(r: FloatArray, standard_error: FloatArray) -> FloatArray:
    """Return r, low and high, (3, M, G), of groups that are not pooled."""
    no_precision = np.isinf(standard_error) & ~np.isnan(r)
    return np.stack([r, np.where(no_precision, -1.0, r), np.where(no_precision, 1.0, r)])
