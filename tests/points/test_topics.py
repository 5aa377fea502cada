"""Meetings with a work topic: which topic a text names, the metric it aims at, and what was decided on it."""

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.points.topics import find_topics, list_topic_meetings
from tests.readings import make_bureau, make_reading

MARKETING, ENFORCEMENT = "营销管理", "专卖综合"
LAST_DAY = pd.Timestamp("2021-03-31")
MONTHS = ("2021-01", "2021-02", "2021-03")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def meeting(day: str, topic: str | None, group: str = MARKETING, kind: str = "党小组会") -> dict[str, object]:
    return {"held_on": day, "party_group": group, "activity_type": kind, "topic": topic}


def decided(number: str, day: str, topic: str, due: str, closed: str | None = None) -> dict[str, object]:
    columns = {"decision_no": number, "party_group": MARKETING, "decided_on": day, "topic": topic}
    return {**columns, "due_on": due, "closed_on": closed}


def meetings_of(catalog: Catalog, covered: object = None, **rows: object) -> pd.DataFrame:
    kinds = {"decisions": MONTHS} if covered is None else covered
    reading = make_reading(catalog, make_bureau(catalog), kinds, **rows)  # type: ignore[arg-type]
    return list_topic_meetings(reading, catalog, LAST_DAY)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("节日营销", ("节日营销",)),
        ("研究 春节 营销 工作", ("节日营销",)),  # blanks and words around it
        ("经营大户治理", ("大户治理",)),  # and not a second time by the shorter words inside it
        ("新品上柜、节日营销", ("新品上柜", "节日营销")),  # two, in the order of the text
        ("物流寄递渠道监管", ("寄递监管",)),
        ("党费收缴", ()),
        ("", ()),
    ],
)
def test_words_name_topics(text: str, topics: tuple[str, ...], catalog: Catalog) -> None:
    assert find_topics(text, catalog.topics) == topics


def test_a_topic_has_its_metric_only_where_the_group_owns_it(catalog: Catalog) -> None:
    table = meetings_of(
        catalog,
        activities=[
            meeting("2021-01-08", "春节营销"),
            meeting("2021-01-09", "节日营销", ENFORCEMENT),
            meeting("2021-02-08", "党建品牌"),
            meeting("2021-02-09", None),  # no topic
            meeting("2021-02-10", "节日营销", kind="主题党日"),  # no group meeting
            meeting("2021-04-01", "节日营销"),  # after the quarter
        ],
    )
    assert table["topic"].tolist() == ["节日营销", "节日营销", "党建品牌"]
    assert table["metric"].fillna("").tolist() == ["volume_xiang", "", ""]
    assert table["month"].astype(str).tolist() == ["2021-01", "2021-01", "2021-02"]


def test_a_meeting_on_two_topics_has_a_row_for_each(catalog: Catalog) -> None:
    table = meetings_of(catalog, activities=[meeting("2021-01-08", "新品上柜；品牌培养")])
    assert table["metric"].tolist() == ["new_product_shelf_rate_pct", "revenue_per_case_yuan"]
    assert table["source_row"].nunique() == 1


def test_decisions_on_the_topic_in_the_month(catalog: Catalog) -> None:
    table = meetings_of(
        catalog,
        activities=[meeting("2021-03-08", "节日营销"), meeting("2021-02-08", "新品上柜")],
        decisions=[
            decided("1", "2021-03-01", "春节营销", "2021-03-20", "2021-03-20"),
            decided("2", "2021-03-30", "节日营销", "2021-03-31", "2021-04-02"),
            decided("3", "2021-03-10", "节日营销", "2021-04-30", "2021-03-30"),  # not due yet, though closed
            decided("4", "2021-02-10", "节日营销", "2021-02-20", "2021-02-20"),  # of another month
            decided("5", "2021-03-10", "新品上柜", "2021-03-20", "2021-03-20"),  # on another topic
        ],
    ).set_index("topic")
    assert table.loc["节日营销", ["decision_count", "due_count", "on_time_count"]].tolist() == [3, 2, 1]
    assert table.loc["新品上柜", ["decision_count", "due_count", "on_time_count"]].tolist() == [0, 0, 0]


def test_no_ledger_of_decisions_is_not_no_decision(catalog: Catalog) -> None:
    table = meetings_of(catalog, covered={}, activities=[meeting("2021-03-08", "节日营销")])
    assert table[["decision_count", "due_count", "on_time_count"]].isna().all(axis=None)


def test_no_meeting_is_an_empty_table(catalog: Catalog) -> None:
    assert meetings_of(catalog).empty
    assert meetings_of(catalog, activities=[meeting("2021-03-08", None)]).empty
