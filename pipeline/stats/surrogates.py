"""Points as they could have been had they nothing to do with the results: AR(1) series that keep the groups' common
moves.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

BATCH = 128  # resamples: what is computed of so many stays in the cache of a core, and needs no new memory


def surrogate_points(
    correlation: FloatArray, phi: FloatArray, months: int, resamples: int, seed: int
) -> Iterator[FloatArray]:
    """Draw ``resamples`` sets of Gaussian AR(1) series (Bühlmann 1997), shape (G, `BATCH`, months) at a time.

    ``correlation`` (G, G) is that of the groups' innovations, ``phi`` (G,) their coefficients. Levels and variances are
    free: correlations do not feel them.
    """
    innovations = np.random.default_rng(seed).standard_normal((len(correlation), resamples, months))
    root, carried = _root(correlation), phi[:, None]
    fresh = np.sqrt(1 - carried**2)
    for first in range(0, resamples, BATCH):
        together = np.tensordot(root, innovations[:, first : first + BATCH], axes=1)
        by_month = np.ascontiguousarray(np.moveaxis(together, 2, 0))  # the numbers of one month side by side
        for month in range(1, months):
            by_month[month] *= fresh
            by_month[month] += carried * by_month[month - 1]
        yield np.moveaxis(by_month, 0, 2)


def ar1_correlation(months: int, phi: float) -> FloatArray:
    """Return the correlation matrix of ``months`` successive values of a stationary AR(1) series."""
    month = np.arange(months)
    return np.asarray(phi ** np.abs(month[:, None] - month[None, :]), dtype=np.float64)


def innovation_correlation(innovations: FloatArray) -> FloatArray:
    """Correlate the groups' whitened residuals, (G, T) with 0 where a month is missing, over the months they share; (G,
    G).

    Uncentred: the residuals have mean zero by the projection. Groups without a shared month count as unrelated.
    """
    present = (innovations != 0).astype(np.float64)
    products = innovations @ innovations.T
    squares = innovations**2 @ present.T  # of the row's group, in the months that the column's group has too
    scale = np.sqrt(squares * squares.T)
    correlation = np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _root(correlation: FloatArray) -> FloatArray:
    """Return R with R R' = the nearest correlation matrix; pairwise estimates over unlike months need not be one."""
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    return np.asarray(root / np.linalg.norm(root, axis=1, keepdims=True), dtype=np.float64)
