"""A gap between groups counts only when it is larger than what months do by themselves."""

from math import sqrt

import pandas as pd
import pytest

from pipeline.report.material.noise import MonthlyNoise, fewest_months, monthly_noise, noise_of_rank


def points(**totals: list[float]) -> pd.DataFrame:
    months = pd.period_range("2021-01", periods=max(map(len, totals.values())), freq="M")
    rows = [
        {"party_group": group, "month": month, "total_points": value}
        for group, values in totals.items()
        for month, value in zip(months, values, strict=False)
    ]
    return pd.DataFrame(rows)


def test_the_gap_is_2_66_mean_moving_ranges_times_the_root_of_2_over_m() -> None:
    table = points(甲=[80, 82, 80, 82, 80, 82], 乙=[70, 74, 70, 74, 70, 74])  # moving ranges 2 and 4, mean 3
    noise = monthly_noise(table, months_per_mean=3)
    assert noise.clear_gap == pytest.approx(2.66 * 3 * sqrt(2 / 3))
    assert noise.is_clear(-6.6)
    assert not noise.is_clear(6.5)


def test_the_order_of_rows_does_not_matter() -> None:
    table = points(甲=[80, 82, 81, 86, 80, 82, 79])
    assert monthly_noise(table.iloc[::-1], 3) == monthly_noise(table, 3)


def test_five_months_are_too_few_to_tell() -> None:
    noise = monthly_noise(points(甲=[80, 90, 70, 95, 60]), months_per_mean=3)
    assert noise.clear_gap is None
    assert not noise.is_clear(100)


def test_the_mean_of_months_counts_in_the_quarter_score_by_its_weight() -> None:
    assert noise_of_rank(MonthlyNoise(10.0), "quarter_score", 0.7).clear_gap == pytest.approx(7.0)
    assert noise_of_rank(MonthlyNoise(10.0), "points_mean", 0.7).clear_gap == 10.0
    assert noise_of_rank(MonthlyNoise(None), "quarter_score", 0.7).clear_gap is None


def test_a_mean_of_fewer_months_is_asked_for_a_wider_gap() -> None:
    new = pd.DataFrame(
        {"party_group": "新", "month": pd.period_range("2021-08", "2021-09", freq="M"), "total_points": 80.0}
    )
    old = pd.DataFrame(
        {"party_group": "旧", "month": pd.period_range("2021-01", "2021-09", freq="M"), "total_points": 80.0}
    )
    both = pd.concat([old, new], ignore_index=True)
    third, second = pd.Period("2021Q3", freq="Q-DEC"), pd.Period("2021Q2", freq="Q-DEC")
    assert fewest_months(both, third) == 2
    assert fewest_months(both, second) == 3
    assert fewest_months(both, second, third) == 2
    assert fewest_months(both, third + 4) == 0
    assert monthly_noise(points(甲=[80, 90, 70, 95, 60, 85]), fewest_months(both, third + 4)).clear_gap is None
