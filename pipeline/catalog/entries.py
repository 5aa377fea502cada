"""Entries of the catalog that are nonsense by themselves: months, bounds, units, clauses, weights."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from math import isclose
from typing import Any

from pipeline.catalog.records import CatalogError, Column

Rows = Mapping[str, list[tuple[int, Any]]]
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
BOUNDED = {"integer": int, "leave_count": int, "year": int, "duration_s": int, "number": float, "pct": float}
SCORES = ("quarter_score", "annual_score")  # terms whose parts weigh 1 together
CATEGORY_WEIGHTS = 100.0  # a group's month is 100 points (domain.md section 3)
# what a measure's expressions may look like; `pipeline.points.expressions` computes them
NAME = r"[a-z_][a-z0-9_]*"
DAY = rf"{NAME}(?:\+\d+d)?"
CLAUSE = re.compile(rf"{NAME}(?:!=[^;]*|(?:<=|>){DAY}|=[^;=<>!]+)")
SUM = re.compile(rf"{NAME}(?:[+-]{NAME})*")


def check_entries(rows: Rows) -> None:
    """Raise `CatalogError` with file and line for an entry that cannot mean anything."""
    units = {entry.unit for name in ("units", "counting_units") for _, entry in rows[name]}
    for name in ("columns", "measures", "metrics"):
        for line, entry in rows[name]:
            if entry.unit and entry.unit not in units:
                raise CatalogError(f"{name}.csv:{line}: no unit {entry.unit!r} in units.csv or counting_units.csv")
    for line, column in rows["columns"]:
        _check_bounds(line, column)
    for line, rule in rows["rules"]:
        if not MONTH.fullmatch(rule.effective_month):
            raise CatalogError(f"rules.csv:{line}: effective month {rule.effective_month!r}: expected one as 2018-11")
    for line, measure in rows["measures"]:
        _check_expressions(line, measure)
    for line, matter in rows["matters"]:
        _check_days(line, (matter.entered, matter.due))
    for line, unit in rows["units"]:
        if unit.factor <= 0:
            raise CatalogError(f"units.csv:{line}: factor {unit.factor}: expected more than 0")
    for line, kind in rows["kinds"]:
        if (kind.due_days is None) != (kind.cadence == "once") or (kind.due_days or 0) < 0:
            raise CatalogError(f"kinds.csv:{line}: due_days {kind.due_days} of a workbook handed in {kind.cadence}")
    _check_weights(rows)


def _check_bounds(line: int, column: Column) -> None:
    """Check that bounds are of the column's type and that some value lies between them."""
    bounds = []
    for text in filter(None, (column.minimum, column.maximum)):
        if column.dtype != "date" and column.dtype not in BOUNDED:
            raise CatalogError(f"columns.csv:{line}: bound {text!r}: a {column.dtype} column has none")
        try:
            bounds.append(date.fromisoformat(text) if column.dtype == "date" else BOUNDED[column.dtype](text))
        except ValueError as error:
            raise CatalogError(f"columns.csv:{line}: bound {text!r} of a {column.dtype} column") from error
    if len(bounds) == 2 and not bounds[0] <= bounds[1]:
        raise CatalogError(f"columns.csv:{line}: no value lies from {column.minimum} to {column.maximum}")


def _check_expressions(line: int, measure: Any) -> None:
    for clause in filter(None, measure.filter.split(";")):
        if not CLAUSE.fullmatch(clause):
            raise CatalogError(
                f"measures.csv:{line}: clause {clause!r}: expected column=value, column!=, column<=column or "
                "column>column"
            )
    if measure.period and not re.fullmatch(DAY, measure.period):
        raise CatalogError(f"measures.csv:{line}: period {measure.period!r}: expected a column, or one as filed_on+90d")
    if measure.value and not SUM.fullmatch(measure.value):
        raise CatalogError(f"measures.csv:{line}: value {measure.value!r}: expected columns joined by + and -")


def _check_days(line: int, days: Iterable[str]) -> None:
    """Check the days of a ledger of work, where it has them."""
    for day in days:
        if day and not re.fullmatch(DAY, day):
            raise CatalogError(f"matters.csv:{line}: day {day!r}: expected a column, or one as found_on+30d")


def _check_weights(rows: Rows) -> None:
    """Check that the parts of a score weigh 1 together, and the categories of points 100."""
    by_score: dict[str, list[tuple[int, float]]] = {}
    for line, term in rows["terms"]:
        if term.term in SCORES:
            by_score.setdefault(term.term, []).append((line, term.value or 0.0))
    for score, weights in by_score.items():
        _check_sum("terms.csv", weights, 1.0, score)
    categories = [(line, entry.weight) for line, entry in rows["categories"] if entry.weight is not None]
    _check_sum("categories.csv", categories, CATEGORY_WEIGHTS, "categories")


def _check_sum(file: str, weights: Iterable[tuple[int, float]], wanted: float, what: str) -> None:
    """Check weights as written in their lines; a negative one is no weight."""
    listed = list(weights)
    for line, weight in listed:
        if weight < 0:
            raise CatalogError(f"{file}:{line}: weight {weight}: expected 0 or more")
    total = sum(weight for _, weight in listed)
    if listed and not isclose(total, wanted, abs_tol=1e-9):
        raise CatalogError(f"{file}:{listed[-1][0]}: weights of {what} sum to {total:g}: expected {wanted:g}")
