"""Tables as the data dictionary has them."""

import pandas as pd
import pytest

from pipeline.ingest.schema import FailingValue, TableError, empty_table, find_failing_values, to_dictionary
from tests.hand_made import CATALOG
from tests.readings import make_table

SHELF = {"month": pd.Period("2019-01", "M"), "party_group": "营销管理", "retailers": 100, "stocking_retailers": 40}


def test_right_rows_and_empty_tables_pass() -> None:
    table = make_table("shelf_rates_by_group_month", CATALOG, [SHELF, {**SHELF, "month": pd.Period("2019-02", "M")}])
    assert find_failing_values(table, "shelf_rates_by_group_month", CATALOG) == []
    inputs = [entry.table for entry in CATALOG.tables.values() if entry.stage == "input"]
    assert [name for name in inputs if find_failing_values(empty_table(name, CATALOG), name, CATALOG)] == []


def test_what_is_done_to_one_empty_table_is_not_seen_in_the_next() -> None:
    table = empty_table("coverage", CATALOG)
    table["extra"] = []
    table.columns.name, table.index.name = "columns", "rows"
    table.loc[0, "kind"] = "roster"
    other = empty_table("coverage", CATALOG)
    assert other.empty
    assert list(other) == [column.column for column in CATALOG.columns_of("coverage")]
    assert (other.columns.name, other.index.name) == (None, None)


def test_every_wrong_value_is_found_at_once() -> None:
    rows = [
        SHELF,
        {**SHELF, "retailers": -1},  # and a repeated key
        {**SHELF, "month": pd.Period("2019-03", "M"), "stocking_retailers": None},
        {**SHELF, "month": pd.Period("2019-04", "M"), "shelf_rate_pct": 140.0},
    ]
    table = make_table("shelf_rates_by_group_month", CATALOG, rows)
    found = find_failing_values(table, "shelf_rates_by_group_month", CATALOG)
    assert sorted(found, key=lambda value: (value.row, value.column)) == [
        FailingValue(1, "month", "2019-01", "月份 + 单位"),
        FailingValue(1, "retailers", "-1", "0 … 1000000"),
        FailingValue(2, "stocking_retailers", "", "上柜户数"),
        FailingValue(3, "shelf_rate_pct", "140.0", "0 … 100"),
    ]


def test_dates_are_within_their_bounds() -> None:
    row = {"visited_on": pd.Timestamp("1999-12-31"), "member": "张三"}
    table = make_table("frontline_visits", CATALOG, [row, {**row, "visited_on": pd.Timestamp("2100-12-31")}])
    found = find_failing_values(table, "frontline_visits", CATALOG)
    assert [(value.row, value.column, value.expected) for value in found] == [
        (0, "visited_on", "2000-01-01 … 2100-12-31")
    ]


def test_a_closed_vocabulary_holds_its_words_however_spaced() -> None:
    rows = [{"party_group": f"组{n}", "function": word} for n, word in enumerate(["营销", "专 卖", "后勤"])]
    found = find_failing_values(make_table("party_groups", CATALOG, rows), "party_groups", CATALOG)
    assert found == [FailingValue(2, "function", "后勤", "专卖 / 片区 / 营销")]


@pytest.mark.parametrize("column", ["month", "source_row"])
def test_a_column_of_another_dtype_is_no_fault_of_a_row(column: str) -> None:
    table = make_table("shelf_rates_by_group_month", CATALOG, [SHELF])
    with pytest.raises(TableError, match=f"'shelf_rates_by_group_month': column '{column}'.*saw 'str'"):
        find_failing_values(table.astype({column: "str"}), "shelf_rates_by_group_month", CATALOG)


def test_a_column_too_many_or_too_few_is_named() -> None:
    table = make_table("coverage", CATALOG, [])
    with pytest.raises(TableError, match="has extra"):
        to_dictionary(table[["kind", "month", "party_group", "source_file"]].assign(extra=1), "coverage", CATALOG)
    with pytest.raises(TableError, match="lacks month"):
        to_dictionary(table[["kind", "party_group", "source_file"]], "coverage", CATALOG)
    with pytest.raises(TableError, match="has extra"):
        find_failing_values(empty_table("coverage", CATALOG).assign(extra=1), "coverage", CATALOG)


def test_tables_of_members_end_with_the_group_that_is_derived() -> None:
    derived = [entry for entry in CATALOG.tables.values() if entry.group_from]
    assert len(derived) == 11
    for entry in derived:
        own = [column.column for column in CATALOG.columns if column.table == entry.table]
        assert own[-len(entry.derived) :] == [name for name in ("party_group", "member") if name in entry.derived]
