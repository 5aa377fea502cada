"""Several months at once in titles and names."""

import pytest

from pipeline.ingest.monthspans import find_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2019年上半年活动台账", ("2019-01", "2019-06")),
        ("2019年下半年", ("2019-07", "2019-12")),
        ("2019年1-5月", ("2019-01", "2019-05")),
        ("一至六月份", ("2020-01", "2020-06")),
        ("2018年7月-2019年6月活动台账", ("2018-07", "2019-06")),
        ("2019.07-2019.12", ("2019-07", "2019-12")),
        ("2019年前三季度", ("2019-01", "2019-09")),
        ("2019年一、二季度", ("2019-01", "2019-06")),
    ],
)
def test_spans_of_months_in_titles_and_names(text: str, span: tuple[str, str]) -> None:
    found = find_span(text, 2020)
    assert found is not None
    assert (str(found[0]), str(found[1])) == span


@pytest.mark.parametrize(
    "text", ["2019年3月", "2019-01-05", "2019年一季度", "2019年上半年下半年", "6-1月", "2018-2019年"]
)
def test_what_is_no_single_span_of_months_is_none(text: str) -> None:
    assert find_span(text, 2020) is None


def test_a_span_without_a_year_is_none() -> None:
    assert find_span("上半年") is None
    assert find_span("1-6月") is None
