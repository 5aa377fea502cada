"""No code runs text or unpickles what came from outside; what looks like it is named with its reason."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.doors import code_rules

ROOT = Path(__file__).resolve().parents[2]
EXCUSED: Mapping[str, Mapping[str, str]] = {
    "runs_text": {},
    "unpacks": {"pipeline/runs/processes/tasks.py": "what a process sends to the one of ours that started it"},
    "risky_arguments": {},
    "environment": {  # nothing of a run is set by the environment but how its own processes are started
        "pipeline/cli/streams.py": "begins again in UTF-8",
        "pipeline/ingest/files/childprocess.py": "where a child finds this package",
        "pipeline/ingest/returned/process.py": "tells openpyxl which parser to use",
        "pipeline/runs/notebooks/cells.py": "where charts of a cell go, as in a kernel",
        "pipeline/runs/notebooks/execution.py": "where a kernel finds this package",
        "pipeline/runs/processes/forks.py": "how many threads a process has, and where it finds this package",
        "pipeline/runs/processes/workers.py": "where a process puts its temporary files",
    },
}


@pytest.mark.parametrize("rule", sorted(code_rules.RULES))
def test_no_module_breaks_the_rule(rule: str) -> None:
    assert code_rules.broken(ROOT, rule, EXCUSED[rule]) == []
    assert code_rules.unused_excuses(ROOT, rule, EXCUSED[rule]) == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("runs_text", "eval('1')"),
        ("runs_text", "exec(text)"),
        ("runs_text", "frame = pandas.read_pickle(path)"),
        ("runs_text", "importlib.import_module(name)"),
        ("runs_text", "environment.from_string(cell)"),
        ("runs_text", "table.query(f'name == {name}')"),
        ("unpacks", "import pickle"),
        ("unpacks", "from yaml import load"),
        ("unpacks", "import multiprocessing, shelve"),
        ("risky_arguments", "numpy.load(path, allow_pickle=True)"),
        ("risky_arguments", "subprocess.run(line, shell=is_line)"),
        ("environment", "os.environ['RONGHE_X']"),
        ("environment", "os.getenv('RONGHE_X')"),
    ],
)
def test_a_broken_rule_is_noticed(rule: str, source: str) -> None:
    assert len(code_rules.RULES[rule](ast.parse(source))) == 1


@pytest.mark.parametrize("source", ["re.compile('x')", "table.query('a > 1')", "numpy.load(path, allow_pickle=False)"])
def test_what_only_looks_like_it_is_left_alone(source: str) -> None:
    assert [found for rule in code_rules.RULES.values() for found in rule(ast.parse(source))] == []
