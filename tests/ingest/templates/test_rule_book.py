"""The default rule book as it is shipped: a workbook that says what the catalog says, made by the tool beside it."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pipeline.catalog.records import TermClass
from pipeline.ingest.bureau import Reading
from pipeline.ingest.templates.subject import subject_of
from pipeline.ingest.templates.writing import make_rule_book, make_templates, save_templates
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, Rows, write_xlsx
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


def test_templates_hold_every_version_and_read_back_to_them(tmp_path: Path, read: Read) -> None:
    first, later = tmp_path / "first", tmp_path / "later"
    items: Rows = [
        ["版本", "生效月份", "编码", "类别", "项目", "计量", "计分方式", "分值", "分档", "月封顶", "适用对象"],
        ["2.0", "2020年1月", "A1", "A", "小组会", "党小组会次数", "each", 3, None, 6, None],
        ["2.0", "2020年1月", "M3", "M", "答题", "member_quiz", "bands_each", None, "90-100:1.5;80-90:1", 6, "党员"],
    ]
    terms: Rows = [
        ["版本", "事项", "名称", "数值", "下限", "上限"],
        ["2.0", "类别权重", "A", 100],
        ["2.0", "类别权重", "B", 0],
        ["2.0", "类别权重", "C", 0],
        ["2.0", "评星", "五星", None, 90, 100],
        ["2.0", "评星", "一星", None, 50, 90],
        ["2.0", "参数", "公示异议期天数", 7],
    ]
    write_xlsx(first / "积分细则.xlsx", {"积分细则": items, "考核办法": terms})
    before = read(first)
    assert before.issues == ()
    files = make_templates(CATALOG, subject_of(before, CATALOG), load_texts("zh"))
    save_templates(later, {name: files[name] for name in ("积分细则.xlsx", "考核办法.xlsx")})
    after = read(later)
    assert after.issues == ()
    assert after.bureau.rules == before.bureau.rules
    versions = dict.fromkeys(rule.version for rule in before.bureau.rules)
    assert list(versions) == ["默认1.0", "2.0"]
    for version in versions:
        assert in_effect(after, version) == in_effect(before, version)
    assert [name for name, *_ in in_effect(after, "2.0")["star"]] == ["5", "1"]
    assert after.bureau.weights_of("2.0", "category_weight") == {"A": 100, "B": 0, "C": 0}
    assert after.bureau.parameter("2.0", "objection_days_d") == 7


def in_effect(reading: Reading, version: str) -> dict[str, list[tuple[object, ...]]]:
    """What a version says besides its items, class by class; parameters as they count."""
    bureau = reading.bureau
    names = [term.name for term in CATALOG.terms_of("parameter")]
    classes: tuple[TermClass, ...] = ("quarter_score", "annual_score", "star", "tie", "model_group")
    found: dict[str, list[tuple[object, ...]]] = {
        class_: [(term.name, term.value, term.lower, term.upper) for term in bureau.terms_of(version, class_)]
        for class_ in classes
    }
    return found | {"parameter": [(name, bureau.parameter(version, name)) for name in names]}
