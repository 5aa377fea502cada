"""A bureau on a desk: a small stand-in takes the place of the notebooks and exporters; test_end_to_end.py runs them."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest.ledger import LEDGER
from pipeline.runs.publishing.swapping import MARK
from pipeline.runs.quarter import library, making, surveying
from pipeline.runs.quarter import report as quarter
from pipeline.runs.quarter.assignments import Assignment, Made, Survey
from pipeline.runs.quarter.report import Outcome, Request, report_quarter
from pipeline.runs.records.fingerprints import hash_folder
from pipeline.runs.records.manifest import Findings, RowCounts
from pipeline.runs.records.places import NOTEBOOKS, Workspace
from pipeline.runs.records.progress import Progress
from pipeline.texts import load_texts

FINDINGS = Findings(
    is_synthetic=True,
    quarters=("2021Q3", "2021Q4", "2022Q1"),
    latest_quarter="2021Q4",
    rule_versions=("1.0",),
    files_read=2,
    refusals=(),
    files_skipped=0,
    rows=RowCounts(physical=9, used=5, total=1, layout=3, unrecognised=0, rejected=0),
    errors=0,
    warnings=0,
)


@dataclass
class StandIn:
    """Takes the place of the notebooks and exporters; ``fails`` and ``meanwhile`` happen half-way."""

    made: int = 0
    read: int = 0
    quarters: tuple[str, ...] = FINDINGS.quarters
    latest: str | None = FINDINGS.latest_quarter
    fails: BaseException | None = None
    masked: Mapping[str, str] = field(default_factory=dict)
    meanwhile: tuple[Path, str] | None = field(default=None)
    parsed: Mapping[str, str | None] = field(default_factory=dict)  # by file: another hash than it has; None: unread

    def survey(self, bureau: Path, home: Path, lang: str, progress: Progress) -> Survey:
        self.read += 1
        return Survey(home, quarters=self.quarters, latest_quarter=self.latest)

    def make_report(self, assignment: Assignment, progress: Progress) -> Made:
        self.made += 1
        places, public = assignment.places, assignment.public
        (places.processed.building / "panel.parquet").write_text(public.quarter, encoding="utf-8")
        write_ledger(places.bureau, places.processed.building, self.parsed)
        (places.figures.building / "report.html").write_text(f"page {self.made}", encoding="utf-8")
        if self.meanwhile:
            path, text = self.meanwhile
            path.write_text(text, encoding="utf-8")
        if self.fails:
            raise self.fails
        return Made(FINDINGS, None, {}, self.masked)


def write_ledger(bureau: Path, folder: Path, parsed: Mapping[str, str | None]) -> None:
    """Write the account of the files of a bureau as far as a run looks at it: their hashes, or those in ``parsed``."""
    hashes = {file.path: parsed.get(file.path, file.sha256) for file in hash_folder(bureau)}
    files = [{"path": path, "sha256": sha256} for path, sha256 in hashes.items() if sha256 is not None]
    (folder / LEDGER).write_text(json.dumps({"files": files}), encoding="utf-8")


def here(function: Callable[..., Any], *arguments: Any, progress: Progress, **_: Any) -> Any:
    """Stands for `tasks.in_fork`: what takes the place of the notebooks lives in this process alone."""
    return function(*arguments, progress)


@dataclass
class Desk:
    """A bureau with two workbooks, a project, and what happens on it."""

    folder: Path
    stand_in: StandIn
    said: io.StringIO = field(default_factory=io.StringIO)  # what the last run told while it was at work

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder / "project", self.folder / "project" / "notebooks")

    @property
    def request(self) -> Request:
        root = self.workspace.root
        return Request(root / "data/raw/县局", None, "zh", root / "data/processed", root / "figures")

    def run(self, **changes: object) -> Outcome:
        texts = load_texts("zh")
        self.said = io.StringIO()
        request = replace(self.request, **changes)  # type: ignore[arg-type]
        progress = Progress(self.said, texts, request.steps)
        return report_quarter(request, self.workspace, texts, progress)

    def published(self) -> dict[str, str]:
        root = self.workspace.root
        found = [path for name in ("data/processed", "figures") for path in (root / name).rglob("*") if path.is_file()]
        return {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for path in found
            if not path.name.endswith(".lock") and path.name != MARK
        }


def make_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk whose bureau has never been reported."""
    project = tmp_path / "project"
    files = [
        "pipeline/a.py",
        *(f"notebooks/{name}.ipynb" for name in NOTEBOOKS),
        "data/raw/县局/月报.xlsx",
        "data/raw/县局/b.csv",
    ]
    for name in files:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(name, encoding="utf-8")
    stand_in = StandIn()
    monkeypatch.setattr(surveying, "survey", stand_in.survey)
    monkeypatch.setattr(making, "make_report", stand_in.make_report)
    monkeypatch.setattr(quarter, "in_first", here)
    monkeypatch.setattr(quarter, "in_fork", here)
    monkeypatch.setattr(library, "in_fork", here)
    return Desk(tmp_path, stand_in)
