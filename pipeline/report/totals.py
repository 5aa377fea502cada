"""Sums over the whole bureau that the first lines of the page need."""

from dataclasses import dataclass

import pandas as pd

from pipeline.report.quarter import QuarterReport
from pipeline.report.results import results_of_quarter


@dataclass(frozen=True)
class BureauTotal:
    """A metric added up over the groups that own it; a part is None when any of those groups lacks it."""

    value: float | None
    target: float | None
    last_year: float | None

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
    """How many workbooks were due in the quarter (one a month, and one a group where each group hands in its own)."""

    due: int
    submitted: int

    @property
    def submitted_pct(self) -> float | None:
        """Return the share handed in, in per cent; None when nothing was due."""
        return 100 * self.submitted / self.due if self.due else None


def bureau_total(report: QuarterReport, metric: str) -> BureauTotal:
    """Add up an additive metric (a sum or a count, no rate) over the groups that own it."""
    rows = results_of_quarter(report)
    own = rows[rows["metric"] == metric]
    return BureauTotal(_sum(own["value"]), _sum(own["target"]), _sum(own["last_year"]))


def completeness(report: QuarterReport) -> Completeness:
    """Count the workbooks due and handed in for the quarter."""
    submitted = report.of_quarter("submissions")["is_submitted"]
    return Completeness(due=len(submitted), submitted=int(submitted.sum()))


def months_of_points(report: QuarterReport) -> int:
    """Return in how many months at least one group has process points: the n of the footer."""
    points = report.tables["points_by_group_month"]
    return int(points.loc[points["process_points"].notna(), "month"].nunique())


def _sum(values: pd.Series) -> float | None:
    total = values.sum(skipna=False)
    return None if len(values) == 0 or pd.isna(total) else float(total)
