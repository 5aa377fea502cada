import pytest

from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.places import ColumnPlaces

GRID = Grid("甲", True, (("组", "名"), ("营销管理", "张三"), (None, "李四"), ("专卖综合",)), ((1, 0, 2, 0),), 4)


@pytest.mark.parametrize(
    ("number", "anchors", "places", "cells"),
    [
        (0, {2: 1}, [(1, 0), (1, 0), (3, 0)], ["营销管理", "营销管理", "专卖综合"]),
        (1, {}, [(1, 1), (2, 1), (3, 1)], ["张三", "李四", None]),
        (5, {}, [(1, 5), (2, 5), (3, 5)], [None, None, None]),
    ],
)
def test_a_column_stands_in_its_rows(
    number: int, anchors: dict[int, int], places: list[tuple[int, int]], cells: list[str | None]
) -> None:
    column = ColumnPlaces([1, 2, 3], number, anchors)
    assert list(column) == places
    assert column[1:] == places[1:]
    assert len(column) == 3
    assert column.cells(GRID) == cells


def test_there_is_no_place_beyond_the_last_row() -> None:
    with pytest.raises(IndexError):
        ColumnPlaces([1], 0, {})[1]
