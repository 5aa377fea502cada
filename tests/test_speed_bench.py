"""The arithmetic of the measured table, its documents, and that its rival is an honest notebook."""

import ast
import json
import os
from pathlib import Path

import nbformat
import pytest

from tests.benchmarks.rivals.command_line import NOTEBOOK, WITHOUT_GRAMMAR, environment
from tests.benchmarks.rivals.straight_line import compile_notebook, in_copies
from tests.benchmarks.speed.bureaus import turn
from tests.benchmarks.speed.pasting import paste
from tests.benchmarks.speed.plan import QUICK, Plan
from tests.benchmarks.speed.rows import Bar, Row, Table
from tests.benchmarks.speed.spread import Spread, growth_exponent, rates, ratios
from tests.benchmarks.speed.words import LABELS


def row(name: str = "fleet", ratio: float = 21.0, **given) -> Row:
    known = {
        "unit": "/min",
        "ours": Spread(210.0, 200.0, 220.0),
        "rival": Spread(10.0, 10.0, 10.0),
        "ratio": Spread(ratio, ratio - 1, ratio + 1),
        "bar": Bar("at_least", 20.0),
        "rounds": 3,
    }
    return Row(name, **{**known, **given})


def test_a_spread_is_the_median_and_the_range() -> None:
    assert Spread.of([3.0, 1.0, 10.0]) == Spread(3.0, 1.0, 10.0)
    assert Spread.of([2.0]) == Spread(2.0, 2.0, 2.0)


def test_rates_and_ratios_go_round_by_round() -> None:
    assert rates(48, [60.0, 120.0]) == [48.0, 24.0]
    assert ratios([10.0, 30.0], [5.0, 10.0]) == [2.0, 3.0]
    with pytest.raises(ValueError, match="zip"):
        ratios([1.0], [1.0, 2.0])


@pytest.mark.parametrize(("large", "exponent"), [(10.0, 1.0), (100.0, 2.0), (5.0, 0.699), (1.0, 0.0)])
def test_growth_is_an_exponent(large: float, exponent: float) -> None:
    assert growth_exponent(1.0, large, 10.0) == pytest.approx(exponent, abs=1e-3)


@pytest.mark.parametrize(
    ("bar", "met", "missed"),
    [
        (Bar("at_least", 20.0), (20.0, 25.0), (19.9,)),
        (Bar("at_most", 1 / 3), (1 / 3, 0.1), (0.34,)),
    ],
)
def test_a_bar_is_met_on_its_own_side_only(bar: Bar, met: tuple[float, ...], missed: tuple[float, ...]) -> None:
    assert all(map(bar.is_met, met))
    assert not any(map(bar.is_met, missed))


def test_a_run_that_did_not_do_its_work_misses_every_bar() -> None:
    assert row().is_met
    assert not row(is_sound=False).is_met
    assert Table((row(), row("dask", ratio=0.5)), {"groups": "too slow"}).missed() == ["dask", "groups"]


def test_the_table_says_ratio_spread_bar_and_verdict() -> None:
    table = Table((row(), row("cold", ratio=2.0)), {"dask": "no scheduler"})
    lines = table.markdown("en").splitlines()
    assert [line.count("|") for line in lines] == [8] * 5
    assert "| 210 /min (200 – 220) | 10 /min | 21 (20 – 22) | ≥ 20 | 3 | met |" in lines[2]
    assert lines[3].endswith("| **NOT met** |")
    assert lines[4].endswith("| not measured |")
    assert "未达到" in table.markdown("zh")
    assert list(table.notes()) == ["dask: not measured: no scheduler"]


def test_a_table_is_the_same_when_it_has_been_saved(tmp_path: Path) -> None:
    table = Table((row(notes=("load 0.1",)), row("groups", rival=None)), {"dask": "no"}, {"python": "3.11"})
    table.save(tmp_path / "table.json")
    assert Table.load(tmp_path / "table.json") == table


