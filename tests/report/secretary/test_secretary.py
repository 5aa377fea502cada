"""The secretary's page: everything about members, each point with its source, marked as internal everywhere."""

import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.report.material.source_places import places_text
from pipeline.report.page.blocks import Block
from pipeline.report.page.escaping import css_string
from pipeline.report.page.table_block import Column, filled_columns
from pipeline.report.secretary.page import SECTIONS, render_secretary_page, secretary_frame
from pipeline.report.secretary.sections_items import show_member_items
from pipeline.report.secretary.sections_leaders import show_leaders, show_roster
from pipeline.report.secretary.sections_members import (
    show_member_quarter,
    show_member_year,
    show_secretary_summary,
)
from pipeline.report.secretary.sections_records import show_corrections, show_deductions, show_leave, show_owners
from pipeline.report.secretary.view import SecretaryReport, build_secretary
from pipeline.texts import load_texts
from tests.report.pages import text_of
from tests.report.year_material import (
    CORRECTION_GROUND,
    FIRST,
    GROUND,
    GROUP_GROUND,
    MEMBERS,
    MOVED,
    NEW_LEADER,
    NEWCOMER,
    OLD_LEADER,
    THIRD,
    UNASSIGNED,
    VETO_GROUND,
    derive,
    names_in,
    without,
    year_reading,
    year_tables,
)


def report_from(reading: Reading, derived: dict[str, pd.DataFrame], quarter: str, lang: str = "zh") -> SecretaryReport:
    return build_secretary(reading, derived, pd.Period(quarter, "Q-DEC"), load_texts(lang), load_catalog())


@cache
def report_of(quarter: str = "2021Q4", lang: str = "zh") -> SecretaryReport:
    return report_from(year_reading(), year_tables(quarter), quarter, lang)


@cache
def page_of(quarter: str = "2021Q4", lang: str = "zh") -> str:
    return render_secretary_page(report_of(quarter, lang))


def with_table(report: SecretaryReport, name: str, frame: pd.DataFrame) -> SecretaryReport:
    return replace(report, tables={**report.tables, name: frame})


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("quarter", ["2020Q1", "2020Q2", "2021Q4"])
def test_every_section_holds_up(quarter: str, lang: str) -> None:
    for section in SECTIONS:
        words = text_of(section(report_of(quarter, lang)))
        assert words.strip()
        for unfinished in ("nan", "NaT", "<NA>", "None", "{"):
            assert unfinished not in words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_marked_as_internal_on_screen_and_on_every_sheet_of_paper(lang: str) -> None:
    texts = load_texts(lang)
    page, frame = page_of(lang=lang), secretary_frame(report_of(lang=lang))
    assert texts("secretary.internal") in (frame.banner or "")
    assert texts("report.synthetic") in (frame.banner or "")
    head = texts("secretary.page_head")
    assert f'@page {{ @top-center {{ content: "{head}"' in page  # the margin of every page
    assert f'<p class="page-mark" aria-hidden="true">{head}</p>' in page  # fixed: repeated by older browsers too
    assert "内部" in frame.title or "internal" in frame.title


def test_the_page_names_every_member_and_makes_no_request() -> None:
    page = page_of()
    assert names_in(page) == list(MEMBERS)
    assert re.findall(r"""(?:src|href)=["'](?!#)""", page) == []


def test_members_months_and_stars_of_the_quarter_have_their_reasons() -> None:
    words = text_of(show_member_quarter(report_of()))
    assert f"{FIRST} 85.5 83.5 83.5 84.17 4 星" in words
    assert f"{NEWCOMER} — 61.0 61.0 61.00 2 星 新转入，只平均计分月份" in words
    assert f"{MOVED} 61.0 请假 61.0 61.00 2 星 11月请假过半，不计" in words
    assert f"{OLD_LEADER} 56.0 61.0 61.0 59.33 未评 低于最低星级；请假未到会 1 次，不计缺席" in words
    assert "基础分 60 + 加分（合计最多 40）" in words
    assert "5 星 90–100、4 星 80–90、3 星 70–80、2 星 60–70" in words


def test_a_veto_is_shown_in_its_month_and_takes_the_stars() -> None:
    words = text_of(show_member_quarter(report_of("2020Q2")))
    assert f"{THIRD} 61.0 61.0 61.0 否决 61.00 未评 一票否决" in words
    year = text_of(show_member_year(report_of("2020Q2")))
    assert re.search(f"{THIRD} .* 0\\.00 6 未评 一票否决", year)


def test_the_year_says_why_there_is_no_star() -> None:
    words = text_of(show_member_year(report_of()))
    assert "61.0 61.0 61.00 2 未评 计分 2 个月，不足 6 个月" in words
    assert f"{FIRST} 83.5 83.5 83.5 83.5 83.5 83.5 83.5 83.5 83.5 85.5 83.5 83.5 83.67 12 4 星" in words
    assert "年度未结束" in text_of(show_member_year(report_of("2020Q2")))
    assert "12月" not in text_of(show_member_year(report_of("2020Q2")))


