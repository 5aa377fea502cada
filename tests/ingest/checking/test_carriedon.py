"""Ledgers that are handed in anew with what was filled in since: each matter counts once, as it stands at last."""

from pathlib import Path

import pytest

from tests.golden import Read, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

SHOPS: list[Value] = ["序号", "乡镇", "经营者", "发现日期", "责任人", "办结日期"]
CASES: list[Value] = ["立案号", "立案日期", "办案部门", "真烟(条)", "案值(元)", "处理结果", "结案日期"]
PLEDGES: list[Value] = ["党员", "承诺事项", "承诺日期", "期限", "状态", "兑现日期"]


def shop(operator: str, closed: Value = None) -> list[Value]:
    return [1, "甲镇", operator, "2019-02-05", "王五", closed]


def case(number: int, result: str, closed: Value = None, genuine: int = 12) -> list[Value]:
    return [f"甲{number}", f"2019-01-{number:02d}", "专卖股", genuine, 1000, result, closed]


def write_two(folder: Path, name: str, header: list[Value], first: Rows, second: Rows) -> None:
    write_bureau(folder)
    for span, rows in (("1-2月", first), ("1-3月", second)):
        write_xlsx(folder / f"2019年{name}（{span}）.xlsx", {"甲": [header, *rows]})


def test_a_matter_without_a_number_is_not_two_when_its_ledger_is_handed_in_again(tmp_path: Path, read: Read) -> None:
    first = [shop("甲某"), shop("乙某", "2019-02-20")]
    second = [shop("甲某", "2019-03-05"), shop("乙某", "2019-02-20"), shop("丙某")]
    write_two(tmp_path, "无证户整治台账", SHOPS, first, second)
    reading = read(tmp_path)
    assert rows_of(reading, "unlicensed_shops", "operator", "closed_on") == [
        ("甲某", "2019-03-05"),
        ("乙某", "2019-02-20"),
        ("丙某", None),
    ]
    told = [(issue.code, issue.file, issue.cell, issue.seen, issue.expected) for issue in reading.issues]
    names = ("2019年无证户整治台账（1-2月）.xlsx", "2019年无证户整治台账（1-3月）.xlsx")
    assert told == [("carried_on", names[0], "B2", "2", names[1])]


def test_a_case_that_was_closed_since_counts_as_closed(tmp_path: Path, read: Read) -> None:
    first = [case(number, "罚款", "2019-02-01") for number in (1, 2, 3)]
    write_two(
        tmp_path, "案件台账", CASES, [*first, case(4, "在办")], [*first, case(4, "罚款", "2019-03-01"), case(5, "")]
    )
    reading = read(tmp_path)
    assert rows_of(reading, "cases", "case_no", "result", "closed_on")[3:] == [
        ("甲4", "罚款", "2019-03-01"),
        ("甲5", None, None),
    ]
    assert [issue.code for issue in reading.issues] == ["carried_on"]


def test_an_open_matter_that_is_carried_over_to_the_next_sheet_is_one(tmp_path: Path, read: Read) -> None:
    pledge: list[Value] = ["张三", "帮扶三户", "2019-01-05", "2019-12-31"]
    sheets = {
        "上半年": [PLEDGES, [*pledge, "进行中", None]],
        "下半年": [PLEDGES, [*pledge, "已兑现", "2019-11-30"]],
    }
    write_xlsx(write_bureau(tmp_path) / "2019年党员承诺台账.xlsx", sheets)
    reading = read(tmp_path)
    assert rows_of(reading, "pledges", "status", "closed_on") == [("已兑现", "2019-11-30")]
    assert [(issue.code, issue.expected) for issue in reading.issues] == [
        ("carried_on", "2019年党员承诺台账.xlsx [下半年]")
    ]


