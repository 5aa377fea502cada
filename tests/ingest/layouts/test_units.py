"""Units are taken from what a sheet says, and from nothing else."""

from collections.abc import Sequence

import pytest

from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.units import own_units, state_their_units, unit_factor
from tests.hand_made import VOCABULARY, Rows, Value, make_grid

UNITS = VOCABULARY.catalog.units


@pytest.mark.parametrize(
    ("unit", "labels", "titles", "factor"),
    [
        ("xiang", ["本月", "销量(箱)"], [], 1.0),
        ("xiang", ["销量（条）"], [], 1 / 250),
        ("xiang", ["销量(件)"], [], 1 / 5),
        ("xiang", ["销量"], ["单位：箱、元"], 1.0),
        ("xiang", ["销量"], ["（单位：万支）"], 1 / 5),
        ("xiang", ["销量(条)"], ["单位：箱"], 1 / 250),
        ("xiang", ["销量"], ["计量单位：件 金额单位：万元"], 1 / 5),
        ("yuan", ["销售额"], ["计量单位：件 金额单位：万元"], 10_000.0),
        ("yuan", ["销售额"], ["数量单位：箱；金额单位：元"], 1.0),
        ("yuan", ["销售额(万元)"], [], 10_000.0),
        ("yuan", ["单箱(元/箱)"], [], 1.0),
        ("yuan", ["单箱(元/件)"], [], 5.0),
        ("tiao", ["真烟(条)"], [], 1.0),
        ("wansticks", ["合计(万支)"], [], 1.0),
        ("points", ["得分"], [], 1.0),
        ("xiang", ["销量"], [], None),
        ("xiang", ["销量(户)"], ["编制单位：箱"], None),
        ("xiang", ["销量"], ["单位：箱、条"], None),
        ("yuan", ["销售额"], ["单位：箱"], None),
    ],
)
def test_a_factor_needs_a_stated_unit(unit: str, labels: list[str], titles: list[str], factor: float | None) -> None:
    assert unit_factor(unit, labels, titles, {}, VOCABULARY) == factor


# domain.md section 4: 1 盒 = 20 支; 1 条 = 10 盒 = 200 支; 1 件 = 50 条 = 1 万支; 1 箱 = 250 条 = 5 万支 = 5 件
STICKS = {"支": 1, "盒": 20, "条": 200, "件": 10_000, "万支": 10_000, "箱": 50_000}
YUAN = {"元": 1, "万元": 10_000}


@pytest.mark.parametrize("wanted", ["xiang", "jian", "tiao", "he", "wansticks", "sticks"])
@pytest.mark.parametrize("stated", STICKS)
def test_every_unit_of_cigarettes_converts_to_every_other(stated: str, wanted: str) -> None:
    expected = STICKS[stated] / STICKS[UNITS[wanted].label]
    assert unit_factor(wanted, [f"数量({stated})"], [], {}, VOCABULARY) == expected
    assert unit_factor(wanted, ["数量"], [f"单位：{stated}"], {}, VOCABULARY) == expected


@pytest.mark.parametrize("wanted", ["yuan", "wanyuan"])
@pytest.mark.parametrize("stated", YUAN)
def test_every_unit_of_money_converts_to_every_other(stated: str, wanted: str) -> None:
    assert unit_factor(wanted, [f"金额({stated})"], [], {}, VOCABULARY) == YUAN[stated] / YUAN[UNITS[wanted].label]


def test_money_is_no_cigarettes() -> None:
    assert [unit_factor("xiang", [f"数量({unit})"], [], {}, VOCABULARY) for unit in YUAN] == [None, None]
    assert [unit_factor("yuan", [f"金额({unit})"], [], {}, VOCABULARY) for unit in STICKS] == [None] * len(STICKS)


def test_the_bureau_may_state_its_units_once() -> None:
    defaults = {"xiang": UNITS["tiao"]}
    assert unit_factor("xiang", ["销量"], [], defaults, VOCABULARY) == 1 / 250
    assert unit_factor("xiang", ["销量"], ["单位：箱"], defaults, VOCABULARY) == 1.0
    assert unit_factor("yuan", ["销售额"], [], defaults, VOCABULARY) is None


def test_the_unit_of_sales_is_not_that_of_seizures() -> None:
    assert unit_factor("tiao", ["真烟"], [], {"xiang": UNITS["xiang"]}, VOCABULARY) is None


