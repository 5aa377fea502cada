"""A total of the bureau stands only when nothing is missing in it; what is missing is said."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.ingest.ledger import SheetLedger
from pipeline.report.material.findings import Finding
from pipeline.report.material.gaps import (
    gap_text,
    gaps_of,
    lacking_sentence,
    points_gaps_of,
    rows_not_used,
    silent_groups_of,
    target_gaps_of,
)
from pipeline.report.material.lacking import Gap
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.totals import bureau_total, completeness
from pipeline.report.quarterly.headline import key_figures
from pipeline.report.quarterly.sections_completeness import show_completeness
from pipeline.report.quarterly.sections_metrics import show_metrics
from pipeline.report.quarterly.sections_next import matters_to_look_at
from pipeline.report.quarterly.sections_overdue import show_overdue
from pipeline.report.quarterly.sections_standings import show_standings
from pipeline.report.quarterly.sentences import data_sentence, overdue_sentence, results_sentence, standing_sentence
from pipeline.texts import load_texts
from tests.report.altered import with_gap, with_state, with_table
from tests.report.pages import text_of
from tests.report.sample_material import sample_report

OCTOBER_AND_DECEMBER = ("2021-10", "2021-12")


def with_rejected(report: QuarterReport, kind: str, sheet: str, rejected: int) -> QuarterReport:
    """The same report with one sheet of a kind's workbook that lost rows."""
    lost = SheetLedger(name=sheet, visible=True, physical=rejected, rejected=rejected)
    files = [replace(file, sheets=(lost,)) if file.kind == kind else replace(file, sheets=()) for file in report.files]
    return replace(report, files=tuple(files))


def test_one_missing_month_of_one_group_leaves_no_total() -> None:
    report = with_gap(sample_report(), "volume_xiang", *OCTOBER_AND_DECEMBER, group="驮卢片区")
    metric = report.catalog.metrics["volume_xiang"]
    assert gap_text(gaps_of(report, metric), report.texts) == "驮卢片区 10月、12月"
    assert bureau_total(report, "volume_xiang").value is None
    card = key_figures(report)[1].items[0]
    assert (card.value, card.note, card.tone) == ("—", "驮卢片区 10月、12月 没有能用的数", "bad")
    assert results_sentence(report).startswith(
        "销量数据不全（驮卢片区 10月、12月 没有能用的数），不出全局合计和完成率。立案"
    )


def test_a_missing_plan_leaves_the_volume_but_no_plan_rate() -> None:
    report = sample_report()
    measures = report.tables["measures_by_group_month"].copy()
    gap = (measures["measure"] == "volume_plan_xiang") & (measures["month"] == pd.Period("2021-11", "M"))
    measures["state"] = measures["state"].mask(gap & (measures["party_group"] == "营销管理"), "not_submitted")
    without = with_table(report, "measures_by_group_month", measures)
    assert gap_text(target_gaps_of(without, report.catalog.metrics["volume_xiang"]), without.texts) == "营销管理 11月"
    assert results_sentence(without).startswith(
        "销量 2,932.1 箱；计划数不全（营销管理 11月 没有能用的计划数），不算完成率。"
    )
    assert key_figures(without)[1].items[0].value == "—"


def test_a_metric_without_any_data_keeps_its_row() -> None:
    report = with_gap(sample_report(), "volume_xiang", "2021-10", "2021-11", "2021-12", group="驮卢片区")
    table = report.tables["metrics_by_group_quarter"]
    gone = (table["metric"] == "volume_xiang") & (table["party_group"] == "驮卢片区")
    words = text_of(show_metrics(with_table(report, "metrics_by_group_quarter", table[~gone])))
    assert "销量 1 没有数据 — —" in words.split("驮卢片区：本组承担的指标")[1]
    assert "本季数不完整" not in words


def test_rejected_rows_of_the_quarter_are_a_reservation() -> None:
    cases = sample_report().catalog.metrics["cases_filed"]
    assert rows_not_used(with_rejected(sample_report(), "cases", "2021年11月", 2), cases) == 2
    assert rows_not_used(with_rejected(sample_report(), "cases", "2021年8月", 2), cases) == 0
    report = with_rejected(sample_report(), "cases", "案件", 2)
    assert key_figures(report)[1].items[1].note.endswith("台账另有 2 行未采用。")
    assert "立案数、案件按期办结率、查获卷烟、案值：台账另有 2 行未采用。" in text_of(show_metrics(report))


