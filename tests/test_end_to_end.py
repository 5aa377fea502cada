"""One bureau's quarter from first to last, through the real notebooks and exporters.

One long test, since each whole run takes seconds; its stages are functions in the order in which an analyst meets them.
"""

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import openpyxl
import pytest
from nbclient import NotebookClient
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import read_bureau
from pipeline.runs.quarter.report import Request, report_quarter
from pipeline.runs.records.failures import RunFailed
from pipeline.runs.records.places import NOTEBOOKS, Workspace
from pipeline.runs.records.progress import Progress
from pipeline.runs.records.steps import STEPS
from pipeline.texts import load_texts
from tests.generator import generate_bureau
from tests.leaks import find_leaks, private_words
from tests.mechanisms import documented_sections

ROOT = Path(__file__).resolve().parent.parent
QUARTER = "2021Q4"
PAGES = ("report.html", "appendix.html", "annual.html", "board.html")
HEAVY = {
    "pandas",
    "numpy",
    "scipy",
    "pyarrow",
    "plotly",
    "papermill",
    "nbconvert",
    "nbformat",
    "jupyter_client",
    "openpyxl",
}


@dataclass(frozen=True)
class Bureau:
    """A small bureau in a folder laid out like the project: notebooks beside data."""

    home: Path

    @property
    def raw(self) -> Path:
        return self.home / "data" / "raw" / "sample"

    @property
    def report(self) -> Path:
        return self.home / "figures" / "sample" / QUARTER

    def command(self, *options: str, python: tuple[str, ...] = ()) -> list[str]:
        places = ("--processed", str(self.home / "data/processed"), "--figures", str(self.home / "figures"))
        return [sys.executable, *python, "-m", "pipeline", "report", "--bureau", str(self.raw), *places, *options]

    def run(self, *options: str, python: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*options, python=python), capture_output=True, encoding="utf-8", env=environment(), check=False
        )

    def published(self) -> dict[str, bytes]:
        folders = (self.home / "figures/sample", self.home / "data/processed/sample")
        files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
        hidden = (path for path in files if not path.name.startswith("."))  # locks and marks are no results
        found = [path for path in hidden if path.parent.name != "cache"]  # neither is what saves time
        return {path.relative_to(self.home).as_posix(): path.read_bytes() for path in found}


