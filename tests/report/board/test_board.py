"""The aggregate table of the bulletin board: what it takes over, and above all what it does not."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.store import save_reading, write_table
from pipeline.report.board.table import BOARD_TABLES, build_board
from pipeline.report.board.view import load_board
from pipeline.report.material.privacy import PUBLIC_TIERS
from tests.readings import make_reading
from tests.report.board_material import GROUPS, MEMBERS, QUARTER, Tables, derived, sample_bureau, sample_tables

SENTINEL = 98765.4321
JUDGED_BY = ("committee_score", "mutual_score", "quarter_score")  # may decide whether there is a ranking, and no more


def board_of(tables: Tables, **changes: object) -> pd.DataFrame:
    return build_board(tables, replace(sample_bureau(), **changes), load_catalog(), QUARTER)  # type: ignore[arg-type]


def value(board: pd.DataFrame, panel: str, measure: str, group: str | None = None, period: str = "2021Q4") -> float:
    rows = board[(board["panel"] == panel) & (board["measure"] == measure) & (board["period"] == period)]
    rows = rows[rows["party_group"].isna()] if group is None else rows[rows["party_group"] == group]
    assert len(rows) == 1, rows
    return float(rows["value"].iloc[0])


def texts_of(board: pd.DataFrame) -> str:
    return board.to_csv()


def with_rows(table: str, rows: list[dict[str, object]]) -> Tables:
    return {**sample_tables(sample_bureau()), table: derived(table, rows, load_catalog())}


def standing(group: str, points: float, rank: int, **columns: object) -> dict[str, object]:
    row = {"party_group": group, "quarter": QUARTER, "points_mean": points, "rank": rank, "month_count": 3}
    return {**row, "rank_basis": "points_mean", "change_points": None, **columns}


def test_points_and_weights_are_means_of_the_three_months() -> None:
    rows: list[dict[str, object]] = [
        {
            "party_group": GROUPS[0],
            "month": pd.Period(month, "M"),
            "category": category,
            "points": points,
            "weight": weight,
        }
        for month, points in (("2021-09", 1.0), ("2021-10", 20.0), ("2021-11", 23.0), ("2021-12", 26.0))
        for category, weight in (("A", 30.0), ("D", None))
    ]
    board = board_of(with_rows("points_by_group_month_category", rows))
    assert value(board, "points", "A", GROUPS[0]) == pytest.approx(23.0)
    assert value(board, "weights", "A", GROUPS[0]) == 30.0
    assert pd.isna(value(board, "weights", "D", GROUPS[0]))
    assert pd.isna(value(board, "points", "A", GROUPS[1]))  # no points are no 0 points


def test_the_trend_has_twelve_months_and_none_after_the_quarter() -> None:
    tables = sample_tables(sample_bureau())
    later = tables["points_by_group_month"].assign(month=lambda rows: rows["month"] + 1)
    tables["points_by_group_month"] = pd.concat([tables["points_by_group_month"], later[later["month"] > "2021-12"]])
    trend = board_of(tables).query("panel == 'trend'")
    assert sorted(trend["period"].unique()) == [f"2021-{month:02d}" for month in range(1, 13)]
    assert len(trend) == 12 * 3


def test_a_change_is_clear_only_beyond_what_months_do_anyway() -> None:
    board = board_of(sample_tables(sample_bureau()))
    gap = value(board, "change", "clear_gap_points")
    for group in GROUPS[:3]:
        change = value(board, "change", "change_points", group)
        assert value(board, "change", "is_clear", group) == (abs(change) > gap)
        before, now = value(board, "change", "previous_points", group), value(board, "points", "points_mean", group)
        assert before + change == pytest.approx(now)


def test_with_too_few_months_nothing_is_judged() -> None:
    tables = sample_tables(sample_bureau())
    months = tables["points_by_group_month"]
    tables["points_by_group_month"] = months[months["month"] > "2021-08"]
    board = board_of(tables)
    assert pd.isna(value(board, "change", "clear_gap_points"))
    assert pd.isna(value(board, "standing", "clear_gap_points"))
    assert "is_clear" not in set(board["measure"])
    assert "rank" not in set(board["measure"])


def test_there_is_no_rank_unless_the_groups_stand_apart() -> None:
    near = board_of(sample_tables(sample_bureau(), step=0.1))
    assert value(near, "standing", "is_spread_clear") == 0
    assert not set(near["measure"]) & {"rank", "leads"}
    apart = board_of(sample_tables(sample_bureau(), step=12.0))
    assert value(apart, "standing", "is_spread_clear") == 1
    assert [value(apart, "standing", "rank", group) for group in GROUPS[:3]] == [1, 2, 3]
    assert [value(apart, "standing", "leads", group) for group in GROUPS[:3]] == [1, 0, 0]


def test_the_quarter_score_may_decide_and_is_not_told() -> None:
    scores = (SENTINEL, SENTINEL - 40, SENTINEL - 80)
    rows = [
        standing(group, 88.0, rank, quarter_score=score, committee_score=SENTINEL + rank, rank_basis="quarter_score")
        for rank, (group, score) in enumerate(zip(GROUPS[:3], scores, strict=True), start=1)
    ]
    board = board_of(with_rows("standings_by_group_quarter", rows))
    assert value(board, "standing", "is_spread_clear") == 1
    assert value(board, "standing", "rank", GROUPS[2]) == 3
    assert set(board.query("panel == 'standing'")["note"].dropna()) == {"quarter_score"}
    assert not (board["value"] > SENTINEL - 100).any()


def test_no_column_that_is_not_public_is_taken_over() -> None:
    catalog, bureau = load_catalog(), sample_bureau()
    clean, poisoned = sample_tables(bureau), sample_tables(bureau)
    poisoned_columns = 0
    for name, table in poisoned.items():
        for column in catalog.columns_of(name):
            if column.tier in PUBLIC_TIERS or column.column in JUDGED_BY:
                continue
            if column.dtype in ("number", "pct", "integer"):
                table[column.column] = SENTINEL
                poisoned_columns += 1
            elif column.dtype == "text":
                table[column.column] = "甲乙丙丁"
                poisoned_columns += 1
    assert poisoned_columns > 10
    board = build_board(poisoned, bureau, catalog, QUARTER)
    pd.testing.assert_frame_equal(board, build_board(clean, bureau, catalog, QUARTER))
    assert "甲乙丙丁" not in texts_of(board)


def test_the_board_holds_no_name_without_the_switch() -> None:
    board = board_of(sample_tables(sample_bureau()))
    assert [name for name in MEMBERS if name in texts_of(board)] == []
    assert "names" not in set(board["panel"])


def test_a_bureau_that_says_so_names_leaders_and_five_star_members_and_no_other_stars() -> None:
    names = board_of(sample_tables(sample_bureau()), publishes_names=True).query("panel == 'names'")
    by_group = {(row.measure, row.party_group): row.note for row in names.itertuples()}
    assert by_group == {
        ("leader", GROUPS[0]): MEMBERS[1],  # who led until May is not named
        ("leader", GROUPS[1]): MEMBERS[2],
        ("leader", GROUPS[2]): MEMBERS[3],
        ("five_star", GROUPS[0]): MEMBERS[0],
        ("five_star", GROUPS[1]): MEMBERS[1],
    }


def test_few_members_have_their_stars_counted_only_where_they_are_named() -> None:
    rows: list[dict[str, object]] = [
        {"party_group": group, "quarter": QUARTER, "rated_count": rated, "five_star_count": 3}
        for group, rated in zip(GROUPS, (4, 5, 6), strict=False)
    ]
    tables = with_rows("stars_by_group_quarter", rows)
    quiet, named = board_of(tables), board_of(tables, publishes_names=True)
    assert [value(named, "stars", "five_star_count", group) for group in GROUPS[:3]] == [3, 3, 3]
    assert [value(quiet, "stars", "rated_count", group) for group in GROUPS[:3]] == [4, 5, 6]
    assert pd.isna(value(quiet, "stars", "five_star_count", GROUPS[0]))
    assert [value(quiet, "stars", "five_star_count", group) for group in GROUPS[1:3]] == [3, 3]


def test_several_names_of_a_group_stand_in_one_row() -> None:
    rows = [
        {"member": member, "quarter": QUARTER, "party_group": GROUPS[0], "stars": 5, "month_count": 3}
        for member in (MEMBERS[1], MEMBERS[0])
    ]
    board = board_of(with_rows("stars_by_member_quarter", rows), publishes_names=True)
    assert board.query("measure == 'five_star'")["note"].tolist() == ["覃桂芳、陆小北"]


def test_a_term_that_ended_on_the_last_day_and_one_that_begins_later_name_nobody() -> None:
    rows: list[dict[str, object]] = [
        {
            "party_group": GROUPS[0],
            "member": MEMBERS[0],
            "started_on": pd.Timestamp("2020-01-01"),
            "ended_on": pd.Timestamp("2021-12-31"),
        },
        {"party_group": GROUPS[0], "member": MEMBERS[1], "started_on": pd.Timestamp("2022-01-01")},
        {"party_group": GROUPS[1], "member": MEMBERS[2], "started_on": pd.Timestamp("2021-12-31")},
    ]
    board = board_of(with_rows("leader_terms", rows), publishes_names=True)
    assert board.query("measure == 'leader'")["note"].tolist() == [MEMBERS[2]]


def test_objections_are_by_the_day_that_is_set_or_by_days() -> None:
    tables = sample_tables(sample_bureau())
    by_days = board_of(tables)
    assert value(by_days, "about", "objection_days_d") == 5
    assert "objection_until" not in set(by_days["measure"])
    by_day = board_of(tables, objection_until="2022-01-15")
    assert by_day.query("measure == 'objection_until'")["note"].tolist() == ["2022-01-15"]
    left_from_last_quarter = board_of(tables, objection_until="2021-10-15")
    assert "objection_until" not in set(left_from_last_quarter["measure"])


def test_both_versions_of_a_quarter_are_told_with_their_months() -> None:
    bureau = sample_bureau()
    second = tuple(replace(rule, version="细则2.0", effective_month="2021-11") for rule in bureau.rules)
    later = tuple(replace(rule, version="细则3.0", effective_month="2022-01") for rule in bureau.rules)
    board = board_of(sample_tables(bureau), rules=(*bureau.rules, *second, *later))
    versions = board.query("measure == 'rule_version'")
    assert list(zip(versions["note"], versions["period"], strict=True)) == [
        (bureau.rules[0].version, "2018-11"),
        ("细则2.0", "2021-11"),
    ]


@pytest.mark.parametrize(
    ("quarter", "corrected_on", "is_told"),
    [
        ("2021Q4", "2022-01-10", True),
        ("2021Q1", "2021-05-10", True),
        ("2020Q4", "2021-02-10", False),
        ("2020Q4", "2021-10-01", True),  # long ago, but changed in this quarter
        ("2022Q1", "2022-02-10", False),
    ],
)
def test_corrections_of_a_year_are_told_and_older_ones_when_they_change(
    quarter: str, corrected_on: str, is_told: bool
) -> None:
    row = {
        "party_group": GROUPS[1],
        "quarter": pd.Period(quarter, freq="Q-DEC"),
        "points_mean_before": 80.0,
        "points_mean": 81.5,
        "change_points": 1.5,
        "correction_count": 1,
        "last_corrected_on": pd.Timestamp(corrected_on),
        "is_after_quarter": True,
    }
    beside = {**row, "party_group": GROUPS[0], "correction_count": 0, "last_corrected_on": None, "change_points": 0.0}
    board = board_of(with_rows("restatements", [row, beside])).query("panel == 'restated'")
    assert set(board["party_group"]) == ({GROUPS[1]} if is_told else set())
    if is_told:
        assert value(board, "restated", "points_mean_before", GROUPS[1], quarter) == 80.0
        assert value(board, "restated", "points_mean", GROUPS[1], quarter) == 81.5
        assert set(board["note"]) == {corrected_on}


def test_work_that_was_not_handed_in_is_missing_and_not_nothing() -> None:
    row = {"matter": "pledges", "party_group": GROUPS[0], "quarter": QUARTER, "state": "not_submitted"}
    board = board_of(with_rows("work_by_group_quarter", [row]))
    own = board.query("panel == 'pledges' and party_group == @GROUPS[0]")
    assert own["value"].isna().all()
    assert set(own["note"]) == {"not_submitted"}
    without_a_row = board.query("panel == 'opinions'")
    assert without_a_row["value"].isna().all()
    assert without_a_row["note"].isna().all()


def test_only_pledges_and_opinions_are_made_public() -> None:
    panels = set(board_of(sample_tables(sample_bureau()))["panel"])
    assert {"pledges", "opinions"} <= panels
    assert "decisions" not in panels


@pytest.mark.parametrize(("years", "told"), [((2021, 2020), "2021"), ((2020, 2019), "2020"), ((2019,), None)])
def test_the_model_group_is_that_of_this_year_or_the_last(years: tuple[int, ...], told: str | None) -> None:
    rows = [
        {"party_group": GROUPS[place], "year": year, "has_veto": False, "is_model_group": True}
        for place, year in enumerate(years)
    ]
    rows.append({"party_group": GROUPS[2], "year": 2021, "has_veto": False, "is_model_group": False})
    own = board_of(with_rows("annual_by_group_year", rows)).query("panel == 'model_group'")
    assert own["period"].tolist() == ([told] if told else [])
    assert own["party_group"].tolist() == ([GROUPS[0]] if told else [])


def test_the_order_of_rows_does_not_matter() -> None:
    tables = sample_tables(sample_bureau())
    shuffled = {name: table.sample(frac=1.0, random_state=1) for name, table in tables.items()}
    key = ["panel", "party_group", "period", "measure"]
    first, second = (board_of(given).sort_values(key, ignore_index=True) for given in (tables, shuffled))
    pd.testing.assert_frame_equal(first, second)
    assert not first.duplicated(key).any()


def test_a_missing_table_is_named() -> None:
    tables = sample_tables(sample_bureau())
    assert set(tables) == set(BOARD_TABLES)
    del tables["restatements"]
    with pytest.raises(KeyError, match="restatements"):
        board_of(tables)


def test_the_page_reads_the_table_and_the_bureau_and_nothing_else(tmp_path: Path) -> None:
    catalog, bureau = load_catalog(), sample_bureau()
    table = build_board(sample_tables(bureau), bureau, catalog, QUARTER)
    save_reading(make_reading(catalog, bureau, {}), tmp_path, catalog)
    write_table(table, "board", tmp_path, catalog)
    for path in tmp_path.iterdir():
        if path.name not in ("board.parquet", "bureau.json"):
            path.unlink()
    board = load_board(tmp_path, "zh")
    pd.testing.assert_frame_equal(board.table, table)
    assert (board.bureau, board.branch, board.is_synthetic) == ("示例县局", "示例党支部", True)
    assert board.contact == "纪检委员办公室（二楼 203）"
    assert board.quarter == QUARTER
    assert board.groups == GROUPS[:3]
