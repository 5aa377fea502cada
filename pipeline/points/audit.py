"""The points audit: every total that the bureau's workbooks print against the recomputed one, and why they differ."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.annual import QUARTERS
from pipeline.points.causes import Causes, Recomputed, list_differences
from pipeline.points.measures import LINEAGE
from pipeline.points.printed import (
    MEMBER_ROW,
    MUTUAL_SCORE,
    POINTS_MEAN,
    QUARTER_MEAN,
    QUARTER_SCORE,
    TOTAL,
    YEAR_SCORE,
    mean_cells,
    printed_categories,
    printed_member_rows,
    printed_month_totals,
    printed_quarters,
    printed_years,
)

NO_COUNTERPART = "no_counterpart"  # printed, but nothing to compare it with
Place = tuple[str, str, str]  # party group, period, part
TINY = 1e-9  # what a sum of floats may be off

__all__ = ["Recomputed", "audit_points"]


def audit_points(recomputed: Recomputed, reading: Reading, catalog: Catalog, quarter: pd.Period) -> pd.DataFrame:
    """Return ``points_audit`` up to ``quarter``: a row per printed total, whether it differs or not.

    Totals differ when more than the rounding of what is printed lies between them. A printed total without a
    recomputed one (a month that nobody can score, a year that is not whole) has no difference and the explanation
    ``no_counterpart``. Of members' rows only the difference is kept: their points are nobody's business but the
    secretary's.
    """
    last_month = quarter.asfreq("M", how="end")
    cells = mean_cells(reading, catalog, last_month)
    table = pd.concat(
        [
            _beside(printed_categories(cells), _of_categories(recomputed.categories)),
            _beside(printed_month_totals(cells, catalog), _of_months(recomputed.months)),
            printed_member_rows(reading, catalog, last_month),
            _beside(printed_quarters(reading, catalog, quarter), _of_quarters(recomputed.standings)),
            _beside(printed_years(reading, catalog, quarter), _of_years(recomputed.annual)),
        ],
        ignore_index=True,
    )
    table["difference_points"] = table["printed_points"] - table["recomputed_points"]
    table["is_difference"] = (table["difference_points"].abs() > table["tolerance"] + TINY).fillna(False).astype(bool)
    table = table.sort_values(["level", "period", "party_group", "part", *LINEAGE[:3]], ignore_index=True)
    table = _explained(table, Causes(table, cells, recomputed, reading, catalog))
    of_members = table["part"] == MEMBER_ROW
    table[["printed_points", "recomputed_points"]] = table[["printed_points", "recomputed_points"]].mask(of_members)
    return table


def _beside(printed: pd.DataFrame, recomputed: Mapping[Place, float]) -> pd.DataFrame:
    places = zip(printed["party_group"], printed["period"], printed["part"], strict=True)
    found = np.array([recomputed.get(place, np.nan) for place in places], dtype=np.float64)
    return printed.assign(recomputed_points=found)


def _of_categories(categories: pd.DataFrame) -> dict[Place, float]:
    """Return the categories by group, period and part; one whose items are all left out is printed as 0."""
    return _by_place(categories, "month", categories["category"], categories["points"].fillna(0.0))


def _of_months(months: pd.DataFrame) -> dict[Place, float]:
    return _by_place(months, "month", [TOTAL] * len(months), months["total_points"])


def _of_quarters(standings: pd.DataFrame) -> dict[Place, float]:
    return _of_parts(standings, "quarter", [POINTS_MEAN, MUTUAL_SCORE, QUARTER_SCORE])


def _of_years(annual: pd.DataFrame) -> dict[Place, float]:
    """Return the parts of the years; the mean of fewer than four quarters is no counterpart of a printed one."""
    whole = annual.assign(quarter_mean=annual["quarter_mean"].where(annual["quarter_count"] == QUARTERS))
    return _of_parts(whole, "year", [QUARTER_MEAN, YEAR_SCORE])


def _of_parts(table: pd.DataFrame, period: str, parts: list[str]) -> dict[Place, float]:
    found: dict[Place, float] = {}
    for part in parts:
        found |= _by_place(table, period, [part] * len(table), table[part])
    return found


def _by_place(table: pd.DataFrame, period: str, parts: Iterable[str], points: "pd.Series[float]") -> dict[Place, float]:
    """Return points by party group, period as it is written, and part."""
    written = {value: str(value) for value in table[period].unique()}
    periods = (written[value] for value in table[period])
    return dict(zip(zip(table["party_group"], periods, parts, strict=True), points.astype("float64"), strict=True))


def _explained(table: pd.DataFrame, causes: Causes) -> pd.DataFrame:
    """Return the table with explanation, items, explained and unexplained points of every difference."""
    found = [causes.of(difference) for difference in list_differences(table)]
    index = table.index[table["is_difference"]]
    code = pd.Series([cause.code for cause in found], index=index, dtype="object").reindex(table.index)
    items = pd.Series([cause.items or None for cause in found], index=index, dtype="object").reindex(table.index)
    explained = pd.Series([cause.points for cause in found], index=index, dtype="float64").reindex(table.index)
    return table.assign(
        explanation=code.mask(table["difference_points"].isna(), NO_COUNTERPART),
        items=items,
        explained_points=explained,
        unexplained_points=table["difference_points"] - explained,
    )
