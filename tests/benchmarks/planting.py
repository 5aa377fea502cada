"""A relation of known strength and lag between the process points as scored and one metric of every group that owns it.

The points are what the rule book makes of the ledgers: capped, in bands, in whole numbers. The relation is planted on
what season, trend and festival leave of them, so that its strength is the correlation that an ideal report would find.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.benchmarks.tempers import Temper, calendar_of, festival_of
from tests.generator.noise import BURN_IN, Array, ar1, led_by, stream

METRICS = ("volume_xiang", "new_product_shelf_rate_pct")  # each is owned by two of the three groups
STRENGTH = 0.7
ROUNDING = 1e-9
LONGEST_LAG = 3  # months, as `assess_relationships` looks at by default


@dataclass(frozen=True)
class Plant:
    """One metric, led by the process points ``lag`` months before.

    Not carried: a good month of points shows in one month of the metric, whose own noise alone is autocorrelated (as in
    the sample's generator). Carried: it shows in that month and fades as the metric's noise does.
    """

    metric: str
    lag: int
    is_carried: bool
    strength: float = STRENGTH


def choose_plant(seed: int, is_carried: bool) -> Plant:
    """Return the metric and the lag of one bureau."""
    rng = stream(seed, "plant")
    return Plant(str(rng.choice(METRICS)), int(rng.integers(LONGEST_LAG + 1)), is_carried)


def led_noise(plant: Plant, temper: Temper, group: str, points: Array) -> Array:
    """Return the noise of the planted metric of one group, one value a month, with season, trend and festival.

    Its unit noise (carried: the innovations of it) correlates with that of ``points`` (their innovations) by
    ``plant.strength``. The months before the first points have noise of their own.
    """
    rng = stream(temper.seed, f"planted {group}")
    if plant.is_carried:
        own = rng.standard_normal(len(points) + BURN_IN)
        own[BURN_IN:] = led_by(own[BURN_IN:], innovations_of(points, temper.months), plant.strength, plant.lag)
        series = filtered(own, temper.phi_results)[BURN_IN:]
    else:
        own = ar1(rng, len(points), temper.phi_results)
        series = led_by(own, left_by_calendar(points, temper.months), plant.strength, plant.lag)
    return series + calendar_of(temper, f"{plant.metric} {group}")


def left_by_calendar(points: Array, months: tuple[date, ...]) -> Array:
    """Return what season, trend and festival leave of the points.

    Scaled to a variance of 1 a degree of freedom, so that projecting out the calendar takes no larger share of the
    noise beside it than of this series.
    """
    calendar = np.eye(12)[[month.month - 1 for month in months]]
    trend = np.linspace(-1, 1, len(months))
    design = np.column_stack([calendar, trend, festival_of(months)])
    basis, triangle = np.linalg.qr(design)
    left = points - basis @ (basis.T @ points)
    freedom = len(points) - int((np.abs(np.diag(triangle)) > ROUNDING).sum())
    return left / np.sqrt((left**2).sum() / freedom)


def innovations_of(points: Array, months: tuple[date, ...]) -> Array:
    """Return what `left_by_calendar` leaves, less what is carried over from the month before, to unit variance."""
    left = left_by_calendar(points, months)
    carried = float(left[1:] @ left[:-1] / (left @ left))
    return np.concatenate([left[:1], (left[1:] - carried * left[:-1]) / np.sqrt(1 - carried**2)])


def filtered(innovations: Array, phi: float) -> Array:
    """Return the AR(1) series of unit variance that unit innovations make."""
    series = innovations.copy()
    for month in range(1, len(series)):
        series[month] = phi * series[month - 1] + np.sqrt(1 - phi**2) * innovations[month]
    return series


def plant_effect(
    plant: Plant, temper: Temper, noise: Mapping[str, Mapping[str, Array]], points: Mapping[str, Array]
) -> dict[str, dict[str, Array]]:
    """Return ``noise`` (by group and metric) with the planted metric of every group led by its ``points``."""
    return {
        group: {**own, plant.metric: led_noise(plant, temper, group, points[group])} for group, own in noise.items()
    }