def environment() -> dict[str, str]:
    """The environment of a computer without a browser: a report needs none."""
    return {**os.environ, "BROWSER_PATH": str(ROOT / "no-such-browser"), "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}


def test_a_quarter_from_first_to_last(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path / "项目")
    generate_bureau(bureau.raw, first="2020-10", last="2021-12", mistakes="none")
    check_first_report_and_a_second_run_beside_it(bureau)
    check_what_is_published(bureau)
    check_nothing_changed(bureau)
    check_by_hand_the_same_tables(bureau)
    check_a_broken_notebook_changes_nothing(bureau)
    check_one_cell_and_an_empty_workbook_change_the_report(bureau)


def check_first_report_and_a_second_run_beside_it(bureau: Bureau) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(bureau.command(), stdout=pipe, stderr=pipe, encoding="utf-8", env=environment()) as first:
        assert first.stdout is not None
        while not first.stdout.readline().startswith("[2/"):  # a first report takes its lock after the survey
            assert first.poll() is None
        beside = bureau.run()
        out, err = first.communicate()
    assert beside.returncode == 3
    assert "[2/" not in beside.stdout
    assert "另一次运行" in beside.stderr
    assert (first.returncode, err) == (0, "")
    assert out.splitlines()[-1] == f"报告：{bureau.report / 'report.html'}"
    assert "会议材料" not in out  # drawn on request only


def check_what_is_published(bureau: Bureau) -> None:
    names = {
        name.removeprefix(f"figures/sample/{QUARTER}/") for name in bureau.published() if name.startswith("figures")
    }
    library = "figures/sample/index.html"
    notebooks = (f"notebooks/{name}.ipynb" for name in NOTEBOOKS)
    assert names == {*PAGES, "report.xlsx", "manifest.json", *notebooks, library}
    assert "示例数据" in (bureau.report / "report.html").read_text(encoding="utf-8")
    leaks = [name for name, data in bureau.published().items() if str(bureau.home).encode() in data]
    assert leaks == []
    words = private_words(read_bureau(bureau.raw, load_catalog(), load_texts("zh")), bureau.raw)
    assert find_leaks(bureau.report, words) == []
    for file, section in documented_sections(PAGES):
        assert f'id="{section}-title"' in (bureau.report / file).read_text(encoding="utf-8"), (file, section)
    manifest = json.loads((bureau.report / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["exit_status"] == 0
    assert manifest["findings"]["is_synthetic"]
    assert len(manifest["basis"]["inputs"]) == len([path for path in bureau.raw.rglob("*") if path.is_file()])


def check_nothing_changed(bureau: Bureau) -> None:
    before = bureau.published()
    again = bureau.run(python=("-X", "importtime"))
    assert again.returncode == 0
    assert again.stdout.startswith("没有变化")
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in again.stderr.splitlines()}
    assert "pipeline" in imported
    assert imported & HEAVY == set()
    assert bureau.published() == before


def check_by_hand_the_same_tables(bureau: Bureau) -> None:
    """As in JupyterLab: from the folder of the notebooks, with the parameters that stand in them."""
    by_ronghe = {name: data for name, data in bureau.published().items() if name.startswith("data/processed")}
    moved = bureau.home / "by ronghe"
    (bureau.home / "data/processed/sample" / QUARTER).rename(moved)
    notebooks = bureau.home / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks, ignore=shutil.ignore_patterns(".*"))
    for name in (*NOTEBOOKS[:3], NOTEBOOKS[-1]):  # those that leave tables
        notebook = nbformat.read(notebooks / f"{name}.ipynb", as_version=4)
        NotebookClient(notebook, resources={"metadata": {"path": str(notebooks)}}, kernel_name="python3").execute()
    by_hand = {name: data for name, data in bureau.published().items() if name.startswith("data/processed")}
    assert by_hand.keys() == by_ronghe.keys()
    assert [name for name in by_hand if by_hand[name] != by_ronghe[name]] == []


def check_a_broken_notebook_changes_nothing(bureau: Bureau) -> None:
    before = bureau.published()
    broken = bureau.home / "notebooks"
    path = broken / "1_ingest.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("read_bureau(", "read_bureau(1, "), encoding="utf-8")
    request = Request(bureau.raw, None, "zh", bureau.home / "data/processed", bureau.home / "figures")
    texts = load_texts("zh")
    with pytest.raises(RunFailed) as caught:
        report_quarter(request, Workspace(ROOT, broken), texts, Progress(io.StringIO(), texts, len(STEPS)))
    assert "1_ingest" in caught.value.tell(texts)
    assert bureau.published() == before
    assert not list(bureau.home.rglob("*.building"))


def find_column(sheet: Worksheet, header: str) -> int:
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if header in str(cell.value)]
    assert cell.column is not None
    return cell.column


def check_one_cell_and_an_empty_workbook_change_the_report(bureau: Bureau) -> None:
    page = (bureau.report / "report.html").read_bytes()
    path = bureau.raw / "专卖" / "2021年专卖案件台账.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    value, filed = (find_column(sheet, header) for header in ("案值", "立案日期"))
    last = max(row for row in range(1, sheet.max_row + 1) if "2021-1" in str(sheet.cell(row, filed).value))
    sheet.cell(last, value, "约三万")
    book.save(path)
    (bureau.raw / "经营" / "空白.xlsx").write_bytes(b"PK\x03\x04")
    (bureau.raw / "经营" / "没有下载.xlsx").touch()
    done = bureau.run()
    assert done.returncode == 1, done.stderr
    assert "拒收  经营/空白.xlsx：" in done.stdout
    assert "没有内容  经营/没有下载.xlsx：" in done.stdout
    assert f"问题清单：{bureau.home / 'data/processed/sample' / QUARTER / 'issues.csv'}" in done.stdout
    assert "有改动  专卖/2021年专卖案件台账.xlsx" in done.stdout
    manifest = json.loads((bureau.report / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["changes"]["changed"] == ["专卖/2021年专卖案件台账.xlsx"]
    assert manifest["changes"]["added"] == ["经营/没有下载.xlsx", "经营/空白.xlsx"]
    assert manifest["exit_status"] == 1
    assert (bureau.report / "report.html").read_bytes() != page
