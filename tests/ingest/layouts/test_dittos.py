"""Signs for "as above": what they repeat, and those with nothing above them."""

from pathlib import Path

from pipeline.ingest.layouts.dittos import dittos_in, dittos_of_a_column
from pipeline.ingest.layouts.places import ColumnPlaces
from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import CATALOG, Rows, make_grid, write_bureau, write_xlsx

SIGNS = frozenset(CATALOG.words_of("ditto"))


def test_every_spelling_of_the_sign_is_found() -> None:
    assert dittos_in(["同上", "同 上", "〃", "″", '"', "同上级", 1.0, None], SIGNS) == [0, 1, 2, 3, 4]


def test_a_sign_stands_at_the_cell_that_it_repeats() -> None:
    grid = make_grid([["党员"], ["张三"], ["〃"], ["同上"], ["李四"], ["〃"]])
    places, dangling = dittos_of_a_column(ColumnPlaces(range(1, 6), 0, {}), grid, SIGNS)
    assert places.cells(grid) == ["张三", "张三", "张三", "李四", "李四"]
    assert (places[2], dangling) == ((1, 0), [])


def test_a_sign_in_the_first_row_repeats_nothing() -> None:
    grid = make_grid([["党员"], ["〃"], ["〃"], ["李四"]])
    assert dittos_of_a_column(ColumnPlaces(range(1, 4), 0, {}), grid, SIGNS)[1] == [0, 1]


def test_signs_in_every_column_also_below_a_total(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["日期", "党员", "地点", "事项"],
        ["1.8", "张三", "某路", "走访"],
        ["本页合计", None, "1次"],
        ["〃", "李四", "同上", "〃"],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年一线台账.xlsx", {"台账": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "frontline_visits", "visited_on", "member", "place", "matter") == [
        ("2019-01-08", "张三", "某路", "走访"),
        ("2019-01-08", "李四", "某路", "走访"),
    ]
