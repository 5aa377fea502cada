"""The section on printed totals: what is said of them, and that it stays with groups."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.points.audit import NO_COUNTERPART
from pipeline.report.material.audit_words import audit_rows, explanation_text, part_text
from pipeline.report.material.quarter import PAGE_TABLES, QuarterReport, build_quarter
from pipeline.report.quarterly.sections_audit import show_audit
from pipeline.report.quarterly.sections_next import matters_to_look_at
from pipeline.texts import load_texts
from tests.readings import make_table
from tests.report.altered import with_table
from tests.report.pages import text_of
from tests.report.sample_material import derived_tables, sample_reading, sample_report

QUARTER = pd.Period("2021Q4", "Q-DEC")
SLIP = {
    "level": "month",
    "party_group": "营销管理",
    "period": "2021-10",
    "part": "B",
    "printed_points": 20.0,
    "recomputed_points": 15.0,
    "difference_points": 5.0,
    "is_difference": True,
    "explanation": "counted_too_many",
    "items": "B1 +1",
    "explained_points": 5.0,
    "unexplained_points": 0.0,
    "source_file": "积分/2021年10月积分表.xlsx",
    "source_sheet": "营销管理",
    "source_row": 10,
    "source_cell": "F10",
}
AGREES = SLIP | {"part": "A", "difference_points": 0.0, "is_difference": False, "explanation": None, "items": None}
TOTAL = SLIP | {"part": "total", "explanation": "carried", "items": "B +5.00", "source_cell": "K10"}
BEFORE = SLIP | {"period": "2021-08", "explanation": "unexplained", "items": None, "unexplained_points": 5.0}
UNKNOWN = SLIP | {
    "level": "quarter",
    "period": "2021Q4",
    "part": "quarter_score",
    "recomputed_points": None,
    "difference_points": None,
    "is_difference": False,
    "explanation": NO_COUNTERPART,
    "items": None,
}


def audited(*rows: dict[str, object], lang: str = "zh", quarter: str = "2021Q4") -> QuarterReport:
    return with_table(sample_report(lang, quarter), "points_audit", make_table("points_audit", load_catalog(), rows))


def test_the_lead_counts_what_was_compared_what_differs_and_what_only_follows() -> None:
    words = text_of(show_audit(audited(SLIP, AGREES, TOTAL, UNKNOWN, BEFORE)))
    assert (
        "本季打印的合计核对 3 处，2 处与复算不一致：1 处找到了能解释的漏误，1 处只是随之变动，0 处没有找到解释。"
        in words
    )
    assert "另有 1 处缺少复算所需的数据，没有核对。" in words
    assert "此前各期核对 1 处，1 处不一致，其中 1 处没有找到解释。" in words


def test_a_difference_says_what_it_is_and_where_it_stands() -> None:
    words = text_of(show_audit(audited(SLIP, AGREES, TOTAL)))
    assert (
        "营销管理 2021年10月 B 特色活动 20.00 15.00 +5.00 多计：B1 特色活动 +1 "
        "积分/2021年10月积分表.xlsx [营销管理] F10"
    ) in words
    assert "月积分合计 20.00 15.00 +5.00 随之变动：B 特色活动 +5.00" in words


def test_a_quarter_of_which_everything_agrees_has_no_table() -> None:
    words = text_of(show_audit(audited(AGREES)))
    assert "本季打印的合计核对 1 处，都与复算一致。" in words
    assert "打印与复算不一致" not in words
    assert "本季没有打印的积分合计可以核对。" in text_of(show_audit(audited()))


def test_a_year_is_closed_by_its_last_quarter() -> None:
    year = SLIP | {"level": "year", "period": "2021", "part": "year_score"}
    for quarter, count in (("2021Q4", 1), ("2021Q3", 0)):
        own, before = audit_rows(audited(year, quarter=quarter))
        assert (len(own), len(before)) == (count, 1 - count)


@pytest.mark.parametrize(
    ("code", "items", "words"),
    [
        ("other_band", "A2 6→4", "套错档：A2 到会率 6→4"),
        ("carried", "2021-10 −1.33", "随之变动：2021年10月 −1.33"),
        ("carried", "2021Q3 +0.29", "随之变动：2021年三季度 +0.29"),
        ("carried", "points_mean +1.16; mutual_score −0.75", "随之变动：月积分均值 +1.16；互评得分 −0.75"),
        ("sheet_arithmetic", "Σ +0.90", "表内计算：与本表各部分之和相差 +0.90"),
        ("sheet_arithmetic", None, "表内计算：与本表各行或各列之和不符"),
        ("plain_sum", None, "合计只是各部分相加，没有折算或保底"),
        ("other_version", "默认1.0", "用了另一版细则：默认1.0"),
        ("rescale_omitted", "C", "没有折算：C 工作业绩"),
        ("unexplained", "B1 +1", "没有找到解释，最接近的是：B1 特色活动 +1"),
        ("unexplained", None, "没有找到解释"),
        ("rater_left_out", "专卖综合", "漏了一个评价小组：专卖综合"),
    ],
)
def test_codes_become_words(code: str, items: str | None, words: str) -> None:
    assert explanation_text({"explanation": code, "items": items}, sample_report()) == words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_slip_and_every_part_has_words(lang: str) -> None:
    report = sample_report(lang)
    codes = [key for key in load_texts("zh").messages if key.startswith("audit.slip_")]
    assert len(codes) > 20
    for key in codes:
        assert "A4" in explanation_text({"explanation": key.removeprefix("audit.slip_"), "items": "A4 −1"}, report)
    for part in ("A", "D", "total", "member_row", "points_mean", "quarter_score", "quarter_mean", "year_score"):
        assert part_text(part, report) not in (part, "")


def test_the_row_of_a_member_shows_its_difference_and_no_points() -> None:
    row = SLIP | {
        "part": "member_row",
        "printed_points": None,
        "recomputed_points": None,
        "explanation": "sheet_arithmetic",
    }
    words = text_of(show_audit(audited(row | {"items": None})))
    assert "党员行合计 — — +5.00 表内计算" in words


def test_a_place_that_is_named_for_a_person_is_redacted() -> None:
    own = {**derived_tables(QUARTER), "points_audit": make_table("points_audit", load_catalog(), [PERSONAL])}
    tables = {name: own[name] for name in PAGE_TABLES}
    report = build_quarter(sample_reading(), tables, QUARTER, load_texts("zh"), load_catalog())
    words = text_of(show_audit(report))
    assert "覃桂芳" not in words
    assert "×××积分表.xlsx [×××] F10" in words


PERSONAL = SLIP | {"source_file": "覃桂芳积分表.xlsx", "source_sheet": "覃 桂 芳"}


def restated(*rows: dict[str, object]) -> pd.DataFrame:
    before = {"points_mean_before": 70.0, "points_mean": 72.5, "change_points": 2.5, "rank_before": 2, "rank": 1}
    counted = {"correction_count": 1, "last_corrected_on": "2021-11-08", "is_after_quarter": True}
    base = {"party_group": "营销管理", "quarter": "2021Q3", **before, **counted}
    return make_table("restatements", load_catalog(), [base | row for row in rows])


UNTOUCHED = {"party_group": "专卖综合", "change_points": 0.0, "correction_count": 0, "last_corrected_on": None}


def test_a_restatement_shows_before_and_after_with_its_date() -> None:
    report = with_table(sample_report(), "restatements", restated({}, UNTOUCHED | {"is_after_quarter": False}))
    words = text_of(show_audit(report)).split("更正改动了什么")[1]
    assert "2021年三季度 营销管理 70.00 72.50 +2.50 1 2021年11月8日 季后" in words
    assert "专卖综合" not in words  # nothing of it changed
    assert "2 → 1" not in words  # the quarter's gaps are within noise: there were no ranks to change


def test_corrections_of_members_stay_with_the_secretary() -> None:
    entry: dict[str, object] = {"corrected_on": "2021-11-08", "month": "2021-08", "party_group": "营销管理"}
    entry |= {"change_points": 1.0, "ground": "补交材料"}
    rows = [
        entry | {"item": item, "member": member, "applied_points": applied}
        for item, member, applied in (("B1", None, 1.0), ("A3", None, None), ("M4", "覃桂芳", 1.0))
    ]
    applied = make_table("corrections_applied", load_catalog(), rows)
    tables = {name: derived_tables(QUARTER)[name] for name in PAGE_TABLES}
    tables |= {"corrections_applied": applied, "restatements": restated({"correction_count": 2})}
    report = build_quarter(sample_reading(), tables, QUARTER, load_texts("zh"), load_catalog())
    words = text_of(show_audit(report))
    assert "B1 特色活动 +1.0 +1.0" in words
    assert "A3 支部决议按期办结率 +1.0 — 当月该项不计分，没有可更正的" in words
    for private in ("M4", "学习笔记", "覃桂芳", "补交材料"):
        assert private not in words


def test_what_is_not_explained_yet_is_a_matter_for_the_next_quarter() -> None:
    lines = matters_to_look_at(audited(SLIP, TOTAL))
    assert any(
        "打印的积分合计与复算有 1 处不一致（随之变动的不重复计），最大的一处是营销管理2021年10月（+5.0 分）" in line
        for line in lines
    )
    assert not any("打印的积分合计" in line for line in matters_to_look_at(audited(AGREES)))


def test_many_differences_are_cut_and_said_to_be() -> None:
    rows = [SLIP | {"part": part, "source_row": row} for row in range(30) for part in ("A", "B")]
    report = audited(*rows)
    words = text_of(show_audit(report))
    assert "列出 40 处，共 60 处；其余见 report.xlsx。" in words
    assert words.count("2021年10月积分表.xlsx") == 40
    english = replace(report, texts=load_texts("en"))
    assert "40 of 60 are listed" in text_of(show_audit(english))
