"""A comparison in words: names of rows, values with their units, differences, and what to keep in mind.

The page's script (``template/compare.js``) says the same of other sides with the same words; a browser test holds the
two together.
"""

from collections.abc import Iterable

import pandas as pd

from pipeline.periods import mid_autumn, spring_festival
from pipeline.report.library.comparing import SCORE, TOTAL, Difference, Item, Value
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.festivals import FIRST_QUARTER
from pipeline.report.material.numbers import (
    RATE_DIGITS,
    date_text,
    joined,
    metric_value,
    points_text,
    quantity,
    quarter_text,
)
from pipeline.report.page.table_block import MISSING
from pipeline.texts import Texts

NOT_COMPARED = ("no_data", "nothing_due", "heavy", "partial", "no_base")
UNITS = {
    "points": "points",
    "rate": "pp",
    "price": "pct",
    "amount": "pct",
}  # in which a difference is told, by kind of item


def item_label(item: Item, material: PageMaterial) -> str:
    """Return the name of a row; a part of a first quarter is named with it."""
    texts = material.texts
    if item.metric is not None:
        label = material.label(item.metric)
        return texts(f"library.part_{item.part}", metric=label) if item.part else label
    if item.key in (TOTAL, SCORE):
        return texts(f"standings.{item.key}")
    category = material.catalog.categories_of("group")[item.key]
    return texts("standings.category", code=item.key, label=material.label(category))


def value_text(item: Item, value: Value, material: PageMaterial) -> str:
    """Return one side of a row: the number with its unit, or why there is none."""
    texts = material.texts
    if value.number is None:
        return texts(f"library.state_{value.state}")
    if item.metric is None:
        text = points_text(value.number, texts)
    else:
        text = metric_value(value.number, item.metric, material.catalog, texts)
    return texts("library.value_partial", value=text) if value.is_partial else text


def difference_text(item: Item, found: Difference, texts: Texts) -> str:
    """Return left minus right in the unit of the kind of item; a dash where there is none."""
    if found.number is None:
        return MISSING
    return quantity(found.number, UNITS[item.kind], RATE_DIGITS, texts, signed=True)


def remark(item: Item, found: Difference, texts: Texts, *, is_same_group: bool) -> str:
    """Return what a difference is worth, or why there is none; amounts of two groups are of different size."""
    if found.reason:
        return texts(f"library.not_compared_{found.reason}")
    worth = {True: "library.is_clear", False: "library.is_within_noise", None: "library.is_unknown"}[found.is_clear]
    size = "" if is_same_group or item.kind != "amount" else texts("library.sizes_differ")
    if found.has_others:
        worth = "library.is_other_members"
    return texts("library.is_season" if found.has_season else worth) + size


def side_note(quarter: pd.Period, texts: Texts) -> str:
    """Return when the festival was that moves into and out of this quarter; "" for a quarter without one."""
    year = int(quarter.year)
    if quarter.quarter == FIRST_QUARTER:
        return texts("library.spring_of_year", day=date_text(spring_festival(year), texts))
    if quarter.quarter == 2:
        return ""
    day = mid_autumn(year)
    held_in = quarter_text(pd.Period(day, freq="Q"), texts)
    return texts("library.mid_autumn_of_year", day=date_text(day, texts), quarter=held_in)


def holds_mid_autumn(quarter: pd.Period) -> bool:
    """Tell whether the Mid-Autumn Festival of its year lies in the quarter."""
    return bool(pd.Period(mid_autumn(int(quarter.year)), freq="Q") == quarter)


def notes(left: pd.Period, right: pd.Period, texts: Texts, *, is_same_group: bool) -> Iterable[str]:
    """Yield what a reader must know before comparing two quarters, or two groups."""
    if left == right and is_same_group:
        yield texts("library.note_same")
    if left.quarter == right.quarter == FIRST_QUARTER and left != right:
        yield joined((texts("library.note_spring"), side_note(left, texts), side_note(right, texts)), texts)
    elif left.quarter != right.quarter:
        yield texts("library.note_seasons")
    if holds_mid_autumn(left) != holds_mid_autumn(right) and left.year != right.year:
        yield joined((texts("library.note_mid_autumn"), side_note(left, texts), side_note(right, texts)), texts)
    if not is_same_group:
        yield texts("library.note_groups")
