"""What became of an issue, and which quarter it belongs to."""

from dataclasses import replace

import pytest

from pipeline.ingest.ledger import FileLedger, Issue
from pipeline.periods import months_of, parse_quarter
from pipeline.report.material.covering import is_named_after, speaks_of
from pipeline.report.material.findings import Finding, outcome_of, to_finding
from pipeline.report.material.privacy import Redactor
from pipeline.report.quarterly.rule_book import rule_book_notice
from pipeline.report.quarterly.sections_completeness import findings_of_quarter, issue_place
from pipeline.report.quarterly.sections_defence import show_defence
from pipeline.report.quarterly.sections_standings import show_standings
from pipeline.texts import load_texts
from tests.report.pages import text_of
from tests.report.sample_material import sample_report

MONTHS = months_of(parse_quarter("2021Q4"))
USED = frozenset({("a.xlsx", "1月", 7)})


@pytest.mark.parametrize(
    ("code", "severity", "cell", "outcome"),
    [
        ("bad_number", "error", "D7", "cell"),
        ("bad_number", "error", "D8", "row"),
        ("missing_column", "error", "A3", "sheet"),
        ("duplicate_file", "warning", None, "skipped"),
        ("wrong_setting", "error", "F6", "setting"),
        ("date_order", "warning", "M68", "checked"),
        ("missing_months", "warning", None, "absent"),
        ("never_handed_in", "warning", None, "absent"),
        ("wrong_unit", "error", "F3", "column"),
        ("something_new", "error", None, "unused"),
    ],
)
def test_an_outcome_tells_a_lost_row_from_a_lost_cell(code: str, severity: str, cell: str | None, outcome: str) -> None:
    issue = Issue("a.xlsx", "1月", cell, severity, code, seen="", expected="", message="")  # type: ignore[arg-type]
    assert outcome_of(issue, USED) == outcome


def test_a_finding_says_how_many_rows_another_sheet_carries_on() -> None:
    issue = Issue("a.xlsx", "1月", "A2", "warning", "carried_on", seen="9", expected="b.xlsx", message="")
    assert to_finding(issue, USED, Redactor(frozenset())).carried_on == 9


@pytest.mark.parametrize(
    ("file", "sheet", "expected"),
    [
        ("党建/2021年支部决议台账.xlsx", "决议", True),
        ("党建/2020年支部决议台账.xlsx", "决议", False),
        ("经营/2021年10-12月卷烟销售月报.xlsx", "10月", True),
        ("经营/2021年卷烟销售月报.xlsx", "9月", False),
        ("答题/答题成绩_20211015.csv", None, True),
        ("答题/答题成绩_20210915.csv", None, False),
        ("设置/积分细则.xlsx", "细则", True),
    ],
)
def test_names_tell_which_quarter_a_fault_may_concern(file: str, sheet: str | None, expected: bool) -> None:
    assert speaks_of(file, sheet, MONTHS) is expected


def test_a_file_of_a_later_month_is_known_by_its_name() -> None:
    assert is_named_after("答题成绩_20220115.csv", MONTHS[-1])
    assert not is_named_after("2021年支部决议台账.xlsx", MONTHS[-1])
    assert not is_named_after("积分细则.xlsx", MONTHS[-1])


def test_a_sheet_of_which_nothing_was_used_is_in_the_quarters_list() -> None:
    now = Finding("2021年支部决议台账.xlsx", "决议", "A3", "error", "missing_column", "sheet")
    before = replace(now, file="2020年支部决议台账.xlsx")
    report = replace(sample_report(), findings=(before, now))
    assert findings_of_quarter(report) == [now]


def test_months_that_nobody_handed_in_are_the_place_of_their_fault() -> None:
    missing = Issue("专卖检查月报.xlsx", None, None, "warning", "missing_months", "2021-11", "专卖检查月报", "缺少")
    finding = to_finding(missing, frozenset(), sample_report().redact)
    assert issue_place(finding, load_texts("zh")) == "缺 2021-11"
    wrong = to_finding(replace(missing, code="unknown_member", seen="张三"), frozenset(), sample_report().redact)
    assert (wrong.periods, issue_place(wrong, load_texts("zh"))) == ("", None)  # a cell may hold anybody's name


def test_a_rule_book_at_fault_is_said_where_points_are_shown_and_defended() -> None:
    book = FileLedger("设置/积分细则.xlsx", "e" * 64, "read", None, "rule_book", ())
    fault = Finding("设置/积分细则.xlsx", "细则", "F6", "error", "wrong_setting", "setting")
    report = sample_report()
    assert rule_book_notice(report) == []
    broken = replace(report, files=(*report.files, book), findings=(fault,))
    sentence = "单位的积分细则没有采用（1 处：设置/积分细则.xlsx 细则 F6），本季按默认细则“默认1.0”计分"
    for section in (show_standings, show_defence):
        assert sentence in text_of(section(broken))


def test_a_refused_rule_book_is_a_fault_too() -> None:
    refused = FileLedger("设置/积分细则.xlsx", "e" * 64, "refused", "设有密码。", None, ())
    report = sample_report()
    assert len(rule_book_notice(replace(report, files=(*report.files, refused)))) == 1
