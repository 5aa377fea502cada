"""From workbooks to verdicts: nothing is claimed where nothing is related, and what was planted is found.

A few seeded bureaus; ``python -m tests.benchmarks.bureaus_end_to_end`` measures the rates over many.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import latest_full_quarter, read_bureau
from pipeline.panel import build_panel, process_points
from pipeline.points import score_points
from pipeline.texts import load_texts
from tests.benchmarks.outcomes import try_null, try_planted
from tests.benchmarks.planting import Plant, innovations_of, led_noise, left_by_calendar
from tests.benchmarks.small_bureaus import make_world, scored_points, write_bureau
from tests.benchmarks.tempers import Half, Temper, abnormal_of, choose_null, choose_planted, noise_of
from tests.generator.noise import Array

NULL_SEED, PLANTED_SEED = 100_001, 100_001
MANY = range(40)
STRENGTH = 0.7
MONTHS = 6


def read_points(temper: Temper, folder: Path) -> tuple[Reading, pd.DataFrame, dict[str, Array]]:
    """Return what the pipeline reads out of a bureau, its process points by month and group, and what the rule book
    gives for what happened.
    """
    world = write_bureau(temper, None, folder)
    catalog = load_catalog()
    reading = read_bureau(folder, catalog, load_texts("zh"))
    quarter = latest_full_quarter(reading)
    assert quarter is not None
    points = process_points(build_panel(score_points(reading, catalog, quarter), reading.bureau, catalog))
    table = points.pivot(index="month", columns="group", values="value")
    return reading, table, scored_points(world.people, world.process, world.months)


def short(temper: Temper) -> Temper:
    """Return half a year of a bureau, to be quick."""
    return replace(temper, months=temper.months[:MONTHS], abnormal=None, gaps=(), half=None)


@pytest.mark.process
def test_no_relation_no_claim() -> None:
    outcome = try_null(NULL_SEED)
    assert outcome.pairs == 18
    assert outcome.claims == ()


@pytest.mark.process
def test_planted_relation_is_found_at_its_lag() -> None:
    outcome = try_planted(PLANTED_SEED)
    assert outcome.is_shown
    assert outcome.has_right_lag
    assert {row.metric for row in outcome.claims} == {outcome.plant.metric}


@pytest.mark.process
def test_workbooks_carry_the_points_and_lack_what_was_not_handed_in(tmp_path: Path) -> None:
    temper = short(choose_null(3))
    gaps = (("inspections", temper.months[4]), ("quiz", temper.months[1]), ("sales", temper.months[2]))
    reading, points, expected = read_points(replace(temper, gaps=gaps, half=Half(1, "last", True)), tmp_path)
    for kind, month in gaps:
        coverage = reading.tables["coverage"]
        covered = set(coverage.loc[coverage["kind"] == kind, "month"].astype(str))
        assert covered == {f"{other:%Y-%m}" for other in temper.months} - {f"{month:%Y-%m}"}
    for number, (group, values) in enumerate(expected.items()):
        values[1] = np.nan  # no quiz
        values[MONTHS // 2 if number == 1 else MONTHS :] = np.nan
        np.testing.assert_allclose(points[group], values, atol=1e-9)


@pytest.mark.process
def test_months_untold_of_look_idle(tmp_path: Path) -> None:
    temper = replace(short(choose_null(3)), half=Half(1, "last", False))
    _, points, expected = read_points(temper, tmp_path)
    group, half = list(expected)[1], MONTHS // 2
    np.testing.assert_allclose(points[group][:half], expected[group][:half], atol=1e-9)
    assert (points[group][half:] < expected[group][half:]).all()


def test_tempers_differ_and_come_again() -> None:
    tempers = [choose_null(seed) for seed in MANY]
    assert tempers[7] == choose_null(7)
    phis = [phi for temper in tempers for phi in (temper.phi_work, temper.phi_results)]
    assert min(phis) < 0.1
    assert 0.7 < max(phis) < 0.8
    for is_so in (
        [temper.abnormal is not None for temper in tempers],
        [bool(temper.gaps) for temper in tempers],
        [temper.half is not None and temper.half.is_told for temper in tempers],
        [temper.half is not None and not temper.half.is_told for temper in tempers],
    ):
        assert 0 < sum(is_so) < len(tempers)


def test_planted_bureaus_have_three_whole_years() -> None:
    for seed in MANY:
        temper = choose_planted(seed)
        assert (len(temper.months), temper.abnormal, temper.gaps, temper.half) == (36, None, (), None)


def test_an_abnormal_month_falls_on_every_series() -> None:
    temper = replace(choose_null(3), abnormal=5)
    usual = noise_of(replace(temper, abnormal=None), make_world(short(temper), None).people)
    struck = noise_of(temper, make_world(short(temper), None).people)
    for group, metrics in struck.items():
        for metric, series in metrics.items():
            np.testing.assert_allclose(series - usual[group][metric], abnormal_of(temper))
    assert abnormal_of(temper)[5] < 0


@pytest.mark.parametrize("is_carried", [True, False])
@pytest.mark.parametrize("lag", [0, 3])
def test_a_plant_has_its_strength_at_its_lag_alone(is_carried: bool, lag: int) -> None:
    plant = Plant("volume_xiang", lag, is_carried)
    found: dict[int, list[float]] = {shift: [] for shift in range(4)}
    for seed in MANY:
        temper = replace(choose_planted(seed), calendar=0.0, phi_results=0.5)
        points = np.random.default_rng(seed).normal(40, 6, len(temper.months)).round()
        series = led_noise(plant, temper, "一组", points)
        clean = innovations_of if is_carried else left_by_calendar
        driver, result = clean(points, temper.months), clean(series, temper.months)
        for shift, values in found.items():
            values.append(np.corrcoef(driver[: len(driver) - shift], result[shift:])[0, 1])
    means = {shift: float(np.mean(values)) for shift, values in found.items()}
    assert means.pop(lag) == pytest.approx(STRENGTH, abs=0.08)
    assert max(abs(mean) for mean in means.values()) < 0.2
