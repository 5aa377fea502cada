"""What managers may see: columns by tier of the data dictionary, and texts without a known name or a phone number.

No published number may tell what one member scored. The points of a group, as recomputed and as printed, and the counts
of its work (meetings, visits, pledges, hours, posts) are what it answers for and stay however small it is. What is put
together from scores of single members is shown only where it tells nobody's:

- A mean of quiz scores needs `FEWEST_MEMBERS` members; below, the item keeps the points that it earned and loses the
  value. A quarter's mean, and its retakes, need that many in every month that has any (`points.learning`): else the
  months that are shown would give the one that is not.
- The count of five-star members needs as many rated members, and at least two of them without five stars: where all
  have five stars, each has. Nothing is added up over groups once one of them is left out.
- A condition of the model group that rests on either keeps its verdict and loses its value (`checked_view`).
- The board of a bureau that publishes names shows its counts: it lists who has five stars.

What remains, knowingly: the points of an item tell the band of its mean, or the mean itself in a rule book that pays by
the rate. A report that is made again after a late workbook can be compared with its earlier copy. Members who tell each
other their scores can compute what is left.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.averaged import COUNT, FEWEST_MEMBERS

PUBLIC_TIERS = frozenset({"public"})
MANAGERS_TIERS = frozenset({"public", "managers"})
SECRETARY_TIERS = MANAGERS_TIERS | {"secretary"}  # what is never shown stays behind here too
# Columns that hold names besides those of type `member`: the roster, shop keepers, who took down or handled what
NAME_COLUMNS = (
    ("memberships", "member"),
    ("unlicensed_shops", "operator"),
    ("opinions", "collector"),
    ("opinions", "handler"),
    ("points_ledger", "recorded_by"),
)
# What `NAME_COLUMNS` may hold instead of a person: an office, whose word must stay readable on the page
OFFICE = re.compile(r".+(?:部|股|室|组|所|局|片区|中心)")
MEANS_SHOWN = ("value", "numerator")  # columns that hold the mean itself beside the count of its members
STARS, RATED = "five_star_count", "rated_count"  # columns of how many have the most stars, and of how many
WITHOUT_STARS = 2  # rated members without the most stars; with one, a count left out could be nothing but everybody
SHORTEST_NAME = 2  # one character alone occurs in ordinary words
# Mobile, land line, number with its middle starred out, and any bare run of 7 digits or more; a run that begins with a
# year (20211003, 2021-161) is a date or the number of a matter
PHONE = (
    r"(?<![\d*])(?:"
    r"1[3-9]\d(?:[-\s]?[\d*]){8}"
    r"|0\d{2,3}[-\s]?[\d*]{7,8}"
    r"|\d{3,4}\*{3,}\d*"
    r"|(?!(?:19|20)\d{2})\d{7,}"
    r")(?![\d*])"
)


@dataclass(frozen=True)
class Redactor:
    """Replaces every known name and phone number in free text (topics, file and sheet names) by ``mask``.

    A name is found also with white space between its characters, as in names set to equal width.
    """

    names: frozenset[str]
    mask: str = "×××"

    def __call__(self, text: str) -> str:
        """Return ``text`` without any of the names, and without phone numbers; longer names go first."""
        if text not in self._redacted:  # a file's name stands in thousands of rows
            self._redacted[text] = self._pattern.sub(self.mask, text)
        return self._redacted[text]

    @cached_property
    def _redacted(self) -> dict[str, str]:
        return {}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Match any name: first by its surname, for there are few of them however many people there are."""
        bare = {"".join(name.split()) for name in self.names} - {""}
        by_first: dict[str, list[str]] = {}
        for name in sorted(bare, key=lambda name: (-len(name), name)):
            by_first.setdefault(name[0], []).append("".join(rf"\s*{re.escape(character)}" for character in name[1:]))
        named = (f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items())
        return re.compile("|".join((*named, PHONE)))


def known_names(reading: Reading, catalog: Catalog) -> frozenset[str]:
    """Return the names of persons in the input tables and the other names they go by; words for groups are no names."""
    found: set[str] = set()
    for table, column in _member_columns(catalog):
        found |= _words(reading, table, column)
    for table, column in NAME_COLUMNS:
        found |= {word for word in _words(reading, table, column) if not OFFICE.fullmatch(word)}
    groups = reading.bureau.groups
    found |= {alias for alias, standard in reading.bureau.aliases.items() if standard not in groups}
    words = {word for group in groups.values() for word in (group.party_group, *group.aliases)}
    return frozenset(name for name in found - words if len(name) >= SHORTEST_NAME)


