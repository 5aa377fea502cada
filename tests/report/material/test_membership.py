"""A group that was merged into another: it lacks nothing after its end, and what was before is compared with care."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.panel import list_submissions
from pipeline.points.composition import list_turnover
from pipeline.report.board.sections_points import show_change, show_points
from pipeline.report.board.table import build_board
from pipeline.report.board.view import view_board
from pipeline.report.library.compare_words import remark
from pipeline.report.library.comparing import Sides, Value, difference, items_of
from pipeline.report.material.membership import groups_in, other_members, regrouped, scored_months
from pipeline.report.material.quarter import QuarterReport, build_quarter
from pipeline.report.material.ranking import ranking_of
from pipeline.report.material.totals import bureau_total, completeness
from pipeline.report.quarterly.headline import key_figures
from pipeline.report.quarterly.sections_metrics import show_metrics
from pipeline.report.quarterly.sections_next import show_next
from pipeline.report.quarterly.sections_overdue import show_overdue
from pipeline.report.quarterly.sections_reviews import show_reviews
from pipeline.report.quarterly.sections_standings import show_standings
from pipeline.report.quarterly.sections_work import show_work
from pipeline.report.quarterly.sentences import results_sentence, standing_sentence
from pipeline.texts import load_texts
from tests.report.altered import with_table
from tests.report.pages import text_of
from tests.report.sample_material import MONTHS, derive, sample_reading

ENDED, HEIR = "驮卢片区", "营销管理"
RESULTS = {
    "sales_by_group_month": "month",
    "shelf_rates_by_group_month": "month",
    "targets_by_group_month": "month",
    "inspections_by_group_month": "month",
    "cases": "filed_on",
    "unlicensed_shops": "found_on",
}


@cache
def merged_reading(still_reported: tuple[str, ...], month: str = "2021-07") -> Reading:
    """Return the reading of a bureau whose last group was merged into the first one, in July 2021 if not said.

    ``still_reported``: the tables whose workbooks go on in the name of the group that is gone.
    """
    reading, day = sample_reading(), pd.Timestamp(f"{month}-01")
    stays = reading.tables["memberships"]
    moved = stays[stays["party_group"] == ENDED]
    ended = stays.assign(left_on=stays["left_on"].where(stays["party_group"] != ENDED, day))
    ended.loc[stays["party_group"] == HEIR, "left_on"] = pd.NaT  # else a move of May would be told too
    joined = pd.concat([ended, moved.assign(party_group=HEIR, joined_on=day)], ignore_index=True)
    tables = {**reading.tables, "memberships": joined}
    for name, column in RESULTS.items():
        if name in still_reported:
            continue
        rows = tables[name]
        is_before = rows[column] < (pd.Period(month, "M") if column == "month" else day)
        tables[name] = rows[(rows["party_group"] != ENDED) | is_before]
    return replace(reading, tables=tables)


@cache
def merged_tables(
    quarter: str, *, still_reported: tuple[str, ...] = (), month: str = "2021-07"
) -> dict[str, pd.DataFrame]:
    """Return the tables that notebooks 1 to 3 leave of it."""
    reading, period = merged_reading(still_reported, month), pd.Period(quarter, freq="Q-DEC")
    months = pd.period_range(MONTHS[0], period.asfreq("M", "end"), freq="M")
    turnover = list_turnover(reading.tables["memberships"], sorted(reading.bureau.groups), months)
    return {**derive(reading, period), "turnover_by_group_month": turnover}


@cache
def merged(quarter: str = "2021Q3", *, still_reported: tuple[str, ...] = (), month: str = "2021-07") -> QuarterReport:
    """Return the page's material of one of its quarters."""
    tables = merged_tables(quarter, still_reported=still_reported, month=month)
    reading, period = merged_reading(still_reported, month), pd.Period(quarter, freq="Q-DEC")
    return build_quarter(reading, tables, period, load_texts("zh"), load_catalog())


