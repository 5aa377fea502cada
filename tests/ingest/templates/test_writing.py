"""Templates as people get them: blank they are no fault, filled in by their own instructions they read to tables."""

import csv
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from pipeline.catalog.records import TermClass
from pipeline.ingest import opening
from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import check_paths, read_bureau
from pipeline.ingest.settings import default_settings
from pipeline.ingest.templates.forms import plan_form
from pipeline.ingest.templates.subject import Subject, subject_of
from pipeline.ingest.templates.validation import MAX_PROMPT, MAX_PROMPT_TITLE
from pipeline.ingest.templates.writing import check_target, make_templates, save_templates
from pipeline.parameters import ParameterError
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, VOCABULARY, InProcessReader, write_xlsx
from tests.ingest.templates.filling import HEADER_ROW, fill, offered, validation_at

ZH = load_texts("zh")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROSTER: list[list[object]] = [
    ["姓名", "性别", "职务", "党小组", "党内职务", "入组时间", "状态"],
    ["张三", "男", "市场经理", "营销管理", "组长", date(2018, 11, 1), "在组"],
    ["=cmd|'/c'!A1", "女", "客户经理", "营销管理", "党员", date(2018, 11, 1), "在组"],
    ['欧阳"小明",甲', "男", "专卖股长", "专卖综合", "组长", date(2018, 11, 1), "在组"],
    ["阿卜杜·某", "男", "管理所长", "驮卢片区", "组长", date(2018, 11, 1), "在组"],
]
SETTINGS = [
    ["项目", "内容"],
    ["单位名称", "某县局"],
    ["党支部名称", "第一党支部"],
    ["销量单位", "条"],
    ["公示姓名", "是"],
    ["公示联系方式", "纪检委员"],
    ["公示截止日期", "2022年1月15日"],
]
PREFILLED = {"bureau_settings", "party_groups", "attribution", "rule_book", "rule_terms", "roster"}


def terms_in_effect(reading: Reading) -> list[tuple[object, ...]]:
    """What every version says besides its items; weights of categories only where they are not those of the items."""
    bureau = reading.bureau
    by_weight = {name: entry.weight for name, entry in CATALOG.categories.items()}
    return [
        (version, class_, term.name, term.value, term.lower, term.upper)
        for version in dict.fromkeys(rule.version for rule in bureau.rules)
        for class_ in get_args(TermClass)
        for term in bureau.terms_of(version, class_)
        if not (class_ == "category_weight" and term.value == by_weight[term.name])
    ]


class Reader(InProcessReader):
    """As hand-made tests read: without a child process, and without a cache."""

    def __init__(self, **_: object) -> None:
        super().__init__()


