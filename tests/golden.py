"""What the tests of golden tables share: plain rows of a table, a reading without any fault, other containers."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import xlwt

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, write_xlsx

Read = Callable[[Path], Reading]
Write = Callable[[Path], object]  # writes one variant into a bureau's folder


def rows_of(reading: Reading, table: str, *columns: str) -> list[tuple[object, ...]]:
    """Return the rows of a table as plain values: periods and days as text, missing values as None."""
    found = []
    for row in reading.tables[table][list(columns)].itertuples(index=False):
        found.append(tuple(None if pd.isna(value) else _plain(value) for value in row))
    return found


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value) if isinstance(value, pd.Period) else value


def assert_clean(reading: Reading) -> None:
    """No issue, and every row of every sheet is accounted for, none as rejected or unrecognised."""
    assert [issue.message for issue in reading.issues] == []
    assert all(sheet.balances() for file in reading.files for sheet in file.sheets)
    assert not [sheet for file in reading.files for sheet in file.sheets if sheet.unrecognised or sheet.rejected]


def xlsx(file: str, sheets: Mapping[str, Rows], merges: Mapping[str, Sequence[str]] | None = None) -> Write:
    """Return what writes a workbook under this name."""
    return lambda folder: write_xlsx(folder / file, sheets, merges)


def xls(file: str, sheets: Mapping[str, Rows]) -> Write:
    """Return what writes a BIFF8 workbook, without merged cells."""

    def write(folder: Path) -> None:
        workbook = xlwt.Workbook(encoding="utf-8")
        for name, rows in sheets.items():
            sheet = workbook.add_sheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value)
        workbook.save(str(folder / file))

    return write


def csv_in(encoding: str, file: str, rows: Rows) -> Write:
    """Return what writes a text file in an encoding."""
    lines = [",".join("" if value is None else f'"{value}"' for value in row) for row in rows]
    return lambda folder: (folder / file).write_bytes("\r\n".join(lines).encode(encoding))