def test_months_whose_matters_are_carried_on_stay_handed_in(tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    inspected: Rows = [["月份", "单位", "市场检查"], ["1月", "专卖股", 300], ["2月", "专卖股", 310]]
    write_xlsx(folder / "2019年专卖检查月报.xlsx", {"甲": inspected})
    write_xlsx(folder / "2019年1月案件台账.xlsx", {"甲": [CASES, case(9, "在办")]})
    write_xlsx(folder / "2019年2月案件台账.xlsx", {"甲": [CASES, case(9, "罚款", "2019-02-11")]})
    reading = read(folder)
    assert "outside_period" not in {issue.code for issue in reading.issues}
    coverage = rows_of(reading, "coverage", "kind", "month")
    assert [month for kind, month in coverage if kind == "cases"] == ["2019-01", "2019-02"]


MEETINGS: list[Value] = ["日期", "党小组", "活动类型", "主题"]


def meeting(day: str, theme: str = "学习") -> list[Value]:
    return [day, "专卖综合", "党小组会", theme]


def write_months(folder: Path, name: str, *months: Rows) -> Path:
    write_bureau(folder)
    for month, rows in enumerate(months, 1):
        write_xlsx(folder / f"2019年{month}月{name}.xlsx", {"甲": [[f"2019年{month}月{name}"], *rows]})
    return folder


def test_a_ledger_handed_in_anew_each_month_counts_each_row_once(tmp_path: Path, read: Read) -> None:
    rows = [meeting("2019-01-07"), meeting("2019-01-07"), meeting("2019-02-11"), meeting("2019-02-12", "党章")]
    rows += [meeting("2019-03-04"), meeting("2019-03-05"), meeting("2019-03-06"), meeting("2019-03-07")]
    write_months(tmp_path, "活动台账", *([MEETINGS, *rows[:last]] for last in (2, 4, 8)))
    reading = read(tmp_path)
    days = [str(day) for (day,) in rows_of(reading, "activities", "held_on")]
    assert sorted(days) == [row[0] for row in rows]  # two meetings of a day stay two
    told = [(issue.code, issue.file, issue.seen, issue.expected) for issue in reading.issues]
    assert told.pop()[0] == "repeated_row"
    last = "2019年3月活动台账.xlsx"
    assert told == [
        ("carried_on", "2019年1月活动台账.xlsx", "2", last),
        ("carried_on", "2019年2月活动台账.xlsx", "4", last),
    ]
    coverage = rows_of(reading, "coverage", "kind", "month")
    assert {month for kind, month in coverage if kind == "activities"} == {"2019-01", "2019-02", "2019-03"}


def test_a_matter_that_stays_open_from_month_to_month_is_one(tmp_path: Path, read: Read) -> None:
    own: Rows = [[f"甲{month}", f"2019-{month:02d}-20", "专卖股", 12, 1000, "在办", None] for month in (2, 3)]
    months: list[Rows] = [[CASES, case(9, "在办")], *([CASES, case(9, "在办"), row] for row in own)]
    reading = read(write_months(tmp_path, "案件台账", *months))
    assert [issue.code for issue in reading.issues] == ["carried_on", "carried_on"]
    assert rows_of(reading, "cases", "case_no", "closed_on") == [("甲2", None), ("甲9", None), ("甲3", None)]


def test_last_month_under_the_name_of_this_one_is_told_as_a_copy(tmp_path: Path, read: Read) -> None:
    rows = [meeting(f"2019-01-{day:02d}") for day in range(7, 12)]
    reading = read(write_months(tmp_path, "活动台账", [MEETINGS, *rows], [MEETINGS, *rows[1:]]))
    codes = {issue.code for issue in reading.issues}
    assert ("copied_sheet" in codes, "carried_on" in codes) == (True, False)
    assert len(reading.tables["activities"]) == 5


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([shop("甲某")], [shop("乙某", "2019-03-05")]),  # two shops of one day
        ([shop("甲某", "2019-02-20")], [shop("甲某", "2019-03-05")]),  # closed twice: nobody knows which is right
    ],
)
def test_what_only_looks_alike_is_not_carried_on(tmp_path: Path, read: Read, first: Rows, second: Rows) -> None:
    write_two(tmp_path, "无证户整治台账", SHOPS, first, second)
    reading = read(tmp_path)
    assert "carried_on" not in {issue.code for issue in reading.issues}
    assert len(reading.tables["unlicensed_shops"]) == 2


def test_a_number_whose_amounts_differ_too_is_a_repeat_as_before(tmp_path: Path, read: Read) -> None:
    write_two(tmp_path, "案件台账", CASES, [case(1, "在办")], [case(1, "罚款", "2019-03-01", genuine=99)])
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["duplicate_key"]
    assert rows_of(reading, "cases", "genuine_tiao", "closed_on") == [(12, None)]


