"""Faults as the reading steps find them, and the issues that people are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.catalog import Column
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.ledger import Issue, Severity
from pipeline.texts import Texts

CONTENTS_MISSING = "contents_missing"
UNUSED_CELLS = "unused_cells"
ROWS = "rows"  # the detail of `UNUSED_CELLS` that counts the unrecognised rows among those of its cells
SEEN_CHARACTERS = 80  # enough to recognise a cell; an essay in one cell is cut

# error: a row, a cell or a file could not be used; warning: it was used (or left out as a whole), but look at it
SEVERITIES: Mapping[str, Severity] = {
    "missing_column": "error",
    "duplicate_column": "error",
    "unused_column": "warning",
    "lacking_column": "warning",
    "lone_amount": "warning",
    UNUSED_CELLS: "warning",
    "unrecognised_sheet": "warning",
    "hidden_sheet": "warning",
    "hidden_rows": "warning",
    "hidden_columns": "warning",
    "context_missing": "error",
    "context_without_year": "error",
    "context_conflict": "error",
    "year_conflict": "warning",
    "unit_missing": "error",
    "column_without_unit": "error",
    "unit_contradicted": "warning",
    "wrong_unit": "error",
    "missing_value": "error",
    "nothing_above": "error",
    "merged_amount": "error",
    "shifted_number": "error",
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
    "missing_roster": "error",
    CONTENTS_MISSING: "error",
    "cut_off": "warning",
    "unknown_group": "error",
    "unknown_member": "error",
    "several_members": "error",
    "several_groups": "error",
    "not_a_member_then": "error",
    "unknown_item": "error",
    "unknown_activity": "warning",
    "unknown_leave": "warning",
    "unknown_status": "warning",
    "not_counted": "warning",
    "never_closed": "warning",
    "part_lacking": "warning",
    "other_span": "warning",
    "prepared_zeros": "warning",
    "second_column": "warning",
    "far_from_plan": "warning",
    "lonely_day": "warning",
    "other_points": "warning",
    "counted_once": "warning",
    "wrong_subject": "error",
    "unassigned_member": "warning",
    "overlapping_membership": "warning",
    "part_rows": "error",
    "duplicate_key": "error",
    "copied_row": "error",  # turned down like any repeat, but nothing of it is lost
    "duplicate_file": "warning",
    "copied_sheet": "warning",
    "carried_on": "warning",
    "overlapping_file": "error",
    "repeated_row": "warning",
    "planned_rows": "warning",
    "correction_sheet": "error",
    "only_to_date": "error",
    "void_row": "warning",
    "struck_row": "warning",
    "struck_ended_row": "warning",
    "date_order": "warning",
    "due_before_start": "warning",
    "outside_period": "warning",
    "late_report": "warning",
    "missing_months": "warning",
    "never_handed_in": "warning",
    "total_mismatch": "warning",
    "row_total_mismatch": "warning",
    "more_than_whole": "warning",
    "impossible_ratio": "error",
    "against_dictionary": "error",
    "wrong_setting": "error",
    "missing_rule_part": "error",
    "rule_needs_rate": "error",
    "rule_mismatch": "error",
    "repeated_rule": "error",
    "low_cap": "error",
    "band_gap": "error",
    "band_overlap": "error",
    "wrong_term": "error",
    "terms_do_not_sum": "error",
    "terms_without_rules": "error",
}
KEEPS_DEFAULT = "wrong_setting"  # what a row of settings would have replaced stays as it was


@dataclass(frozen=True)
class UnusedVersion:
    """The version of a rule book that a fault put out of use, and the one that counts instead ("" for none)."""

    version: str
    instead: str


@dataclass(frozen=True)
class MoreFaults:
    """How many further cells of a column have the same fault, and in which rows (from 0, both included)."""

    count: int
    first_row: int
    last_row: int


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
    unused_version: UnusedVersion | None = None
    details: tuple[tuple[str, str], ...] = ()  # what ``detail.<code>`` adds to the message, by name
    more: MoreFaults | None = None  # the faults that this one stands for besides itself


def files_without_contents(found: Iterable[Fault] | Iterable[Issue]) -> frozenset[str]:
    """Return the paths of workbooks that are here by their name only, as faults or issues tell."""
    return frozenset(one.file for one in found if one.code == CONTENTS_MISSING)


def to_issues(faults: Iterable[Fault], texts: Texts) -> tuple[Issue, ...]:
    """Return faults as issues in the reader's language."""
    return tuple(to_issue(fault, texts) for fault in faults)


