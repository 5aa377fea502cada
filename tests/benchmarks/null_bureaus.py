"""Bureaus in which nothing is related, each disturbed in its own way; the shapes that the calibration is measured on.

Every series is AR(1) noise of unit variance plus season, trend and Spring Festival of its own, unless a scenario says
otherwise. A scenario changes one thing. The data are invented; nothing here knows how the method works.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.periods import month_range, spring_festival_share
from tests.stats.bureaus import FIRST_MONTH, points_table, results_table

Array = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, ...]], Array]
Disturb = Callable[[np.random.Generator, Array, Array], tuple[Array, Array]]

WARM_UP = 60  # months of noise before the first that is used; phi .95 forgets in about as many


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.standard_normal(shape)


def untouched(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    return points, results


@dataclass(frozen=True)
class Scenario:
    """How a bureau is made: phi of the groups in turn, how innovations are drawn, and what disturbs the finished series
    (points (G, T), results (G, M, T)).
    """

    name: str
    phi_points: tuple[float, ...] = (0.5,)
    phi_results: tuple[float, ...] = (0.5,)
    draw: Draw = normal
    season: float = 1.0
    groups: int = 3
    disturb: Disturb = untouched


@dataclass(frozen=True)
class Plant:
    """Innovations of metric m0 tied to those of points ``lag`` months before, in the first ``groups`` groups."""

    rho: float
    lag: int = 0
    groups: int | None = None  # all of them


def make(
    scenario: Scenario, seed: int, months: int, metrics: int = 6, plant: Plant | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return points and results as `assess_relationships` takes them."""
    rng = np.random.default_rng([seed, zlib.crc32(scenario.name.encode())])
    periods, groups = month_range(FIRST_MONTH, FIRST_MONTH + months - 1), scenario.groups
    phi_points = np.resize(scenario.phi_points, groups)
    phi_results = np.resize(scenario.phi_results, groups)[:, None] * np.ones(metrics)
    lag = plant.lag if plant else 0
    points = ar1(rng, phi_points, months + lag, scenario.draw)
    results = ar1(rng, phi_results, months, scenario.draw)
    if plant:
        tied = slice(plant.groups)
        results[tied, 0] = plant.rho * points[tied, :months] + np.sqrt(1 - plant.rho**2) * results[tied, 0]
    points = points[:, lag:] + calendar(rng, (groups,), periods, scenario.season)
    results = results + calendar(rng, (groups, metrics), periods, scenario.season)
    points, results = scenario.disturb(rng, points, results)
    return points_table(points, periods), results_table(results, periods)


def ar1(rng: np.random.Generator, phi: Array, months: int, draw: Draw) -> Array:
    """Return AR(1) series of unit variance (where innovations have one), one for each phi."""
    shocks = draw(rng, (*phi.shape, months + WARM_UP)) * np.sqrt(1 - phi**2)[..., None]
    series = shocks.copy()
    for month in range(1, months + WARM_UP):
        series[..., month] = phi * series[..., month - 1] + shocks[..., month]
    return series[..., WARM_UP:]


def calendar(rng: np.random.Generator, shape: tuple[int, ...], months: list[pd.Period], season: float) -> Array:
    """Return season, trend and festival, each series with its own."""
    monthly = season * rng.standard_normal((*shape, 12))[..., [month.month - 1 for month in months]]
    trend = rng.standard_normal((*shape, 1)) * np.linspace(0, 2, len(months))
    festival = rng.standard_normal((*shape, 1)) * 2 * np.array([spring_festival_share(month) for month in months])
    return monthly + trend + festival


def both(change: Callable[[Array], Array], points: Array, results: Array) -> tuple[Array, Array]:
    return change(points), change(results)


