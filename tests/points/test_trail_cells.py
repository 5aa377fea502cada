"""Every point of the sample bureau leads to a cell that is there, read again without the suite's own reader."""

import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.points import score_points

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "raw" / "sample"
ADDRESS = re.compile(r"([A-Z]+)(\d+)")


@pytest.fixture(scope="module")
def tables(shipped_reading: Reading) -> dict[str, pd.DataFrame]:
    return dict(score_points(shipped_reading, load_catalog(), pd.Period("2021Q4", "Q-DEC")).tables)


@cache
def _rows(file: str, sheet: str) -> list[list[object]]:
    path = SAMPLE / file
    if path.suffix == ".csv":
        return [list(row) for row in csv.reader(path.read_bytes().decode("gb18030").splitlines())]
    found = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [list(row) for row in found]


def _cell(file: str, sheet: str, address: str) -> object:
    letters, number = ADDRESS.fullmatch(address).groups()
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return _rows(file, sheet)[int(number) - 1][column - 1]


@pytest.mark.parametrize("trail", ["points_trail", "member_points_trail"])
def test_every_row_of_the_trail_is_a_filled_cell(tables: dict[str, pd.DataFrame], trail: str) -> None:
    places = tables[trail][["source_file", "source_sheet", "source_cell"]].drop_duplicates()
    assert len(places) > 500
    empty = [place for place in places.itertuples(index=False) if _cell(*place) in (None, "")]
    assert empty == []


def test_every_rule_of_the_trail_is_a_row_of_the_bureaus_rule_book(tables: dict[str, pd.DataFrame]) -> None:
    trail = pd.concat([tables["points_trail"], tables["member_points_trail"]])
    rules = trail[["item", "rule_file", "rule_sheet", "rule_row"]].drop_duplicates()
    assert len(rules) > 20
    for item, file, sheet, row in rules.itertuples(index=False):
        assert item in _rows(file, sheet)[int(row) - 1]


def test_whatever_earned_or_cost_points_has_a_trail(tables: dict[str, pd.DataFrame]) -> None:
    for items, trail, subject in (
        ("points_by_group_month_item", "points_trail", "party_group"),
        ("points_by_member_month_item", "member_points_trail", "member"),
    ):
        keys = [subject, "month", "item"]
        scored = tables[items][tables[items]["points"].fillna(0.0) != 0]
        traced = pd.MultiIndex.from_frame(tables[trail][keys])
        missing = scored[~pd.MultiIndex.from_frame(scored[keys]).isin(traced)]
        assert missing[keys].values.tolist() == []
