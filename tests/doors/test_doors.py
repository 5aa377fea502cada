"""P10: nothing is ever executed or unpickled from data or parameters, and no link leads out of a bureau's folder.

Every door through which something comes in is tried with what is most likely to be run there, or to be read from where
it should not. A payload that is run leaves a file behind.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill import execute_notebook
from papermill.engines import papermill_engines

from pipeline.cli import main
from pipeline.ingest.files.cache import CACHE_FILE
from pipeline.ingest.keeping import READING_FILE
from pipeline.ingest.reading import check_paths, read_bureau
from pipeline.parameters import ParameterError, RunParameters
from pipeline.points import expressions
from pipeline.runs.notebooks.engine import ENGINE
from pipeline.runs.notebooks.execution import execute
from pipeline.runs.notebooks.injected import ParametersRefused
from pipeline.runs.notebooks.registered import Registered
from pipeline.runs.quarter.report import Request
from pipeline.runs.records.fingerprints import hash_folder
from pipeline.runs.records.manifest import FilesUsed
from pipeline.runs.records.places import Places
from pipeline.runs.records.stages import is_as_before
from pipeline.texts import load_texts
from tests.doors import payloads
from tests.hand_made import CATALOG, write_bureau, write_xlsx

ROOT = Path(__file__).resolve().parents[2]
FIELDS = tuple(field.name for field in fields(RunParameters))
WRONG_USAGE = 2
RUN_IN_A_FOLDER = """
from pathlib import Path
from pipeline.cli import main
from pipeline.parameters import RunParameters
from pipeline.runs.notebooks.execution import execute
main(["check", "bureau"])
execute(Path("run/1_x.ipynb").absolute(), RunParameters())
"""
Door = Callable[[Path, Path], int]  # a folder for it, the file that a payload would leave -> how many attempts


def notebook_of(*cells: str, parameters: str = 'quarter = "2021Q4"\ncount = 3') -> nbformat.NotebookNode:
    tagged = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = new_notebook(cells=[tagged, *map(new_code_cell, cells)])
    notebook.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return notebook


def names_through_papermill(home: Path, mark: Path) -> int:
    names = payloads.names(mark)
    for name in names:
        with pytest.raises(ParametersRefused):
            execute_notebook(
                notebook_of(payloads.leaving(mark)), None, {name: "v"}, engine_name=ENGINE, progress_bar=False
            )
    return len(names)


def numbers_through_papermill(home: Path, mark: Path) -> int:
    values: tuple[Any, ...] = (202401, 1.5, True, None, ["2021Q4"], {"2021Q4": 1})
    for value in values:
        with pytest.raises(ParametersRefused):
            execute_notebook(notebook_of("1"), None, {"quarter": value}, engine_name=ENGINE, progress_bar=False)
    return len(values)


def papermill_on_the_command_line(home: Path, mark: Path) -> int:
    path = home / "1_x.ipynb"
    nbformat.write(notebook_of(payloads.leaving(mark)), path)
    attempts = (
        ("-p", f"x\n{payloads.leaving(mark)}#", "1"),
        ("-p", "quarter", "2024_01"),
        ("-y", f"quarter: !!python/object/apply:pathlib.Path.touch [{mark}]"),
    )
    for attempt in attempts:
        command = [sys.executable, "-m", "papermill", "--engine", ENGINE, str(path), str(home / "out.ipynb"), *attempt]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode != 0
        assert not (home / "out.ipynb").exists()
    return len(attempts)


def texts_through_papermill(home: Path, mark: Path) -> int:
    """Texts of every kind come out as they went in, through a run of our own and in the order of its fields."""
    texts = payloads.values(mark)
    path = home / "2_x.ipynb"
    nbformat.write(notebook_of(f"import json\njson.dumps([{', '.join(FIELDS)}])"), path)
    for start in range(0, len(texts), len(FIELDS)):
        some = (*texts[start:], *texts)[: len(FIELDS)]
        notebook = execute(path, RunParameters(*some)).notebook
        shown = notebook.cells[-1].outputs[0].data["text/plain"]
        assert json.loads(shown[1:-1].encode().decode("unicode_escape")) == list(some)
    return len(texts)


def the_contract(home: Path, mark: Path) -> int:
    attempts: list[dict[str, Any]] = [{name: "v"} for name in payloads.names(mark)]
    others: tuple[Any, ...] = (202401, 1.5, True, None, [], {}, b"2021Q4", Path("x"))
    attempts += [{"quarter": value} for value in others]
    for attempt in attempts:
        with pytest.raises(ParameterError):
            RunParameters.from_mapping(attempt)
    return len(attempts)


def the_command_line(home: Path, mark: Path) -> int:
    """Quarters and bureaus that are code or lead elsewhere; each is told to be wrong before anything is read."""
    (home / "甲县").mkdir()
    wrong = [*payloads.values(mark), "..", "../..", "2021Q4/..", "2021Q4/../../x", "/", "2021Q4\0"]
    lines = [["report", "--bureau", str(home / "甲县"), "--quarter", text] for text in wrong]
    lines += [["report", "--lang", text] for text in wrong]
    lines += [["batch", str(home), "--workers", text] for text in wrong]
    lines += [["report", "--bureau", text] for text in ("/", *payloads.values(mark))]
    for line in lines:
        assert main(line) == WRONG_USAGE, line
    for text in wrong:
        with pytest.raises(ParameterError):  # by its form, without a look at what the bureau has
            Request(home / "甲县", text, "zh", home / "processed", home / "figures").check()
    assert sorted(path.name for path in home.iterdir()) == ["甲县"]
    return len(lines)


def the_environment(home: Path, mark: Path) -> int:
    """A profile of IPython, a module beside the data, and variables that name code are nobody's wish."""
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text(payloads.leaving(mark), encoding="utf-8")
    for module in ("pandas", "python_calamine", "selectors", "sitecustomize"):
        (home / f"{module}.py").write_text(payloads.leaving(mark), encoding="utf-8")
    (home / "bureau").mkdir()
    write_xlsx(home / "bureau" / "花名册.xlsx", {"甲": [["x"]]})
    program = home.with_name("program") / "ronghe.py"  # as a command is installed: in a folder of its own
    program.parent.mkdir()
    program.write_text(RUN_IN_A_FOLDER, encoding="utf-8")
    (home / "run").mkdir()
    nbformat.write(notebook_of("import pandas"), home / "run" / "1_x.ipynb")
    code = payloads.leaving(mark)
    environment = {"HOME": str(home), "RONGHE_QUARTER": code, "RONGHE_BUREAU": code, "PYTHONSTARTUP": "00.py"}
    done = subprocess.run(
        [sys.executable, str(program)],
        cwd=home,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return 1 + 4 + len(environment)


def cells_of_settings(home: Path, mark: Path) -> int:
    """Settings and a rule book whose every cell is code: rows may be rejected, nothing is computed."""
    code = payloads.cells(mark)
    write_bureau(home)
    write_xlsx(home / "单位设置.xlsx", {"设置": [["单位设置"], ["项目", "内容"], *([text, text] for text in code)]})
    header = ["编码", "项目", "分值", "每月上限", "计分方法", "取数", "条件"]
    rules = [[f"A{number}", *[text] * 6] for number, text in enumerate(code, start=1)]
    write_xlsx(home / "积分细则.xlsx", {"细则": [["积分细则"], header, *rules]})
    reading = read_bureau(home, CATALOG, load_texts("zh"))
    assert len(reading.files) == 4
    return len(code) * 9


def expressions_of_the_catalog(home: Path, mark: Path) -> int:
    """The small language of the catalog's measures knows columns, days and comparisons, and computes no text."""
    frame = pd.DataFrame({"a": [1.0], "b": pd.to_datetime(["2021-01-01"])})
    readers: tuple[Callable[[pd.DataFrame, str], Any], ...] = (
        expressions.column_sum,
        expressions.days,
        expressions.months,
        expressions.matches,
    )
    code = payloads.cells(mark)
    for read in readers:
        for text in code:
            with pytest.raises((KeyError, ValueError)):
                read(frame, text)
    return len(code) * len(readers)


def links(home: Path, mark: Path) -> int:
    """No link is followed, wherever it leads: it is refused with its reason, and nothing of its target is told."""
    outside, bureau = home / "outside", home / "bureau"
    secret = write_xlsx(outside / "花名册.xlsx", {payloads.SECRET: [["序号", "姓名"], [1, payloads.SECRET]]})
    (outside / "secret.csv").write_text(f"序号,姓名\n1,{payloads.SECRET}\n", encoding="utf-8")
    write_bureau(bureau)
    targets = {
        "外.xlsx": secret,
        "外.csv": outside / "secret.csv",
        "相对.csv": Path("../outside/secret.csv"),
        "链.csv": bureau / "外.csv",
        "夹": outside,
        "系统.csv": Path("/etc/passwd"),
        "设备.csv": Path("/dev/zero"),
        "里.xlsx": bureau / "党员花名册.xlsx",
        "自己": bureau,
        "无.xlsx": outside / "nothing.xlsx",
    }
    for name, target in targets.items():
        (bureau / name).symlink_to(target)
    files, issues = check_paths([bureau], CATALOG, load_texts("zh"))
    refused = {file.path: file.reason for file in files if file.status == "refused"}
    assert refused == dict.fromkeys(targets, load_texts("zh")("refused.link"))
    assert payloads.SECRET not in repr((files, issues))
    hashed = hash_folder(bureau)
    assert {file.path for file in hashed} == {file.path for file in files}
    assert all(file.bytes == len(os.fsencode(str(targets[file.path]))) for file in hashed if file.path in targets)
    return len(targets)


def kept_readings(home: Path, mark: Path) -> int:
    """What was kept of the last reading is parquet, written in place of whatever lies there."""
    bureau, cache = write_bureau(home / "bureau"), home / "cache"
    cache.mkdir()
    for name in (CACHE_FILE, READING_FILE):
        (cache / name).write_bytes(payloads.pickled(mark))
    assert read_bureau(bureau, CATALOG, load_texts("zh"), cache).files
    return 2


def edited_manifests(home: Path, mark: Path) -> int:
    """A manifest that names files elsewhere as what a notebook has read or written vouches for nothing."""
    places = Places.of(home / "甲县", "2021Q4", home / "processed", home / "figures")
    names = ("../../secret", "/etc/passwd", "a/../../../secret", "..")
    for name in names:
        for used in (FilesUsed((name,), ()), FilesUsed((), (name,))):
            before: Any = SimpleNamespace(tables=(), notebooks={"2_points": used})
            assert not is_as_before("2_points", places, before)
    return 2 * len(names)


DOORS: tuple[Door, ...] = (
    names_through_papermill,
    numbers_through_papermill,
    papermill_on_the_command_line,
    texts_through_papermill,
    the_contract,
    the_command_line,
    the_environment,
    cells_of_settings,
    expressions_of_the_catalog,
    links,
    kept_readings,
    edited_manifests,
)


def test_nothing_that_comes_in_is_executed(tmp_path: Path, tell: Callable[[str], None]) -> None:
    papermill_engines.register(ENGINE, Registered)
    attempts, executed = 0, []
    for door in DOORS:
        home, mark = tmp_path / door.__name__, tmp_path / f"{door.__name__}.executed"
        home.mkdir()
        attempts += door(home, mark)
        executed += [door.__name__] if mark.exists() else []
    tell(f"P10: {len(DOORS)} doors, {attempts} attempts: {len(executed)} executed")
    assert executed == []


def test_a_payload_that_is_run_leaves_its_mark(tmp_path: Path) -> None:
    """Else none would ever be seen: as Python, through papermill's own engine's code, and unpickled."""
    import pickle

    for number, act in enumerate((eval, exec)):  # the code rules forbid them to the package
        act(payloads.leaving(tmp_path / f"{number}"))
    pickle.loads(payloads.pickled(tmp_path / "2"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2"]
