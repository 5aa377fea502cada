"""Every quantity along all months: the values of the panel, for groups that own them, each with its words."""

import pandas as pd
import pytest

from pipeline.report.quarterly.headline import key_figures, page_choices
from pipeline.report.quarterly.sections_months import show_months
from pipeline.report.quarterly.small_trends import points_trend, total_trend
from tests.report.altered import with_gap, with_table
from tests.report.pages import figures_of, text_of
from tests.report.sample_material import sample_report


def test_lines_are_those_of_the_panel_and_of_owners_only() -> None:
    report = sample_report()
    figures = {figure["layout"]["yaxis"]["title"]["text"]: figure for figure in figures_of(show_months(report))}
    volume = figures["销量（箱）"]
    panel = report.tables["panel"]
    for trace in volume["data"]:
        if not trace.get("meta"):
            continue  # the legend's square of the festival
        own = panel[(panel["party_group"] == trace["name"]) & (panel["metric"] == "volume_xiang")].set_index("month")
        shown = dict(zip(trace["x"], trace["y"], strict=True))
        assert len(shown) > 24
        for month, value in own["value"].items():
            got = shown[f"{month}-15"]
            assert (got is None) == bool(pd.isna(value))
            assert got is None or abs(got - value) < 1e-6 * max(abs(value), 1)
    owners = [trace["name"] for trace in volume["data"] if trace.get("meta")]
    assert owners == [group for group in report.groups if report.bureau.owns(group, "volume_xiang")]


def test_amounts_of_rare_large_cases_stand_by_their_size() -> None:
    report = sample_report()
    figures = {figure["layout"]["yaxis"]["title"]["text"]: figure for figure in figures_of(show_months(report))}
    case_value = figures["案值（元）"]
    for trace in case_value["data"]:
        for height, value in zip(trace["y"], trace.get("customdata") or [], strict=False):
            assert (height is None) == (value is None)
            assert value is None or abs(10**height - 1 - value) < 1e-3 * (value + 1)
    assert case_value["layout"]["yaxis"]["ticktext"][:3] == ["0", "10", "100"]
    assert "tickvals" not in figures["销量（箱）"]["layout"]["yaxis"]


def test_words_say_the_last_month_and_the_range() -> None:
    report = sample_report()
    own = report.tables["panel"].query("party_group == '营销管理' and metric == 'volume_xiang'")["value"].dropna()
    text = text_of(show_months(report))
    assert f"在 {own.min():,.1f} 箱到 {own.max():,.1f} 箱之间" in text


@pytest.mark.parametrize(("months", "said"), [(2, "全部月份都是这个数"), (1, "驮卢片区：只有2021年12月 7 起")])
def test_one_number_is_no_range(months: int, said: str) -> None:
    report = sample_report()
    panel = report.tables["panel"]
    own = (panel["party_group"] == "驮卢片区") & (panel["metric"] == "cases_filed")
    kept = own & panel["month"].isin(report.months[-months:])
    altered = panel.assign(value=panel["value"].mask(own & ~kept).mask(kept, 7.0))
    assert said in text_of(show_months(with_table(report, "panel", altered)))


def test_a_bureau_total_lacks_a_month_that_any_owner_lacks() -> None:
    report = sample_report()
    metric = report.catalog.metrics["volume_xiang"]
    whole = total_trend(report, metric)
    assert None not in whole.values
    lacking = with_gap(report, metric.metric, str(report.months[-1]), group="驮卢片区")
    assert total_trend(lacking, metric).values[-1] is None
    assert total_trend(lacking, metric).values[:-1] == whole.values[:-1]


def test_cards_have_their_ways_and_their_facets() -> None:
    report = sample_report()
    groups, bureau = key_figures(report)
    assert [card.facet.group for card in groups.items] == list(report.groups)
    assert [card.facet.metric for card in bureau.items][:2] == ["volume_xiang", "cases_filed"]
    points = report.tables["points_by_group_month"]
    own = points[points["party_group"] == report.groups[0]].sort_values("month")["total_points"]
    assert list(points_trend(report, report.groups[0]).values) == list(own.tail(15))


def test_a_reader_may_choose_what_the_page_holds() -> None:
    report = sample_report()
    choices = page_choices(report)
    assert choices.groups == report.groups
    assert ("volume_xiang", "销量") in choices.metrics
    assert choices.quarters[0] == ("2018Q4", "2018年四季度")
    assert choices.quarters[-1] == ("2021Q4", "2021年四季度")
