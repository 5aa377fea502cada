"""The shipped sample bureau from workbooks to verdicts, against what its generator planted and computed by plain loops.

That it is read in full, with the planted mistakes as its only issues, is tested in ``ingest/test_sample.py``.
"""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.panel import (
    build_panel,
    correlated_results,
    coupled_metrics,
    list_submissions,
    process_points,
    summarise_metrics,
)
from pipeline.points import Points, score_points
from pipeline.stats import assess_relationships

QUARTER = pd.Period("2021Q4", "Q-DEC")
PRINTED = 0.006  # the truth is written to six decimals; points are compared to the second


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def points(shipped_reading: Reading, catalog: Catalog) -> Points:
    return score_points(shipped_reading, catalog, QUARTER)


@pytest.fixture(scope="module")
def truth(repository: Path) -> dict[str, pd.DataFrame]:
    folder = repository / "tests" / "sample_truth"
    return {path.stem: pd.read_csv(path, keep_default_na=False) for path in sorted(folder.glob("*.csv"))}


def corrected(expected: pd.DataFrame, truth: dict[str, pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Return points by (subject, month, item) after the planted corrections, which none of the items' bounds cuts."""
    subject = expected.index.names[0]
    corrections = truth["planted_corrections"]
    own = corrections[(corrections["member"] != "") == (subject == "member")].set_index(expected.index.names)
    changed = expected.copy()
    changed[columns] = changed[columns].apply(pd.to_numeric)
    for column in columns:
        changed.loc[own.index, column] += own["change_points"].astype(float)
    return changed


def test_every_point_equals_the_plain_computation(points: Points, truth: dict[str, pd.DataFrame]) -> None:
    key = ["party_group", "month", "item"]
    expected = corrected(truth["expected_points"].set_index(key), truth, ["capped_points", "points"])
    items = points.tables["points_by_group_month_item"]
    found = items.assign(month=items["month"].astype(str)).set_index(key).reindex(expected.index)
    assert len(found) == len(items)
    assert (found["state"] == expected["state"]).all()
    for column in ("capped_points", "points", "full_points"):
        wanted = pd.to_numeric(expected[column])
        assert (wanted.isna() == found[column].isna()).all()
        assert (found[column] - wanted).abs().max() < PRINTED


def test_every_point_of_a_member_equals_the_plain_computation(points: Points, truth: dict[str, pd.DataFrame]) -> None:
    wide = truth["expected_member_points"].set_index(["member", "month"])
    items = [column for column in wide if column[1:].isdigit()]
    long = wide[items].melt(ignore_index=False, var_name="item", value_name="points").set_index("item", append=True)
    expected = corrected(long[long["points"] != ""], truth, ["points"])["points"]
    table = points.tables["points_by_member_month_item"]
    found = table.assign(month=table["month"].astype(str)).set_index(["member", "month", "item"])["points"]
    assert len(expected) > 4_800
    assert (found.reindex(expected.index) - expected).abs().max() < PRINTED


def test_every_month_of_a_member_equals_the_plain_computation(points: Points, truth: dict[str, pd.DataFrame]) -> None:
    table = points.tables["points_by_member_month"]
    found = table.assign(month=table["month"].astype(str)).set_index(["member", "month"])
    expected = truth["expected_member_points"].set_index(["member", "month"]).reindex(found.index)
    assert len(found) == len(truth["expected_member_points"])
    for column in ("state", "party_group"):
        assert (found[column] == expected[column]).all(), column
    assert (found["has_veto"] == (expected["has_veto"] == "yes")).all()
    assert set(found["state"]) == {"scored", "on_leave"}
    corrections = truth["planted_corrections"]
    of_members = corrections[corrections["member"] != ""].set_index(["member", "month"])["change_points"].astype(float)
    for column in (
        "earned_points",
        "deduction_points",
        "total_points",
        "member_days_d",
        "leave_days_d",
        "excused_count",
    ):
        wanted = pd.to_numeric(expected[column])
        if column in ("earned_points", "total_points"):
            wanted = wanted.add(of_members, fill_value=0.0).reindex(found.index)
        assert (wanted.isna() == found[column].isna()).all(), column
        assert (found[column] - wanted).abs().max() < PRINTED, column


def test_every_metric_equals_the_plain_computation(
    shipped_reading: Reading, points: Points, catalog: Catalog, truth: dict[str, pd.DataFrame]
) -> None:
    panel = build_panel(points, shipped_reading.bureau, catalog)
    key = ["party_group", "month", "metric"]
    found = panel.assign(month=panel["month"].astype(str)).set_index(key)["value"]
    expected = truth["expected_metrics"].set_index(key)["value"].astype(float)
    assert len(expected) > 900
    assert (found.reindex(expected.index) - expected).abs().max() < 1e-4


def of_corrections(truth: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return by how much the printed means differ from points that were corrected after they had been printed."""
    corrections = truth["planted_corrections"]
    own = corrections[corrections["member"] == ""]
    return own.assign(category=own["item"].str[0], difference_points=-own["change_points"].astype(float))


def test_the_planted_differences_from_the_printed_points_are_found(
    points: Points, truth: dict[str, pd.DataFrame]
) -> None:
    audit = points.tables["points_audit"]
    of_categories = (audit["level"] == "month") & ~audit["part"].isin(["total", "member_row"])
    found = audit[of_categories & audit["is_difference"]].rename(columns={"period": "month", "part": "category"})
    found = found.sort_values("month")
    planted = pd.concat([truth["planted_differences"], of_corrections(truth)]).sort_values("month")
    key = ["party_group", "month", "category"]
    assert found[key].values.tolist() == planted[key].values.tolist()
    assert found["difference_points"].tolist() == pytest.approx(
        planted["difference_points"].astype(float).tolist(), abs=0.02
    )


def test_every_difference_in_the_printed_totals_is_explained(points: Points, truth: dict[str, pd.DataFrame]) -> None:
    audit = points.tables["points_audit"]
    differing = audit[audit["is_difference"]]
    assert differing["unexplained_points"].abs().max() < PRINTED
    assert not differing["explanation"].isin(["unexplained", "pair", "partly_carried"]).any()
    causes = differing.set_index(["party_group", "period", "part"])[["explanation", "items"]].agg(tuple, axis=1)
    for row in truth["planted_differences"].itertuples():
        award = {
            5.0: ("counted_too_many", "B1 +1"),
            -4.0: ("counted_too_few", "A4 −1"),
            -1.5: ("counted_too_few", "B3 −3"),
        }
        assert causes[(row.party_group, row.month, row.category)] == award[row.difference_points]
    for row in of_corrections(truth).itertuples():
        explanation, items = causes[(row.party_group, row.month, row.category)]
        assert (explanation, items.split()[0]) == ("correction_missing", row.item)
    for row in truth["planted_audit"].itertuples():
        assert causes[(row.party_group, str(row.period), row.part)][0] == "sheet_arithmetic"
    assert len(audit) - (audit["explanation"] == "no_counterpart").sum() > 1200  # compared


def test_what_is_typed_wrong_in_quarters_and_years_is_found(points: Points, truth: dict[str, pd.DataFrame]) -> None:
    key = ["level", "party_group", "period", "part"]
    audit = points.tables["points_audit"].set_index(key)
    planted = truth["planted_audit"].astype({"period": "str"}).set_index(key)["difference_points"].astype(float)
    found = audit.loc[planted.index]
    assert found["is_difference"].all()
    assert found["difference_points"].tolist() == pytest.approx(planted.tolist(), abs=0.02)


def test_what_was_not_handed_in_is_named(
    shipped_reading: Reading, catalog: Catalog, truth: dict[str, pd.DataFrame]
) -> None:
    table = list_submissions(shipped_reading, catalog, QUARTER)
    absent = table.loc[~table["is_submitted"], ["kind", "month", "party_group"]].astype(str)
    assert sorted(absent.values.tolist()) == sorted(truth["missing"].values.tolist())


def test_the_planted_relation_is_found_and_no_other(
    shipped_reading: Reading, points: Points, catalog: Catalog, truth: dict[str, pd.DataFrame]
) -> None:
    panel = build_panel(points, shipped_reading.bureau, catalog)
    coupled = coupled_metrics(shipped_reading.bureau, catalog)
    table = assess_relationships(process_points(panel), correlated_results(panel, catalog), coupled=coupled)
    claimed = table[table["verdict"] == "evidence"]
    planted = truth["planted_effects"]
    assert set(claimed["metric"]) == set(planted["metric"])
    pooled = claimed[claimed["scope"] == "pooled"]
    assert pooled["lag"].tolist() == planted["lag"].astype(int).tolist()


def test_quarter_volumes_are_the_sums_of_their_months(
    shipped_reading: Reading, points: Points, catalog: Catalog
) -> None:
    sales = shipped_reading.tables["sales_by_group_month"]
    months = sales[(sales["month"] >= pd.Period("2021-10", "M")) & (sales["party_group"] == "营销管理")]
    table = summarise_metrics(points, shipped_reading.bureau, catalog).set_index(["party_group", "metric", "quarter"])
    assert table.loc[("营销管理", "volume_xiang", QUARTER), "value"] == pytest.approx(months["volume_xiang"].sum())
