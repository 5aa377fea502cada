"""Altered copies: one issue for each sheet that mostly repeats another one."""

from collections.abc import Callable
from pathlib import Path

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
VISITS: Rows = [
    ["日期", "党员", "地点", "事项"],
    *([f"2019-01-{day:02d}", "张三", "甲村", "走访"] for day in range(1, 7)),
]
CASES: list[Value] = ["立案号", "立案日期", "办案部门", "真烟(条)", "案值(元)"]


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
    assert (issue.sheet, issue.code, issue.expected) == ("案件 (2)", "overlapping_file", "案件台账.xlsx [案件]")


def test_two_ledgers_that_share_a_few_numbers_are_no_copies(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": cases(1, 2, 3, 4, 5)})
    write_xlsx(tmp_path / "案件台账二.xlsx", {"案件": cases(4, 5, 6, 7, 8, 9)})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [
        ("duplicate_key", "A2"),
        ("duplicate_key", "A3"),
    ]


def test_many_differences_are_cut(tmp_path: Path, read: Read) -> None:
    numbers = tuple(range(1, 11))
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"案件": cases(*numbers)})
    write_xlsx(tmp_path / "案件台账副本.xlsx", {"案件": cases(*numbers, genuine=dict.fromkeys(numbers, 7))})
    (issue,) = read(tmp_path).issues
    assert issue.message.count("≠ 1") == 5
    assert "…" in issue.message