def test_a_row_entered_twice_is_no_reservation() -> None:
    report = with_rejected(sample_report(), "cases", "案件", 2)
    (path,) = {file.path for file in report.files if file.kind == "cases"}
    copied = Finding(path, "案件", "A5", "error", "copied_row", "row")
    other = replace(copied, code="duplicate_key")
    cases = report.catalog.metrics["cases_filed"]
    whole = replace(copied, cell=None, code="copied_sheet", outcome="skipped")
    for findings, lost in (
        ((whole,), 0),  # the sheet is a summary of another one
        ((whole, other), 1),
        ((copied,), 1),
        ((other,), 2),
        ((copied, replace(copied, cell="B5"), replace(copied, cell="C5")), 1),  # months of one row
        ((copied, replace(other, cell="C5")), 2),  # another month of the row is lost
        (tuple(replace(copied, cell=f"A{row}") for row in range(5, 25)), 0),
        ((replace(copied, code="carried_on", severity="warning", outcome="checked", carried_on=2),), 0),
    ):
        assert rows_not_used(replace(report, findings=findings), cases) == lost


def test_a_workbook_that_could_not_be_used_was_handed_in_all_the_same() -> None:
    report = with_state(sample_report(), "decisions", "unreadable")
    handed_in = completeness(report)
    assert (handed_in.due, handed_in.submitted, handed_in.unreadable) == (64, 63, 3)
    assert data_sentence(report).endswith("已报的台账中有 3 份未能读入，其内容不在本报告里。")
    words = text_of(show_completeness(report))
    assert "10月、11月、12月已报但未读入：支部决议台账" in words
    assert "12月未报：群众意见台账" in words


def test_a_ledger_that_was_not_read_has_no_zero_overdue() -> None:
    unread = with_state(with_state(sample_report(), "pledges", "unreadable"), "opinions", "submitted")
    assert "专卖综合 1 0 0 72" not in text_of(show_overdue(unread))
    late = with_table(unread, "overdue", unread.tables["overdue"].head(0))
    assert overdue_sentence(late).startswith("已读入的台账里没有逾期事项。没有数据的台账：承诺")
    assert key_figures(late)[1].items[2].value == "—"
    complete = with_state(late, "pledges", "submitted")
    assert overdue_sentence(complete).startswith("截至季末没有逾期未办结的决议、意见和承诺。另有")


def test_items_without_data_are_missing_ledgers_and_nobodys_weakness() -> None:
    report = sample_report()
    items = report.tables["points_by_group_month_item"].copy()
    own = (items["party_group"] == "营销管理") & (items["item"] == "A1") & items["month"].isin(report.months)
    items["state"] = items["state"].mask(own, "not_submitted")
    items["points"] = items["points"].mask(own, 0.0)
    lines = matters_to_look_at(with_table(report, "points_by_group_month_item", items))
    about = [line for line in lines if "营销管理" in line and "A1" in line]
    assert len(about) == 1
    assert "A1 党小组会按月召开（10月、11月、12月）" in about[0]
    assert "没有数据" in about[0]


def test_points_that_lack_a_ledger_are_not_compared_without_saying_so() -> None:
    report = sample_report()
    items = report.tables["points_by_group_month_item"].copy()
    scored = with_table(report, "points_by_group_month_item", items.assign(state="scored"))
    note = key_figures(scored)[0].items[0].note
    assert "不全" not in note
    assert "不全" not in standing_sentence(scored)
    months = [pd.Period(month, "M") for month in ("2021-06", "2021-08", "2021-11", "2022-01")]
    lacking = (items["party_group"] == "营销管理") & items["month"].isin(months) & (items["item"] == "C1")
    items["state"] = items["state"].where(lacking, "scored").mask(lacking, "not_submitted")
    without = with_table(report, "points_by_group_month_item", items)
    cards = key_figures(without)[0].items
    change = note.partition("，变动要超过")[0]
    assert (cards[0].note, cards[0].tone) == (f"{change}。8月、11月台账不全，按已有数据算分，不能直接比。", "bad")
    assert [card.value for card in cards[1:]] == [card.value for card in key_figures(scored)[0].items[1:]]
    assert all("不全" not in str(card.note) for card in cards[1:])
    said = standing_sentence(without)
    assert "台账不全的月份（营销管理 8月、11月）按已有数据算分" in said
    assert said.startswith("有党小组台账不全，不排名次")
    assert "可比的组中，较上季变动最大的是" in said
    assert "变动最大的是营销管理" not in said, "a change of points that lack a ledger says nothing"
    assert "可比的组中" not in standing_sentence(scored)
    of_item = items.assign(state="scored")
    of_item.loc[of_item["item"] == "C1", "state"] = "not_submitted"
    never = with_table(report, "points_by_group_month_item", of_item)
    assert points_gaps_of(never) == (), "what nobody ever hands in is missing from all that is compared"
    owned = items.assign(state="scored")
    of_one = (owned["item"] == "C1") & (owned["party_group"] == "营销管理")
    owned.loc[owned["item"] == "C1", "state"] = "not_attributed"
    owned.loc[of_one, "state"] = "not_submitted"
    assert points_gaps_of(with_table(report, "points_by_group_month_item", owned)) == (), "no such ledger is kept"
    owned.loc[of_one & (owned["month"] == pd.Period("2021-01", "M")), "state"] = "scored"
    alone = points_gaps_of(with_table(report, "points_by_group_month_item", owned))
    assert [gap.party_group for gap in alone] == ["营销管理"], "the others have points without it, and are compared"


