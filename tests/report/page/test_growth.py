"""Four times the groups are at most four times the work: no section looks through all groups for each of them."""

import sys
from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block
from tests.report.many_groups import grown
from tests.report.pages import APPENDIX_SECTIONS, SECTIONS
from tests.report.sample_material import derived_tables, sample_reading

QUARTER = pd.Period("2021Q4", "Q-DEC")
FEW, MANY = 2, 8  # times the three groups of the sample
ROOM = 1.1  # for dictionaries that grow and the like


@cache
def report_of(times: int) -> QuarterReport:
    return grown(sample_reading(), derived_tables(QUARTER), QUARTER, times)


def calls_of(work: Callable[[QuarterReport], object], times: int) -> int:
    """How many functions are called for a report, those of libraries and of Python itself included."""
    report = report_of(times)
    count = 0

    def see(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(see)
    try:
        work(report)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("section", [*SECTIONS, *APPENDIX_SECTIONS], ids=lambda section: section.__name__)
def test_the_work_of_a_section_grows_no_faster_than_the_groups(section: Callable[[QuarterReport], Block]) -> None:
    few, many = (calls_of(lambda report: section(report).outputs(), times) for times in (FEW, MANY))
    assert many <= ROOM * few * MANY / FEW


def test_the_count_notices_a_search_through_all_groups_for_each() -> None:
    def search(report: QuarterReport) -> list[bool]:
        return [any(other.endswith(group) for other in report.groups if other > group) for group in report.groups]

    few, many = (calls_of(search, times) for times in (FEW, MANY))
    assert many > ROOM * few * MANY / FEW


def test_a_report_of_many_groups_shows_every_one_of_them() -> None:
    report = report_of(MANY)
    assert len(report.groups) == MANY * 3
    assert len(report.of_quarter("standings_by_group_quarter")) == MANY * 3
