"""Altered copies (副本, 最终版, -修改2): sheets that mostly repeat the rows of another one, told once for each."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from pipeline.catalog import Catalog
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.duplicates import originality
from pipeline.ingest.checking.kinship import Found, Kin, Signature, Version, is_correction, signatures_of
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import cell_text, compact

MIN_SHARED_ROWS = 3  # one or two equal rows in two ledgers may be chance, or a slip in one number
MIN_SHARED_SHARE = 0.5
MAX_DIFFERENCES = 5  # cells that are listed; whoever compares the two files needs no more to start


def reject_copied_rows(sheets: Sequence[SheetRows], catalog: Catalog, words: Words) -> None:
    """Turn down what a sheet repeats of another one, where that is most of it; what only it has stays.

    In a table with a key a row repeats another one when it has its key, be the rest the same or not. In a table
    without, it does when every value is the same on another sheet: equal rows on one sheet are two visits on one day;
    on sheets that are called versions of one another or state one month, when the columns that identify it are.
    The file with the shorter name counts, in a file the sheet that is called no summary; one fault a sheet says so.
    """
    by_table: dict[str, list[SheetRows]] = {}
    for rows in originals_first(sheets, words):
        by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    for table, found in by_table.items():
        if len(found) > 1:
            _reject_copies(found, catalog.tables[table].key, words)


def originals_first(sheets: Iterable[SheetRows], words: Words) -> list[SheetRows]:
    """Order sheets so that what counts comes before what repeats it: copies of files last, in a file the sheets that
    are called a summary (汇总) or a correction (更正).
    """
    return sorted(sheets, key=lambda rows: (originality(rows.file), _is_after_others(rows, words)))


def _is_after_others(rows: SheetRows, words: Words) -> bool:
    name = compact(rows.sheet.names.sheet)
    return any(word in name for word in words["summary"]) or is_correction(name, words)


def _reject_copies(sheets: Sequence[SheetRows], key: Sequence[str], words: Words) -> None:
    first: dict[Signature, Found] = {}
    kin = Kin(words)
    for rows in sheets:
        version = None if key else kin.version(rows)
        if version is not None:
            if version.corrected and not _is_equal(rows, version):
                _note_correction(rows, version)
            else:
                _note_copy(rows, version.repeated, len(rows.kept()), left_out=len(version.left_over))
            rows.rejected.update(version.repeated, version.left_over)
        else:
            _reject_repeated(rows, first, key)
        for position, signature in signatures_of(rows, key or list(rows.columns)).items():
            first.setdefault(signature, (rows, position))
        if not key:
            kin.add(rows)


def _reject_repeated(rows: SheetRows, first: Mapping[Signature, Found], key: Sequence[str]) -> None:
    """Turn down the rows that stand on sheets before, with the same key or equal in full, where that is most of them.

    One row alone is a copied sheet only where it is equal to one of another file: a key may have been given twice, and
    on two sheets of a file it may be two visits.
    """
    signatures = signatures_of(rows, key or list(rows.columns))
    shared = {
        position: first[signature]
        for position, signature in signatures.items()
        if signature in first and (key or first[signature][0] is not rows)
    }
    may_be_one = not key and all(other.file != rows.file for other, _ in shared.values())
    is_whole = len(shared) == len(signatures) > (0 if may_be_one else 1)
    if is_whole or (len(shared) >= MIN_SHARED_ROWS and len(shared) >= MIN_SHARED_SHARE * len(signatures)):
        _note_copy(rows, shared, len(signatures))
        rows.rejected.update(shared)


def _note_copy(rows: SheetRows, shared: Mapping[int, Found], count: int, left_out: int = 0) -> None:
    """Note a copy: how many of its rows are repeated, how many of these agree, and how many others are left out.

    Where every row agrees nothing is lost and nobody need decide.
    """
    others = ", ".join(sorted({name_from(rows, other) for other, _ in shared.values()}))
    differing = {position: _differences(rows, position, found) for position, found in shared.items()}
    cells = [cell for found in differing.values() for cell in found]
    if not cells and not left_out and len(shared) == count:
        rows.sheet_fault("copied_sheet", str(count), others)
        return
    more = ["…"] if len(cells) > MAX_DIFFERENCES else []
    details = {
        "agreeing": sum(not found for found in differing.values()),
        "altered": sum(bool(found) for found in differing.values()),
        "differing": "; ".join([*islice(cells, MAX_DIFFERENCES), *more]) or "—",
        "left_out": left_out,
    }
    told = tuple((name, str(value)) for name, value in details.items())
    rows.sheet_fault("overlapping_file", f"{len(shared)} / {count}", others, details=told)


def _is_equal(rows: SheetRows, version: Version) -> bool:
    """Tell whether a version says nothing else than what it repeats."""
    is_equal = not any(_differences(rows, position, found) for position, found in version.repeated.items())
    return is_equal and not version.left_over


def _note_correction(rows: SheetRows, version: Version) -> None:
    """Note a sheet that is called a correction of others: which of the two is right is not for the reader to say."""
    left_out = len(version.repeated) + len(version.left_over)
    others = ", ".join(sorted({name_from(rows, other) for other in version.corrected}))
    cells = [cell for position, found in version.repeated.items() for cell in _differences(rows, position, found)]
    more = ["…"] if len(cells) > MAX_DIFFERENCES else []
    details = (("differing", "; ".join([*cells[:MAX_DIFFERENCES], *more]) or "—"),)
    rows.sheet_fault("correction_sheet", f"{left_out} / {len(rows.kept())}", others, details=details)


def name_from(rows: SheetRows, other: SheetRows) -> str:
    """Return how another sheet is called on ``rows``: by its file, or by its sheet where both are in the same file."""
    return other.file if other.file != rows.file else f"{other.file} [{other.sheet.names.sheet}]"


def _differences(rows: SheetRows, position: int, found: Found) -> list[str]:
    """Return the cells in which a row differs from the one that counts: F4: 13 ≠ 12."""
    other, there = found
    told = []
    beside = (other.joined_columns - rows.held) | (rows.joined_columns - other.held)  # of a third sheet
    for name in rows.columns:
        if name not in beside and rows.values[name][position] != other.values[name][there]:
            place = rows.place(name, position) or (rows.rows[position], 0)
            seen, counts = (cell_text(sheet.cell(name, at)) or "—" for sheet, at in ((rows, position), (other, there)))
            told.append(f"{cell_address(*place)}: {seen} ≠ {counts}")
    return told
