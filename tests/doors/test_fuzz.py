"""Any text as a parameter, an option or a name: never a traceback, always a told error with the status of wrong usage.

What was found stays as an example. ``RONGHE_FUZZ_SECONDS=60`` goes on for so long with other texts each time.
"""

import ast
import contextlib
import io
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from papermill.translators import PythonTranslator

from pipeline import cli, parameters
from pipeline.cli.grammar import FLAGS, OPTIONS
from pipeline.parameters import ParameterError, RunParameters
from pipeline.runs.notebooks.injected import INJECTED_TAG, PARAMETERS_TAG, ParametersRefused, check_injected
from pipeline.runs.records.manifest import FORMAT, BadManifest, Manifest
from pipeline.texts import load_texts

SECONDS = float(os.environ.get("RONGHE_FUZZ_SECONDS", "0"))
EXAMPLES = 150
FIELDS = tuple(field.name for field in fields(RunParameters))
WRONG_USAGE = 2
SAID_QUARTER = re.compile("(19|20)[0-9][0-9]Q[1234]")

ODD = (
    *(
        "",
        " ",
        ".",
        "..",
        "/",
        "~",
        "-",
        "--",
        "-h",
        "--help",
        "=",
        "\n",
        "\t",
        "\x1b[31m",
        "\udcff",
        "\u202e",
        "\ufeff",
    ),
    *("2021Q4", "2021q4", "２０２１Ｑ４", "2021Q5", "20٢١Q4", "2021-4", "0000Q1", "二〇二一年四季度", "9" * 400, "²"),
    *("zh", "en", "de", "CON", "con.xlsx", "a" * 5000, "甲" * 300, "../" * 50, "C:\\x", "\\\\host\\share", "x\0y"),
    *("None", "True", "1e999", "nan", "{x}", "%s", "$HOME", "`x`", "';x", '"""', "__import__('os')", "#", "@file"),
)
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=30))
ARGUMENTS = TEXTS.filter(lambda text: "\0" not in text)  # no system lets one into a command line


@pytest.fixture(autouse=True, scope="module")
def _elsewhere() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("file").touch()
        yield


def fuzz(case: Callable[..., None], *strategies: st.SearchStrategy[Any], found: Sequence[Any] = ()) -> None:
    """Try a case with what was found before, with examples, and with others as long as was asked for."""
    for one in found:
        case(one)
    quiet = list(HealthCheck)
    settings(max_examples=EXAMPLES, suppress_health_check=quiet)(given(*strategies)(case))()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        settings(derandomize=False, max_examples=500, suppress_health_check=quiet)(given(*strategies)(case))()


def run(arguments: list[str]) -> tuple[int, str]:
    """Run a command here; return its status and what it told of errors."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
        try:
            status = cli.main(arguments)
        except SystemExit as end:  # argparse, after it has printed its help
            status = int(end.code or 0)
    return status, told.getvalue()


def check_tells(error: ParameterError) -> None:
    assert all(error.tell(load_texts(lang)) for lang in ("zh", "en"))


def check_told(status: int, told: str, arguments: list[str]) -> None:
    assert status == WRONG_USAGE, (arguments, told)
    assert told.strip(), arguments
    assert "Traceback" not in told, (arguments, told)


def test_any_quarter_is_right_or_told_the_nearest() -> None:
    def case(text: str) -> None:
        try:
            parameters.check_quarter(parameters.normalise_quarter(text))
        except ParameterError as error:
            check_tells(error)
            nearest = str(error.values["nearest"])
        else:
            nearest = parameters.normalise_quarter(text)
        assert SAID_QUARTER.fullmatch(nearest)

    found: tuple[Any, ...] = (
        "20٢١Q4",  # digits of another script are digits to a regular expression
        "9" * 400,  # too large for a float
        "9" * 5000,  # too long for an int
    )
    fuzz(case, TEXTS, found=found)


def test_any_mapping_is_the_contract_or_told() -> None:
    values = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.floats(), st.lists(TEXTS, max_size=2))

    def case(mapping: dict[str, Any]) -> None:
        try:
            found = RunParameters.from_mapping(mapping).to_mapping()
        except ParameterError as error:
            check_tells(error)
        else:
            assert {name: found[name] for name in mapping} == mapping

    fuzz(case, st.dictionaries(st.one_of(st.sampled_from(FIELDS), TEXTS), values, max_size=6))


def test_any_folder_is_one_or_told() -> None:
    def case(text: str) -> None:
        with contextlib.suppress(ParameterError):
            parameters.check_bureau(Path(text))
            assert Path(text).is_dir()

    found: tuple[Any, ...] = (
        "a" * 5000,  # too long for any disk
        "x\0y",
    )
    fuzz(case, TEXTS, found=found)


def test_what_papermill_injects_gives_values_or_is_refused() -> None:
    """Whatever passes is run here, without any function to call: it must give just the values that were sent."""
    values = st.one_of(TEXTS, st.integers(), st.booleans(), st.lists(TEXTS, max_size=2))
    names = st.one_of(st.sampled_from((*FIELDS, "count")), TEXTS, st.builds("{}\n{}".format, TEXTS, TEXTS))

    def case(sent: dict[str, Any]) -> None:
        source = PythonTranslator.codify(sent)
        cells = [("count = 3", PARAMETERS_TAG), (source, INJECTED_TAG)]
        notebook = new_notebook(cells=[new_code_cell(text, metadata={"tags": [tag]}) for text, tag in cells])
        notebook.metadata["papermill"] = {"parameters": sent}
        try:
            check_injected(notebook)
        except ParametersRefused:
            return
        left: dict[str, Any] = {"__builtins__": {}}
        exec(compile(ast.parse(source), "injected", "exec"), left)
        assert {name: value for name, value in left.items() if name != "__builtins__"} == sent
        assert sent.keys() <= {*FIELDS, "count"}

    found: tuple[Any, ...] = (
        {"x\n__import__('os').system('true')#": 1},
        {"#": ""},  # a comment is no assignment, and nobody would have been told
    )
    fuzz(case, st.dictionaries(names, values, min_size=1, max_size=3), found=found)


def test_any_words_are_a_command_or_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands do nothing here: what is tried is how their words are taken apart."""
    monkeypatch.setattr(cli, "COMMANDS", dict.fromkeys(cli.COMMANDS, lambda args, texts: 0))
    options = sorted({f"--{option}" for of_command in OPTIONS.values() for option in of_command} - {"--log", "--debug"})
    words = st.one_of(
        st.sampled_from(options), st.builds("{}={}".format, st.sampled_from(options), ARGUMENTS), ARGUMENTS
    )

    def case(first: list[str], rest: list[str]) -> None:
        status, told = run([*first, *rest])
        if status and "--debug" not in [*first, *rest]:  # which asks for the traceback
            check_told(status, told, [*first, *rest])

    fuzz(case, st.lists(st.one_of(st.sampled_from(sorted(OPTIONS)), words), max_size=1), st.lists(words, max_size=5))


