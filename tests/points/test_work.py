"""Ledgers of work by group and quarter, on entries counted by hand."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.panel import list_overdue
from pipeline.points.matters import list_entries, overdue_on
from pipeline.points.work import summarise_work
from tests.readings import make_bureau, make_reading, make_table

MARKETING, ENFORCEMENT, TERRITORY = "营销管理", "专卖综合", "驮卢片区"
GROUPS = (MARKETING, ENFORCEMENT, TERRITORY)
FIRST, SECOND = pd.Period("2021Q1", "Q-DEC"), pd.Period("2021Q2", "Q-DEC")
MONTHS = [str(month) for month in pd.period_range("2021-01", "2021-06", freq="M")]
KINDS = ("decisions", "opinions", "pledges", "guidance", "frontline", "unlicensed", "shelf")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def headcount(catalog: Catalog) -> pd.DataFrame:
    """Four members in every group and month."""
    rows = [
        {
            "party_group": group,
            "month": month,
            "member_count": 4,
            "joined_count": 0,
            "left_count": 0,
        }
        for group in GROUPS
        for month in MONTHS
    ]
    return make_table("headcount_by_group_month", catalog, rows)


def retailers(catalog: Catalog, values: dict[str, float | None], group: str = MARKETING) -> pd.DataFrame:
    rows = [
        {"party_group": group, "month": month, "measure": "retailers", "value": value, "state": "known"}
        for month, value in values.items()
    ]
    return make_table("measures_by_group_month", catalog, rows)


def reading_of(catalog: Catalog, without: tuple[tuple[str, str], ...] = (), **rows: object) -> Reading:
    covered = {kind: [month for month in MONTHS if (kind, month) not in without] for kind in KINDS}
    return make_reading(catalog, make_bureau(catalog), covered, **rows)  # type: ignore[arg-type]


def work_of(
    reading: Reading,
    catalog: Catalog,
    matter: str,
    group: str = MARKETING,
    quarter: pd.Period = FIRST,
    measures: pd.DataFrame | None = None,
) -> pd.Series:
    known = retailers(catalog, {}) if measures is None else measures
    table = summarise_work(reading, headcount(catalog), known, catalog)
    return table.set_index(["matter", "party_group", "quarter"]).loc[(matter, group, quarter)]


def decision(
    number: str, decided: str, due: str, closed: str | None = None, group: str = MARKETING
) -> dict[str, object]:
    return {"decision_no": number, "party_group": group, "decided_on": decided, "due_on": due, "closed_on": closed}


DECISIONS = (
    decision("a", "2021-01-05", "2021-01-31", "2021-01-31"),  # on its day: on time, 26 days
    decision("b", "2021-01-05", "2021-02-10", "2021-03-01"),  # late, 55 days
    decision("c", "2021-02-01", "2021-03-01"),  # never closed
    decision("d", "2021-02-01", "2021-03-20", "2021-04-10"),  # closed in the next quarter, 68 days
    decision("e", "2021-03-25", "2021-03-31"),  # due on the last day: not yet overdue
    decision("f", "2021-03-25", "2021-04-30", "2021-03-29"),  # closed before the quarter it is due in, 4 days
    decision("g", "2021-01-05", "2021-01-31", "2021-01-20", TERRITORY),
)


def test_closures_are_counted_by_due_date_and_by_closing_date(catalog: Catalog) -> None:
    reading = reading_of(catalog, decisions=DECISIONS)
    first = work_of(reading, catalog, "decisions")
    assert first[["state", "entry_count", "due_count", "on_time_count", "closed_count"]].tolist() == [
        "known",
        6,
        5,
        1,
        3,
    ]
    assert first["on_time_pct"] == pytest.approx(20.0)
    assert first["median_days_d"] == 26.0  # of 26, 55 and 4
    second = work_of(reading, catalog, "decisions", quarter=SECOND)
    assert second[["entry_count", "due_count", "on_time_count", "closed_count"]].tolist() == [0, 1, 1, 1]
    assert second["median_days_d"] == 68.0
    assert work_of(reading, catalog, "decisions", TERRITORY)["on_time_pct"] == 100.0


def test_overdue_is_judged_on_the_last_day_of_each_quarter(catalog: Catalog) -> None:
    reading = reading_of(catalog, decisions=DECISIONS)
    first, second = (work_of(reading, catalog, "decisions", quarter=quarter) for quarter in (FIRST, SECOND))
    assert (first["overdue_count"], first["longest_overdue_d"]) == (2, 30)  # c since 1 March, d since 20 March
    assert (second["overdue_count"], second["longest_overdue_d"]) == (2, 121)  # c and e; d was closed in April
    for quarter, row in ((FIRST, first), (SECOND, second)):
        listed = list_overdue(reading, quarter.end_time.normalize(), catalog)
        own = listed[(listed["matter"] == "decisions") & (listed["party_group"] == MARKETING)]
        assert (len(own), own["days_overdue_d"].max()) == (row["overdue_count"], row["longest_overdue_d"])


def test_a_group_without_entries_has_zeros_and_no_rate(catalog: Catalog) -> None:
    row = work_of(reading_of(catalog, decisions=DECISIONS), catalog, "decisions", ENFORCEMENT)
    counts = ["entry_count", "due_count", "on_time_count", "closed_count", "overdue_count"]
    assert row[counts].tolist() == [0] * 5
    assert row[["on_time_pct", "median_days_d", "longest_overdue_d", "coverage_pct"]].isna().all()


def test_what_was_not_submitted_is_no_zero(catalog: Catalog) -> None:
    missing = tuple(("decisions", month) for month in MONTHS[:3])
    none = work_of(reading_of(catalog, missing, decisions=DECISIONS), catalog, "decisions")
    assert none["state"] == "not_submitted"
    assert none.drop("state").isna().all()
    some = work_of(reading_of(catalog, missing[:1], decisions=DECISIONS), catalog, "decisions")
    assert (some["state"], some["due_count"]) == ("partial", 5)
    later = work_of(reading_of(catalog, missing, decisions=DECISIONS), catalog, "decisions", quarter=SECOND)
    assert later["state"] == "known"


def test_a_pledge_that_is_said_to_be_kept_without_a_day_is_neither_on_time_nor_overdue(catalog: Catalog) -> None:
    pledge = {"member": "甲", "party_group": MARKETING, "pledged_on": "2021-01-04", "due_on": "2021-02-01"}
    reading = reading_of(catalog, pledges=[{**pledge, "status": "已兑现"}, {**pledge, "status": "进行中"}])
    row = work_of(reading, catalog, "pledges")
    assert row[["due_count", "on_time_count", "closed_count", "overdue_count"]].tolist() == [2, 0, 0, 1]


def test_a_later_closing_does_not_change_what_was_overdue_before(catalog: Catalog) -> None:
    pledge = {"member": "甲", "party_group": MARKETING, "pledged_on": "2021-01-04", "due_on": "2021-02-01"}
    reading = reading_of(catalog, pledges=[{**pledge, "status": "已兑现", "closed_on": "2021-04-20"}])
    for quarter, overdue, days in ((FIRST, 1, [58]), (SECOND, 0, [])):
        assert work_of(reading, catalog, "pledges", quarter=quarter)["overdue_count"] == overdue
        listed = list_overdue(reading, quarter.end_time.normalize(), catalog)
        assert listed["days_overdue_d"].tolist() == days


def test_pledges_cover_the_members_of_the_group_until_the_end_of_the_year(catalog: Catalog) -> None:
    stays = [
        {"member": "甲", "party_group": MARKETING, "joined_on": "2020-01-01"},
        {"member": "乙", "party_group": MARKETING, "joined_on": "2020-01-01", "left_on": "2021-05-01"},
        {"member": "乙", "party_group": TERRITORY, "joined_on": "2021-05-01"},
    ]
    pledge = {"pledged_on": "2021-01-04", "due_on": "2021-03-01", "status": "进行中", "party_group": MARKETING}
    rows = [{**pledge, "member": "甲"}, {**pledge, "member": "乙"}, {**pledge, "member": "甲"}]
    old = {**pledge, "member": "乙", "pledged_on": "2020-12-04"}  # of the year before
    reading = reading_of(catalog, memberships=stays, pledges=[*rows, old])
    first = work_of(reading, catalog, "pledges")
    assert first[["covered_count", "repeated_count", "coverage_base"]].tolist() == [2, 1, 4]
    assert first["coverage_pct"] == 50.0
    second = work_of(reading, catalog, "pledges", quarter=SECOND)
    assert second["covered_count"] == 1
    moved = work_of(reading, catalog, "pledges", TERRITORY, SECOND)
    assert moved["covered_count"] == 1  # whoever moved has a pledge there too
    assert moved["entry_count"] == 0


def test_visits_cover_retailers_of_the_last_known_month(catalog: Catalog) -> None:
    visits = [
        {"visited_on": day, "retailer_no": number, "member": "甲", "party_group": MARKETING}
        for day, number in (("2021-01-05", "1"), ("2021-02-05", "1"), ("2021-02-06", "2"), ("2021-04-02", "3"))
    ]
    measures = retailers(catalog, {"2021-01": 30.0, "2021-02": 40.0, "2021-03": None})
    reading = reading_of(catalog, guidance_visits=visits)
    row = work_of(reading, catalog, "guidance", measures=measures)
    assert row[["entry_count", "covered_count", "repeated_count", "coverage_base"]].tolist() == [3, 2, 1, 40]
    assert row["coverage_pct"] == pytest.approx(5.0)
    assert row[["due_count", "on_time_pct", "closed_count", "overdue_count", "median_days_d"]].isna().all()
    without = work_of(reading, catalog, "guidance", quarter=SECOND, measures=measures)
    assert without["covered_count"] == 1
    assert pd.isna(without["coverage_base"])  # no report says how many there are
    assert pd.isna(without["coverage_pct"])


def test_more_retailers_served_than_reported_are_no_coverage(catalog: Catalog) -> None:
    visits = [{"visited_on": "2021-01-05", "retailer_no": str(n), "party_group": MARKETING} for n in range(3)]
    measures = retailers(catalog, {"2021-01": 2.0})
    row = work_of(reading_of(catalog, guidance_visits=visits), catalog, "guidance", measures=measures)
    assert row[["covered_count", "coverage_base"]].tolist() == [3, 2]
    assert pd.isna(row["coverage_pct"])


def test_unlicensed_shops_are_due_after_thirty_days_and_only_where_they_are_attributed(catalog: Catalog) -> None:
    shops = [
        {"found_on": found, "closed_on": closed, "party_group": ENFORCEMENT, "owner": "甲", "operator": "示例户"}
        for found, closed in (("2021-01-01", "2021-01-31"), ("2021-01-01", "2021-02-01"), ("2021-03-02", None))
    ]
    shops.append({**shops[0], "party_group": MARKETING})
    reading = reading_of(catalog, unlicensed_shops=shops)
    row = work_of(reading, catalog, "unlicensed", ENFORCEMENT)
    assert row[["entry_count", "due_count", "on_time_count", "overdue_count"]].tolist() == [3, 2, 1, 0]
    assert work_of(reading, catalog, "unlicensed", ENFORCEMENT, SECOND)["overdue_count"] == 1
    table = summarise_work(reading, headcount(catalog), retailers(catalog, {}), catalog)
    owners = set(table.loc[table["matter"] == "unlicensed", "party_group"])
    assert owners == {ENFORCEMENT, TERRITORY}  # marketing closes no shops: no row, not a zero


def test_overdue_matters_name_their_owner_for_the_secretary(catalog: Catalog) -> None:
    late = {"party_group": MARKETING, "due_on": "2021-02-01"}
    reading = reading_of(
        catalog,
        decisions=[{**late, "decision_no": "1", "decided_on": "2021-01-01", "owner": "甲"}],
        opinions=[{**late, "opinion_no": "2", "collected_on": "2021-01-01", "handler": "综合办公室"}],
        pledges=[{**late, "member": "乙", "pledged_on": "2021-01-01", "status": "进行中"}],
    )
    overdue = list_overdue(reading, pd.Timestamp("2021-03-31"), catalog).set_index("matter")
    assert overdue["owner"].to_dict() == {"decisions": "甲", "opinions": "综合办公室", "pledges": "乙"}
    tiers = {column.column: column.tier for column in catalog.columns_of("overdue")}
    assert tiers["owner"] == "secretary"


def test_a_matter_is_data(catalog: Catalog) -> None:
    closures = replace(
        catalog.matters["unlicensed"],
        matter="case_closures",
        table="cases",
        entered="filed_on",
        due="filed_on+90d",
        owner="",
        number="case_no",
        topic="",
        metric="cases_on_time_pct",
    )
    cases = [{"case_no": "1", "party_group": ENFORCEMENT, "filed_on": "2021-01-01", "closed_on": "2021-04-01"}]
    own = replace(catalog, matters={"case_closures": closures})
    row = work_of(reading_of(catalog, cases=cases), own, "case_closures", ENFORCEMENT, SECOND)
    assert row["state"] == "not_submitted"  # no workbook of cases covers these months
    covered = make_reading(catalog, make_bureau(catalog), {"cases": MONTHS}, cases=cases)
    known = work_of(covered, own, "case_closures", ENFORCEMENT, SECOND)
    assert known[["due_count", "on_time_count", "closed_count", "median_days_d"]].tolist() == [1, 1, 1, 90.0]


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 170), st.integers(1, 60), st.one_of(st.none(), st.integers(0, 120))), max_size=8),
    st.randoms(use_true_random=False),
)
def test_counts_hold_together_whatever_the_order(entries: list[tuple[int, int, int | None]], random: object) -> None:
    catalog = load_catalog()
    start = pd.Timestamp("2021-01-01")
    rows = [
        decision(
            str(number),
            str((start + pd.Timedelta(days=entered)).date()),
            str((start + pd.Timedelta(days=entered + due)).date()),
            None if closed is None else str((start + pd.Timedelta(days=entered + closed)).date()),
        )
        for number, (entered, due, closed) in enumerate(entries)
    ]
    only = replace(catalog, matters={"decisions": catalog.matters["decisions"]})
    tables = []
    for _ in range(2):
        table = summarise_work(reading_of(catalog, decisions=rows), headcount(catalog), retailers(catalog, {}), only)
        tables.append(table)
        random.shuffle(rows)  # type: ignore[attr-defined]
    table, shuffled = tables
    pd.testing.assert_frame_equal(table, shuffled)
    assert (table["on_time_count"] <= table["due_count"]).all()
    assert table["entry_count"].sum() == len(entries)
    found = list_entries(reading_of(catalog, decisions=rows), catalog.matters["decisions"], catalog)
    late = overdue_on(found, SECOND.end_time.normalize()).sum() if len(found) else 0
    assert table.loc[table["quarter"] == SECOND, "overdue_count"].sum() == late


def test_a_bureau_without_enforcement_has_no_row_of_unlicensed_shops(catalog: Catalog) -> None:
    bureau = make_bureau(catalog)
    only = replace(bureau, groups={MARKETING: bureau.groups[MARKETING]})
    shops = [{"found_on": "2021-01-01", "party_group": MARKETING, "owner": "甲", "operator": "示例户"}]
    reading = make_reading(catalog, only, {"unlicensed": MONTHS}, unlicensed_shops=shops)
    own = headcount(catalog)
    table = summarise_work(reading, own[own["party_group"] == MARKETING], retailers(catalog, {}), catalog)
    assert set(table["matter"]) == set(catalog.matters) - {"unlicensed"}
    assert set(table["party_group"]) == {MARKETING}
