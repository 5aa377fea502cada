"""The plan as markdown: the unit costs, the province, and where each factor of ten breaks first."""

from collections.abc import Iterator

from tests.benchmarks.scale.costs import Costs
from tests.benchmarks.scale.measuring import REPORT_SIZES
from tests.benchmarks.scale.province import (
    ACTIVITIES_A_MONTH,
    BUREAUS,
    GROUPS,
    Job,
    Prices,
    ReportModel,
    jobs,
    processors_for,
    storage_gb,
)

LAST_YEAR = 2021
NIGHT_HOURS = 10.0
CLUSTERS = (2, 16, 64)
MONTHS_KEPT = 12


def unit_costs(costs: Costs) -> Iterator[str]:
    """Yield the table of what was measured, and by what."""
    yield "| What | Measured | By |"
    yield "|---|---|---|"
    for cost in costs.costs.values():
        yield f"| {cost.name} | {_figure(cost.value)} {cost.unit} | `{cost.how}` |"


def province(costs: Costs, prices: Prices) -> Iterator[str]:
    """Yield the plan: time, memory, storage and cost of the province."""
    model = fitted(costs)
    size = _size(REPORT_SIZES[1])
    mb = costs[f"report: published, {size}"] + costs[f"report: tables, {size}"]
    yield (
        f"{BUREAUS:,} bureaus, {GROUPS:,} groups, {ACTIVITIES_A_MONTH:,} activities a month. One report: "
        f"{model.fixed:.2f} s of a processor, {1000 * model.each:.1f} ms for each month of a group, and the rows of "
        f"its ledgers at {model.rows_a_second:,.0f} a second."
    )
    yield ""
    heads = [f"on {count} processors" for count in CLUSTERS]
    yield f"| | Reports | Processor hours | {' | '.join(heads)} | In one night of {NIGHT_HOURS:.0f} h | Disk | Cost |"
    yield "|---" * (6 + len(CLUSTERS)) + "|"
    for job in jobs(model).values():
        yield _job_line(job, mb, prices)
    yield ""
    peak = costs["report: peak memory of its largest process"]
    yield (
        f"Memory: {peak:,.0f} MB for each report at work (its largest process), so {CLUSTERS[-1]} processors need "
        f"{CLUSTERS[-1] * peak / 1000:,.0f} GB; the batch itself and the page as in the table of unit costs. "
        f"Cost: {prices.processor_hour:.2f} yuan a processor hour and {prices.gb_month:.2f} yuan a GB and month, kept "
        f"for {MONTHS_KEPT} months; both prices are assumed, give your own by `--processor-hour` and `--gb-month`."
    )


def fitted(costs: Costs) -> ReportModel:
    """Return the cost of a report as a function of groups and months."""
    sizes = [(groups, _months(first)) for groups, first in REPORT_SIZES]
    seconds = [costs[f"report: time of one processor, {_size(size)}"] for size in REPORT_SIZES]
    return ReportModel.fit(sizes, seconds, costs["reading: rows a second"])


def _job_line(job: Job, mb_a_report: float, prices: Prices) -> str:
    gigabytes = storage_gb(job.reports, mb_a_report)
    yuan = job.hours * prices.processor_hour + gigabytes * prices.gb_month * MONTHS_KEPT
    times = [f"{_hours(job.hours / count)}" for count in CLUSTERS]
    cells = [
        job.name,
        f"{job.reports:,}",
        f"{job.hours:,.1f}",
        *times,
        f"processors: {processors_for(job, NIGHT_HOURS):,}",
        f"{gigabytes:,.0f} GB",
        f"{yuan:,.0f} yuan",
    ]
    return f"| {' | '.join(cells)} |"


def _hours(hours: float) -> str:
    return f"{hours:,.1f} h" if hours < 48 else f"{hours / 24:,.1f} days"


def _size(size: tuple[int, str]) -> str:
    groups, first = size
    return f"{groups} groups, from {first}"


def _months(first: str) -> int:
    year, month = map(int, first.split("-"))
    return 12 * (LAST_YEAR - year) + 13 - month


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
