"""The plan for a province: ``python -m tests.benchmarks.scale`` measures unit costs, computes the plan, prints both.

``--saved`` measures nothing and takes the costs that were measured last; ``--paste docs/scale.md`` puts both between
their marks in the document; ``--far`` also simulates ten times the province (minutes more).
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.benchmarks.scale.breaking import breaks
from tests.benchmarks.scale.costs import Cost, Costs
from tests.benchmarks.scale.measuring import reading_costs, report_costs, simulated_costs
from tests.benchmarks.scale.province import Prices
from tests.benchmarks.scale.writing import province, unit_costs
from tests.benchmarks.speed.pasting import paste
from tests.benchmarks.speed.plan import cache_folder

SAVED = "costs.json"
BY = "python -m tests.benchmarks.scale --saved --paste docs/scale.md"
SIZES: Mapping[str, tuple[int, ...]] = {
    "listing": (300, 3_000),
    "local_jobs": (300, 3_000),
    "dask_jobs": (300, 3_000),
    "page": (300, 3_000),
    "small_files": (300, 3_000),
    "activities": (500_000, 5_000_000),
}
FAR: Mapping[str, tuple[int, ...]] = {
    **SIZES,
    "listing": (300, 3_000, 30_000),
    "local_jobs": (300, 3_000, 30_000),
    "dask_jobs": (300, 3_000, 30_000),
    "page": (300, 3_000, 30_000),
}
QUICK: Mapping[str, tuple[int, ...]] = dict.fromkeys(SIZES, (10,))


def measure(cache: Path, sizes: Mapping[str, tuple[int, ...]]) -> Costs:
    """Measure every unit cost."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="scale-") as work:
        return Costs(_all(cache, Path(work), dict(sizes)))


def _all(cache: Path, work: Path, sizes: dict[str, tuple[int, ...]]) -> Iterator[Cost]:
    yield from report_costs(cache, work, _say)
    yield from reading_costs(work)
    yield from simulated_costs(cache, work, sizes, _say)


def main(arguments: list[str] | None = None) -> int:
    """Measure or load, print, and paste where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saved", action="store_true")
    parser.add_argument("--far", action="store_true")
    parser.add_argument("--quick", action="store_true", help="tiny simulations: does everything run?")
    parser.add_argument("--paste", type=Path)
    parser.add_argument("--processor-hour", type=float, default=Prices.processor_hour, help="yuan")
    parser.add_argument("--gb-month", type=float, default=Prices.gb_month, help="yuan")
    options = parser.parse_args(arguments)
    cache = cache_folder()
    if options.saved:
        costs = Costs.load(cache / SAVED)
    else:
        costs = measure(cache, QUICK if options.quick else FAR if options.far else SIZES)
        costs.save(cache / SAVED)
    parts = {
        "unit costs": "\n".join(unit_costs(costs)),
        "plan": "\n".join(province(costs, Prices(options.processor_hour, options.gb_month))),
        "breaks": "\n".join(breaks(costs)),
    }
    for name, text in parts.items():
        print(f"{text}\n")
        if options.paste:
            paste(options.paste, text, name, BY)
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
