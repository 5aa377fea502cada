"""The bureaus that are measured: generated once, without mistakes, each from its own seed, and kept.

One of them is of the founding bureau's size: three groups, 16 members, two years (so that relations are judged), 111
workbooks of about 5,800 rows. The sample that ships is larger: 38 months, 185 workbooks, with mistakes.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.generator.bureau import generate_bureau

FIRST_MONTH, LAST_MONTH = "2020-01", "2021-12"
GROUPS, MEMBERS = 3, 16
FIRST_SEED = 7_000
MEMBERS_OF_MANY, SEED_OF_MANY = 2, 2018  # of bureaus of many groups; members a group
VERSION = "1"  # of how they are made; another one makes them anew


def fleet(cache: Path, count: int) -> list[Path]:
    """Return ``count`` bureaus, differing by their seeds."""
    made = partial(_one_of_fleet, cache)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(made, range(count)))


def _one_of_fleet(cache: Path, number: int) -> Path:
    return _bureau(cache / f"fleet-{VERSION}", f"bureau-{number:03d}", GROUPS, MEMBERS, FIRST_SEED + number)


def of_groups(cache: Path, groups: int) -> Path:
    """Return a bureau of so many groups; generating one of 360 takes minutes, once."""
    members = MEMBERS_OF_MANY * groups - groups // 60  # 714 of 360: there are no more names
    return _bureau(cache / f"groups-{VERSION}", f"groups-{groups:03d}", groups, members, SEED_OF_MANY)


def of_size(cache: Path, groups: int, members: int, first: str) -> Path:
    """Return a bureau of so many groups and members whose workbooks begin in ``first`` (2020-01)."""
    name = f"groups-{groups:03d}-members-{members:03d}-from-{first}"
    return _bureau(cache / f"sizes-{VERSION}", name, groups, members, FIRST_SEED, first)


def _bureau(folder: Path, name: str, groups: int, members: int, seed: int, first: str = FIRST_MONTH) -> Path:
    """Return a bureau, made where it is not there yet; whole or not at all, also when two ask at once."""
    final = folder / name
    if not final.is_dir():
        unfinished = folder / f".{name}.{os.getpid()}"
        generate_bureau(
            unfinished,
            groups=groups,
            members=members,
            first=first,
            last=LAST_MONTH,
            seed=seed,
            mistakes="none",
        )
        unfinished.rename(final)
    return final


def as_root(bureaus: Sequence[Path], root: Path, count: int | None = None) -> Path:
    """Return ``root`` with copies of bureaus, as ``ronghe batch`` takes it; of more than there are, some come again."""
    root.mkdir(parents=True)
    for number in range(count or len(bureaus)):
        source = bureaus[number % len(bureaus)]
        shutil.copytree(source, root / f"{number:03d}-{source.name}", copy_function=os.link)  # never written to
    return root


def turn(bureaus: Sequence[Path], size: int, round_: int) -> list[Path]:
    """Return ``size`` of the bureaus, the next ones in every round."""
    return [bureaus[(round_ * size + place) % len(bureaus)] for place in range(size)]


def workbooks(bureaus: Iterable[Path]) -> int:
    """Return how many files the bureaus hold."""
    return sum(path.is_file() for bureau in bureaus for path in bureau.rglob("*"))
