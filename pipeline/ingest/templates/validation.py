"""What a cell of a template accepts: drop-downs, dates and numbers within the dictionary's bounds, and a prompt."""

from datetime import date
from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.catalog import Column
from pipeline.ingest.cells.days import YEARS
from pipeline.ingest.templates.choices import Choices
from pipeline.ingest.templates.forms import Field
from pipeline.spreadsheets.cleaning import plain_text
from pipeline.texts import Texts

MAX_PROMPT_TITLE, MAX_PROMPT = 32, 255  # characters, by the specification of Excel: one more and it repairs the file
EXACT = 10**15  # beyond 15 digits a spreadsheet's numbers are not exact: the bound of a column without bounds
PERCENT = 100.0  # a percent cell stores 98.5 % as 0.985
EXCEL_DAY_ZERO = date(1899, 12, 30)  # so that serials count right from March 1900 on
NO_BOUND = "—"
DAYS = ("date", "month")
WHOLE = ("integer", "year")
NUMBERS = (*WHOLE, "number", "pct")


def validation_of(field: Field, choices: Choices | None, reference: str | None, texts: Texts) -> DataValidation | None:
    """Return the validation of one column; ``reference`` is where its choices stand. ``None`` where all is said.

    A text without choices only gets a prompt, and none where its meaning is its header.
    """
    column = field.column
    if choices is not None and reference is not None:
        found = DataValidation(type="list", formula1=reference, errorStyle="stop" if choices.closed else "warning")
        found.error = texts("templates.error_list" if choices.closed else "templates.error_open_list")
    elif column.dtype in DAYS:
        found = _between("date", *_days(column))
        found.error = texts(f"templates.error_{column.dtype}")
    elif column.dtype in NUMBERS:
        found = _number_validation(column, texts)
    elif column.dtype == "text" and field.meaning in (field.header, column.label_zh):
        return None
    else:
        found = DataValidation(type=None)
    found.showInputMessage = True
    found.promptTitle = plain_text(field.header)[:MAX_PROMPT_TITLE]
    found.prompt = plain_text(_prompt(field, texts))[:MAX_PROMPT]
    return _finished(found, texts)


def day_validation(texts: Texts) -> DataValidation:
    """Return the validation of the day on which a workbook is handed in; it may stay empty."""
    found = _between("date", _serial(date(YEARS[0], 1, 1)), _serial(date(YEARS[-1], 12, 31)))
    found.error = texts("templates.error_date")
    return _finished(found, texts)


def _number_validation(column: Column, texts: Texts) -> DataValidation:
    """Return the validation of numbers within the dictionary's bounds, of percentages as their cells store them."""
    scale = PERCENT if column.dtype == "pct" else 1.0
    low = float(column.minimum or -EXACT) / scale
    high = float(column.maximum or EXACT) / scale
    found = _between("whole" if column.dtype in WHOLE else "decimal", low, high)
    bounds = {"low": column.minimum or NO_BOUND, "high": column.maximum or NO_BOUND}
    if column.dtype in WHOLE:
        found.error = texts("templates.error_whole", **bounds)
    elif column.dtype == "pct":
        found.error = texts("templates.error_percent", **bounds)
    else:
        found.error = texts("templates.error_number", **bounds)
    return found


def _between(type_: Literal["date", "whole", "decimal"], low: float, high: float) -> DataValidation:
    return DataValidation(type=type_, operator="between", formula1=f"{low:.15g}", formula2=f"{high:.15g}")


def _finished(found: DataValidation, texts: Texts) -> DataValidation:
    """Let a cell stay empty, and show the error where there is one."""
    found.allowBlank = True
    if found.error:
        found.showErrorMessage = True
        found.errorTitle = texts("templates.error_title")
    return found


def _prompt(field: Field, texts: Texts) -> str:
    """Return meaning, unit and what is accepted, as far as the header does not say them."""
    parts = [
        "" if field.meaning == field.column.label_zh else field.meaning,
        texts("templates.in_unit", unit=field.unit) if field.unit else "",
        field.accepted,
    ]
    return texts("templates.separator").join(part for part in parts if part)


def _days(column: Column) -> tuple[int, int]:
    """Return the serial numbers of the first and last day that the dictionary, or else the reader, allows."""
    first = date.fromisoformat(column.minimum) if column.minimum else date(YEARS[0], 1, 1)
    last = date.fromisoformat(column.maximum) if column.maximum else date(YEARS[-1], 12, 31)
    return _serial(first), _serial(last)


def _serial(day: date) -> int:
    return (day - EXCEL_DAY_ZERO).days
