"""``ronghe check --explain``: for each sheet what it was taken for, and for each row why, in lines for a terminal."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.ingest.files.grids import FileGrids, column_letters
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.layouts.explain import SheetExplanation, explain_sheet, mask
from pipeline.ingest.layouts.findings import SheetNames
from pipeline.ingest.layouts.reasons import RowReason
from pipeline.ingest.reading import list_paths
from pipeline.ingest.settings import default_settings, group_names_of
from pipeline.ingest.vocabulary import Vocabulary, build_vocabulary
from pipeline.runs.workbooks.explaining_kinds import KindLines
from pipeline.texts import Texts

MAX_CONTENT = 60  # characters of a row that are shown: with row, class and reason about two lines of a terminal
MAX_CELLS = 12
MAX_WORD = 24  # characters of the word that decided
INDENT = "  "


def explain_lines(paths: Sequence[Path], texts: Texts) -> Iterator[str]:
    """Tell of every file, sheet and non-empty row what it was taken for and why; personal data is not shown.

    Files without a sheet say nothing here: the lines of the check that follow tell why they were left out.
    """
    vocabulary = build_vocabulary(load_catalog())
    groups = group_names_of(default_settings("", vocabulary.catalog).bureau)
    kinds = KindLines(vocabulary, groups, texts)
    listed = list_paths(paths)
    with Reader() as reader:
        files = reader.read_each(path for path, _ in listed)
        for _, name in listed:
            yield from _file_lines(name, next(files), kinds, vocabulary, texts)


def _file_lines(name: str, grids: FileGrids, kinds: KindLines, vocabulary: Vocabulary, texts: Texts) -> Iterator[str]:
    for grid in grids.grids:
        hidden = "" if grid.visible else texts("explain.sheet_hidden")
        yield texts("explain.sheet", file=name, sheet=grid.name, rows=grid.physical_rows) + hidden
        explained = explain_sheet(grid, SheetNames(name, grid.name), vocabulary)
        for line in (*_sheet_lines(explained, kinds, texts), *_row_lines(explained, texts)):
            yield INDENT + line


def _sheet_lines(explained: SheetExplanation, kinds: KindLines, texts: Texts) -> Iterator[str]:
    if explained.is_guide:
        yield texts("explain.guide")
    elif not explained.rows:
        yield texts("explain.blank")
    elif explained.shape is not None:
        yield from kinds.unknown(explained)
        yield from _shape_lines(explained, texts)
    else:
        yield from kinds.known(explained)


def _shape_lines(explained: SheetExplanation, texts: Texts) -> Iterator[str]:
    """Describe the tables of a sheet of no known kind."""
    for number, table in enumerate(explained.shape.tables if explained.shape else (), start=1):
        where = {"number": number, "left": column_letters(table.left), "right": column_letters(table.right)}
        if table.header is None:
            yield texts("explain.shape_bare", **where)
            continue
        top, bottom = table.header.top + 1, table.header.bottom + 1
        if top == bottom:
            yield texts("explain.shape_one", **where, top=top)
        else:
            yield texts("explain.shape", **where, top=top, bottom=bottom)
        shown = [
            texts(
                "explain.shape_column",
                letter=column_letters(column),
                header=mask(table.label(column)) or texts("explain.no_header"),
            )
            for column in range(table.left, min(table.right + 1, table.left + MAX_CELLS))
        ]
        if table.right - table.left + 1 > MAX_CELLS:
            shown.append(texts("explain.more", count=table.right - table.left + 1))
        yield texts("explain.columns", columns=texts("explain.separator").join(shown))


def _row_lines(explained: SheetExplanation, texts: Texts) -> Iterator[str]:
    """Tell row by row, consecutive rows of the same class and reason in one line."""
    for (class_, reason), run in groupby(sorted(explained.rows.items()), key=lambda entry: entry[1]):
        rows = [row for row, _ in run]
        yield texts(
            "explain.line",
            rows=_rows_named(rows, texts),
            what=texts(f"explain.class_{class_}"),
            because=_because(reason, texts),
            content=_content(explained.texts(rows[0])),
        )


def _rows_named(rows: Sequence[int], texts: Texts) -> str:
    if len(rows) == 1:
        return texts("explain.row", row=rows[0] + 1)
    return texts("explain.rows", first=rows[0] + 1, last=rows[-1] + 1)


def _because(reason: RowReason, texts: Texts) -> str:
    word = _shortened(mask(reason.word), MAX_WORD)
    return texts(
        f"explain.because_{reason.code}", word=word, cell=reason.cell, level=reason.level, levels=reason.levels
    )


def _content(cells: Sequence[str]) -> str:
    shown = " | ".join(" ".join(cell.split()) for cell in cells[:MAX_CELLS])
    return _shortened(shown, MAX_CONTENT)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
