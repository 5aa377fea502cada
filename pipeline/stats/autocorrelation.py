"""How strongly each group's months carry over into the next: AR(1) coefficients, drawn towards each other as far as the
data say that they are alike.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp, softmax

from pipeline.stats.adjust import ar1_whitening, full_rank

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

PHI_GRID = np.arange(-0.50, 0.981, 0.04)  # stationary; monthly management data are rarely below 0
NOTHING_LEFT = 1e-20  # of the squares of a series: less is rounding, whose logarithm says nothing
SPREADS = np.array([0.02, 0.05, 0.1, 0.2, 0.4])  # of phi between groups: from nearly alike to nearly anything

Block = tuple[BoolArray, FloatArray]  # usable months (T,), the series usable in just these (n, S)
Place = tuple[bytes, bytes]  # usable months and design


@dataclass(frozen=True)
class GroupPhi:
    """The AR(1) coefficients of G groups: ``posterior`` (G, K) over `PHI_GRID`, ``mean`` (G,)."""

    posterior: FloatArray
    mean: FloatArray


@dataclass(frozen=True)
class Whitened:
    """One design on one set of n usable months, whitened with every phi of `PHI_GRID`.

    ``whitening`` (K, n, n), ``orthonormal`` (K, n, columns) spans the whitened design, ``log_det`` (K,) is of both.
    """

    whitening: FloatArray
    orthonormal: FloatArray
    log_det: FloatArray


def log_likelihood(blocks: list[Block], design: FloatArray, known: dict[Place, Whitened]) -> FloatArray:
    """Return the restricted log-likelihood, up to a constant, of one AR(1) coefficient for all series at every phi of
    `PHI_GRID`, (K,).

    REML (Patterson & Thompson 1971) takes the likelihood of what the projection leaves, which corrects the bias towards
    -1 that residuals of a dozen dummies have; every series has a variance of its own. ``known`` keeps what is whitened
    for the next group with the same months and design: most groups have both in common.
    """
    criterion = np.zeros(len(PHI_GRID))
    for usable, series in blocks:
        place = (usable.tobytes(), design.tobytes())
        if place not in known:
            known[place] = _whitened(usable, design)
        whitening, orthonormal = known[place].whitening, known[place].orthonormal
        white = whitening @ series  # (K, n, S)
        left = white - orthonormal @ (orthonormal.swapaxes(1, 2) @ white)  # a difference of squares could round to 0
        dof = orthonormal.shape[1] - orthonormal.shape[2]
        squares = np.maximum((left**2).sum(axis=1), NOTHING_LEFT * (white**2).sum(axis=1))
        criterion += series.shape[1] * known[place].log_det + dof * np.log(squares).sum(axis=1)
    return -criterion / 2


def _whitened(usable: BoolArray, design: FloatArray) -> Whitened:
    whitening, log_det = ar1_whitening(np.flatnonzero(usable), PHI_GRID)
    orthonormal, triangle = np.linalg.qr(whitening @ full_rank(design[usable]))
    log_det_design = 2 * np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2))).sum(axis=1)
    return Whitened(whitening, orthonormal, log_det + log_det_design)


def group_phi(likelihoods: FloatArray) -> GroupPhi:
    """Estimate the AR(1) coefficient of every group from `log_likelihood`, (G, K).

    Each group's phi comes from a normal distribution around a common centre, cut off at the ends of the grid; centre
    and spread are unknown and averaged over (hierarchical Bayes, flat on the grid: with three groups a single best
    spread is 0 too often). Alike groups share one phi, unlike ones keep their own.
    """
    if not len(likelihoods):
        return GroupPhi(np.zeros((0, len(PHI_GRID))), np.zeros(0))
    apart = (PHI_GRID[None, None, :] - PHI_GRID[:, None, None]) / SPREADS[None, :, None]  # (centre, spread, K)
    prior = -0.5 * apart.reshape(-1, len(PHI_GRID)) ** 2  # logarithms throughout: many series make a likelihood sharp
    prior -= logsumexp(prior, axis=1, keepdims=True)
    joint = prior[:, None, :] + likelihoods[None, :, :]  # (centre x spread, G, K)
    marginal = logsumexp(joint, axis=2)
    weight = softmax(marginal.sum(axis=1))
    posterior = np.tensordot(weight, np.exp(joint - marginal[:, :, None]), axes=1)
    return GroupPhi(posterior, posterior @ PHI_GRID)
