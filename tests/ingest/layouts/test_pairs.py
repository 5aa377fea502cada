"""Labels with their values, in one cell or in two."""

import pytest

from pipeline.ingest.layouts.pairs import PairsAbove
from tests.hand_made import CATALOG, VOCABULARY, Value, make_grid

POINTS = CATALOG.kinds["monthly_points"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["姓名：张 三"], [("member", (0, 0), "张 三")]),
        (["姓 名", None, "张三"], [("member", (0, 2), "张三")]),
        (["姓名：", "张三"], [("member", (0, 1), "张三")]),
        (
            ["党小组：营销管理   姓名：张三  考核月份：2019年1月"],
            [("party_group", (0, 0), "营销管理"), ("member", (0, 0), "张三"), ("month", (0, 0), "2019年1月")],
        ),
        (["姓名", None, "党小组", "营销管理"], [("party_group", (0, 3), "营销管理")]),
        (["单位：箱"], []),
        (["注：姓名不得简写"], []),
        (["填报说明：姓名、党小组等应当逐项填写" + "，逾期扣分" * 30], []),
    ],
)
def test_pairs_of_a_row(row: list[Value], expected: list[tuple[str, tuple[int, int], str]]) -> None:
    found = PairsAbove(make_grid([row]), VOCABULARY).of(POINTS, 1)
    assert [(pair.column, pair.place, pair.value) for pair in found] == expected


def test_the_label_nearest_to_the_table_counts() -> None:
    found = PairsAbove(make_grid([["姓名：张三"], ["姓名：李四"], ["姓名：王五"]]), VOCABULARY).of(POINTS, 2)
    assert [(pair.column, pair.value) for pair in found] == [("member", "李四")]
