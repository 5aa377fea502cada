"""The workbooks of a bureau, and those that are checked, go back with their faults in Chinese."""

from pathlib import Path

import openpyxl
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import read_bureau
from pipeline.ingest.returned.memory import Compared
from pipeline.periods import PeriodError
from pipeline.runs.workbooks.checking import check
from pipeline.runs.workbooks.returning import return_checked, return_workbooks
from pipeline.texts import load_texts
from tests.hand_made import write_bureau, write_xlsx

HEADER = ["立案号", "立案日期", "案由", "办案部门", "真烟(条)", "案值(元)", "结案日期"]
GOOD: list[str | int] = ["×烟立[2019]第1号", "2019-01-09", "无证运输", "驮卢所", 12, 2150, "2019-01-20"]
BAD: list[str | int] = ["×烟立[2019]第2号", "2019-01-10", "无证运输", "驮卢所", "约30", 2150, "2019-01-20"]
MENDED: list[str | int] = [*BAD[:4], 30, *BAD[5:]]
NAME = "专卖案件台账.xlsx"


def write_cases(folder: Path, *rows: list[str | int]) -> Path:
    return write_xlsx(folder / NAME, {"案件": [HEADER, *rows]})


def test_checked_workbooks_go_back_in_chinese_whatever_the_language(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    write_cases(raw, GOOD, BAD)
    checked = check([raw], load_texts("en"))
    memory = return_checked([raw], checked, tmp_path / "out")
    assert memory.copies == 1
    comment = openpyxl.load_workbook(tmp_path / "out" / NAME)["案件"]["E3"].comment.text
    assert "应为数字，看到的是“约30”" in comment
    write_cases(raw, GOOD, MENDED)
    again = return_checked([raw], check([raw], load_texts("en")), tmp_path / "out")
    assert again.compared == (Compared(NAME, mended=1, still_open=0, new=0),)


def test_a_bureau_is_compared_with_its_published_copies_and_with_the_last_quarter(tmp_path: Path) -> None:
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    write_bureau(raw)
    write_cases(raw, GOOD, BAD)

    def run(folder: str, quarter: str) -> list[tuple[str, int, int]]:
        reading = read_bureau(raw, load_catalog(), load_texts("zh"))
        memory = return_workbooks(reading, raw, processed / folder, quarter)
        return [(entry.path, entry.mended, entry.still_open) for entry in memory.compared]

    assert run("2021Q4", "2021Q4") == []
    assert (processed / "2021Q4" / "returned" / NAME).is_file()
    write_cases(raw, GOOD, BAD, ["×烟立[2019]第3号", *GOOD[1:]])
    assert (NAME, 0, 1) in run(".2021Q4.building", "2021Q4")
    write_cases(raw, GOOD, MENDED)
    assert (NAME, 1, 0) in run("2022Q1", "2022Q1")


def test_copies_are_of_a_quarter(tmp_path: Path) -> None:
    raw = write_bureau(tmp_path / "raw")
    reading = read_bureau(raw, load_catalog(), load_texts("zh"))
    with pytest.raises(PeriodError, match="2021Q9"):
        return_workbooks(reading, raw, tmp_path / "processed", "2021Q9")
    assert not (tmp_path / "processed").exists()
