"""Sums over the whole bureau that the first lines of the page need."""

from dataclasses import dataclass

import pandas as pd

from pipeline.report.material.base import PageMaterial, kept
from pipeline.report.material.gaps import gaps_of, target_gaps_of
from pipeline.report.material.lacking import Gap
from pipeline.report.material.membership import counted_nowhere, groups_in
from pipeline.report.material.numbers import span_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.results import results_of_quarter


@dataclass(frozen=True)
class BureauTotal:
    """A metric added up over the groups that own it; a part is None when any of those groups lacks a month of it.

    ``last_year`` is of the groups of that time: they may have been others.
    """

    value: float | None
    target: float | None
    last_year: float | None
    gaps: tuple[Gap, ...] = ()
    target_gaps: tuple[Gap, ...] = ()

    @property
    def attained_pct(self) -> float | None:
        """Return value / target in per cent; None without a target above zero."""
        return 100 * self.value / self.target if self.value is not None and self.target else None

    @property
    def change_pct(self) -> float | None:
        """Return the change from last year in per cent; None where last year is missing or zero."""
        return 100 * (self.value / self.last_year - 1) if self.value is not None and self.last_year else None


@dataclass(frozen=True)
class Completeness:
    """How many workbooks were due in the quarter (one a month, and one a group where each group hands in its own).

    ``submitted`` counts every workbook that was handed in, ``unreadable`` those among them of which nothing could be
    used.
    """

    due: int
    submitted: int
    unreadable: int = 0

    @property
    def submitted_pct(self) -> float | None:
        """Return the share handed in, in per cent; None when nothing was due."""
        return 100 * self.submitted / self.due if self.due else None


def bureau_total(report: QuarterReport, metric: str) -> BureauTotal:
    """Add up an additive metric (a sum or a count, no rate) over the groups that own it.

    One group's missing month makes the sum of the bureau too low, so there is none then; the gaps say why.
    """
    rows, entry = results_of_quarter(report), report.catalog.metrics[metric]
    own = rows[(rows["metric"] == metric) & rows["party_group"].isin(groups_in(report, report.months))]
    gaps, target_gaps = gaps_of(report, entry), target_gaps_of(report, entry)
    if gaps:
        return BureauTotal(None, None, None, gaps, target_gaps)
    target = None if target_gaps else _sum(own["target"])
    last_year = _sum(totals_by_month(report, metric).reindex([month - 12 for month in report.months]))
    return BureauTotal(_sum(own["value"]), target, last_year, gaps, target_gaps)


@kept
def totals_by_month(report: QuarterReport, metric: str) -> "pd.Series[float]":
    """Add up an additive metric by month over the groups that own it and have members in the month.

    Missing where one of them lacks it, or where a workbook has it for a group without members.
    """
    panel = report.tables["panel"]
    by_month = panel[panel["metric"] == metric].groupby("month")["value"]
    measure = report.catalog.metrics[metric].measure
    unclear = {month for _, month, name in counted_nowhere(report) if name == measure}
    totals = by_month.sum().mask(by_month.count() < by_month.size())
    return totals.mask(totals.index.isin(list(unclear))).astype("float64")


def completeness(report: PageMaterial) -> Completeness:
    """Count the workbooks due and handed in for the quarter."""
    states = report.of_quarter("submissions")["state"]
    missing, unreadable = int((states == "missing").sum()), int((states == "unreadable").sum())
    return Completeness(due=len(states), submitted=len(states) - missing, unreadable=unreadable)


def months_of_points(report: PageMaterial) -> str:
    """Return how many months with process points a group has, the fewest and the most: the n of the footer."""
    counts = report.tables["points_by_group_month"].groupby("party_group")["process_points"].count()
    known = counts.reindex(list(report.groups), fill_value=0)
    return span_text(int(known.min()), int(known.max()), report.texts) if len(known) else "0"


def _sum(values: pd.Series) -> float | None:
    total = values.sum(skipna=False)
    return None if len(values) == 0 or pd.isna(total) else float(total)
