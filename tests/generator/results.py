"""Results of the business by month: sales, new products, inspections; with season, festival and planted effects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipeline.periods import spring_festival
from tests.generator.calendar import months_between
from tests.generator.enforcement import file_cases, find_unlicensed
from tests.generator.noise import Array, ar1, led_by, stream
from tests.generator.people import People
from tests.generator.records import Case, GroupSpec, InspectionMonth, SalesMonth, ShelfMonth, UnlicensedShop

# domain.md section 4: monthly volume sums to 12; an early new year (on or before 5 February) sells in January
EARLY_FESTIVAL = (1.40, 0.90, 1.02)
LATE_FESTIVAL = (1.25, 1.10, 0.98)
REST_OF_YEAR = (0.90, 0.97, 0.95, 0.93, 0.97, 1.05, 0.95, 0.97, 0.98)
REVENUE_INDEX = (1.07, 1.07, 1.07, 0.95, 0.95, 0.98, 0.98, 0.98, 1.03, 0.98, 0.98, 0.98)

# one row a function, from the table of monthly magnitudes (domain.md section 4)
VOLUME_XIANG = {"marketing": 660.0, "territory": 265.0}
REVENUE_PER_CASE = {"marketing": 28500.0, "territory": 24300.0}
CLASS1_SHARE = {"marketing": 0.25, "territory": 0.17}
RETAILERS = {"marketing": 1200, "territory": 600}
SHELF_CURVE_PCT = {"marketing": (15.0, 45.0), "territory": (8.0, 30.0)}  # from launch to the sixth month
INSPECTIONS = {"enforcement": 400.0, "territory": 210.0}

VOLUME_NOISE = {"marketing": 0.025, "territory": 0.04}  # plan rates of 94-106 and 90-108 % at two deviations
REVENUE_NOISE = 0.015
CLASS1_NOISE = 0.008
SHELF_NOISE_PP = 2.5
INSPECTION_NOISE = 0.10
VOLUME_GROWTH = 0.015  # a year
REVENUE_GROWTH = 0.02
PRODUCT_MONTHS = 6  # a new product is launched each January and July
COURIER_SHARE = 0.12

EFFECT_METRICS = (
    "volume_xiang",
    "revenue_per_case_yuan",
    "class1_share_pct",
    "new_product_shelf_rate_pct",
    "cases_filed",
    "seized_tiao",
    "unlicensed_found",
    "inspections",
)


Noise = Mapping[str, Array]  # by metric: one value a month, in deviations


@dataclass(frozen=True)
class Effect:
    """How strongly (a correlation, -1 to 1), and after how many months, process points lead a metric."""

    strength: float
    lag: int


@dataclass(frozen=True)
class Results:
    """Everything that earns points in category C; ``history`` holds the sales of the years before, for comparisons."""

    sales: tuple[SalesMonth, ...]
    history: tuple[SalesMonth, ...]
    shelves: tuple[ShelfMonth, ...]
    inspections: tuple[InspectionMonth, ...]
    cases: tuple[Case, ...]
    unlicensed: tuple[UnlicensedShop, ...]


def noise_of_groups(
    people: People, count: int, drivers: Mapping[str, Array], effects: Mapping[str, Effect], seed: int
) -> dict[str, dict[str, Array]]:
    """Return by group and metric a series of unit variance over ``count`` months, led by the group's ``drivers``
    (standardised process points) where an effect is planted.

    Raises `ValueError` for an effect on a metric that is not generated, or one that is no correlation.
    """
    _check_effects(effects)
    noise: dict[str, dict[str, Array]] = {}
    for group in (spec.party_group for spec in people.groups):
        own = {metric: ar1(stream(seed, f"{metric} {group}"), count) for metric in EFFECT_METRICS}
        led = {name: led_by(own[name], drivers[group], effect.strength, effect.lag) for name, effect in effects.items()}
        noise[group] = own | led
    return noise


def run_results(people: People, months: tuple[date, ...], noise: Mapping[str, Noise], seed: int) -> Results:
    """Return the results of every group; ``noise`` holds by group and metric one value a month, in deviations."""
    sellers = [spec for spec in people.groups if spec.sells]
    enforcers = [spec for spec in people.groups if spec.enforces]
    sales = [row for spec in sellers for row in _sell(spec, months, noise[spec.party_group], seed)]
    return Results(
        sales=tuple(row for row in sales if row.month >= months[0]),
        history=tuple(row for row in sales if row.month < months[0]),
        shelves=tuple(row for spec in sellers for row in _launch(spec, months, noise[spec.party_group])),
        inspections=tuple(row for spec in enforcers for row in _inspect(spec, months, noise[spec.party_group], seed)),
        cases=file_cases(
            enforcers,
            months,
            {name: series["cases_filed"] for name, series in noise.items()},
            {name: series["seized_tiao"] for name, series in noise.items()},
            seed,
        ),
        unlicensed=find_unlicensed(
            people, months, {name: series["unlicensed_found"] for name, series in noise.items()}, seed
        ),
    )


def _check_effects(effects: Mapping[str, Effect]) -> None:
    for metric, effect in effects.items():
        if metric not in EFFECT_METRICS:
            raise ValueError(f"no effect can be planted on {metric!r}: expected one of {', '.join(EFFECT_METRICS)}")
        if not -1 <= effect.strength <= 1 or effect.lag < 0:
            raise ValueError(f"the effect on {metric} needs a strength of -1 to 1 and a lag of 0 or more, not {effect}")


def volume_index(month: date) -> float:
    """Return the share of a month in a year's volume, times 12."""
    festival = spring_festival(month.year)
    first = EARLY_FESTIVAL if (festival.month, festival.day) <= (2, 5) else LATE_FESTIVAL
    return (*first, *REST_OF_YEAR)[month.month - 1]


