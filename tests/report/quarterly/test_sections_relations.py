"""Section 5 and the appendix: what managers are told of points and results, and what the analyst can look up."""

import re
from dataclasses import replace
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.report.appendix.frame import appendix_frame, every_pair, in_order
from pipeline.report.appendix.sections import show_naive, show_pairs
from pipeline.report.appendix.sections_checks import (
    show_adjustment,
    show_constant,
    show_lags,
    show_method,
    show_within,
)
from pipeline.report.material.figures import member_changes, month_marks, new_versions, turnovers
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import claim_label, never_kept, pool_members, verdict_words
from pipeline.report.page.frame import APPENDIX_PAGE
from pipeline.report.quarterly.adjusted import (
    Pair,
    adjusted_months,
    common_reach,
    example_pair,
    raw_months,
    scatter_figure,
    scatter_pairs,
    shown_lag,
    standing_out,
)
from pipeline.report.quarterly.forests import between_groups, forest_figure, forest_metrics
from pipeline.report.quarterly.sections_adjusted import show_adjusted
from pipeline.report.quarterly.sections_correlations import show_correlations
from pipeline.report.quarterly.sections_defence import show_defence
from pipeline.report.quarterly.sections_next import show_next
from pipeline.report.quarterly.sections_relations import show_relations
from pipeline.report.quarterly.sections_summary import show_summary
from pipeline.report.quarterly.sections_trends import show_trends
from pipeline.report.quarterly.sentences import relations_sentence
from pipeline.stats import assess
from pipeline.stats.words import NOT_JUDGED
from tests.report.altered import with_table
from tests.report.pages import APPENDIX_SECTIONS, figures_of, text_of
from tests.report.sample_material import GROUPS, sample_report
from tests.text_rules import ALLOWED_PHRASES, CAUSAL_WORDS

METRIC = "volume_xiang"
SELLER = "营销管理"
THREE_DECIMALS = re.compile(r"r = [−-]?0\.\d{3}")


def with_verdict(report: QuarterReport, scope: str, metric: str = METRIC, **changes: Any) -> QuarterReport:
    """The same report with one relationship changed."""
    table = report.tables["relationships"].copy()
    own = (table["scope"] == scope) & (table["metric"] == metric)
    assert own.sum() == 1
    for column, value in changes.items():
        table.loc[own, column] = value
    return with_table(report, "relationships", table)


def unjudged(report: QuarterReport) -> QuarterReport:
    """The same report as a bureau with a year of data would have it."""
    table = report.tables["relationships"].copy()
    table[["r", "ci_low", "ci_high", "p_max_t", "smallest_r", "r_shrunk", "shrunk_low", "shrunk_high"]] = np.nan
    table["lag"] = pd.array([pd.NA] * len(table), dtype="Int64")
    table = table.assign(verdict="insufficient", reason="too_few_months", n_months=12)
    return with_table(report, "relationships", table)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("quarter", ["2018Q4", "2019Q1", "2021Q1", "2021Q4"])
def test_every_section_of_the_appendix_holds_up_in_every_quarter(quarter: str, lang: str) -> None:
    report = sample_report(lang, quarter)
    for section in APPENDIX_SECTIONS:
        words = text_of(section(report))
        assert words.strip()
        assert [bad for bad in ("nan", "NaT", "<NA>", "None", "{") if bad in words] == []
        assert THREE_DECIMALS.findall(words) == []
        for phrase in ALLOWED_PHRASES[lang]:
            words = words.replace(phrase, "")
        assert CAUSAL_WORDS[lang].findall(words) == []


def test_the_appendix_lists_every_pair_with_estimate_months_and_interval() -> None:
    report = sample_report()
    pairs = every_pair(report)
    assert len(pairs) == len(report.tables["relationships"])
    estimated = ~pairs["verdict"].isin(["insufficient"])  # a shelf rate was handed in by nobody, one result is constant
    assert estimated.sum() == 12
    assert pairs.loc[estimated, ["r", "ci_low", "ci_high"]].notna().all().all()
    groups = estimated & (pairs["scope"] != "pooled")
    assert pairs.loc[groups, ["plain_r", "plain_low", "plain_high", "n_effective"]].notna().all().all()
    words = text_of(show_pairs(report))
    for row in pairs.to_dict("records"):
        label = report.label(report.catalog.metrics[row["metric"]])
        assert f"{label} · {'各党小组合并' if row['scope'] == 'pooled' else row['scope']}" in words


