"""What scoring and the panel read is what they say they read: nothing else has to be there."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.panel import (
    build_panel,
    constant_process_points,
    list_overdue,
    list_submissions,
    process_points,
    reading_tables,
)
from pipeline.points import input_tables, score_points
from pipeline.points.composition import list_turnover
from pipeline.points.learning import summarise_learning
from pipeline.points.topics import list_topic_meetings
from pipeline.points.work import summarise_work
from tests.benchmarks.province import make_province

QUARTER = pd.Period("2019Q4", "Q-DEC")
SEED = 20190221


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def reading(catalog: Catalog) -> Reading:
    """Return six groups of which one changes half of its members in June, so that they are scored a second time."""
    whole = make_province(catalog, 2, SEED)
    stays = whole.tables["memberships"].copy()
    leaving = stays.index[stays["party_group"] == stays["party_group"].iloc[0]][:2]
    stays.loc[leaving, "left_on"] = pd.Timestamp("2019-06-01")
    return replace(whole, tables={**whole.tables, "memberships": stays})


def only(reading: Reading, names: tuple[str, ...]) -> Reading:
    return replace(reading, tables={name: reading.tables[name] for name in names}, issues=(), faults=())


def test_scoring_reads_the_tables_that_it_names(catalog: Catalog, reading: Reading) -> None:
    names = input_tables(catalog)
    whole, part = score_points(reading, catalog, QUARTER), score_points(only(reading, names), catalog, QUARTER)
    assert list(whole.tables) == list(part.tables)
    for name, table in whole.tables.items():
        pd.testing.assert_frame_equal(part.tables[name], table, check_exact=True)
    assert "rule_book" not in names  # settings are read into the bureau
    assert "memberships" in names


def test_the_panel_reads_the_tables_that_it_names(catalog: Catalog, reading: Reading) -> None:
    points = score_points(reading, catalog, QUARTER)
    panel = build_panel(points, reading.bureau, catalog)
    months = pd.PeriodIndex(panel["month"].unique()).sort_values()
    last_day = QUARTER.end_time.normalize()
    headcount, measures = (points.tables[name] for name in ("headcount_by_group_month", "measures_by_group_month"))

    def all_that_is_read(given: Reading) -> list[pd.DataFrame]:
        turnover = list_turnover(given.tables["memberships"], sorted(given.bureau.groups), months)
        constant = constant_process_points(process_points(panel), given, turnover, catalog, QUARTER)
        assert len(constant)
        return [
            turnover,
            constant,
            list_overdue(given, last_day, catalog),
            list_submissions(given, catalog, QUARTER),
            summarise_work(given, headcount, measures, catalog),
            summarise_learning(given, headcount, catalog),
            list_topic_meetings(given, catalog, last_day),
            given.tables["points_ledger"],
        ]

    both = zip(all_that_is_read(only(reading, reading_tables(catalog))), all_that_is_read(reading), strict=True)
    for part, whole in both:
        pd.testing.assert_frame_equal(part, whole, check_exact=True)
