"""What breaks first at each factor of ten, in words around measured figures."""

from collections.abc import Callable, Iterator

from pipeline.ingest.files.limits import CPU_SECONDS
from tests.benchmarks.scale.costs import Costs
from tests.benchmarks.scale.measuring import REPORT_SIZES
from tests.benchmarks.scale.province import BUREAUS, QUARTERS, SECONDS_AN_HOUR
from tests.benchmarks.scale.writing import fitted

MONTHS = 24
EXCEL_ROWS = 1_048_576  # of a sheet of xlsx, ECMA-376
MANY_GROUPS = 360
FORTY_FILES = QUARTERS  # of the data set across bureaus: one a table and quarter, however many bureaus there are


def breaks(costs: Costs) -> Iterator[str]:
    """Yield the table: how many bureaus, what gives way first there, and what to do."""
    yield "| Bureaus | What gives way first | Figures | What to do |"
    yield "|---|---|---|---|"
    for bureaus, words, figures, remedy in _rows(costs):
        yield f"| {bureaus} | {words} | {figures} | {remedy} |"


def _rows(costs: Costs) -> Iterator[tuple[str, str, str, str]]:
    hours = lambda bureaus: bureaus * fitted(costs).seconds(MONTHS) / SECONDS_AN_HOUR / 2  # noqa: E731
    rate = costs["reading: rows a second"]
    yield (
        "1",
        "one ledger in one workbook: a file may take 10 s of a processor, a sheet ends at its last row",
        f"about {CPU_SECONDS * rate:,.0f} rows of twelve cells in 10 s; a sheet holds {EXCEL_ROWS:,}",
        "a workbook a year or a month, as bureaus keep them; the reader refuses the file with its reason",
    )
    yield (
        "1, of 360 groups",
        "the page: every group has its charts and rows",
        f"{_page_mb(costs, MANY_GROUPS):.0f} MB (line through {_sizes()} groups)",
        "a folder a territory, then the page across bureaus",
    )
    yield (
        "10",
        "nothing",
        f"{60 * hours(10):,.1f} minutes on two processors",
        "`ronghe batch`",
    )
    yield (
        "100",
        "patience: time is the only thing that grows",
        f"{hours(100):,.1f} hours on two processors; what is unchanged costs next to nothing",
        "at night; more processors",
    )
    yield (
        "1,000",
        "a night on one machine",
        f"{hours(1_000):,.1f} hours on two processors, {hours(1_000) / 8:,.1f} on sixteen",
        "`--scheduler`: the same jobs on a cluster",
    )
    yield f"{BUREAUS:,}", *_page(costs, BUREAUS)
    yield from _far(costs)
    files = BUREAUS * QUARTERS * costs[f"report: files, {_size_name(1)}"]
    yield (
        f"{BUREAUS:,} x {QUARTERS} quarters",
        "the metadata of a shared folder: many small files",
        f"{files:,.0f} files; a small table of 3,000 bureaus read one by one: {_known(costs, 'small_files: seconds')}",
        f"read the data set across bureaus ({FORTY_FILES} files a table), archive old quarters whole",
    )


def _page(costs: Costs, bureaus: int) -> tuple[str, str, str]:
    figures = (
        f"page {_known(costs, 'page: page', bureaus)}, made in {_known(costs, 'page: seconds', bureaus)} with "
        f"{_known(costs, 'page: peak memory', bureaus)}; listing the folders "
        f"{_known(costs, 'listing: seconds', bureaus)}; handing out the jobs "
        f"{_known(costs, 'local_jobs: seconds', bureaus)} here, {_known(costs, 'dask_jobs: seconds', bureaus)} by Dask"
    )
    return (
        "the page across bureaus: one file with a row for each",
        figures,
        "a page a prefecture; the data set for the rest",
    )


def _far(costs: Costs) -> Iterator[tuple[str, str, str, str]]:
    """Yield ten times the province, where it was simulated."""
    if f"page: seconds, {10 * BUREAUS}" in costs:
        yield f"{10 * BUREAUS:,}", *_page(costs, 10 * BUREAUS)


def _known(costs: Costs, name: str, size: int = BUREAUS) -> str:
    """Return a simulated figure at a size, or at the largest that was simulated, which is then said."""
    sizes = sorted(int(key.rsplit(", ", 1)[1]) for key in costs if key.startswith(f"{name}, "))
    fits: Callable[[int], bool] = lambda one: one <= size  # noqa: E731
    found = max(filter(fits, sizes), default=sizes[0])
    cost = costs.costs[f"{name}, {found}"]
    figure = f"{cost.value:,.0f}" if cost.value >= 100 else f"{cost.value:.2g}"
    return f"{figure} {cost.unit}" + ("" if found == size else f" ({found:,} of them)")


def _page_mb(costs: Costs, groups: int) -> float:
    """Return the size of a page of so many groups, on the line through the two measured ones of the same months."""
    (few, _), (more, _) = REPORT_SIZES[:2]
    small, large = (costs[f"report: page, {_size_name(place)}"] for place in (0, 1))
    return small + (large - small) * (groups - few) / (more - few)


def _size_name(place: int) -> str:
    groups, first = REPORT_SIZES[place]
    return f"{groups} groups, from {first}"


def _sizes() -> str:
    return " and ".join(str(groups) for groups, _ in REPORT_SIZES[:2])
