"""Names and months as numbers, so that whole tables are compared and counted at once."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]

APART = 1 << 22  # of two names: more days than there are up to the year 9999


def texts_of(values: "pd.Series[str]") -> ObjectArray:
    """Return a column of names as Python texts, NaN where one is missing."""
    return values.to_numpy(dtype=object)


def month_numbers(months: "pd.Series[pd.Period] | pd.PeriodIndex") -> IntArray:
    """Return periods as months since January 1970, as numpy counts them too, or quarters or years since then; the least
    number where one is missing.
    """
    return np.asarray(months.astype("int64"), dtype=np.int64)


def months_of(numbers: IntArray) -> pd.PeriodIndex:
    """Return the months that `month_numbers` numbered."""
    return pd.PeriodIndex.from_ordinals(numbers, freq="M")  # type: ignore[attr-defined]


def quarters_of(numbers: IntArray) -> pd.PeriodIndex:
    """Return the quarters of months as `month_numbers` numbers them."""
    return pd.PeriodIndex.from_ordinals(numbers // 3, freq="Q-DEC")  # type: ignore[attr-defined]


def places_of(asked: IntArray, among: IntArray) -> IntArray:
    """Return where each asked number stands ``among`` others, which are all different; -1 where it does not."""
    return np.asarray(pd.Index(among).get_indexer(pd.Index(asked)), dtype=np.int64)


def number(names: Iterable[object], known: dict[object, int]) -> IntArray:
    """Return the number of every name in ``known``, which new names are added to."""
    listed = texts_of(names) if isinstance(names, pd.Series) else names  # an Arrow column is slow to walk along
    return np.array([known.setdefault(name, len(known)) for name in listed], dtype=np.int64)


def pair_numbers(names: Iterable[object], months: IntArray, known: dict[object, int]) -> IntArray:
    """Return one number for each pair of a name and a month; pairs are alike when their numbers are, as long as
    ``known`` numbers the names.
    """
    return number(names, known) * APART + months


def day_numbers(names: Iterable[object], days: "pd.Series[pd.Timestamp]", known: dict[object, int]) -> IntArray:
    """Return one number for each pair of a name and a day, in the order of the days for one name (`pair_numbers`)."""
    return pair_numbers(names, days.to_numpy().astype("datetime64[D]").astype(np.int64), known)


def spread(texts: Sequence[str | None], places: IntArray) -> "pd.api.extensions.ExtensionArray":
    """Return a column of texts: of each place the one of ``texts`` that stands there."""
    return pd.array(texts, dtype="str").take(places)


def looked_up(asked: IntArray, among: IntArray, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return for each number the value that stands at the same one ``among`` others; missing where none does."""
    value_of = dict(zip(among.tolist(), np.asarray(values, dtype=np.float64).tolist(), strict=True))
    return np.array([value_of.get(number, np.nan) for number in asked.tolist()], dtype=np.float64)


def rows_by(columns: Iterable[Iterable[object]]) -> dict[tuple[object, ...], list[int]]:
    """Return the positions of the rows of a table by what stands in some of its columns."""
    found: dict[tuple[object, ...], list[int]] = {}
    for position, values in enumerate(zip(*columns, strict=True)):
        found.setdefault(values, []).append(position)
    return found
