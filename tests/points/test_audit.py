"""Printed totals against the recomputed ones: what is compared, what differs, and why."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.points import score_points
from tests.readings import Rows, make_bureau, make_reading

MARKETING, ENFORCEMENT, TERRITORY = GROUPS = ("营销管理", "专卖综合", "驮卢片区")
MONTHS = tuple(str(month) for month in pd.period_range("2019-01", "2019-12", freq="M"))
KINDS = ("activities", "quiz", "decisions", "guidance", "opinions", "points_ledger")
Q1, Q4 = pd.Period("2019Q1", "Q-DEC"), pd.Period("2019Q4", "Q-DEC")
SHEETS = ("meeting_points", "study_points", "decision_points", "activity_points", "guidance_points", "bonus_points")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def sheet(
    month: str,
    *values: float | None,
    total: float | None = None,
    row: int = 10,
    computed: dict[str, float] | None = None,
) -> list[dict[str, object]]:
    """The mean row of a points sheet of 营销管理, in the order of `SHEETS`; None for a column that it does not have."""
    where = {"kind": "monthly_points", "party_group": MARKETING, "month": month, "label": "小组平均", "source_row": row}
    printed = dict(zip((*SHEETS, "total_points"), (*values, total), strict=True))
    return [
        {**where, "column": column, "printed": value, "computed": (computed or {}).get(column, value)}
        | {"source_file": f"{month}积分表.xlsx", "source_cell": f"{column[:1].upper()}{row}"}
        for column, value in printed.items()
        if value is not None
    ]


def reading_of(catalog: Catalog, **rows: Rows) -> Reading:
    """A year of which every kind but the results was handed in."""
    return make_reading(catalog, make_bureau(catalog), dict.fromkeys(KINDS, MONTHS), **rows)


def audit_of(reading: Reading, catalog: Catalog, quarter: pd.Period = Q1) -> pd.DataFrame:
    table = score_points(reading, catalog, quarter).tables["points_audit"]
    return table.set_index(["level", "party_group", "period", "part"])


def month(audit: pd.DataFrame, part: str, period: str = "2019-01") -> pd.Series:
    found = audit.loc[[("month", MARKETING, period, part)]]
    assert len(found) == 1
    return found.iloc[0]


THEME_DAY = {"held_on": "2019-01-10", "party_group": MARKETING, "activity_type": "主题党日"}
A4 = 4 * 30 / 22  # nothing was due in A3
TOTAL = A4 * 100 / 60  # no workbook of C was handed in: A and B stand for all


def test_what_agrees_within_rounding_is_compared_and_is_no_difference(catalog: Catalog) -> None:
    printed = sheet("2019-01", 5.46, 0.0, 0.0, 0.0, 0.0, 0.0, total=9.09)
    audit = audit_of(reading_of(catalog, activities=[THEME_DAY], printed_totals=printed), catalog)
    assert audit.index.get_level_values("part").tolist() == ["A", "B", "D", "total"]
    assert not audit["is_difference"].any()
    assert audit[["explanation", "items", "explained_points", "unexplained_points"]].isna().all(axis=None)
    assert audit["recomputed_points"].tolist() == pytest.approx([A4, 0.0, 0.0, TOTAL])


def test_each_difference_is_explained_and_nothing_is_lost(catalog: Catalog) -> None:
    printed = sheet("2019-01", 0.0, 0.0, 0.0, 5.0, 0.3, 0.0, total=9.2)
    audit = audit_of(reading_of(catalog, activities=[THEME_DAY], printed_totals=printed), catalog)
    a, b, d = (month(audit, part) for part in "ABD")
    assert (a["explanation"], a["items"]) == ("counted_too_few", "A4 −1")
    assert a["difference_points"] == pytest.approx(-A4)
    assert (b["explanation"], b["items"]) == ("unexplained", "B1 +1")  # .3 is no number of visits
    assert b["unexplained_points"] == pytest.approx(5.3)
    assert not d["is_difference"]
    differing = audit[audit["is_difference"]]
    sums = differing["explained_points"] + differing["unexplained_points"]
    assert sums.tolist() == pytest.approx(differing["difference_points"].tolist())


def test_the_place_of_a_difference_is_its_sheet(catalog: Catalog) -> None:
    audit = audit_of(reading_of(catalog, printed_totals=sheet("2019-02", 0, 0, 0, 5, 0, 0, total=5)), catalog)
    b = month(audit, "B", "2019-02")
    assert (b["source_file"], b["source_row"], b["source_cell"]) == ("2019-02积分表.xlsx", 10, "A10")


def test_a_total_carries_the_differences_of_its_categories(catalog: Catalog) -> None:
    audit = audit_of(reading_of(catalog, printed_totals=sheet("2019-01", 0, 0, 0, 5, 0, 2, total=7)), catalog)
    total = month(audit, "total")
    assert (total["explanation"], total["items"]) == ("carried", "B +5.00; D +2.00")
    assert total["explained_points"] == pytest.approx(7.0)


def test_columns_that_do_not_add_up_to_the_printed_total_are_the_sheets_own_arithmetic(catalog: Catalog) -> None:
    alone = audit_of(reading_of(catalog, printed_totals=sheet("2019-01", 0, 0, 0, 0, 0, 0, total=3)), catalog)
    total = month(alone, "total")
    assert (total["explanation"], total["items"], total["unexplained_points"]) == ("sheet_arithmetic", "Σ +3.00", 0.0)
    both = audit_of(reading_of(catalog, printed_totals=sheet("2019-01", 0, 0, 0, 5, 0, 0, total=8)), catalog)
    total = month(both, "total")
    assert (total["explanation"], total["items"]) == ("carried_and_arithmetic", "B +5.00; Σ +3.00")


def test_a_plain_sum_forgets_that_a_whole_category_is_missing(catalog: Catalog) -> None:
    printed = sheet("2019-01", 5.45, 0, 0, 0, 0, 0, total=5.45)
    audit = audit_of(reading_of(catalog, activities=[THEME_DAY], printed_totals=printed), catalog)
    total = month(audit, "total")
    assert total["explanation"] == "plain_sum"
    assert pd.isna(total["items"])
    assert total["difference_points"] == pytest.approx(5.45 - TOTAL)


def test_a_mean_that_is_not_that_of_its_rows_is_the_sheets_own_arithmetic(catalog: Catalog) -> None:
    printed = sheet("2019-01", 0, 0, 0, 5, 0, 0, total=5, computed={"activity_points": 0.0})
    audit = audit_of(reading_of(catalog, printed_totals=printed), catalog)
    assert month(audit, "B")["explanation"] == "sheet_arithmetic"


def test_a_column_that_the_sheet_does_not_have(catalog: Catalog) -> None:
    themes: list[dict[str, object]] = [{**THEME_DAY}, {**THEME_DAY, "activity_type": "特色活动", "has_record": True}]
    printed = sheet("2019-01", 5.45, 0, 0, None, 0, 0, total=17.42)
    audit = audit_of(reading_of(catalog, activities=themes, printed_totals=printed), catalog)
    b = month(audit, "B")
    assert (b["explanation"], b["items"], b["difference_points"]) == ("column_left_out", "B1", -5.0)


def test_a_sheet_printed_before_a_correction_is_explained_by_it(catalog: Catalog) -> None:
    correction = {"corrected_on": "2019-05-08", "month": "2019-01", "subject": MARKETING, "party_group": MARKETING}
    reading = reading_of(
        catalog,
        corrections=[{**correction, "item": "B1", "change_points": 5.0, "ground": "补交"}],
        printed_totals=sheet("2019-01", 0, 0, 0, 0, 0, 0, total=0),
    )
    audit = audit_of(reading, catalog)
    b = month(audit, "B")
    assert (b["explanation"], b["items"], b["difference_points"]) == ("correction_missing", "B1 −5", -5.0)


def test_a_sheet_scored_under_the_version_before(catalog: Catalog) -> None:
    changed = {"A4": 3.1, "B1": 4.3}
    newer = tuple(
        replace(rule, version="2.0", effective_month="2019-01", points=changed.get(rule.item, rule.points))
        for rule in catalog.rules
    )
    own = [{**THEME_DAY, "activity_type": "特色活动", "has_record": True}]
    reading = reading_of(catalog, activities=own, printed_totals=sheet("2019-01", 0, 0, 0, 5.0, 0, 0, total=8.33))
    reading = replace(reading, bureau=make_bureau(catalog, rules=(*catalog.rules, *newer)))
    b = month(audit_of(reading, catalog), "B")
    assert b["difference_points"] == pytest.approx(0.7)
    assert (b["explanation"], b["items"]) == ("other_version", "默认1.0")


def test_an_item_of_no_printed_column_is_looked_for_in_the_whole_category(catalog: Catalog) -> None:
    (b5,) = (rule for rule in catalog.rules if rule.item == "B5")
    reading = reading_of(catalog, printed_totals=sheet("2019-01", 0, 0, 0, 0, 5.0, 0, total=5.0))
    reading = replace(reading, bureau=make_bureau(catalog, rules=(*catalog.rules, replace(b5, item="B9"))))
    assert month(audit_of(reading, catalog), "B")["items"] == "B1 +1"  # 5 points in the column of visits


def test_of_a_members_row_only_the_difference_is_kept(catalog: Catalog) -> None:
    row = {"month": "2019-01", "party_group": MARKETING, "activity_points": 5.0, "guidance_points": 2.0}
    based = {**row, "month": "2019-02"}
    rows = [
        {**row, "member": "甲一", "total_points": 7.0},
        {**row, "member": "甲二", "total_points": 9.0},
        {"month": "2019-01", "party_group": MARKETING, "member": "甲三", "total_points": 80.0},  # has no columns
        {**based, "member": "甲一", "total_points": 67.0, "source_file": "b.xlsx"},  # 60 of base, 7 earned
        {**based, "member": "甲二", "total_points": 67.0, "source_file": "b.xlsx"},
    ]
    table = score_points(reading_of(catalog, printed_points=rows), catalog, Q1).tables["points_audit"]
    assert set(table["part"]) == {"member_row"}
    assert table[["printed_points", "recomputed_points"]].isna().all(axis=None)
    assert table["difference_points"].tolist() == pytest.approx(
        [0, 2, float("nan"), float("nan"), float("nan")], nan_ok=True
    )
    assert table["explanation"].fillna("").tolist() == ["", "sheet_arithmetic", *["no_counterpart"] * 3]
    assert "member" not in table


YEAR_SHEETS = [
    {"quarter": "2019Q1", "points_mean": 1.67, "mutual_score": 90.0, "total_score": 26.67},  # January's 5 too many
    {"quarter": "2019Q2", "points_mean": 0.0, "mutual_score": 93.33, "total_score": 26.0},  # 100 of itself counted
    {"quarter": "2019Q3", "points_mean": 0.0, "mutual_score": 90.0, "total_score": 35.5},  # 25.50 mistyped
    {"quarter": "2019Q4", "points_mean": 2.0, "mutual_score": 85.0, "total_score": 26.15},  # nobody knows why
]


@pytest.fixture(scope="module")
def year(catalog: Catalog) -> pd.DataFrame:
    """A year in which nothing happened, of which 营销管理's sheets say something else; the others are right."""
    reviews = [
        {"quarter": quarter, "rater_group": rater, "rated_group": rated, "score": 100.0 if rater == rated else 90.0}
        for quarter in ("2019Q1", "2019Q2", "2019Q3", "2019Q4")
        for rater in GROUPS
        for rated in GROUPS
    ]
    quarters = [{"party_group": MARKETING, "committee_score": 80.0, **row} for row in YEAR_SHEETS]
    quarters += [
        {"quarter": row["quarter"], "party_group": group, "committee_score": 80.0, "total_score": 25.5}
        for row in YEAR_SHEETS
        for group in (ENFORCEMENT, TERRITORY)
    ]
    years = [
        {"year": 2019, "party_group": MARKETING, "quarter_mean": 28.58, "peer_appraisal": 95.0, "total_score": 41.86},
        {"year": 2019, "party_group": ENFORCEMENT, "quarter_mean": 25.5, "peer_appraisal": 95.0, "total_score": 39.54},
        {"year": 2018, "party_group": MARKETING, "quarter_mean": 80.0, "peer_appraisal": 95.0, "total_score": 83.0},
    ]
    reading = reading_of(
        catalog,
        mutual_reviews=reviews,
        quarter_assessments=quarters,
        annual_reviews=years,
        printed_totals=sheet("2019-01", 0, 0, 0, 5, 0, 0, total=5)
        + [cell for m in MONTHS[1:9] for cell in sheet(m, 0, 0, 0, 0, 0, 0, total=0)],
    )
    return audit_of(reading, catalog, Q4)