def to_issue(fault: Fault, texts: Texts) -> Issue:
    """Return a fault as an issue in the reader's language.

    What is expected is either a value that the fault carries (a nearest name, a range) or the sentence
    ``expected.<code>``. A day or a month that is written well but is in no calendar carries the days or months around
    it, and is told in the words of ``impossible.<code>``. A sentence may name what kind of value its column holds.
    """
    labels = [column.label_zh if texts.lang == "zh" else _label_en(column) for column in fault.about]
    about = texts("place.separator").join(labels)
    kind = texts(f"value.{fault.about[0].dtype}") if fault.about else ""
    values = {"about": about, "expected": fault.expected, "kind": kind}
    is_impossible = bool(fault.expected) and texts.has(f"impossible.{fault.code}")
    if texts.has(f"expected.{fault.code}") and not is_impossible:
        expected = texts(f"expected.{fault.code}", **values)
    else:
        expected = fault.expected or texts("near.none")
    seen = fault.seen if len(fault.seen) <= SEEN_CHARACTERS else fault.seen[: SEEN_CHARACTERS - 1] + "…"
    values = {"about": about, "expected": expected, "seen": seen, "outcome": _outcome(fault, texts)}
    told = texts(f"impossible.{fault.code}" if is_impossible else f"issue.{fault.code}", **values)
    return Issue(
        file=fault.file,
        sheet=fault.sheet,
        cell=_address(fault),
        severity=SEVERITIES[fault.code],
        code=fault.code,
        seen=seen,
        expected=expected,
        message=_with_version(fault, _with_row(fault, told + _details(fault, texts), texts), texts),
    )


def _details(fault: Fault, texts: Texts) -> str:
    own = texts(f"detail.{fault.code}", **dict(fault.details)) if fault.details else ""
    if fault.more is None:
        return own
    first, last = fault.more.first_row + 1, fault.more.last_row + 1
    return own + texts("detail.folded", count=fault.more.count, first=first, last=last)


def _outcome(fault: Fault, texts: Texts) -> str:
    """Return what became of the row, or of the cell alone."""
    if fault.unused_version is not None:
        return texts("outcome.row")
    if fault.code == KEEPS_DEFAULT:
        return texts("outcome.default")
    return texts("outcome.row" if any(column.required for column in fault.about) else "outcome.cell")


def _with_row(fault: Fault, message: str, texts: Texts) -> str:
    """Name the row where no cell does: file, sheet and cell are printed beside the message."""
    if fault.row is None or fault.column is not None:
        return message
    return texts("place.row", row=fault.row + 1, message=message)


def _with_version(fault: Fault, message: str, texts: Texts) -> str:
    """Add which version of the rule book was not used, and which one counts instead."""
    if fault.unused_version is None:
        return message
    found = fault.unused_version
    key = "outcome.version" if found.instead else "outcome.no_version"
    if found.instead == found.version:
        key = "outcome.default_version"
    return texts(key, message=message, version=found.version, instead=found.instead)


def _label_en(column: Column) -> str:
    """Return the English name with the Chinese one, which is what stands in the header of the workbook."""
    return f"{column.label_en} ({column.label_zh})"


def _address(fault: Fault) -> str | None:
    if fault.row is None or fault.column is None:
        return None
    return cell_address(fault.row, fault.column)
