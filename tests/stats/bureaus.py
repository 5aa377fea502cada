"""Small synthetic bureaus for tests of relationships: AR(1) noise, a calendar, a relation where one is planted."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.periods import month_range, spring_festival_share

FIRST_MONTH = pd.Period("2018-11", freq="M")
WARM_UP = 24  # months of AR(1) noise before the first that is used
PHI = 0.5


def noise(rng: np.random.Generator, shape: tuple[int, ...], months: int) -> npt.NDArray[np.float64]:
    """Return AR(1) series of unit variance, ``shape`` of them."""
    shocks = rng.standard_normal((*shape, months + WARM_UP)) * np.sqrt(1 - PHI**2)
    series = np.zeros_like(shocks)
    for month in range(1, months + WARM_UP):
        series[..., month] = PHI * series[..., month - 1] + shocks[..., month]
    return series[..., WARM_UP:]


def calendar(rng: np.random.Generator, shape: tuple[int, ...], months: list[pd.Period]) -> npt.NDArray[np.float64]:
    """Return season, trend and festival, each series with its own."""
    season = rng.standard_normal((*shape, 12))[..., [month.month - 1 for month in months]]
    trend = rng.standard_normal((*shape, 1)) * np.linspace(0, 2, len(months))
    festival = rng.standard_normal((*shape, 1)) * 2 * np.array([spring_festival_share(month) for month in months])
    return season + trend + festival


def make_bureau(
    seed: int, months: int = 36, groups: int = 3, metrics: int = 6, rho: float = 0.0, lag: int = 0, shock: float = 0.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return points and results; ``rho`` ties metric m0 of every group to its points ``lag`` months before.

    ``shock`` is added to every series in the sixteenth month.
    """
    rng = np.random.default_rng(seed)
    periods = month_range(FIRST_MONTH, FIRST_MONTH + months - 1)
    points = noise(rng, (groups,), months + lag)
    results = noise(rng, (groups, metrics), months)
    results[:, 0] = rho * points[:, :months] + np.sqrt(1 - rho**2) * results[:, 0]
    points = points[:, lag:] + calendar(rng, (groups,), periods)
    results = results + calendar(rng, (groups, metrics), periods)
    points[:, 15:16] += shock
    results[:, :, 15:16] += shock
    return points_table(points, periods), results_table(results, periods)


def points_table(points: npt.NDArray[np.float64], months: list[pd.Period]) -> pd.DataFrame:
    """Return (groups, months) as the tidy table that `assess_relationships` takes."""
    groups = [f"group {number}" for number in range(len(points))]
    index = pd.MultiIndex.from_product([groups, months], names=["group", "month"])
    return pd.DataFrame({"value": points.ravel()}, index=index).reset_index()


def results_table(results: npt.NDArray[np.float64], months: list[pd.Period]) -> pd.DataFrame:
    """Return (groups, metrics, months) as the tidy table that `assess_relationships` takes."""
    groups = [f"group {number}" for number in range(results.shape[0])]
    metrics = [f"m{number}" for number in range(results.shape[1])]
    index = pd.MultiIndex.from_product([groups, metrics, months], names=["group", "metric", "month"])
    return pd.DataFrame({"value": results.ravel()}, index=index).reset_index()