def test_a_pair_that_was_not_judged_has_its_estimate_in_the_appendix_alone() -> None:
    report = unjudged(sample_report())
    own = every_pair(report).query("scope == @SELLER and metric == @METRIC").iloc[0]
    by_lag = report.tables["correlations_by_lag"].query("scope == @SELLER and metric == @METRIC and lag == 0")
    assert own["r"] == by_lag["r"].iloc[0]
    assert "数据不够" in text_of(show_pairs(report))
    assert "单看一个组至少要 36 个月" in text_of(show_pairs(report))
    for section in (show_relations, show_correlations):
        assert "r = " not in text_of(section(report))
    assert figures_of(show_correlations(report)) == []


def test_pairs_stand_by_metric_then_by_group_and_pooled_last() -> None:
    report = sample_report()
    shuffled = report.tables["relationships"].sample(frac=1, random_state=3)
    scopes = in_order(report, shuffled).query("metric == @METRIC")["scope"].tolist()
    assert scopes == ["营销管理", "驮卢片区", "pooled"]


def test_a_coupled_pair_is_listed_as_left_out() -> None:
    report = with_verdict(sample_report(), SELLER, verdict="coupled", r=np.nan, lag=pd.NA, reason="coupled")
    assert "积分里已包含该业绩，不作判断（n = 37 个月）。" in text_of(show_pairs(report))


def test_the_report_and_its_appendix_lead_to_each_other() -> None:
    report = sample_report()
    to_appendix = show_correlations(report).outputs()[-1].data["text/html"]
    assert 'href="appendix.html"' in to_appendix
    back = [output.data.get("text/html", "") for output in show_pairs(report).outputs()]
    assert any('href="report.html#relations"' in html for html in back)
    frame = appendix_frame(report)
    assert frame.page == APPENDIX_PAGE
    assert frame.title.endswith("：分析附录")
    assert frame.banner is not None


def test_a_forest_plot_a_metric_each_on_the_same_scale() -> None:
    report = sample_report()
    figures = figures_of(show_correlations(report))
    judged = report.tables["relationships"].dropna(subset=["r"])["metric"].nunique()
    assert len(figures) == len(forest_metrics(report)) == judged > 1
    assert {tuple(figure["layout"]["xaxis"]["range"]) for figure in figures} == {(-1, 1)}


def test_the_verdict_stands_below_the_name_with_its_number() -> None:
    report = with_verdict(sample_report(), SELLER, verdict="clue", r=0.456)
    labels = forest_figure(report, METRIC).layout.yaxis.ticktext
    assert labels[0] == "营销管理<br>线索（0.46）"
    assert "另一个问题" in labels[-1]


def test_an_r_of_later_months_names_its_lag_wherever_it_stands() -> None:
    report = sample_report()
    same, later = (with_verdict(report, SELLER, verdict="evidence", r=0.69, lag=lag) for lag in (0, 1))
    assert forest_figure(same, METRIC).layout.yaxis.ticktext[0] == "营销管理<br>有证据一起变动（0.69）"
    assert forest_figure(later, METRIC).layout.yaxis.ticktext[0] == "营销管理（晚 1 个月）<br>有证据一起变动（0.69）"
    for section in (show_relations, show_constant):
        assert "有证据一起变动（r = 0.69）" in text_of(section(same))
        assert "有证据一起变动（r = 0.69，业绩晚 1 个月）" in text_of(section(later))
    assert "（有证据一起变动，r = 0.69，业绩晚 1 个月，n = 37 个月）" in text_of(show_next(later))
    assert "（r = 0.69，业绩晚 1 个月，95% 区间" in text_of(show_summary(later))
    assert "没有写“晚几个月”的行都是同一个月" in text_of(show_correlations(later))


