from pipeline.ingest.cells.columns import CellFault, ColumnFault, convert_each
from pipeline.ingest.files.grids import Cell, CellError

EMPTIES = frozenset({"无", "-"})


def test_each_distinct_cell_is_converted_once_and_every_fault_is_told_where_it_stands() -> None:
    asked: list[Cell] = []

    def convert(cell: Cell) -> str:
        asked.append(cell)
        if cell == "坏":
            raise CellFault("bad_number", "1 … 9")
        return f"<{cell}>"

    converted = convert_each(["甲", "坏", " 无 ", None, "甲", "坏", CellError("#N/A")], convert, EMPTIES)
    assert converted.values == ["<甲>", None, None, None, "<甲>", None, None]
    assert converted.faults == [
        ColumnFault(1, "bad_number", "1 … 9"),
        ColumnFault(5, "bad_number", "1 … 9"),
        ColumnFault(6, "error_cell"),
    ]
    assert asked == ["甲", "坏"]


def test_equal_cells_of_other_types_are_converted_apart() -> None:
    assert convert_each([1, True, 1.0, 1], repr, EMPTIES).values == ["1", "True", "1.0", "1"]


def test_values_that_are_ready_are_taken_as_they_are() -> None:
    number = 12.5
    converted = convert_each([number, "12.5", 12], repr, EMPTIES, ready=float)
    assert converted.values == [number, "'12.5'", "12"]
    assert converted.values[0] is number


def test_a_long_text_is_not_looked_up_among_the_words_for_nothing() -> None:
    assert convert_each(["-", "-" + " " * 20], repr, EMPTIES).values == [None, repr("-" + " " * 20)]
