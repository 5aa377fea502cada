"""What counts as one column of numbers, and as a constant one; correlations show the kinds of columns that are read."""

import numpy as np
import pandas as pd
import pytest

from pipeline.stats.columns import is_flat, numeric_column, require_columns


@pytest.mark.parametrize("level", [1.0, -1.0, 1e-200, -1e200])
@pytest.mark.parametrize(("step", "flat"), [(0.0, True), (0.8e-12, True), (1.5e-12, False), (1e-3, False)])
def test_flat_up_to_a_millionth_of_a_millionth(level, step, flat):
    assert is_flat(np.array([level, level * (1 + step), level])) == flat


@pytest.mark.parametrize("values", [[0.0, 1.0], [-1.0, 0.0], [-1.0, 1.0], [1e308, -1e308]])
def test_a_column_that_touches_or_crosses_zero_is_not_flat(values):
    with np.errstate(all="raise"):
        assert not is_flat(np.array(values))


def test_zeros_are_flat():
    assert is_flat(np.zeros(3))
    assert is_flat(np.array([5.0]))


def test_missing_values_become_nan():
    column = numeric_column(pd.Series([1, None, pd.NA, np.nan, 2.5], dtype=object), "points")
    assert column.dtype == np.float64
    assert column.tolist() == pytest.approx([1, np.nan, np.nan, np.nan, 2.5], nan_ok=True)


@pytest.mark.parametrize("column", [["1"], pd.Series(["1", None]), pd.Series([1, "2"], dtype=object)])
def test_numbers_kept_as_text_are_text(column):
    with pytest.raises(ValueError, match="'points' holds values that are not numbers: it has text"):
        numeric_column(column, "points")


def test_every_column_is_there_once():
    table = pd.DataFrame([[1, 2, 3]], columns=["a", "b", "b"])
    require_columns(table, ("a",), "points")
    with pytest.raises(ValueError, match="points: column 'c' is missing; the columns are: a, b, b"):
        require_columns(table, ("a", "c"), "points")
    with pytest.raises(ValueError, match="points: column 'b' stands there 2 times"):
        require_columns(table, ("b",), "points")
