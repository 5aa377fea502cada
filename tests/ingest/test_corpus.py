"""Foreign workbooks: each is read or refused as it was judged by hand, and every sheet's rows are counted twice."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.files.grids import FileGrids, count_non_empty_rows
from pipeline.ingest.files.sandbox import Reader

pytestmark = pytest.mark.corpus

NOT_READ = {
    "README.md": "skipped not_workbook",
    # passwords: OLE around the whole package, BIFF with a FILEPASS record, OpenDocument with encryption-data
    "calamine/pass_protected.xlsx": "refused encrypted",
    "calamine/pass_protected.xlsb": "refused encrypted",
    "calamine/pass_protected.ods": "refused encrypted",
    "calamine/issue_385.xls": "refused encrypted",
    "sheetjs/password_2002_128_enhanced.xls": "refused encrypted",
    "sheetjs/password_2002_128_enhdss.xls": "refused encrypted",
    "sheetjs/password_2002_128_enhrsa.xls": "refused encrypted",
    "sheetjs/password_2002_128_enhrsasc.xls": "refused encrypted",
    "sheetjs/password_2002_128_strong.xls": "refused encrypted",
    "sheetjs/password_2002_40_972000.xls": "refused encrypted",
    "sheetjs/password_2002_40_basecrypto.xls": "refused encrypted",
    "sheetjs/password_2002_40_dhsc.xls": "refused encrypted",
    "sheetjs/password_2002_40_dss.xls": "refused encrypted",
    "sheetjs/password_2002_40_xor.xls": "refused encrypted",
    # an OLE sector chain that leaves the file; its siblings OOM_alloc.xls and OOM_alloc2.xls are whole workbooks
    "calamine/OOM_alloc3.xls": "refused damaged",
    # a string table that declares another number of strings than it holds
    "calamine/gh548_incorrect_sst_unique_count.xls": "refused damaged",
    # xl/_rels/workbook.xml.rels is longer than declared and has another checksum
    "calamine/issue252.xlsx": "refused zip_damaged",
    # one row repeated 999,999,999 times
    "calamine/issue_594_dos.ods": "refused too_wide",
    # a message that an e-mail program left in the place of an attachment
    "calamine/too_small.xls": "refused not_spreadsheet",
    # Excel 4 macro sheet
    "sheetjs/BlankSheetTypes.xlsm": "refused macro_sheet",
    # BIFF2 to BIFF4, without OLE around
    "sheetjs/CRLFR9_4.XLS": "refused old_excel",
    "sheetjs/CRLFX5_2.XLS": "refused old_excel",
    "sheetjs/CRLFX5_3.XLS": "refused old_excel",
    "sheetjs/CRLFX5_4.XLS": "refused old_excel",
    # calamine takes their two-byte texts for one-byte ones: "T\0i\0t\0e\0l\0"
    "sheetjs/CRLFR9.XLS": "refused garbled_text",
    "calamine/sheet_name_parsing.xls": "refused garbled_text",
}

# Sheets whose rows were counted by eye: (file, sheet, non-empty rows).
COUNTED = [
    ("calamine/issue_174.xlsx", "Sheet1", 2),  # phantom dimensions
    ("easyexcel/t03.xlsx", "重算文件", 2),  # 16,384 columns
    ("sheetjs/ErrorTypes.xlsx", "RawErrors", 14),
    ("calamine/any_sheets.xlsb", "Visible", 4),
    ("calamine/any_sheets.ods", "Visible", 4),
    ("calamine/date_1904.xls", "Sheet1", 3),
    ("calamine/errors.xlsx", "Feuil1", 7),  # error values only
    ("sheetjs/LONumbers.xlsx", "Sheet1", 38),
]


@pytest.fixture(scope="module")
def files(corpus: Path) -> dict[str, FileGrids]:
    """Every file of the folder by its path inside it."""
    paths = sorted(path for path in corpus.rglob("*") if path.is_file())
    with Reader() as reader:
        return {path.relative_to(corpus).as_posix(): reader.read(path) for path in paths}


def test_every_file_ends_as_it_was_judged(files: dict[str, FileGrids], tell: Callable[[str], None]) -> None:
    outcomes = {name: f"{file.status} {file.reason.code}" for name, file in files.items() if file.reason}
    sheets = [grid for file in files.values() for grid in file.grids]
    tell(f"corpus: {len(files)} files, {len(sheets)} sheets, {sum(grid.physical_rows for grid in sheets)} rows;")
    tell(f"corpus: read {len(files) - len(outcomes)}; {dict(sorted(Counter(outcomes.values()).items()))}")
    assert len(files) == 400
    assert outcomes == NOT_READ


def test_both_readers_count_the_same_rows_on_every_sheet(
    files: dict[str, FileGrids], tell: Callable[[str], None]
) -> None:
    differing = [
        (name, grid.name)
        for name, file in files.items()
        for grid in file.grids
        if grid.physical_rows != count_non_empty_rows(grid.rows)
    ]
    sheets = [grid for file in files.values() for grid in file.grids]
    rows = sum(grid.physical_rows for grid in sheets)
    tell(f"P1: {len(files)} files, {len(sheets)} sheets, {rows} rows: {len(differing)} sheets unaccounted")
    assert differing == []


@pytest.mark.parametrize(("name", "sheet", "rows"), COUNTED)
def test_rows_counted_by_eye(files: dict[str, FileGrids], name: str, sheet: str, rows: int) -> None:
    assert {grid.name: grid.physical_rows for grid in files[name].grids}[sheet] == rows
