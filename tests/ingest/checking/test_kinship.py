"""Names of files without their marks of a copy, and the columns by which two rows are the same matter."""

import pytest

from pipeline.ingest.checking.kinship import identifying_columns, is_correction, plain_name
from tests.hand_made import CATALOG, VOCABULARY


@pytest.mark.parametrize(
    "name",
    [
        "2019年活动台账",
        "2019年活动台账-修改2",
        "2019年活动台账（最终版）",
        "2019年活动台账(1)",
        "2019年活动台账 - 副本 (2)",
        "2019年活动台账 - Copy",
        "Copy of 2019年活动台账",
        "副本2019年活动台账",
        "2019年活动台账_v2",
        "2019年活动台账v2.1",
        "2019年活动台账-改",
        "2019年活动台账【终稿】",
        "2019年活动台账20190205",
        "2019年活动台账_2019.2.5",
        "2019年活动台账（新）定稿3",
    ],
)
def test_marks_of_a_copy_are_taken_off(name: str) -> None:
    assert plain_name(name, VOCABULARY.words) == "2019年活动台账"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2019年1月活动台账", "2019年2月活动台账"),
        ("活动台账201901", "活动台账201902"),
        ("活动台账_2019-11", "活动台账_2019-12"),
        ("活动台账（上半月）", "活动台账（下半月）"),
        ("活动台账-营销管理", "活动台账-专卖综合"),
        ("20190115", "20190215"),
        ("1月", "2月"),
    ],
)
def test_names_that_differ_in_more_stay_apart(one: str, other: str) -> None:
    assert plain_name(one, VOCABULARY.words) != plain_name(other, VOCABULARY.words)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("activities", ["held_on", "party_group", "activity_type"]),
        ("frontline", ["visited_on", "member"]),
        ("points_ledger", ["month", "subject", "item", "points", "ground", "recorded_by", "about_item", "recorded_on"]),
    ],
)
def test_a_matter_is_known_by_its_required_columns_where_they_say_a_day_or_a_person(
    kind: str, expected: list[str]
) -> None:
    columns = VOCABULARY.columns_of(CATALOG.kinds[kind])
    assert identifying_columns(columns.values()) == expected


@pytest.mark.parametrize("name", ["更正", "更正表2", "1月更正", "活动台账（更正）", "更正-活动台账", "勘误"])
def test_a_name_says_that_it_corrects_another_one(name: str) -> None:
    assert is_correction(name, VOCABULARY.words)


@pytest.mark.parametrize("name", ["1月", "活动台账", "补充", "积分更正台账", "最终版"])
def test_other_names_correct_nothing(name: str) -> None:
    assert not is_correction(name, VOCABULARY.words)