def test_a_part_that_is_measured_again_takes_its_place() -> None:
    earlier = Table((row("cold", ratio=2.0), row("dask"), row("groups")), {"fleet": "no"}, {"day": "1"})
    later = earlier.renewed(Table((row("cold", ratio=3.0), row("fleet")), {"groups": "too slow"}, {"day": "2"}))
    assert [(one.name, one.ratio.median) for one in later.rows] == [("cold", 3.0), ("dask", 21.0), ("fleet", 21.0)]
    assert (later.left_out, later.machine) == ({"groups": "too slow"}, {"day": "2"})


def test_every_row_has_its_words_in_both_languages() -> None:
    from tests.benchmarks.speed.__main__ import PARTS

    names = [name for part in PARTS.values() for name in part]
    assert sorted(names) == sorted(LABELS)
    assert all(set(words) == {"zh", "en"} for words in LABELS.values())


def test_sizes_come_from_the_environment() -> None:
    assert Plan.of({}) == Plan()
    assert Plan.of({"RONGHE_BENCH_QUICK": "1"}) == QUICK
    assert Plan.of({"RONGHE_BENCH_QUICK": "1", "RONGHE_BENCH_ROUNDS": "7"}).rounds == 7
    assert Plan.of({"RONGHE_BENCH_BUREAUS": "4"}).bureaus == 4


def test_every_round_takes_the_next_bureaus() -> None:
    bureaus = [Path(str(number)) for number in range(5)]
    assert [[path.name for path in turn(bureaus, 2, round_)] for round_ in range(3)] == [
        ["0", "1"],
        ["2", "3"],
        ["4", "0"],
    ]


def test_a_document_gets_what_was_computed_between_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("a\n<!-- x: written by y -->\nold\n<!-- end of x -->\nb\n", encoding="utf-8")
    paste(path, "new\n", "x", "y")
    paste(path, "newer", "x", "y")
    assert path.read_text(encoding="utf-8") == "a\n<!-- x: written by y -->\nnewer\n<!-- end of x -->\nb\n"
    with pytest.raises(LookupError, match="end of z"):
        paste(path, "new", "z", "y")


def test_the_rivals_notebook_is_clean_and_uses_nothing_of_ours() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert 20 <= len(code) <= 45
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert [cell.metadata.tags for cell in code if cell.metadata.get("tags")] == [["parameters"]]
    source = "\n".join(cell.source for cell in code)
    assert "pipeline" not in source
    assert "sleep" not in source
    assert "read_excel(path, sheet_name=None, header=None, engine=ENGINES[path.suffix])" in source
    assert "PermutationMethod" in source
    modules = {
        alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names
    }
    assert modules <= {"re", "numpy", "pandas", "plotly.express", "plotly.io"}
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    assert [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, defined)] == []
    assert "pipeline" not in NOTEBOOK.with_name("workbooks.py").read_text(encoding="utf-8")


def test_the_blocked_environment_only_lacks_the_grammar() -> None:
    without, with_it = environment(without_grammar=True), environment()
    assert without["PYTHONPATH"].split(os.pathsep) == [str(WITHOUT_GRAMMAR), with_it["PYTHONPATH"]]
    assert {name for name in without if without[name] != with_it.get(name)} == {"PYTHONPATH"}


def test_the_straight_line_calls_what_the_cells_call(tmp_path: Path) -> None:
    cells = ["a = 1", "a + 1", "x"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    notebook.cells[0].metadata["tags"] = ["parameters"]
    notebook.cells.insert(1, nbformat.v4.new_code_cell("a = len(quarter)\nfor n in range(2):\n    a += n"))
    notebook.cells[-1].source = "a = None\na"
    path = tmp_path / "1_test.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    shown: list[object] = []
    begun: list[int] = []
    script = compile_notebook(path)
    script.run(lambda: begun.append(1), shown.append, "bureau", "2021Q4", "zh", "processed", "figures")
    assert (len(script.cells), len(begun), shown) == (3, 3, [8, None])


@pytest.mark.process
def test_copies_of_the_process_tell_when_one_failed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def write(number: int):
        return lambda: (tmp_path / str(number)).write_text(f"{1 / number}", encoding="utf-8")

    assert in_copies([write(1), write(0), write(2)], at_once=2) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2"][1:]
    assert "ZeroDivisionError" in capfd.readouterr().err
