"""What the page says of the ledgers of work: rates, gaps, coverage, learning, posts and duties; and never a name."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.ingest.ledger import FileLedger
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.quarterly.sections_work import show_work
from pipeline.report.quarterly.work_rows import months_lacking
from tests.readings import make_table
from tests.report.altered import with_table
from tests.report.pages import text_of
from tests.report.sample_material import SECRETS, sample_report

MARKETING, ENFORCEMENT, TERRITORY = "营销管理", "专卖综合", "驮卢片区"


def with_rows(report: QuarterReport, name: str, *rows: dict[str, object]) -> QuarterReport:
    """The same report with other rows of one derived table, all of its quarter."""
    listed = [{"quarter": str(report.quarter), **row} for row in rows]
    return with_table(report, name, make_table(name, report.catalog, listed)[list(report.tables[name].columns)])


def without_coverage(report: QuarterReport, kind: str, *months: str, group: str | None = None) -> QuarterReport:
    """The same report without workbooks of one kind in some months; with ``group``, the other groups keep theirs."""
    coverage = report.tables["coverage"]
    gone = (coverage["kind"] == kind) & coverage["month"].isin([pd.Period(month, "M") for month in months])
    kept = coverage[~gone]
    if group is not None:
        parts = [coverage[gone].assign(party_group=other) for other in report.groups if other != group]
        kept = pd.concat([kept, *parts])
    return with_table(report, "coverage", kept)


def work_row(matter: str, group: str, **numbers: object) -> dict[str, object]:
    return {"matter": matter, "party_group": group, "state": "known", **numbers}


def test_the_lead_adds_up_the_groups_of_each_matter() -> None:
    report = with_rows(
        sample_report(),
        "work_by_group_quarter",
        work_row("decisions", MARKETING, due_count=5, on_time_count=4),
        work_row("decisions", ENFORCEMENT, due_count=3, on_time_count=1),
        work_row("opinions", MARKETING, due_count=0, on_time_count=0),
        {**work_row("pledges", MARKETING), "state": "not_submitted"},
    )
    words = text_of(show_work(report))
    assert "本季到期：决议 8 项，按期办结 5 项（62.5%）；群众意见没有到期的；承诺没有台账。" in words


def test_closures_stand_by_matter_and_group_in_their_fixed_order() -> None:
    numbers = {"entry_count": 6, "due_count": 5, "on_time_count": 1, "on_time_pct": 20.0, "closed_count": 3}
    late = {"median_days_d": 26.0, "overdue_count": 2, "longest_overdue_d": 1030}
    report = with_rows(
        sample_report(),
        "work_by_group_quarter",
        work_row("opinions", MARKETING, due_count=0, on_time_count=0, entry_count=0, overdue_count=0),
        work_row("decisions", ENFORCEMENT, due_count=0, on_time_count=0, entry_count=0, overdue_count=0),
        work_row("decisions", MARKETING, **numbers, **late),
    )
    words = text_of(show_work(report))
    assert "决议 营销管理 6 5 1 20.0 26.0 2 1,030" in words
    places = [words.index(part) for part in ("决议 营销管理 6", "决议 专卖综合 0 0", "群众意见 营销管理 0 0")]
    assert places == sorted(places)


def test_what_was_not_handed_in_is_no_zero_and_is_named_by_month() -> None:
    assert "没有数据的台账：群众意见（12月）。" in text_of(show_work(sample_report()))
    empty = with_rows(
        without_coverage(sample_report(), "decisions", "2021-10", "2021-11", "2021-12"),
        "work_by_group_quarter",
        {**work_row("decisions", MARKETING), "state": "not_submitted"},
    )
    words = text_of(show_work(empty))
    assert "决议 营销管理 没有台账 — — — — — —" in words
    assert "决议（10月、11月、12月）" in words


def test_a_group_that_alone_lacks_a_ledger_is_named() -> None:
    report = without_coverage(sample_report(), "frontline", "2021-11", group=TERRITORY)
    assert months_lacking(report, "frontline_visits", TERRITORY) == (pd.Period("2021-11", "M"),)
    assert months_lacking(report, "frontline_visits", MARKETING) == ()
    assert "到一线（驮卢片区 11月）" in text_of(show_work(report))


def test_coverage_says_who_was_reached_once_again_and_not() -> None:
    report = with_rows(
        sample_report(),
        "work_by_group_quarter",
        work_row(
            "guidance",
            MARKETING,
            entry_count=31,
            covered_count=30,
            repeated_count=1,
            coverage_base=1212,
            coverage_pct=100 * 30 / 1212,
        ),
        work_row("guidance", ENFORCEMENT, entry_count=23, covered_count=23, repeated_count=0),
        work_row(
            "frontline",
            MARKETING,
            entry_count=6,
            covered_count=3,
            repeated_count=2,
            coverage_base=5,
            coverage_pct=60.0,
        ),
    )
    words = text_of(show_work(report))
    assert "零售户帮扶（户） 营销管理 31 30 1 1,182 1,212 2.5" in words
    assert "零售户帮扶（户） 专卖综合 23 23 0 — — —" in words  # no retailers of its own: no coverage
    assert "到一线（人） 营销管理 6 3 2 2 5 60.0" in words
    assert "营销管理零售户帮扶：去过一次 29 户，不止一次 1 户，其余 1,182 户本季没有去（全部 1,212 户）" in words
    assert "专卖综合零售户帮扶" not in words


def test_learning_stands_by_group_with_its_gaps() -> None:
    report = with_rows(
        sample_report(),
        "learning_by_group_quarter",
        {
            "party_group": MARKETING,
            "state": "known",
            "session_count": 3,
            "expected_count": 14,
            "excused_count": 1,
            "participant_count": 12,
            "participation_pct": 100 * 12 / 14,
            "quiz_mean": 86.25,
            "retake_count": 2,
            "training_hours_h": 7.5,
        },
        {"party_group": ENFORCEMENT, "state": "not_submitted", "training_hours_h": 4.0},
    )
    words = text_of(show_work(without_coverage(report, "quiz", "2021-12")))
    assert "营销管理 3 14 12 85.7 86.2 2 1 7.5" in words
    assert "专卖综合 没有台账 — — — — — — 4.0" in words
    assert "没有数据的台账：答题成绩（12月）。" in words


POSTS = {
    "party_group": MARKETING,
    "member_count": 5,
    "members_with_post": 4,
    "post_coverage_pct": 80.0,
    "duty_area_count": 3,
    "duty_areas_served": 2,
    "duty_area_coverage_pct": 200 / 3,
    "pioneer_post_count": 1,
    "duty_count": 40,
}


def without_posts(report: QuarterReport) -> QuarterReport:
    """The same report when nobody handed in a ledger of posts in the quarter."""
    gone = without_coverage(report, "post_duties", "2021-10", "2021-11", "2021-12")
    return with_rows(gone, "posts_by_group_quarter", {"party_group": MARKETING, "member_count": 5})


def test_posts_are_counted_and_without_a_ledger_unknown() -> None:
    report = with_rows(sample_report(), "posts_by_group_quarter", POSTS)
    assert "营销管理 5 4 80.0 3 2 66.7 1 40" in text_of(show_work(report))
    words = text_of(show_work(without_posts(report)))
    assert "营销管理 5 没有台账 — — — — — —" in words
    assert "设岗定责台账（10月、11月、12月）" in words


def with_duties(report: QuarterReport, *duties: tuple[str, str, str]) -> QuarterReport:
    """The same report with a list of duties, of which these have no owner."""
    file = FileLedger("设置/职责清单.xlsx", "0" * 64, "read", None, "duty_list", ())
    rows = [{"post": post, "duty": duty, "standard": standard} for post, duty, standard in duties]
    table = make_table("duties_without_owner", report.catalog, rows)
    return with_table(replace(report, files=(*report.files, file)), "duties_without_owner", table)


def test_duties_that_nobody_has_are_listed() -> None:
    report = with_duties(sample_report(), ("信访接待岗", "每周接待一次", "有记录"), ("信访接待岗", "月末汇总", "书面"))
    words = text_of(show_work(report))
    assert "职责清单上有 1 个岗位本季无人承担，涉及职责 2 项。" in words
    assert "信访接待岗 每周接待一次 有记录" in words


def test_no_list_no_ledger_and_nothing_free_are_three_answers() -> None:
    report = sample_report()
    assert "没有职责清单" in text_of(show_work(report))
    listed = with_duties(report)
    assert "职责清单上的岗位本季都有人承担" in text_of(show_work(listed))
    assert "看不出哪些职责无人承担" in text_of(show_work(without_posts(listed)))


def test_members_are_counted_by_month_and_open_questions_are_said() -> None:
    report = sample_report()
    rows = [
        {"party_group": MARKETING, "month": month, "member_count": count, "joined_count": joined, "left_count": 0}
        for month, count, joined in (("2021-10", 5, 0), ("2021-11", 5, 1), ("2021-12", 6, 0))
    ]
    headcount = make_table("headcount_by_group_month", report.catalog, rows)
    columns = list(report.tables["headcount_by_group_month"].columns)
    report = with_table(report, "headcount_by_group_month", headcount[columns])
    findings = [
        {"finding": "unassigned", "member": "甲"},
        {"finding": "two_groups", "member": "乙", "party_group": MARKETING},
        {"finding": "no_leader", "party_group": TERRITORY},
    ]
    table = make_table("roster_findings", report.catalog, findings)
    words = text_of(
        show_work(with_table(report, "roster_findings", table[list(report.tables["roster_findings"].columns)]))
    )
    assert "营销管理 5 5 6 1 0" in words
    assert "花名册上有 1 人没有写党小组" in words
    assert "花名册上有 1 人同一时间在两个党小组" in words
    assert "驮卢片区在季末没有组长。" in words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_is_shown(lang: str) -> None:
    words = text_of(show_work(sample_report(lang)))
    assert [name for name in SECRETS if name in words] == []
    assert "owner" not in sample_report(lang).tables["overdue"].columns
