"""Topics of meetings beside results: what was discussed when, in words, table and chart; and no claim of an effect."""

from typing import Any

import pandas as pd

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.quarterly.sections_topics import show_topics
from pipeline.report.quarterly.topic_months import MONTHS_SHOWN, topic_months
from tests.readings import make_table
from tests.report.altered import with_gap, with_table
from tests.report.pages import figures_of, text_of
from tests.report.sample_material import SECRETS, sample_report

MARKETING, ENFORCEMENT = "营销管理", "专卖综合"
NOTE = "相关不等于因果。"


def meeting(day: str, topic: str, metric: str | None, group: str = MARKETING, **counts: Any) -> dict[str, object]:
    return {"party_group": group, "held_on": day, "month": day[:7], "topic": topic, "metric": metric, **counts}


def with_meetings(*rows: dict[str, object], lang: str = "zh") -> QuarterReport:
    report = sample_report(lang)
    return with_table(report, "topic_meetings", make_table("topic_meetings", report.catalog, rows))


def test_meetings_of_the_quarter_are_counted_with_their_decisions() -> None:
    decided: dict[str, Any] = {"decision_count": 3, "due_count": 2, "on_time_count": 1}
    report = with_meetings(
        meeting("2021-10-08", "节日营销", "volume_xiang", **decided),
        meeting("2021-10-20", "节日营销", "volume_xiang", **decided),  # the same decisions of the same month
        meeting("2021-12-03", "党建品牌", None, ENFORCEMENT),
        meeting("2021-09-03", "新品上柜", "new_product_shelf_rate_pct"),  # of the quarter before
    )
    words = text_of(show_topics(report))
    assert "本季带议题的党小组会 3 次：节日营销 2 次、党建品牌 1 次。" in words
    assert "同月同一议题的决议 3 项，季末前到期 2 项，其中按期办结 1 项。" in words
    assert "有的月份没有决议台账" in words  # December
    assert "2021年12月3日 专卖综合 党建品牌 — — — —" in words
    assert "2021年9月3日" not in words


def test_a_meeting_on_two_topics_is_one_meeting() -> None:
    both = [meeting("2021-10-08", topic, None, source_row=5) for topic in ("新品上柜", "品牌培育")]
    assert "党小组会 1 次：" in text_of(show_topics(with_meetings(*both)))


def test_the_sentence_gives_months_and_figures_and_the_note_stands_above_the_charts() -> None:
    report = with_meetings(
        meeting("2020-03-08", "节日营销", "volume_xiang"), meeting("2021-11-08", "节日营销", "volume_xiang")
    )
    values = next(entry for entry in topic_months(report, MARKETING)).values
    low, high = sorted(values[[pd.Period("2020-03", "M"), pd.Period("2021-11", "M")]])
    words = text_of(show_topics(report))
    said = f"节日营销在2020年3月；2021年11月讨论过；这些月份的销量在 {low:.1f} 箱到 {high:.1f} 箱之间"
    assert said in words
    assert f"近期有数的 {values.count()} 个月的中位数为 {values.median():.1f} 箱" in words
    assert words.index(NOTE) < words.index("会议议题与对应指标")


def test_the_chart_has_a_panel_a_result_on_one_month_axis() -> None:
    report = with_meetings(
        meeting("2021-11-08", "节日营销", "volume_xiang"),
        meeting("2021-11-20", "节日营销", "volume_xiang"),
        meeting("2021-10-08", "品牌培育", "revenue_per_case_yuan"),
    )
    (figure,) = figures_of(show_topics(report))
    layout = figure["layout"]
    assert layout["yaxis"]["domain"][0] > layout["yaxis2"]["domain"][1]
    assert "overlaying" not in layout["yaxis2"]  # never two scales over one another
    assert [note["text"] for note in layout["annotations"]] == [
        "销量（箱）　▲ 节日营销",
        "单箱销售额（元）　▲ 品牌培育",
    ]
    lines = [trace for trace in figure["data"] if trace["mode"] == "lines+markers"]
    marks = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    assert [len(line["x"]) for line in lines] == [MONTHS_SHOWN, MONTHS_SHOWN]
    assert [(mark["x"], mark["customdata"]) for mark in marks] == [(["2021-11-15"], [2]), (["2021-10-15"], [1])]
    assert all(mark["y"][0] < min(line["y"]) for mark, line in zip(marks, lines, strict=True))  # below the line


def test_only_topics_of_the_months_shown_and_results_of_the_group_have_a_panel() -> None:
    report = with_meetings(
        meeting("2018-12-08", "节日营销", "volume_xiang"),
        meeting("2021-10-08", "节日营销", None, ENFORCEMENT),
    )
    assert topic_months(report, MARKETING) == ()
    assert figures_of(show_topics(report)) == []
    assert NOTE not in text_of(show_topics(report))


def test_months_without_data_are_told() -> None:
    report = with_meetings(meeting("2021-11-08", "节日营销", "volume_xiang"))
    gap = with_gap(report, "volume_xiang", "2021-11", group=MARKETING)
    assert "节日营销在2021年11月讨论过；这些月份没有销量的数据" in text_of(show_topics(gap))
    other = text_of(show_topics(with_gap(report, "volume_xiang", "2021-10", group=MARKETING)))
    assert f"有数的 {len(topic_months(report, MARKETING)[0].values) - 1} 个月的中位数" in other
    empty = with_gap(report, "volume_xiang", *(str(month) for month in pd.period_range("2018-11", "2021-12", freq="M")))
    (figure,) = figures_of(show_topics(empty))
    assert set(figure["data"][0]["y"]) == {None}


def test_a_topic_of_every_month_is_said_in_two_words() -> None:
    months = pd.period_range("2020-01", "2021-12", freq="M")
    report = with_meetings(*(meeting(f"{month}-08", "节日营销", "volume_xiang") for month in months))
    assert "节日营销在每个月讨论过" in text_of(show_topics(report))


def test_topics_are_translated_and_a_quarter_without_meetings_says_so() -> None:
    report = with_meetings(meeting("2021-11-08", "节日营销", "volume_xiang"), lang="en")
    assert "Festival marketing: discussed in Nov 2021." in text_of(show_topics(report))
    assert "本季没有带议题的党小组会。" in text_of(show_topics(with_meetings()))


def test_a_topic_that_names_somebody_is_shown_without_the_name() -> None:
    words = text_of(show_topics(sample_report()))
    assert [name for name in SECRETS if name in words] == []
    assert "topic" in sample_report().tables["topic_meetings"].columns
