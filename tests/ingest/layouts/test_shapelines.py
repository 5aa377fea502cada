"""Cells of any sheet as numbers, marks, years and words."""

from datetime import date

import pytest

from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.layouts.shapelines import CellReader, read_lines
from tests.hand_made import VOCABULARY, make_grid

READER = CellReader(VOCABULARY)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (3.5, "number"),
        (True, "number"),
        (CellError("#DIV/0!"), "number"),
        ("1,234.5", "number"),
        ("－3.2%", "number"),
        ("(1,750)", "number"),
        ("6.3(6.1)", "number"),
        ("16994 -", "number"),
        ("0.0(百分点)", "number"),
        ("12.5亿元", "number"),
        ("—", "mark"),
        ("…", "mark"),
        ("（注1）", "mark"),
        (2019, "year"),
        ("2020", "year"),
        (date(2024, 1, 1), "year"),
        ("2022年", "word"),
        ("2024E", "word"),
        ("5月", "word"),
        ("16-20岁", "word"),
        ("上月=100", "word"),
        ("（%）", "word"),
        ("3年以上", "word"),
    ],
)
def test_kinds_of_cells(cell: Cell | CellError, kind: str) -> None:
    assert READER.read(cell)[1] == kind


def test_a_line_knows_its_gap_and_the_labels_carried_into_it() -> None:
    grid = make_grid([["省", "市", "数"], ["甲省", "A", 1], [None, "B", 2], [None], ["谢谢"]], ((1, 0, 2, 0),))
    lines = read_lines(grid, READER, range(5), 0, 2)
    assert [line.number for line in lines] == [0, 1, 2, 4]
    assert [line.follows_gap for line in lines] == [True, False, False, True]
    assert [line.covered for line in lines] == [frozenset(), frozenset(), {0}, frozenset()]
    assert [line.width for line in lines] == [3, 3, 3, 1]
    assert lines[1].depth == 2
    assert lines[3].is_speech


def test_a_text_repeated_where_merged_cells_were_is_one_text() -> None:
    (line,) = read_lines(make_grid([["一、黑色金属"] * 3]), READER, range(1), 0, 2)
    assert line.is_speech
