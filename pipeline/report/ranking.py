"""The quarter's standings together with what their gaps are worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.ingest.bureau import Bureau
from pipeline.periods import months_of
from pipeline.points.schemes import version_in_effect
from pipeline.report.lacking import ITEMS, unequal_groups, whole_months
from pipeline.report.material import PageMaterial, kept
from pipeline.report.noise import MonthlyNoise, monthly_noise, noise_of_rank


@dataclass(frozen=True)
class Ranking:
    """The standings in order of rank; ``basis`` names the column that ranks, ``scores`` is that column without gaps.

    ``months`` is the noise of a group's mean of months, ``noise`` that of the score that ranks. ``lacking`` are the
    groups whose points lack a ledger that others do not lack: they are no match for the others.
    """

    standings: pd.DataFrame
    basis: str
    months: MonthlyNoise
    noise: MonthlyNoise
    lacking: tuple[str, ...] = ()

    @cached_property
    def scores(self) -> "pd.Series[float]":
        """The scores that rank, by party group."""
        scores: pd.Series[float] = self.standings.set_index("party_group")[self.basis].dropna().astype("float64")
        return scores

    @cached_property
    def ranks(self) -> "pd.Series[int]":
        """The ranks by party group."""
        ranks: pd.Series[int] = self.standings.set_index("party_group")["rank"]
        return ranks

    @cached_property
    def is_spread_clear(self) -> bool:
        """Whether the highest and the lowest group are further apart than the months' own movement.

        Never where the points of a group lack a ledger.
        """
        if self.lacking or len(self.scores) < 2:
            return False
        return self.noise.is_clear(float(self.scores.max() - self.scores.min()))

    @cached_property
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


@kept
def ranking_of(report: PageMaterial, quarter: pd.Period | None = None) -> Ranking:
    """Return the standings of a quarter (the report's own by default); its groups are all ranked by one column."""
    standings = report.tables["standings_by_group_quarter"]
    of = report.quarter if quarter is None else quarter
    lacking = unequal_groups(report.tables[ITEMS], report.groups, months_of(of))
    return _ranking(standings, points_noise(report), report.bureau, of, report.quarter, lacking)


@kept
def points_noise(report: PageMaterial) -> MonthlyNoise:
    """Return the noise of a group's mean of a quarter's months, from all whole months up to the report's quarter."""
    points = whole_months(report.tables["points_by_group_month"], report.tables[ITEMS])
    return monthly_noise(points[points["month"] <= report.months[-1]], months_per_mean=len(report.months))


def rank_groups(
    standings: pd.DataFrame, points: pd.DataFrame, items: pd.DataFrame, bureau: Bureau, quarter: pd.Period
) -> Ranking:
    """Return the ranking of ``quarter`` from the derived tables; its noise is that of all whole months up to its end.

    ``standings`` is ``standings_by_group_quarter``, ``points`` is ``points_by_group_month``, ``items`` is `ITEMS`.
    """
    own = months_of(quarter)
    whole = whole_months(points, items)
    months = monthly_noise(whole[whole["month"] <= own[-1]], months_per_mean=len(own))
    return _ranking(standings, months, bureau, quarter, quarter, unequal_groups(items, bureau.groups, own))


def _ranking(
    standings: pd.DataFrame,
    months: MonthlyNoise,
    bureau: Bureau,
    quarter: pd.Period,
    months_until: pd.Period,
    lacking: tuple[str, ...],
) -> Ranking:
    own = standings[standings["quarter"] == quarter].sort_values(["rank", "party_group"])
    basis = str(own["rank_basis"].iloc[0]) if len(own) else "points_mean"
    version = version_in_effect(bureau.rules, months_of(months_until)[-1])
    weights = bureau.weights_of(version, "quarter_score")
    return Ranking(own, basis, months, noise_of_rank(months, basis, weights.get("points_mean", 0.0)), lacking)