def test_two_equal_pledges_on_one_sheet_are_two(tmp_path: Path, read: Read) -> None:
    pledge: list[Value] = ["张三", "走访", "2019-01-05", "2019-12-31"]
    rows: Rows = [PLEDGES, [*pledge, "进行中", None], [*pledge, "已兑现", "2019-11-30"]]
    write_xlsx(write_bureau(tmp_path) / "2019年党员承诺台账.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert (len(reading.tables["pledges"]), reading.issues) == (2, ())


def test_of_two_matters_that_look_alike_the_one_that_is_not_closed_stays_open(tmp_path: Path, read: Read) -> None:
    sheets = {"2月": [SHOPS, shop("甲某"), shop("甲某")], "3月": [SHOPS, shop("甲某", "2019-03-05")]}
    write_xlsx(write_bureau(tmp_path) / "2019年无证户整治台账.xlsx", sheets)
    reading = read(tmp_path)
    assert rows_of(reading, "unlicensed_shops", "operator", "closed_on") == [("甲某", None), ("甲某", "2019-03-05")]
    (issue,) = [issue for issue in reading.issues if issue.code == "carried_on"]
    assert issue.seen == "1"


def test_a_matter_that_is_written_down_again_as_it_was_is_not_the_one_beside_it(tmp_path: Path, read: Read) -> None:
    first, second = [shop("甲某"), shop("甲某", "2019-02-20")], [shop("甲某", "2019-02-20")]
    write_two(tmp_path, "无证户整治台账", SHOPS, first, second)
    closed = [day for (day,) in rows_of(read(tmp_path), "unlicensed_shops", "closed_on")]
    assert None in closed


def test_rows_that_are_equal_twice_stand_for_two(tmp_path: Path, read: Read) -> None:
    first = [shop("甲某"), shop("乙某", "2019-02-20"), shop("乙某", "2019-02-20")]
    second = [shop("甲某", "2019-03-05"), shop("乙某", "2019-02-20")]
    write_two(tmp_path, "无证户整治台账", SHOPS, first, second)
    operators = [str(name) for (name,) in rows_of(read(tmp_path), "unlicensed_shops", "operator")]
    assert sorted(operators) == ["乙某", "乙某", "甲某"]


OPINIONS: list[Value] = ["编号", "收集日期", "党小组", "内容", "期限", "办结日期"]


def opinion(number: int, day: str, content: str, closed: Value = None) -> list[Value]:
    return [number, day, "专卖综合", content, "2019-12-31", closed]


def test_a_matter_that_the_next_sheet_carries_on_under_another_number_is_one(tmp_path: Path, read: Read) -> None:
    lamp, bill, goods = (
        "村口的路灯坏了一个多月没有人修",
        "希望每月把账单提前送到店里核对",
        "节前紧俏货源不足希望多配一些",
    )
    sheets: dict[str, Rows] = {
        "1月": [OPINIONS, opinion(1, "2019-01-05", lamp), opinion(2, "2019-01-06", bill)],
        "2月": [
            OPINIONS,
            opinion(1, "2019-01-06", bill, "2019-02-04"),
            opinion(2, "2019-01-05", lamp),
            opinion(3, "2019-02-06", goods),
        ],
    }
    write_xlsx(write_bureau(tmp_path) / "2019年意见台账.xlsx", sheets)
    reading = read(tmp_path)
    assert rows_of(reading, "opinions", "content", "closed_on") == [(bill, "2019-02-04"), (lamp, None), (goods, None)]
    assert [(issue.code, issue.sheet, issue.seen) for issue in reading.issues] == [("carried_on", "1月", "2")]


def test_two_short_opinions_of_one_day_are_two(tmp_path: Path, read: Read) -> None:
    sheets: dict[str, Rows] = {
        "走访": [OPINIONS, opinion(1, "2019-01-05", "货源")],
        "电话": [OPINIONS, opinion(1, "2019-01-04", "账单"), opinion(2, "2019-01-05", "货源", "2019-01-09")],
    }
    write_xlsx(write_bureau(tmp_path) / "2019年意见台账.xlsx", sheets)
    assert len(read(tmp_path).tables["opinions"]) == 3


def test_a_sheet_that_carries_one_matter_on_and_is_called_by_the_wrong_month_is_told(
    tmp_path: Path, read: Read
) -> None:
    later: Rows = [[f"甲{n}", f"2019-03-{n:02d}", "专卖股", 12, 1000, "罚款", None] for n in range(11, 16)]
    sheets: dict[str, Rows] = {
        "1月": [CASES, case(9, "在办")],
        "2月": [CASES, case(9, "罚款", "2019-02-11"), *later],
    }
    write_xlsx(write_bureau(tmp_path) / "2019年案件台账.xlsx", sheets)
    told = [(issue.cell, issue.seen) for issue in read(tmp_path).issues if issue.code == "outside_period"]
    assert told[:1] == [("B3", "2019-03-11")]
