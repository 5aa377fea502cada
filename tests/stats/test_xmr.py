"""The XmR chart on series small enough to check by hand (published values: test_reference_values)."""

import numpy as np
import pandas as pd
import pytest

from pipeline.stats import xmr, xmr_signals


def test_names_of_the_result():
    assert list(xmr([1.0, 2.0]).index) == ["mean", "lower", "upper", "moving_range", "trial"]


def test_limits_by_hand():
    # moving ranges 2, 1, 3: mean 2; 11.5 -+ 5.32
    result = xmr([10, 12, 11, 14])
    assert result.tolist() == pytest.approx([11.75, 11.75 - 5.32, 11.75 + 5.32, 2.0, True])


@pytest.mark.parametrize(("points", "trial"), [(11, True), (12, False)])
def test_fewer_than_twelve_points_are_trial_limits(points, trial):
    values = [1.0, 2.0] * 6
    assert xmr(values[:points])["trial"] == trial
    assert xmr([*values[:points], np.nan])["trial"] == trial


def test_a_missing_month_has_no_moving_range():
    result = xmr([1, 2, np.nan, 9, 10])
    assert result["moving_range"] == 1  # 2 to 9 is not one month
    assert result["mean"] == 5.5


def test_a_month_without_a_row_has_no_moving_range():
    months = pd.period_range("2021-01", periods=5, freq="M")
    gap = pd.Series([1.0, 2, 9, 10], index=months[[0, 1, 3, 4]])
    assert xmr(gap).tolist() == xmr([1, 2, np.nan, 9, 10]).tolist()
    assert xmr(pd.Series([1.0, 2, 9, 10]))["moving_range"] == 3  # rows without months are neighbours


def test_months_out_of_order_are_named():
    series = pd.Series([1.0, 2, 3], index=pd.PeriodIndex(["2021-02", "2021-01", "2021-03"], freq="M"))
    for chart in (xmr, xmr_signals):
        with pytest.raises(ValueError, match="'values' has months out of order"):
            chart(series)


def test_a_month_that_stands_twice_has_no_limits():
    series = pd.Series([1.0, 2, 3], index=pd.PeriodIndex(["2021-01", "2021-02", "2021-02"], freq="M"))
    result = xmr(series)
    assert result.attrs["reason"] == "duplicate_months"
    assert result[["mean", "lower", "upper", "moving_range"]].isna().all()
    signals = xmr_signals(series)
    assert signals["signal"].tolist() == ["", "", ""]
    assert signals["value"].tolist() == [1.0, 2, 3]


def test_screening_drops_the_exceptional_ranges_once():
    values = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 50.0]
    # ranges: eight of 1 and one of 49, mean 57 / 9; 3.267 x 57 / 9 = 20.7 < 49
    assert xmr(values)["moving_range"] == pytest.approx(57 / 9)
    assert xmr(values, screen=True)["moving_range"] == 1
    assert xmr(values, screen=True)["mean"] == xmr(values)["mean"]


@pytest.mark.parametrize(("largest", "kept"), [(4.3, True), (4.6, False)])
def test_screening_begins_at_3_267_times_the_mean(largest, kept):
    """Eight ranges of 1 and one of 4.3 (3.267 x 12.3 / 9 = 4.46) or of 4.6 (3.267 x 12.6 / 9 = 4.57)."""
    values = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 1.0 + largest]
    assert xmr(values, screen=True)["moving_range"] == pytest.approx((8 + largest) / 9 if kept else 1.0)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "all_missing"),
        ([np.nan, None], "all_missing"),
        ([5.0], "too_few_rows"),
        ([5.0, np.nan, 6.0], "too_few_rows"),
        ([1.0, np.inf, 2.0], "infinite_values"),
    ],
)
def test_what_has_no_limits_says_why(values, reason):
    result = xmr(values)
    assert result[["lower", "upper", "moving_range"]].isna().all()
    assert result.attrs["reason"] == reason


def test_a_constant_series_has_limits_at_its_value():
    assert xmr([3.0] * 12).tolist() == [3, 3, 3, 0, False]


def test_text_names_the_column():
    with pytest.raises(ValueError, match="'values'"):
        xmr(["a", "b"])


def signals(values: list[float]) -> list[str]:
    months = pd.period_range("2019-01", periods=len(values), freq="M")
    table = xmr_signals(pd.Series(values, index=months))
    assert table.index.equals(months)
    assert list(table.columns) == ["value", "mean", "lower", "upper", "signal"]
    return table["signal"].tolist()


