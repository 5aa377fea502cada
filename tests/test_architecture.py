"""The shape of the code keeps to its rules, and each rule notices when it is broken."""

import json
from pathlib import Path

import pytest

from tests import architecture

ROOT = Path(__file__).resolve().parent.parent

# Which rooms may use a library; one that is not named here may be used anywhere.
OWNERS = {
    "python_calamine": frozenset({"ingest"}),
    "xlrd": frozenset({"ingest"}),
    "lxml": frozenset({"ingest"}),
    "openpyxl": frozenset({"spreadsheets", "ingest"}),  # ingest: returned workbooks and blank templates
    "lunardate": frozenset({"periods"}),
    "scipy": frozenset({"stats"}),
    "plotly": frozenset({"charts", "report"}),
    "kaleido": frozenset({"report"}),
    "html": frozenset({"report", "ingest"}),  # ingest: html.parser, which only reads
    "jinja2": frozenset({"report"}),
    "nbconvert": frozenset(),  # comes with jupyterlab; pages are filled in by jinja2 alone
    "papermill": frozenset({"runs"}),
    "argparse": frozenset({"cli"}),
}
# Statistics take tables and give tables: no file, no page, no chart.
NOT_IN_STATS = frozenset({"pathlib", "os", "io", "shutil", "tempfile", "plotly", "openpyxl", "pyarrow", "jinja2"})


def assert_none(broken: list[str]) -> None:
    assert not broken, "\n".join(["", *broken])  # all of them, however many


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("house", "rooms"),
    [
        ("pipeline", architecture.ROOMS),
        ("pipeline.report", architecture.REPORT_ROOMS),
        ("pipeline.runs", architecture.RUNS_ROOMS),
    ],
)
def test_rooms_import_only_from_rooms_above(house: str, rooms: tuple[str, ...]) -> None:
    assert_none(architecture.against_the_order(ROOT, rooms, house))


def test_no_modules_import_each_other() -> None:
    assert_none(architecture.cycles(ROOT))


def test_libraries_stay_in_their_rooms() -> None:
    assert_none(architecture.outside_their_room(ROOT, OWNERS))


def test_statistics_touch_no_file_and_no_chart() -> None:
    assert_none(architecture.forbidden_imports(ROOT, "stats", NOT_IN_STATS))


def test_modules_and_functions_are_short() -> None:
    assert_none(architecture.too_long(ROOT))


def test_no_error_is_swallowed() -> None:
    assert_none(architecture.swallowed_errors(ROOT))


def test_no_loop_runs_over_a_set() -> None:
    assert_none(architecture.loops_over_sets(ROOT))


@pytest.mark.parametrize(
    "loop",
    [
        "for x in {1, 2}:\n    print(x)",
        "y = [x for x in set(z)]",
        "y = {x: 1 for x in {v for v in z}}",
        "for i, x in enumerate(frozenset(z)):\n    print(x)",
        "for x in list(a.keys() & b.keys()):\n    print(x)",
        "for x in a - set(b):\n    print(x)",
    ],
)
def test_a_loop_over_a_set_is_noticed(tmp_path: Path, loop: str) -> None:
    root = write(tmp_path, {"pipeline/__init__.py": loop})
    assert architecture.loops_over_sets(root) == ["pipeline:1"]


@pytest.mark.parametrize("loop", ["for x in sorted({1, 2}):\n    print(x)", "for x in a - b:\n    print(x)"])
def test_a_loop_in_order_is_allowed(tmp_path: Path, loop: str) -> None:
    root = write(tmp_path, {"pipeline/__init__.py": loop})
    assert architecture.loops_over_sets(root) == []


def test_no_address_in_the_package() -> None:
    assert_none(architecture.addresses(ROOT))


def test_notebooks_are_pages_to_read() -> None:
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert notebooks
    assert_none([fault for notebook in notebooks for fault in architecture.untidy_cells(notebook)])


@pytest.mark.parametrize(
    "line",
    [
        "import pipeline.stats",
        "from pipeline.stats import xmr",
        "from pipeline import stats",
        "from .. import stats",
        "from ..stats import xmr",
        "def late():\n    from pipeline.stats.xmr import xmr",
    ],
)
def test_an_import_from_below_is_noticed(tmp_path: Path, line: str) -> None:
    root = write(
        tmp_path,
        {
            "pipeline/__init__.py": "",
            "pipeline/stats/__init__.py": "",
            "pipeline/stats/xmr.py": "from pipeline.ingest import read\n",
            "pipeline/ingest/__init__.py": "from pipeline.ingest import read\n",
            "pipeline/ingest/read.py": line,
        },
    )
    broken = architecture.against_the_order(root)
    assert broken
    assert {entry.split(" imports ")[0] for entry in broken} == {"pipeline.ingest.read"}