def name_columns(catalog: Catalog) -> dict[str, list[str]]:
    """Return the columns of input tables that hold names of persons, by table."""
    found: dict[str, list[str]] = {}
    for table, column in dict.fromkeys((*_member_columns(catalog), *NAME_COLUMNS)):
        found.setdefault(table, []).append(column)
    return found


def _member_columns(catalog: Catalog) -> list[tuple[str, str]]:
    return [(column.table, column.column) for column in catalog.columns if column.dtype == "member"]


def _words(reading: Reading, table: str, column: str) -> set[str]:
    return {str(word).strip() for word in reading.tables[table][column].dropna().unique()}


def managers_view(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return the columns of ``frame`` that the dictionary opens to managers, and where a row came from; no others.

    What would tell a member's score is left out: what it earned may be seen, the score may not.
    """
    allowed = _columns_of(table, catalog, MANAGERS_TIERS)
    allowed += [column.column for column in catalog.columns if column.table == "*" and column.column not in allowed]
    return _without_scores(frame[[name for name in allowed if name in frame.columns]])


def is_of_few(averaged_members: "pd.Series[int]") -> "pd.Series[bool]":
    """Tell which means are of so few members that they give a score away; what is no mean (missing) is not."""
    return (averaged_members < FEWEST_MEMBERS).fillna(False).astype(bool)


def secretary_view(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return the columns of ``frame`` that the dictionary opens to the secretary, and where a row came from."""
    allowed = _columns_of(table, catalog, SECRETARY_TIERS)
    allowed += [column.column for column in catalog.columns if column.table == "*" and column.column not in allowed]
    return frame[[name for name in allowed if name in frame.columns]]


def public_view(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return the columns of ``frame`` that the dictionary opens to everybody; not where a row came from."""
    return _without_scores(frame[[name for name in _columns_of(table, catalog, PUBLIC_TIERS) if name in frame.columns]])


def checked_view(checks: pd.DataFrame, years: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Return the conditions of the model group without the values that would tell a member's score.

    ``years`` and ``measures`` are the managers' views of ``annual_by_group_year`` and ``measures_by_group_month``: a
    value rests on what these leave out when its year has a mean of too few members in any month, or no count of stars.
    """
    few = measures[is_of_few(measures[COUNT])]
    telling = set(zip(few["party_group"], few["month"].dt.year, few["measure"], strict=True))
    uncounted = years[years[STARS].isna()]
    telling |= {(group, year, STARS) for group, year in zip(uncounted["party_group"], uncounted["year"], strict=True)}
    places = zip(checks["party_group"], checks["year"], checks["condition"], strict=True)
    is_telling = pd.Series([place in telling for place in places], index=checks.index, dtype=bool)
    return checks.assign(value=checks["value"].mask(is_telling))


def is_uncounted(row: Mapping[Any, Any]) -> bool:
    """Tell whether a row of a view has members with stars, and no count of the most because it would tell whose."""
    return bool(row[RATED] > 0 and pd.isna(row[STARS])) if pd.notna(row[RATED]) else False


def _without_scores(view: pd.DataFrame) -> pd.DataFrame:
    """Return a view of groups without the means and counts that would tell what one member scored."""
    hidden: dict[str, pd.Series[float]] = {}
    if COUNT in view:
        is_telling = is_of_few(view[COUNT])
        hidden = {name: view[name].mask(is_telling) for name in MEANS_SHOWN if name in view}
    if STARS in view:
        hidden[STARS] = view[STARS].where(_is_quiet(view))
    return view.assign(**hidden)


def _is_quiet(view: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which counts of stars tell nobody's; without a number of rated members none does."""
    is_enough = (view[RATED] >= FEWEST_MEMBERS) & (view[RATED] - view[STARS] >= WITHOUT_STARS)
    return is_enough.fillna(False).astype(bool)


def _columns_of(table: str, catalog: Catalog, tiers: frozenset[str]) -> list[str]:
    return [column.column for column in catalog.columns_of(table) if column.tier in tiers]
