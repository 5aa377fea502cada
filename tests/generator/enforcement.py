"""Cases and unlicensed shops: counts a month, log-normal seizures, one seizure far beyond all others, closing times."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from tests.generator import wording
from tests.generator.calendar import month_end, on_day
from tests.generator.noise import Array, chance, pick, stream
from tests.generator.people import SAMPLE_MONTHS, People
from tests.generator.records import Case, GroupSpec, UnlicensedShop

# (mean, least, most) a month, from the table of monthly magnitudes (domain.md section 4)
CASES_A_MONTH = {"enforcement": (5.5, 3, 9), "territory": (2.2, 1, 4)}
UNLICENSED_A_MONTH = {"enforcement": (3.8, 2, 6), "territory": (2.2, 1, 4)}
SEIZED_TIAO = {"enforcement": 15.0, "territory": 8.0}  # median of one case
SEIZED_NOISE = 0.8  # deviation of its logarithm
COUNT_NOISE = 0.25
VALUE_YUAN_PER_TIAO = (90, 220)

CASE_DAYS = 90  # to close a case in time
SHOP_DAYS = 30  # to resolve an unlicensed shop in time

OUTLIER_TIAO = 80_000.0  # a border area now and then seizes 1,000 times the usual month
OUTLIER_YUAN_PER_TIAO = 150
OUTLIER_INDEX = 22  # 2020-09 in the sample


def file_cases(
    specs: Sequence[GroupSpec],
    months: tuple[date, ...],
    count_noise: Mapping[str, Array],
    seized_noise: Mapping[str, Array],
    seed: int,
) -> tuple[Case, ...]:
    """Return all cases in the order of filing, numbered by year; the first group's middle years hold the outlier."""
    found: list[Case] = []
    for spec in specs:
        rng = stream(seed, f"cases {spec.party_group}")
        mean, least, most = CASES_A_MONTH[spec.function]
        for index, month in enumerate(months):
            expected = mean * np.exp(COUNT_NOISE * count_noise[spec.party_group][index])
            count = int(np.clip(rng.poisson(expected), least, most))
            level = float(seized_noise[spec.party_group][index])
            found += [_file_case(spec, month, level, months, rng) for _ in range(count)]
    found.sort(key=lambda case: (case.filed_on, case.party_group))
    return _number_cases(_plant_outlier(found, months))


def _file_case(spec: GroupSpec, month: date, level: float, months: tuple[date, ...], rng: np.random.Generator) -> Case:
    filed_on = on_day(month, int(rng.integers(1, 29)))
    log_tiao = np.log(SEIZED_TIAO[spec.function]) + SEIZED_NOISE * (0.6 * level + 0.8 * rng.standard_normal())
    tiao = round(float(np.exp(log_tiao)), 1)
    kind = int(rng.choice(3, p=(0.6, 0.25, 0.15)))
    parts = [0.0, 0.0, 0.0]
    parts[kind] = tiao
    least, most = (12, CASE_DAYS - 2) if chance(rng, 0.85) else (CASE_DAYS + 3, 220)
    closed_on = filed_on + timedelta(days=int(rng.integers(least, most)))
    return Case(
        case_no="",
        filed_on=filed_on,
        cause=pick(rng, wording.CAUSES),
        place=pick(rng, wording.PLACES),
        party_group=spec.party_group,
        genuine_tiao=parts[0],
        counterfeit_tiao=parts[1],
        smuggled_tiao=parts[2],
        case_value_yuan=round(tiao * float(rng.uniform(*VALUE_YUAN_PER_TIAO))),
        is_courier=chance(rng, 0.15),
        closed_on=closed_on if closed_on <= month_end(months[-1]) else None,
        is_transferred=chance(rng, 0.05),
    )


def _plant_outlier(cases: list[Case], months: tuple[date, ...]) -> list[Case]:
    """Make one case of one month the seizure that no mean survives."""
    if not cases:
        return cases
    month = months[len(months) * OUTLIER_INDEX // SAMPLE_MONTHS]
    index = next(i for i, case in enumerate(cases) if case.filed_on >= month)
    cases[index] = replace(
        cases[index],
        cause="销售非法生产卷烟",
        genuine_tiao=0.0,
        counterfeit_tiao=0.0,
        smuggled_tiao=OUTLIER_TIAO,
        case_value_yuan=round(OUTLIER_TIAO * OUTLIER_YUAN_PER_TIAO),
        is_transferred=True,
    )
    return cases


def _number_cases(cases: list[Case]) -> tuple[Case, ...]:
    counts: dict[int, int] = {}
    numbered = []
    for case in cases:
        year = case.filed_on.year
        counts[year] = counts.get(year, 0) + 1
        numbered.append(replace(case, case_no=f"×烟立[{year}]第{counts[year]}号"))
    return tuple(numbered)


def find_unlicensed(
    people: People, months: tuple[date, ...], count_noise: Mapping[str, Array], seed: int
) -> tuple[UnlicensedShop, ...]:
    """Return all unlicensed shops in the order they were found."""
    shops = []
    for spec in (spec for spec in people.groups if spec.enforces):
        rng = stream(seed, f"unlicensed {spec.party_group}")
        mean, least, most = UNLICENSED_A_MONTH[spec.function]
        for index, month in enumerate(months):
            expected = mean * np.exp(COUNT_NOISE * count_noise[spec.party_group][index])
            for _ in range(int(np.clip(rng.poisson(expected), least, most))):
                shops.append(_find_shop(people, spec, month, months, rng))
    return tuple(sorted(shops, key=lambda shop: (shop.found_on, shop.operator)))


def _find_shop(
    people: People, spec: GroupSpec, month: date, months: tuple[date, ...], rng: np.random.Generator
) -> UnlicensedShop:
    found_on = on_day(month, int(rng.integers(1, 29)))
    fate = float(rng.random())
    closed_on = None
    if fate < 0.8:
        closed_on = found_on + timedelta(days=int(rng.integers(5, SHOP_DAYS)))
    elif fate < 0.95:
        closed_on = found_on + timedelta(days=int(rng.integers(SHOP_DAYS + 2, 120)))
    return UnlicensedShop(
        township=pick(rng, wording.TOWNSHIPS),
        operator=f"经营户{int(rng.integers(1, 1000)):03d}",
        found_on=found_on,
        source=pick(rng, wording.SOURCES),
        remedy=pick(rng, wording.REMEDIES),
        owner=pick(rng, people.members_of(spec.party_group, found_on)),
        party_group=spec.party_group,
        closed_on=closed_on if closed_on is not None and closed_on <= month_end(months[-1]) else None,
    )