@pytest.mark.parametrize(
    ("unit", "labels", "titles", "factor"),
    [
        ("xiang", ["销量（单位：条）"], [], 1 / 250),
        ("yuan", ["销售额（亿元）"], ["单位：箱、万元"], 100_000_000.0),
        ("yuan", ["销售额（百万元）"], ["单位：箱、万元"], None),
        ("xiang", ["销量（大箱）"], ["单位：箱"], None),
        ("xiang", ["销量（担）"], ["单位：箱"], None),
        ("xiang", ["销量（箱/条）"], ["单位：箱"], None),
        ("yuan", ["销售额（含税）"], ["单位：箱、元"], 1.0),
        ("yuan", ["销售额"], ["2019年3月销售情况（箱、万元）"], 10_000.0),
        ("yuan", ["销售额"], ["说明：销量单位为箱，金额单位为万元。"], 10_000.0),
    ],
)
def test_a_bracket_that_states_another_unit_is_not_passed_over(
    unit: str, labels: list[str], titles: list[str], factor: float | None
) -> None:
    assert unit_factor(unit, labels, titles, {}, VOCABULARY) == factor


@pytest.mark.parametrize(
    ("title", "volume", "money"),
    [
        ("单位;万支、元", 1 / 5, 1.0),
        ("单位 万支 元", 1 / 5, 1.0),
        ("单 位：箱　万元", 1.0, 10_000.0),
        ("数量：万支 金额：元", 1 / 5, 1.0),
        ("销量：万支；金额：千元", 1 / 5, 1_000.0),
        ("本表均以万支计，金额以元计", 1 / 5, 1.0),
        ("以万支、万元为单位", 1 / 5, 10_000.0),
        ("注：本表销量单位为万支，金额单位为元", 1 / 5, 1.0),
        ("单位：箱、人民币元", 1.0, 1.0),
        ("单位：标准箱、万元", 1.0, 10_000.0),
        ("注：销量单位：箱；销售额单位：万元；单箱：元/箱", 1.0, 10_000.0),
        ("编制单位：示例县局党支部", None, None),
        ("单位：示例县局党支部", None, None),
        ("注：数量比上月减少500条，销量、单箱销售额见附件，数量含移送案件", None, None),
        ("注：合计按1条=0.02万支折算", None, None),
        ("单位：大箱、百万元", None, None),
        ("单位：箱；另有数量按条统计", None, None),
    ],
)
def test_units_are_heard_in_other_wordings(title: str, volume: float | None, money: float | None) -> None:
    assert unit_factor("xiang", ["销量"], [title], {}, VOCABULARY) == volume
    assert unit_factor("yuan", ["销售额"], [title], {}, VOCABULARY) == money


def test_a_unit_that_is_only_hinted_at_must_be_the_one_used() -> None:
    box, hint = {"xiang": UNITS["xiang"]}, "销量数据均换算为万支"
    assert unit_factor("xiang", ["销量"], [hint], box, VOCABULARY) is None
    assert unit_factor("xiang", ["销量"], [hint], {"xiang": UNITS["wansticks"]}, VOCABULARY) == 1 / 5
    assert unit_factor("xiang", ["销量"], [hint, "单位：万支"], box, VOCABULARY) == 1 / 5
    assert unit_factor("xiang", ["销量"], [hint], box, VOCABULARY, ["单位：箱"]) is None
    assert unit_factor("xiang", ["销量"], ["单位：大箱"], box, VOCABULARY) is None
    assert unit_factor("xiang", ["销量"], ["注：数量含移送案件"], box, VOCABULARY) == 1.0


