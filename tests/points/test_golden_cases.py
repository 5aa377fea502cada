"""Every line of the golden workbook: its formula gives its result, and the engine gives the same."""

import ast
import math
import operator
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.catalog import Catalog, load_catalog
from pipeline.points import score_points
from pipeline.points.standings import rank_with_ties
from pipeline.points.stars import stars_of
from tests.points.golden.ledgers import CASES
from tests.readings import make_bureau

WORKBOOK = Path(__file__).parent / "golden" / "golden_cases.xlsx"
SUBJECTS = ("member", "party_group")
PARTS = ("item", "category", "condition")
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
FUNCTIONS = {"MIN": min, "MAX": max}


def _rows(sheet: str) -> Iterator[tuple[object, ...]]:
    rows = load_workbook(WORKBOOK)[sheet].iter_rows(min_row=2, values_only=True)
    return (row for row in rows if any(cell is not None for cell in row))


CASE_ROWS = list(_rows("案例"))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@cache
def tables_of(case: str) -> Mapping[str, pd.DataFrame]:
    """Score a case when its first line asks for it: each process of the tests has lines of a few cases."""
    catalog = load_catalog()
    reading, quarter = CASES[case](catalog)
    return score_points(reading, catalog, quarter).tables


def _evaluate(node: ast.AST) -> float:
    """Compute the arithmetic of a cell: numbers, + - * /, MIN and MAX, nothing else."""
    match node:
        case ast.Expression(body=body):
            return _evaluate(body)
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_evaluate(left), _evaluate(right))
        case ast.Call(func=ast.Name(id=name), args=args):
            return float(FUNCTIONS[name](*map(_evaluate, args)))
    raise ValueError(ast.dump(node))


@pytest.mark.parametrize("row", CASE_ROWS, ids=lambda row: f"{row[0]} {row[3]} {row[4]} {row[6]}")
def test_every_line_of_the_workbook(row: tuple[object, ...]) -> None:
    case, _, table, subject, period, part, column, formula, expected = row
    if formula:
        computed = _evaluate(ast.parse(str(formula).removeprefix("="), mode="eval"))
        assert computed == pytest.approx(expected, abs=1e-9)
    frame = tables_of(str(case))[str(table)]
    chosen = frame[frame[next(name for name in SUBJECTS if name in frame)] == subject]
    when = next(name for name in ("month", "quarter", "year") if name in frame)
    chosen = chosen[chosen[when].astype(str) == str(period)]
    if part:
        chosen = chosen[chosen[next(name for name in PARTS if name in frame)] == part]
    assert len(chosen) == 1, chosen
    found = chosen[str(column)].item()
    if expected is None:
        assert pd.isna(found)
    elif isinstance(expected, bool | str):
        assert found == expected
    else:
        assert found == pytest.approx(float(str(expected)), abs=1e-9)


def test_every_case_of_the_issue_is_in_the_workbook() -> None:
    assert {str(row[0]) for row in CASE_ROWS} == set(CASES)


@pytest.mark.parametrize("row", list(_rows("评星")), ids=lambda row: str(row[0]))
def test_every_point_has_its_star(row: tuple[object, ...], catalog: Catalog) -> None:
    points, _, expected = row
    stars = stars_of(pd.Series([float(str(points))]), catalog.terms_of("star")).item()
    assert (None if pd.isna(stars) else stars) == expected


def test_ties_go_by_the_written_order(catalog: Catalog) -> None:
    rows = pd.DataFrame(_rows("并列"), columns=["period", "party_group", "score", "C", "A", "deductions", "rank"])
    table = rows.assign(version=catalog.rules[0].version)
    tie_breakers = rows.set_index(["party_group", "period"])[["C", "A", "deductions"]].astype(float)
    ranks = rank_with_ties(table, tie_breakers, "period", make_bureau(catalog))
    assert ranks.tolist() == rows["rank"].tolist()
    assert set(rows["period"]) == {"得分", "C类", "A类", "扣分", "并列"}


def test_a_formula_of_anything_else_is_refused() -> None:
    with pytest.raises((ValueError, KeyError)):
        _evaluate(ast.parse("__import__('os')", mode="eval"))
    assert math.isclose(_evaluate(ast.parse("MIN(2*6,6)/3", mode="eval")), 2.0)
