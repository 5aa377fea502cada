"""Copies of foreign workbooks: each is made, can be read, and has its mark in the one bad cell."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pipeline.ingest.files.grids import FileGrids, cell_address
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.ledger import Issue
from pipeline.ingest.returned.marks import MARK_COLOUR
from pipeline.ingest.returned.returning import write_returned

WANTED = 60  # every so many files one is taken, over all folders and formats

pytestmark = pytest.mark.corpus


def last_of_first_row(file: FileGrids) -> Iterator[tuple[str, str]]:
    """Sheet and address of the last cell in the first row that has one, for every sheet."""
    for grid in file.grids:
        for number, row in enumerate(grid.rows):
            filled = [column for column, value in enumerate(row) if value is not None]
            if filled:
                yield grid.name, cell_address(number, filled[-1])
                break


def test_every_workbook_that_was_read_has_a_copy_with_its_mark(corpus: Path, tmp_path: Path) -> None:
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    chosen = files[:: max(1, len(files) // WANTED)]
    sources: dict[str, Path] = {}
    bad: dict[str, tuple[str, str]] = {}
    with Reader() as reader:
        for path in chosen:
            place = next(last_of_first_row(reader.read(path)), None)
            if place is not None:
                name = path.relative_to(corpus).as_posix()
                sources[name], bad[name] = path, place
    issues = [Issue(name, *place, "error", "bad_number", "x", "数字", "请改。") for name, place in bad.items()]
    memory = write_returned(sources, issues, tmp_path)
    assert len(sources) > WANTED // 2
    assert memory.not_copied == ()
    with Reader() as reader:
        for file in memory.files:
            copy = tmp_path / str(file.copy)
            assert reader.read(copy).status == "read", file.path
            sheets = openpyxl.load_workbook(copy).worksheets[1:]
            marked = [
                cell.coordinate
                for sheet in sheets
                for row in sheet
                for cell in row
                if cell.comment and cell.fill.fgColor.rgb == MARK_COLOUR
            ]
            assert marked == [bad[file.path][1]], file.path