def test_members_stand_in_the_order_of_the_roster_not_of_their_points() -> None:
    words = text_of(show_member_quarter(report_of()))
    assert words.index(OLD_LEADER) < words.index("蒙小川")


def test_the_summary_counts_and_names() -> None:
    words = text_of(show_secretary_summary(report_of()))
    assert "本季涉及党员 6 人，有计分月份的 6 人。" in words
    assert "本季没有 5 星党员。" in words
    assert f"未评星（低于最低星级）1 人：{OLD_LEADER}。" in words
    assert "逾期事项 2 项，花名册疑点 1 处，无人承担的职责 1 项" in words


def test_every_point_leads_to_its_rule_and_its_rows() -> None:
    words = text_of(show_member_items(report_of()))
    assert f"{FIRST} 0.0 −3.0 4.5 3.0 36.0 2.0 30.0 0.0" in words  # three scored months
    assert (
        "M7 到一线 10月 20.0 +10.0 默认1.0（rules.csv 第 30 行） frontline_visits.xlsx [Sheet1] A423–A442（20 行）"
        in words
    )
    assert "M2 任务逾期 10月 1.0 −3.0" in words
    corrected = re.search(r"M4 学习笔记 10月 1\.0 \+3\.0 (.*?) M5", words)
    assert corrected is not None
    assert "corrections.xlsx" in corrected[1]  # 1 note taken down, 2 points put right
    assert "points_ledger.xlsx" in corrected[1]


def test_points_of_a_month_that_is_not_scored_are_in_no_sum() -> None:
    """陆小北 was on leave for most of November: of three quizzes at 1 point two count."""
    words = text_of(show_member_items(report_of()))
    assert f"{MOVED} 0.0 0.0 2.0" in words


def test_an_item_whose_ledger_is_missing_is_a_dash_and_said() -> None:
    reading = year_reading()
    coverage = reading.tables["coverage"]
    gap = (coverage["kind"] == "frontline") & (coverage["month"] >= pd.Period("2021-10", "M"))
    assert gap.any()
    lacking = without(without(reading, "coverage", gap), "frontline_visits")
    words = text_of(show_member_items(report_from(lacking, derive(lacking, "2021Q4"), "2021Q4")))
    assert "M7 到一线：10月、11月、12月没有台账（营销管理、专卖综合、驮卢片区），不加不扣。" in words
    assert f"{NEWCOMER} 0.0 0.0 2.0 0.0 0.0 0.0 — 0.0" in words


def test_quiz_scores_are_best_attempts() -> None:
    words = text_of(show_member_items(report_of()))
    assert f"{FIRST} 92（2 次） 92（2 次） 92（2 次）" in words
    assert f"{NEWCOMER} — 84（1 次） 84（1 次）" in words


def test_leave_says_what_left_the_denominator() -> None:
    words = text_of(show_leave(report_of()))
    assert f"{MOVED} 驮卢片区 病假 2021年10月28日 2021年11月20日 24 不计 支部书记" in words
    assert f"{THIRD} 驮卢片区 事假 2021年12月15日 2021年12月16日 2 照计 支部书记" in words
    assert f"{MOVED} 11月 —" in words
    assert f"{OLD_LEADER} — 党小组会（2021年12月8日）" in words
    before = text_of(show_leave(report_of("2020Q2")))
    assert "今年没有请假记录" in before
    assert "没有因请假未计的月份和会议" in before


def test_complaints_and_deductions_have_their_ground() -> None:
    words = text_of(show_deductions(report_of()))
    assert f"2021年10月 {OLD_LEADER} 专卖综合 M8 有责投诉 −5.0 {GROUND}" in words
    assert f"2021年11月 党小组本身 营销管理 D2 有责投诉 −2.0 {GROUP_GROUND}" in words
    assert "县局表彰" not in words  # an award is none
    assert VETO_GROUND not in words  # of another year
    assert VETO_GROUND in text_of(show_deductions(report_of("2020Q2")))


def test_what_comes_after_the_quarter_is_not_known_yet() -> None:
    words = " ".join(text_of(section(report_of("2020Q2"))) for section in SECTIONS)
    assert GROUND not in words
    assert "2021年" not in words
    assert "任务逾期" not in re.findall(r"M2 \S+ \d+月", words)


def test_corrections_of_members_stand_beside_those_of_groups() -> None:
    words = text_of(show_corrections(report_of()))
    assert f"2021年12月20日 {FIRST} 营销管理 2021年10月 M4 学习笔记 +2.0 +2.0 {CORRECTION_GROUND}" in words
    assert "2021年11月8日 党小组本身 驮卢片区 2021年8月 B1 特色活动 +5.0 +5.0" in words
    assert "没有更正" in text_of(show_corrections(report_of("2020Q2")))


def test_leaders_stand_beside_their_groups_result() -> None:
    words = text_of(show_leaders(report_of()))
    assert f"{FIRST} 2021年四季度 营销管理 90.0 2 8.5 2 1 55.0" in words
    assert f"{FIRST} 组织学习 支部书记 18 / 20 leader_duties.xlsx [Sheet1] A" in words
    assert f"专卖综合 {OLD_LEADER} 2019年1月1日 2021年7月1日" in words
    assert "专卖综合 蒙小川 2021年7月1日 在任" in words
    assert f"专卖综合 {OLD_LEADER} 2019年1月1日 在任" in text_of(show_leaders(report_of("2020Q2")))


