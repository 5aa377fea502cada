"""Many bureaus put together: what each adds, what is judged again, and that every table is of the data dictionary."""

import shutil
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.schema import find_failing_values
from pipeline.ingest.store import read_table, write_table
from pipeline.report.material.lacking import ITEMS
from pipeline.report.province import view as province
from pipeline.report.province.batched import Choice, Entry
from pipeline.report.province.tables import assess_again, read_one
from pipeline.report.province.view import (
    BUREAUS,
    FUNNEL,
    GROUPS,
    METRICS,
    RELATIONSHIPS,
    TABLES,
    ProvinceReport,
    load_province,
)
from pipeline.stats.funnel import funnel
from pipeline.stats.provinces import RESAMPLES_OF_SURVIVORS
from tests.report.province_material import CLAIM_P, QUARTER, make_province, publish, reported

CATALOG = load_catalog()
NAMES = [f"示例{number}县" for number in range(6)]
LATE, FAILED = Entry("迟县", "late", latest_quarter="2021Q3"), Entry("败县", "failed", why="lost")


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("processed")


@pytest.fixture(scope="module")
def report(processed: Path) -> ProvinceReport:
    return make_province(processed, NAMES, LATE, FAILED)


def test_every_table_is_as_the_data_dictionary_has_it(report: ProvinceReport) -> None:
    assert set(report.tables) == set(TABLES) == {t.table for t in CATALOG.tables.values() if t.stage == "across"}
    for name in TABLES:
        assert find_failing_values(report.tables[name], name, CATALOG) == []
        assert all(column.tier == "managers" for column in CATALOG.columns_of(name))


def test_every_bureau_has_a_row_reported_or_not(report: ProvinceReport) -> None:
    rows = report.tables[BUREAUS]
    assert rows["bureau"].tolist() == sorted([*NAMES, "迟县", "败县"])
    states = rows.set_index("bureau")["state"]
    assert (states["迟县"], states["败县"], states[NAMES[0]]) == ("late", "failed", "reported")
    others = rows[rows["state"] != "reported"]
    assert others[["points_mean", "workbooks_due", "rows_used", "p_bureau"]].isna().all(axis=None)


def test_the_numbers_of_a_bureau_are_those_of_its_tables(report: ProvinceReport, processed: Path) -> None:
    folder = processed / NAMES[1] / QUARTER
    row = report.tables[BUREAUS].set_index("bureau").loc[NAMES[1]]
    standings = read_table("standings_by_group_quarter", folder, CATALOG)
    own = standings[standings["quarter"] == report.quarter]
    assert row["points_mean"] == pytest.approx(own["points_mean"].mean())
    assert (row["points_low"], row["points_high"]) == (own["points_mean"].min(), own["points_mean"].max())
    submissions = read_table("submissions", folder, CATALOG)
    assert row["workbooks_due"] == len(submissions)
    assert row["workbooks_submitted"] == (submissions["state"] != "missing").sum()
    assert row["missing_kinds"] == "opinions"
    assert row["overdue_count"] == len(read_table("overdue", folder, CATALOG))
    assert len(report.tables[GROUPS]) == len(NAMES) * len(own)


def test_a_total_is_given_where_every_group_has_its_months(processed: Path, tmp_path: Path) -> None:
    publish(tmp_path, NAMES[:1])
    folder = tmp_path / NAMES[0] / QUARTER
    metrics = read_table("metrics_by_group_quarter", folder, CATALOG)
    own = metrics[(metrics["metric"] == "volume_xiang") & (metrics["quarter"] == QUARTER)]
    total = 100 * (own["attained_pct"] / 100 * own["target"]).sum() / own["target"].sum()

    def volume() -> "pd.Series[Any] | pd.DataFrame":
        rows = load_province([reported(NAMES[0])], Choice(QUARTER), tmp_path, "zh").tables[METRICS]
        return rows.set_index("metric").loc["volume_xiang"]

    whole = volume()
    assert (whole["owner_count"], whole["known_groups"], whole["attained_pct"]) == (2, 2, pytest.approx(total))
    lacking = metrics.assign(month_count=metrics["month_count"].mask(metrics.index == own.index[0], 2))
    write_table(lacking, "metrics_by_group_quarter", folder, CATALOG)
    partial = volume()
    assert (partial["owner_count"], partial["known_groups"]) == (2, 1)
    assert pd.isna(partial["attained_pct"])


def test_groups_whose_ledgers_could_not_be_read_lack_them(processed: Path, tmp_path: Path) -> None:
    """Also where not one was ever read, as where all workbooks of a kind were cut in half."""
    folder = shutil.copytree(processed / NAMES[0] / QUARTER, tmp_path / QUARTER)
    items = read_table(ITEMS, folder, CATALOG)
    never = items.assign(state=items["item"].eq("B3").map({True: "not_submitted", False: "scored"}))
    write_table(never, ITEMS, folder, CATALOG)
    submissions = read_table("submissions", folder, CATALOG)
    is_unread = submissions["kind"] == "guidance"
    unread = submissions.assign(state=submissions["state"].mask(is_unread, "unreadable"))
    counts = []
    for table in (submissions, unread):
        write_table(table, "submissions", folder, CATALOG)
        counts.append(read_one(folder, pd.Period(QUARTER, "Q-DEC"), CATALOG).facts["lacking_groups"])
    assert counts == [0, 3]


