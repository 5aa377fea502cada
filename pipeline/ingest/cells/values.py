"""Cells of one column to values of its dtype, with the faults among them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipeline.catalog import Column
from pipeline.catalog.records import Dtype
from pipeline.ingest.cells.amounts import (
    SCALED_DECIMALS,
    convert_durations,
    convert_integers,
    convert_numbers,
    convert_percentages,
)
from pipeline.ingest.cells.columns import Cells, ColumnFault, ColumnHints, ConvertedColumn, Converter, Words
from pipeline.ingest.cells.days import convert_dates, convert_months, convert_quarters, convert_years
from pipeline.ingest.cells.wordings import (
    convert_booleans,
    convert_grounds,
    convert_group_names,
    convert_identifiers,
    convert_leave_counts,
    convert_person_names,
    convert_texts,
)

CONVERTERS: Mapping[Dtype, Converter] = {
    "text": convert_texts,
    "identifier": convert_identifiers,
    "integer": convert_integers,
    "number": convert_numbers,
    "pct": convert_percentages,
    "date": convert_dates,
    "month": convert_months,
    "quarter": convert_quarters,
    "year": convert_years,
    "party_group": convert_group_names,
    "member": convert_person_names,
    "subject": convert_texts,
    "member_list": convert_texts,
    "ground": convert_grounds,
    "boolean": convert_booleans,
    "duration_s": convert_durations,
    "leave_count": convert_leave_counts,
}


def convert_column(
    cells: Cells, column: Column, hints: ColumnHints, words: Words, factor: float = 1.0
) -> ConvertedColumn:
    """Return the values of one column in the dictionary's unit, those outside its range taken out.

    ``factor`` converts from the unit that the sheet states. Missing values are ``None``; every fault's value is
    ``None`` as well.
    """
    converted = CONVERTERS[column.dtype](cells, column, hints, words)
    if factor != 1.0:
        converted.values = [
            round(value * factor, SCALED_DECIMALS) if isinstance(value, float) else value for value in converted.values
        ]
    return _within_range(converted, column)


def _within_range(converted: ConvertedColumn, column: Column) -> ConvertedColumn:
    """Take out what lies outside the dictionary's range: a date before 2000 or a score of 950 is a slip of the pen."""
    if not column.minimum and not column.maximum:
        return converted
    low, high = _bound(column.minimum, column), _bound(column.maximum, column)
    present: list[Any] = [value for value in converted.values if value is not None]
    if not present or ((low is None or low <= min(present)) and (high is None or max(present) <= high)):
        return converted
    outside = [
        position
        for position, value in enumerate(converted.values)
        if value is not None and ((low is not None and value < low) or (high is not None and value > high))  # type: ignore[operator]
    ]
    expected = f"{column.minimum} … {column.maximum}"
    for position in outside:
        value = converted.values[position]
        number = value if isinstance(value, float) else None
        converted.values[position] = None
        converted.faults.append(ColumnFault(position, "out_of_range", expected, number))
    converted.faults.sort(key=lambda fault: fault.position)
    return converted


def _bound(text: str, column: Column) -> float | date | None:
    if not text:
        return None
    return date.fromisoformat(text) if column.dtype == "date" else float(text)