def test_a_clue_names_the_lags_that_are_checked() -> None:
    lags = signature(assess).parameters["max_lag"].default
    for lang, words in (("zh", f"同月到晚 {lags} 个月"), ("en", f"up to {lags} months later")):
        for reason in ("", "dropped_month"):
            claimed = with_verdict(sample_report(lang), SELLER, verdict="clue", r=0.5, reason=reason)
            assert words in text_of(show_relations(claimed))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("reason", NOT_JUDGED)
def test_whatever_is_not_judged_names_its_months(reason: str, lang: str) -> None:
    report = unjudged(sample_report(lang))
    table = report.tables["relationships"].assign(reason=reason, n_months=17)
    assert "17" in verdict_words(table.iloc[0].to_dict(), report)


def test_the_check_is_told_as_it_is_done() -> None:
    words = text_of(show_defence(sample_report()))
    assert "人工的积分序列" in words
    assert "打乱" not in words


def test_a_lag_stands_in_the_table_with_evidence_only() -> None:
    report = sample_report()
    assert "晚几个月（有证据时）" not in text_of(show_correlations(report))
    claimed = with_verdict(report, SELLER, verdict="evidence", r=0.5, lag=2)
    assert text_of(show_correlations(claimed)).count("晚几个月（有证据时）") == 1


def test_the_mean_that_groups_are_moved_towards_is_for_the_analyst() -> None:
    report = with_verdict(sample_report(), "pooled", r_shrunk=0.11, shrunk_low=-0.97, shrunk_high=0.98)
    assert "−0.97 到 0.98" not in text_of(show_correlations(report))
    assert "0.11（−0.97 到 0.98）" in text_of(show_pairs(report))


def test_two_groups_are_not_compared_with_each_other() -> None:
    report = sample_report()
    assert between_groups(report, METRIC) == (None, 2)
    notes = [note.text for note in forest_figure(report, METRIC).layout.annotations]
    assert "只有 2 个组，无法比较" in notes
    table = report.tables["within_group_by_metric"].assign(n_groups=3, r_between=-0.8, r=0.3)
    three = with_table(report, "within_group_by_metric", table)
    assert between_groups(three, METRIC) == (-0.8, 3)
    assert "组间比较只有 3 个组" in text_of(show_correlations(three))
    assert "组内与组间方向相反的指标：销量" in text_of(show_within(three))


@pytest.mark.parametrize(("verdict", "lag", "shown"), [("evidence", 2, 2), ("clue", 2, 0), ("none", 0, 0)])
def test_no_lag_without_evidence(verdict: str, lag: int, shown: int) -> None:
    report = with_verdict(sample_report(), SELLER, verdict=verdict, lag=lag, r=0.5)
    assert shown_lag(report, SELLER, METRIC) == shown
    pair = Pair(SELLER, report.catalog.metrics[METRIC], shown)
    lines = [trace for trace in scatter_figure(report, pair, 3.0).data if trace.mode == "lines"]
    assert len(lines) == (verdict == "evidence")


def test_a_lagged_scatter_pairs_points_with_later_results() -> None:
    report = sample_report()
    table = report.tables["adjusted_by_group_month"].query("group == @SELLER and metric == @METRIC").set_index("month")
    months = adjusted_months(report, Pair(SELLER, report.catalog.metrics[METRIC], 2)).set_index("month")
    month = pd.Period("2020-05", freq="M")
    assert months.loc[month, "points_sd"] == table.loc[month, "points_sd"]
    assert months.loc[month, "result_sd"] == table.loc[month + 2, "result_sd"]
    assert len(months) == len(table) - 2


def test_all_scatters_have_one_scale_that_holds_every_month() -> None:
    report = sample_report()
    figures = [figure for figure in figures_of(show_adjusted(report)) if "xaxis2" not in figure["layout"]]
    ranges = {tuple(figure["layout"][axis]["range"]) for figure in figures for axis in ("xaxis", "yaxis")}
    reach = common_reach(report, scatter_pairs(report))
    assert len(ranges) == 1
    assert next(iter(ranges)) == pytest.approx((-reach, reach))
    dots = [value for figure in figures for axis in ("x", "y") for value in figure["data"][-1][axis]]
    assert max(map(abs, dots)) < reach


