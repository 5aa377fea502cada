"""How long scoring takes for a province: the engine beside a straightforward row-by-row version of a part of it."""

import time
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.points import score_points
from tests.benchmarks.province import make_province
from tests.benchmarks.row_by_row import score_row_by_row

BUREAUS = 1000
RIVAL_BUREAUS = 50  # the rival takes minutes for a thousand; its cost grows in proportion, which the print says
QUARTER = pd.Period("2019Q4", "Q-DEC")
SEED = 20190221
CLOSE = 1e-9


@pytest.mark.benchmark
def test_a_province_is_scored_in_one_pass() -> None:
    catalog = load_catalog()
    few = make_province(catalog, RIVAL_BUREAUS, SEED)
    started = time.process_time()
    rival = score_row_by_row(few)
    rival_seconds = time.process_time() - started
    items = score_points(few, catalog, QUARTER).tables["points_by_group_month_item"]
    found = items.set_index(["party_group", "month", "item"])["capped_points"]
    months = set(found.index.get_level_values("month"))
    compared = {key: points for key, points in rival.items() if key[1] in months and pd.notna(found[key])}
    assert len(compared) > 10 * RIVAL_BUREAUS * 12
    assert all(abs(found[key] - points) < CLOSE for key, points in compared.items())

    many = make_province(catalog, BUREAUS, SEED)
    seconds, tables = _score(many)
    assert tables["points_by_group_month"]["month"].nunique() == len(pd.period_range("2019-01", "2019-12", freq="M"))
    assert tables["points_by_group_month"]["party_group"].nunique() == 3 * BUREAUS
    nobody = many.tables["memberships"].iloc[:0]
    of_groups, _ = _score(replace(many, tables={**many.tables, "memberships": nobody}))
    rows, for_all = sum(map(len, many.tables.values())), rival_seconds * BUREAUS / RIVAL_BUREAUS
    print(f"\n{BUREAUS} bureaus x 12 months, {rows:,} ledger rows: groups, members, trails, years {seconds:.1f} s")
    print(f"groups alone, their trail, quarters and years included: {of_groups:.1f} s")
    print(f"iterrows, {RIVAL_BUREAUS} bureaus, items of groups: {rival_seconds:.1f} s; {for_all:.0f} s for {BUREAUS}")
    print(f"ratio iterrows / engine: {for_all / of_groups:.1f} for groups, {for_all / seconds:.1f} with the members")


def _score(reading: Reading) -> tuple[float, Mapping[str, pd.DataFrame]]:
    started = time.process_time()
    tables = score_points(reading, load_catalog(), QUARTER).tables
    return time.process_time() - started, tables
