"""Numbers that begin again at 1 name other matters; copies and slips are told as before."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.checking.numberings import tell_numberings_apart
from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from pipeline.ingest.layouts.sheetrows import SheetRows
from tests.counting import grows_linearly
from tests.hand_made import CATALOG, VOCABULARY, Rows, Value, make_grid, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
HEADER: list[Value] = ["编号", "收集日期", "党小组", "内容", "期限", "办结日期"]
MARKETING, ENFORCEMENT = "营销管理", "专卖综合"


def opinions(month: int, numbers: Sequence[int], group: str = MARKETING, said: str = "") -> Rows:
    days = [f"2019-{month:02d}-{number:02d}" for number in numbers]
    matters = [f"{said or month}之{number}" for number in numbers]
    due = f"2019-{month:02d}-28"
    rows = zip(numbers, days, matters, strict=True)
    return [HEADER, *([number, day, group, matter, due, None] for number, day, matter in rows)]


def read_files(folder: Path, read: Read, **sheets: dict[str, Rows]) -> Reading:
    write_bureau(folder)
    for name, of_file in sheets.items():
        write_xlsx(folder / f"{name}.xlsx", of_file)
    return read(folder)


def numbers_of(reading: Reading) -> list[str]:
    return reading.tables["opinions"]["opinion_no"].tolist()


def test_a_sheet_a_month_that_counts_anew_is_no_copy(tmp_path: Path, read: Read) -> None:
    months = {"1月": opinions(1, range(1, 5)), "2月": opinions(2, range(1, 4)), "3月": opinions(3, [1])}
    reading = read_files(tmp_path, read, 群众意见台账=months)
    assert reading.issues == ()
    assert numbers_of(reading)[:4] == ["1", "2", "3", "4"]
    assert numbers_of(reading)[4:] == [
        *(f"{number}(2019-02-0{number} 营销管理)" for number in (1, 2, 3)),
        "1(2019-03-01 营销管理)",
    ]


def test_every_group_may_count_its_own(tmp_path: Path, read: Read) -> None:
    own, others = (opinions(1, range(1, 5), group, "同样") for group in (MARKETING, ENFORCEMENT))
    reading = read_files(tmp_path, read, 营销意见台账={"甲": own}, 专卖意见台账={"甲": others})
    assert (reading.issues, len(numbers_of(reading))) == ((), 8)


def test_a_year_on_one_sheet_may_count_by_month(tmp_path: Path, read: Read) -> None:
    reading = read_files(tmp_path, read, 意见台账={"甲": [*opinions(1, range(1, 4)), *opinions(2, range(1, 4))[1:]]})
    assert (reading.issues, len(numbers_of(reading))) == ((), 6)


def test_one_number_for_the_rows_of_several_groups(tmp_path: Path, read: Read) -> None:
    by_group = [opinions(1, range(1, 3), group)[1:] for group in (MARKETING, ENFORCEMENT)]
    rows = [row for both in zip(*by_group, strict=True) for row in both]
    reading = read_files(tmp_path, read, 意见台账={"甲": [HEADER, *rows]})
    assert reading.issues == ()
    assert numbers_of(reading) == ["1", "1(2019-01-01 专卖综合)", "2", "2(2019-01-02 专卖综合)"]


def test_an_altered_copy_stays_one(tmp_path: Path, read: Read) -> None:
    year = {"1月": opinions(1, range(1, 5)), "2月": opinions(2, range(1, 5))}
    february = [list(row) for row in year["2月"]]
    february[1][1], february[2][3] = "2019-02-09", "改写"
    copy = {"1月": year["1月"], "2月": february}
    reading = read_files(tmp_path, read, 意见台账=year, **{"意见台账-副本": copy})
    assert [(issue.sheet, issue.code, issue.seen) for issue in reading.issues] == [
        ("1月", "copied_sheet", "4"),
        ("2月", "overlapping_file", "4 / 4"),
    ]
    assert "其中 2 行完全相同" in reading.issues[1].message
    assert len(numbers_of(reading)) == 8


def test_a_number_that_stands_twice_by_a_slip_is_told(tmp_path: Path, read: Read) -> None:
    rows = [*opinions(1, (1, 2)), *opinions(1, (2, 3), said="又")[1:]]
    reading = read_files(tmp_path, read, 意见台账={"甲": rows})
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("duplicate_key", "A4")]


def test_a_long_number_names_one_matter_everywhere(tmp_path: Path, read: Read) -> None:
    january, february = (opinions(month, range(1, 3)) for month in (1, 2))
    for rows in (january, february):
        for number, row in enumerate(rows[1:], 1):
            row[0] = f"2019{number:03d}"
    reading = read_files(tmp_path, read, 意见台账={"1月": january, "2月": february})
    assert {issue.code for issue in reading.issues} == {"overlapping_file"}


def test_cases_of_one_cause_are_not_one_case(tmp_path: Path, read: Read) -> None:
    head: list[Value] = ["立案号", "立案日期", "案由", "办案部门", "真烟(条)", "结案日期"]
    months: dict[str, Rows] = {
        f"{month}月": [head, *([number, f"2019-0{month}-0{number}", "无证运输", "专卖股", 5] for number in (1, 2))]
        for month in (1, 2)
    }
    reading = read_files(tmp_path, read, 案件台账=months)
    assert (reading.issues, len(reading.tables["cases"])) == ((), 4)


CASE_HEAD: list[Value] = ["年度", "立案号", "立案日期", "办案部门", "真烟(条)", "结案日期"]


def cases_of(year: int, mark: str, days: Sequence[str] = ("01-04", "02-05")) -> list[list[Value]]:
    return [[year, mark.format(n), f"{year}-{day}", "专卖股", year + n, None] for n, day in enumerate(days, 1)]


@pytest.mark.parametrize("mark", ["{}号", "第{}号", "甲{}", "{}"])
def test_cases_that_are_numbered_anew_each_year_all_count(tmp_path: Path, read: Read, mark: str) -> None:
    both: Rows = [CASE_HEAD, *cases_of(2018, mark), *cases_of(2019, mark)]
    assert read_files(tmp_path / "一张表", read, 案件台账={"甲": both}).issues == ()
    sheets: dict[str, Rows] = {f"{year}年": [CASE_HEAD, *cases_of(year, mark)] for year in (2018, 2019)}
    for name, books in (("分表", {"案件台账": sheets}), ("分本", {f"{of}案件台账": {of: sheets[of]} for of in sheets})):
        reading = read_files(tmp_path / name, read, **books)
        assert reading.issues == ()
        assert len(reading.tables["cases"]) == 4


def test_a_case_number_that_stands_twice_in_one_year_is_told(tmp_path: Path, read: Read) -> None:
    rows: Rows = [CASE_HEAD, *cases_of(2019, "{}号"), *cases_of(2019, "{}号", ("03-04",))]
    reading = read_files(tmp_path, read, 案件台账={"甲": rows})
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("duplicate_key", "B4")]


def test_a_matter_that_is_entered_again_with_another_day_is_told(tmp_path: Path, read: Read) -> None:
    said = "建议在集贸市场增设一处便民取货点"
    again: Rows = [HEADER, [1, "2019-01-09", MARKETING, said, "2019-01-28", None]]
    first = [list(row) for row in opinions(1, range(1, 4))]
    first[1][3] = said
    reading = read_files(tmp_path, read, 意见台账={"甲": first}, 补报意见={"甲": again})
    assert [issue.code for issue in reading.issues] == ["duplicate_key"]


MONTHLY = ("按月召开党小组会并做好会议记录", "走访零售户摸清节日期间货源需求")  # the same words every month


def of_month(month: int, *matters: str, due: str = "") -> Rows:
    days = f"2019-{month:02d}-05", due or f"2019-{month:02d}-28", f"2019-{month:02d}-20"
    rows: Rows = [[number, days[0], MARKETING, said, *days[1:]] for number, said in enumerate(matters, 1)]
    return [HEADER, *rows]


@pytest.mark.parametrize("due", ["", "2019-12-31"])
@pytest.mark.parametrize("others", [(), ("二月之二",), ("二月之二", "二月之三")])
def test_what_recurs_every_month_is_another_matter(
    tmp_path: Path, read: Read, others: tuple[str, ...], due: str
) -> None:
    january = of_month(1, MONTHLY[0], "一月之二", "一月之三", due=due)
    february = of_month(2, MONTHLY[0], *others, due=due)
    reading = read_files(tmp_path, read, 意见台账={"甲": [*january, *february[1:]]})
    if others or not due:  # one matter alone, in the same words and due on the same day, is one entered again
        assert (reading.issues, len(numbers_of(reading))) == ((), len(january) + len(february) - 2)
    else:
        assert [issue.code for issue in reading.issues] == ["duplicate_key"]


def test_a_month_of_nothing_but_what_recurs_is_no_copy(tmp_path: Path, read: Read) -> None:
    reading = read_files(tmp_path, read, 意见台账={f"{month}月": of_month(month, *MONTHLY) for month in (1, 2)})
    assert (reading.issues, len(numbers_of(reading))) == ((), 4)


def ledger_of(days: int) -> SheetRows:
    """Return a ledger that is numbered anew on every day."""
    began = date(2010, 1, 1)
    rows: Rows = [
        [number, (began + timedelta(days=day)).isoformat(), MARKETING, f"{day}之{number}", "2021-12-31", None]
        for day in range(days)
        for number in (1, 2)
    ]
    found = recognise(make_grid([HEADER, *rows]), SheetNames("意见台账.xlsx", "甲"), VOCABULARY)
    assert isinstance(found, Recognised)
    return extract_sheet(found, VOCABULARY, Surroundings({}, {}))


def test_the_work_of_numberings_grows_with_their_rows_alone() -> None:
    ledgers = {days: ledger_of(days) for days in (50, 100, 150)}

    def tell(days: int) -> None:
        values = {name: list(column) for name, column in ledgers[days].values.items()}
        rows = replace(ledgers[days], values=values)
        tell_numberings_apart([rows], CATALOG, VOCABULARY.words)
        assert len(set(values["opinion_no"])) == 2 * days

    assert grows_linearly(tell, 50)
