"""The quarter's results per group, as far as they may be shown and compared."""

import numpy as np
import pandas as pd

from pipeline.catalog import Metric
from pipeline.report.quarter import QuarterReport

NOT_SUBMITTED = "not_submitted"


def results_of_quarter(report: QuarterReport) -> pd.DataFrame:
    """Return the quarter's rows of ``metrics_by_group_quarter`` that a group owns, with ``label``, in catalog order.

    Where a month was not handed in, the plan of a whole quarter is no measure of what there is: target and attained_pct
    are missing then.
    """
    rows = report.of_quarter("metrics_by_group_quarter")
    pairs = list(zip(rows["party_group"], rows["metric"], strict=True))
    rows = rows[[report.bureau.owns(group, metric) for group, metric in pairs]]
    order = {name: place for place, name in enumerate(report.catalog.metrics)}
    rows = rows.assign(
        label=rows["metric"].map({name: report.label(metric) for name, metric in report.catalog.metrics.items()}),
        order=rows["metric"].map(order),
    )
    gaps = [
        _has_gap(report, group, report.catalog.metrics[metric])
        for group, metric in zip(rows["party_group"], rows["metric"], strict=True)
    ]
    rows.loc[gaps, ["target", "attained_pct"]] = np.nan
    return rows.sort_values("order", kind="stable").drop(columns="order").reset_index(drop=True)


def results_of_group(report: QuarterReport, group: str) -> pd.DataFrame:
    """Return the rows of one group, indexed by metric."""
    rows = results_of_quarter(report)
    return rows[rows["party_group"] == group].set_index("metric")


def months_missing(report: QuarterReport, group: str, metric: Metric) -> tuple[pd.Period, ...]:
    """Return the quarter's months without data; a month in which nothing was due is not missing."""
    known = _states(report, group, metric)
    return tuple(month for month in report.months if known.get(month, NOT_SUBMITTED) == NOT_SUBMITTED)


def _has_gap(report: QuarterReport, group: str, metric: Metric) -> bool:
    """Tell whether a month with a plan lacks its report; months before the first one have neither."""
    return NOT_SUBMITTED in _states(report, group, metric).values()


def _states(report: QuarterReport, group: str, metric: Metric) -> dict[pd.Period, str]:
    panel = report.of_quarter("panel")
    own = panel[(panel["party_group"] == group) & (panel["metric"] == metric.metric)]
    return dict(zip(own["month"], own["state"], strict=True))
