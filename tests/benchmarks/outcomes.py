"""One generated bureau through the pipeline, and what its report would claim."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.benchmarks.planting import Plant, choose_plant
from tests.benchmarks.small_bureaus import write_bureau
from tests.benchmarks.tempers import Temper, choose_null, choose_planted, describe
from tests.benchmarks.verdicts import judge_folder

CLAIM = "evidence"
POOLED = "pooled"


@dataclass(frozen=True)
class Outcome:
    """What came of one bureau; ``planted`` is the pooled row of the planted metric, None for a null bureau."""

    temper: Temper
    plant: Plant | None
    claims: pd.DataFrame  # the rows of ``relationships`` that claim something
    planted: "pd.Series[object] | None"
    pairs: int  # that were tested
    seconds: float

    @property
    def is_shown(self) -> bool:
        """Tell whether the planted relation is claimed for the groups together, with whatever lag."""
        return self.planted is not None and self.planted["verdict"] == CLAIM

    @property
    def has_right_lag(self) -> bool:
        """Tell whether it is claimed with the lag that was planted."""
        return self.is_shown and self.planted["lag"] == self.plant.lag

    def __str__(self) -> str:
        """Return traits and claims, a line each."""
        lines = [f"bureau {self.temper.seed}: {describe(self.temper)}"]
        if self.plant is not None and self.planted is not None:
            planted = self.planted
            lines.append(f"  planted: {self.plant.metric} lag {self.plant.lag} | found: {_text(planted)}")
        lines += [f"  claims: {row['scope']} {row['metric']} {_text(row)}" for _, row in self.claims.iterrows()]
        return "\n".join(lines)


def try_null(seed: int) -> Outcome:
    """Return what is claimed about a bureau in which nothing is related."""
    return _try(choose_null(seed), None)


def try_planted(seed: int) -> Outcome:
    """Return what is claimed about a bureau in which one metric follows the points."""
    return _try(choose_planted(seed), choose_plant(seed))


def _try(temper: Temper, plant: Plant | None) -> Outcome:
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="ronghe_") as folder:
        write_bureau(temper, plant, Path(folder))
        relationships = judge_folder(Path(folder))
    rows = relationships.set_index(["scope", "metric"])
    return Outcome(
        temper=temper,
        plant=plant,
        claims=relationships[relationships["verdict"] == CLAIM],
        planted=None if plant is None else rows.loc[(POOLED, plant.metric)],
        pairs=int(relationships["n_pairs"].iloc[0]),
        seconds=time.perf_counter() - begin,
    )


def _text(row: "pd.Series[object]") -> str:
    return f"{row['verdict']} lag {row['lag']} r {row['r']:.2f} p {row['p_max_t']:.3f} {row['reason']}".rstrip()
