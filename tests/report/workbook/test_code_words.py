"""Every code has its words, and every number its digits."""

from dataclasses import replace

import pytest

from pipeline.catalog import load_catalog
from pipeline.report.workbook.code_words import WORDS, decimals_of
from pipeline.texts import LANGUAGES, load_texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_text(lang: str) -> None:
    texts = load_texts(lang)
    assert [key for key in WORDS.values() if not texts.has(key)] == []


def test_digits_follow_the_metric_then_the_column() -> None:
    catalog = load_catalog()
    column = next(c for c in catalog.columns if (c.table, c.column) == ("panel", "value"))
    assert decimals_of(column, {"metric": "cases_filed"}, catalog) == 0
    assert decimals_of(column, {"metric": "volume_xiang"}, catalog) == 1
    assert decimals_of(column, {"metric": None}, catalog) == 1
    assert decimals_of(replace(column, table="goodhart_watch"), {"metric": "cases_filed"}, catalog) == 1
    assert decimals_of(replace(column, column="r"), {}, catalog) == 2
    assert decimals_of(replace(column, dtype="integer"), {"metric": "volume_xiang"}, catalog) == 0
    assert decimals_of(replace(column, column="points"), {}, catalog) == 1
