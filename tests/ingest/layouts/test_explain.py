"""Every sheet explains itself: what it was taken for, and why each row is what it is."""

from pipeline.ingest.layouts.explain import HIDDEN, SheetExplanation, explain_sheet, mask
from pipeline.ingest.layouts.findings import AlmostRecognised, SheetNames
from pipeline.ingest.layouts.guides import GUIDE_MARK
from pipeline.ingest.layouts.reasons import RowReason
from tests.hand_made import ROSTER, VOCABULARY, Rows, make_grid

QUIZ: Rows = (
    ["姓名", "手机号", "得分", "用时", "提交时间"],
    ["张三", "138****1234", "９５", "3分20秒", "2019/1/15 20:11"],
)


def explained(rows: Rows, file: str, sheet: str = "Sheet1") -> SheetExplanation:
    return explain_sheet(make_grid(rows), SheetNames(file, sheet), VOCABULARY)


def test_a_known_kind_gives_a_reason_for_every_row() -> None:
    found = explained(ROSTER, "党员花名册.xlsx")
    assert [table.kind.kind for table in found.tables] == ["roster"]
    assert found.candidates[0].kind.kind == "roster"
    assert found.shape is None
    assert {row: class_ for row, (class_, _) in found.rows.items()} == {
        **dict.fromkeys((0, 1), "title"),
        2: "header",
        **dict.fromkeys(range(3, 9), "data"),
        9: "note",
    }
    assert found.rows[9][1] == RowReason("note_word", "负责人", "A10")


def test_a_table_without_a_needed_column_says_that_its_rows_are_not_used() -> None:
    rows: Rows = (
        ["专卖案件台账"],
        ["立案编", "立案日期", "案由", "查获地点", "办案部门", "真烟(条)"],
        ["甲1号", "2019-01-02", "无证运输", "某镇", "驮卢所", 1],
    )
    found = explained(rows, "2019年专卖案件台账.xlsx")
    (table,) = found.tables
    assert isinstance(table, AlmostRecognised)
    assert list(table.nearest.values()) == [0]
    assert found.rows[2] == ("rejected", RowReason("column_missing"))


def test_a_sheet_of_no_known_kind_is_described() -> None:
    found = explained([["指标", 2019, 2020], ["产量", 3, 4], ["合 计", 3, 4]], "年鉴.xlsx")
    assert found.tables == ()
    assert found.shape is not None
    assert found.rows[2] == ("total", RowReason("total_word", "合计", "A3"))


def test_a_form_tells_of_its_real_rows() -> None:
    rows: Rows = (["党员积分登记表"], ["姓名", "张三", "月份", "2019年1月"], ["合计", 85, "名次", 1])
    found = explained(rows, "积分.xlsx")
    assert found.rows.keys() == {0, 1, 2}


def test_pages_of_instructions_are_notes() -> None:
    found = explained([[GUIDE_MARK + "填表说明"], ["一、每月报"]], "花名册.xlsx")
    assert found.is_guide
    assert set(found.rows.values()) == {("note", RowReason("guide"))}


def test_personal_data_is_never_shown() -> None:
    found = explained(QUIZ, "答题成绩_20190115.csv")
    assert found.texts(0) == ["姓名", "手机号", "得分", "用时", "提交时间"]
    assert found.texts(1) == ["张三", HIDDEN, "95", "3分20秒", "2019/1/15 20:11"]


def test_personal_data_is_hidden_on_sheets_of_no_known_kind_too() -> None:
    listed = explained([["联系方式", "甲"], ["0771-1234567", "乙"]], "杂.xlsx")
    assert listed.texts(1) == [HIDDEN, "乙"]
    form = explained([["称呼", "老张"], ["手机号", 13812345678, "备注", "无"]], "卡.xlsx")
    assert form.texts(1) == ["手机号", HIDDEN, "备注", "无"]


def test_numbers_of_telephones_and_identity_cards_are_masked_anywhere() -> None:
    assert mask("电话138-1234-5678") == f"电话{HIDDEN}"
    assert mask("13812345678转") == f"{HIDDEN}转"
    assert mask("45010319800101123X") == HIDDEN
    assert mask("24332871") == "24332871"
    assert mask("2019-01-02") == "2019-01-02"
