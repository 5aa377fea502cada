"""Pages and the workbook are made with their notebooks, and taken over with them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.runs.quarter import making
from pipeline.runs.records.places import NOTEBOOKS, REPORT_NOTEBOOK
from pipeline.runs.records.progress import Progress
from pipeline.texts import load_texts


@pytest.mark.parametrize("is_as_before", [True, False])
def test_the_workbook_is_written_unless_the_report_is_taken_over(
    is_as_before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    monkeypatch.setattr(making, "is_as_before", lambda name, *_: is_as_before or name != REPORT_NOTEBOOK)
    monkeypatch.setattr(making, "take_over", lambda *_: None)
    monkeypatch.setattr(making, "figures_moved", lambda *_: None)
    monkeypatch.setattr(making, "load_quarter", lambda *_: "report")
    monkeypatch.setattr(making, "write_workbook", lambda report, path: written.append(path))
    assignment: Any = SimpleNamespace(
        used=SimpleNamespace(processed_dir="tables", quarter="2021Q4", lang="zh"),
        folder=tmp_path,
        places=SimpleNamespace(processed=None),
        before=None,
        same_as=SimpleNamespace(notebooks=dict.fromkeys(NOTEBOOKS)),
    )
    making.make_the_rest(assignment, Progress.silent(load_texts("zh")))
    assert written == ([] if is_as_before else [tmp_path / "report.xlsx"])


@pytest.mark.parametrize("is_as_before", [True, False])
def test_the_page_of_the_year_is_made_unless_its_notebook_is_taken_over(
    is_as_before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    ran = SimpleNamespace(notebook=None if is_as_before else "notebook", used={"5_annual_review": "tables"})
    monkeypatch.setattr(making, "_run", lambda name, *_: ran)
    monkeypatch.setattr(making, "load_year", lambda *_: "year")
    monkeypatch.setattr(making, "annual_frame", lambda year: year)
    monkeypatch.setattr(making, "export_page", lambda notebook, path, frame: written.append(path))
    used = SimpleNamespace(processed_dir="tables", quarter="2021Q4", lang="zh")
    assignment: Any = SimpleNamespace(used=used, folder=tmp_path)
    assert making.make_year(assignment, Progress.silent(load_texts("zh"))) == ran.used
    assert written == ([] if is_as_before else [tmp_path / "annual.html"])
