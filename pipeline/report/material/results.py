"""The quarter's results per group, as far as they may be shown and compared."""

import pandas as pd

from pipeline.report.material.base import kept
from pipeline.report.material.quarter import QuarterReport


@kept
def results_of_quarter(report: QuarterReport) -> pd.DataFrame:
    """Return a row a group and metric that it owns, with ``label``, in catalog order.

    The columns are those of ``metrics_by_group_quarter``; a metric without any data in the quarter has a row without
    values, since a row that is not there cannot be missed.
    """
    rows = report.of_quarter("metrics_by_group_quarter").drop(columns="quarter")
    owned = [
        (group, metric.metric, report.label(metric))
        for metric in report.catalog.metrics.values()
        for group in report.groups
        if report.bureau.owns(group, metric.metric)
    ]
    wanted = pd.DataFrame(owned, columns=["party_group", "metric", "label"]).astype("str")
    return wanted.merge(rows, on=["party_group", "metric"], how="left")


def results_of_group(report: QuarterReport, group: str) -> pd.DataFrame:
    """Return the rows of one group, indexed by metric."""
    rows = results_of_quarter(report)
    return rows.iloc[_places_by_group(report).get(group, [])].set_index("metric")


@kept
def _places_by_group(report: QuarterReport) -> dict[str, list[int]]:
    """Return the places of each group's rows among the quarter's results."""
    places: dict[str, list[int]] = {}
    for place, group in enumerate(results_of_quarter(report)["party_group"].tolist()):
        places.setdefault(group, []).append(place)
    return places
