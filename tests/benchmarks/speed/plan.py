"""How much is measured: from environment variables, with defaults that a quiet machine of two cores does in an hour."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

QUARTER = "2021Q4"
PREFIX = "RONGHE_BENCH_"


@dataclass(frozen=True)
class Plan:
    """The sizes of the measurements; each is an environment variable of its name in capitals after RONGHE_BENCH_.

    ``rival_bureaus``: how many of the bureaus the command-line rival reports in a round, other ones each time; it pays
    its start for every bureau, so that its rate does not depend on how many there are.
    """

    bureaus: int = 48
    rival_bureaus: int = 12
    rounds: int = 4
    workers: int = 2
    few: int = 50
    many: int = 200
    many_rounds: int = 2
    groups: int = 36
    times_groups: int = 10
    groups_rounds: int = 1
    statistics_rounds: int = 5

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> "Plan":
        """Return the plan that the environment asks for; RONGHE_BENCH_QUICK=1 only tries whether everything runs."""
        base = QUICK if variables.get(f"{PREFIX}QUICK") else cls()
        given = {field.name: variables.get(f"{PREFIX}{field.name.upper()}") for field in fields(cls)}
        return cls(**{name: int(value) if value else getattr(base, name) for name, value in given.items()})


QUICK = Plan(
    bureaus=2,
    rival_bureaus=2,
    rounds=1,
    few=2,
    many=4,
    many_rounds=1,
    groups=6,
    times_groups=2,
    statistics_rounds=1,
)


def cache_folder(variables: Mapping[str, str] = os.environ) -> Path:
    """Return where generated bureaus are kept between runs: RONGHE_BENCH_FOLDER, else in the temporary folder."""
    return Path(variables.get(f"{PREFIX}FOLDER") or Path(tempfile.gettempdir()) / "ronghe-bench")