def test_a_month_outside_the_limits():
    # mean 80 / 17, mean moving range 390 / 16: the upper limit is 4.7 + 64.8
    assert signals([10.0, -10.0] * 8 + [80.0]) == [""] * 16 + ["outside"]
    assert signals([-10.0, 10.0] * 8 + [-80.0]) == [""] * 16 + ["outside"]


def test_seven_on_one_side_are_a_shift_and_six_are_not():
    low, high = [0.0, 1, 0, 1, 0, 1, 0], [4.0, 5, 4, 5, 4, 5, 4]
    assert signals(low + high) == ["shift"] * 14
    assert "shift" not in signals(low[:6] + high[:6])


def test_six_rising_are_a_trend_and_five_are_not():
    swings = [0.0, 40, 0, 40, 0, 40, 0, 40]
    assert signals([*swings, 15, 18, 21, 24, 27, 30])[8:] == ["trend"] * 6
    assert "trend" not in signals([*swings, 21, 24, 27, 30, 33])
    assert signals([*swings, 30, 27, 24, 21, 18, 15])[8:] == ["trend"] * 6


def test_two_of_three_near_one_limit():
    # the outer third begins at 4.34, halfway to the limit is 3.39
    values = [1.0, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, 4.6, 3.8, 4.6, -1, 1, -1, 1, -1, 1, -1, 1, -1]
    found = signals(values)
    assert [found[11], found[12], found[13]] == ["two_of_three", "", "two_of_three"]
    assert found.count("two_of_three") == 2


def test_a_missing_month_ends_a_run():
    run = [0.0, 1, 0, 1, 0, 1, 0]
    broken = [*run[:4], np.nan, *run[4:], 4, 5, 4, np.nan, 5, 4, 5]
    assert "shift" not in signals(broken)
    rows = pd.Series(broken, index=pd.period_range("2019-01", periods=len(broken), freq="M")).dropna()
    table = xmr_signals(rows)  # the row is missing, not its value
    assert "shift" not in table["signal"].tolist()
    assert table.index.equals(rows.index)


@pytest.mark.parametrize("constant", [0.1, 0.7, 98.6])
@pytest.mark.parametrize("months", [12, 24, 36])
def test_a_constant_series_has_no_signal(constant, months):
    """The mean of twelve 0.1 is 0.10000000000000002: without care every month lies outside the limits."""
    assert signals([constant] * months) == [""] * months
    assert signals([0.3] * (months - 1) + [0.1 + 0.2]) == [""] * months
    assert signals([-constant] * months) == [""] * months


def test_six_equal_steps_of_rounding_are_no_trend():
    assert set(signals(list(5 + np.arange(8) * 1e-15))) == {""}


def test_one_real_change_in_a_constant_series_is_outside():
    assert signals([0.1] * 20 + [0.2])[-1] == "outside"


def test_one_point_near_a_limit_is_no_signal():
    values = [1.0, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, 4.6, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1]
    assert signals(values) == [""] * len(values)


@pytest.mark.parametrize("reverse", [False, True])
def test_two_near_a_limit_at_either_end_are_a_signal(reverse):
    values = [5.0, 4.8, *[1.0, -1] * 12]
    found = signals(values[::-1] if reverse else values)
    assert (found[::-1] if reverse else found)[:3] == ["two_of_three", "two_of_three", ""]


@pytest.mark.parametrize("unit", [0.01, 1.0, 1e6])
def test_signals_do_not_depend_on_the_unit(unit):
    low, high = [0.0, 1, 0, 1, 0, 1, 0], [4.0, 5, 4, 5, 4, 5, 4]
    assert signals([unit * value for value in low + high]) == ["shift"] * 14


def test_signals_are_not_screened_unless_asked():
    swings = pd.Series([0.0, 1, 0, 1, 0, 1, 0, 1, 20, 0, 1, 0, 1])
    assert xmr_signals(swings)["upper"].iloc[0] == pytest.approx(xmr(swings)["upper"])
    assert xmr_signals(swings, screen=True)["upper"].iloc[0] == pytest.approx(xmr(swings, screen=True)["upper"])
    assert xmr(swings, screen=True)["upper"] < xmr(swings)["upper"]


def test_an_infinite_value_leaves_no_mean():
    assert np.isnan(xmr([1.0, np.inf, 2.0])["mean"])
    assert xmr([5.0])["mean"] == 5
