"""The totals that the bureau's own workbooks print: months from the points sheets, quarters, years, members' rows.

Every function returns a row per printed total: level, party_group, period ("2021-10", "2021Q4", "2021"), part,
printed_points, tolerance and its place. What is printed has two decimals, so that a sum of n printed numbers may be off
by n half cents: the tolerance is what rounding alone can explain. A column of an assessment may be printed to one.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.catalog.records import RowSum
from pipeline.ingest.bureau import Reading
from pipeline.points.keys import IntArray, number
from pipeline.points.measures import LINEAGE
from pipeline.points.schemes import versions_of

MONTH, QUARTER, YEAR = "month", "quarter", "year"  # levels
TOTAL, MEMBER_ROW = "total", "member_row"  # parts of a month besides its categories
POINTS_MEAN, MUTUAL_SCORE, QUARTER_SCORE = "points_mean", "mutual_score", "quarter_score"
QUARTER_MEAN, YEAR_SCORE = "quarter_mean", "year_score"
PRINTED_KIND, PRINTED_POINTS = "monthly_points", "printed_points"
EXACT = 1e-6  # what a number read from a cell may be off
HALF_CENT = 0.005  # the workbooks print two decimals
HALF_TENTH = 0.05  # or one, where no number of a column has more
SHEET = ["party_group", "month", "source_file", "source_sheet", "source_row"]  # one printed mean row
# columns of the assessments -> parts
OF_QUARTERS = {"points_mean": POINTS_MEAN, "mutual_score": MUTUAL_SCORE, "total_score": QUARTER_SCORE}
OF_YEARS = {"quarter_mean": QUARTER_MEAN, "total_score": YEAR_SCORE}
COLUMNS = ["level", "party_group", "period", "part", "printed_points", "tolerance", *LINEAGE]


def mean_cells(reading: Reading, catalog: Catalog, last_month: pd.Period) -> pd.DataFrame:
    """Return every number in a mean row of a group's points sheet up to ``last_month``: party_group, month, column,
    category (missing for the grand total), printed, computed (the mean of the rows above or below it), the place.
    """
    cells = reading.tables["printed_totals"]
    cells = cells[(cells["kind"] == PRINTED_KIND) & (cells["month"] <= last_month) & cells["party_group"].notna()]
    means = catalog.words_of("mean")
    is_mean = cells["label"].isin([label for label in cells["label"].unique() if any(word in label for word in means)])
    category_of = {entry.column: entry.category for entry in catalog.printed}
    cells = cells.assign(category=cells["column"].map(category_of).astype("object"))[is_mean]
    known = cells["category"].notna() | (cells["column"] == row_sum(catalog).total)
    return cells[known & cells["printed"].notna()]


def printed_categories(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the categories of the months, their printed columns added up; the place is that of the first column."""
    own = cells[cells["category"].notna()]
    row, first = _sheet_rows(own, "category")
    printed = own["printed"].groupby(row)
    table = own.iloc[first].rename(columns={"category": "part"}).assign(printed_points=printed.sum().to_numpy())
    return _of_level(table, MONTH, "month", np.asarray((printed.size() + 1) * HALF_CENT, dtype=np.float64))


