"""The joined panel: attribution, missing months, quarters against plan and last year, overdue matters, submissions."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.faults import Fault, to_issues
from pipeline.ingest.ledger import FileLedger, SheetLedger
from pipeline.panel import (
    build_panel,
    correlated_results,
    coupled_metrics,
    directed_results,
    list_overdue,
    list_submissions,
    process_points,
    summarise_metrics,
)
from pipeline.points import score_points
from pipeline.texts import load_texts
from tests.readings import make_bureau, make_reading

QUARTER = pd.Period("2019Q1", "Q-DEC")
MONTHS = ("2019-01", "2019-02", "2019-03")
MARKETING, ENFORCEMENT, TERRITORY = "营销管理", "专卖综合", "驮卢片区"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def sale(month: str, volume: float, revenue: float, group: str = MARKETING) -> dict[str, object]:
    return {"month": month, "party_group": group, "volume_xiang": volume, "revenue_yuan": revenue}


def panel_of(catalog: Catalog, covered: dict[str, tuple[str, ...]], **rows: object) -> pd.DataFrame:
    bureau = make_bureau(catalog)
    reading = make_reading(catalog, bureau, covered, **rows)  # type: ignore[arg-type]
    return build_panel(score_points(reading, catalog, QUARTER), bureau, catalog)


def test_a_group_has_only_the_metrics_it_owns(catalog: Catalog) -> None:
    panel = panel_of(catalog, {"sales": MONTHS}, sales_by_group_month=[sale("2019-01", 700.0, 2e7, ENFORCEMENT)])
    owned = panel.groupby("party_group")["metric"].unique()
    assert "volume_xiang" not in owned[ENFORCEMENT]  # sales of the enforcement group exist nowhere
    assert "cases_filed" not in owned[MARKETING]
    assert {"volume_xiang", "cases_filed"} <= set(owned[TERRITORY])


def test_a_month_without_its_workbook_is_missing_and_not_zero(catalog: Catalog) -> None:
    covered = {"sales": MONTHS, "cases": ("2019-01", "2019-03")}
    panel = panel_of(catalog, covered, sales_by_group_month=[sale("2019-01", 700.0, 2e7)]).set_index(
        ["party_group", "metric", "month"]
    )
    january, february = pd.Period("2019-01", "M"), pd.Period("2019-02", "M")
    assert panel.loc[(MARKETING, "volume_xiang", january), "value"] == 700.0
    assert panel.loc[(MARKETING, "volume_xiang", february), ["value", "state"]].isna().tolist() == [True, False]
    assert panel.loc[(MARKETING, "volume_xiang", february), "state"] == "not_submitted"
    assert panel.loc[(ENFORCEMENT, "cases_filed", january), "value"] == 0.0  # the ledger is there and holds no case
    assert panel.loc[(ENFORCEMENT, "cases_filed", february), "state"] == "not_submitted"
    assert panel.loc[(ENFORCEMENT, "cases_on_time_pct", january), "state"] == "no_base"


def test_quarters_divide_sums_and_compare_like_with_like(catalog: Catalog) -> None:
    months = tuple(str(month) for month in pd.period_range("2018-01", "2019-03", freq="M"))
    bureau = make_bureau(catalog)
    sales = [
        sale("2019-01", 800.0, 800 * 30000.0),
        sale("2019-02", 500.0, 500 * 28000.0),
        sale("2019-03", 700.0, 700 * 29000.0),
    ]
    targets = [
        {"month": month, "party_group": MARKETING, "volume_plan_xiang": 680.0, "revenue_per_case_target_yuan": 29000.0}
        for month in MONTHS
    ]
    shelf = [
        {"month": "2019-02", "party_group": MARKETING, "retailers": 1000, "stocking_retailers": 150},
        {"month": "2019-03", "party_group": MARKETING, "retailers": 1200, "stocking_retailers": 480},
    ]
    covered = {"sales": months, "targets": months, "shelf": months}
    reading = make_reading(
        catalog,
        bureau,
        covered,
        sales_by_group_month=sales,
        targets_by_group_month=targets,
        shelf_rates_by_group_month=shelf,
    )
    points = score_points(reading, catalog, QUARTER)
    table = summarise_metrics(points, bureau, catalog).set_index(["party_group", "metric", "quarter"])
    volume = table.loc[(MARKETING, "volume_xiang", QUARTER)]
    assert volume["value"] == 2000.0
    assert volume["target"] == 2040.0
    assert volume["attained_pct"] == pytest.approx(100 * 2000 / 2040)
    assert pd.isna(volume["change"])  # nothing is known of the year before
    per_case = table.loc[(MARKETING, "revenue_per_case_yuan", QUARTER)]
    assert per_case["value"] == pytest.approx((800 * 30000 + 500 * 28000 + 700 * 29000) / 2000)  # not a mean of ratios
    rate = table.loc[(MARKETING, "new_product_shelf_rate_pct", QUARTER)]
    assert rate["value"] == pytest.approx(100 * 630 / 2200)
    assert rate["month_count"] == 2


def test_rates_change_in_points_and_amounts_in_percent(catalog: Catalog) -> None:
    quarter = pd.Period("2020Q1", "Q-DEC")
    months = tuple(str(month) for month in pd.period_range("2019-01", "2020-03", freq="M"))
    sales, shelf = [], []
    for year, volume, stocked in ((2019, 600.0, 100), (2020, 630.0, 130)):
        for number in (1, 2, 3):
            month = f"{year}-{number:02d}"
            sales.append(sale(month, volume, volume * 30000.0))
            shelf.append({"month": month, "party_group": MARKETING, "retailers": 1000, "stocking_retailers": stocked})
    bureau = make_bureau(catalog)
    reading = make_reading(
        catalog,
        bureau,
        {"sales": months, "shelf": months},
        sales_by_group_month=sales,
        shelf_rates_by_group_month=shelf,
    )
    points = score_points(reading, catalog, quarter)
    table = summarise_metrics(points, bureau, catalog).set_index(["party_group", "metric", "quarter"])
    assert table.loc[(MARKETING, "volume_xiang", quarter), "change"] == pytest.approx(5.0)  # percent
    assert table.loc[(MARKETING, "new_product_shelf_rate_pct", quarter), "change"] == pytest.approx(3.0)  # 百分点


@pytest.mark.parametrize(
    ("handed_in", "compared"),
    [
        (("2020-03",), True),  # March with March
        (("2020-01",), False),  # the festival of 2019 was in February
        (("2020-01", "2020-02"), True),  # 元春 combined
        (("2020-02", "2020-03"), False),
    ],
)
def test_january_and_february_are_compared_combined_or_not_at_all(
    catalog: Catalog, handed_in: tuple[str, ...], compared: bool
) -> None:
    quarter = pd.Period("2020Q1", "Q-DEC")
    months = tuple(str(month) for month in pd.period_range("2019-01", "2020-03", freq="M"))
    sales = [sale(month, 600.0, 1e7) for month in ("2019-01", "2019-02", "2019-03")]
    sales += [sale(month, 660.0, 1e7) for month in handed_in]
    bureau = make_bureau(catalog)
    reading = make_reading(catalog, bureau, {"sales": months}, sales_by_group_month=sales)
    table = summarise_metrics(score_points(reading, catalog, quarter), bureau, catalog)
    row = table[
        (table["metric"] == "volume_xiang") & (table["quarter"] == quarter) & (table["party_group"] == MARKETING)
    ].iloc[0]
    assert row["month_count"] == len(handed_in)
    if compared:
        assert row["last_year"] == 600.0 * len(handed_in)
        assert row["change"] == pytest.approx(10.0)
    else:
        assert np.isnan(row["last_year"])
        assert np.isnan(row["change"])


def test_last_year_of_a_rate_is_that_of_the_whole_quarter_as_its_own_report_said(catalog: Catalog) -> None:
    """Two of three were late a year ago, in October and December, when nothing is due now; one in time in November."""
    now, before = pd.Period("2020Q4", "Q-DEC"), pd.Period("2019Q4", "Q-DEC")
    days = ("2019-09-10", "2019-10-10", "2019-11-10", "2020-10-10")  # due 30 days later
    shops = [
        {
            "found_on": pd.Timestamp(day),
            "party_group": ENFORCEMENT,
            "closed_on": pd.Timestamp(day) + pd.Timedelta(days=60 if number in (0, 2) else 5),
        }
        for number, day in enumerate(days)
    ]
    months = tuple(str(month) for month in pd.period_range("2019-09", "2020-12", freq="M"))
    bureau = make_bureau(catalog)
    reading = make_reading(catalog, bureau, {"unlicensed": months}, unlicensed_shops=shops)
    table = summarise_metrics(score_points(reading, catalog, now), bureau, catalog)
    own = table[(table["party_group"] == ENFORCEMENT) & (table["metric"] == "unlicensed_on_time_pct")]
    rows = own.set_index("quarter")
    assert rows.loc[before, "value"] == pytest.approx(100.0 / 3)
    assert rows.loc[now, "last_year"] == rows.loc[before, "value"]
    assert rows.loc[now, "change"] == pytest.approx(200.0 / 3)


def test_a_target_counts_for_the_months_that_have_a_result(catalog: Catalog) -> None:
    targets = [{"month": month, "party_group": ENFORCEMENT, "inspections_plan": 400} for month in MONTHS]
    done = [
        {"month": month, "party_group": ENFORCEMENT, "market_inspections": 300, "courier_inspections": 80}
        for month in ("2019-01", "2019-03")  # February was not handed in
    ]
    bureau = make_bureau(catalog)
    covered = {"targets": MONTHS, "inspections": ("2019-01", "2019-03")}
    reading = make_reading(catalog, bureau, covered, targets_by_group_month=targets, inspections_by_group_month=done)
    table = summarise_metrics(score_points(reading, catalog, QUARTER), bureau, catalog)
    row = table[(table["metric"] == "inspections") & (table["party_group"] == ENFORCEMENT)].iloc[0]
    assert (row["value"], row["target"], row["month_count"]) == (760.0, 800.0, 2)
    assert row["attained_pct"] == pytest.approx(95.0)  # not 63 % of three months


def test_what_goes_into_the_correlations(catalog: Catalog) -> None:
    panel = panel_of(catalog, {"sales": MONTHS}, sales_by_group_month=[sale("2019-01", 700.0, 2e7)])
    results = correlated_results(panel, catalog)
    assert set(results["metric"]) == {name for name, metric in catalog.metrics.items() if metric.is_correlated}
    points = process_points(panel)
    assert list(points.columns) == ["group", "month", "value"]
    assert not points.duplicated(subset=["group", "month"]).any()


def test_only_results_with_a_good_side_can_improve(catalog: Catalog) -> None:
    panel = panel_of(catalog, {"sales": MONTHS, "cases": MONTHS}, sales_by_group_month=[sale("2019-01", 700.0, 2e7)])
    results = directed_results(panel, catalog)
    assert "cases_filed" in set(panel["metric"])
    assert "cases_filed" not in set(results["metric"])  # more cases do not mean a better market
    own = results[(results["party_group"] == MARKETING) & (results["metric"] == "volume_xiang")]
    assert own["value"].tolist()[0] == 700.0
    assert own["value"].isna().tolist() == [False, True, True]
    assert set(own["direction"]) == {1}
    down = replace(
        catalog,
        metrics={name: replace(metric, direction="down") for name, metric in catalog.metrics.items()},
    )
    assert set(directed_results(panel, down)["direction"]) == {-1}


def test_the_coupling_gate_finds_an_untagged_business_item(catalog: Catalog) -> None:
    assert coupled_metrics(make_bureau(catalog), catalog) == ()
    smuggled = tuple(
        replace(rule, measure="cases_filed", metric="") if rule.item == "B5" else rule for rule in catalog.rules
    )
    assert coupled_metrics(make_bureau(catalog, rules=smuggled), catalog) == ("cases_filed",)
    part = tuple(replace(rule, measure="stocking_retailers") if rule.item == "B5" else rule for rule in catalog.rules)
    assert coupled_metrics(make_bureau(catalog, rules=part), catalog) == ("new_product_shelf_rate_pct",)


def test_overdue_matters_on_the_day(catalog: Catalog) -> None:
    as_of = pd.Timestamp("2019-03-31")
    decision = {"party_group": MARKETING, "decided_on": "2019-01-05", "topic": "新品上柜"}
    reading = make_reading(
        catalog,
        make_bureau(catalog),
        {},
        decisions=[
            {**decision, "decision_no": "a", "due_on": "2019-03-30"},
            {**decision, "decision_no": "b", "due_on": "2019-03-31"},  # due today: not overdue
            {**decision, "decision_no": "c", "due_on": "2019-03-01", "closed_on": "2019-04-02"},  # closed later
            {**decision, "decision_no": "d", "due_on": "2019-03-01", "closed_on": "2019-03-20"},
        ],
        opinions=[{"opinion_no": "o1", "party_group": TERRITORY, "due_on": "2019-02-01", "category": "价格"}],
        pledges=[
            {"member": "甲", "due_on": "2019-03-01", "status": "已兑现", "party_group": MARKETING},
            {"member": "乙", "due_on": "2019-03-02", "status": "进行中", "party_group": MARKETING},
        ],
    )
    overdue = list_overdue(reading, as_of, catalog)
    assert overdue[["matter", "number", "days_overdue_d"]].values.tolist() == [
        ["opinions", "o1", 58],
        ["decisions", "c", 30],
        ["pledges", "", 29],
        ["decisions", "a", 1],
    ]
    assert "member" not in overdue.columns


def test_who_has_not_submitted(catalog: Catalog) -> None:
    covered = {"activities": ("2019-01", "2019-03"), "mutual_review": ("2019-02",), "sales": MONTHS}
    reading = make_reading(catalog, make_bureau(catalog), covered)
    one = pd.DataFrame(
        {"kind": ["activities"], "month": pd.PeriodIndex(["2019-02"], freq="M"), "party_group": [MARKETING]}
    ).assign(source_file="x.xlsx")
    reading.tables["coverage"].loc[len(reading.tables["coverage"])] = one.iloc[0]
    table = list_submissions(reading, catalog, QUARTER).set_index(["kind", "month", "party_group"])["is_submitted"]
    february, march = pd.Period("2019-02", "M"), pd.Period("2019-03", "M")
    assert table[("activities", february, MARKETING)]
    assert not table[("activities", february, ENFORCEMENT)]
    assert table[("activities", march, ENFORCEMENT)]
    assert table[("sales", february, "")]
    assert table[("mutual_review", march, "")]  # asked for once, in the last month
    assert ("annual_review", march, "") not in table.index  # the year ends in December
    assert not table[("targets", february, "")]


def test_two_forms_of_one_report_are_asked_for_once(catalog: Catalog) -> None:
    reading = make_reading(catalog, make_bureau(catalog), {"mutual_review_items": ("2019-02",)})
    table = list_submissions(reading, catalog, QUARTER).set_index("kind")["is_submitted"]
    assert table["mutual_review"]
    assert "mutual_review_items" not in table.index


def test_a_workbook_that_could_not_be_used_is_not_called_missing(catalog: Catalog) -> None:
    rejected = SheetLedger("决议", visible=True, physical=4, rejected=3, header=1)
    ledger = FileLedger("党建/2019年支部决议台账.xlsx", "0" * 64, "read", kind="decisions", sheets=(rejected,))
    reading = replace(make_reading(catalog, make_bureau(catalog), {}), files=(ledger,))
    table = list_submissions(reading, catalog, QUARTER).set_index(["kind", "month"])
    assert set(table.loc[["decisions"], "state"]) == {"unreadable"}
    assert set(table.loc[["opinions"], "state"]) == {"missing"}
    other_year = list_submissions(reading, catalog, pd.Period("2020Q1", "Q-DEC")).set_index("kind")
    assert set(other_year.loc[["decisions"], "state"]) == {"missing"}


def test_of_a_workbook_of_one_month_the_others_are_missing_all_the_same(catalog: Catalog) -> None:
    rejected = SheetLedger("营销管理", visible=True, physical=4, rejected=3, header=1)
    strange = SheetLedger("3月", visible=True, physical=2, unrecognised=2)
    february = FileLedger("2019年2月新品上柜.xlsx", "0" * 64, "read", kind="shelf", sheets=(rejected,))
    year = FileLedger("2019年新品上柜.xlsx", "0" * 64, "read", kind="shelf", sheets=(strange,))
    reading = replace(make_reading(catalog, make_bureau(catalog), {}), files=(february, year))
    states = list_submissions(reading, catalog, QUARTER).set_index(["kind", "month"])["state"].loc["shelf"]
    assert states.tolist() == ["missing", "unreadable", "unreadable"]


def test_what_may_be_in_a_file_that_could_not_be_opened_is_not_called_missing(catalog: Catalog) -> None:
    names = ("经营/2019年1月卷烟销售月报.xlsx", "党建/2019年一季度支部决议台账.xlsx", "党建/民意.xlsx", "1月.xlsx")
    files = tuple(FileLedger(name, "0" * 64, "refused", reason="x") for name in names)
    lock = FileLedger("经营/~$2019年3月新品上柜.xlsx", "", "skipped", reason="x")
    reading = replace(make_reading(catalog, make_bureau(catalog), {}), files=(*files, lock))
    table = list_submissions(reading, catalog, QUARTER).set_index(["kind", "month"])["state"]
    months = pd.period_range("2019-01", "2019-03", freq="M")
    assert [set(table.loc[["sales"]].loc[:, month]) for month in months] == [{"unreadable"}, {"missing"}, {"missing"}]
    assert [set(table.loc[["shelf"]].loc[:, month]) for month in months] == [{"missing"}] * 3
    assert set(table.loc[["decisions"]]) == {"unreadable"}
    assert set(table.loc[["opinions"]]) == {"missing"}  # the name speaks of no time


def test_a_workbook_that_is_here_by_its_name_only_is_not_called_missing(catalog: Catalog) -> None:
    empty, lock = (FileLedger(f"{name}2019年1月上柜.xlsx", "", "skipped", reason="x") for name in ("", "~$"))
    absent = Fault("contents_missing", empty.path, None, None, None, empty.path)
    issues = to_issues([absent], load_texts("zh"))
    reading = replace(make_reading(catalog, make_bureau(catalog), {}), files=(lock, empty), issues=issues)
    states = list_submissions(reading, catalog, QUARTER).set_index(["kind", "month"])["state"].loc[["shelf"]]
    assert set(states.loc[:, pd.Period("2019-01")]) == {"unreadable"}
    assert set(states.loc[:, pd.Period("2019-02")]) == {"missing"}
    unknown = replace(reading, issues=())
    assert set(list_submissions(unknown, catalog, QUARTER)["state"]) == {"missing"}


def test_a_workbook_that_nobody_owes_is_not_asked_for(catalog: Catalog) -> None:
    bureau = make_bureau(catalog)
    only_marketing = replace(bureau, groups={MARKETING: bureau.groups[MARKETING]})
    kinds = set(list_submissions(make_reading(catalog, only_marketing, {}), catalog, QUARTER)["kind"])
    assert {"sales", "shelf", "activities"} <= kinds
    assert not {"cases", "unlicensed", "inspections"} & kinds
