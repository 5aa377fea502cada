"""The default rule book as it is shipped: a workbook that says what the catalog says, made by the tool beside it."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.templates.writing import make_rule_book
from pipeline.texts import load_texts
from tests.hand_made import CATALOG
from tests.ingest.templates.filling import HEADER_ROW, offered, validation_at
from tools.write_rule_book import RULE_BOOK, main

Read = Callable[[Path], Reading]


def parts(workbook: bytes) -> dict[str, bytes]:
    """What is in the file; how it is compressed may differ from one Python to the next."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def reading(tmp_path: Path, read: Read) -> Reading:
    shutil.copy(RULE_BOOK, tmp_path)
    return read(tmp_path)


def test_it_says_what_the_catalog_says(reading: Reading) -> None:
    assert reading.issues == ()
    assert reading.bureau.rules == CATALOG.rules
    assert {rule.source_file for rule in reading.bureau.rules} == {"积分细则.xlsx"}
    own = [replace(term, version="", source="") for term in reading.bureau.terms if term.version]
    assert [term for term in own if term.term != "category_weight"] == [
        replace(term, source="") for term in CATALOG.terms
    ]
    weights = {name: entry.weight for name, entry in CATALOG.categories.items() if entry.weight is not None}
    assert reading.bureau.weights_of(CATALOG.rules[0].version, "category_weight") == weights


def test_every_row_is_used(reading: Reading) -> None:
    (file,) = reading.files
    assert {sheet.name: sheet.used for sheet in file.sheets} == {
        "积分细则": len(CATALOG.rules),
        "考核办法": len(CATALOG.terms) + 3,
        "填写说明": 0,
        "选项": 0,
    }
    assert all(sheet.balances() and not sheet.rejected for sheet in file.sheets)


def test_the_shipped_file_is_what_the_tool_writes_now(tmp_path: Path) -> None:
    written = tmp_path / "again.xlsx"
    assert main([str(written)]) == 0
    assert parts(written.read_bytes()) == parts(RULE_BOOK.read_bytes()), "run python -m tools.write_rule_book"
    assert make_rule_book(CATALOG, load_texts("zh")) == written.read_bytes()


def test_both_sheets_are_ready_to_be_changed() -> None:
    workbook = openpyxl.load_workbook(RULE_BOOK)
    assert [sheet.title for sheet in workbook] == ["积分细则", "考核办法", "填写说明", "选项"]
    assert [sheet.sheet_state for sheet in workbook] == ["visible", "visible", "visible", "hidden"]
    for title, header, words in (
        ("积分细则", "计分方式", ["each", "bands", "bands_each", "rate", "attain", "sum", "veto"]),
        ("考核办法", "事项", ["类别权重", "季度考核", "年度总评", "评星", "参数", "并列次序", "模范党小组"]),
    ):
        sheet = workbook[title]
        assert sheet.freeze_panes == f"B{HEADER_ROW + 1}"
        column = next(cell.column_letter for cell in sheet[HEADER_ROW] if cell.value == header)
        validation = validation_at(sheet, f"{column}{HEADER_ROW + 1}")
        assert validation is not None
        assert offered(workbook, validation) == words
    guide = [str(row[0]) for row in workbook["填写说明"].iter_rows(values_only=True)]
    assert guide.count("表头") == 2  # a block for each of them
