"""Units are taken from what a sheet says, and from nothing else."""

import pytest

from pipeline.ingest.layouts.units import unit_factor
from tests.hand_made import VOCABULARY

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


def test_the_bureau_may_state_its_units_once() -> None:
    defaults = {"cigarettes": UNITS["tiao"]}
    assert unit_factor("xiang", ["销量"], [], defaults, VOCABULARY) == 1 / 250
    assert unit_factor("xiang", ["销量"], ["单位：箱"], defaults, VOCABULARY) == 1.0
    assert unit_factor("yuan", ["销售额"], [], defaults, VOCABULARY) is None