def printed_month_totals(cells: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return the grand totals of the months; a total of n printed columns may be off by as many half cents."""
    columns = cells["category"].notna().to_numpy()
    row = _sheet_rows(cells)[0]
    counts = np.bincount(row[columns], minlength=len(cells) + 1)
    is_total = (cells["column"] == row_sum(catalog).total).to_numpy()
    totals = cells[is_total].rename(columns={"printed": "printed_points"}).assign(part=TOTAL)
    return _of_level(totals, MONTH, "month", np.asarray((counts[row[is_total]] + 1) * HALF_CENT, dtype=np.float64))


def _sheet_rows(cells: pd.DataFrame, *more: str) -> tuple[IntArray, IntArray]:
    """Return the number of the printed row (and the value of more columns) of every cell, and where each first is."""
    places = zip(*(cells[name].tolist() for name in (*SHEET, *more)), strict=True)
    row = number(places, {})
    return row, np.unique(row, return_index=True)[1]


def printed_member_rows(reading: Reading, catalog: Catalog, last_month: pd.Period) -> pd.DataFrame:
    """Return the total of every member's row with ``recomputed_points``, the sum of the row's own columns.

    A row without columns has nothing to add up (missing). So have the rows of a sheet in which every total lies above
    its columns by exactly the rule book's base points: it prints the base in a column of its own, which is not read.
    """
    rule, bureau = row_sum(catalog), reading.bureau
    rows = reading.tables[PRINTED_POINTS]
    rows = rows[(rows["month"] <= last_month) & rows[rule.total].notna()]
    columns = rows[list(rule.parts)]
    sums = columns.sum(axis=1, min_count=1)
    versions = versions_of(bureau.rules, rows["month"])
    bases = {version: bureau.parameter(version, "member_base_points") for version in sorted(set(versions))}
    above = (rows[rule.total] - sums).round(2) == np.array([bases[version] for version in versions])
    has_base = above.groupby([rows["source_file"], rows["source_sheet"]]).transform("all").astype(bool)
    rows = rows.assign(part=MEMBER_ROW, printed_points=rows[rule.total])
    table = _of_level(rows, MONTH, "month", (columns.notna().sum(axis=1) + 1) * HALF_CENT)
    return table.assign(recomputed_points=sums.mask(has_base))


def printed_quarters(reading: Reading, catalog: Catalog, last_quarter: pd.Period) -> pd.DataFrame:
    """Return mean of months, mutual score and quarter score as the quarterly assessments print them.

    The tolerances of the mean and of the score are those of a month's total with every column, and one rounding more
    each; the mutual score is a mean of whole scores.
    """
    rows = reading.tables["quarter_assessments"]
    of_month = _month_tolerance(catalog)
    tolerances = {
        POINTS_MEAN: of_month + HALF_CENT,
        MUTUAL_SCORE: 2 * HALF_CENT,
        QUARTER_SCORE: of_month + 2 * HALF_CENT,
    }
    return _unpivoted(rows[rows["quarter"] <= last_quarter], QUARTER, "quarter", OF_QUARTERS, tolerances)


def printed_years(reading: Reading, catalog: Catalog, last_quarter: pd.Period) -> pd.DataFrame:
    """Return mean of quarters and year score as the annual reviews print them, of years that have ended."""
    rows = reading.tables["annual_reviews"]
    of_quarter = _month_tolerance(catalog) + 2 * HALF_CENT
    tolerances = {QUARTER_MEAN: of_quarter + HALF_CENT, YEAR_SCORE: of_quarter + 2 * HALF_CENT}
    ended = rows["year"] <= last_quarter.year - (last_quarter.quarter < 4)
    return _unpivoted(rows[ended], YEAR, "year", OF_YEARS, tolerances)


def row_sum(catalog: Catalog) -> RowSum:
    """Return which column of the points sheets is the grand total, and of which columns."""
    return next(rule for rule in catalog.row_sums if rule.table == PRINTED_POINTS)


def _month_tolerance(catalog: Catalog) -> float:
    return (len(row_sum(catalog).parts) + 1) * HALF_CENT


def _unpivoted(
    rows: pd.DataFrame, level: str, period: str, parts: dict[str, str], tolerances: dict[str, float]
) -> pd.DataFrame:
    listed = []
    for column, part in parts.items():
        own = rows[rows[column].notna()]
        table = own[["party_group", period, *LINEAGE]].assign(part=part, printed_points=own[column])
        listed.append(_of_level(table, level, period, tolerances[part] + _coarser(own, column)))
    return pd.concat(listed)


def _coarser(rows: pd.DataFrame, column: str) -> "pd.Series[float]":
    """Return what more rounding may explain where a sheet prints a column to one decimal, and whole numbers are not all
    that it prints.
    """
    sheet = [rows["source_file"], rows["source_sheet"]]
    values = rows[column].astype("float64")
    has_hundredths, has_tenths = (
        ((values - values.round(decimals)).abs() > EXACT).groupby(sheet).transform("any") for decimals in (1, 0)
    )
    return (HALF_TENTH - HALF_CENT) * (has_tenths & ~has_hundredths).astype("float64")


def _of_level(
    table: pd.DataFrame, level: str, period: str, tolerance: "pd.Series[float] | npt.NDArray[np.float64]"
) -> pd.DataFrame:
    return table.assign(level=level, period=table[period].astype("str"), tolerance=tolerance)[COLUMNS]
