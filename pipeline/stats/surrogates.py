"""Points as they could have been had they nothing to do with the results: AR(1) series that keep the groups' common
moves.
"""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def surrogate_points(correlation: FloatArray, phi: FloatArray, months: int, resamples: int, seed: int) -> FloatArray:
    """Draw ``resamples`` sets of Gaussian AR(1) series (Bühlmann 1997), shape (G, resamples, months).

    ``correlation`` (G, G) is that of the groups' innovations, ``phi`` (G,) or (G, resamples) their coefficients. Levels
    and variances are free: correlations do not feel them.
    """
    innovations = np.random.default_rng(seed).standard_normal((len(correlation), resamples, months))
    together = np.tensordot(_root(correlation), innovations, axes=1)
    carried = np.broadcast_to(phi.reshape(len(phi), -1), together.shape[:2])
    fresh = np.sqrt(1 - carried**2)
    for month in range(1, months):
        together[..., month] = carried * together[..., month - 1] + fresh * together[..., month]
    return together


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