def common_shocks(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """All groups' points share a series, and all groups' results of a metric another one."""
    months = points.shape[-1]
    points = points + ar1(rng, np.array([0.5]), months, normal)
    return points, results + ar1(rng, np.full((1, results.shape[1]), 0.5), months, normal)


def outlier_month(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """Everything falls by eight standard deviations in one month."""
    month = int(rng.integers(2, points.shape[-1] - 2))
    dip = -8.0 * (np.arange(points.shape[-1]) == month)
    return points + dip, results + dip


def random_walk_trends(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """A random walk of its own on top of every series."""
    return both(lambda part: part + np.cumsum(0.5 * rng.standard_normal(part.shape), axis=-1), points, results)


def random_walks(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """Nothing but a random walk in every series."""
    return both(lambda part: np.cumsum(rng.standard_normal(part.shape), axis=-1), points, results)


def common_random_walk(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """The points of all groups drift together, and so do the results of a metric."""
    walks = np.cumsum(0.5 * rng.standard_normal((1 + results.shape[1], points.shape[-1])), axis=-1)
    return points + walks[:1], results + walks[1:]


def bent_trends(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """Every series bends like a parabola, each by its own amount."""
    bend = 3 * np.linspace(-1, 1, points.shape[-1]) ** 2
    return both(lambda part: part + rng.standard_normal((*part.shape[:-1], 1)) * bend, points, results)


def level_breaks(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """Every series breaks once, each at its own month and by its own amount."""
    return both(lambda part: part + _break(rng, part), points, results)


def _break(rng: np.random.Generator, part: Array) -> Array:
    month = rng.integers(6, part.shape[-1] - 6, size=(*part.shape[:-1], 1))
    return 3 * rng.standard_normal(month.shape) * (np.arange(part.shape[-1]) >= month)


def capped(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """Points of a scale that ends at 100, where two in five months stand."""
    return np.minimum(100.0, 99.5 + 2 * points), results


def capped_whole(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """Whole points, and results in percent, both ending at 100."""
    return np.minimum(100.0, np.round(99 + 1.5 * points)), np.minimum(100.0, 98 + 2 * results)


def small_counts(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """Results that are counted, mostly 0 to 4."""
    return points, np.maximum(0.0, np.round(1.5 + 0.8 * results))


def growing_noise(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """Every series swings ten times as far at the end as at the beginning."""
    growth = np.linspace(0.3, 3, points.shape[-1])
    return points * growth, results * growth


def missing_months(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """One value in ten is missing."""
    return both(lambda part: np.where(rng.random(part.shape) < 0.1, np.nan, part), points, results)


def merger(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """The last group joins the first: all of the first's series stand higher from then on, the last has none."""
    months = points.shape[-1]
    after = np.arange(months) >= rng.integers(months // 4, 3 * months // 4)
    points, results = points.copy(), results.copy()
    points[0] += 4.0 * after
    results[0] += 4.0 * rng.uniform(0.5, 1.5, (results.shape[1], 1)) * after
    points[-1, after] = results[-1][:, after] = np.nan
    return points, results


def doubling_merger(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """As in a merger the results add up, in level and in swing, while points, being means, sink a little."""
    months = points.shape[-1]
    after = np.arange(months) >= rng.integers(months // 4, 3 * months // 4)
    points, results = points.copy(), 10 + results
    points[0] -= 2.0 * after
    results[0] *= 1 + 0.8 * after
    return points, results


def new_system(rng: np.random.Generator, points: Array, results: Array) -> tuple[Array, Array]:
    """From one month on every series of every group stands three standard deviations higher."""
    months = points.shape[-1]
    step = 3.0 * (np.arange(months) >= rng.integers(months // 4, 3 * months // 4))
    return points + step, results + step


def student(rng: np.random.Generator, shape: tuple[int, ...], freedom: float) -> Array:
    return rng.standard_t(freedom, size=shape)


def lognormal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.exp(rng.standard_normal(shape)) - np.exp(0.5)


BASE = Scenario("base")
NO_PHI = Scenario("phi 0", (0.0,), (0.0,))
STRESSES = (  # statistics.md, target 3
    Scenario("phi .8", (0.8,), (0.8,)),
    NO_PHI,
    Scenario("common shocks", disturb=common_shocks),
    Scenario("large own seasons", season=4.0),
    Scenario("12 groups", groups=12),
)
OUTLIER = Scenario("one shared outlier month", disturb=outlier_month)
GUARDS = (  # beyond the targets
    Scenario("phi 0, .5, .9 by group", (0.0, 0.5, 0.9), (0.0, 0.5, 0.9)),
    Scenario("phi .95 in one group", (0.0, 0.0, 0.95), (0.0, 0.0, 0.95)),
    Scenario("phi .9 of points alone", (0.9,), (0.0,)),
    Scenario("phi .9 of results alone", (0.0,), (0.9,)),
    Scenario("random-walk trends", disturb=random_walk_trends),
    Scenario("random walks", disturb=random_walks),
    Scenario("common random walk", disturb=common_random_walk),
    Scenario("bent trends", disturb=bent_trends),
    Scenario("level breaks", disturb=level_breaks),
    Scenario("points capped at 100", disturb=capped),
    Scenario("whole points and shares capped", disturb=capped_whole),
    Scenario("small counts", disturb=small_counts),
    Scenario("heavy tails, t with 3", draw=partial(student, freedom=3)),
    Scenario("heavier tails, t with 2", draw=partial(student, freedom=2)),
    Scenario("lognormal", draw=lognormal),
    Scenario("two groups merge", disturb=merger),
    Scenario("a merger that doubles results", disturb=doubling_merger),
    Scenario("all levels rise at once", disturb=new_system),
    Scenario("noise that grows tenfold", disturb=growing_noise),
    Scenario("one value in ten missing", disturb=missing_months),
)
SIX_GROUPS = replace(BASE, name="6 groups", groups=6)
BY_NAME: Mapping[str, Scenario] = {one.name: one for one in (BASE, *STRESSES, OUTLIER, *GUARDS, SIX_GROUPS)}
