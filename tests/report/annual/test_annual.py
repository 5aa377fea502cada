"""The page of a year: five sentences, arithmetic that can be checked, ranks only where they mean something, no name."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.catalog import Term, load_catalog
from pipeline.ingest.store import save_reading, write_table
from pipeline.report.annual.headline import annual_frame, year_key_figures, year_sentences
from pipeline.report.annual.model_group import (
    actual_text,
    checks_of,
    evidence_text,
    model_group_sentence,
    required_text,
    verdict_of,
)
from pipeline.report.annual.scores import change_from_last_year, quarter_mean_noise, year_arithmetic, year_ranking
from pipeline.report.annual.sections import show_year_months, show_year_scores, show_year_summary
from pipeline.report.annual.sections_detail import show_year_changes, show_year_posts, show_year_stars
from pipeline.report.annual.sections_model_group import show_model_group
from pipeline.report.annual.view import AnnualReport, build_year, load_year
from pipeline.report.material.noise import monthly_noise
from pipeline.report.material.weighing import SCORE_DIGITS
from pipeline.report.page.blocks import Block
from pipeline.report.page.exporter import render_page
from pipeline.report.page.table_block import format_number
from pipeline.texts import load_texts
from tests.report.pages import text_of
from tests.report.shown import shown
from tests.report.year_material import (
    CORRECTION_GROUND,
    ENFORCEMENT,
    GROUPS,
    MARKETING,
    TERRITORY,
    derive,
    names_in,
    year_reading,
    year_tables,
)

SECTIONS: tuple[Callable[[AnnualReport], Block], ...] = (
    show_year_summary,
    show_year_scores,
    show_year_months,
    show_year_stars,
    show_model_group,
    show_year_changes,
    show_year_posts,
)
CAUSAL_WORDS = re.compile(r"促进|带动|导致|推动|拉动|\b(?:causes?|because of|led to|leads to|drives)\b")
WITHIN_NOISE = 100.0  # points of a moving range beside which every gap of the hand-made year is nothing


@cache
def report_of(quarter: str = "2021Q4", lang: str = "zh") -> AnnualReport:
    period = pd.Period(quarter, freq="Q-DEC")
    return build_year(year_reading(), year_tables(quarter), period, load_texts(lang), load_catalog())


def with_year(report: AnnualReport, table: str = "annual_by_group_year", **columns: Any) -> AnnualReport:
    """The same report with other values in the rows of its year, in the order of the table."""
    frame = report.tables[table].copy()
    here = frame["year"] == report.year
    for name, values in columns.items():
        frame.loc[here, name] = values
    return replace(report, tables={**report.tables, table: frame})


def restless(report: AnnualReport) -> AnnualReport:
    """The same report with months that jump up and down by more than any gap."""
    points = report.tables["points_by_group_month"].copy()
    points["total_points"] = [WITHIN_NOISE * (place % 2) for place in range(len(points))]
    return replace(report, tables={**report.tables, "points_by_group_month": points})


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("quarter", ["2020Q1", "2021Q3", "2021Q4"])
def test_every_section_holds_up_and_names_nobody(quarter: str, lang: str) -> None:
    report = report_of(quarter, lang)
    for section in SECTIONS:
        words = text_of(section(report))
        assert words.strip()
        for unfinished in ("nan", "NaT", "<NA>", "None", "{"):
            assert unfinished not in words
        assert CAUSAL_WORDS.findall(words) == []
    page = render_page(shown(*(section(report) for section in SECTIONS)), annual_frame(report))
    assert names_in(page) == []
    assert CORRECTION_GROUND not in page


def test_the_frame_says_which_year_and_up_to_when() -> None:
    frame = annual_frame(report_of())
    assert frame.title == "示例县局 2021 年党小组年度总评"
    assert "2021年12月31日" in frame.subtitle
    assert (frame.banner or "").startswith("示例数据")


def test_a_group_that_has_ended_is_scored_in_its_own_months_and_waits_for_no_score() -> None:
    reading = year_reading()
    stays, day = reading.tables["memberships"], pd.Timestamp("2021-07-01")
    is_last = (stays["party_group"] == TERRITORY) & stays["left_on"].isna()
    joined = stays[is_last].assign(party_group=MARKETING, joined_on=day)
    ended = stays.assign(left_on=stays["left_on"].mask(is_last, day))
    tables = {**reading.tables, "memberships": pd.concat([ended, joined], ignore_index=True)}
    merged = replace(reading, tables=tables)
    period, catalog = pd.Period("2021Q4", "Q-DEC"), load_catalog()
    report = build_year(merged, derive(merged, "2021Q4"), period, load_texts("zh"), catalog)
    assert f"2021 年 2 个党小组计分 12 个月；{TERRITORY}计分 6 个月，其余月份没有党员。" in year_sentences(report)[0]
    assert year_arithmetic(report, TERRITORY) == f"{TERRITORY}：2021年6月以后没有党员，不会有年度得分。"
    card = next(figure for figure in year_key_figures(report).items if TERRITORY in figure.label)
    assert card.note.startswith("2021年6月以后没有党员，不会有年度得分")


def test_a_group_that_was_founded_in_the_year_lacks_no_month_before() -> None:
    reading, period = year_reading(), pd.Period("2021Q4", "Q-DEC")
    stays = reading.tables["memberships"]
    is_own = stays["party_group"] == MARKETING
    begun = stays.assign(joined_on=stays["joined_on"].mask(is_own, pd.Timestamp("2021-02-01")))
    founded = replace(reading, tables={**reading.tables, "memberships": begun})
    report = build_year(founded, derive(founded, "2021Q4"), period, load_texts("zh"), load_catalog())
    checks = {check["condition"]: check for check in checks_of(report, MARKETING)}
    assert evidence_text(report, checks["attendance_rate_pct"]) == "11 个月的台账（1月没有党员）"
    assert "没有台账" not in text_of(show_model_group(report))


def test_a_mean_that_nobody_has_is_not_called_one() -> None:
    report = report_of()
    points = report.tables["points_by_group_month"]
    gone = points[(points["party_group"] != TERRITORY) | (points["month"] < pd.Period("2021-02", "M"))]
    years = report.tables["annual_by_group_year"]
    own = (years["party_group"] == TERRITORY) & (years["year"] == 2021)
    without_score = years.assign(**{name: years[name].mask(own) for name in ("year_score", "quarter_mean")})
    tables = {**report.tables, "points_by_group_month": gone, "annual_by_group_year": without_score}
    cards = year_key_figures(replace(report, tables=tables)).items
    card = next(figure for figure in cards if TERRITORY in figure.label)
    assert (card.value, card.note) == ("—", "2021年1月以后没有党员，不会有年度得分")


def test_changes_that_are_listed_are_not_said_to_be_left_out() -> None:
    report = report_of()
    items = report.tables["points_by_group_month_item"]
    lacking = items.assign(state=items["state"].mask(items["month"] == pd.Period("2020-05", "M"), "not_submitted"))
    tables = {**report.tables, "points_by_group_month_item": lacking}
    said = year_sentences(replace(report, tables=tables))[2]
    assert said.startswith("今年或上年各组都有月份台账不全：均分较上年的变动只列出，不判断大小。")
    assert "均分较上年" in text_of(show_year_scores(replace(report, tables=tables)))


def test_five_sentences_say_the_year() -> None:
    data, standing, change, stars, model = year_sentences(report_of())
    corrected = "更正 1 条，重述了2021年三季度的积分，前后两个数都保留。"
    assert data == f"2021 年 3 个党小组计分 12 个月。计分用的活动台账各月齐全。{corrected}"
    assert standing == "年度得分没有哪个组明显领先：专卖综合、营销管理之间差距不显著（最高 72.4 分，最低 69.9 分）。"
    assert change.startswith("可比的组中，较上年变动最大的是专卖综合（季度均分 0.0 分）")
    others = "人员变动超过两成的月份（营销管理 2021年6月、2021年11月；驮卢片区 2021年6月）前后不全是同样的人"
    assert others in change
    assert stars == ("2021 年度五星党员人数不列：营销管理、专卖综合、驮卢片区参评不足 5 人，或全部、只差一人为五星。")
    assert model == "没有党小组符合全部条件，2021 年不产生模范党小组。"


def test_before_the_fourth_quarter_nothing_is_final() -> None:
    report = report_of("2021Q3")
    words = " ".join(text_of(section(report)) for section in SECTIONS)
    assert "截至2021年三季度，年度总评未完成" in words
    assert year_ranking(report) is None
    assert "位次" not in text_of(show_year_scores(report))
    assert "已有 3 个季度得分" in words
    assert all(card.label.endswith("季度均分") for card in year_key_figures(report).items)
    assert "年末评选" in text_of(show_model_group(report))
    assert "第二轮" not in words  # votes of a year that is not over are not known


def test_the_arithmetic_can_be_checked_by_hand() -> None:
    line = year_arithmetic(report_of(), MARKETING)
    found = re.fullmatch(r"营销管理：（(.+)）÷ 4 = ([\d.]+)；0\.80 × ([\d.]+) \+ 0\.20 × 88\.00 = ([\d.]+)", line)
    assert found is not None, line
    quarters = [float(value) for value in found[1].split(" + ")]
    assert len(quarters) == 4
    assert sum(quarters) / 4 == pytest.approx(float(found[2]), abs=0.01)
    assert found[2] == found[3]
    assert 0.80 * float(found[3]) + 0.20 * 88.0 == pytest.approx(float(found[4]), abs=0.02)


def test_weights_are_those_of_the_bureaus_rule_book() -> None:
    own = tuple(
        Term("annual_score", name, name, name, value, None, None, "", version="默认1.0")
        for name, value in (("quarter_mean", 0.9), ("peer_appraisal", 0.1))
    )
    report = report_of()
    report = replace(report, bureau=replace(report.bureau, terms=(*report.bureau.terms, *own)))
    assert "0.90 × " in year_arithmetic(report, MARKETING)
    assert "年度得分 = 0.90 × quarter_mean + 0.10 × peer_appraisal" in text_of(show_year_scores(report))


def test_what_a_score_lacks_is_said_and_nobody_is_ranked() -> None:
    report = with_year(report_of(), year_score=None, peer_appraisal=None, rank=None)
    assert year_ranking(report) is None
    assert year_arithmetic(report, MARKETING) == "营销管理：还没有年度得分，缺民主评议。"
    assert "还没有年度得分，因此都不排名次" in year_sentences(report)[1]
    standings = report.tables["standings_by_group_quarter"].copy()
    here = (standings["quarter"] == "2021Q2") & (standings["party_group"] == MARKETING)
    standings.loc[here, ["committee_score", "quarter_score"]] = None
    report = replace(report, tables={**report.tables, "standings_by_group_quarter": standings})
    lacking = year_arithmetic(report, MARKETING)
    assert lacking == "营销管理：还没有年度得分，缺2021年二季度的得分（没有支委评分）、民主评议。"


def test_gaps_inside_the_noise_are_no_ranking() -> None:
    words = text_of(show_year_scores(restless(report_of())))
    assert "差距不显著" in words
    assert "位次" not in words
    clear = with_year(report_of(), year_score=[90.0, 70.0, 50.0], rank=[1, 2, 3])
    assert "位次" in text_of(show_year_scores(clear))
    assert "专卖综合的年度得分最高（90.0 分，最低 50.0 分）" in year_sentences(clear)[1]


def test_the_noise_of_a_year_is_that_of_twelve_months_by_their_weight() -> None:
    report = report_of()
    months = monthly_noise(report.tables["points_by_group_month"], months_per_mean=12).clear_gap
    assert months is not None
    assert quarter_mean_noise(report).clear_gap == pytest.approx(0.70 * months)
    ranking = year_ranking(report)
    assert ranking is not None
    assert ranking.noise.clear_gap == pytest.approx(0.80 * 0.70 * months)


def test_two_versions_of_weights_count_by_their_root_mean_square() -> None:
    report = report_of()
    later = tuple(replace(rule, version="2.0", effective_month="2021-07") for rule in report.bureau.rules)
    own = tuple(
        replace(term, version="2.0", value={"points_mean": 0.5}.get(term.name, 0.25))
        for term in report.bureau.terms
        if term.term == "quarter_score"
    )
    bureau = replace(report.bureau, rules=(*report.bureau.rules, *later), terms=(*report.bureau.terms, *own))
    months = monthly_noise(report.tables["points_by_group_month"], months_per_mean=12).clear_gap
    two = replace(report, bureau=bureau)
    assert months is not None
    assert quarter_mean_noise(two).clear_gap == pytest.approx(months * ((0.7**2 + 0.5**2) / 2) ** 0.5)
    words = text_of(show_year_changes(two))
    assert "默认1.0（2021年1月至2021年6月）；2.0（2021年7月至2021年12月）" in words
    assert "年内换过积分细则" in words


def test_a_change_of_a_year_is_the_difference_of_the_means_as_they_are_printed() -> None:
    report = with_year(report_of(), quarter_mean=[60.005, 60.035, 60.045])  # printed as 60.01, 60.03 and 60.05
    change = change_from_last_year(report)
    years = (report.year, report.year - 1)
    rows = [report.of_year("annual_by_group_year", year).set_index("party_group") for year in years]
    now, before = (frame["quarter_mean"].to_dict() for frame in rows)
    assert {*change.index} == {*now}
    for group, moved in change.to_dict().items():
        printed = [float(format_number(mean, SCORE_DIGITS)) for mean in (now[group], before[group])]
        assert moved == pytest.approx(printed[0] - printed[1], abs=1e-9)


def test_a_year_is_compared_with_the_one_before_only_when_both_are_whole() -> None:
    assert change_from_last_year(report_of())[TERRITORY] == pytest.approx(64.38 - 68.40)
    assert change_from_last_year(report_of("2021Q3")).empty
    assert "暂不与上年相比" in year_sentences(report_of("2021Q3"))[2]
    assert "不与上年相比" in year_sentences(report_of("2020Q4"))[2]


def test_every_condition_has_its_evidence() -> None:
    report = report_of()
    checks = {check["condition"]: check for check in checks_of(report, MARKETING)}
    attendance = checks["attendance_rate_pct"]
    assert required_text(report, attendance) == "≥ 85.0%"
    assert actual_text(report, attendance) == "100.0%（60 / 60）"
    assert (verdict_of(attendance), evidence_text(report, attendance)) == ("met", "12 个月的台账")
    assert required_text(report, checks["vetoes"]) == "≤ 0"
    assert actual_text(report, checks["group_meetings"]) == "12"
    assert evidence_text(report, checks["vote_share_pct"]) == "10 票 / 16 人（该组参加的最后一轮）"
    decisions = checks["decisions_on_time_pct"]
    assert actual_text(report, decisions) == "0.0%（0 / 1）"
    assert evidence_text(report, decisions) == "12 个月的台账（1月至9月、11月至12月没有会议或到期事项）"
    assert verdict_of(checks["year_score"]) == "not_met"


def test_a_condition_that_cannot_be_judged_says_why() -> None:
    report = report_of()
    measures = report.tables["measures_by_group_month"].copy()
    gap = (measures["measure"] == "group_meetings") & measures["month"].isin(
        [pd.Period("2021-03", "M"), pd.Period("2021-04", "M"), pd.Period("2021-08", "M")]
    )
    measures.loc[gap, "state"] = "not_submitted"
    checks = report.tables["model_group_checks"].copy()
    own = (checks["condition"] == "group_meetings") & (checks["year"] == 2021)
    checks["month_count"] = checks["month_count"].mask(own, 9)
    checks["is_met"] = checks["is_met"].mask(own)
    tables = {**report.tables, "measures_by_group_month": measures, "model_group_checks": checks}
    words = text_of(show_model_group(replace(report, tables=tables)))
    assert "无法判断 只有 9 个月的台账（3月至4月、8月没有台账）" in words


def test_the_model_group_is_told_with_its_votes() -> None:
    chosen = with_year(report_of(), is_eligible=[False, True, False], is_model_group=[False, True, False])
    assert model_group_sentence(chosen) == "营销管理符合全部条件，得票率最高（62.5%），为 2021 年模范党小组。"
    undecided = with_year(report_of(), is_eligible=[pd.NA, False, False], is_model_group=False)
    assert model_group_sentence(undecided) == "模范党小组未定：专卖综合有条件无法判断。"
    words = text_of(show_model_group(report_of()))
    assert words.index("第一轮") < words.index("第二轮")


def test_a_barred_group_says_so() -> None:
    words = text_of(show_model_group(report_of("2020Q4")))
    assert "驮卢片区 不符合" in words
    assert "一票否决 ≤ 0 1 不符合" in words


def test_nobody_says_that_a_group_is_not_barred_where_neither_ledger_nor_votes_could_tell() -> None:
    report = report_of()
    checks = report.tables["model_group_checks"].copy()
    checks["is_met"] = checks["is_met"].mask(checks["condition"] == "vetoes")
    votes = report.tables["model_votes"]
    votes = votes[votes["party_group"] != MARKETING]
    report = replace(report, tables={**report.tables, "model_group_checks": checks, "model_votes": votes})
    words = text_of(show_model_group(report))
    overview = re.sub(r"\s+", " ", words[: words.index("条件清单")])
    assert "无法判断 1 无法判断 62.5" in overview  # 营销管理, of which there is no form of votes
    assert "无法判断 2 否 37.5" in overview


def test_stars_are_counts() -> None:
    report = with_year(report_of(), five_star_count=[0, 3, 1], rated_count=6)
    quarters = report.tables["stars_by_group_quarter"].assign(five_star_count=2, rated_count=7)
    report = replace(report, tables={**report.tables, "stars_by_group_quarter": quarters})
    words = text_of(show_year_stars(report))
    assert "营销管理 2 / 7 2 / 7 2 / 7 2 / 7 3" in words
    assert "不列" not in words.replace("不列姓名", "")
    assert year_sentences(report)[3] == "2021 年度五星党员 4 人（营销管理 3 人、专卖综合 0 人、驮卢片区 1 人）。"
    assert "年度五星" not in text_of(show_year_stars(report_of("2021Q3")))


def test_no_total_gives_a_count_away_that_is_left_out() -> None:
    report = with_year(report_of(), five_star_count=[1, 3, pd.NA], rated_count=[5, 6, 4])
    said = year_sentences(report)[3]
    assert said == (
        "2021 年度五星党员：营销管理 3 人、专卖综合 1 人；驮卢片区的人数不列"
        "（参评不足 5 人，或全部、只差一人为五星），因此没有合计。"
    )
    words = text_of(show_year_stars(report))
    assert "驮卢片区 不列 / " in words
    assert "不列 季度列为五星人数" in words  # the year of the last group
    assert "参评不足 5 人，或全部、只差一人为五星的组，人数不列" in words


def test_corrections_of_groups_are_shown_and_those_of_members_are_not() -> None:
    report = report_of()
    assert len(report.tables["corrections_applied"]) == 1
    words = text_of(show_year_changes(report))
    assert "2021年三季度 驮卢片区 49.85 52.63 +2.78 1 2021年11月8日 季后" in words
    assert "2021年11月8日 2021年8月 驮卢片区 B1 特色活动 +5.0 +5.0" in words
    assert "M4" not in words
    assert "没有更正" in text_of(show_year_changes(report_of("2020Q4")))


def test_leaders_are_terms_without_names() -> None:
    words = text_of(show_year_posts(report_of()))
    assert "专卖综合 专卖股长 1 2019年1月1日 2021年7月1日" in words
    assert "专卖综合 专卖股长 2 2021年7月1日 在任" in words
    before = text_of(show_year_posts(report_of("2020Q4")))
    assert "专卖综合 专卖股长 1 2019年1月1日 在任" in before  # what ended later is not known yet
    assert "2021年" not in before


def test_posts_of_a_quarter_without_their_ledger_are_a_dash() -> None:
    report = report_of()
    posts = report.tables["posts_by_group_quarter"].copy()
    counts = [name for name in posts.columns if name not in ("party_group", "quarter", "member_count")]
    here = (posts["party_group"] == MARKETING) & (posts["quarter"] == report.quarter)
    assert "营销管理 2021年四季度 1 / 2 50.0 1 / 1 1 18" in text_of(show_year_posts(report))
    posts.loc[here, counts] = pd.NA
    without = replace(report, tables={**report.tables, "posts_by_group_quarter": posts})
    assert "营销管理 2021年四季度 — — — — —" in text_of(show_year_posts(without))


def test_a_group_without_a_leader_says_so() -> None:
    report = report_of()
    terms = report.tables["leader_terms"]
    without = replace(report, tables={**report.tables, "leader_terms": terms[terms["party_group"] != MARKETING]})
    assert "营销管理 市场经理 — 今年没有组长" in text_of(show_year_posts(without))


def test_months_show_their_extremes_and_missing_ledgers() -> None:
    report = report_of()
    words = text_of(show_year_months(report))
    assert all(group in words for group in GROUPS)
    points = report.tables["points_by_group_month"].copy()
    here = (points["party_group"] == ENFORCEMENT) & (points["month"] == pd.Period("2021-05", "M"))
    points.loc[here, "is_complete"] = False
    lacking = replace(report, tables={**report.tables, "points_by_group_month": points})
    assert "专卖综合 5月" in text_of(show_year_months(lacking))
    assert "其中 1 个小组月的台账未报齐" in year_sentences(lacking)[0]


def test_the_year_is_loaded_from_the_tables_of_its_quarter(tmp_path: Path) -> None:
    catalog = load_catalog()
    save_reading(year_reading(), tmp_path, catalog)
    for name, table in year_tables("2021Q4").items():
        write_table(table, name, tmp_path, catalog)
    loaded = load_year(tmp_path, "2021Q4", "zh")
    assert year_sentences(loaded) == year_sentences(report_of())
    assert "member" not in {column for table in loaded.tables.values() for column in table}
