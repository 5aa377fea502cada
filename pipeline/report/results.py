"""The quarter's results per group, as far as they may be shown and compared."""

import pandas as pd

from pipeline.catalog import Metric
from pipeline.report.quarter import QuarterReport

NOT_SUBMITTED = "not_submitted"


def results_of_quarter(report: QuarterReport) -> pd.DataFrame:
    """Return the quarter's rows of ``metrics_by_group_quarter`` that a group owns, with ``label``, in catalog order."""
    rows = report.of_quarter("metrics_by_group_quarter")
    pairs = zip(rows["party_group"], rows["metric"], strict=True)
    rows = rows[[report.bureau.owns(group, metric) for group, metric in pairs]]
    order = {name: place for place, name in enumerate(report.catalog.metrics)}
    labels = {name: report.label(metric) for name, metric in report.catalog.metrics.items()}
    rows = rows.assign(label=rows["metric"].map(labels), order=rows["metric"].map(order))
    return rows.sort_values("order", kind="stable").drop(columns="order").reset_index(drop=True)


def results_of_group(report: QuarterReport, group: str) -> pd.DataFrame:
    """Return the rows of one group, indexed by metric."""
    rows = results_of_quarter(report)
    return rows[rows["party_group"] == group].set_index("metric")


def months_missing(report: QuarterReport, group: str, metric: Metric) -> tuple[pd.Period, ...]:
    """Return the quarter's months without data; a month in which nothing was due is not missing."""
    panel = report.of_quarter("panel")
    own = panel[(panel["party_group"] == group) & (panel["metric"] == metric.metric)]
    states = dict(zip(own["month"], own["state"], strict=True))
    return tuple(month for month in report.months if states.get(month, NOT_SUBMITTED) == NOT_SUBMITTED)
