"""The last guard: what the data dictionary does not allow costs its row, and no other."""

import pandas as pd
import pytest

from pipeline.ingest.checking.dictionary import guard_derived, guard_inputs
from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.schema import TableError
from pipeline.ingest.tables import build_tables
from tests.hand_made import CATALOG, VOCABULARY, Rows, make_grid
from tests.readings import make_table

SHELF: Rows = [["单位", "零售户数", "上柜户数"], ["营销管理", 100, 40], ["驮卢片区", 100, 40]]


def extracted(month: str) -> SheetRows:
    names = SheetNames(f"{month}上柜.xlsx", "Sheet1")
    found = recognise(make_grid(SHELF), names, VOCABULARY)
    assert isinstance(found, Recognised)
    return extract_sheet(found, VOCABULARY, Surroundings({}, {}))


def test_tables_that_the_dictionary_allows_stay_as_they_are() -> None:
    sheets = [extracted("2019年1月"), extracted("2019年2月")]
    tables = build_tables(sheets, CATALOG)
    guarded = guard_inputs(tables, sheets, CATALOG)
    pd.testing.assert_frame_equal(guarded["shelf_rates_by_group_month"], tables["shelf_rates_by_group_month"])
    assert [rows.faults for rows in sheets] == [[], []]


def test_a_value_that_slipped_through_costs_its_row_and_is_told_at_its_cell() -> None:
    sheets = [extracted("2019年1月"), extracted("2019年2月")]
    sheets[1].values["retailers"][1] = -5
    guarded = guard_inputs(build_tables(sheets, CATALOG), sheets, CATALOG)["shelf_rates_by_group_month"]
    assert guarded[["source_file", "source_row"]].values.tolist() == [
        ["2019年1月上柜.xlsx", 2],
        ["2019年1月上柜.xlsx", 3],
        ["2019年2月上柜.xlsx", 2],
    ]
    assert list(guarded.index) == [0, 1, 2]
    (fault,) = sheets[1].faults
    assert (fault.code, fault.row, fault.column, fault.seen, fault.expected) == (
        "against_dictionary",
        2,
        1,
        "-5",
        "0 … 1000000",
    )
    assert (sheets[0].rejected, sheets[1].rejected) == (set(), {1})


def test_a_computed_table_that_is_wrong_names_row_and_column() -> None:
    month = pd.Period("2019-01", "M")
    row = {"kind": "sales", "month": month, "party_group": "", "source_file": "a.xlsx"}
    assert len(guard_derived(make_table("coverage", CATALOG, [row])[[*row]], "coverage", CATALOG)) == 1
    wrong = make_table("coverage", CATALOG, [{**row, "kind": "selas"}])[[*row]]
    with pytest.raises(TableError, match=r"'coverage': row 0: column 'kind'.*saw 'selas'"):
        guard_derived(wrong, "coverage", CATALOG)
