"""One generated bureau through the pipeline, and what its report would claim."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tests.benchmarks.planting import Plant, choose_plant
from tests.benchmarks.small_bureaus import write_bureau
from tests.benchmarks.tempers import Temper, choose_null, choose_planted, describe
from tests.benchmarks.verdicts import judge_folder

CLAIM = "evidence"
POOLED = "pooled"
COLUMNS = ["scope", "metric", "verdict", "lag", "r", "p_max_t", "reason"]


@dataclass(frozen=True)
class Row:
    """What a report says of one metric of one group, or of the groups together."""

    scope: str
    metric: str
    verdict: str
    lag: int | None
    r: float
    p: float
    reason: str

    def __str__(self) -> str:
        lag = "-" if self.lag is None else self.lag
        return (
            f"{self.scope} {self.metric}: {self.verdict} lag {lag} r {self.r:.2f} p {self.p:.3f} {self.reason}".rstrip()
        )


@dataclass(frozen=True)
class Outcome:
    """What came of one bureau; ``planted`` is the pooled row of the planted metric, None for a null bureau."""

    temper: Temper
    plant: Plant | None
    claims: tuple[Row, ...]
    planted: Row | None
    pairs: int  # that were tested
    seconds: float

    @property
    def is_shown(self) -> bool:
        """Tell whether the planted relation is claimed for the groups together, with whatever lag."""
        return self.planted is not None and self.planted.verdict == CLAIM

    @property
    def has_right_lag(self) -> bool:
        """Tell whether it is claimed with the lag that was planted."""
        return self.is_shown and self.plant is not None and self.planted.lag == self.plant.lag

    def __str__(self) -> str:
        lines = [f"bureau {self.temper.seed}: {describe(self.temper)}"]
        if self.plant is not None:
            lines.append(f"  planted at lag {self.plant.lag}, found {self.planted}")
        return "\n".join([*lines, *(f"  claims {row}" for row in self.claims)])


def try_null(seed: int) -> Outcome:
    """Return what is claimed about a bureau in which nothing is related."""
    return _try(choose_null(seed), None)


def try_planted(seed: int) -> Outcome:
    """Return what is claimed about a bureau in which one metric follows the points."""
    return _try(choose_planted(seed), choose_plant(seed, is_carried=False))


def try_carried(seed: int) -> Outcome:
    """Return the same for a relation whose effect fades as the metric's own noise does."""
    return _try(choose_planted(seed), choose_plant(seed, is_carried=True))


def _try(temper: Temper, plant: Plant | None) -> Outcome:
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="ronghe_") as folder:
        write_bureau(temper, plant, Path(folder))
        relationships = judge_folder(Path(folder))
    rows = [_row(*values) for values in relationships[COLUMNS].itertuples(index=False, name=None)]
    pooled = {row.metric: row for row in rows if row.scope == POOLED}
    return Outcome(
        temper=temper,
        plant=plant,
        claims=tuple(row for row in rows if row.verdict == CLAIM),
        planted=None if plant is None else pooled[plant.metric],
        pairs=int(relationships["n_pairs"].iloc[0]),
        seconds=time.perf_counter() - begin,
    )


def _row(scope: str, metric: str, verdict: str, lag: Any, r: float, p: float, reason: str) -> Row:
    return Row(scope, metric, verdict, None if pd.isna(lag) else int(lag), r, p, reason)
