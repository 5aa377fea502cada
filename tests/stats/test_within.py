"""Within and between groups by metric: the published example through the tables, and what cannot be said."""

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.periods import month_range
from pipeline.stats import within_group_correlation
from pipeline.stats.within import within_group_by_metric
from tests.stats.bureaus import FIRST_MONTH, make_bureau, points_table, results_table
from tests.stats.published import published


def bland_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return pH as points and PaCO2 as the metric m of eight people, each with months of its own."""
    table = published("bland1995")
    months = [FIRST_MONTH + number for number in table.groupby("subject").cumcount()]
    names = table["subject"].map("person {}".format)
    points = pd.DataFrame({"group": names, "month": months, "value": table["ph"]})
    return points, points.assign(metric="m", value=table["paco2"])


def small(points: list[list[float]], results: list[list[float]]) -> pd.DataFrame:
    """Return the table of one metric; (groups, months) each."""
    months = month_range(FIRST_MONTH, FIRST_MONTH + len(points[0]) - 1)
    return within_group_by_metric(
        points_table(np.array(points, dtype=float), months),
        results_table(np.array(results, dtype=float)[:, None], months),
    )


def test_bland_and_altman_through_the_tables():
    points, results = bland_tables()
    row = within_group_by_metric(points, results.sample(frac=1, random_state=5)).iloc[0]
    assert (row["metric"], row["reason"], row["dof"], row["n_rows"], row["n_groups"]) == ("m", "", 38, 47, 8)
    assert row[["r", "p_value"]].tolist() == pytest.approx([-0.5067697, 0.0008471081], rel=1e-6)
    assert row[["ci_low", "ci_high"]].tolist() == pytest.approx([-0.7067146, -0.2318631], rel=1e-6)
    assert row[["r_between", "r_raw"]].tolist() == pytest.approx([0.0818, -0.0652], abs=5e-5)


def test_every_metric_is_joined_with_the_points_of_its_group_and_month():
    points, results = make_bureau(3)
    table = within_group_by_metric(points, results.drop(index=[5, 40]))
    assert table["metric"].tolist() == [f"m{number}" for number in range(6)]
    own = results.drop(index=[5, 40]).query("metric == 'm1'").assign(result=lambda rows: rows["value"])
    joined = points.set_index(["group", "month"]).join(own.set_index(["group", "month"])["result"]).reset_index()
    expected = within_group_correlation(joined, "value", "result", "group")
    assert table.set_index("metric").loc["m1", list(expected.index)].tolist() == pytest.approx(expected.tolist())
    assert table["n_rows"].tolist() == [107, 107, 108, 108, 108, 108]


def test_the_columns_are_the_dictionarys_even_without_metrics():
    points, results = make_bureau(3)
    names = [column.column for column in load_catalog().columns_of("within_group_by_metric")]
    table = within_group_by_metric(points, results, coupled=("m0", "m4"))
    assert list(table.columns) == names
    assert table["metric"].tolist() == ["m1", "m2", "m3", "m5"]
    nothing = within_group_by_metric(points, results.iloc[:0])
    assert nothing.empty
    assert nothing.dtypes.to_dict() == table.dtypes.to_dict()


def test_one_group_has_a_plain_r_and_no_between():
    row = small([[1, 2, 3, 4, 5]], [[2, 1, 4, 3, 5]]).iloc[0]
    assert (row["r"], row["dof"], row["reason"]) == (pytest.approx(0.8), 3, "one_group")
    assert np.isnan(row["r_between"])


@pytest.mark.parametrize(
    ("points", "results", "reason", "rows"),
    [
        ([[1, np.nan], [np.nan, 2]], [[np.nan, 1], [2, np.nan]], "all_missing", 0),
        ([[1, np.nan], [3, 2]], [[2, 1], [2, 3]], "too_few_rows", 3),
        ([[1, 1, 1], [2, 2, 2]], [[2, 1, 4], [2, 3, 5]], "constant", 6),
        ([[1, 2, np.inf], [2, 3, 4]], [[2, 1, 4], [2, 3, 5]], "infinite_values", 6),
    ],
)
def test_what_cannot_be_said_says_why(points, results, reason, rows):
    row = small(points, results).iloc[0]
    assert row[["r", "dof", "p_value", "ci_low", "ci_high"]].isna().all()
    assert (row["reason"], row["n_rows"]) == (reason, rows)


def test_duplicate_months_of_one_group_leave_the_metric_without_r():
    points, results = make_bureau(3)
    table = within_group_by_metric(points, pd.concat([results, results.head(1)]))
    first = table.iloc[0]
    assert first["reason"] == "duplicate_months"
    assert first[["r", "dof", "p_value", "ci_low", "ci_high", "r_between", "r_raw"]].isna().all()
    assert (table["reason"].tolist()[1:], table["r"].notna().tolist()[1:]) == ([""] * 5, [True] * 5)


def test_wrong_structures_are_errors():
    points, results = make_bureau(3)
    with pytest.raises(ValueError, match="'metric' is missing"):
        within_group_by_metric(points, results.drop(columns="metric"))
    with pytest.raises(ValueError, match="coupled"):
        within_group_by_metric(points, results, coupled="m0")