def _sell(spec: GroupSpec, months: tuple[date, ...], noise: Noise, seed: int) -> list[SalesMonth]:
    """Return the sales from January of the year before on; what lies before the first month has no effects."""
    all_months = months_between(date(months[0].year - 1, 1, 1), months[-1])
    before = len(all_months) - len(months)
    rng = stream(seed, f"history {spec.party_group}")
    volume_noise, revenue_noise, class1_noise = (
        np.concatenate([ar1(rng, before), noise[metric]])
        for metric in ("volume_xiang", "revenue_per_case_yuan", "class1_share_pct")
    )
    rows = []
    for index, month in enumerate(all_months):
        years = (index - before) / 12
        planned = VOLUME_XIANG[spec.function] * spec.size * volume_index(month) * (1 + VOLUME_GROWTH) ** years
        target = REVENUE_PER_CASE[spec.function] * REVENUE_INDEX[month.month - 1] * (1 + REVENUE_GROWTH) ** years
        volume = round(float(planned * np.exp(VOLUME_NOISE[spec.function] * volume_noise[index])), 1)
        share = CLASS1_SHARE[spec.function] + CLASS1_NOISE * class1_noise[index]
        rows.append(
            SalesMonth(
                month=month,
                party_group=spec.party_group,
                volume_xiang=volume,
                plan_xiang=float(round(planned)),
                revenue_yuan=round(float(volume * target * np.exp(REVENUE_NOISE * revenue_noise[index]))),
                revenue_per_case_target_yuan=int(round(target, -1)),
                class1_volume_xiang=round(float(volume * share), 1),
            )
        )
    return rows


def _launch(spec: GroupSpec, months: tuple[date, ...], noise: Noise) -> list[ShelfMonth]:
    """Return how far the newest product has come; each one starts anew in January and July."""
    low, high = SHELF_CURVE_PCT[spec.function]
    shelf_noise = noise["new_product_shelf_rate_pct"]
    rows = []
    for index, month in enumerate(months):
        progress = ((month.month - 1) % PRODUCT_MONTHS) / (PRODUCT_MONTHS - 1)
        expected_pct = low + (high - low) * progress**0.8
        retailers = round(RETAILERS[spec.function] * spec.size) + index // 3
        rate_pct = max(2.0, expected_pct + SHELF_NOISE_PP * shelf_noise[index])
        rows.append(
            ShelfMonth(month, spec.party_group, retailers, round(retailers * rate_pct / 100), round(expected_pct, 1))
        )
    return rows


def _inspect(spec: GroupSpec, months: tuple[date, ...], noise: Noise, seed: int) -> list[InspectionMonth]:
    rng = stream(seed, f"inspections {spec.party_group}")
    usual = INSPECTIONS[spec.function] * spec.size
    rows = []
    for month, level in zip(months, noise["inspections"], strict=True):
        market = round(usual * float(np.exp(INSPECTION_NOISE * level)))
        courier = round(usual * COURIER_SHARE * float(np.exp(INSPECTION_NOISE * rng.standard_normal())))
        offending = int(rng.binomial(market, 0.035))
        plan = 10 * round(usual * (1 + COURIER_SHARE) / 10)
        rows.append(InspectionMonth(month, spec.party_group, market, courier, offending, plan))
    return rows
