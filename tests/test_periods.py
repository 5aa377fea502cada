"""Every spelling of a month that workbooks use, and the festivals (the table of domain.md section 4)."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from pipeline import periods
from pipeline.periods import (
    EXCEL_EPOCH_1904,
    AmbiguousDate,
    AmbiguousMonth,
    BareMonth,
    NotAMonth,
    PeriodError,
    find_date,
    find_month,
    find_quarter,
    find_year,
    parse_date,
    parse_month,
    parse_quarter,
)


def month(text: str) -> pd.Period:
    return pd.Period(text, freq="M")


def quarter(text: str) -> pd.Period:
    return pd.Period(text, freq="Q")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2019年1月", "2019-01"),
        ("2019 年 1 月", "2019-01"),
        ("2019年01月份", "2019-01"),
        ("２０１９年１２月", "2019-12"),
        ("2019年十二月", "2019-12"),
        ("二〇一九年十一月", "2019-11"),
        ("19年3月", "2019-03"),
        ("2019年元月", "2019-01"),
        ("2019.01", "2019-01"),
        ("2019.1", "2019-01"),
        ("2019.10", "2019-10"),
        ("2019-1", "2019-01"),
        ("2019/1", "2019-01"),
        ("201901", "2019-01"),
        (" 2019-12　", "2019-12"),
        ("2019-01-31", "2019-01"),
        (201911, "2019-11"),
        (201911.0, "2019-11"),
        (2019.01, "2019-01"),
        (2019.2, "2019-02"),
        (2019.11, "2019-11"),
        (43466, "2019-01"),
        (date(2019, 1, 31), "2019-01"),
        (datetime(2019, 12, 1, 8, 30), "2019-12"),
        (pd.Timestamp("2020-02-29"), "2020-02"),
    ],
)
def test_a_month_with_its_year(cell, expected):
    assert parse_month(cell) == month(expected)
    assert parse_month(cell, default_year=1999) == month(expected)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1月", 1),
        ("一月", 1),
        ("十月", 10),
        ("十二月", 12),
        ("7月份", 7),
        (3, 3),
        ("03", 3),
        (12.0, 12),
    ],
)
def test_a_bare_month_takes_the_default_year(cell, number):
    assert parse_month(cell, default_year=2020) == pd.Period(year=2020, month=number, freq="M")
    with pytest.raises(BareMonth):
        parse_month(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "1-3月",
        "1—3月",
        "1～3月",
        "一至三月",
        "2019年1-3月",
        "累计",
        "2019年3月累计",
        "一季度",
        "2019Q1",
        "2019年",
        "上半年",
        "13月",
        "2019.13",
        "0月",
        "",
        "合计",
        "2019年1月积分表",
        "201913",
        "2019-02-30",
        0,
        13,
        2019,
        1.5,
        2019.13,
        -1,
        float("nan"),
        float("inf"),
        True,
        201900,
    ],
)
def test_what_is_not_one_month(cell):
    with pytest.raises(NotAMonth):
        parse_month(cell, default_year=2019)


def test_the_number_2019_1_may_have_lost_a_zero():
    with pytest.raises(AmbiguousMonth):
        parse_month(2019.1)


def test_all_errors_are_value_errors_of_one_family():
    assert issubclass(PeriodError, ValueError)
    assert all(issubclass(kind, PeriodError) for kind in (BareMonth, NotAMonth, AmbiguousMonth, AmbiguousDate))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019年1月积分表", "2019-01"),
        ("2 2019年1月积分表(最终版).xlsx", "2019-01"),
        ("积分表2019.01", "2019-01"),
        ("201901积分表-副本", "2019-01"),
        ("2019-11 积分", "2019-11"),
        ("答题成绩_20190115", "2019-01"),
        ("单位：箱、元          2019年3月", "2019-03"),
        ("2019年度营销管理1月积分表", "2019-01"),
        ("2018年12月积分表 填报日期：2019年1月5日", "2018-12"),
        ("2018年12月积分表 报送日期：2019年1月5日", "2018-12"),
        ("2019年1月积分表(2019年2月5日修改)", "2019-01"),
        ("2019年1-3月卷烟销售月报", None),
        ("2019年1月-3月", None),
        ("2019年1月至2019年3月", None),
        ("2018年11月至2021年12月", None),
        ("201901-201903", None),
        ("2019年3月累计", None),
        ("2019年1月、2月", None),
        ("2021年3、4月卷烟销售月报", None),
        ("2021年1季度积分", None),
        ("2021-1季度", None),
        ("2021年2次会议", None),
        ("2021年12人花名册", None),
        ("2021年1号文件", None),
        ("2021年3期答题", None),
        ("2019年1", "2019-01"),
        ("2019-1销售月报", "2019-01"),
        ("1月", None),
        ("2019年活动台账", None),
        ("花名册", None),
        ("电话13800201901", None),
    ],
)
def test_find_month(text, expected):
    assert find_month(text) == (month(expected) if expected else None)


def test_find_month_gives_a_bare_month_the_default_year_only_without_its_own():
    assert find_month("1月", default_year=2020) == month("2020-01")
    assert find_month("2019年 1月", default_year=2020) == month("2019-01")
    assert find_month("1-3月", default_year=2020) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019年1-3月卷烟销售月报", 2019),
        ("2019年活动台账.xls", 2019),
        ("活动台账2019", 2019),
        ("答题成绩_20190115", 2019),
        ("201901积分表", 2019),
        ("二〇二〇年度", 2020),
        ("2018-2019年", None),
        ("2018年和2019年", None),
        ("经费2000元", None),
        ("三会一课互评表(一季度)", None),
    ],
)
def test_find_year(text, expected):
    assert find_year(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019年1-3月卷烟销售月报", "2019Q1"),
        ("2019年10—12月", "2019Q4"),
        ("2020年互评表(第三季度)", "2020Q3"),
        ("互评表2021Q4.xlsx", "2021Q4"),
        ("2021年2季度", "2021Q2"),
        ("2019年1-6月", None),
        ("2019年2-4月", None),
        ("2019年一季度和二季度", None),
        ("2019年1月", None),
        ("三会一课互评表(一季度)", None),
    ],
)
def test_find_quarter(text, expected):
    assert find_quarter(text) == (quarter(expected) if expected else None)


def test_find_quarter_takes_the_default_year():
    assert find_quarter("三会一课互评表(一季度)", default_year=2019) == quarter("2019Q1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("答题成绩_20190115.csv", date(2019, 1, 15)),
        ("填报日期：2019年1月5日", date(2019, 1, 5)),
        ("2019-01-05 至 2019-01-06", None),
        ("答题成绩_20190231", None),
        ("13820190115", None),
        ("2019年1月", None),
        ("2019年1-3月一线台账", None),
    ],
)
def test_find_date(text, expected):
    assert find_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2021Q4",
        "2021q4",
        "2021-Q4",
        "2021 Q4",
        "2021年四季度",
        "2021年第四季度",
        "2021年第4季度",
        "２０２１Ｑ４",
    ],
)
def test_parse_quarter(text):
    assert parse_quarter(text) == quarter("2021Q4")


@pytest.mark.parametrize("text", ["2021Q5", "2021", "Q4", "四季度", "2021-10", "", "21Q4", "2021Q44"])
def test_a_quarter_that_is_none_says_what_was_expected(text):
    with pytest.raises(PeriodError, match="2021Q4"):
        parse_quarter(text)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (datetime(2019, 1, 5, 20, 11), date(2019, 1, 5)),
        (date(2019, 1, 5), date(2019, 1, 5)),
        (43470, date(2019, 1, 5)),
        (43470.84, date(2019, 1, 5)),
        ("43470", date(2019, 1, 5)),
        (20190105, date(2019, 1, 5)),
        ("20190105", date(2019, 1, 5)),
        ("2019.1.5", date(2019, 1, 5)),
        ("2019-01-09", date(2019, 1, 9)),
        ("2019/1/15", date(2019, 1, 15)),
        ("2019年1月5日", date(2019, 1, 5)),
        ("2019年1月5日(星期六)", date(2019, 1, 5)),
        ("２０１９．１．５", date(2019, 1, 5)),
        ("2019/1/15 20:11", date(2019, 1, 15)),
        ("2019-01-15T20:11:30", date(2019, 1, 15)),
    ],
)
def test_a_day_with_its_year(cell, expected):
    assert parse_date(cell) == expected


@pytest.mark.parametrize(("serial", "day"), [(35064, date(2000, 1, 1)), (71588, date(2099, 12, 31))])
def test_serials_of_the_1904_system(serial, day):
    assert parse_date(serial, epoch=EXCEL_EPOCH_1904) == parse_date(str(serial), epoch=EXCEL_EPOCH_1904) == day
    assert parse_month(serial, epoch=EXCEL_EPOCH_1904) == pd.Period(day, "M")


@pytest.mark.parametrize("number", [35063, 71589, -5, 1e12])
def test_numbers_outside_of_our_years_are_no_serials(number):
    with pytest.raises(PeriodError):
        parse_date(number, epoch=EXCEL_EPOCH_1904)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.8", (1, 8)),
        (1.8, (1, 8)),
        ("1月8日", (1, 8)),
        ("1.10", (1, 10)),
        (12.25, (12, 25)),
        (2.3, (2, 3)),
        ("1/8", (1, 8)),
    ],
)
def test_a_bare_day_takes_the_default_year(cell, expected):
    assert parse_date(cell, default_year=2019) == date(2019, *expected)
    with pytest.raises(BareMonth):
        parse_date(cell)


@pytest.mark.parametrize("number", [1.1, 1.2, 1.3, 12.3])
def test_a_number_that_may_have_lost_a_zero_is_not_guessed(number):
    with pytest.raises(AmbiguousDate):
        parse_date(number, default_year=2019)


@pytest.mark.parametrize(
    "cell",
    [
        "2020.2.30",
        "2019.13.1",
        "2019-02-29",
        "2.30",
        2.31,
        20190231,
        "2019年1月",
        "2019.1",
        "无",
        "",
        "1-3月",
        "2019-01-05abc",
        5,
        13.5,
        float("nan"),
        False,
        "1.0",
        pd.NaT,
    ],
)
def test_what_is_no_day(cell):
    with pytest.raises(PeriodError):
        parse_date(cell, default_year=2020 if cell == "2.30" else 2019)


def test_quarters_and_months():
    assert periods.months_of(quarter("2021Q4")) == [
        month("2021-10"),
        month("2021-11"),
        month("2021-12"),
    ]
    assert periods.quarter_of(month("2021-10")) == quarter("2021Q4")
    assert periods.month_range(month("2018-11"), month("2019-02")) == [
        month(t) for t in ("2018-11", "2018-12", "2019-01", "2019-02")
    ]
    assert periods.month_range(month("2019-02"), month("2019-01")) == []


SPRING_FESTIVALS = (
    "2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06"
)
MID_AUTUMNS = (
    "2018-09-24 2019-09-13 2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 2025-10-06 2026-09-25 2027-09-15"
)


@pytest.mark.parametrize("text", SPRING_FESTIVALS.split())
def test_spring_festival(text):
    day = date.fromisoformat(text)
    assert periods.spring_festival(day.year) == day


@pytest.mark.parametrize("text", MID_AUTUMNS.split())
def test_mid_autumn(text):
    day = date.fromisoformat(text)
    assert periods.mid_autumn(day.year) == day


def test_the_festival_window_is_shared_between_the_months():
    # 2021-02-12: the window is 29 January to 18 February: 3 days and 18 days of 21
    assert periods.spring_festival_share(month("2021-01")) == pytest.approx(3 / 21)
    assert periods.spring_festival_share(month("2021-02")) == pytest.approx(18 / 21)
    assert periods.spring_festival_share(month("2021-03")) == 0
    assert periods.spring_festival_share(month("2020-01")) == 1  # 2020-01-25: 11 to 31 January


def test_the_festival_regressor_is_centred_by_calendar_month():
    months = periods.month_range(month("2019-01"), month("2021-12"))
    regressor = periods.festival_regressor(months)
    january = np.array([10, 21, 3]) / 21  # 2019-02-05: from 22 January; 2020: all; 2021: from 29 January
    assert regressor[[0, 12, 24]] == pytest.approx(january - january.mean())
    assert regressor[2:12] == pytest.approx(np.zeros(10))
    assert regressor.reshape(3, 12).mean(axis=0) == pytest.approx(np.zeros(12))
    assert periods.festival_regressor([]).shape == (0,)


def test_a_year_of_two_digits_before_its_month_is_one_of_this_century() -> None:
    assert find_month("19年10月销售月报") == month("2019-10")
    assert find_year("党龄19年以上") is None


@pytest.mark.parametrize("text", ["10月", "十 月份", "2019年1月", "一季度", "2019年第4季度", "2018年度", "1-10月累计"])
def test_a_text_may_be_nothing_but_a_period(text: str) -> None:
    assert periods.is_period(text)


@pytest.mark.parametrize("text", ["1月8日", "10", "1.7", "2018年结转", "10月小计", "13月"])
def test_a_text_with_more_or_less_is_no_period(text: str) -> None:
    assert not periods.is_period(text)


@pytest.mark.parametrize(("text", "expected"), [("截至11月5日", True), ("2019-01-05", True), ("11月", False)])
def test_a_text_may_name_a_day(text: str, expected: bool) -> None:
    assert periods.names_day(text) is expected


@pytest.mark.parametrize("text", ["2019年前三季度", "2019年一至三季度", "2019年一、二季度", "2019年1-3季度"])
def test_several_quarters_are_none(text: str) -> None:
    assert find_quarter(text) is None