def test_an_import_from_above_and_beside_is_allowed(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "pipeline/__init__.py": "",
            "pipeline/periods.py": "import re\n",
            "pipeline/panel.py": "from pipeline import periods\n",
            "pipeline/stats/__init__.py": "from pipeline.stats.xmr import limits\n",
            "pipeline/stats/xmr.py": "from ..panel import rows\nfrom . import math\n",
            "pipeline/stats/math.py": "import math\n",
        },
    )
    assert architecture.against_the_order(root) == []
    assert architecture.cycles(root) == []


def test_a_room_outside_the_list_is_noticed(tmp_path: Path) -> None:
    root = write(tmp_path, {"pipeline/helpers.py": "", "pipeline/panel.py": "from pipeline.helpers import x\n"})
    assert architecture.against_the_order(root) == [
        "pipeline.helpers is in no room of the list",
        "pipeline.panel imports pipeline.helpers",
    ]


def test_rooms_within_a_room_keep_their_order_too(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "pipeline/report/__init__.py": "from pipeline.report.board import view\n",
            "pipeline/report/page/blocks.py": "from pipeline.report.board import view\nimport pipeline.texts\n",
            "pipeline/report/board/view.py": "from pipeline.report.page import blocks\n",
            "pipeline/report/stray.py": "",
            "pipeline/runs/quarter.py": "from pipeline.report.board import view\n",
            "pipeline/texts/__init__.py": "",
        },
    )
    assert architecture.against_the_order(root, architecture.REPORT_ROOMS, "pipeline.report") == [
        "pipeline.report imports pipeline.report.board.view",
        "pipeline.report.page.blocks imports pipeline.report.board.view",
        "pipeline.report.stray is in no room of the list",
    ]


def test_a_circle_is_noticed(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {"pipeline/stats/a.py": "from pipeline.stats.b import x\n", "pipeline/stats/b.py": "from . import a\n"},
    )
    (circle,) = architecture.cycles(root)
    assert set(circle.split(" -> ")) == {"pipeline.stats.a", "pipeline.stats.b"}


def test_a_library_in_the_wrong_room_is_noticed(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "pipeline/stats/a.py": "import scipy.stats\nfrom pathlib import Path\n",
            "pipeline/panel.py": "from scipy import stats\n",
        },
    )
    assert architecture.outside_their_room(root, OWNERS) == ["pipeline.panel imports scipy"]
    assert architecture.forbidden_imports(root, "stats", NOT_IN_STATS) == ["pipeline.stats.a imports pathlib"]


def test_length_is_noticed(tmp_path: Path) -> None:
    long_function = "def long():\n" + "    pass\n" * architecture.MAX_FUNCTION_LINES
    root = write(
        tmp_path,
        {
            "pipeline/a.py": long_function,
            "pipeline/b.py": "x = 1\n" * (architecture.MAX_MODULE_LINES + 1),
            "pipeline/c.py": "x = 1\n" * architecture.MAX_MODULE_LINES,
        },
    )
    assert architecture.too_long(root) == ["pipeline.a.long: 71 lines", "pipeline.b: 401 lines"]


@pytest.mark.parametrize("handler", ["except Exception: pass", "except: pass", "except (ValueError, Exception): ..."])
def test_a_swallowed_error_is_noticed(tmp_path: Path, handler: str) -> None:
    root = write(tmp_path, {"pipeline/a.py": f"try:\n    x = 1\n{handler}\n"})
    assert architecture.swallowed_errors(root) == ["pipeline.a:3"]


def test_a_handled_error_is_allowed(tmp_path: Path) -> None:
    code = "try:\n    x = 1\nexcept Exception as error:\n    raise SystemExit(3) from error\n"
    root = write(tmp_path, {"pipeline/a.py": code})
    assert architecture.swallowed_errors(root) == []


def test_an_address_is_noticed_and_a_namespace_is_not(tmp_path: Path) -> None:
    page = '<svg xmlns="http://www.w3.org/2000/svg">\n<script src="https://cdn.example/x.js">\n'
    root = write(tmp_path, {"pipeline/report/page.html.j2": page, "pipeline/report/x.png": "https://not.text"})
    assert architecture.addresses(root) == ["pipeline/report/page.html.j2:2: https://cdn.example/x.js"]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ({"outputs": [{"output_type": "stream"}]}, "has outputs"),
        ({"execution_count": 3}, "has outputs"),
        ({"source": ["def f():\n", "    return 1\n"]}, "defines something"),
        ({"source": ["class A:\n", "    x = 1\n"]}, "defines something"),
        ({"source": ["x = 1\n"] * 13}, "13 lines"),
    ],
)
def test_an_untidy_cell_is_noticed(tmp_path: Path, cell: dict, fault: str) -> None:
    tidy = {"cell_type": "code", "source": ["x = 1\n"], "outputs": [], "execution_count": None}
    cells = [{"cell_type": "markdown", "source": []}, tidy, tidy | cell]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert architecture.untidy_cells(path) == [f"n.ipynb cell 3: {fault}"]
