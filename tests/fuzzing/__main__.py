"""Damage workbooks and settings for a while, and keep what this program stumbles over.

    python -m tests.fuzzing --seconds 600 [--seed 1] [--keep tests/fuzzing/found] [--only files|settings]

Ends with status 1 when something was found. Of each way to fail one case is kept, made small: the file itself and
beside it a JSON that says what happened; a person then says there what is to become of it, and the tests replay it.
"""

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzzing.files import WarmReader, choose, failure_of, smaller
from tests.fuzzing.originals import write_originals
from tests.fuzzing.settings_books import failure_of_settings, make_books, smaller_books

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY / "data" / "raw" / "sample"
PATTERNS = (
    "*花名册.xlsx",
    "*积分表.xlsx",
    "*互评表*.xlsx",
    "*销售月报*.xls",
    "*活动台账*.xls",
    "*答题*.csv",
    "*细则*.xlsx",
)
SETTINGS_SHARE = 0.15  # of the cases; each takes as long as a few files
TRIES = 60
SAID_EVERY_SECONDS = 60


@dataclass
class Found:
    """What a run has done and found, by the way in which it failed."""

    keep: Path
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    def is_new(self, failure: str) -> bool:
        self.failures[failure] += 1
        return self.failures[failure] == 1

    def write(self, name: str, data: bytes | None, record: dict[str, object]) -> None:
        """Keep one case: its file, where it is one, and what is known of it."""
        self.keep.mkdir(parents=True, exist_ok=True)
        if data is not None:
            (self.keep / name).write_bytes(data)
        said = json.dumps(record, ensure_ascii=False, indent=1)
        (self.keep / f"{name}.json").write_text(said + "\n", encoding="utf-8")


def fuzz(seconds: float, seed: int, keep: Path, only: str | None = None) -> Found:
    """Try cases for some seconds; each follows from the seed and its number."""
    found = Found(keep)
    reader = WarmReader()
    began = said = time.monotonic()
    number = 0
    with tempfile.TemporaryDirectory() as place:
        originals = [*write_originals(Path(place) / "originals"), *_sample()]
        while time.monotonic() - began < seconds:
            rng = random.Random(f"{seed}-{number}")
            is_settings = only == "settings" or (only is None and rng.random() < SETTINGS_SHARE)
            if is_settings:
                _try_settings(f"{seed}-{number}", rng, Path(place) / "bureau", found)
            else:
                _try_file(f"{seed}-{number}", rng, originals, Path(place), reader, found)
            number += 1
            if time.monotonic() - said > SAID_EVERY_SECONDS:
                said = time.monotonic()
                print(f"{number} cases, {dict(found.failures)}", flush=True)
    reader.reader.close()
    return found


def _sample() -> list[Path]:
    return [next(iter(sorted(SAMPLE.rglob(pattern)))) for pattern in PATTERNS if list(SAMPLE.rglob(pattern))]


def _try_file(
    case: str, rng: random.Random, originals: list[Path], folder: Path, reader: WarmReader, found: Found
) -> None:
    name, data = choose(originals, rng)
    path = folder / name
    path.write_bytes(data)
    failure = failure_of(path, reader)
    found.outcomes[reader.outcome.partition(" ")[0]] += 1
    if failure is None or not found.is_new(failure):
        return

    def still_fails(other: bytes) -> bool:
        path.write_bytes(other)
        return failure_of(path, reader) == failure

    tries = TRIES if failure not in ("timeout", "memory") else 0
    found.write(
        f"{case}{path.suffix}", smaller(data, still_fails, tries), {"found": failure, "expected": "", "source": name}
    )


def _try_settings(case: str, rng: random.Random, folder: Path, found: Found) -> None:
    books = make_books(rng)
    failure = failure_of_settings(books, folder)
    found.outcomes["settings"] += 1
    if failure is not None and found.is_new(failure):
        found.write(f"{case}-settings", None, {"found": failure, "books": smaller_books(books, folder, failure)})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(__file__).parent / "found")
    parser.add_argument("--only", choices=("files", "settings"))
    chosen = parser.parse_args()
    found = fuzz(chosen.seconds, chosen.seed, chosen.keep, chosen.only)
    outcomes = dict(sorted(found.outcomes.items()))
    print(f"fuzzer: {found.outcomes.total()} cases ({outcomes}), {len(found.failures)} ways to fail")
    for failure, times in found.failures.items():
        print(f"  {times} x {failure}")
    return 1 if found.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
