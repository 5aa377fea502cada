"""A relation of known strength and lag between the process points as scored and one metric of every group that owns it.

The points are what the rule book makes of the ledgers: capped, in bands, in whole numbers. The relation is planted on
what season, trend, festival and their own autocorrelation leave of them, so that its strength is the correlation that
an ideal report would find.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.benchmarks.tempers import Temper, calendar_of, festival_of
from tests.generator.noise import Array, stream

METRICS = ("volume_xiang", "new_product_shelf_rate_pct")  # each is owned by two of the three groups
STRENGTH = 0.7
LONGEST_LAG = 3  # months, as `assess_relationships` looks at by default


@dataclass(frozen=True)
class Plant:
    """One metric, led by the process points ``lag`` months before."""

    metric: str
    strength: float
    lag: int


def choose_plant(seed: int) -> Plant:
    """Return the metric and the lag of one bureau."""
    rng = stream(seed, "plant")
    return Plant(str(rng.choice(METRICS)), STRENGTH, int(rng.integers(LONGEST_LAG + 1)))


def led_noise(plant: Plant, temper: Temper, group: str, points: Array) -> Array:
    """Return the noise of the planted metric of one group, one value a month.

    Its innovations correlate with those of ``points`` by ``plant.strength``; it keeps the autocorrelation, season,
    trend and festival of the temper. The months before the first points have innovations of their own.
    """
    rng = stream(temper.seed, f"planted {group}")
    innovations = rng.standard_normal(len(points))
    driver = innovations_of(points, temper.months)
    kept = len(points) - plant.lag
    own = np.sqrt(1 - plant.strength**2) * innovations[plant.lag :]
    innovations[plant.lag :] = plant.strength * driver[:kept] + own
    series = np.empty_like(innovations)
    level = rng.standard_normal()
    for month, innovation in enumerate(innovations):
        level = temper.phi_results * level + np.sqrt(1 - temper.phi_results**2) * innovation
        series[month] = level
    return series + calendar_of(temper, f"{plant.metric} {group}")


def innovations_of(points: Array, months: tuple[date, ...]) -> Array:
    """Return what is new in each month's points: after season, trend, festival and one month's carry-over.

    Scaled to a variance of 1 a degree of freedom, so that a projection of other noise onto the same months loses
    neither more nor less than this series.
    """
    calendar = np.eye(12)[[month.month - 1 for month in months]]
    trend = np.linspace(-1, 1, len(months))
    design = np.column_stack([calendar, trend, festival_of(months)])
    basis, triangle = np.linalg.qr(design)
    left = points - basis @ (basis.T @ points)
    freedom = len(points) - int((np.abs(np.diag(triangle)) > 1e-9).sum())
    carried = float(left[1:] @ left[:-1] / (left[:-1] @ left[:-1]))
    new = np.concatenate([left[:1] * np.sqrt(1 - carried**2), left[1:] - carried * left[:-1]])
    return new / np.sqrt((new**2).sum() / freedom)


def plant_effect(
    plant: Plant, temper: Temper, noise: Mapping[str, Mapping[str, Array]], points: Mapping[str, Array]
) -> dict[str, dict[str, Array]]:
    """Return ``noise`` (by group and metric) with the planted metric of every group led by its ``points``."""
    return {
        group: {**own, plant.metric: led_noise(plant, temper, group, points[group])} for group, own in noise.items()
    }
