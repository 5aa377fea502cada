"""Corners of matrices: what goes down, what goes across, and what is no score."""

import pytest

from pipeline.ingest.layouts.findings import SheetNames
from pipeline.ingest.layouts.matrices import recognise_matrix
from tests.hand_made import VOCABULARY, Rows, make_grid

NAMES = SheetNames("互评表.xlsx", "甲")
DOWN = {0: "rater_group", 1: "rated_group", 2: "rated_group"}
TURNED = {0: "rated_group", 1: "rater_group", 2: "rater_group"}


@pytest.mark.parametrize(
    ("rows", "columns", "header"),
    [
        ([["评价小组＼被评小组", "甲组", "乙组"], ["甲组", "/", 92]], DOWN, (0, 0)),
        ([["评价＼被评", "甲组", "乙组", "合计", "名次"], ["甲组", "/", 92, 92, 1]], DOWN, (0, 0)),
        ([["被评小组＼评价小组", "甲组", "乙组"], ["甲组", "/", 92]], TURNED, (0, 0)),
        ([["被评小组\n评价小组", "甲组", "乙组"], ["甲组", "/", 92]], DOWN, (0, 0)),
        ([["评价小组", "被评小组"], [None, "甲组", "乙组"], ["甲组", "/", "92分"]], DOWN, (0, 1)),
        ([[None, "被评小组"], ["评价小组", "甲组", "乙组"], ["甲组", "/", 92]], DOWN, (0, 1)),
    ],
)
def test_a_corner_in_every_form(rows: Rows, columns: dict[int, str], header: tuple[int, int]) -> None:
    found = recognise_matrix(make_grid(rows), NAMES, VOCABULARY)
    assert found is not None
    assert (found.columns, (found.header.top, found.header.bottom)) == (columns, header)


@pytest.mark.parametrize(
    "rows",
    [
        [["评价小组对被评小组打分，满分一百"], ["甲"]],
        [["评价小组", "被评小组", "分数"], ["甲组", "乙组", 92]],
        [["评价小组＼被评小组"], ["甲组", 92]],
    ],
)
def test_what_only_speaks_of_both_axes_is_no_matrix(rows: Rows) -> None:
    assert recognise_matrix(make_grid(rows), NAMES, VOCABULARY) is None