def test_far_months_are_named_and_none_covers_another() -> None:
    months = pd.DataFrame(
        {
            "month": pd.period_range("2020-01", periods=5, freq="M"),
            "points_sd": [0.0, 2.0, 2.05, -2.0, 0.1],
            "result_sd": [0.0, 2.0, 2.05, -1.0, 0.1],
        }
    )
    assert standing_out(months, 3.0, (0.2, 0.1), 2) == ["", "", "2020-03", "2020-04", ""]


def test_the_one_example_is_the_pair_that_adjusting_changes_most() -> None:
    report = with_verdict(sample_report(), "驮卢片区", "cases_filed", r=0.9, r_raw=-0.9, lag=0)
    pair = example_pair(report)
    assert pair is not None
    assert (pair.group, pair.metric.metric, pair.lag) == ("驮卢片区", "cases_filed", 0)
    assert len(raw_months(report, pair)) == len(adjusted_months(report, pair))
    words = text_of(show_adjusted(report))
    assert words.count("调整做了什么") >= 1
    assert "未调整 r = −0.90，调整后 r = 0.90" in words
    figures = figures_of(show_adjusted(report))
    assert sum("xaxis2" in figure["layout"] for figure in figures) == 1


def test_membership_and_rule_books_are_marked_in_the_trend() -> None:
    report = sample_report()
    group = next(group for group in GROUPS if turnovers(report, group))
    may = pd.Period("2021-05", freq="M")
    assert turnovers(report, group) == {may: 40.0}
    assert member_changes(report, group) == {may: 5}
    assert month_marks(report, group, [may - 1, may]).turnovers == {may: 40.0}
    assert "人员变动超过两成的月份：2021年5月（40%）。" in text_of(show_trends(report))


def test_a_new_rule_book_is_named_in_its_month() -> None:
    report = sample_report()
    months = list(pd.period_range("2020-11", "2021-02", freq="M"))
    assert new_versions(report, months) == {}
    newer = tuple(replace(rule, version="示例2.0", effective_month="2021-01") for rule in report.bureau.rules)
    changed = replace(report, bureau=replace(report.bureau, rules=(*report.bureau.rules, *newer)))
    assert new_versions(changed, months) == {months[2]: "示例2.0"}


def test_the_plain_method_is_counted_beside_ours() -> None:
    report = sample_report()
    plain = report.tables["naive_correlations"].assign(is_flagged=False)
    plain.loc[plain.index[:3], "is_flagged"] = True
    words = text_of(show_naive(with_table(report, "naive_correlations", plain)))
    pairs = len(plain[["group", "metric"]].drop_duplicates())
    assert f"{pairs} 对共 {len(plain)} 次检验，会标出 1 对（3 次）" in words
    assert f"预计标出约 {len(plain) * 0.05:.1f} 次" in words
    assert "有证据一起变动" in words


def test_a_pair_without_a_plain_correlation_says_why() -> None:
    plain = sample_report().tables["naive_correlations"].copy()
    own = (plain["group"] == SELLER) & (plain["metric"] == METRIC)
    plain.loc[own, ["r", "p_value"]] = np.nan
    plain.loc[own, "reason"] = "constant"
    words = text_of(show_naive(with_table(sample_report(), "naive_correlations", plain)))
    assert "销量 · 营销管理：没有计算，数值没有变化。" in words


def test_what_the_adjustment_found_is_named_with_its_months() -> None:
    words = text_of(show_adjustment(sample_report()))
    assert "AR(1) 系数）：0.42" in words
    assert "许多序列同时异常的月份：2020年2月" in words
    assert "水平突变：2020年9月（" in words
    none = with_table(sample_report(), "adjustment_notes", sample_report().tables["adjustment_notes"].head(1))
    assert "没有许多序列同时异常的月份。" in text_of(show_adjustment(none))


def test_verdicts_that_constant_membership_changes_are_shown() -> None:
    report = sample_report()
    assert "结论都不变" in text_of(show_constant(report))
    changed = with_verdict(report, "pooled", verdict="evidence", r=0.61)
    words = text_of(show_constant(changed))
    assert "中有 1 项结论不同" in words
    assert "有证据一起变动（r = 0.61）" in words


