"""Faults as the reading steps find them, and the issues that people are shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.catalog import Column
from pipeline.ingest.grids import cell_address
from pipeline.ingest.ledger import Issue, Severity
from pipeline.texts import Texts

SEEN_CHARACTERS = 80  # enough to recognise a cell; an essay in one cell is cut

# error: a row, a cell or a file could not be used; warning: it was used (or left out as a whole), but look at it
SEVERITIES: Mapping[str, Severity] = {
    "missing_column": "error",
    "duplicate_column": "error",
    "unused_column": "warning",
    "unrecognised_sheet": "warning",
    "hidden_sheet": "warning",
    "hidden_rows": "warning",
    "context_missing": "error",
    "context_conflict": "error",
    "unit_missing": "error",
    "missing_value": "error",
    "error_cell": "error",
    "formula_without_value": "error",
    "bad_number": "error",
    "bad_integer": "error",
    "bad_percentage": "error",
    "ambiguous_percentage": "error",
    "bad_date": "error",
    "ambiguous_date": "error",
    "bare_date": "error",
    "bad_month": "error",
    "ambiguous_month": "error",
    "bare_month": "error",
    "bad_quarter": "error",
    "bad_year": "error",
    "bad_boolean": "error",
    "bad_duration": "error",
    "bad_identifier": "error",
    "bad_leave": "error",
    "identifier_too_long": "error",
    "out_of_range": "error",
    "unknown_group": "error",
    "unknown_member": "error",
    "not_a_member_then": "error",
    "overlapping_membership": "warning",
    "duplicate_key": "error",
    "duplicate_file": "warning",
    "overlapping_file": "error",
    "date_order": "warning",
    "total_mismatch": "warning",
    "wrong_setting": "error",
}


@dataclass(frozen=True)
class Fault:
    """One fault and where it stands; rows and columns count from 0, ``None`` where the fault is not in one cell."""

    code: str
    file: str
    sheet: str | None
    row: int | None
    column: int | None
    seen: str
    expected: str = ""
    about: tuple[Column, ...] = ()  # the columns of the dictionary that the fault is about


def to_issue(fault: Fault, texts: Texts) -> Issue:
    """Return a fault as an issue in the reader's language.

    What is expected is either a value that the fault carries (a nearest name, a range) or the sentence
    ``expected.<code>``.
    """
    labels = [column.label_zh if texts.lang == "zh" else _label_en(column) for column in fault.about]
    about = texts("place.separator").join(labels)
    values = {"about": about, "expected": fault.expected}
    if texts.has(f"expected.{fault.code}"):
        expected = texts(f"expected.{fault.code}", **values)
    else:
        expected = fault.expected or texts("near.none")
    outcome = texts("outcome.row" if any(column.required for column in fault.about) else "outcome.cell")
    seen = fault.seen if len(fault.seen) <= SEEN_CHARACTERS else fault.seen[: SEEN_CHARACTERS - 1] + "…"
    cell = _address(fault)
    place = _place(fault, cell, texts)
    return Issue(
        file=fault.file,
        sheet=fault.sheet,
        cell=cell,
        severity=SEVERITIES[fault.code],
        code=fault.code,
        seen=seen,
        expected=expected,
        message=texts(f"issue.{fault.code}", place=place, seen=seen, expected=expected, about=about, outcome=outcome),
    )


def _label_en(column: Column) -> str:
    """Return the English name with the Chinese one, which is what stands in the header of the workbook."""
    return f"{column.label_en} ({column.label_zh})"


def _address(fault: Fault) -> str | None:
    if fault.row is None or fault.column is None:
        return None
    return cell_address(fault.row, fault.column)


def _place(fault: Fault, cell: str | None, texts: Texts) -> str:
    if fault.sheet is None:
        return texts("place.file", file=fault.file)
    if cell is not None:
        return texts("place.cell", file=fault.file, sheet=fault.sheet, cell=cell)
    if fault.row is not None:
        return texts("place.row", file=fault.file, sheet=fault.sheet, row=fault.row + 1)
    return texts("place.sheet", file=fault.file, sheet=fault.sheet)
