"""The quarter's standings together with what their gaps are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.ingest.bureau import Bureau
from pipeline.periods import months_of
from pipeline.points.schemes import version_in_effect
from pipeline.report.material.base import PageMaterial, kept
from pipeline.report.material.lacking import ITEMS, unequal_groups, whole_months
from pipeline.report.material.noise import MonthlyNoise, fewest_months, mean_moving_range, noise_of_means, noise_of_rank
from pipeline.report.material.numbers import POINT_DIGITS, printed_change
from pipeline.report.page.table_block import MISSING


@dataclass(frozen=True)
class Ranking:
    """The standings in order of rank; ``basis`` names the column that ranks, ``scores`` is that column without gaps.

    ``months`` is the noise of a change of a group's mean of months from the last period, ``noise`` that of a gap of the
    score that ranks. ``lacking`` are the groups whose points lack a ledger that others do not lack: they are no match
    for the others.
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
    def places(self) -> dict[str, tuple[int, int]]:
        """The first and the last place that a group may have, by party group: those not clearly apart share theirs."""
        scores = {str(group): float(score) for group, score in self.scores.items()}
        found = {}
        for group, score in scores.items():
            above = sum(other > score and self.noise.is_clear(other - score) for other in scores.values())
            below = sum(other < score and self.noise.is_clear(other - score) for other in scores.values())
            found[group] = (1 + above, len(scores) - below)
        return found

    @property
    def has_shared_places(self) -> bool:
        """Whether some groups are not clearly apart from others."""
        return any(first != last for first, last in self.places.values())

    @property
    def is_alone(self) -> bool:
        """Whether there is one group with a score, and none to compare it with."""
        return len(self.scores) == 1

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

    def month_count(self, group: str) -> int:
        """Return how many months a group's mean of months is of."""
        counts = zip(self.standings["party_group"], self.standings["month_count"], strict=True)
        return next((int(count) for name, count in counts if name == group), 0)

    def in_shown_order(self, groups: Sequence[str]) -> pd.DataFrame:
        """Return the standings by rank where the gaps mean something, else in the fixed order of ``groups``."""
        if self.is_spread_clear:
            return self.standings
        places = {group: place for place, group in enumerate(groups)}
        return self.standings.sort_values("party_group", key=lambda names: names.map(places), kind="stable")


def place_text(place: tuple[int, int] | None) -> str:
    """Return a group's place as ``2``, or ``1–3`` where months vary too much to tell; a dash where it has none."""
    if place is None:
        return MISSING
    first, last = place
    return str(first) if first == last else f"{first}–{last}"


@kept
def ranking_of(report: PageMaterial, quarter: pd.Period | None = None) -> Ranking:
    """Return the standings of a quarter (the report's own by default); its groups are all ranked by one column."""
    of, tables = report.quarter if quarter is None else quarter, report.tables
    points, items = tables["points_by_group_month"], tables[ITEMS]
    return rank_groups(tables["standings_by_group_quarter"], points, items, report.bureau, of, _movement(report))


@kept
def changes_of_points(report: PageMaterial) -> Mapping[str, float]:
    """Return how each group's mean of months, as printed, changed from the last quarter's; none without both."""
    rows = report.tables["standings_by_group_quarter"]
    now, before = (
        rows[rows["quarter"] == quarter].set_index("party_group")["points_mean"].to_dict()
        for quarter in (report.quarter, report.quarter - 1)
    )
    changes = {str(group): printed_change(mean, before.get(group), POINT_DIGITS) for group, mean in now.items()}
    return {group: change for group, change in changes.items() if change is not None}


@kept
def _movement(report: PageMaterial) -> "Movement":
    tables = report.tables
    return movement_until(report.quarter, tables["points_by_group_month"], tables[ITEMS])


@dataclass(frozen=True)
class Movement:
    """How much points move by themselves (`mean_moving_range`), as known at the end of the quarter ``until``."""

    until: pd.Period
    moving_range: float | None


def movement_until(until: pd.Period, points: pd.DataFrame, items: pd.DataFrame) -> Movement:
    """Return how much points move in all whole months up to the end of the quarter ``until``; tables as below."""
    whole = whole_months(points, items)
    return Movement(until, mean_moving_range(whole[whole["month"] <= months_of(until)[-1]]))


def rank_groups(
    standings: pd.DataFrame,
    points: pd.DataFrame,
    items: pd.DataFrame,
    bureau: Bureau,
    quarter: pd.Period,
    movement: Movement,
) -> Ranking:
    """Return the ranking of ``quarter`` from the derived tables; its noise is that of ``movement``, for means of as
    many months as the group with the fewest has.

    ``standings`` is ``standings_by_group_quarter``, ``points`` is ``points_by_group_month``, ``items`` is `ITEMS`.
    """
    of_change = noise_of_means(movement.moving_range, fewest_months(points, quarter - 1, quarter))
    of_gap = noise_of_means(movement.moving_range, fewest_months(points, quarter))
    own = standings[standings["quarter"] == quarter].sort_values(["rank", "party_group"])
    basis = str(own["rank_basis"].iloc[0]) if len(own) else "points_mean"
    weights = bureau.weights_of(version_in_effect(bureau.rules, months_of(movement.until)[-1]), "quarter_score")
    of_gap = noise_of_rank(of_gap, basis, weights.get("points_mean", 0.0))
    return Ranking(own, basis, of_change, of_gap, unequal_groups(items, bureau.groups, months_of(quarter)))
