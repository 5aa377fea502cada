"""The same thing handed in twice: whole files by content, rows that another file gave already, repeated keys."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.catalog import Catalog
from pipeline.ingest.faults import Fault
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.sheetrows import SheetRows

MIN_SHARED_ROWS = 3  # one or two equal rows in two ledgers may be chance
MIN_SHARED_SHARE = 0.5


@dataclass(frozen=True)
class Place:
    """Where a row was first seen."""

    file: str
    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.file} [{self.sheet}] {cell_address(self.row, self.column)}"


def find_same_bytes(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return path -> path of the original for every file with the bytes of another one; ``files``: (path, SHA-256)."""
    first: dict[str, str] = {}
    ordered = sorted(files, key=lambda file: _originality(file[0]))
    return {path: first[sha256] for path, sha256 in ordered if first.setdefault(sha256, path) != path}


def find_same_content(sheets_of: Mapping[str, Sequence[SheetRows]]) -> dict[str, str]:
    """Return path -> path of the original for every file that gave the same rows, sheet by sheet, as another one.

    Sheet names, file names and formats do not count, nor do files without any row.
    """
    seen: dict[tuple[object, ...], list[str]] = {}
    copies: dict[str, str] = {}
    for path in sorted(sheets_of, key=_originality):
        filled = _filled(sheets_of[path])
        if not filled:
            continue
        shape = tuple((rows.sheet.kind.kind, len(rows.rows)) for rows in filled)
        for earlier in seen.setdefault(shape, []):
            if all(a.values == b.values for a, b in zip(filled, _filled(sheets_of[earlier]), strict=True)):
                copies[path] = earlier
                break
        else:
            seen[shape].append(path)
    return copies


def reject_shared_rows(sheets: Sequence[SheetRows], catalog: Catalog) -> None:
    """Turn down what a file repeats of another one in a table whose rows have no key: an altered copy of a ledger.

    Rows are shared when every value is the same; a sheet that shares most of its rows loses them, with one fault a
    sheet. Equal rows within one file stay: two visits on one day are two visits.
    """
    first: dict[str, dict[tuple[object, ...], Place]] = {}
    for rows in sorted(sheets, key=lambda rows: _originality(rows.file)):
        table = rows.sheet.kind.table
        if catalog.tables[table].key:
            continue
        seen = first.setdefault(table, {})
        names = list(rows.columns)
        signatures = {position: tuple(rows.values[name][position] for name in names) for position in rows.kept()}
        shared = {
            position: seen[signature]
            for position, signature in signatures.items()
            if signature in seen and seen[signature].file != rows.file
        }
        if len(shared) >= MIN_SHARED_ROWS and len(shared) >= MIN_SHARED_SHARE * len(signatures):
            others = ", ".join(sorted({place.file for place in shared.values()}))
            rows.sheet_fault("overlapping_file", f"{len(shared)} / {len(signatures)}", others)
            rows.rejected.update(shared)
        for position, signature in signatures.items():
            seen.setdefault(signature, _place(rows, names[0], position))


def reject_repeated_keys(sheets: Sequence[SheetRows], catalog: Catalog) -> None:
    """Turn down every row whose key another one has, in the copy rather than in the original.

    The fault stands at the first key column that tells rows apart.
    """
    first: dict[str, dict[tuple[object, ...], Place]] = {}
    for rows in sorted(sheets, key=lambda rows: _originality(rows.file)):
        table = rows.sheet.kind.table
        key = catalog.tables[table].key
        if not key:
            continue
        seen = first.setdefault(table, {})
        shown = _telling_column(key, rows)
        for position in rows.kept():
            value = tuple(rows.values[name][position] for name in key)
            place = _place(rows, shown, position)
            if seen.setdefault(value, place) != place:
                rows.fault("duplicate_key", shown, position, str(seen[value]), _key_text(value))
                rows.rejected.add(position)


def same_file_fault(path: str, earlier: str) -> Fault:
    """Return the fault of a file that was left out because an earlier one holds the same."""
    return Fault("duplicate_file", path, None, None, None, path, earlier)


def _originality(path: str) -> tuple[int, str]:
    """Order files so that an original comes before its copies: 副本, (最终版) and -修改2 make a name longer."""
    return len(path), path


def _place(rows: SheetRows, name: str, position: int) -> Place:
    """Return where a row stands, at the cell of one of its columns."""
    _, column = rows.places[name][position] if name in rows.places else (0, 0)
    return Place(rows.file, rows.sheet.names.sheet, rows.rows[position], column)


def _filled(sheets: Sequence[SheetRows]) -> list[SheetRows]:
    return [rows for rows in sheets if rows.rows]


def _telling_column(key: Sequence[str], rows: SheetRows) -> str:
    """Return the key column at which a repeat is shown: the row's number or name rather than its month."""
    with_cells = [name for name in key if name in rows.places]
    telling = [name for name in with_cells if rows.columns[name].dtype not in ("month", "quarter")]
    return (telling or with_cells or list(key))[0]


def _key_text(key: Iterable[object]) -> str:
    return " / ".join("" if part is None else str(part) for part in key)
