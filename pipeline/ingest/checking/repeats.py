"""Single rows that stand twice: a key that another row has, and equal rows in a ledger without keys."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from pipeline.catalog import Catalog
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.copies import originals_first
from pipeline.ingest.checking.kinship import Found, Signature, signatures_of
from pipeline.ingest.files.grids import Cell, CellError, cell_address
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import cell_text, compact

Signed = tuple[SheetRows, Mapping[int, Signature]]  # a sheet and the signatures of its used rows, by position


def reject_repeated_keys(sheets: Sequence[SheetRows], catalog: Catalog, words: Words) -> None:
    """Turn down every row whose key another one has, in the copy rather than in the original.

    The fault stands at the first key column that tells rows apart.
    """
    by_table: dict[str, list[SheetRows]] = {}
    for rows in originals_first(sheets, words):
        by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    for table, found in by_table.items():
        key = catalog.tables[table].key
        signatures = [signatures_of(rows, key) for rows in found] if key else []
        if _has_repeats(signatures):
            _reject_repeats(key, zip(found, signatures, strict=True), words)


def _reject_repeats(key: Sequence[str], sheets: Iterable[Signed], words: Words) -> None:
    """Turn down rows whose key has been there; of one that says the same in every cell nothing is lost."""
    first: dict[Signature, Found] = {}
    for rows, signatures in sheets:
        shown = _telling_column(key, rows)
        for position, value in signatures.items():
            if value in first:
                before, place = first[value]
                is_copy = _whole(before, place, words) == _whole(rows, position, words)
                code = "copied_row" if is_copy else "duplicate_key"
                rows.fault(code, shown, position, partial(_where, before, place, shown), _key_text(value))
                rows.rejected.add(position)
            else:
                first[value] = (rows, position)


def _has_repeats(signatures: Sequence[Mapping[int, Signature]]) -> bool:
    """Tell whether any row is like another one; in nearly every table none is."""
    distinct = {value for of_sheet in signatures for value in of_sheet.values()}
    return len(distinct) < sum(map(len, signatures))


def note_repeated_rows(sheets: Iterable[SheetRows], catalog: Catalog, words: Words) -> None:
    """Note rows of a table without a key that are equal in every cell within one file, or in every value in two files:
    perhaps one was entered twice.

    They are used all the same. The number of the row does not count, but within a file whatever else stands in it does,
    read or not.
    """
    by_table: dict[str, list[SheetRows]] = {}
    for rows in sheets:
        if not catalog.tables[rows.sheet.kind.table].key:
            by_table.setdefault(rows.sheet.kind.table, []).append(rows)
    for found in by_table.values():
        signatures = [signatures_of(rows, list(rows.columns)) for rows in found]
        if _has_repeats(signatures):
            _note_equal_rows(list(zip(found, signatures, strict=True)), words)


def _note_equal_rows(sheets: Sequence[Signed], words: Words) -> None:
    """Note rows that say the same in every cell, also where the value keeps less, as of a time of day."""
    counts = Counter(signature for _, signatures in sheets for signature in signatures.values())
    first: dict[tuple[str, Signature, frozenset[tuple[str, str]]], Found] = {}
    first_of_all: dict[Signature, Found] = {}
    for rows, signatures in sheets:
        shown, unread = next(iter(rows.places)), _unread(rows, words)
        for position, signature in signatures.items():
            if counts[signature] == 1:
                continue
            written = rows.file, signature, _written(rows, position, unread)
            elsewhere = first_of_all.setdefault(signature, (rows, position))
            if same := first.get(written):
                rows.fault("repeated_row", shown, position, partial(_where_in_file, *same, rows, shown))
            elif elsewhere[0].file != rows.file:
                rows.fault("repeated_row", shown, position, partial(_where, *elsewhere, shown))
            first.setdefault(written, (rows, position))


def _unread(rows: SheetRows, words: Words) -> list[tuple[int, str]]:
    """Return the columns that nobody reads, each with its header."""
    header = rows.sheet.header
    return [
        (number, f"{header.label(number)} {number}")
        for number, path in enumerate(header.paths)
        if number not in rows.sheet.columns and path not in words["sequence"]
    ]


def _whole(rows: SheetRows, position: int, words: Words) -> frozenset[tuple[str, str]]:
    return _written(rows, position, _unread(rows, words))


def _written(rows: SheetRows, position: int, unread: Iterable[tuple[int, str]]) -> frozenset[tuple[str, str]]:
    """Return what stands in a row by column; columns that nobody reads go by their header."""
    read = {(name, _text(rows.cell(name, position))) for name in rows.places}
    row = rows.rows[position]
    return frozenset(read | {(label, _text(cell_at(rows.sheet.grid, row, number))) for number, label in unread})


def _text(cell: Cell | CellError) -> str:
    return compact(cell_text(cell))


def _where(rows: SheetRows, position: int, name: str) -> str:
    """Return where a row stands, at the cell of one of its columns."""
    return f"{rows.file} [{rows.sheet.names.sheet}] {_address(rows, position, name)}"


def _where_in_file(rows: SheetRows, position: int, seen_from: SheetRows, name: str) -> str:
    """Return where a row stands for somebody who looks at another row of the same file."""
    address = _address(rows, position, name)
    return address if rows is seen_from else f"[{rows.sheet.names.sheet}] {address}"


def _address(rows: SheetRows, position: int, name: str) -> str:
    return cell_address(*(rows.place(name, position) or (rows.rows[position], 0)))


def _telling_column(key: Sequence[str], rows: SheetRows) -> str:
    """Return the key column at which a repeat is shown: the row's number or name rather than its month."""
    with_cells = [name for name in key if name in rows.places]
    telling = [name for name in with_cells if rows.columns[name].dtype not in ("month", "quarter")]
    return (telling or with_cells or list(key))[0]


def _key_text(key: Iterable[object]) -> str:
    return " / ".join("" if part is None else str(part) for part in key)