@pytest.fixture(autouse=True, scope="module")
def in_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "Reader", Reader)
        yield


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """A small bureau with settings of its own."""
    folder = tmp_path_factory.mktemp("bureau")
    with (folder / "党员花名册.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(ROSTER)  # as text: a name that looks like a formula stays one
    write_xlsx(folder / "单位设置.xlsx", {"设置": SETTINGS})
    found = read_bureau(folder, CATALOG, ZH)
    assert not found.issues
    return found


@pytest.fixture(scope="module")
def subject(reading: Reading) -> Subject:
    return subject_of(reading, CATALOG)


@pytest.fixture(scope="module")
def files(subject: Subject) -> Mapping[str, bytes]:
    return make_templates(CATALOG, subject, ZH)


@pytest.fixture(scope="module")
def default_files() -> Mapping[str, bytes]:
    """Those of no bureau in particular."""
    return make_templates(CATALOG, subject_of(None, CATALOG), ZH)


@pytest.fixture(scope="module")
def books(files: Mapping[str, bytes]) -> Mapping[str, openpyxl.Workbook]:
    """What openpyxl reads in them: to be looked at, not to be changed."""
    return {name: openpyxl.load_workbook(BytesIO(content)) for name, content in sorted(files.items())}


@pytest.fixture
def folder(files: Mapping[str, bytes], tmp_path: Path) -> Path:
    save_templates(tmp_path / "表", files)
    return tmp_path / "表"


def test_every_kind_has_a_template_that_is_recognised(default_files: Mapping[str, bytes], tmp_path: Path) -> None:
    save_templates(tmp_path, default_files)
    found, issues = check_paths([tmp_path], CATALOG, ZH)
    assert issues == ()
    assert {ledger.path: ledger.kind for ledger in found} == {
        f"{kind.label_zh}.xlsx": kind.kind for kind in CATALOG.kinds.values()
    }
    assert all(sheet.balances() and not sheet.unrecognised for ledger in found for sheet in ledger.sheets)
    for ledger in found:  # each by itself as well: no other one speaks for it
        assert check_paths([tmp_path / ledger.path], CATALOG, ZH)[1] == ()


def test_blank_templates_of_a_bureau_read_back_to_the_bureau(folder: Path, reading: Reading) -> None:
    again = read_bureau(folder, CATALOG, ZH)
    assert again.issues == ()
    assert replace(again.bureau, terms=()) == replace(reading.bureau, terms=())
    assert terms_in_effect(again) == terms_in_effect(reading)
    assert (again.bureau.name, again.bureau.branch) == ("某县局", "第一党支部")
    lineage = ["source_file", "source_sheet", "source_row", "source_cell"]
    before, after = (found.tables["memberships"].drop(columns=lineage) for found in (reading, again))
    pd.testing.assert_frame_equal(before, after)
    units = again.tables["bureau_settings"].set_index("setting")["content"]
    assert units["销量单位"] == "条"


def test_the_default_settings_read_back_to_the_same(default_files: Mapping[str, bytes], tmp_path: Path) -> None:
    save_templates(tmp_path, default_files)
    again = read_bureau(tmp_path, CATALOG, ZH)
    assert again.bureau.rules == CATALOG.rules
    assert set(again.tables["rule_book"]["item"]) == {rule.item for rule in CATALOG.rules}
    assert [term for term in terms_in_effect(again) if term[1] != "category_weight"] == [
        ("默认1.0", term.term, term.name, term.value, term.lower, term.upper) for term in CATALOG.terms
    ]
    assert again.bureau.groups == CATALOG.groups
    assert again.bureau.attribution == default_settings("", CATALOG).bureau.attribution


def test_filled_in_by_its_own_examples_every_template_gives_its_row_and_no_issue(folder: Path) -> None:
    kinds = [kind for kind in CATALOG.kinds.values() if kind.kind not in PREFILLED]
    for kind in kinds:
        fill(folder / f"{kind.label_zh}.xlsx")
    found = read_bureau(folder, CATALOG, ZH)
    assert [(issue.file, issue.cell, issue.message) for issue in found.issues] == []
    rows = Counter[str]()
    for kind in kinds:  # two kinds may fill one table
        rows[kind.table] += 9 if kind.layout == "matrix" else 1
    assert {table: len(found.tables[table]) for table in rows} == rows


def test_filled_in_values_arrive(folder: Path) -> None:
    for name in ("帮扶台账", "卷烟销售月报", "活动台账", "三会一课互评表", "年度总评表"):
        fill(folder / f"{name}.xlsx")
    tables = read_bureau(folder, CATALOG, ZH).tables
    visit = tables["guidance_visits"].iloc[0]
    assert visit["retailer_no"] == "004512000123456789"
    assert visit["visited_on"] == pd.Timestamp(2021, 3, 5)
    assert (visit["member"], visit["party_group"]) == ("张三", "营销管理")
    sales = tables["sales_by_group_month"].iloc[0]
    assert sales["month"] == pd.Period("2021-03", "M")
    assert (sales["volume_xiang"], sales["yoy_pct"], sales["plan_rate_pct"]) == (720.4, 3.18, 101.2)
    activity = tables["activities"].iloc[0]
    assert (activity["expected"], activity["present"], activity["excused_count"]) == (5, 4, 1)
    assert activity["activity_type"] == "党小组会"
    assert activity["has_record"]
    assert (activity["attendees"], activity["absentees"]) == ("张三", "张三")
    reviews = tables["mutual_reviews"].dropna(subset="score")
    assert set(reviews["quarter"]) == {pd.Period("2021Q1", "Q-DEC")}
    assert len(reviews) == 6
    assert tables["annual_reviews"]["year"].tolist() == [2021]


@pytest.mark.parametrize("kind", [kind.kind for kind in CATALOG.kinds.values() if "month" in kind.context])
def test_a_row_without_its_month_is_told_with_its_cell(folder: Path, kind: str) -> None:
    path = folder / f"{CATALOG.kinds[kind].label_zh}.xlsx"
    fill(path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    header = next(cell for cell in sheet[HEADER_ROW] if cell.value == "月份")
    place = f"{header.column_letter}{HEADER_ROW + 1}"
    sheet[place].value = None
    workbook.save(path)
    issues = check_paths([path], CATALOG, ZH)[1]
    assert [(issue.code, issue.cell) for issue in issues] == [("missing_value", place)]


def test_scores_without_their_quarter_are_told(folder: Path) -> None:
    path = folder / "三会一课互评表.xlsx"
    fill(path)
    workbook = openpyxl.load_workbook(path)
    assert workbook["填写说明"]["A2"].value == ZH("templates.guide_how_matrix")
    workbook.worksheets[0]["B3"].value = None
    workbook.save(path)
    assert [issue.code for issue in check_paths([path], CATALOG, ZH)[1]] == ["context_missing"]


def test_drop_downs_hold_exactly_the_groups_and_members(folder: Path, subject: Subject) -> None:
    workbook = openpyxl.load_workbook(folder / "月积分表.xlsx")
    sheet = workbook.worksheets[0]
    lists = {}
    for cell in sheet[HEADER_ROW]:
        validation = validation_at(sheet, f"{cell.column_letter}{HEADER_ROW + 1}")
        if validation is not None and validation.type == "list":
            lists[cell.value] = offered(workbook, validation)
    assert lists == {"党小组": ["营销管理", "专卖综合", "驮卢片区"], "姓名": list(subject.members)}
    assert lists["姓名"] == [row[0] for row in ROSTER[1:]]
    assert workbook["选项"].sheet_state == "hidden"
    assert str(workbook["选项"]["A1"].value).startswith("融合 · ")


def test_two_hundred_members_fit_into_a_drop_down(subject: Subject, tmp_path: Path) -> None:
    names = [f"党员{number:03}" for number in range(200)]
    many = replace(subject, roster=tuple({**subject.roster[0], "member": name} for name in names))
    only = replace(CATALOG, kinds={"training": CATALOG.kinds["training"]})
    save_templates(tmp_path, make_templates(only, many, ZH))
    workbook = openpyxl.load_workbook(tmp_path / "培训台账.xlsx")
    validation = validation_at(workbook.worksheets[0], f"B{HEADER_ROW + 1}")
    assert validation is not None
    assert len(str(validation.formula1)) < 255
    assert offered(workbook, validation) == names


def test_no_text_becomes_a_formula(books: Mapping[str, openpyxl.Workbook]) -> None:
    for name, book in books.items():
        for sheet in book:
            assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], name
    roster = books["党员花名册.xlsx"].worksheets[0]
    assert roster.cell(HEADER_ROW + 2, 1).value == "=cmd|'/c'!A1"
    assert roster.cell(HEADER_ROW + 2, 1).number_format == "@"


def test_the_sheet_is_ready_to_fill_in_and_to_print(books: Mapping[str, openpyxl.Workbook]) -> None:
    for book in books.values():
        sheet = book.worksheets[0]
        assert sheet.freeze_panes == f"B{HEADER_ROW + 1}"
        assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", sheet.PAPERSIZE_A4)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert all(cell.fill.fill_type == "solid" for cell in sheet[HEADER_ROW] if cell.value)


def test_validation_reaches_five_hundred_rows(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "专卖案件台账.xlsx").worksheets[0]
    kinds = {}
    for cell in sheet[HEADER_ROW]:
        found = [validation_at(sheet, f"{cell.column_letter}{row}") for row in (HEADER_ROW + 1, HEADER_ROW + 500)]
        assert found[0] is found[1]
        kinds[cell.value] = (found[0].type, found[0].formula1, found[0].formula2) if found[0] else None
    assert kinds["立案日期"] == ("date", "36526", "73415")  # 2000-01-01 and 2100-12-31
    assert kinds["案值(元)"] == ("decimal", "0", "1000000000")
    assert kinds["立案号"] == (None, None, None)  # a prompt, and nothing refused


def test_validations_are_within_the_limits_of_the_format(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        with zipfile.ZipFile(path) as archive:
            root = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        found = root.findall(f".//{MAIN}dataValidation")
        assert found, path
        for validation in found:
            assert len(validation.get("promptTitle", "")) <= MAX_PROMPT_TITLE
            assert len(validation.get("errorTitle", "")) <= MAX_PROMPT_TITLE
            assert len(validation.get("prompt", "")) <= MAX_PROMPT
            assert len(validation.get("error", "")) <= MAX_PROMPT
            assert len(validation.findtext(f"{MAIN}formula1") or "") <= MAX_PROMPT
            if validation.get("type", "none") != "none":
                assert validation.findtext(f"{MAIN}formula1")
                assert validation.get("error")


def test_the_bytes_are_the_same_every_time(files: Mapping[str, bytes], subject: Subject) -> None:
    assert make_templates(CATALOG, subject, ZH) == files


def test_a_kind_that_is_added_to_the_catalog_gets_its_template(tmp_path: Path) -> None:
    kind = replace(CATALOG.kinds["frontline"], kind="home_visits", label_zh="走访台账", name_words=("走访台账",))
    synonyms = [entry for entry in CATALOG.synonyms if entry.kind == "frontline"]
    catalog = replace(
        CATALOG,
        kinds={kind.kind: kind},
        synonyms=tuple(replace(entry, kind=kind.kind) for entry in synonyms),
    )
    save_templates(tmp_path, make_templates(catalog, subject_of(None, catalog), ZH))
    fill(tmp_path / "走访台账.xlsx")
    found, issues = check_paths([tmp_path / "走访台账.xlsx"], catalog, ZH)
    assert issues == ()
    assert (found[0].kind, found[0].sheets[0].used) == ("home_visits", 1)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    check_target(tmp_path)
    check_target(tmp_path / "new")
    (tmp_path / "活动台账.xlsx").write_bytes(b"filled in")
    with pytest.raises(ParameterError, match="活动台账"):
        check_target(tmp_path)
    with pytest.raises(ParameterError, match="target_is_file"):
        check_target(tmp_path / "活动台账.xlsx")
    with pytest.raises(FileExistsError):
        save_templates(tmp_path, {"活动台账.xlsx": b""})
    assert (tmp_path / "活动台账.xlsx").read_bytes() == b"filled in"


def test_where_one_cannot_be_written_none_is_left_and_the_folder_can_be_used_again(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="活动台账"):
        save_templates(tmp_path, {"请假台账.xlsx": b"whole", "无/活动台账.xlsx": b"cut off"})
    check_target(tmp_path)


def test_several_members_are_shown_as_a_list(reading: Reading) -> None:
    roster = tuple({"member": name, "party_group": "营销管理", "left_on": None} for name in ("甲,乙", "张三", "李四"))
    form = plan_form(CATALOG.kinds["activities"], VOCABULARY, Subject(reading.bureau, roster))
    examples = {field.column.column: field.example for field in form.fields}
    assert examples["attendees"] == "张三、李四"  # a name with a comma in it would be read as two


def test_switches_and_contacts_of_the_board_are_settings_to_fill_in(folder: Path) -> None:
    workbook = openpyxl.load_workbook(folder / "单位设置.xlsx")
    sheet = workbook.worksheets[0]
    rows = {str(row[0].value): row[1] for row in sheet.iter_rows(min_row=HEADER_ROW + 1) if row[0].value}
    assert rows["公示姓名"].value == "是"
    assert rows["公示联系方式"].value == "纪检委员"
    validation = validation_at(sheet, rows["公示姓名"].coordinate)
    assert validation is not None
    assert offered(workbook, validation) == ["是", "否"]


@pytest.mark.process
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on the path")
def test_libreoffice_keeps_what_was_filled_in(folder: Path, tmp_path: Path) -> None:
    names = ("卷烟销售月报", "帮扶台账", "三会一课互评表")
    paths = [folder / f"{name}.xlsx" for name in names]
    for path in paths:
        fill(path)
    before = read_bureau(folder, CATALOG, ZH)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=180)
    for path in paths:
        saved = tmp_path / "saved" / path.name
        again, blank = (openpyxl.load_workbook(file).worksheets[0].data_validations for file in (saved, path))
        assert {v.type for v in again.dataValidation} == {v.type for v in blank.dataValidation}
        shutil.copy(saved, path)
    after = read_bureau(folder, CATALOG, ZH)
    assert after.issues == ()
    for table in ("sales_by_group_month", "guidance_visits", "mutual_reviews"):
        pd.testing.assert_frame_equal(after.tables[table], before.tables[table])
