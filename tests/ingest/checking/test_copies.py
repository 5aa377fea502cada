"""Altered copies: one issue for each sheet that mostly repeats another one."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
VISITS: Rows = [
    ["日期", "党员", "地点", "事项"],
    *([f"2019-01-{day:02d}", "张三", "甲村", "走访"] for day in range(1, 7)),
]
CASES: list[Value] = ["立案号", "立案日期", "办案部门", "真烟(条)", "案值(元)", "结案日期"]


def cases(*numbers: int, genuine: dict[int, Value] | None = None) -> Rows:
    rows = [[f"甲{n}", f"2019-01-{n:02d}", "专卖股", (genuine or {}).get(n, 10 + n), 1000] for n in numbers]
    return [CASES, *rows]


def test_a_ledger_without_keys_loses_the_rows_that_it_repeats(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "一线台账.xlsx", {"台账": VISITS})
    write_xlsx(tmp_path / "一线台账-修改2.xlsx", {"台账": [*VISITS, ["2019-01-20", "张三", "乙村", "走访"]]})
    reading = read(tmp_path)
    assert [(issue.file, issue.code, issue.seen) for issue in reading.issues] == [
        ("一线台账-修改2.xlsx", "overlapping_file", "6 / 7")
    ]
    assert len(reading.tables["frontline_visits"]) == 7


def test_an_altered_copy_with_keys_is_one_issue_that_names_the_differences(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": cases(1, 2, 3, 4)})
    copy = cases(1, 2, 3, 4, 5, genuine={2: 99, 4: None})
    write_xlsx(tmp_path / "案件台账(最终版).xlsx", {"案件": copy})
    reading = read(tmp_path)
    (issue,) = reading.issues
    assert (issue.file, issue.sheet, issue.code, issue.seen, issue.expected) == (
        "案件台账(最终版).xlsx",
        "案件",
        "overlapping_file",
        "4 / 5",
        "案件台账.xlsx",
    )
    assert "其中 2 行完全相同" in issue.message
    assert "D3: 99 ≠ 12; D5: — ≠ 14" in issue.message
    assert sorted(reading.tables["cases"]["case_no"]) == ["甲1", "甲2", "甲3", "甲4", "甲5"]
    assert reading.tables["cases"].set_index("case_no").loc["甲2", "genuine_tiao"] == 12


def test_a_copied_sheet_of_the_same_file_is_one_issue(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": cases(1, 2, 3), "案件 (2)": cases(1, 2, 3)})
    (issue,) = read(tmp_path).issues
    assert (issue.sheet, issue.code, issue.expected) == ("案件 (2)", "copied_sheet", "案件台账.xlsx [案件]")


def test_two_ledgers_that_share_a_few_numbers_are_no_copies(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": cases(1, 2, 3, 4, 5)})
    write_xlsx(tmp_path / "案件台账二.xlsx", {"案件": cases(4, 5, 6, 7, 8, 9)})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [
        ("copied_row", "A2"),
        ("copied_row", "A3"),
    ]


def test_many_differences_are_cut(tmp_path: Path, read: Read) -> None:
    numbers = tuple(range(1, 11))
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": cases(*numbers)})
    write_xlsx(tmp_path / "案件台账副本.xlsx", {"案件": cases(*numbers, genuine=dict.fromkeys(numbers, 7))})
    (issue,) = read(tmp_path).issues
    assert issue.message.count("≠ 1") == 5
    assert "…" in issue.message


ACTIVITIES: list[Value] = ["日期", "党小组", "活动类型", "主题", "议题"]


def activities(days: Iterable[int], group: str = "营销管理", topic: str = "无证户", type_: str = "党小组会") -> Rows:
    return [ACTIVITIES, *([f"2019-01-{day:02d}", group, type_, "学习", topic] for day in days)]


def write_two(folder: Path, names: tuple[str, str], rows: tuple[Rows, Rows]) -> None:
    write_bureau(folder)
    for name, of_file in zip(names, rows, strict=True):
        write_xlsx(folder / name, {"甲": of_file})


def awards(ground: str) -> list[list[Value]]:
    return [["2019年1月", "营销管理", "D1", 2, f"{ground}{number}"] for number in range(3)]


def overlapping(reading: Reading) -> list[tuple[str, str, str]]:
    assert {issue.code for issue in reading.issues} <= {"overlapping_file"}
    return [(issue.file, issue.seen, issue.expected) for issue in reading.issues]


def test_one_changed_row_of_three_makes_no_ledger_of_four_rows(tmp_path: Path, read: Read) -> None:
    changed = [*activities((1, 2)), ["2019-01-09", "营销管理", "党小组会", "学习", "上柜"]]
    names = ("2019年活动台账.xlsx", "2019年活动台账-修改2.xlsx")
    write_two(tmp_path, names, (activities((1, 2, 3)), changed))
    reading = read(tmp_path)
    assert overlapping(reading) == [(names[1], "2 / 3", names[0])]
    assert [day.day for day in reading.tables["activities"]["held_on"]] == [1, 2, 3]
    assert "其中 2 行完全相同，0 行有改动" in reading.issues[0].message
    assert "也未计入的：1 行" in reading.issues[0].message


@pytest.mark.parametrize("altered", ["topic", "day"])
def test_five_changed_rows_of_eight_are_still_a_copy(tmp_path: Path, read: Read, altered: str) -> None:
    same = [*activities((1, 2, 3))]
    rest = activities(range(4, 9), topic="上柜") if altered == "topic" else activities(range(14, 19))
    names = ("2019年活动台账.xlsx", "2019年活动台账（最终版）.xlsx")
    write_two(tmp_path, names, (activities(range(1, 9)), [*same, *rest[1:]]))
    reading = read(tmp_path)
    assert overlapping(reading) == [(names[1], "8 / 8" if altered == "topic" else "3 / 8", names[0])]
    assert len(reading.tables["activities"]) == 8
    assert set(reading.tables["activities"]["topic"]) == {"无证户"}


@pytest.mark.parametrize("name", ["2019年1月活动台账(最终版).xlsx", "营销管理2019年1月份活动登记表.xlsx"])
def test_a_month_whose_topics_are_all_reworded_counts_once(tmp_path: Path, read: Read, name: str) -> None:
    first = "2019年1月活动台账.xlsx"
    write_two(tmp_path, (first, name), (activities((1, 2, 3)), activities((1, 2, 3), topic="无证户整治")))
    reading = read(tmp_path)
    assert overlapping(reading) == [(name, "3 / 3", first)]
    assert set(reading.tables["activities"]["topic"]) == {"无证户"}
    assert "其中 0 行完全相同，3 行有改动" in reading.issues[0].message
    assert "E2: 无证户整治 ≠ 无证户" in reading.issues[0].message


def test_a_month_in_the_ledger_of_the_year_and_in_a_file_of_its_own_counts_once(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {"1月": activities((1, 2, 3))})
    write_xlsx(tmp_path / "2019年1月党小组活动台账.xlsx", {"甲": activities((1, 2, 3), topic="上柜")})
    reading = read(tmp_path)
    assert overlapping(reading) == [("2019年1月党小组活动台账.xlsx", "3 / 3", "2019年活动台账.xlsx")]


def test_every_sheet_of_a_copied_file_is_told_once(tmp_path: Path, read: Read) -> None:
    february = [[str(cell).replace("2019-01", "2019-02") for cell in row] for row in activities((4, 5))]
    sheets = {"1月": activities((1, 2)), "2月": february}
    copied = {"1月": activities((1, 2), topic="上柜"), "2月": february}
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", sheets)
    write_xlsx(tmp_path / "2019年活动台账(2).xlsx", copied)
    reading = read(tmp_path)
    assert [(issue.sheet, issue.code) for issue in reading.issues] == [
        ("1月", "overlapping_file"),
        ("2月", "copied_sheet"),
    ]
    assert len(reading.tables["activities"]) == 4


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (  # one for each group
            ("2019年1月营销管理活动台账.xlsx", "2019年1月专卖综合活动台账.xlsx"),
            (activities((1, 2, 3)), activities((1, 2, 3), "专卖综合")),
        ),
        (  # two halves of the month
            ("2019年1月活动台账（上）.xlsx", "2019年1月活动台账（下）.xlsx"),
            (activities((1, 2, 3)), activities((16, 17, 18))),
        ),
        (  # parts that are numbered like copies
            ("2019年1月活动台账(1).xlsx", "2019年1月活动台账(2).xlsx"),
            (activities((1, 2, 3)), activities((16, 17, 18))),
        ),
        (  # another kind of meeting on the same days
            ("2019年1月活动台账.xlsx", "2019年1月活动台账-党课.xlsx"),
            (activities((1, 2, 3)), activities((1, 2, 3), type_="党课")),
        ),
        (  # one late meeting of a day that is there
            ("2019年1月活动台账.xlsx", "2019年1月活动台账补充.xlsx"),
            (activities((1, 2, 3)), activities((3,), topic="上柜")),
        ),
    ],
)
def test_honest_workbooks_of_one_month_all_count(
    tmp_path: Path, read: Read, names: tuple[str, str], rows: tuple[Rows, Rows]
) -> None:
    write_two(tmp_path, names, rows)
    reading = read(tmp_path)
    assert overlapping(reading) == []
    assert len(reading.tables["activities"]) == len(rows[0]) + len(rows[1]) - 2


def test_two_sheets_of_one_file_with_meetings_of_the_same_days_all_count(tmp_path: Path, read: Read) -> None:
    sheets = {"1月会议": activities((1, 2, 3)), "1月学习": activities((1, 2, 3), topic="上柜")}
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", sheets)
    reading = read(tmp_path)
    assert overlapping(reading) == []
    assert len(reading.tables["activities"]) == 6


def test_equal_awards_of_one_month_in_two_files_all_count(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["月份", "对象", "项目", "分值", "依据"]
    praised: Rows = [header, *awards("表彰")]
    studied: Rows = [header, *awards("调研")]
    write_two(tmp_path, ("2019年1月积分明细.xlsx", "2019年1月积分明细-调研.xlsx"), (praised, studied))
    reading = read(tmp_path)
    assert overlapping(reading) == []
    assert len(reading.tables["points_ledger"]) == 6


def test_a_copied_sheet_of_two_numbers_is_one_issue_and_of_one_a_repeated_number(tmp_path: Path, read: Read) -> None:
    for name, numbers, code in (("两", (1, 2), "copied_sheet"), ("一", (1,), "copied_row")):
        folder = write_bureau(tmp_path / name)
        write_xlsx(folder / "2019年案件台账.xlsx", {"1月": cases(*numbers), "1月 (2)": cases(*numbers)})
        (issue,) = read(folder).issues
        assert (issue.sheet, issue.code) == ("1月 (2)", code)


@pytest.mark.parametrize("sheet", ["更正", "更正表", "1月更正", "订正2"])
@pytest.mark.parametrize("rows", [activities((1,), topic="上柜"), activities((9,))])
def test_a_sheet_that_is_called_a_correction_never_counts_twice_and_is_told(
    tmp_path: Path, read: Read, sheet: str, rows: Rows
) -> None:
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {sheet: rows, "1月": activities((1, 2, 3))})
    reading = read(tmp_path)
    told = [(issue.code, issue.sheet, issue.seen) for issue in reading.issues if issue.code != "outside_period"]
    assert told == [("correction_sheet", sheet, "1 / 1")]
    assert len(reading.tables["activities"]) == 3


def test_a_file_that_is_called_a_correction_may_change_a_day_and_may_have_grown(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {"1月": activities((1, 2, 3))})
    grown = {"1月": activities((9,)), "2月": [activities(())[0], ["2019-02-05", *activities((1,))[-1][1:]]]}
    write_xlsx(tmp_path / "2019年活动台账(更正).xlsx", grown)
    reading = read(tmp_path)
    assert [(issue.code, issue.sheet) for issue in reading.issues] == [("correction_sheet", "1月")]
    assert len(reading.tables["activities"]) == 4


def test_a_ledger_of_corrections_is_no_correction_of_itself(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["更正日期", "积分月份", "对象", "项目", "更正分值", "更正依据"]
    sheets: dict[str, Rows] = {
        "一季度": [header, ["2019-04-01", "2019年1月", "营销管理", "A1", 2, "漏记"]],
        "更正": [header, ["2019-04-02", "2019年2月", "营销管理", "A1", 2, "漏记"]],
    }
    write_xlsx(write_bureau(tmp_path) / "积分更正台账.xlsx", sheets)
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == []
    assert len(reading.tables["corrections"]) == 2
