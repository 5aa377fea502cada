"""The plan past one machine, computed from measured unit costs; arithmetic only.

A report is fitted as ``a + b x groups x months``: the seconds of a processor that starting and pages take, and those of
each month of a group's workbooks. A province's groups hold more activities than the generated ones; their rows are read
at the measured rate on top.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

BUREAUS, QUARTERS, GROUPS, ACTIVITIES_A_MONTH = 3_000, 40, 50_000, 5_000_000
MONTHS_A_QUARTER, FEWEST_MONTHS = 3, 24  # below two years nothing is judged: a province begins with two years of books
GENERATED_ACTIVITIES = 7  # a group and month of the generator, which the fit holds already
SECONDS_AN_HOUR = 3_600.0


@dataclass(frozen=True)
class Prices:
    """What is assumed, not measured: what a processor costs an hour, and a GB on disk a month, in yuan."""

    processor_hour: float = 0.30
    gb_month: float = 0.30


@dataclass(frozen=True)
class ReportModel:
    """Processor seconds of one report: ``fixed``, ``each`` a group and month, ``rows_a_second`` for further rows."""

    fixed: float
    each: float
    rows_a_second: float

    @classmethod
    def fit(cls, sizes: Sequence[tuple[int, int]], seconds: Sequence[float], rows_a_second: float) -> "ReportModel":
        """Fit by least squares to reports of (groups, months); costs below nothing are none."""
        design = np.array([[1.0, groups * months] for groups, months in sizes])
        fixed, each = np.linalg.lstsq(design, np.array(seconds), rcond=None)[0]
        return cls(max(float(fixed), 0.0), max(float(each), 0.0), rows_a_second)

    def seconds(self, months: int) -> float:
        """Return what the report of an average bureau of the province takes with so many months of workbooks."""
        groups = GROUPS / BUREAUS
        further = ACTIVITIES_A_MONTH / BUREAUS - GENERATED_ACTIVITIES * groups
        return self.fixed + self.each * groups * months + further * months / self.rows_a_second


@dataclass(frozen=True)
class Job:
    """A piece of the province's work: how many reports, and the processor hours that they take."""

    name: str
    reports: int
    hours: float

    def nights(self, processors: int, hours_a_night: float) -> float:
        """Return how many nights it takes on so many processors, reports shared out evenly."""
        return self.hours / processors / hours_a_night


def jobs(model: ReportModel) -> Mapping[str, Job]:
    """Return the first quarter, the last one, and all of them one after the other."""
    months = [FEWEST_MONTHS + MONTHS_A_QUARTER * number for number in range(QUARTERS)]
    hours = [BUREAUS * model.seconds(count) / SECONDS_AN_HOUR for count in months]
    return {
        "first": Job(f"quarter 1, {months[0]} months of workbooks", BUREAUS, hours[0]),
        "last": Job(f"quarter {QUARTERS}, {months[-1]} months of workbooks", BUREAUS, hours[-1]),
        "all": Job(f"all {QUARTERS} quarters, once", BUREAUS * QUARTERS, sum(hours)),
    }


def storage_gb(reports: int, mb_a_report: float) -> float:
    """Return the disk space of so many reports."""
    return reports * mb_a_report / 1_000


def processors_for(job: Job, hours: float) -> int:
    """Return how many processors do a job in so many hours."""
    return int(np.ceil(job.hours / hours))
