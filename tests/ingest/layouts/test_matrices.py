"""Corners of matrices: what goes down, what goes across, and what is no score."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.layouts.findings import SheetNames
from pipeline.ingest.layouts.matrices import recognise_matrix
from tests.golden import rows_of
from tests.hand_made import VOCABULARY, Rows, make_grid, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
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


def test_a_list_of_ratings_is_no_matrix_whatever_follows_its_scores(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年一季度三会一课互评表"],
        ["评价小组", "被评小组", "评分", "评语"],
        ["营销管理", "专卖综合", "95分", "第1名"],
        ["营销管理", "驮卢片区", "93分", "好"],
    ]
    write_xlsx(write_bureau(tmp_path) / "互评表.xlsx", {"互评": rows})
    reading = read(tmp_path)
    assert reading.issues == ()
    found = rows_of(reading, "mutual_reviews", "rater_group", "rated_group", "score")
    assert found == [("营销管理", "专卖综合", 95), ("营销管理", "驮卢片区", 93)]