def test_a_group_without_a_row_in_the_activity_ledger_is_asked_about() -> None:
    report = sample_report()
    measures = report.tables["measures_by_group_month"].copy()
    counted = measures["measure"].isin([m.measure for m in report.catalog.measures.values() if m.table == "activities"])
    measures["state"] = measures["state"].mask(counted, "known")
    own = counted & (measures["month"] == report.months[1])
    measures["value"] = measures["value"].mask(own, 1.0)
    assert "没有一条计分的活动" not in standing_sentence(with_table(report, "measures_by_group_month", measures))
    measures["value"] = measures["value"].mask(own & (measures["party_group"] == "驮卢片区"), 0.0)
    silent = with_table(report, "measures_by_group_month", measures)
    assert "驮卢片区 11月在活动台账里没有一条计分的活动" in standing_sentence(silent)
    assert [gap.party_group for gap in silent_groups_of(silent)] == ["驮卢片区"]
    paid = measures.assign(value=measures["value"].mask(own & (measures["measure"] == "dues_paid"), 6.0))
    assert silent_groups_of(with_table(silent, "measures_by_group_month", paid)) == (), "dues are an activity"
    lost = measures.assign(state=measures["state"].mask(own & (measures["party_group"] == "驮卢片区"), "not_submitted"))
    assert silent_groups_of(with_table(silent, "measures_by_group_month", lost)) == (), "a ledger that lacks is told"
    nobody = with_table(silent, "measures_by_group_month", measures.assign(value=measures["value"].mask(own, 0.0)))
    assert silent_groups_of(nobody) == (), "a month without activities of anybody is no question to one of them"
    points = report.tables["points_by_group_month"]
    dissolved = points.assign(member_count=points["member_count"].mask(points["party_group"] == "驮卢片区", 0))
    assert silent_groups_of(with_table(silent, "points_by_group_month", dissolved)) == ()


def test_an_item_that_was_left_out_names_its_months_unless_the_group_never_owns_it() -> None:
    words = text_of(show_standings(sample_report()))
    assert sentence_after("营销管理本季未计：", words).count("案件按期办结率（") == 0
    assert "新品上柜率达标（10月、11月、12月）" in sentence_after("营销管理本季未计：", words)


def sentence_after(start: str, words: str) -> str:
    """The sentence that begins with ``start``."""
    return words.split(start)[1].split("。", maxsplit=1)[0]


def test_many_months_are_said_with_the_first_and_the_last_also_where_they_are_those_of_a_year() -> None:
    months = tuple(pd.period_range("2021-02", "2021-09", freq="M"))
    assert gap_text([Gap("营销管理", months)], load_texts("zh")) == "营销管理 2月至9月间共 8 个月"
    assert gap_text([Gap("营销管理", months[:2])], load_texts("zh")) == "营销管理 2月、3月"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_group_that_lacks_a_ledger_is_compared_with_no_others(lang: str) -> None:
    texts, alone = load_texts(lang), Gap("营销管理", (pd.Period("2021-11", "M"),))
    said = lacking_sentence([alone], (), texts)
    assert "各组" not in said
    assert "groups" not in said
    assert "营销管理" in said
    both = lacking_sentence([alone, replace(alone, party_group="专卖综合")], (), texts)
    assert "各组缺的一样" in both or "all groups lack the same" in both
