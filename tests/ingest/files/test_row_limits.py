from collections.abc import Sequence

import pytest

from pipeline.ingest.files.grids import Container, Grid, Row
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.row_limits import BIFF_ROWS, RUN_ROWS, SHEET_ROWS, check_row_limit

FILLED: Row = ("甲",)


def grid(rows: Sequence[Row]) -> Grid:
    return Grid("台账", True, tuple(rows), (), sum(map(bool, rows)))


@pytest.mark.parametrize(
    ("container", "length"),
    [("xls", BIFF_ROWS), ("xlsx", BIFF_ROWS), ("text", BIFF_ROWS), ("xlsx", SHEET_ROWS), ("html", SHEET_ROWS + 5)],
)
def test_a_table_that_ends_with_its_format_is_refused(container: Container, length: int) -> None:
    with pytest.raises(Refused) as caught:
        check_row_limit(grid([FILLED] * length), container)
    assert caught.value.reason.code == "row_limit"
    assert caught.value.reason.values == {"sheet": "台账", "rows": min(length, SHEET_ROWS)}


def test_a_title_and_a_gap_above_a_full_table_change_nothing() -> None:
    with pytest.raises(Refused, match="row_limit"):
        check_row_limit(grid([FILLED, (), *[FILLED] * (BIFF_ROWS - 2)]), "xls")


@pytest.mark.parametrize(
    "rows",
    [
        [FILLED] * (BIFF_ROWS - 1),
        [FILLED] * (BIFF_ROWS + 1),  # goes on, so nothing was cut off there
        [FILLED, *[()] * (BIFF_ROWS - 2), FILLED],  # a stray cell in the last row
        [*[()] * (BIFF_ROWS - RUN_ROWS + 1), *[FILLED] * (RUN_ROWS - 1)],
        [],
    ],
    ids=["one less", "one more", "stray cell", "short run", "empty"],
)
def test_other_sheets_are_not(rows: Sequence[Row]) -> None:
    check_row_limit(grid(rows), "xlsx")


def test_an_xls_knows_no_other_limit() -> None:
    check_row_limit(grid([FILLED] * SHEET_ROWS), "xls")
