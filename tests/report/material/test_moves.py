"""Which figures two sets of tables see differently, at the digits that a reader sees."""

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.report.material.moves import COMPARED, METRICS, RELATIONSHIPS, STANDINGS, moved_figures
from pipeline.report.material.published import Move
from tests.report.library_material import NEWEST, with_value
from tests.report.sample_material import derived_tables

GROUP = "营销管理"


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: derived_tables(NEWEST)[name] for name in COMPARED}


def moved(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]) -> tuple[Move, ...]:
    return moved_figures(before, after, NEWEST, load_catalog())


def test_the_same_tables_see_the_same(tables: dict[str, pd.DataFrame]) -> None:
    assert moved(tables, tables) == ()


def test_a_score_a_metric_and_a_verdict_that_moved_are_told(tables: dict[str, pd.DataFrame]) -> None:
    row = {"party_group": GROUP, "quarter": NEWEST}
    standings = with_value("points_mean", 77.5, **row)(tables[STANDINGS])
    metrics = with_value("value", 2000.0, **row, metric="volume_xiang")(tables[METRICS])
    verdicts = tables[RELATIONSHIPS].copy()
    scope, metric, old = (str(verdicts[name].iloc[0]) for name in ("scope", "metric", "verdict"))
    verdicts.loc[0, "verdict"] = new = "clue" if old != "clue" else "none"
    was = tables[STANDINGS].set_index(["party_group", "quarter"])["points_mean"][(GROUP, NEWEST)]
    volume = tables[METRICS].set_index(["party_group", "quarter", "metric"])["value"][(GROUP, NEWEST, "volume_xiang")]
    assert moved(tables, {STANDINGS: standings, METRICS: metrics, RELATIONSHIPS: verdicts}) == (
        Move("points_mean", GROUP, "", was, 77.5),
        Move("metric", GROUP, "volume_xiang", volume, 2000.0),
        Move("verdict", scope, metric, old, new),
    )


def test_what_no_reader_can_see_has_not_moved(tables: dict[str, pd.DataFrame]) -> None:
    nudged = tables[STANDINGS].assign(points_mean=tables[STANDINGS]["points_mean"] + 1e-9)
    assert moved(tables, {**tables, STANDINGS: nudged}) == ()


def test_other_quarters_do_not_count(tables: dict[str, pd.DataFrame]) -> None:
    other = with_value("points_mean", 1.0, party_group=GROUP, quarter=NEWEST - 1)(tables[STANDINGS])
    assert moved(tables, {**tables, STANDINGS: other}) == ()


def test_a_value_that_came_or_went_has_moved(tables: dict[str, pd.DataFrame]) -> None:
    metrics = tables[METRICS]
    is_gone = (metrics["party_group"] == GROUP) & (metrics["metric"] == "volume_xiang") & (metrics["quarter"] == NEWEST)
    without = {**tables, METRICS: metrics[~is_gone]}
    (gone,) = moved(tables, without)
    (came,) = moved(without, tables)
    assert (gone.before, gone.after) == (came.after, None)
    assert came.before is None


def test_a_metric_that_the_catalog_no_longer_has_is_left_out(tables: dict[str, pd.DataFrame]) -> None:
    row = tables[METRICS][tables[METRICS]["quarter"] == NEWEST].head(1).assign(metric="forgotten")
    assert len(row) == 1
    assert moved({**tables, METRICS: pd.concat([tables[METRICS], row])}, tables) == ()


def test_verdicts_are_compared_only_where_both_sides_have_them(tables: dict[str, pd.DataFrame]) -> None:
    bare = {name: frame for name, frame in tables.items() if name != RELATIONSHIPS}
    assert moved(bare, tables) == ()
