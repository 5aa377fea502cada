"""What the two moving festivals do to a comparison with last year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.catalog import Catalog, Metric
from pipeline.periods import mid_autumn, months_of, spring_festival
from pipeline.report.material.numbers import date_text, quarter_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.table_block import is_missing

FIRST_QUARTER = 1


@dataclass(frozen=True)
class TwoMonths:
    """A metric of January and February together (元春), this year and last; None where a month is missing."""

    value: float | None
    last_year: float | None


def festival_note(report: QuarterReport) -> str | None:
    """Return what a reader must know before comparing the quarter with last year; None when no festival moved."""
    texts, year = report.texts, report.quarter.year
    if report.quarter.quarter == FIRST_QUARTER:
        days = {"this": date_text(spring_festival(year), texts), "last": date_text(spring_festival(year - 1), texts)}
        return texts("festival.spring", **days)
    quarters = [pd.Period(mid_autumn(other), freq="Q") for other in (year, year - 1)]
    in_this_year, in_last_year = (quarter.quarter == report.quarter.quarter for quarter in quarters)
    if in_this_year == in_last_year:
        return None
    return texts(
        "festival.mid_autumn_here_now" if in_this_year else "festival.mid_autumn_here_last_year",
        this=date_text(mid_autumn(year), texts),
        last=date_text(mid_autumn(year - 1), texts),
        quarter=quarter_text(report.quarter, texts),
    )


def january_and_february(report: QuarterReport, group: str, metric: Metric) -> TwoMonths:
    """Return a metric of January and February together, as a sum or as sum / sum."""
    months = months_of(report.quarter)[:2]
    return TwoMonths(
        _together(report, group, metric, months), _together(report, group, metric, [month - 12 for month in months])
    )


def _together(report: QuarterReport, group: str, metric: Metric, months: list[pd.Period]) -> float | None:
    measures = report.tables["measures_by_group_month"]
    rows = measures[
        (measures["party_group"] == group) & (measures["measure"] == metric.measure) & measures["month"].isin(months)
    ]
    return combined(rows, metric, report.catalog) if len(rows) == len(months) else None


def combined(rows: "pd.DataFrame | Mapping[str, Sequence[Any]]", metric: Metric, catalog: Catalog) -> float | None:
    """Return the value of several months together; None when one of them is missing or there is no base.

    ``rows`` are months of one group and measure in ``measures_by_group_month``. A quotient is sum / sum x scale, never
    a mean.
    """
    measure = catalog.measures[metric.measure]
    if measure.aggregate != "quotient":
        return _sum(rows["value"])
    numerator, denominator = (_sum(rows[name]) for name in ("numerator", "denominator"))
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return float((measure.scale or 1.0) * numerator / denominator)


def _sum(values: Iterable[Any]) -> float | None:
    """Return the sum of all values; None when one is missing."""
    found = list(values)
    return None if any(map(is_missing, found)) else float(sum(found))
