"""Validation of single columns: bounds, formats and the limits of what a spreadsheet program shows."""

from dataclasses import replace

import pytest

from pipeline.ingest.templates.choices import Choices
from pipeline.ingest.templates.forms import Field, plan_form
from pipeline.ingest.templates.subject import subject_of
from pipeline.ingest.templates.validation import MAX_PROMPT, day_validation, validation_of
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, VOCABULARY

ZH = load_texts("zh")


def field_of(kind: str, column: str) -> Field:
    form = plan_form(CATALOG.kinds[kind], VOCABULARY, subject_of(None, CATALOG))
    return next(field for field in form.fields if field.column.column == column)


@pytest.mark.parametrize(
    ("kind", "column", "type_", "low", "high"),
    [
        ("cases", "filed_on", "date", "36526", "73415"),
        ("sales", "month", "date", "36526", "73415"),
        ("sales", "yoy_pct", "decimal", "-1", "10"),  # -100 % to 1000 %, as a percent cell stores them
        ("shelf", "retailers", "whole", "0", "1000000"),
        ("annual_review", "year", "whole", "2000", "2100"),
    ],
)
def test_bounds_are_those_of_the_dictionary(kind: str, column: str, type_: str, low: str, high: str) -> None:
    found = validation_of(field_of(kind, column), None, None, ZH)
    assert found is not None
    assert (found.type, found.formula1, found.formula2) == (type_, low, high)
    assert found.allowBlank
    assert found.showErrorMessage
    assert found.error


def test_a_closed_list_refuses_and_an_open_one_asks() -> None:
    field = field_of("unlicensed", "remedy")
    styles = []
    for closed in (True, False):
        found = validation_of(field, Choices(("甲",), closed), "'选项'!$A$2:$A$2", ZH)
        assert found is not None
        styles.append((found.type, found.formula1, found.errorStyle))
    assert styles == [("list", "'选项'!$A$2:$A$2", "stop"), ("list", "'选项'!$A$2:$A$2", "warning")]


def test_a_plain_text_says_nothing_and_an_odd_one_prompts() -> None:
    assert validation_of(field_of("frontline", "matter"), None, None, ZH) is None
    leave = validation_of(field_of("activities", "excused_count"), None, None, ZH)
    assert leave is not None
    assert leave.type is None
    assert "王五(公假)" in str(leave.prompt)


def test_a_long_explanation_is_cut_to_what_the_format_allows() -> None:
    field = replace(field_of("activities", "excused_count"), header="长" * 50, accepted="长" * 400)
    found = validation_of(field, None, None, ZH)
    assert found is not None
    assert (len(str(found.promptTitle)), len(str(found.prompt))) == (32, MAX_PROMPT)


def test_the_filing_date_is_a_day() -> None:
    found = day_validation(ZH)
    assert (found.type, found.formula1, found.formula2) == ("date", "36526", "73415")