def cause(audit: pd.DataFrame, level: str, period: str, part: str, group: str = MARKETING) -> tuple[object, object]:
    row = audit.loc[[(level, group, period, part)]].iloc[0]
    return row["explanation"], "" if pd.isna(row["items"]) else row["items"]


def test_a_quarter_carries_its_months_by_the_weights_of_the_rule_book(year: pd.DataFrame) -> None:
    assert cause(year, "quarter", "2019Q1", "points_mean") == ("carried", "2019-01 +1.67")
    assert cause(year, "quarter", "2019Q1", "quarter_score") == ("carried", "points_mean +1.17")
    row = year.loc[[("quarter", MARKETING, "2019Q1", "quarter_score")]].iloc[0]
    assert row["recomputed_points"] == pytest.approx(0.15 * 80 + 0.15 * 90)


def test_a_self_rating_that_was_counted(year: pd.DataFrame) -> None:
    assert cause(year, "quarter", "2019Q2", "mutual_score") == ("self_rating_counted", "")
    assert cause(year, "quarter", "2019Q2", "quarter_score") == ("carried", "mutual_score +0.50")


def test_a_mistyped_quarter_score_is_the_sheets_own_arithmetic(year: pd.DataFrame) -> None:
    assert cause(year, "quarter", "2019Q3", "quarter_score") == ("sheet_arithmetic", "Σ +10.00")