def volumes(title: str, *below: Sequence[Value]) -> tuple[list[object], list[tuple[str, str]]]:
    """Return the volumes of a sheet with something above and below its table, where the bureau sells in 箱."""
    rows: Rows = [[title], ["单位", "销量", "销售额(元)"], ["城区", 500, 3_000_000], *below]
    sheet = recognise(make_grid(rows), SheetNames("2019年3月卷烟销售月报.xlsx", "甲"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    result = extract_sheet(sheet, VOCABULARY, Surroundings({}, {"xiang": UNITS["xiang"]}))
    told = [
        (fault.code, dict(fault.details).get("said", fault.seen))
        for fault in result.faults
        if fault.code.startswith("unit_")
    ]
    return [result.values["volume_xiang"][position] for position in result.kept()], told


NOTE = "注：本表销量单位为万支"


@pytest.mark.parametrize("below", [[NOTE], [None, NOTE], ["说明：数量按万支统计"]])
def test_a_note_below_the_table_states_its_unit(below: list[Value]) -> None:
    assert volumes("销售月报", [], below) == ([100.0], [])
    assert volumes("单位：万支", [], below) == ([100.0], [])


def test_a_note_that_contradicts_the_title_is_told_and_the_title_counts() -> None:
    assert volumes("单位：箱", [NOTE], [NOTE]) == ([500.0], [("unit_contradicted", NOTE)])
    assert volumes("单位：箱", ["注：单位：大箱"]) == ([500.0], [("unit_contradicted", "注：单位：大箱")])
    assert volumes("销售月报", [NOTE], ["注：销量单位为箱"])[1] == [("unit_missing", f"{NOTE} ≠ 注：销量单位为箱")]
    assert volumes("单位：箱 单位：万支")[1] == [("unit_missing", "单位：箱 单位：万支")]
    assert volumes("销售月报", ["本表销量数据均换算为万支"]) == ([], [("unit_missing", "本表销量数据均换算为万支")])


@pytest.mark.parametrize(
    "note",
    [
        "注：其中进口烟销量以条计，见附表",
        "注：新品销量为万支",
        "注：销量中不含省外 12 箱；销量单位：箱，另附按万支填报的报表",
        "本表销量单位为箱（其中雪茄以支计）",
    ],
)
def test_a_note_on_a_part_says_nothing_of_the_table(note: str) -> None:
    assert volumes("单位：箱", [note]) == ([500.0], [])
    assert volumes("销售月报", [note]) == ([500.0], [])


def test_the_texts_below_a_table_are_looked_for_once_and_only_where_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[int] = []

    def is_lone(_: SheetRows, row: int) -> bool:
        walked.append(row)
        return False

    monkeypatch.setattr(SheetRows, "_is_lone", is_lone)
    stated: Rows = [["单位", "销量(箱)", "销售额(元)"], ["城区", 500, 3_000_000], ["驮卢", 500, 3_000_000]]
    for rows, expected in ((stated, []), ([["单位：箱、元"], ["单位", "销量", "销售额"], *stated[1:]], [2, 3])):
        sheet = recognise(make_grid(rows), SheetNames("2019年3月卷烟销售月报.xlsx", "甲"), VOCABULARY)
        assert isinstance(sheet, Recognised)
        extract_sheet(sheet, VOCABULARY, Surroundings({}, {}))
        assert walked == expected


def test_numbers_may_all_state_their_unit() -> None:
    assert state_their_units(["12.3条", "—", None, "3 件"], "tiao", VOCABULARY)
    assert not state_their_units(["12.3条", 5.0], "tiao", VOCABULARY)
    assert not state_their_units([None, "—"], "tiao", VOCABULARY)
    assert own_units("tiao", 1.0, VOCABULARY)["件"] == 50
    assert own_units("points", 1.0, VOCABULARY) == {}


@pytest.mark.parametrize(
    ("header", "row", "last_year"),
    [
        (["单位", "销量(箱)", "同期", "销售额(元)"], ["城区", 700, 650, 20_000_000], [650]),
        (["单位", "销量(万支)", "去年同期", "销售额(元)"], ["城区", 3500, 3250, 20_000_000], [650]),
        (["单位", "销量(箱)", "同期(万支)", "销售额(元)"], ["城区", 700, 3250, 20_000_000], [650]),
    ],
)
def test_a_comparison_without_a_unit_is_in_that_of_what_it_compares(
    header: list[Value], row: list[Value], last_year: list[float]
) -> None:
    result = extracted("2019年3月销售月报.xlsx", [header, row])
    assert result.faults == []
    assert (result.values["volume_xiang"], result.values["volume_last_year_xiang"]) == ([700], last_year)


def test_a_column_without_a_unit_costs_the_rows_only_where_a_measure_is_made_of_it() -> None:
    sold: list[Value] = ["城区", 700, 20_000_000, 29_000]
    sales = extracted("2019年3月销售月报.xlsx", [["单位", "销量(箱)", "销售额(元)", "累计单箱销售额"], sold])
    assert ([fault.code for fault in sales.faults], sales.kept()) == (["column_without_unit"], [0])
    assert sales.values["ytd_revenue_per_case_yuan"] == [None]
    case: list[Value] = ["甲1", "2019-01-09", "专卖股", 12, 2150]
    cases = extracted("案件台账.xlsx", [["立案号", "立案日期", "办案部门", "真烟(条)", "案值"], case])
    assert ([fault.code for fault in cases.faults], cases.kept()) == (["unit_missing"], [])


def extracted(file: str, rows: Rows) -> SheetRows:
    sheet = recognise(make_grid(rows), SheetNames(file, "甲"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    return extract_sheet(sheet, VOCABULARY, Surroundings({}, {}))
