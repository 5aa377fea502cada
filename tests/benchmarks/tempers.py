"""What one generated bureau is like, chosen by its seed, and the activity and results that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from pipeline.periods import spring_festival_share
from tests.generator.calendar import months_between, shift
from tests.generator.noise import Array, ar1, stream
from tests.generator.people import People
from tests.generator.process import STANDING
from tests.generator.results import EFFECT_METRICS

YEARS = (2019, 2020, 2021)  # the first of them; the Spring Festival falls on either side of 5 February after each
HIGHEST_PHI = 0.8
LENGTHS = (36, 39, 42)  # months
LEAST_SWING, MOST_SWING = 0.6, 1.6  # deviations of activity; the generator's own bureaus have 1
STRONGEST_TIE = 0.8  # share of a series' deviation that all groups have in common
STRONGEST_CALENDAR = 1.5  # deviations of season, trend and festival beside a noise of 1
ABNORMAL = -4.0  # deviations by which every series falls in an abnormal month (February 2020)
ABNORMAL_SHARE, HALF_SHARE = 0.2, 0.25  # of the bureaus
TOLD_SHARE = 0.5  # of the bureaus in which a group lacks half of its ledger
MOST_GAPS = 3  # months in which a report was not handed in
REPORTS = ("sales", "inspections", "quiz")


@dataclass(frozen=True)
class Half:
    """A group whose activity ledger lacks half of the months: the first, the last, or any.

    Untold: all groups' workbooks have a column for the group, so that nothing says whose months are lacking; they look
    like months without any activity.
    """

    group: int
    which: str
    is_told: bool

    def __str__(self) -> str:
        return f"{self.which} of group {self.group} {'told' if self.is_told else 'untold'}"


@dataclass(frozen=True)
class Temper:
    """The traits of a bureau; activity and results have each their own autocorrelation and common part."""

    seed: int
    months: tuple[date, ...]
    phi_work: float
    phi_results: float
    swing: float
    common_work: float
    common_results: float
    calendar: float
    abnormal: int | None  # position of the month
    gaps: tuple[tuple[str, date], ...]  # (report, month) that nobody handed in
    half: Half | None


def choose_null(seed: int) -> Temper:
    """Return the traits of a bureau in which nothing is related."""
    rng = stream(seed, "temper")
    first = date(int(rng.choice(YEARS)), 1, 1)
    months = months_between(first, shift(first, int(rng.choice(LENGTHS)) - 1))
    gaps = {
        (str(rng.choice(REPORTS)), months[int(rng.integers(len(months)))])
        for _ in range(int(rng.integers(MOST_GAPS + 1)))
    }
    is_abnormal, is_half = rng.random(2) < (ABNORMAL_SHARE, HALF_SHARE)
    abnormal = int(rng.integers(len(months)))
    half = Half(int(rng.integers(3)), str(rng.choice(("first", "last", "any"))), bool(rng.random() < TOLD_SHARE))
    return Temper(
        seed=seed,
        months=months,
        phi_work=float(rng.uniform(0, HIGHEST_PHI)),
        phi_results=float(rng.uniform(0, HIGHEST_PHI)),
        swing=float(rng.uniform(LEAST_SWING, MOST_SWING)),
        common_work=float(rng.uniform(0, STRONGEST_TIE)),
        common_results=float(rng.uniform(0, STRONGEST_TIE)),
        calendar=float(rng.uniform(0, STRONGEST_CALENDAR)),
        abnormal=abnormal if is_abnormal else None,
        gaps=tuple(sorted(gaps)),
        half=half if is_half else None,
    )


def choose_planted(seed: int) -> Temper:
    """Return the traits of a bureau for a planted relation: 36 months, all handed in, none of them abnormal."""
    temper = choose_null(seed)
    return replace(temper, months=temper.months[: LENGTHS[0]], abnormal=None, gaps=(), half=None)


def activity_of(temper: Temper, people: People) -> dict[str, Array]:
    """Return how active each group is, one value a month, in deviations (`run_process`)."""
    common = _noise(temper, "common activity", temper.phi_work)
    activity = {}
    for number, group in enumerate(spec.party_group for spec in people.groups):
        own = _noise(temper, f"activity {group}", temper.phi_work)
        moved = _mix(own, common, temper.common_work) + calendar_of(temper, f"activity {group}")
        activity[group] = STANDING[number % len(STANDING)] + temper.swing * (moved + abnormal_of(temper))
    return activity


def noise_of(temper: Temper, people: People) -> dict[str, dict[str, Array]]:
    """Return by group and metric one value a month, in deviations (`run_results`), that no activity has a part in."""
    common = {metric: _noise(temper, f"common {metric}", temper.phi_results) for metric in EFFECT_METRICS}
    noise: dict[str, dict[str, Array]] = {}
    for group in (spec.party_group for spec in people.groups):
        noise[group] = {}
        for metric in EFFECT_METRICS:
            own = _noise(temper, f"{metric} {group}", temper.phi_results)
            around = calendar_of(temper, f"{metric} {group}") + abnormal_of(temper)
            noise[group][metric] = _mix(own, common[metric], temper.common_results) + around
    return noise


def calendar_of(temper: Temper, name: str) -> Array:
    """Return season, trend and festival of one series: each series has its own."""
    rng = stream(temper.seed, f"calendar {name}")
    season = rng.standard_normal(12)[[month.month - 1 for month in temper.months]]
    trend = rng.standard_normal() * np.linspace(-1, 1, len(temper.months))
    festival = rng.standard_normal() * festival_of(temper.months)
    return temper.calendar * (season + trend + festival)


def festival_of(months: tuple[date, ...]) -> Array:
    """Return the share of the Spring Festival's window that falls in each month."""
    return np.array([spring_festival_share(pd.Period(month, freq="M")) for month in months])


def abnormal_of(temper: Temper) -> Array:
    """Return what an abnormal month takes from every series; zeros where there is none."""
    return ABNORMAL * (np.arange(len(temper.months)) == temper.abnormal)


def describe(temper: Temper) -> str:
    """Return the traits in one line."""
    traits: Mapping[str, object] = {
        "months": len(temper.months),
        "phi": f"{temper.phi_work:.2f}/{temper.phi_results:.2f}",
        "swing": f"{temper.swing:.2f}",
        "common": f"{temper.common_work:.2f}/{temper.common_results:.2f}",
        "calendar": f"{temper.calendar:.2f}",
        "abnormal": "no" if temper.abnormal is None else temper.months[temper.abnormal].strftime("%Y-%m"),
        "gaps": len(temper.gaps),
        "half": "no"
        if temper.half is None
        else f"{temper.half.which} of {temper.half.group}, told: {temper.half.is_told}",
    }
    return " ".join(f"{name}={value}" for name, value in traits.items())


def _noise(temper: Temper, name: str, phi: float) -> Array:
    return ar1(stream(temper.seed, name), len(temper.months), phi)


def _mix(own: Array, common: Array, share: float) -> Array:
    """Return a series of unit variance, ``share`` of whose deviation is common."""
    return share * common + np.sqrt(1 - share**2) * own
