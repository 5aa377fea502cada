"""Slips of the pen, each planted by hand in a month of the default rule book."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.points.schemes import cap_month, earned_points, full_points
from pipeline.points.slips import UNEXPLAINED, Explained, Slip, explain, list_slips, version_slip

NAN = float("nan")
LEFT_OUT = "no_base"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def rows_of(catalog: Catalog, **items: object) -> pd.DataFrame:
    """A category as it was scored: item=value, item=(value, target), or item=None for one that is left out."""
    rules = {rule.item: rule for rule in catalog.rules}
    rows = []
    for item, given in items.items():
        value, target = given if isinstance(given, tuple) else (given, NAN)
        value = NAN if value is None else value
        points = float(
            earned_points(rules[item], pd.Series([value]).to_numpy(float), pd.Series([target]).to_numpy())[0]
        )
        capped = float(cap_month(np.array([points]), rules[item].cap_month)[0])
        rows.append((item, rules[item].category, value, target, points, capped, full_points(rules[item])))
    names = ("item", "category", "value", "target", "uncapped_points", "capped_points", "rule_points")
    frame = pd.DataFrame(rows, columns=names)
    counted = frame["capped_points"].notna()
    factor = frame["rule_points"].sum() / frame.loc[counted, "rule_points"].sum() if frame["rule_points"].any() else 1.0
    frame["points"] = frame["capped_points"] * factor
    frame["full_points"] = (frame["rule_points"] * factor).where(counted)
    frame["state"] = counted.map({True: "scored", False: LEFT_OUT})
    return frame.assign(weight_factor=1.0, points_before=frame["points"], numerator=NAN, denominator=NAN)


def explained(
    catalog: Catalog,
    rows: pd.DataFrame,
    entries: Mapping[str, list[float]] | None = None,
    further: tuple[Slip, ...] = (),
    **apart: float,
) -> Explained:
    """What explains that the printed columns lie ``apart`` from the recomputed ones."""
    category = rows["category"].iloc[0]
    columns = [entry for entry in catalog.printed if entry.category == category]
    column_of = {item: entry.column for entry in columns for item in entry.items}
    rules = {rule.item: rule for rule in catalog.rules}
    is_weighted = catalog.categories[category].weight is not None
    slips = list_slips(rows, rules, entries or {}, is_weighted=is_weighted)
    return explain({entry.column: apart.get(entry.column, 0.0) for entry in columns}, column_of, slips, lambda: further)


@pytest.fixture
def resolutions(catalog: Catalog) -> pd.DataFrame:
    """A month of A without decisions due: 22 points are scaled to 30."""
    return rows_of(catalog, A1=1.0, A2=96.0, A3=None, A4=1.0, A5=85.0, A6=100.0)


@pytest.fixture
def activities(catalog: Catalog) -> pd.DataFrame:
    return rows_of(catalog, B1=1.0, B2=1.0, B3=14.0, B4=3.0, B5=0.0)


@pytest.fixture
def results(catalog: Catalog) -> pd.DataFrame:
    """C of a group that sells: enforcement is left out, 24 points are scaled to 40."""
    return rows_of(catalog, C1=(900.0, 1000.0), C2=(30_000.0, 28_000.0), C3=(30.0, 30.0), C4=None, C5=None, C6=None)


def test_an_award_too_many_and_some_too_few(catalog: Catalog, activities: pd.DataFrame) -> None:
    assert explained(catalog, activities, activity_points=5.0) == Explained("counted_too_many", "B1 +1", 5.0)
    few = explained(catalog, rows_of(catalog, B3=5.0, B4=0.0), guidance_points=-1.5)
    assert few == Explained("counted_too_few", "B3 −3", -1.5)


def test_a_band_beside_the_right_one(catalog: Catalog, resolutions: pd.DataFrame) -> None:
    found = explained(catalog, resolutions, meeting_points=-2 * 30 / 22)
    assert (found.code, found.items) == ("other_band", "A2 6→4")
    assert found.points == pytest.approx(-2 * 30 / 22)


def test_an_item_forgotten_and_one_given_in_full(catalog: Catalog, results: pd.DataFrame) -> None:
    forgotten = explained(catalog, results, revenue_points=-8 * 40 / 24)
    assert (forgotten.code, forgotten.items) == ("forgotten", "C2 8→0")
    in_full = explained(catalog, results, volume_points=1 * 40 / 24)
    assert (in_full.code, in_full.items) == ("given_in_full", "C1 9→10")


def test_a_cap_that_was_not_applied(catalog: Catalog, activities: pd.DataFrame, results: pd.DataFrame) -> None:
    visits = explained(catalog, activities, guidance_points=1.0)  # 14 visits at .5 are 7, of at most 6
    assert (visits.code, visits.items) == ("cap_ignored", "B3 6→7")
    more_than_all = (30 / 28 - 1) * 8 * 40 / 24  # a target that was passed earns no more than the target
    assert explained(catalog, results, revenue_points=more_than_all).code == "cap_ignored"


def test_a_quarter_cap_that_was_not_applied(catalog: Catalog) -> None:
    rows = rows_of(catalog, D1=3.0, D2=0.0)
    rows.loc[rows["item"] == "D1", ["capped_points", "points", "points_before"]] = 2.0  # 3 were given the month before
    found = explained(catalog, rows, {"D1": [3.0]}, bonus_points=1.0)
    assert (found.code, found.items) == ("quarter_cap_ignored", "D1 2→3")


def test_a_bonus_and_a_deduction_that_were_left_out(catalog: Catalog) -> None:
    rows = rows_of(catalog, D1=5.0, D2=1.0)
    bonus = explained(catalog, rows, {"D1": [2.0, 3.0]}, bonus_points=-3.0)
    assert (bonus.code, bonus.items) == ("entry_left_out", "D1 −3")
    deduction = explained(catalog, rows, {"D1": [5.0]}, bonus_points=2.0)
    assert (deduction.code, deduction.items) == ("entry_left_out", "D2 −1")


def test_a_decision_judged_wrongly(catalog: Catalog) -> None:
    rows = rows_of(catalog, A1=1.0, A3=100 * 2 / 3)
    rows.loc[rows["item"] == "A3", ["numerator", "denominator"]] = [2.0, 3.0]
    found = explained(catalog, rows, decision_points=8 / 3)
    assert (found.code, found.items) == ("misjudged", "A3 2/3→3/3")


def test_a_falsified_item_that_kept_its_points(catalog: Catalog, activities: pd.DataFrame) -> None:
    own = activities["item"] == "B1"
    activities.loc[own, ["uncapped_points", "capped_points", "points"]] = 0.0
    activities.loc[own, "state"] = "zeroed"
    found = explained(catalog, activities.assign(points_before=activities["points"]), activity_points=5.0)
    assert (found.code, found.items) == ("falsified_not_zeroed", "B1 0→5")


def test_a_correction_that_the_sheet_does_not_have_goes_before_a_miscount(
    catalog: Catalog, activities: pd.DataFrame
) -> None:
    activities.loc[activities["item"] == "B1", "points_before"] = 0.0
    found = explained(catalog, activities, activity_points=-5.0)
    assert (found.code, found.items) == ("correction_missing", "B1 −5")


def test_of_two_corrections_one_may_be_missing(catalog: Catalog, activities: pd.DataFrame) -> None:
    activities.loc[activities["item"].isin(["B1", "B2"]), "points_before"] = 0.0
    both = explained(catalog, activities, activity_points=-9.0)
    assert (both.code, both.items) == ("correction_missing", "B1 −5; B2 −4")
    one = explained(catalog, activities, activity_points=-4.0)
    assert (one.code, one.items) == ("correction_missing", "B2 −4")


def test_a_category_that_was_not_rescaled(catalog: Catalog, results: pd.DataFrame) -> None:
    plain = 1 - 40 / 24  # what is missing of each point
    found = explained(catalog, results, volume_points=15 * plain, revenue_points=8 * plain)
    assert (found.code, found.items) == ("rescale_omitted", "C")
    assert found.points == pytest.approx(23 * plain)


def test_an_item_that_should_have_been_left_out(catalog: Catalog, resolutions: pd.DataFrame) -> None:
    factor = 1 - 30 / 22
    given = explained(catalog, resolutions, meeting_points=18 * factor, study_points=3 * factor, decision_points=8.0)
    assert (given.code, given.items) == ("left_out_in_full", "A3 8")


def test_an_item_of_zero_that_was_left_out(catalog: Catalog) -> None:
    rows = rows_of(catalog, A1=1.0, A2=96.0, A4=1.0, A5=0.0, A6=100.0)
    rows["points"] = rows["capped_points"]
    found = explained(catalog, rows, meeting_points=18 * (22 / 18 - 1))
    assert (found.code, found.items) == ("zero_left_out", "A5")


def test_another_version_is_tried_when_no_single_slip_fits(catalog: Catalog, activities: pd.DataFrame) -> None:
    points = activities.set_index("item")["points"]
    older = version_slip("1.0", activities, points + pd.Series({"B1": 1.3, "B2": 0.0, "B3": 0.4, "B4": 0.0, "B5": 0.0}))
    found = explained(catalog, activities, further=(older,), activity_points=1.3, guidance_points=0.4)
    assert (found.code, found.items) == ("other_version", "1.0")
    assert found.points == pytest.approx(1.7)
    simple = explained(catalog, activities, further=(older,), activity_points=5.0)
    assert simple.code == "counted_too_many"


def test_two_items_at_once(catalog: Catalog, activities: pd.DataFrame) -> None:
    found = explained(catalog, activities, activity_points=5.0, guidance_points=-0.5)
    assert found.code == "pair"
    assert found.items.split("; ")[0] == "B1 +1"
    assert found.points == 4.5


def test_what_fits_nothing_is_unexplained_beside_the_closest(catalog: Catalog, activities: pd.DataFrame) -> None:
    assert explained(catalog, activities, activity_points=5.3) == Explained(UNEXPLAINED, "B1 +1", 0.0)
    assert explained(catalog, activities, guidance_points=40.0) == Explained(UNEXPLAINED, "", 0.0)


def test_a_slip_must_fit_every_printed_column(catalog: Catalog, activities: pd.DataFrame) -> None:
    # the sum is that of an activity too many, but the points stand in the column of visits
    assert explained(catalog, activities, guidance_points=5.0).code == UNEXPLAINED


def test_rounding_is_no_slip(catalog: Catalog, activities: pd.DataFrame) -> None:
    assert explained(catalog, activities, activity_points=4.995).items == "B1 +1"
    assert explained(catalog, activities, activity_points=4.97).code == UNEXPLAINED


def test_every_single_slip_is_found_again(catalog: Catalog, resolutions: pd.DataFrame, results: pd.DataFrame) -> None:
    """Whatever one slip prints is explained, perhaps by a simpler slip that prints the same."""
    rules = {rule.item: rule for rule in catalog.rules}
    for rows in (resolutions, results):
        category = rows["category"].iloc[0]
        column_of = {i: entry.column for entry in catalog.printed if entry.category == category for i in entry.items}
        for slip in list_slips(rows, rules, {}, is_weighted=True):
            apart = pd.Series(slip.changes).rename(column_of).groupby(level=0).sum()
            found = explained(
                catalog, rows, None, (), **{str(column): float(points) for column, points in apart.items()}
            )
            assert found.code not in (UNEXPLAINED, "pair"), slip
            assert found.points == pytest.approx(sum(slip.changes.values()))
