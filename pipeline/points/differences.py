"""The rule book's points beside the points that the bureau's own workbook prints."""

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.measures import LINEAGE

PRINTED_KIND = "monthly_points"
HALF_CENT = 0.005  # the workbook prints two decimals: each printed column may be off by half a cent


def compare_printed(categories: pd.DataFrame, reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """Return ``points_differences``: where the printed group mean of a month and category differs beyond rounding.

    The printed value is the row 小组平均 of the group's sheet, its columns added up by category (``printed.csv``).
    Months or groups without such a row are not compared; ``list_submissions`` names them.
    """
    columns = ["party_group", "month", "category", "computed_points", "printed_points", "difference_points"]
    totals = reading.tables["printed_totals"]
    means = catalog.words_of("mean")
    totals = totals[(totals["kind"] == PRINTED_KIND) & totals["label"].isin(means)]
    totals = totals.assign(category=totals["column"].map({entry.column: entry.category for entry in catalog.printed}))
    totals = totals.dropna(subset=["category", "printed"])
    grouped = totals.groupby(["party_group", "month", "category"])
    printed = grouped["printed"].sum().rename("printed_points").to_frame()
    printed["tolerance"] = grouped["printed"].count() * HALF_CENT + HALF_CENT
    printed[LINEAGE] = grouped[LINEAGE].first()
    both = printed.reset_index().merge(categories, on=["party_group", "month", "category"], how="inner")
    both["computed_points"] = both["points"].fillna(0.0)
    both["difference_points"] = both["printed_points"] - both["computed_points"]
    differing = both[both["difference_points"].abs() > both["tolerance"]]
    return differing[[*columns, *LINEAGE]].reset_index(drop=True)
