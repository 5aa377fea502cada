"""The section that leads every point of the quarter to its rule and its rows."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.quarterly.sections_detail import show_detail
from tests.report.altered import with_table
from tests.report.pages import outputs_of, text_of
from tests.report.sample_material import SECRETS, sample_report

OCTOBER = pd.Period("2021-10", "M")


def cell(report: QuarterReport, group: str, item: str) -> str:
    """The words of one item's row in the table of one group."""
    words = text_of(show_detail(report)).split(f"{group}：逐项明细")[1]
    return re.split(r" (?:[A-D]\d |\S+：逐项明细)", words.split(f" {item} ")[1])[0]


def of_item(report: QuarterReport, table: str, item: str, group: str = "营销管理") -> pd.Series:
    frame = report.tables[table]
    return (frame["party_group"] == group) & (frame["item"] == item) & (frame["month"] == OCTOBER)


def test_every_group_has_a_folded_table_of_all_its_items() -> None:
    report = sample_report()
    words = text_of(show_detail(report))
    for group in report.groups:
        assert f"{group}：逐项明细" in words
    html = "".join(str(output.data["text/html"]) for output in outputs_of(show_detail(report)))
    assert html.count("<details") == 3
    own = report.of_quarter("points_by_group_month_item")
    assert html.count("<tr") == 3 + own.groupby("party_group")["item"].nunique().sum()


def test_an_item_shows_value_points_rule_and_rows_month_by_month() -> None:
    report = sample_report()
    rows = report.tables["points_trail"]
    places = rows.loc[of_item(report, "points_trail", "A4"), "source_cell"]
    words = cell(report, "营销管理", "A4")
    assert words.startswith("主题党日 默认1.0·5 1 次 → ")
    assert f"10月：activities.xlsx [Sheet1] {places.item()}。" in words


def test_a_target_stands_beside_what_was_reached() -> None:
    assert re.search(r"[\d.]+ 箱（目标 700.0） → [\d.]+/[\d.]+", cell(sample_report(), "营销管理", "C1"))


@pytest.mark.parametrize(
    ("state", "points", "words"),
    [
        ("not_attributed", None, "不由本组承担"),
        ("no_base", None, "本月无基数"),
        ("not_submitted", 0.0, "未报送 → 0.0/5.5"),
        ("zeroed", 0.0, "弄虚作假记零 → 0.0/5.5"),
    ],
)
def test_what_is_left_out_or_earns_nothing_says_why(state: str, points: float | None, words: str) -> None:
    report = sample_report()
    items = report.tables["points_by_group_month_item"].copy()
    here = of_item(report, "points_by_group_month_item", "A4")
    items.loc[here, ["state", "points", "full_points"]] = [state, points, 5.4545]
    assert words in cell(with_table(report, "points_by_group_month_item", items), "营销管理", "A4")


def test_an_item_that_changed_its_rule_names_both_versions() -> None:
    report = sample_report()
    (a4,) = (rule for rule in report.bureau.rules if rule.item == "A4")
    newer = tuple(
        replace(
            rule,
            version="2.0",
            effective_month="2021-11",
            source_file="积分细则.xlsx",
            source_sheet="细则",
            source_row=row,
        )
        for row, rule in enumerate(report.bureau.rules, start=3)
    )
    bureau = replace(report.bureau, rules=(*report.bureau.rules, *newer))
    words = cell(replace(report, bureau=bureau), "营销管理", "A4")
    assert words.startswith(f"主题党日 默认1.0·{a4.source_row}、2.0·6 ")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_person_is_named(lang: str) -> None:
    words = text_of(show_detail(sample_report(lang)))
    assert [name for name in SECRETS if name in words] == []
    for unfinished in ("nan", "None", "<NA>", "{"):
        assert unfinished not in words
