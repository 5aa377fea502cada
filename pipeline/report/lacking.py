"""Months whose points were scored without a ledger: they follow the rule book, and are not those of a whole month."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.periods import months_of
from pipeline.points.measures import NOT_SUBMITTED
from pipeline.points.scoring import NOT_ATTRIBUTED
from pipeline.report.material import PageMaterial, kept

ITEMS = "points_by_group_month_item"
KEY = ["party_group", "month"]


@dataclass(frozen=True)
class Gap:
    """The months for which a group has no data."""

    party_group: str
    months: tuple[pd.Period, ...]


def points_gaps(items: pd.DataFrame, groups: Iterable[str], months: Collection[pd.Period]) -> tuple[Gap, ...]:
    """Return in which of some months the points of which groups lack a ledger.

    ``items`` is `ITEMS`, whole. Process items without a ledger count as 0, results are left out and the rest of their
    category is scaled up: the points follow the rule book and are not those of a month handed in whole. What the bureau
    has never handed in is no gap: it keeps no such ledger. Nor is what every group owns and nobody handed in for any of
    these months: it is missing alike in all that is compared.
    """
    lacking = _lacking_rows(items[items["month"].isin(list(months))], _ever_known(items))
    found = lacking.groupby("party_group")["month"].unique().to_dict()
    return tuple(Gap(group, tuple(sorted(found[group]))) for group in groups if group in found)


def whole_months(points: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return ``points`` (``points_by_group_month``) without the total of a month whose points lack a ledger.

    How much points move by themselves is asked of the others. ``items`` is `ITEMS`, of the same months or more.
    """
    lacking = pd.MultiIndex.from_frame(_lacking_rows(items, _ever_known(items))[KEY])
    is_lacking = pd.MultiIndex.from_frame(points[KEY]).isin(lacking)
    return points.assign(total_points=points["total_points"].mask(is_lacking))


def compared_months(quarter: pd.Period) -> list[pd.Period]:
    """Return the months of a quarter and of the one before, with which it is compared."""
    return [*months_of(quarter - 1), *months_of(quarter)]


def unequal_groups(items: pd.DataFrame, groups: Iterable[str], months: Collection[pd.Period]) -> tuple[str, ...]:
    """Return the groups that lack a ledger in some of ``months`` which not all groups lack in that month.

    They are no match for the others. ``items`` as for `points_gaps`.
    """
    own = items[items["month"].isin(list(months))]
    lacking = _lacking_rows(own, _ever_known(items))
    scored = lacking["month"].map(own.groupby("month")["party_group"].nunique())
    without = lacking.groupby(["item", "month"])["party_group"].transform("nunique")
    found = set(lacking.loc[without < scored, "party_group"])
    return tuple(group for group in groups if group in found)


@kept
def lacking_months(report: PageMaterial) -> frozenset[tuple[str, pd.Period]]:
    """Return group and month of all points that lack a ledger: they compare with no other month."""
    items = report.tables[ITEMS]
    lacking = _lacking_rows(items, _ever_known(items))
    return frozenset(zip(lacking["party_group"], lacking["month"], strict=True))


def _lacking_rows(items: pd.DataFrame, ever_known: Collection[str]) -> pd.DataFrame:
    is_lacking = items["state"].eq(NOT_SUBMITTED)
    differing = items.loc[~is_lacking, "item"].unique()  # known in some of these months, or not owned by all
    return items[is_lacking & items["item"].isin(differing) & items["item"].isin(ever_known)]


def _ever_known(items: pd.DataFrame) -> Collection[str]:
    known: list[str] = items.loc[~items["state"].isin([NOT_SUBMITTED, NOT_ATTRIBUTED]), "item"].unique().tolist()
    return known