def test_a_rate_is_never_added_up_over_groups(report: ProvinceReport) -> None:
    rows = report.tables[METRICS]
    rates = rows[rows["metric"] == "revenue_per_case_yuan"]
    assert len(rates) == len(NAMES)
    assert rates["attained_pct"].isna().all()
    assert (rates["known_groups"] == 2).all()


def test_what_stands_at_both_levels_stays_evidence_and_the_rest_becomes_a_clue(processed: Path) -> None:
    publish(processed, NAMES)
    folder = processed / NAMES[1] / QUARTER
    rows = read_table("relationships", folder, CATALOG)
    weak = rows.assign(verdict=rows["verdict"].mask(rows["p_max_t"].notna(), "evidence"))
    write_table(weak, "relationships", folder, CATALOG)
    again = patch.object(
        province, "assess_again", lambda folder, catalog, _: read_table("relationships", folder, catalog)
    )
    with again:
        judged = load_province([reported(name) for name in NAMES], Choice(QUARTER), processed, "zh")
    found = judged.tables[RELATIONSHIPS]
    stands = found[found["province_verdict"] == "evidence"]
    assert stands["bureau"].tolist() == [NAMES[0], NAMES[3]]
    assert (stands["p_max_t"] == CLAIM_P).all()
    lost = found[(found["bureau"] == NAMES[1]) & (found["verdict"] == "evidence")]
    assert set(lost["province_verdict"]) == {"clue"}
    selected = judged.tables[BUREAUS].set_index("bureau")["is_selected"]
    assert selected[[NAMES[0], NAMES[1]]].tolist() == [True, False]


def test_a_second_run_is_the_method_of_notebook_3_with_other_draws(report: ProvinceReport, processed: Path) -> None:
    assert report.judged is not None  # the tables are there, whichever test runs first
    folder = processed / NAMES[0] / QUARTER
    rows = assess_again(folder, CATALOG, 199)
    assert rows["p_max_t"].dropna().min() >= 1 / 200
    known = read_table("relationships", folder, CATALOG)
    pd.testing.assert_frame_equal(rows[["scope", "metric"]], known[["scope", "metric"]], check_dtype=False)
    assert RESAMPLES_OF_SURVIVORS == 9999


def test_the_funnel_is_that_of_the_pooled_estimates_of_the_same_month(report: ProvinceReport, processed: Path) -> None:
    tables = [
        read_table("correlations_by_lag", processed / name / QUARTER, CATALOG).assign(bureau=name) for name in NAMES
    ]
    expected = funnel(pd.concat(tables, ignore_index=True), "volume_xiang")
    rows = report.tables[FUNNEL]
    own = rows[rows["metric"] == "volume_xiang"].reset_index(drop=True)
    assert own["bureau"].tolist() == NAMES
    assert own["r"].tolist() == pytest.approx(expected["r"].tolist())
    assert own["centre"].tolist() == pytest.approx(expected["centre"].tolist())


def test_the_order_of_the_bureaus_makes_no_difference(processed: Path) -> None:
    publish(processed, NAMES)
    entries = [reported(name) for name in NAMES]
    one, other = (
        load_province(order, Choice(QUARTER), processed, "zh") for order in (entries, list(reversed(entries)))
    )
    for name in TABLES:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name])


def test_a_bureau_whose_tables_are_damaged_is_told_and_holds_up_nobody(tmp_path: Path) -> None:
    publish(tmp_path, NAMES[:3])
    (tmp_path / NAMES[0] / QUARTER / "overdue.parquet").write_bytes(b"no parquet")
    (tmp_path / NAMES[1] / QUARTER / "submissions.parquet").unlink()
    found = load_province([reported(name) for name in NAMES[:3]], Choice(QUARTER), tmp_path, "zh")
    assert [(entry.name, entry.why) for entry in found.of_state("failed")] == [
        (NAMES[0], "tables"),
        (NAMES[1], "tables"),
    ]
    rows = found.tables[BUREAUS].set_index("bureau")
    assert rows["state"].to_dict() == {NAMES[0]: "failed", NAMES[1]: "failed", NAMES[2]: "reported"}
    assert set(found.tables[GROUPS]["bureau"]) == {NAMES[2]}


def test_a_group_that_has_ended_is_no_owner_and_its_results_leave_no_sum(tmp_path: Path) -> None:
    publish(tmp_path, [NAMES[0]])
    folder, quarter = tmp_path / NAMES[0] / QUARTER, pd.Period(QUARTER, "Q-DEC")
    metric = "volume_xiang"
    one = read_one(folder, quarter, CATALOG)
    groups, before = one.facts["group_count"], one.metrics.set_index("metric").loc[metric]
    points = read_table("points_by_group_month", folder, CATALOG)
    ended = "驮卢片区"
    write_table(points[points["party_group"] != ended], "points_by_group_month", folder, CATALOG)
    metrics = read_table("metrics_by_group_quarter", folder, CATALOG)
    write_table(metrics[metrics["party_group"] != ended], "metrics_by_group_quarter", folder, CATALOG)
    one = read_one(folder, quarter, CATALOG)
    after = one.metrics.set_index("metric").loc[metric]
    assert one.facts["group_count"] == groups - 1
    assert after["owner_count"] == before["owner_count"] - 1
    assert after["attained_pct"] > 0
    stray = pd.DataFrame(
        {"party_group": [ended], "month": pd.PeriodIndex(["2021-11"], freq="M"), "measure": ["volume_xiang"]}
    )
    write_table(stray, "results_without_members", folder, CATALOG)
    told = read_one(folder, quarter, CATALOG).metrics.set_index("metric").loc[metric]
    assert pd.isna(told["attained_pct"])
