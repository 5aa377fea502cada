"""Which faults are made of a line, and that each is the source with one place changed."""

import ast

import pytest

from tools.mutants import find_mutants, mutated


def faults(line: str) -> list[str]:
    """Return the line in each of its mutants, without the mutant that returns nothing."""
    changed = [ast.unparse(mutated(line, mutant)) for mutant in find_mutants(line)]
    return [text for text in changed if text != "return None"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a - b", ["a + b"]),
        ("a * b", ["a / b"]),
        ("a < b", ["a <= b", "a > b"]),
        ("a == b", ["a != b"]),
        ("a in b and c", ["a in b or c", "a not in b and c"]),
        ("-a", ["a"]),
        ("not a", ["a"]),
        ("n - 2", ["n + 2", "n - 3", "n - 1"]),
        ("LIMIT = 2.66", ["LIMIT = 5.32", "LIMIT = 1.33"]),
        ("f(x, ascending=True)", ["f(x, ascending=False)"]),
        ("max(a, b)", ["min(a, b)"]),
        ("np.abs(x).argmax()", ["np.abs(x).argmin()", "x.argmax()"]),
        ("values[lag:]", ["values[:lag]"]),
        ("values[:-lag]", ["values[-lag:]", "values[:lag]"]),
        ("total += x", ["total -= x"]),
        ("a if found else b", ["a if not found else b"]),
    ],
)
def test_faults_of_a_line(line, expected):
    assert sorted(faults(line)) == sorted(expected)


@pytest.mark.parametrize(
    "line",
    [
        '"a text of 3 words"',
        "raise ValueError(1 + 1)",
        "f'{a + 1}'",
        "value: Literal[3]",
        "@dataclass(frozen=True)\nclass A:\n    pass",
        "sum(values)",
    ],
)
def test_what_computes_nothing_is_left_alone(line):
    assert faults(line) == []


def test_a_returned_value_is_lost():
    source = "def f():\n    return x"
    assert [ast.unparse(mutated(source, mutant)) for mutant in find_mutants(source)] == ["def f():\n    return None"]


def test_lines_and_time_of_execution():
    source = "LIMIT = 3\n\n\ndef f(a, b=4):\n    if a > LIMIT:\n        return min(\n            a, 5\n\n        )\n"
    seen = {(mutant.was, mutant.at_import, mutant.first_line, mutant.last_line) for mutant in find_mutants(source)}
    assert {("3", True, 1, 1), ("a > LIMIT", False, 5, 5), ("5", False, 6, 9), ("min(a, 5)", False, 6, 9)} <= seen
    assert [at_import for was, at_import, *_ in seen if was == "4"] == [True]