def test_a_group_is_there_as_long_as_it_has_members() -> None:
    report = merged()
    assert max(scored_months(report)[ENDED]) == pd.Period("2021-06", "M")
    assert ENDED not in groups_in(report, report.months)
    assert ENDED in groups_in(report, [pd.Period("2021-06", "M")])


def test_a_group_that_has_ended_is_asked_for_nothing() -> None:
    report = merged()
    asked = report.of_quarter("submissions")
    assert ENDED not in set(asked["party_group"])
    assert HEIR in set(asked["party_group"])
    assert completeness(report).due == len(asked)


def test_totals_are_of_the_groups_that_are_there_and_last_year_of_those_that_were() -> None:
    report = merged()
    total = bureau_total(report, "volume_xiang")
    panel = report.tables["panel"]
    own = panel[panel["metric"] == "volume_xiang"]
    before = own[own["month"].isin([month - 12 for month in report.months])]
    assert set(before["party_group"]) == {HEIR, ENDED}
    assert total.gaps == ()
    assert total.last_year == pytest.approx(before["value"].sum())
    assert total.value == pytest.approx(own.loc[own["month"].isin(report.months), "value"].sum())
    assert f"去年同期承担销量的是{HEIR}、{ENDED}，现在是{HEIR}" in results_sentence(report)


def test_results_in_the_name_of_a_group_that_has_ended_are_told_and_leave_no_total() -> None:
    report = merged(still_reported=tuple(RESULTS))
    assert [gap.party_group for gap in bureau_total(report, "volume_xiang").gaps] == [ENDED]
    shown = text_of(show_metrics(report))
    assert f"{ENDED}在7月、8月、9月没有党员，工作簿里却还有它的销量" in shown
    assert "没有计入任何党小组" in shown
    assert f"{ENDED}在这些月份没有党员，仍用它的名字报来的数不计入任何组" in results_sentence(report)
    assert "没有计入任何党小组" not in text_of(show_metrics(merged()))


def test_plans_that_go_on_in_its_name_are_called_plans() -> None:
    report = merged(still_reported=("targets_by_group_month",))
    shown = text_of(show_metrics(report))
    assert f"{ENDED}在7月、8月、9月没有党员，工作簿里却还有它的销量计划、单箱目标，" in shown
    assert f"计划数不全（{ENDED} 7月、8月、9月 没有能用的计划数）" in results_sentence(report)


def test_a_group_without_members_has_a_sentence_and_no_table_without_data() -> None:
    shown = text_of(show_metrics(merged()))
    assert f"{ENDED}本季没有党员" in shown
    assert f"{ENDED}：本组承担的指标" not in shown


def test_a_group_of_one_month_has_no_two_to_put_together() -> None:
    shown = text_of(show_metrics(merged("2021Q1", month="2021-02")))
    assert f"{ENDED}：本组承担的指标" in shown
    assert f"{HEIR}：1—2月合并（元春）" in shown
    assert f"{ENDED}：1—2月合并（元春）" not in shown


def test_a_group_without_a_year_before_has_no_median_of_it() -> None:
    report = merged()
    panel = report.tables["panel"]
    young = with_table(report, "panel", panel[panel["month"] > pd.Period("2020-12", "M")])
    assert "看月中位数：本季" in text_of(show_metrics(young))
    assert "去年同期 —。" not in text_of(show_metrics(young))


def test_changes_of_a_group_of_other_people_are_not_judged() -> None:
    report = merged()
    july = pd.Period("2021-07", "M")
    assert other_members(report, HEIR, pd.Period("2021-04", "M"), report.months[-1]) == (july,)
    assert other_members(report, HEIR, july, report.months[-1]) == ()
    card = next(figure for figure in key_figures(report)[0].items if HEIR in figure.label)
    assert "7月人员变动超过两成，前后不能直接比" in card.note
    assert "才超出月度波动" not in card.note
    sentence = standing_sentence(report)
    assert f"较上季变动最大的是{HEIR}" not in sentence
    assert f"人员变动超过两成的月份（{HEIR} 2021年7月）" in sentence
    assert sentence in text_of(show_standings(report))
    assert "2021年7月人员变动超过两成：去年同期不全是同样的人" in text_of(show_metrics(report))
    later = merged("2021Q4")  # both quarters are of the same people, and last year is not
    assert "人员变动超过两成" not in standing_sentence(later)
    assert "2021年7月人员变动超过两成：去年同期不全是同样的人" in text_of(show_metrics(later))