def test_what_follows_from_nothing_printed_is_unexplained(year: pd.DataFrame) -> None:
    # no points sheet of October to December was handed in, and no selection of ratings gives 85
    assert cause(year, "quarter", "2019Q4", "points_mean") == ("unexplained", "")
    assert cause(year, "quarter", "2019Q4", "mutual_score") == ("unexplained", "")
    assert cause(year, "quarter", "2019Q4", "quarter_score") == ("carried", "points_mean +1.40; mutual_score −0.75")


def test_a_year_carries_its_quarters(year: pd.DataFrame) -> None:
    explanation, items = cause(year, "year", "2019", "quarter_mean")
    assert (explanation, items) == ("carried", "2019Q1 +0.29; 2019Q2 +0.12; 2019Q3 +2.50; 2019Q4 +0.16")
    assert cause(year, "year", "2019", "year_score") == ("carried", "quarter_mean +2.46")
    assert cause(year, "year", "2019", "year_score", ENFORCEMENT) == ("sheet_arithmetic", "Σ +0.14")


@pytest.mark.parametrize(
    ("printed", "differ"),
    [((91.7, 90.0), 0), ((91.67, 90.0), 0), ((91.7, 90.01), 1), ((91.6, 90.0), 1), ((92.0, 90.0), 1)],
)
def test_a_column_printed_to_one_decimal_is_compared_to_one(
    catalog: Catalog, printed: tuple[float, float], differ: int
) -> None:
    given = {MARKETING: (90.0, 91.0, 94.0), ENFORCEMENT: (90.0, 90.0, 90.0)}
    reviews = [
        {"quarter": "2019Q1", "rater_group": f"{place}组", "rated_group": rated, "score": score}
        for rated, scores in given.items()
        for place, score in enumerate(scores)
    ]
    sheets = [
        {"quarter": "2019Q1", "party_group": group, "mutual_score": score}
        for group, score in zip(given, printed, strict=True)
    ]
    reading = reading_of(catalog, mutual_reviews=reviews, quarter_assessments=sheets)
    table = score_points(reading, catalog, Q1).tables["points_audit"]
    assert table["recomputed_points"].sort_values().tolist() == pytest.approx([90.0, 275 / 3])
    assert int(table["is_difference"].sum()) == differ


