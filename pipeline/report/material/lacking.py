"""Months whose points were scored without a ledger: they follow the rule book, and are not those of a whole month.

Process items without a ledger count as 0, results are left out and the rest of their category is scaled up. A ledger
lacks where the bureau keeps it and it was not there, or could not be read. What the bureau has never handed in is no
gap: it keeps no such ledger. Nor is what every group owns and nobody handed in for any of the months that are looked
at: it is missing alike in all that is compared.

``items`` is `ITEMS`, whole: of all months and groups.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Bureau
from pipeline.periods import months_of
from pipeline.points.measures import NOT_SUBMITTED
from pipeline.points.scoring import NOT_ATTRIBUTED
from pipeline.report.material.covering import kinds_of_tables

ITEMS = "points_by_group_month_item"
KEY = ["party_group", "month"]


@dataclass(frozen=True)
class Gap:
    """The months for which a group has no data."""

    party_group: str
    months: tuple[pd.Period, ...]


def points_gaps(
    items: pd.DataFrame, groups: Iterable[str], months: Collection[pd.Period], unread: Collection[str] = ()
) -> tuple[Gap, ...]:
    """Return in which of some months the points of which groups lack a ledger; ``unread`` are items whose
    ledgers the bureau keeps although none was ever read.
    """
    found = _lacking_rows(items, months, unread).groupby("party_group")["month"].unique().to_dict()
    return tuple(Gap(group, tuple(sorted(found[group]))) for group in groups if group in found)


def quarter_gaps(
    tables: Mapping[str, pd.DataFrame], bureau: Bureau, catalog: Catalog, quarter: pd.Period
) -> tuple[Gap, ...]:
    """Return in which months of a quarter, and of the one that it is compared with, whose points lack a ledger.

    ``tables`` holds `ITEMS`, and ``submissions`` of the quarter.
    """
    unread = _unread_items(tables["submissions"], bureau, catalog)
    return points_gaps(tables[ITEMS], bureau.groups, compared_months(quarter), unread)


def compared_months(quarter: pd.Period) -> list[pd.Period]:
    """Return the months of a quarter and of the one before, with which it is compared."""
    return [*months_of(quarter - 1), *months_of(quarter)]


def unequal_groups(items: pd.DataFrame, groups: Iterable[str], months: Collection[pd.Period]) -> tuple[str, ...]:
    """Return the groups that lack a ledger in some of ``months`` which not all groups lack in that month.

    They are no match for the others.
    """
    lacking = _lacking_rows(items, months)
    scored = lacking["month"].map(items.groupby("month")["party_group"].nunique())
    without = lacking.groupby(["item", "month"])["party_group"].transform("nunique")
    found = set(lacking.loc[without < scored, "party_group"])
    return tuple(group for group in groups if group in found)


def never_read(items: pd.DataFrame) -> tuple[str, ...]:
    """Return the items of which no group that owns them has a ledger in any month."""
    own = items[items["state"].ne(NOT_ATTRIBUTED)]
    never = own["state"].eq(NOT_SUBMITTED).groupby(own["item"]).all()
    return tuple(str(item) for item in never.index[never])


def lacking_months(items: pd.DataFrame) -> frozenset[tuple[str, pd.Period]]:
    """Return group and month of all points that lack a ledger: they compare with no other month."""
    return frozenset(_lacking_rows(items)[KEY].itertuples(index=False, name=None))


def whole_months(points: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return ``points`` (``points_by_group_month``) without the total of a month whose points lack a ledger.

    How much points move by themselves is asked of the others.
    """
    is_lacking = pd.MultiIndex.from_frame(points[KEY]).isin(list(lacking_months(items)))
    return points.assign(total_points=points["total_points"].mask(is_lacking))


def _unread_items(submissions: pd.DataFrame, bureau: Bureau, catalog: Catalog) -> frozenset[str]:
    """Return the items of the rule book with a workbook of the quarter that was handed in and could not be read.

    The bureau keeps these ledgers, also where not one of them was ever read.
    """
    return items_of_kinds(set(submissions.loc[submissions["state"] == "unreadable", "kind"]), bureau, catalog)


def items_of_kinds(kinds: Collection[str], bureau: Bureau, catalog: Catalog) -> frozenset[str]:
    """Return the items of the rule book that are read from workbooks of some of ``kinds``."""
    return frozenset(rule.item for rule in bureau.rules if not _kinds_of(rule.measure, catalog).isdisjoint(kinds))


def _lacking_rows(
    items: pd.DataFrame, months: Collection[pd.Period] | None = None, unread: Collection[str] = ()
) -> pd.DataFrame:
    own = items if months is None else items[items["month"].isin(list(months))]
    ever_known = items.loc[~items["state"].isin([NOT_SUBMITTED, NOT_ATTRIBUTED]), "item"]
    differing = own.loc[own["state"] != NOT_SUBMITTED, "item"]  # known in some of these months, or not owned by all
    lacks = own["item"].isin(ever_known) & own["item"].isin(differing) | own["item"].isin(list(unread))
    return own[own["state"].eq(NOT_SUBMITTED) & lacks]


def _kinds_of(measure: str, catalog: Catalog) -> set[str]:
    return kinds_of_tables({catalog.measures[leaf].table for leaf in catalog.leaf_measures(measure)}, catalog)