def with_visits(report: QuarterReport) -> QuarterReport:
    """The same report where every group has visited ten of its hundred retailers."""
    work = report.tables["work_by_group_quarter"]
    visits = work["matter"] == "guidance"
    counts = {"covered_count": 10, "repeated_count": 0, "coverage_base": 100}
    return with_table(
        report, "work_by_group_quarter", work.assign(**{n: work[n].mask(visits, v) for n, v in counts.items()})
    )


def test_after_a_merger_plans_and_numbers_of_shops_may_be_of_the_former_district() -> None:
    plans, shops = (
        "2021年7月党小组合并或拆分：计划、目标如果还是变动前的片区",
        f"{HEIR}：2021年7月党小组合并或拆分，零售户总数",
    )
    for quarter in ("2021Q3", "2021Q4"):
        report = with_visits(merged(quarter))
        assert text_of(show_metrics(report)).count(plans) == 1  # of the heir, not of the third group
        work = text_of(show_work(report))
        assert (work.count(shops), work.count("合并或拆分")) == (1, 1)
    before = with_visits(merged("2021Q2"))
    assert "合并或拆分" not in text_of(show_metrics(before)) + text_of(show_work(before))


def test_members_that_change_are_no_merger() -> None:
    report, july = merged(), pd.Period("2021-07", "M")
    turnover = report.tables["turnover_by_group_month"]
    other = (turnover["party_group"] == "专卖综合") & (turnover["month"] == pd.Period("2021-05", "M"))
    flagged = with_table(report, "turnover_by_group_month", turnover.assign(is_flagged=turnover["is_flagged"] | other))
    assert other_members(flagged, "专卖综合", july - 12, july) != ()
    assert regrouped(flagged, "专卖综合", july - 12, july) == ()
    assert regrouped(flagged, HEIR, july - 12, july) == (july,)


def test_the_library_does_not_judge_across_a_merger() -> None:
    report = merged("2021Q4")
    sides = Sides(report)
    quarters = [pd.Period(name, freq="Q-DEC") for name in ("2021Q4", "2021Q3", "2021Q2", "2021Q1")]
    assert not sides.has_others(HEIR, quarters[0], quarters[0])
    assert sides.has_others(HEIR, quarters[0], quarters[2])
    assert sides.has_others(HEIR, quarters[2], quarters[0])
    assert sides.has_others(HEIR, quarters[1], quarters[2])  # the merger is within the later one
    assert not sides.has_others("专卖综合", quarters[0], quarters[3])
    item, points = items_of(report)[0], Value(80.0, noise=1.0)
    found = difference(item, points, replace(points, number=60.0), is_same_season=False, has_others=True)
    assert found.is_clear is None
    assert remark(item, found, report.texts, is_same_group=True) == "其间人员变动超过两成，不判断"


def test_the_board_leaves_out_a_group_without_members_and_does_not_judge_its_heir() -> None:
    bureau, catalog, quarter = sample_reading().bureau, load_catalog(), pd.Period("2021Q3", freq="Q-DEC")
    table = build_board(merged_tables("2021Q3"), bureau, catalog, quarter)
    board = view_board(table, bureau, load_texts("zh"), catalog)
    assert ENDED in board.groups  # the colours of the others stay theirs
    assert ENDED not in board.shown_groups
    assert board.figure("change", "is_clear", HEIR) is None
    assert board.rows("members", "is_changed")["party_group"].tolist() == [HEIR]


