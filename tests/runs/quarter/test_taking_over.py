"""A report made again after a change takes over what cannot have changed, and is the same as one made from nothing."""

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import openpyxl
import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.store import LEFT_BY
from pipeline.report.annual.view import ANNUAL_TABLES
from pipeline.report.material.quarter import PAGE_TABLES
from pipeline.runs.notebooks.execution import execute
from pipeline.runs.publishing.folders import building
from pipeline.runs.publishing.swapping import MARK
from pipeline.runs.quarter.report import Outcome, Request, report_quarter
from pipeline.runs.records.manifest import Manifest
from pipeline.runs.records.places import MANIFEST, NOTEBOOKS, Places, building_parameters, find_workspace
from pipeline.runs.records.progress import Progress
from pipeline.texts import load_texts
from tests.generator import generate_bureau

QUARTER = "2021Q4"
TEXTS = load_texts("en")


@dataclass
class Home:
    """A bureau and where its report goes; ``said`` is what the last run told."""

    folder: Path
    said: str = ""

    @property
    def bureau(self) -> Path:
        return self.folder / "raw" / "示例县"

    def run(self, to: str = "out", *, is_forced: bool = False) -> Outcome:
        log = io.StringIO()
        places = (self.folder / to / "processed", self.folder / to / "figures")
        request = Request(self.bureau, QUARTER, "zh", *places, is_forced=is_forced)
        outcome = report_quarter(request, find_workspace(), TEXTS, Progress(log, TEXTS, request.steps))
        self.said = log.getvalue()
        return outcome

    def kept(self) -> set[str]:
        """Return the notebooks that the last run did not run again."""
        lines = [line for line in self.said.splitlines() if line.endswith("the last one is kept")]
        return {name for name in NOTEBOOKS if any(TEXTS(f"run.step_{name}") in line for line in lines)}

    def published(self, to: str = "out") -> dict[str, bytes]:
        """Return every published file but the manifest, which has a clock, and the mark, which is its digest."""
        roots = [self.folder / to / name / "示例县" / QUARTER for name in ("processed", "figures")]
        found = [(root, path) for root in roots for path in root.rglob("*") if path.is_file()]
        files = [(root, path) for root, path in found if path.name not in (MANIFEST, MARK)]
        return {f"{root.parts[-3]}/{path.relative_to(root).as_posix()}": path.read_bytes() for root, path in files}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("home"))
    generate_bureau(home.bureau, first="2021-07", last="2021-12", seed=5, mistakes="none")
    home.run()
    return home.folder


@pytest.fixture
def home(made_once: Path, tmp_path: Path) -> Home:
    shutil.copytree(made_once, tmp_path / "home")
    return Home(tmp_path / "home")


