"""The small language of ``measures.csv``: column sums, dates with a number of days added, and filters.

``expected-excused_count`` adds and subtracts columns; ``filed_on+90d`` is a date 90 days later; a filter joins clauses
with ``;``: ``activity_type=党小组会``, ``topic!=`` (not empty), ``closed_on<=due_on``, ``closed_on>due_on``
(also when it is not closed at all), ``has_record=yes``.
"""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.points.keys import IntArray, month_numbers

BoolArray = npt.NDArray[np.bool_]

TERM = re.compile(r"([+-]?)([a-z_][a-z0-9_]*)")
SHIFT = re.compile(r"([a-z_][a-z0-9_]*)\+(\d+)d")
CLAUSE = re.compile(r"([a-z_][a-z0-9_]*)(!=|<=|>|=)(.*)")
YES_NO = {"yes": True, "no": False}


def column_sum(frame: pd.DataFrame, expression: str) -> "pd.Series[float]":
    """Return the signed sum of columns, one float a row.

    A row is missing where every column that is added is; any other missing one counts as 0: 无 under genuine cigarettes
    beside 12.3 under counterfeit ones, and an empty cell in a column of leave or of offences, mean that there was none.
    """
    terms = [(sign or "+", name) for sign, name in TERM.findall(expression)]
    amounts = [frame[name].astype("float64") for _, name in terms]
    total: pd.Series[float] = amounts[0].fillna(0.0)
    for (sign, _), amount in zip(terms[1:], amounts[1:], strict=True):
        total = total + amount.fillna(0.0) if sign == "+" else total - amount.fillna(0.0)
    is_there = np.any([amount.notna() for (sign, _), amount in zip(terms, amounts, strict=True) if sign == "+"], axis=0)
    return total.where(is_there)


def days(frame: pd.DataFrame, expression: str) -> "pd.Series[Any]":
    """Return a date column, or one shifted by days (``filed_on+90d``)."""
    shifted = SHIFT.fullmatch(expression)
    if shifted:
        return frame[shifted[1]] + pd.Timedelta(days=int(shifted[2]))
    return frame[expression]


def months(frame: pd.DataFrame, expression: str) -> IntArray:
    """Return the month of every row from a month column or a date expression, as months since January 1970
    (`keys.month_numbers`); the least integer where there is no date.
    """
    values = days(frame, expression)
    if isinstance(values.dtype, pd.PeriodDtype):
        return month_numbers(values)
    return values.to_numpy().astype("datetime64[M]").astype(np.int64)


def matches(frame: pd.DataFrame, text: str) -> BoolArray:
    """Return which rows pass every clause of a filter; a missing value passes none."""
    passed = np.ones(len(frame), dtype=np.bool_)
    for clause in filter(None, text.split(";")):
        passed &= _passes(frame, clause)
    return passed


def _passes(frame: pd.DataFrame, clause: str) -> BoolArray:
    parsed = CLAUSE.fullmatch(clause)
    if parsed is None:
        raise ValueError(
            f"not a clause of a filter: {clause!r}; expected column=value, column!=, column<=column, column>column"
        )
    column, operator, right = parsed.groups()
    values = frame[column]
    if operator == "!=":
        return _told(values.notna()) & _told(values.astype("str") != right)
    if operator in ("<=", ">"):
        limits = days(frame, right)
        in_time = _told(values <= limits)
        return in_time if operator == "<=" else ~in_time & _told(limits.notna())
    return _told(values == (YES_NO[right] if pd.api.types.is_bool_dtype(values.dtype) else right))


def _told(answers: "pd.Series[bool]") -> BoolArray:
    """Return answers as plain ones: what is not known is not so."""
    return answers.to_numpy(dtype=np.bool_, na_value=False)
