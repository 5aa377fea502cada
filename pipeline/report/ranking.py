"""The quarter's standings together with what their gaps are worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.points.schemes import version_in_effect
from pipeline.report.noise import MonthlyNoise, monthly_noise, noise_of_rank
from pipeline.report.quarter import QuarterReport


@dataclass(frozen=True)
class Ranking:
    """The standings in order of rank; ``basis`` names the column that ranks, ``scores`` is that column without gaps.

    ``months`` is the noise of a group's mean of months, ``noise`` that of the score that ranks.
    """

    standings: pd.DataFrame
    basis: str
    months: MonthlyNoise
    noise: MonthlyNoise

    @property
    def scores(self) -> "pd.Series[float]":
        """The scores that rank, by party group."""
        scores: pd.Series[float] = self.standings.set_index("party_group")[self.basis].dropna().astype("float64")
        return scores

    @property
    def is_spread_clear(self) -> bool:
        """Whether the highest and the lowest group are further apart than the months' own movement."""
        return len(self.scores) > 1 and self.noise.is_clear(float(self.scores.max() - self.scores.min()))

    @property
    def leaders(self) -> tuple[str, ...]:
        """The groups that no group stands clearly above."""
        best = float(self.scores.max())
        return tuple(str(group) for group, score in self.scores.items() if not self.noise.is_clear(best - score))

    @property
    def is_lead_clear(self) -> bool:
        """Whether one group stands clearly above all others."""
        return len(self.leaders) == 1

    def in_shown_order(self, groups: Sequence[str]) -> pd.DataFrame:
        """Return the standings by rank where the gaps mean something, else in the fixed order of ``groups``."""
        if self.is_spread_clear:
            return self.standings
        places = {group: place for place, group in enumerate(groups)}
        return self.standings.sort_values("party_group", key=lambda names: names.map(places), kind="stable")


def ranking_of(report: QuarterReport, quarter: pd.Period | None = None) -> Ranking:
    """Return the standings of a quarter (the report's own by default); its groups are all ranked by one column."""
    table = report.tables["standings_by_group_quarter"]
    own = table[table["quarter"] == (report.quarter if quarter is None else quarter)]
    standings = own.sort_values(["rank", "party_group"])
    basis = str(standings["rank_basis"].iloc[0]) if len(standings) else "points_mean"
    months = monthly_noise(report.tables["points_by_group_month"], months_per_mean=len(report.months))
    weights = report.bureau.weights_of(version_in_effect(report.bureau.rules, report.months[-1]), "quarter_score")
    return Ranking(standings, basis, months, noise_of_rank(months, basis, weights.get("points_mean", 0.0)))