def test_a_quarter_of_fewer_months_says_so_and_widens_its_limits() -> None:
    report = merged("2021Q2")
    points = report.tables["points_by_group_month"]
    late = points[(points["party_group"] != ENDED) | (points["month"] > pd.Period("2021-04", "M"))]
    shorter = with_table(report, "points_by_group_month", late)
    assert f"本季计分不足三个月的（{ENDED} 5月、6月）" in text_of(show_standings(shorter))
    assert "不足三个月" not in text_of(show_standings(report))
    cards = {figure.label.split()[0]: figure.note for figure in key_figures(shorter)[0].items}
    assert "。本季只有5月、6月计分，均值的波动更大。" in cards[ENDED]
    assert "计分" not in cards[HEIR]
    wide, narrow = (ranking_of(one).months.clear_gap for one in (shorter, report))
    assert wide is not None
    assert narrow is not None
    assert wide > narrow
    assert "三个月均值" not in text_of(show_standings(report))


def with_overdue(report: QuarterReport, *groups: str) -> QuarterReport:
    """The same report where each of ``groups`` has one pledge that is overdue, the first the longest."""
    rows = report.tables["overdue"]
    due = [pd.Timestamp("2021-01-01") + pd.Timedelta(days=30 * number) for number in range(len(groups))]
    days = [(pd.Timestamp(report.as_of) - day).days for day in due]
    pledges = pd.DataFrame({"matter": "pledges", "party_group": groups, "due_on": due, "days_overdue_d": days})
    told = pledges.assign(number="", topic="", source_file="a.xlsx", source_sheet="a", source_row=3)
    return with_table(report, "overdue", told.reindex(columns=rows.columns))


def test_what_is_overdue_in_the_name_of_a_group_that_has_ended_is_asked_of_the_branch() -> None:
    report = with_overdue(merged(), ENDED, HEIR)
    line = f"{ENDED}从2021年7月起没有党员，当月有党员转入的是{HEIR}；{ENDED}名下还有 1 项逾期，已不能由它办结"
    assert line in text_of(show_overdue(report))
    looked_at = text_of(show_next(report))
    assert line in looked_at
    longest = int(report.tables["overdue"].iloc[1]["days_overdue_d"])
    assert f"逾期事项：{HEIR} 1 项，最长 {longest} 天" in looked_at
    assert "没有党员" not in text_of(show_overdue(with_overdue(merged(), HEIR)))


def test_a_group_that_nobody_took_over_has_no_heir() -> None:
    report = merged()
    turnover = report.tables["turnover_by_group_month"].assign(joined_count=0)
    alone = with_overdue(with_table(report, "turnover_by_group_month", turnover), ENDED)
    assert f"{ENDED}从2021年7月起没有党员；{ENDED}名下还有 1 项逾期" in text_of(show_overdue(alone))


def test_the_people_of_a_group_that_ends_in_the_quarter_are_the_same_until_it_ends() -> None:
    report = merged("2021Q3", month="2021-09")
    june = pd.Period("2021-06", "M")
    assert other_members(report, ENDED, june, report.months[-1]) == ()
    assert other_members(report, HEIR, june, report.months[-1]) == (pd.Period("2021-09", "M"),)
    card = next(figure for figure in key_figures(report)[0].items if ENDED in figure.label)
    assert "人员变动超过两成" not in card.note


def test_a_group_of_one_month_that_is_in_front_is_said_to_be_of_one_month() -> None:
    report = merged("2021Q3", month="2021-08")
    standings = report.tables["standings_by_group_quarter"]
    moved = (standings["party_group"] == ENDED) & (standings["quarter"] == report.quarter)
    far = standings.assign(change_points=standings["change_points"].mask(moved, 30.0))
    sentence = standing_sentence(with_table(report, "standings_by_group_quarter", far))
    assert f"较上季变动最大的是{ENDED}" not in sentence
    assert f"计分不足三个月的（{ENDED} 7月）" in sentence
    card = next(figure for figure in key_figures(report)[0].items if ENDED in figure.label)
    assert "。。" not in card.note
    bureau, catalog = sample_reading().bureau, load_catalog()
    table = build_board(merged_tables("2021Q3", month="2021-08"), bureau, catalog, report.quarter)
    board = view_board(table, bureau, load_texts("zh"), catalog)
    for slide in (show_points(board), show_change(board)):
        assert text_of(slide).count("本季只有7月计分") == 1


