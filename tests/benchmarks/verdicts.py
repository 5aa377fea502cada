"""From a folder of workbooks to verdicts, call by call as the notebooks 1 to 3 do."""

from pathlib import Path

import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import latest_full_quarter, read_bureau
from pipeline.panel import build_panel, correlated_results, coupled_metrics, process_points, turnover_months
from pipeline.points import score_points
from pipeline.points.composition import list_turnover
from pipeline.stats import assess
from pipeline.texts import load_texts


def judge_folder(folder: Path) -> pd.DataFrame:
    """Return ``relationships`` of a bureau up to its latest full quarter.

    Raises `ValueError` where the workbooks hold no full quarter of results.
    """
    catalog = load_catalog()
    reading = read_bureau(folder, catalog, load_texts("zh"))
    quarter = latest_full_quarter(reading)
    if quarter is None:
        raise ValueError(f"{folder}: no quarter has results for each of its months")
    panel = build_panel(score_points(reading, catalog, quarter), reading.bureau, catalog)
    months = pd.PeriodIndex(panel["month"].unique()).sort_values()
    turnover = list_turnover(reading.tables["memberships"], sorted(reading.bureau.groups), months)
    process, results = process_points(panel), correlated_results(panel, catalog)
    coupled = coupled_metrics(reading.bureau, catalog)
    return assess(process, results, coupled=coupled, turnover=turnover_months(turnover)).relationships
