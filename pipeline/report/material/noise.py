"""Whether groups stand apart by more than their points move from month to month anyway."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from pipeline.periods import months_of
from pipeline.stats import xmr
from pipeline.stats.xmr import LIMIT_FACTOR

FEWEST_MONTHS = 6  # below this a mean moving range is a guess (Wheeler: useful limits from about six points on)


@dataclass(frozen=True)
class MonthlyNoise:
    """How far apart two means of a quarter must be to stand out; ``clear_gap`` is None with too few months to tell."""

    clear_gap: float | None

    def is_clear(self, gap: float) -> bool:
        """Tell whether a difference of two quarter means is larger than what the months do by themselves."""
        return self.clear_gap is not None and abs(gap) > self.clear_gap


def monthly_noise(points: pd.DataFrame, months_per_mean: int) -> MonthlyNoise:
    """Return the noise of differences between means of ``months_per_mean`` months of ``points``."""
    return noise_of_means(mean_moving_range(points), months_per_mean)


def noise_of_means(moving_range: float | None, months_per_mean: int) -> MonthlyNoise:
    """Return the noise of differences between means of ``months_per_mean`` months, by their `mean_moving_range`.

    XmR limits stand at 2.66 mean moving ranges, three standard deviations of one month; a mean of m months varies by
    1/sqrt(m) of that, and a difference of two means by sqrt(2/m).
    """
    if moving_range is None or months_per_mean < 1:
        return MonthlyNoise(None)
    return MonthlyNoise(LIMIT_FACTOR * moving_range * sqrt(2 / months_per_mean))


def mean_moving_range(points: pd.DataFrame) -> float | None:
    """Return the mean moving range of the groups' monthly points; ``None`` with too few months to tell.

    ``points`` has party_group, month, total_points (missing months stay missing). The moving ranges of the groups are
    averaged, since one group alone has few.
    """
    ranges = []
    for _, own in points.sort_values("month").groupby("party_group"):
        if own["total_points"].notna().sum() >= FEWEST_MONTHS:
            ranges.append(float(xmr(own["total_points"])["moving_range"]))
    return float(np.mean(ranges)) if ranges and np.isfinite(ranges).all() else None


def fewest_months(points: pd.DataFrame, *quarters: pd.Period) -> int:
    """Return the fewest months with points that a group has in one of ``quarters``; 0 where none has any.

    A group that began or ended within a quarter has fewer than three: its mean varies more, and any gap to it.
    """
    counts = [
        points[points["month"].isin(months_of(quarter))].groupby("party_group")["total_points"].count()
        for quarter in quarters
    ]
    known = pd.concat(counts)
    return int(known[known > 0].min()) if (known > 0).any() else 0


def noise_of_rank(noise: MonthlyNoise, rank_basis: str, points_weight: float) -> MonthlyNoise:
    """Return the noise in the score that ranks: in the quarter score the mean of months counts by its weight only."""
    if noise.clear_gap is None or rank_basis != "quarter_score":
        return noise
    return MonthlyNoise(noise.clear_gap * points_weight)
