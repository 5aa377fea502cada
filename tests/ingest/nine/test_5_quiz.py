"""Quiz results, kept in four ways and more: the same results come out of each."""

from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, rows_of, xls, xlsx
from tests.hand_made import Rows, write_bureau

COLUMNS = ("session_on", "member", "score", "duration_s")
GOLDEN = [("2019-01-15", "张三", 95, 200), ("2019-01-15", "李四", 88, 125)]
VARIANTS: dict[str, Write] = {
    "a workbook with other words, ranks and a mean": xlsx(
        "答题成绩汇总.xlsx",
        {
            "2019-01-15": [
                ["微信学习答题成绩"],
                ["名次", "答题人", "部门", "答题成绩（分）", "答题用时", "交卷时间"],
                [1, "张三", "营销部", "95分", "3分20秒", "2019-01-15 20:11"],
                [2, "李 四", "营销部", "88分", "2分5秒", "2019-01-15 20:30"],
                ["平均分", None, None, 91.5],
            ]
        },
        {"2019-01-15": ("A1:F1",)},
    ),
    "an old workbook with the session in a column": xls(
        "一季度答题.xls",
        {
            "Sheet1": [
                ["答题日期", "姓名", "得分", "用时（秒）"],
                ["2019.1.15", "张三", 95, 200],
                [43480, "李四", 88, 125],
            ]
        },
    ),
    "a text file with tabs, in utf-16": lambda folder: (folder / "考试成绩20190115.txt").write_bytes(
        "党员姓名\t电话\t考试成绩\t耗时\r\n张三\t138\t９５\t3:20\r\n李四\t139\t88\t2:05".encode("utf-16")
    ),
    "the list in two halves side by side": xlsx(
        "答题成绩_20190115.xlsx",
        {"甲": [["姓名", "得分", "用时", "姓名", "得分", "用时"], ["张三", 95, "3分20秒", "李四", 88, "2分5秒"]]},
    ),
}


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    lines = [
        "姓名,手机号,得分,用时,提交时间",
        "张三,138****,９５,3分20秒,2019/1/15 20:11",
        "张 三,138****,80,65秒,2019/1/15 20:30",
    ]
    lines.append("赵六,139****,88,2:05,2019-02-15")
    (write_bureau(tmp_path) / "答题成绩_20190115.csv").write_bytes("\r\n".join(lines).encode("gbk"))
    reading = read(tmp_path)
    assert_clean(reading)
    columns = ("session_on", "member", "score", "duration_s", "submitted_on", "party_group")
    assert rows_of(reading, "quiz_results", *columns) == [
        ("2019-01-15", "张三", 95, 200, "2019-01-15", "营销管理"),
        ("2019-01-15", "张三", 80, 65, "2019-01-15", "营销管理"),
        ("2019-01-15", "赵六", 88, 125, "2019-02-15", "营销管理"),
    ]
    assert "138" not in reading.tables["quiz_results"].to_csv()


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "quiz_results", *COLUMNS) == GOLDEN


def test_who_did_not_take_it_is_a_note_and_no_fault(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["姓名", "得分"],
        ["张三", 95],
        ["李四", "缺考"],
        ["王五", "免考"],
        ["某人", "缺考"],
        ["赵六", "补考80"],
    ]
    xlsx("答题成绩_20190115.xlsx", {"甲": rows})(write_bureau(tmp_path))
    reading = read(tmp_path)
    assert rows_of(reading, "quiz_results", "member", "score") == [("张三", 95)]
    assert [(issue.code, issue.cell) for issue in reading.issues][:2] == [
        ("unknown_member", "A5"),
        ("bad_number", "B5"),
    ]
    assert [issue.cell for issue in reading.issues][2:] == ["B6"]
    (sheet,) = (sheet for file in reading.files for sheet in file.sheets if file.kind == "quiz")
    assert (sheet.used, sheet.note, sheet.rejected) == (1, 2, 2)