def test_what_nobody_can_recompute_is_said_and_not_counted_as_a_difference(year: pd.DataFrame) -> None:
    row = year.loc[[("year", MARKETING, "2018", "year_score")]].iloc[0]
    assert (row["explanation"], row["is_difference"], pd.isna(row["difference_points"])) == (
        "no_counterpart",
        False,
        True,
    )


def test_everything_printed_is_compared(year: pd.DataFrame) -> None:
    printed = {"month": 9 * 4, "quarter": 4 * 3 + 4 * 2, "year": 6}
    assert year.groupby(level="level", observed=True).size().to_dict() == printed


def test_what_is_printed_after_the_quarter_is_not_looked_at(catalog: Catalog) -> None:
    printed = [cell for period in ("2019-03", "2019-04") for cell in sheet(period, 0, 0, 0, 0, 0, 0, total=0)]
    later = [{"quarter": quarter, "party_group": MARKETING, "total_score": 1.0} for quarter in ("2019Q1", "2019Q2")]
    years = [{"year": 2019, "party_group": MARKETING, "total_score": 1.0}]
    reading = reading_of(catalog, printed_totals=printed, quarter_assessments=later, annual_reviews=years)
    audit = audit_of(reading, catalog)
    assert set(audit.index.get_level_values("period")) == {"2019-03", "2019Q1"}


def test_two_printed_rows_of_a_month_are_compared_each(catalog: Catalog) -> None:
    twice = [cell for row in (5, 20) for cell in sheet("2019-01", 0, 0, 0, 0, 0, 0, total=0, row=row)]
    audit = audit_of(reading_of(catalog, printed_totals=twice), catalog)
    assert len(audit) == 8
    assert not audit["is_difference"].any()


def test_a_quarter_that_put_one_month_right_carries_only_the_other(catalog: Catalog) -> None:
    printed = [
        *sheet("2019-01", 0, 0, 0, 5, 0, 0, total=5),
        *sheet("2019-02", 0, 0, 0, 10, 0, 0, total=10),
        *sheet("2019-03", 0, 0, 0, 0, 0, 0, total=0),
    ]
    quarter = [{"quarter": "2019Q1", "party_group": MARKETING, "points_mean": 3.33}]
    audit = audit_of(reading_of(catalog, printed_totals=printed, quarter_assessments=quarter), catalog)
    assert cause(audit, "quarter", "2019Q1", "points_mean") == ("carried", "2019-02 +3.33")
