"""A score that is weighed from parts, with its arithmetic, so that anybody can check it with a pocket calculator."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.catalog import Term
from pipeline.points.standings import PRINTED_DECIMALS
from pipeline.report.material.base import PageMaterial
from pipeline.report.page.table_block import format_number, is_missing

SCORE_DIGITS = PRINTED_DECIMALS  # where arithmetic is shown, one decimal would not add up before the reader's eyes


def weight_text(weight: float) -> str:
    """Return a weight with two decimals, with more only where it has more."""
    return f"{weight:.2f}" if round(weight, 2) == weight else f"{weight:g}"


def formula_text(terms: Iterable[Term], total: str, report: PageMaterial) -> str:
    """Return how a score is made in words: 季度得分 = 0.70 × 积分均值 + 0.15 × 支委评分 + ..."""
    parts = [f"{weight_text(term.value or 0.0)} × {report.label(term)}" for term in _counting(terms)]
    return f"{total} = {' + '.join(parts)}"


def arithmetic_text(terms: Iterable[Term], row: Mapping[Any, Any], total: float) -> str:
    """Return the sum in figures: 0.70 × 58.18 + 0.15 × 91.00 + 0.15 × 91.00 = 68.03; ``row`` has a value a part."""
    parts = [
        f"{weight_text(term.value or 0.0)} × {format_number(row[term.name], SCORE_DIGITS)}" for term in _counting(terms)
    ]
    return f"{' + '.join(parts)} = {format_number(total, SCORE_DIGITS)}"


def missing_parts(terms: Iterable[Term], row: Mapping[Any, Any], report: PageMaterial) -> list[str]:
    """Return the names of the parts that count and that ``row`` lacks."""
    return [report.label(term) for term in _counting(terms) if is_missing(row[term.name])]


def _counting(terms: Iterable[Term]) -> list[Term]:
    return [term for term in terms if term.value]
