import json
from datetime import date, datetime, time, timedelta
from math import copysign, isnan

import pytest

from pipeline.ingest.files.grids import Cell, CellError, Grid
from pipeline.ingest.files.packing import pack_grids, unpack_grids

ROWS: tuple[tuple[Cell | CellError, ...], ...] = (
    ("张三", 1, 2.5, True, None, "NA"),
    (),
    (
        date(2019, 1, 5),
        datetime(2019, 1, 5, 8, 30, 15, 250),
        time(20, 11),
        timedelta(days=-1, seconds=5, microseconds=7),
    ),
    (CellError("#DIV/0!"), float("inf"), '"{\n'),
    ("d2019-01-05", 10**40, 1.0, False, 1, "1"),
)


def column_of(*cells: Cell | CellError) -> tuple[Cell | CellError, ...]:
    """The cells of one column after they were packed and unpacked."""
    (grid,) = unpack_grids(pack_grids([Grid("甲", True, tuple((cell,) for cell in cells), (), len(cells))]))
    return tuple(row[0] for row in grid.rows)


def test_what_is_packed_comes_back() -> None:
    grids = (
        Grid(
            "1月", False, ROWS, ((0, 0, 0, 7),), 4, ("D7",), (2, 3), ((1, 2), (4, 5)), (0, 6), True, struck_rows=(1, 5)
        ),
        Grid("空", True, (), (), 0),
        Grid("空行", True, ((), ()), (), 0),
    )
    unpacked = unpack_grids(pack_grids(grids))
    assert unpacked == grids
    assert [[type(cell) for cell in row] for row in unpacked[0].rows] == [[type(cell) for cell in row] for row in ROWS]


@pytest.mark.parametrize(
    "cells",
    [
        (1, True, 1.0, 0, False, 0.0, "1"),
        ("表头", 1.5, None, None, 2.5, "无", 3.5, date(2019, 1, 5), True, 4.5),
        (None, None, "末"),
        (datetime(2019, 1, 5), date(2019, 1, 5), "2019-01-05"),
    ],
)
def test_equal_cells_of_other_types_stay_apart(cells: tuple[Cell, ...]) -> None:
    assert [(type(cell), cell) for cell in column_of(*cells)] == [(type(cell), cell) for cell in cells]


def test_numbers_keep_every_bit() -> None:
    zero, nothing, tenth = column_of(-0.0, float("nan"), 0.1 + 0.2)
    assert isinstance(zero, float)
    assert isinstance(nothing, float)
    assert (copysign(1, zero), isnan(nothing), tenth) == (-1, True, 0.30000000000000004)


def test_equal_texts_and_days_are_one_object_in_all_sheets() -> None:
    grids = [Grid(name, True, (("专卖综合", date(2019, 1, 5)),) * 2, (), 2) for name in ("1月", "2月")]
    rows = [row for grid in unpack_grids(pack_grids(grids)) for row in grid.rows]
    assert len(rows) == 4
    assert len({tuple(map(id, row)) for row in rows}) == 1
    _, words = json.loads(bytes(pack_grids(grids).head))
    assert words == ["t专卖综合", "d2019-01-05"]


def test_text_without_a_partner_surrogate_comes_back() -> None:
    assert column_of("a\ud800") == ("a\ud800",)


def test_a_cell_of_no_known_type_is_not_packed() -> None:
    with pytest.raises(KeyError):
        column_of(1j)  # type: ignore[arg-type]
