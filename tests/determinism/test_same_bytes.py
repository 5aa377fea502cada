"""P3: the same inputs, parameters and versions publish the same bytes, on any machine, time zone and locale.

Two bureaus reported by ``batch`` on two computers, and one of them again by ``report``: files, tables, the page across
bureaus and its data set are compared byte by byte.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.runs.records.places import MANIFEST
from tests.determinism.surroundings import LIBRARY, Surroundings, copy_backwards, elsewhere, here
from tests.generator import generate_bureau

QUARTER = "2021Q4"
CLEAN, FAULTY = "示例甲县", "示例乙县"  # the second with mistakes, so that there are copies to return
Results = dict[str, bytes]


@dataclass(frozen=True)
class Runs:
    """What each run left, by the name of the file."""

    here: Results  # two bureaus at a time
    elsewhere: Results  # one after the other
    again: Results  # the second bureau alone, from what was kept of its workbooks, in Jupyter kernels
    clock_elsewhere: datetime


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    first = here(tmp_path_factory.mktemp("here"))
    second = elsewhere(tmp_path_factory.mktemp("elsewhere") / "深" / "更 深")
    generate_bureau(first.raw / CLEAN, first="2021-07", last="2021-12", seed=1, mistakes="none")
    generate_bureau(first.raw / FAULTY, first="2021-10", last="2021-12", seed=2)
    copy_backwards(first.raw, second.raw)
    mine, its = _reported(first, "2"), _reported(second, "1")
    manifest = json.loads((second.home / "figures" / CLEAN / QUARTER / MANIFEST).read_bytes())
    again = first.run("report", "--bureau", str(first.raw / FAULTY), "--quarter", QUARTER, "--force", "--kernel")
    assert again.returncode == 1, again.stderr
    return Runs(mine, its, first.results(FAULTY), datetime.fromisoformat(manifest["run_at"]))


def _reported(place: Surroundings, workers: str) -> Results:
    done = place.run("batch", str(place.raw), "--quarter", QUARTER, "--workers", workers)
    assert done.returncode == 1, done.stdout + done.stderr  # the second bureau's mistakes cost rows
    return place.results()


def differing(one: Results, other: Results) -> list[str]:
    """Return the files that are not in both, and those with another content and where it begins to differ."""
    missing = [f"{name}: only in one" for name in sorted(one.keys() ^ other.keys())]
    both = sorted(one.keys() & other.keys())
    return missing + [_first_difference(name, one[name], other[name]) for name in both if one[name] != other[name]]


def _first_difference(name: str, one: bytes, other: bytes) -> str:
    at = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(0, at - 40)
    return f"{name} at {at}: {one[start : at + 40]!r} / {other[start : at + 40]!r}"


def test_another_computer_changes_no_byte(runs: Runs, tell: Callable[[str], None]) -> None:
    again = _without_history(runs.again)
    first = {name: content for name, content in _without_history(runs.here).items() if f"/{FAULTY}/" in name}
    wrong = differing(runs.here, runs.elsewhere) + differing(first, again)
    files = len(runs.here) + len(again)
    tell(f"P3: {files - len(wrong)} of {files} files identical, in 3 runs on 2 computers (5 reports)")
    assert not wrong, "\n".join(wrong)


def _without_history(results: Results) -> Results:
    """Return results without why they were made, the second time because it was asked for, and the page that tells."""
    return {
        name: _without_changes(content) if name.endswith(MANIFEST) else content
        for name, content in results.items()
        if not name.endswith(LIBRARY)
    }


def _without_changes(manifest: bytes) -> bytes:
    return json.dumps({name: value for name, value in json.loads(manifest).items() if name != "changes"}).encode()


def test_all_that_is_published_was_compared(runs: Runs) -> None:
    """A comparison of nothing would find nothing: pages, the workbook, tables, returned copies and the data set."""
    suffixes = {name.rpartition(".")[2] for name in runs.here}
    assert {"html", "xlsx", "ipynb", "json", "parquet", "csv"} <= suffixes
    assert any("/returned/" in name for name in runs.here)
    assert any(name.startswith("figures/across_bureaus/") for name in runs.here)
    assert len(runs.here) > 150
    assert len(runs.again) > 75


def test_the_other_computer_lives_in_another_year(runs: Runs) -> None:
    """The clock that was put ahead is the one that the run read: else nothing was shown about dates."""
    assert runs.clock_elsewhere > datetime.now(UTC) + timedelta(days=400)


def test_a_changed_byte_would_be_found() -> None:
    found = differing({"a": b"12", "b": b"1", "d": b""}, {"a": b"13", "c": b"1", "d": b""})
    assert found == ["b: only in one", "c: only in one", "a at 1: b'12' / b'13'"]