def test_a_reader_who_subtracts_finds_the_change_on_card_table_and_wall() -> None:
    report = merged("2021Q2")
    standings = report.tables["standings_by_group_quarter"]
    of_heir = standings["party_group"] == HEIR
    for quarter, mean in ((report.quarter, 77.06), (report.quarter - 1, 71.03)):
        own = of_heir & (standings["quarter"] == quarter)
        numbers = {"points_mean": mean, "change_points": 77.06 - 71.03}
        standings = standings.assign(**{name: standings[name].mask(own, value) for name, value in numbers.items()})
    report = with_table(report, "standings_by_group_quarter", standings)
    card = next(figure for figure in key_figures(report)[0].items if HEIR in figure.label)
    assert (card.value, "+6.1 分" in card.note) == ("77.1", True)
    assert "+6.1" in text_of(show_standings(report))
    bureau, catalog = sample_reading().bureau, load_catalog()
    tables = {**merged_tables("2021Q2"), "standings_by_group_quarter": standings}
    table = build_board(tables, bureau, catalog, report.quarter)
    slide = text_of(show_change(view_board(table, bureau, load_texts("zh"), catalog)))
    assert "+6.1" in slide
    assert "上季 71.0，本季 77.1" in slide


def test_a_group_alone_is_asked_for_no_mutual_review_and_is_compared_with_nobody() -> None:
    reading, quarter = sample_reading(), pd.Period("2021Q3", freq="Q-DEC")
    bureau = replace(reading.bureau, groups={HEIR: reading.bureau.groups[HEIR]})
    coverage = reading.tables["coverage"]
    unrated = {**reading.tables, "coverage": coverage[~coverage["kind"].str.startswith("mutual_review")]}
    for one in (replace(reading, bureau=bureau), replace(reading, bureau=bureau, tables=unrated)):
        assert "mutual_review" not in set(list_submissions(one, load_catalog(), quarter)["kind"])
    assert "mutual_review" in set(list_submissions(reading, load_catalog(), quarter)["kind"])


def test_of_two_groups_one_of_which_has_ended_none_is_rated_any_more() -> None:
    reading = merged_reading(())
    groups = {name: reading.bureau.groups[name] for name in (HEIR, ENDED)}
    coverage = reading.tables["coverage"]
    tables = {**reading.tables, "coverage": coverage[~coverage["kind"].str.startswith("mutual_review")]}
    two = replace(reading, bureau=replace(reading.bureau, groups=groups), tables=tables)
    asked = {
        name: set(list_submissions(two, load_catalog(), pd.Period(name, freq="Q-DEC"))["kind"])
        for name in ("2021Q2", "2021Q3")
    }
    assert ["mutual_review" in asked[name] for name in asked] == [True, False]


def test_one_group_moves_by_itself_and_not_most_of_all() -> None:
    report = merged()
    standings = report.tables["standings_by_group_quarter"]
    alone = with_table(report, "standings_by_group_quarter", standings[standings["party_group"] == "专卖综合"])
    sentence = standing_sentence(alone)
    assert "专卖综合的月积分均值较上季 " in sentence
    assert "变动最大" not in sentence
    matrix = report.tables["mutual_review_matrix"]
    unrated = with_table(report, "mutual_review_matrix", matrix.iloc[:0])
    assert "本季没有互评表" in text_of(show_reviews(unrated))
    one = with_table(unrated, "standings_by_group_quarter", standings[standings["party_group"] == HEIR])
    assert "本季只有一个党小组，没有互评可做" in text_of(show_reviews(one))
