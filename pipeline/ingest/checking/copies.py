"""Altered copies (副本, 最终版, -修改2): sheets that mostly repeat the rows of another one, told once for each."""

from collections.abc import Mapping, Sequence
from itertools import islice

from pipeline.catalog import Catalog
from pipeline.ingest.checking.duplicates import originality
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import cell_text

MIN_SHARED_ROWS = 3  # one or two equal rows in two ledgers may be chance, or a slip in one number
MIN_SHARED_SHARE = 0.5
MAX_DIFFERENCES = 5  # cells that are listed; whoever compares the two files needs no more to start

Found = tuple[SheetRows, int]  # a row: its sheet and its position
Signature = tuple[object, ...]


def reject_copied_rows(sheets: Sequence[SheetRows], catalog: Catalog) -> None:
    """Turn down what a sheet repeats of another one, where that is most of it; what only it has stays.

    In a table with a key a row repeats another one when it has its key, be the rest the same or not. In a table
    without, it does when every value is the same in another file: equal rows within one file are two visits on one day.
    The file with the shorter name counts, and one fault a sheet says so.
    """
    by_table: dict[str, list[SheetRows]] = {}
    for rows in sorted(sheets, key=lambda rows: originality(rows.file)):
        by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    for table, found in by_table.items():
        if len(found) > 1:
            _reject_copies(found, catalog.tables[table].key)


def signatures_of(rows: SheetRows, names: Sequence[str]) -> dict[int, Signature]:
    """Return the values of some columns for every used row, by position."""
    columns = [rows.values[name] for name in names]
    return {position: tuple(column[position] for column in columns) for position in rows.kept()}


def _reject_copies(sheets: Sequence[SheetRows], key: Sequence[str]) -> None:
    first: dict[Signature, Found] = {}
    for rows in sheets:
        signatures = signatures_of(rows, key or list(rows.columns))
        shared = {
            position: first[signature]
            for position, signature in signatures.items()
            if signature in first and (key or first[signature][0].file != rows.file)
        }
        if len(shared) >= MIN_SHARED_ROWS and len(shared) >= MIN_SHARED_SHARE * len(signatures):
            _note_copy(rows, shared, len(signatures), is_keyed=bool(key))
            rows.rejected.update(shared)
        for position, signature in signatures.items():
            first.setdefault(signature, (rows, position))


def _note_copy(rows: SheetRows, shared: Mapping[int, Found], count: int, *, is_keyed: bool) -> None:
    others = ", ".join(sorted({_told(other, rows) for other, _ in shared.values()}))
    details: tuple[tuple[str, str], ...] = ()
    if is_keyed:
        differing = {position: _differences(rows, position, found) for position, found in shared.items()}
        cells = [cell for found in differing.values() for cell in found]
        more = ["…"] if len(cells) > MAX_DIFFERENCES else []
        listed = "; ".join([*islice(cells, MAX_DIFFERENCES), *more]) or "—"
        agreeing = sum(not found for found in differing.values())
        details = (("agreeing", str(agreeing)), ("differing", listed))
    rows.sheet_fault("overlapping_file", f"{len(shared)} / {count}", others, details=details)


def _told(other: SheetRows, rows: SheetRows) -> str:
    """Return the file that counts, or its sheet where both are in the same file."""
    return other.file if other.file != rows.file else f"{other.file} [{other.sheet.names.sheet}]"


def _differences(rows: SheetRows, position: int, found: Found) -> list[str]:
    """Return the cells in which a row differs from the one that counts: F4: 13 ≠ 12."""
    other, there = found
    told = []
    for name in rows.columns:
        if rows.values[name][position] != other.values[name][there]:
            place = rows.place(name, position) or (rows.rows[position], 0)
            seen, counts = (cell_text(sheet.cell(name, at)) or "—" for sheet, at in ((rows, position), (other, there)))
            told.append(f"{cell_address(*place)}: {seen} ≠ {counts}")
    return told
