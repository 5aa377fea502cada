"""A filled column whose header is nearly known: it is told, never guessed; any other extra column is nobody's fault."""

from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from tests.hand_made import VOCABULARY, Rows, Value, make_grid

HEADER: list[Value] = ["日期", "党小组", "活动类型", "主题", "应到", "实到"]
MEETING: list[Value] = ["2019-01-08", "营销管理", "党小组会", "学习", 5, 4]


def unused(rows: Rows) -> list[tuple[str, str, int | None]]:
    sheet = recognise(make_grid(rows), SheetNames("活动台账.xlsx", "甲"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    faults = extract_sheet(sheet, VOCABULARY, Surroundings({}, {})).faults
    assert {fault.code for fault in faults} <= {"unused_column"}
    return [(fault.seen, fault.expected, fault.column) for fault in faults]


def test_a_header_that_is_nearly_known_is_told() -> None:
    assert unused([[*HEADER[:4], "应到的人数", "实到"], MEETING]) == [("应到的人数", "应到人数", 4)]


def test_an_empty_column_and_one_that_has_its_own_place_are_not() -> None:
    assert unused([[*HEADER[:4], "应到的人数", "实到"], [*MEETING[:4], None, 4]]) == []
    assert unused([[*HEADER, "应到的人数"], [*MEETING, 5]]) == []


def test_other_columns_are_nobodys_fault() -> None:
    assert (
        unused([[*HEADER, "地点", "主持人", "记录人", "联系电话", "备注"], [*MEETING, "会议室", "甲", "乙", 1, "无"]])
        == []
    )