def change_number(path: Path, by: float) -> None:
    """Change the last number of a workbook's first sheet."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=3) for cell in row if isinstance(cell.value, int | float)]
    cells[-1].value += by
    book.save(path)


def change_sales(home: Home) -> None:
    change_number(next(home.bureau.rglob("*卷烟销售*.xlsx")), 1)


def change_file_only(home: Home) -> None:
    path = next(home.bureau.rglob("*活动台账*.xlsx"))
    book = openpyxl.load_workbook(path)
    book.properties.title = "saved again"
    book.save(path)


def change_activity(home: Home) -> None:
    path = next(home.bureau.rglob("*活动台账*.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.delete_rows(sheet.max_row)
    book.save(path)


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (change_sales, set()),  # results earn points as well
        (change_file_only, {"2_points", "6_bulletin_board"}),  # the others tell of the files
        (change_activity, set()),
    ],
)
def test_what_is_taken_over_is_what_would_be_made(change: Callable[[Home], None], kept: set[str], home: Home) -> None:
    change(home)
    assert home.run().manifest.changes.causes == ("inputs",)
    assert home.kept() >= kept
    assert "1_ingest" not in home.kept()
    home.run("anew")
    assert home.kept() == set()
    assert home.published() == home.published("anew")


def test_force_makes_everything_anew(home: Home) -> None:
    home.run(is_forced=True)
    assert home.kept() == set()


def test_nothing_is_taken_over_from_a_damaged_report(home: Home) -> None:
    board = home.folder / "out" / "figures" / "示例县" / QUARTER / "board.html"
    board.write_text("somebody wrote here", encoding="utf-8")
    change_sales(home)
    assert "damaged" in home.run().manifest.changes.causes
    assert home.kept() == set()


def test_the_first_notebook_hands_over_when_all_that_others_read_is_there(home: Home) -> None:
    places = Places.of(home.bureau, QUARTER, home.folder / "new" / "processed", home.folder / "new" / "figures")
    with building(places.targets):
        tables, seen = places.processed.building, dict[str, bytes]()
        executed = execute(
            find_workspace().notebook(NOTEBOOKS[0]),
            building_parameters(places, QUARTER, "zh"),
            handed_over=lambda: seen.update({path.name: path.read_bytes() for path in tables.glob("*.*")}),
        )
        assert executed.files is not None
        for_others = [name for name in executed.files.written if not name.startswith("returned/")]
        assert len(for_others) > 30
        assert {name: (tables / name).read_bytes() for name in for_others} == {name: seen[name] for name in for_others}
    before = Manifest.read(home.folder / "out" / "figures" / "示例县" / QUARTER / MANIFEST)
    read = [name for notebook in NOTEBOOKS[1:] for name in before.notebooks[notebook].read]
    assert not [name for name in read if name.startswith("returned")]


def test_the_manifest_names_what_every_notebook_read_and_wrote(home: Home) -> None:
    path = home.folder / "out" / "figures" / "示例县" / QUARTER / MANIFEST
    manifest = Manifest.read(path)
    tables = {file.path for file in manifest.tables}
    assert set(manifest.notebooks) == set(NOTEBOOKS)
    written = [name for used in manifest.notebooks.values() for name in used.written if not name.startswith("returned")]
    assert len(written) == len(set(written)), "no table has two authors"
    assert set(written) == {name for name in tables if not name.startswith("returned")}
    for table in load_catalog().tables.values():  # what is said where it is missing
        if table.stage != "across":
            assert f"{table.table}.parquet" in manifest.notebooks[LEFT_BY[table.stage]].written
    for name, used in list(manifest.notebooks.items())[1:]:
        assert set(used.read) <= set(written), name
    pages = {"4_quarterly_report": PAGE_TABLES, "5_annual_review": (*ANNUAL_TABLES, "model_votes")}
    for name, looked_at in pages.items():  # also what only the appendix or the workbook looks at
        assert {f"{table}.parquet" for table in looked_at} <= set(manifest.notebooks[name].read), name


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_copy_of_a_warm_process_has_nothing_left_to_import(name: str, home: Home, tmp_path: Path) -> None:
    """Every copy would import it again: some tenths of a second a report, before `pipeline.runs.quarter.warm`."""
    notebook = nbformat.read(find_workspace().notebook(name), as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import sys\nbefore = set(sys.modules)"))
    notebook.cells.append(nbformat.v4.new_code_cell("print(*sorted(set(sys.modules) - before))"))
    path = tmp_path / f"{name}.ipynb"
    nbformat.write(notebook, path)
    places = Places.of(home.bureau, QUARTER, home.folder / "out" / "processed", tmp_path / "figures")
    shutil.copytree(places.processed.final, tmp_path / "processed")
    parameters = replace(
        building_parameters(places, QUARTER, "zh"),
        processed_dir=str(tmp_path / "processed"),
        figures_dir=str(tmp_path / "figures"),
    )
    shown = execute(path, parameters).notebook.cells[-1].outputs
    assert "".join(output.text for output in shown).split() == []
