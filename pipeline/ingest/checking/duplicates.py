"""The same file handed in twice: by its bytes, or by its content in another container."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.ingest.faults import Fault
from pipeline.ingest.layouts.sheetrows import SheetRows


def find_same_bytes(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return path -> path of the original for every file with the bytes of another one; ``files``: (path, SHA-256)."""
    first: dict[str, str] = {}
    ordered = sorted(files, key=lambda file: originality(file[0]))
    return {path: first[sha256] for path, sha256 in ordered if first.setdefault(sha256, path) != path}


def find_same_content(sheets_of: Mapping[str, Sequence[SheetRows]]) -> dict[str, str]:
    """Return path -> path of the original for every file that gave the same rows, sheet by sheet, as another one.

    Sheet names, file names and formats do not count, nor do files without any row.
    """
    seen: dict[tuple[object, ...], list[str]] = {}
    copies: dict[str, str] = {}
    for path in sorted(sheets_of, key=originality):
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


def same_file_fault(path: str, earlier: str) -> Fault:
    """Return the fault of a file that was left out because an earlier one holds the same."""
    return Fault("duplicate_file", path, None, None, None, path, earlier)


def originality(path: str) -> tuple[int, str]:
    """Order files so that an original comes before its copies: 副本, (最终版) and -修改2 make a name longer."""
    return len(path), path


def _filled(sheets: Sequence[SheetRows]) -> list[SheetRows]:
    return [rows for rows in sheets if rows.rows]
