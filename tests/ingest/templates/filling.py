"""A person who knows nothing but the template: fills in one row by its own instructions, examples and drop-downs."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

ABOUT_ROW, HEADER_ROW = 3, 4
FIRST_GUIDE_ROW = 4  # of the sheet 填写说明


def guide_of(workbook: Workbook) -> Mapping[str, str]:
    """Header -> example, as the sheet 填写说明 gives them."""
    rows = workbook["填写说明"].iter_rows(min_row=FIRST_GUIDE_ROW, values_only=True)
    return {str(row[0]): str(row[5]) for row in rows}


def validation_at(sheet: Worksheet, cell: str) -> DataValidation | None:
    found = [v for v in sheet.data_validations.dataValidation if cell in v.sqref]
    assert len(found) <= 1, f"{cell} is validated twice"
    return found[0] if found else None


def offered(workbook: Workbook, validation: DataValidation) -> list[str]:
    """The words of a drop-down, read through its reference."""
    found = re.fullmatch(r"'(.+)'!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)", str(validation.formula1))
    assert found, validation.formula1
    cells = workbook[found[1]][f"{found[2]}{found[3]}:{found[4]}{found[5]}"]
    return [row[0].value for row in cells]


def fill(path: Path) -> None:
    """Put one valid row below the header, or every score of a matrix, and save the workbook."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    examples = guide_of(workbook)
    for cell in list(sheet[ABOUT_ROW]):
        header = str(cell.value).rstrip("：")
        if header in examples:
            _put(workbook, sheet, sheet.cell(ABOUT_ROW, cell.column + 1), examples[header])
    if "＼" in str(sheet.cell(HEADER_ROW, 1).value):
        for row in sheet.iter_rows(min_row=HEADER_ROW + 1, min_col=2):
            for score in row:
                if score.value is None:
                    _put(workbook, sheet, score, examples["评分"])
    else:
        row_number = next(n for n in range(HEADER_ROW + 1, 2000) if all(c.value is None for c in sheet[n]))
        for header_cell in sheet[HEADER_ROW]:
            if header_cell.value is not None:
                cell = sheet.cell(row_number, header_cell.column)
                _put(workbook, sheet, cell, examples[str(header_cell.value)])
    workbook.save(path)


def _put(workbook: Workbook, sheet: Worksheet, cell: Cell | MergedCell, example: str) -> None:
    """Type an example the way a spreadsheet program takes it: by the format and the validation of the cell."""
    assert isinstance(cell, Cell)
    validation = validation_at(sheet, cell.coordinate)
    number_format = cell.number_format
    value: str | float | date = example
    if validation is not None and validation.type == "list":
        words = offered(workbook, validation)
        value = example if example in words or validation.errorStyle == "warning" else words[0]
    elif "yyyy" in number_format:
        value = date.fromisoformat(example if example.count("-") == 2 else f"{example}-01")
    elif validation is not None and validation.type in ("decimal", "whole"):
        percent = number_format.endswith("%")
        value = float(example.rstrip("%")) / (100 if percent else 1)
        assert float(str(validation.formula1)) <= value <= float(str(validation.formula2)), (
            f"{cell.coordinate} {example}"
        )
    cell.value, cell.number_format = value, number_format