def test_without_turnover_the_appendix_says_why_nothing_is_compared() -> None:
    none = with_table(
        sample_report(), "relationships_constant", sample_report().tables["relationships_constant"].iloc[:0]
    )
    assert "没有可以比较的结论。" in text_of(show_constant(none))
    turnover = none.tables["turnover_by_group_month"].assign(is_flagged=False)
    words = text_of(show_constant(with_table(none, "turnover_by_group_month", turnover)))
    assert "各党小组没有一个月人员变动超过 20%" in words
    assert "重算，再作同样的检查" not in words


def test_limits_are_those_of_the_code() -> None:
    report = sample_report()
    assert "不足 24 个月不下任何结论，不足 36 个月只对各组合并下结论，36 个月起" in text_of(show_method(report))
    assert "不足 24 个月不下任何结论，不足 36 个月不对单个党小组" in text_of(show_defence(report))
    assert "以 80% 的把握" in text_of(show_pairs(report))
    assert "p < 0.05" in text_of(show_naive(report))
    short = report.tables["correlations_by_lag"].query("lag <= 1")
    assert "业绩晚 0 至 1 个月" in text_of(show_lags(with_table(report, "correlations_by_lag", short)))


def test_the_month_that_carries_most_is_told_for_claims_only() -> None:
    report = with_verdict(sample_report(), SELLER, verdict="clue", r=0.5)
    assert "销量 · 营销管理（线索）：2020年2月" in text_of(show_pairs(report))
    assert f"{'各党小组合并'}（看不出关系）" not in text_of(show_pairs(report))


def test_a_lag_profile_a_metric_with_every_lag() -> None:
    report = sample_report()
    figures = figures_of(show_lags(report))
    assert len(figures) == report.tables["correlations_by_lag"]["metric"].nunique()
    assert all(figure["layout"]["xaxis"]["tickvals"] == [0, 1, 2, 3] for figure in figures)
    assert "不用来挑“最佳滞后”" in text_of(show_lags(report))


def test_a_group_with_few_months_is_said_to_be_left_out_of_the_pool() -> None:
    table = sample_report().tables["relationships"].copy()
    metric = table.loc[table["scope"] == "pooled", "metric"].iloc[0]
    owners = [scope for scope in table.loc[table["metric"] == metric, "scope"] if scope != "pooled"]
    report = sample_report()
    third = next(group for group in GROUPS if group not in owners)
    bureau = replace(report.bureau, attribution={**report.bureau.attribution, (third, metric): "own"})
    row = table[(table["metric"] == metric) & (table["scope"] == owners[0])]
    short = row.assign(scope=third, n_months=6, r=np.nan, verdict="insufficient", reason="too_few_months")
    longer = replace(with_table(report, "relationships", pd.concat([table, short])), bureau=bureau)
    assert pool_members(longer, metric) == tuple(group for group in GROUPS if group in owners)
    assert "3 个承担的组中数据够的 2 个" in claim_label("pooled", metric, longer)
    words = text_of(show_relations(longer))
    assert f"{third}不在{longer.label(longer.catalog.metrics[metric])}的各党小组合并里：数据不满 24 个月" in words
    assert "不在" not in text_of(show_relations(report))


def test_a_process_ledger_that_was_never_kept_is_named_as_the_reason() -> None:
    report = sample_report()
    items = report.tables["points_by_group_month_item"]
    gone = items.assign(state=items["state"].mask(items["item"] == "B3", "not_submitted"))
    points = report.tables["points_by_group_month"].assign(process_points=np.nan)
    none = report.tables["relationships"].assign(n_pairs=0, r=np.nan, verdict="insufficient", reason="too_few_months")
    without = with_table(
        with_table(with_table(report, "points_by_group_month_item", gone), "points_by_group_month", points),
        "relationships",
        none,
    )
    assert never_kept(without) == ("B3 零售户帮扶指导",)
    assert "B3 零售户帮扶指导从来没有读到台账，因此没有一个月的过程积分是完整的。" in relations_sentence(without)
    assert "没有一个月有完整的过程积分：B3 零售户帮扶指导从来没有读到台账" in text_of(show_relations(without))
    assert never_kept(report) == ()
    assert never_kept(with_table(report, "points_by_group_month_item", gone)) == ()  # some months are whole