def test_leaders_without_ledgers_of_training_and_attendance_have_a_dash() -> None:
    reading = without(year_reading(), "trainings")
    activities, coverage = reading.tables["activities"], reading.tables["coverage"]
    gone = {
        "activities": activities.assign(attendees=None, absentees=None),
        "coverage": coverage[coverage["kind"] != "training"],
    }
    bare = replace(reading, tables={**reading.tables, **gone})
    report = report_from(bare, derive(bare, "2021Q4"), "2021Q4")
    assert report.of_year("leaders_by_group_quarter")[["training_hours_h", "education_count"]].isna().all(axis=None)
    rows = report.tables["leaders_by_group_quarter"].copy()
    rows.loc[rows["member"] == NEW_LEADER, ["training_hours_h", "training_count", "education_count"]] = [1.0, 1, 1]
    words = text_of(
        show_leaders(with_table(report, "leaders_by_group_quarter", rows))
    )  # a column of dashes is left out
    assert f"{FIRST} 2021年四季度 营销管理 90.0 2 — — —" in words


def test_overdue_matters_have_their_owner() -> None:
    words = text_of(show_owners(report_of()))
    assert f"决议 {FIRST} 营销管理 决〔2021〕7号 节日营销 2021年10月20日 72 decisions.xlsx [Sheet1] A3" in words
    assert f"承诺 {THIRD} 驮卢片区" in words
    assert "没有已知的逾期事项" in text_of(show_owners(report_of("2020Q2")))


def test_the_roster_posts_and_duties() -> None:
    words = text_of(show_roster(report_of()))
    assert f"{UNASSIGNED}没有编入党小组（自 2021年12月1日）。" in words
    assert f"{FIRST} 营销管理 品牌培育岗 城区 18 3 是" in words
    assert "报送稿件 宣传岗 每季一篇" in words


@pytest.mark.parametrize(
    ("finding", "says"),
    [
        ("two_groups", "陆小北同时在两个党小组，其中之一是驮卢片区"),
        ("no_leader", "驮卢片区没有组长"),
        ("two_leaders", "驮卢片区不止一位组长，其中一位是陆小北"),
    ],
)
def test_every_finding_has_its_sentence(finding: str, says: str) -> None:
    report = report_of()
    one = report.tables["roster_findings"].iloc[[0]].assign(finding=finding, member=MOVED, party_group="驮卢片区")
    assert says in text_of(show_roster(with_table(report, "roster_findings", one)))


def test_a_bureau_that_keeps_nothing_of_members_still_has_a_page() -> None:
    report = report_of()
    kept = {"memberships"}
    empty = {name: frame if name in kept else frame.iloc[:0] for name, frame in report.tables.items()}
    page = render_secretary_page(replace(report, tables=empty))
    assert "积分细则里没有党员项目，或本季没有党员积分" in page


def test_no_retailer_stands_on_the_page() -> None:
    columns = {column for table in report_of().tables.values() for column in table}
    assert "retailer_no" not in columns


def test_hostile_names_are_inert() -> None:
    report = report_of()
    months = {
        name: frame.assign(member=frame["member"].replace(FIRST, "<script>alert(1)</script>"))
        for name, frame in report.tables.items()
        if "member" in frame
    }
    page = render_secretary_page(replace(report, tables={**report.tables, **months}))
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_many_members_stay_a_table_that_moves_within_its_frame() -> None:
    section: Block = show_member_year(report_of())
    html = "".join(str(output.data["text/html"]) for output in section.outputs())
    assert html.count('class="table-block phone-scroll grid short wide"') == 3


def test_places_are_ranges_of_cells() -> None:
    rows = pd.DataFrame(
        [
            {"source_file": file, "source_sheet": sheet, "source_row": row, "source_cell": f"A{row}"}
            for file, sheet, row in [
                ("b.xlsx", "1月", 9),
                ("a.xlsx", "1月", 7),
                ("a.xlsx", "1月", 5),
                ("a.xlsx", "1月", 6),
                ("a.xlsx", "1月", 6),
                ("a.xlsx", "1月", 9),
                ("a.xlsx", "2月", 3),
            ]
        ]
    )
    text = places_text(rows, load_texts("zh"))
    assert text == "a.xlsx [1月] A5–A7、A9（4 行）；a.xlsx [2月] A3；b.xlsx [1月] A9"
    assert places_text(rows.iloc[:0], load_texts("zh")) == ""


def test_a_string_of_a_style_sheet_cannot_end_itself() -> None:
    assert css_string('a"b\\c</style>') == '"a\\22 b\\5c c\\3c /style\\3e "'


def test_columns_that_hold_nothing_are_left_out_but_for_the_first() -> None:
    frame = pd.DataFrame({"a": [None], "b": [None], "c": [0.0]})
    columns = (Column("a", "A"), Column("b", "B"), Column("c", "C"))
    assert [column.name for column in filled_columns(frame, columns)] == ["a", "c"]
