"""Runs are told with their length, their direction and their last month."""

import pandas as pd
import pytest

from pipeline.report.quarterly.track_words import marks_shown, noticed, run_until
from pipeline.stats import xmr_signals
from tests.report.sample_material import sample_report


def track(values: list[float]) -> pd.DataFrame:
    """A series that ends in December 2021, with its signals."""
    index = pd.period_range(end="2021-12", periods=len(values), freq="M")
    return xmr_signals(pd.Series(values, index=index))


RISING = track([5.0, 3.0, 6.0, 4.0, 5.0, 3.5, 4.0, 4.4, 4.8, 5.2, 5.6, 6.0])
LOW = track([9.0, 8.0, 9.5, 8.5, 9.0, 8.2, 5.0, 5.4, 5.1, 5.3, 5.0, 5.2, 5.1])


def test_a_rise_counts_its_months() -> None:
    run = run_until(RISING, RISING.index[-1], "trend")
    assert (run.length, run.is_up) == (7, True)
    assert noticed("销量", RISING, sample_report()) == ["销量到12月为止，已有 7 个月一个比一个高。"]


def test_a_shift_counts_the_months_on_its_side_of_the_mean() -> None:
    run = run_until(LOW, LOW.index[-1], "shift")
    assert (run.length, run.is_up) == (7, False)


def test_months_without_data_are_not_quiet() -> None:
    empty = track([5.0, 5.1, 4.9, 5.2, float("nan"), float("nan"), float("nan")])
    assert noticed("销量", empty, sample_report()) == ["销量本季没有数据。"]


@pytest.mark.parametrize(("values", "marks"), [(RISING, {"dot"}), (track([1.0, 1.1, 1.0, 1.1]), set())])
def test_only_marks_that_stand_in_the_chart_are_explained(values: pd.DataFrame, marks: set[str]) -> None:
    assert marks_shown((values,)) == marks
