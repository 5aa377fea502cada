"""What a bureau's rule book says besides its items: taken over with its version, or the version is not used at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.catalog.records import TermClass
from pipeline.ingest.bureau import Reading
from tests.hand_made import CATALOG, Rows, Value, write_xlsx

Read = Callable[[Path], Reading]
Row = list[Value]
RULES: Rows = [
    ["版本", "生效月份", "编码", "类别", "项目", "计量", "计分方式", "分值", "月封顶"],
    ["2.0", "2020年1月", "A1", "A", "小组会", "党小组会次数", "each", 3, 6],
]
HEADER: Row = ["版本", "事项", "名称", "数值", "下限", "上限"]
DEFAULT = CATALOG.rules[0].version


def term(class_: str, name: Value, value: Value = None, lower: Value = None, upper: Value = None) -> Row:
    return ["2.0", class_, name, value, lower, upper]


QUARTER = [
    term("季度考核", "积分均值", 0.6),
    term("季度考核", "committee_score", 0.2),
    term("季度考核", "互评得分", 0.2),
]
CATEGORIES = [term("类别权重", "落实决议", 25), term("类别权重", "B", 25), term("类别权重", "工作业绩", 50)]
STARS = [term("评星", "五星", None, 95, 100), term("评星", "4", None, 85, 95), term("评星", "三星级", None, 60, 85)]
TIES = [term("并列次序", "A", 1), term("并列次序", "扣分", 2)]
CONDITIONS = [
    term("模范党小组", "年度得分", None, 85),
    term("模范党小组", "案件按期办结率", None, 90, None),
    term("模范党小组", "falsified_records", None, None, 0),
]
PARAMETERS = [term("参数", "党员基础分", 70), term("参数", "member_earned_cap", 30)]


def write(folder: Path, *rows: Row) -> None:
    write_xlsx(folder / "积分细则.xlsx", {"细则": RULES})
    write_xlsx(folder / "考核办法.xlsx", {"办法": [["考核办法"], HEADER, *rows]})


def stated(reading: Reading, class_: TermClass, version: str = "2.0") -> list[tuple[object, ...]]:
    return [(term.name, term.value, term.lower, term.upper) for term in reading.bureau.terms_of(version, class_)]


def test_terms_are_taken_over_under_their_version(tmp_path: Path, read: Read) -> None:
    write(tmp_path, *QUARTER, *CATEGORIES, *STARS, *TIES, *CONDITIONS, *PARAMETERS)
    reading = read(tmp_path)
    assert reading.issues == ()
    bureau = reading.bureau
    assert bureau.weights_of("2.0", "quarter_score") == {
        "points_mean": 0.6,
        "committee_score": 0.2,
        "mutual_score": 0.2,
    }
    assert bureau.weights_of("2.0", "category_weight") == {"A": 25.0, "B": 25.0, "C": 50.0}
    assert stated(reading, "star") == [("5", None, 95, 100), ("4", None, 85, 95), ("3", None, 60, 85)]
    assert stated(reading, "tie") == [("A", 1, None, None), ("deductions", 2, None, None)]
    assert stated(reading, "model_group") == [
        ("year_score", None, 85, None),
        ("cases_on_time_pct", None, 90, None),
        ("falsified_records", None, None, 0),
    ]
    assert (bureau.parameter("2.0", "member_base_points"), bureau.parameter("2.0", "member_earned_cap")) == (70, 30)
    assert len(reading.tables["rule_terms"]) == 16


def test_what_a_version_does_not_state_stays_as_in_the_default_book(tmp_path: Path, read: Read) -> None:
    write(tmp_path, *PARAMETERS)
    reading = read(tmp_path)
    bureau = reading.bureau
    assert bureau.parameter("2.0", "least_month_share") == 0.5
    assert bureau.terms_of("2.0", "star") == CATALOG.terms_of("star")
    assert bureau.parameter(DEFAULT, "member_base_points") == 60
    assert bureau.terms[: len(CATALOG.terms)] == CATALOG.terms


def test_a_term_says_where_it_stands_and_keeps_the_labels_of_the_default(tmp_path: Path, read: Read) -> None:
    write(tmp_path, *STARS, *CONDITIONS)
    own = [entry for entry in read(tmp_path).bureau.terms if entry.version]
    assert own[0].source == "考核办法.xlsx [办法] C3"
    assert [(entry.label_zh, entry.label_en) for entry in own] == [
        ("五星", "Five stars"),
        ("四星", "Four stars"),
        ("三星", "Three stars"),
        ("年度得分", "Year score"),
        ("案件按期办结率", "Cases closed on time"),
        ("弄虚作假", "Falsified records"),
    ]


def test_both_sheets_may_stand_in_one_file(tmp_path: Path, read: Read) -> None:
    write_xlsx(tmp_path / "积分细则.xlsx", {"积分细则": RULES, "考核办法": [HEADER, *QUARTER]})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert reading.bureau.weights_of("2.0", "quarter_score")["mutual_score"] == 0.2


def test_terms_of_the_default_book_may_be_stated_without_items(tmp_path: Path, read: Read) -> None:
    rows = [[DEFAULT, *row[1:]] for row in PARAMETERS]
    write_xlsx(tmp_path / "考核办法.xlsx", {"办法": [HEADER, *rows]})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert reading.bureau.rules == CATALOG.rules
    assert reading.bureau.parameter(DEFAULT, "member_base_points") == 70


@pytest.mark.parametrize(
    ("weights", "class_", "parts"),
    [((70, 15, 15), "季度考核", (0.7, 0.15, 0.15)), ((0.3, 0.3, 0.4), "类别权重", (30, 30, 40))],
)
def test_weights_may_be_percent_where_nothing_else_is_meant(
    tmp_path: Path, read: Read, weights: tuple[float, ...], class_: str, parts: tuple[float, ...]
) -> None:
    rows = {"季度考核": QUARTER, "类别权重": CATEGORIES}[class_]
    write(tmp_path, *(term(class_, row[2], weight) for row, weight in zip(rows, weights, strict=True)))
    reading = read(tmp_path)
    assert reading.issues == ()
    own = [entry.value for entry in reading.bureau.terms if entry.version]
    assert own == list(parts)


@pytest.mark.parametrize(
    ("rows", "code", "cell"),
    [
        ([term("附则", "党员基础分", 60)], "wrong_term", "B3"),
        ([term("参数", "最高分", 60)], "wrong_term", "C3"),
        ([term("季度考核", "季度均分", 1)], "wrong_term", "C3"),  # a part of another score
        ([term("类别权重", "M", 100)], "wrong_term", "C3"),
        ([term("评星", "红星", None, 90, 100)], "wrong_term", "C3"),
        ([term("模范党小组", "答题成绩(每场取最高)", None, 1)], "wrong_term", "C3"),  # says nothing of a group
        ([term("参数", "党员基础分")], "missing_value", "D3"),
        ([term("参数", None, 60)], "missing_value", "C3"),
        ([term("参数", "党员基础分", "六十")], "bad_number", "D3"),
        ([term("评星", "五星", None, None, 100)], "missing_value", "E3"),
        ([term("评星", "五星", None, 90)], "missing_value", "F3"),
        ([term("评星", "五星", 90, 90, 100)], "wrong_term", "D3"),
        ([term("评星", "五星", None, 100, 90)], "wrong_term", "F3"),
        ([term("模范党小组", "年度得分", None, 90, 80)], "wrong_term", "F3"),
        ([term("参数", "党员基础分", -5)], "wrong_term", "D3"),
        ([term("参数", "计分最少在组比例", 50)], "wrong_term", "D3"),
        ([term("并列次序", "A", 1.5)], "wrong_term", "D3"),
        ([term("并列次序", "A", 1), term("并列次序", "B", 1)], "wrong_term", "D4"),
        ([*QUARTER[:2], term("季度考核", "互评得分", 0.25)], "terms_do_not_sum", "D5"),
        ([*QUARTER[:2], term("季度考核", "互评得分", 0.2000001)], "terms_do_not_sum", "D5"),
        (QUARTER[:2], "terms_do_not_sum", "D4"),
        ([*CATEGORIES[:2], term("类别权重", "C", 40)], "terms_do_not_sum", "D5"),
        ([term("类别权重", "A", 50), term("类别权重", "B", 50)], "terms_do_not_sum", "D4"),
        ([STARS[0], term("评星", "四星", None, 85, 94)], "band_gap", "E3"),
        ([term("评星", "四星", None, 85, 96), STARS[0]], "band_overlap", "E4"),
        ([term("评星", "五星", None, 90, 95)], "band_gap", "F3"),  # and what is above?
        ([*TIES, term("并列次序", "落实决议", 3)], "repeated_rule", "C5"),
    ],
)
def test_one_fault_puts_items_and_terms_of_the_version_out_of_use(
    tmp_path: Path, read: Read, rows: list[Row], code: str, cell: str
) -> None:
    write(tmp_path, *rows)
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [(code, cell)]
    assert f"积分细则“2.0”因此整版未采用，改按“{DEFAULT}”计分" in reading.issues[0].message
    assert reading.bureau.rules == CATALOG.rules
    assert reading.bureau.terms == CATALOG.terms
    assert reading.tables["rule_book"].empty
    assert reading.tables["rule_terms"].empty


def test_a_fault_in_the_items_puts_the_terms_out_of_use(tmp_path: Path, read: Read) -> None:
    write(tmp_path, *PARAMETERS)
    write_xlsx(tmp_path / "积分细则.xlsx", {"细则": [RULES[0], [*RULES[1][:7], None, 6]]})
    reading = read(tmp_path)
    assert [(issue.file, issue.code, issue.cell) for issue in reading.issues] == [
        ("积分细则.xlsx", "missing_rule_part", "H2")
    ]
    assert reading.bureau.terms == CATALOG.terms
    assert {file.path: (file.sheets[0].used, file.sheets[0].rejected) for file in reading.files} == {
        "积分细则.xlsx": (0, 1),
        "考核办法.xlsx": (0, 2),
    }


def test_what_is_wrong_is_told_with_its_numbers(tmp_path: Path, read: Read) -> None:
    write(tmp_path, *QUARTER[:2], term("季度考核", "互评得分", 0.25), *STARS[:1], term("评星", "四星", None, 85, 94))
    by_code = {issue.code: issue for issue in read(tmp_path).issues}
    total, hole = by_code["terms_do_not_sum"], by_code["band_gap"]
    assert (total.seen, total.expected) == ("0.6 + 0.2 + 0.25 = 1.05", "1")
    assert (hole.seen, hole.expected) == ("95", "[94, 95)")


def test_weights_of_categories_are_stated_for_all_of_them(tmp_path: Path, read: Read) -> None:
    write(tmp_path, term("类别权重", "A", 50), term("类别权重", "B", 50))
    (issue,) = read(tmp_path).issues
    assert (issue.seen, issue.expected) == ("落实决议 50 + 特色活动 50", "落实决议 + 特色活动 + 工作业绩 = 100")


def test_a_version_that_is_no_rule_book_is_told_once_and_puts_nothing_out_of_use(tmp_path: Path, read: Read) -> None:
    strangers = [["9.9", *row[1:]] for row in (*PARAMETERS, term("参数", "最高分", 1))]
    write(tmp_path, *QUARTER, *strangers)
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [
        ("terms_without_rules", "A6"),
        ("wrong_term", "C8"),
    ]
    assert reading.issues[0].expected == f"{DEFAULT}, 2.0"
    assert not any("整版未采用" in issue.message for issue in reading.issues)
    assert reading.bureau.weights_of("2.0", "quarter_score")["mutual_score"] == 0.2
    assert "2.0" in {rule.version for rule in reading.bureau.rules}
    sheet = next(file for file in reading.files if file.kind == "rule_terms").sheets[0]
    assert (sheet.used, sheet.rejected) == (3, 3)


def test_a_row_without_its_version_puts_every_version_of_its_sheet_out_of_use(tmp_path: Path, read: Read) -> None:
    write(tmp_path, *PARAMETERS, [None, *STARS[0][1:]])
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("missing_value", "A5")]
    assert reading.bureau.rules == CATALOG.rules
    assert reading.bureau.terms == CATALOG.terms


def test_a_fault_in_the_terms_of_the_default_book_leaves_it_as_it_comes(tmp_path: Path, read: Read) -> None:
    rows = [[DEFAULT, *row[1:]] for row in (*PARAMETERS, term("参数", "最高分", 1))]
    write_xlsx(tmp_path / "考核办法.xlsx", {"办法": [HEADER, *rows]})
    reading = read(tmp_path)
    (issue,) = reading.issues
    assert "改按系统自带的同名版本计分" in issue.message
    assert (reading.bureau.rules, reading.bureau.terms) == (CATALOG.rules, CATALOG.terms)


def test_a_copy_of_the_terms_in_another_file_is_no_fault(tmp_path: Path, read: Read) -> None:
    write(tmp_path, *QUARTER)
    write_xlsx(tmp_path / "考核办法（副本）.xlsx", {"办法": [["考核办法 副本"], HEADER, *QUARTER]})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["duplicate_file"]
    assert len(reading.bureau.terms) == len(CATALOG.terms) + 3
