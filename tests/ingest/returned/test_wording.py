"""An issue in the words of a returned workbook."""

from pipeline.ingest.returned import wording
from pipeline.ingest.returned.memory import SentFile, SentIssue
from pipeline.ingest.returned.orders import LIST_MARK, Order
from pipeline.ingest.returned.wording import build_order
from pipeline.texts import load_texts

TEXTS = load_texts("zh")


def sent(cell: str | None, message: str = "请改。", **changes) -> SentIssue:
    values = {"sheet": "台账", "severity": "error", "code": "bad_number", "seen": "x", "expected": "数字"}
    return SentIssue(**{**values, "cell": cell, "message": message, "state": "new", **changes})


def build(*issues: SentIssue) -> Order:
    return build_order(SentFile("a.xlsx", "1", None, None, issues), "a.xlsx", "b.xlsx", "original", TEXTS)


def test_all_that_is_wrong_in_a_cell_is_one_comment() -> None:
    order = build(sent("B2", "甲"), sent("C3"), sent("B2", "乙", severity="warning"))
    assert [(mark.sheet, mark.cell) for mark in order.marks] == [("台账", "B2"), ("台账", "C3")]
    assert order.marks[0].comment == (
        "融合 · 问题\n"
        "第 1 条（必须改）：甲\n应当是：数字\n"
        "第 3 条（请核对）：乙\n应当是：数字\n"
        "改好后保存报送即可，颜色和批注会自动去掉。"
    )


def test_only_open_issues_in_cells_are_marked_but_all_are_listed() -> None:
    order = build(sent("B2"), sent(None), sent(None, sheet=None), sent("C3", state="mended"))
    assert [mark.cell for mark in order.marks] == ["B2"]
    assert [line.is_mended for line in order.lines] == [False, False, False, True]
    assert [line.state for line in order.lines] == ["新发现", "新发现", "新发现", "已改"]
    assert "待改 3 处，已改 1 处" in order.notes["about"]


def test_the_title_is_the_mark_of_a_list() -> None:
    assert build(sent("B2")).notes["title"] == f"{LIST_MARK} · a.xlsx"


def test_more_than_a_person_can_mend_is_cut_and_said(monkeypatch) -> None:
    assert build(sent("B2")).notes["cut"] == ""
    monkeypatch.setattr(wording, "MAX_MARKS", 2)
    order = build(*(sent(f"B{row}") for row in range(2, 6)))
    assert (len(order.lines), len(order.marks)) == (2, 2)
    assert "前 2 处，共 4 处" in order.notes["cut"]


def test_an_order_travels_as_a_message() -> None:
    order = build(sent("B2"), sent(None, sheet=None))
    assert Order.decode(order.encode()) == order
