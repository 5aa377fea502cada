"""Who looks at the clock, the time zone, the locale, the computer or chance: nobody who makes a table or a page."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOKS = frozenset(
    {
        *("now", "today", "utcnow", "time_ns", "localtime", "gmtime", "ctime", "astimezone"),
        *("setlocale", "getlocale", "strcoll", "strxfrm"),
        *("urandom", "uuid1", "uuid4", "token_hex", "getlogin", "gethostname", "node"),
    }
)
MODULES = frozenset({"locale", "random", "secrets"})  # numpy's generators have a seed of their own
EXCUSED: Mapping[str, str] = {
    "pipeline/runs/notebooks/cells.py": "the time of a message, which `scrubbing` takes out of the notebook",
    "pipeline/runs/cluster/runner.py": "names of jobs on a cluster, where several batches may meet",
    "pipeline/runs/cluster/checks.py": "the name of a file that is written to see whether it can be",
    "pipeline/runs/records/logbook.py": "who published, for the log of publications",
    "pipeline/runs/quarter/report.py": "`run_at` of the manifest, the only clock of a report",
    "pipeline/runs/processes/scratch.py": "whose a folder for temporary files is, where computers share one",
    "pipeline/runs/cluster/stores.py": "the name of a file that is written to see whether it can be",
    "pipeline/runs/quarter/report_words.py": "that time on a terminal, in the zone of whoever sits before it",
}


def looks(source: str) -> list[str]:
    """Return what a module looks at that differs from one computer, or from one day, to another."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of_time = (
                node.func.attr == "time" and isinstance(node.func.value, ast.Name) and node.func.value.id == "time"
            )
            found += [f"{node.func.attr} at line {node.lineno}"] if node.func.attr in LOOKS or of_time else []
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        found += [f"{name} is imported" for name in names if name in MODULES]
    return found


def test_only_those_look_who_say_why() -> None:
    found = {path.relative_to(ROOT).as_posix(): looks(path.read_text("utf-8")) for path in _modules()}
    assert {name: told for name, told in found.items() if told and name not in EXCUSED} == {}
    assert [name for name in EXCUSED if not found[name]] == []


def _modules() -> list[Path]:
    return sorted((ROOT / "pipeline").rglob("*.py"))


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "pd.Timestamp.today()",
        "time.time()",
        "import locale",
        "from random import choice",
        "os.urandom(3)",
        "moment.astimezone()",
    ],
)
def test_a_look_is_noticed(source: str) -> None:
    assert len(looks(source)) == 1


@pytest.mark.parametrize("source", ["cell.time()", "time.monotonic()", "numpy.random.default_rng(1)"])
def test_what_only_looks_like_it_is_left_alone(source: str) -> None:
    assert looks(source) == []
