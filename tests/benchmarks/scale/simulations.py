"""What a province would meet, tried out at its size on this machine: each in a process of its own.

    python -m tests.benchmarks.scale.simulations page 3000 FOLDER

prints one line of JSON. FOLDER holds what the simulation needs, and what it writes.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.report.province.batched import Choice
from pipeline.runs.batch.jobs import Done
from pipeline.runs.batch.province import write_province
from pipeline.runs.batch.root import look_into
from pipeline.runs.cluster.runner import connected
from pipeline.runs.processes.workers import run_each
from pipeline.texts import load_texts
from tests.benchmarks.scale.idle import nothing
from tests.benchmarks.speed.plan import QUARTER
from tests.runs.dask_cluster import DaskCluster

PUBLISHED = "published"  # processed/ and figures/ of a few real reports
FILES_A_BUREAU = 10  # where folders are only listed; a real one has a hundred, and listing costs by the file
WORKERS = 2
ACTIVITY_TYPES = ("党小组会", "主题党日", "特色活动", "党费收缴", "宣传报道")
GROUPS_OF_PROVINCE = 50_000


def page(count: int, folder: Path) -> dict[str, float]:
    """Write the page and the data set across ``count`` bureaus, which are a few real ones under many names."""
    real = sorted(path.name for path in (folder / PUBLISHED / "processed").iterdir() if path.is_dir())
    processed, figures = places = [folder / f"page-{count}" / name for name in ("processed", "figures")]
    names = [f"{number:06d}" for number in range(count)]
    for place in places:
        place.mkdir(parents=True)
        for number, name in enumerate(names):
            (place / name).symlink_to(folder / PUBLISHED / place.name / real[number % len(real)])
    done = {name: Done("published") for name in names}
    began = time.perf_counter()
    written = write_province(done, Choice(QUARTER), processed, figures, load_texts("zh"))
    seconds = time.perf_counter() - began
    data = sum(path.stat().st_size for path in written.parent.glob("across_bureaus/*/*/*"))
    return {"seconds": seconds, "page_mb": written.stat().st_size / 1e6, "data_mb": data / 1e6}


def listing(count: int, folder: Path) -> dict[str, float]:
    """List ``count`` bureau folders, as a batch does before it begins."""
    root, source = folder / f"listing-{count}", folder / "workbook.xlsx"
    source.write_bytes(b"")
    for number in range(count):
        bureau = root / f"{number:06d}"
        bureau.mkdir(parents=True)
        for file in range(FILES_A_BUREAU):
            os.link(source, bureau / f"{file}.xlsx")
    began = time.perf_counter()
    found = look_into(root, load_catalog(), (folder / "processed", folder / "figures"))
    assert len(found.bureaus) == count
    return {"seconds": time.perf_counter() - began}


def local_jobs(count: int, _: Path) -> dict[str, float]:
    """Run ``count`` jobs that do nothing, each in a fresh process of this machine."""
    jobs = iter(run_each(nothing, [-1], 1))  # the warm parent starts with the first
    list(jobs)
    return _drained(run_each(nothing, range(count), WORKERS), count)


def dask_jobs(count: int, folder: Path) -> dict[str, float]:
    """Run ``count`` jobs that do nothing through a scheduler and two workers of Dask on this machine."""
    with DaskCluster(folder / "dask") as dask:
        for number in range(WORKERS):
            dask.add_worker(f"scale-{number}")
        with connected(dask.address, None, load_texts("en"), lambda _: None) as cluster:
            list(cluster(nothing, range(WORKERS), WORKERS))  # warm parents start with the first
            return _drained(cluster(nothing, range(count), WORKERS), count)


def _drained(results: Iterator[tuple[int, object]], count: int) -> dict[str, float]:
    began = time.perf_counter()
    done = sum(job == result for job, result in results)
    assert done == count, f"{count - done} jobs came to nothing"
    return {"seconds": time.perf_counter() - began}


def activities(rows: int, folder: Path) -> dict[str, float]:
    """Write a month of ``rows`` activities of a province as parquet, read it, and count them by group and type."""
    rng = np.random.default_rng(7)
    table = pd.DataFrame(
        {
            "party_group": pd.Series(rng.integers(0, GROUPS_OF_PROVINCE, rows)).astype("string"),
            "held_on": pd.Timestamp("2021-12-01") + pd.to_timedelta(rng.integers(0, 31, rows), unit="D"),
            "activity_type": rng.choice(np.array(ACTIVITY_TYPES), rows),
            "expected": rng.integers(3, 9, rows),
            "present": rng.integers(2, 9, rows),
            "source_row": np.arange(rows),
        }
    )
    path = folder / "activities.parquet"
    began = time.perf_counter()
    table.to_parquet(path, index=False)
    written = time.perf_counter()
    counts = pd.read_parquet(path).groupby(["party_group", "activity_type"]).size()
    assert int(counts.sum()) == rows
    return {"write": written - began, "seconds": time.perf_counter() - written, "file_mb": path.stat().st_size / 1e6}


def small_files(count: int, folder: Path) -> dict[str, float]:
    """Read one small table of ``count`` bureaus, a file each, as a question to the province's folders would."""
    real = sorted((folder / PUBLISHED / "processed").glob(f"*/{QUARTER}/relationships.parquet"))
    began = time.perf_counter()
    frames = [pd.read_parquet(path) for path in islice(_again(real), count)]
    rows = len(pd.concat(frames))
    assert rows
    return {"seconds": time.perf_counter() - began}


def _again(paths: list[Path]) -> Iterator[Path]:
    while True:
        yield from paths


SIMULATIONS: Mapping[str, Callable[[int, Path], dict[str, float]]] = {
    "page": page,
    "listing": listing,
    "local_jobs": local_jobs,
    "dask_jobs": dask_jobs,
    "activities": activities,
    "small_files": small_files,
}


def main() -> int:
    """Run one simulation and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=list(SIMULATIONS))
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    print(json.dumps(SIMULATIONS[options.name](options.size, options.folder.resolve())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