def missing(text: str) -> bool:
    """Tell whether nothing stands at a path, so that no command finds work there."""
    try:
        return bool(text) and not Path(text).exists()
    except (OSError, ValueError):
        return True


def test_a_command_about_nothing_is_told_so() -> None:
    """Every command, about a place that is not there: whatever else is asked for, nothing is read, made or written."""
    nowhere = ARGUMENTS.filter(missing).map(lambda text: f"./{text}" if text.startswith("-") else text)
    about = {
        "report": nowhere.map(lambda place: [f"--bureau={place}"]),
        "check": nowhere.map(lambda place: [place]),
        "templates": nowhere.map(lambda place: ["out", f"--bureau={place}"]),
        "batch": nowhere.map(lambda place: [place]),
        "verify": nowhere.map(lambda place: [place]),
    }
    free = {name: [option for option in OPTIONS[name] if option not in {"bureau", "log", "debug"}] for name in about}

    @st.composite
    def lines(draw: Callable[[Any], Any]) -> list[str]:
        name = draw(st.sampled_from(sorted(about)))
        asked = draw(st.lists(st.sampled_from(free[name]), unique=True, max_size=4))
        given_values = [f"--{option}" if option in FLAGS else f"--{option}={draw(ARGUMENTS)}" for option in asked]
        return [name, *draw(about[name]), *given_values]

    def case(line: list[str]) -> None:
        status, told = run(line)
        check_told(status, told, line)
        assert sorted(path.name for path in Path().iterdir()) == ["file"], line

    found: tuple[Any, ...] = (
        ["batch", " ", "--quarter=--"],  # argparse makes a list of it
        ["report", "--bureau=", "--quarter=x"],  # would have been the sample
        ["check", ""],  # would have been the current folder
        *([name, "a" * 5000] for name in ("batch", "check", "verify")),  # too long for any disk
        ["templates", "out", f"--bureau={'a' * 5000}"],
    )
    fuzz(case, lines(), found=found)


def test_any_manifest_is_one_or_refused() -> None:
    whole = {
        "basis": {"parameters": dict.fromkeys(FIELDS, "x"), "inputs": [], "code": "", "packages": {}},
        "published": [{"path": "a", "sha256": "b", "bytes": 1}],
        "format": FORMAT,
    }
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
    trees = st.recursive(leaves, lambda part: st.lists(part, max_size=3) | st.dictionaries(TEXTS, part, max_size=3))

    def case(some: dict[str, Any]) -> None:
        path = Path("file")
        path.write_bytes(json.dumps({**whole, **some}).encode("utf-8", "replace"))
        with contextlib.suppress(BadManifest):
            assert Manifest.read(path).format == FORMAT

    fuzz(case, st.dictionaries(st.one_of(st.sampled_from(sorted(whole)), TEXTS), trees, max_size=6))
    Path("file").write_bytes(b"")
