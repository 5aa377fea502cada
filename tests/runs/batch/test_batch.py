"""Many bureaus: which quarter, in which order, what fails alone, what is told, and with which exit status.

The report of one bureau and the page across them are stand-ins here; test_batch_end_to_end.py has the real ones.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.parameters import ParameterError
from pipeline.report.province.batched import Choice
from pipeline.runs.batch import bureaus as batch
from pipeline.runs.batch.bureaus import (
    BatchBusy,
    BatchOutcome,
    BatchRequest,
    BatchStopped,
    NoQuarter,
    PageNotWritten,
    choose_quarter,
    run_batch,
)
from pipeline.runs.batch.jobs import Done, Job, Latest, find_latest, report_bureau
from pipeline.runs.batch.progress import BatchProgress
from pipeline.runs.batch.words import outcome_lines
from pipeline.runs.processes.workers import Lost
from pipeline.runs.records.locks import hold_bureau
from pipeline.runs.records.places import Target
from pipeline.texts import Texts, load_texts
from tests.runs.desk import here
from tests.runs.publishing.test_publishing import fill, shown, write_journal

TEXTS = load_texts("zh")
MADE = Done("published", seconds=30.0)


@dataclass
class Desk:
    """A folder of bureaus, and what the stand-ins make of each."""

    home: Path
    results: dict[str, Done | Lost | BaseException] = field(default_factory=dict)
    latest: dict[str, str | None] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    pages: list[tuple[Mapping[str, Done], Choice]] = field(default_factory=list)
    said: io.StringIO = field(default_factory=io.StringIO)

    def add(
        self, name: str, result: Done | Lost | BaseException = MADE, size: int = 1, latest: str | None = None
    ) -> None:
        folder = self.home / "raw" / name
        folder.mkdir(parents=True)
        (folder / "花名册.xlsx").write_bytes(b"x" * size)
        self.results[name], self.latest[name] = result, latest

    def run_each(self, task: Callable[[Any], Any], jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, Any]]:
        """Do the jobs of a batch here, by what the stand-ins have for them."""
        for job in jobs:
            if task is find_latest:
                yield job, Latest(self.latest[job.name])
                continue
            assert task is report_bureau
            self.jobs.append(job)
            result = self.results[job.name]
            if isinstance(result, BaseException):
                raise result
            yield job, result

    def write_province(
        self, done: Mapping[str, Done], choice: Choice, processed: Path, figures: Path, texts: Texts
    ) -> Path:
        self.pages.append((done, choice))
        return figures / "index.html"

    @property
    def request(self) -> BatchRequest:
        return BatchRequest(self.home / "raw", "2021Q4", "zh", self.home / "processed", self.home / "figures", 2)

    def run(self, **changes: Any) -> BatchOutcome:
        return run_batch(replace(self.request, **changes), TEXTS, BatchProgress(self.said, TEXTS), self.run_each)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path)
    monkeypatch.setattr(batch, "write_province", made.write_province)
    monkeypatch.setattr(batch, "in_fork", here)
    return made


def test_the_biggest_bureau_begins_and_the_outcome_is_in_order_of_name(desk: Desk) -> None:
    for name, size in (("甲", 1), ("乙", 9), ("丙", 4)):
        desk.add(name, size=size)
    outcome = desk.run()
    assert [job.name for job in desk.jobs] == ["乙", "丙", "甲"]
    assert list(outcome.done) == sorted(outcome.done) == list(desk.pages[0][0])
    assert {job.request.quarter for job in desk.jobs} == {"2021Q4"}
    assert outcome.exit_status == 0


@pytest.mark.parametrize(
    ("results", "status", "has_page"),
    [
        ([MADE, Done("unchanged")], 0, True),
        ([MADE, Done("late", told="没有数据")], 0, True),
        ([MADE, Done("published", exit_status=1)], 1, True),
        ([Done("unchanged", exit_status=1)], 1, True),
        ([MADE, Done("failed", why="busy", told="忙")], 1, True),
        ([Done("unchanged"), Lost(-9)], 1, True),
        ([Done("failed", why="busy"), Done("late")], 3, False),
        ([Done("late")], 3, False),
        ([Lost(1)], 3, False),
    ],
)
def test_the_exit_status_says_what_came_of_it(
    desk: Desk, results: list[Done | Lost], status: int, has_page: bool
) -> None:
    for number, result in enumerate(results):
        desk.add(f"县{number}", result)
    outcome = desk.run()
    assert (outcome.exit_status, bool(desk.pages), outcome.page is not None) == (status, has_page, has_page)


@pytest.mark.parametrize("is_held", [False, True])
def test_what_a_lost_process_has_begun_is_cleared_away_unless_another_is_at_work(desk: Desk, is_held: bool) -> None:
    desk.add("甲", Lost(-9))
    begun = [desk.home / root / "甲" / ".2021Q4.building" for root in ("processed", "figures")]
    for folder in begun:
        folder.mkdir(parents=True)
        (folder / "panel.parquet").write_bytes(b"half")
    with hold_bureau(begun[1].parent) if is_held else nullcontext():
        outcome = desk.run()
    assert outcome.done["甲"].state == "failed"
    assert [folder.exists() for folder in begun] == [is_held, is_held]


def test_what_a_lost_process_had_announced_is_published(desk: Desk) -> None:
    desk.add("甲", Lost(-9))
    targets = (Target(desk.home / "processed/甲/2021Q4"), Target(desk.home / "figures/甲/2021Q4"))
    for target in targets:
        fill(target.building, "two")
    write_journal(targets)
    outcome = desk.run()
    assert (outcome.done["甲"].state, outcome.exit_status) == ("published", 0)
    assert shown(targets) == ["two", "two"]


def test_a_bureau_that_fails_is_one_line_with_its_reason(desk: Desk) -> None:
    desk.add("甲", Done("failed", why="notebook", told="笔记本 1_ingest 出错"))
    desk.add("乙", Lost(-9))
    desk.add("丙")
    outcome = desk.run()
    lines = list(outcome_lines(outcome, TEXTS, str))
    assert [line for line in lines if "笔记本 1_ingest 出错" in line] == ["失败  甲：笔记本 1_ingest 出错"]
    assert [line for line in lines if line.startswith("失败  乙") and "-9" in line]
    assert outcome.names("failed") == ["乙", "甲"]
    assert "已发布 1" in lines[0]
    assert lines[-1].endswith("index.html")


def test_when_nothing_is_published_the_last_line_says_so(desk: Desk) -> None:
    desk.add("甲", Done("late", told="没有数据"))
    assert list(outcome_lines(desk.run(), TEXTS, str))[-1] == TEXTS("batch.nothing")


def test_each_bureau_is_told_with_how_long_the_rest_takes_at_most(desk: Desk) -> None:
    for number in range(5):
        desk.add(f"县{number}", Done("published", seconds=120.0))
    desk.run()
    lines = [line for line in desk.said.getvalue().splitlines() if line.startswith("[")]
    assert [line.split("]")[0] for line in lines] == [f"[{number}/5" for number in range(1, 6)]
    assert lines[0].endswith("至多还需约 4 分钟")  # four of two minutes each, two at a time
    assert "还需" not in lines[-1]


def test_a_bureau_without_a_folder_any_more_is_said_once_for_all(desk: Desk) -> None:
    desk.add("甲")
    for number in range(7):
        manifest = desk.request.figures / f"旧{number}" / "2021Q3" / "manifest.json"
        manifest.parent.mkdir(parents=True)
        manifest.touch()
    desk.run()
    assert TEXTS("batch.gone", count=7, names="旧0、旧1、旧2、旧3、旧4、…") in desk.said.getvalue()


def test_what_is_left_out_is_said(desk: Desk) -> None:
    desk.add("甲")
    (desk.home / "raw" / "新").mkdir()
    (desk.home / "raw" / "说明.txt").touch()
    outcome = desk.run()
    assert [entry.name for entry in outcome.left_out] == ["新", "说明.txt"]
    assert "跳过  新" in desk.said.getvalue()
    assert "跳过  说明.txt" in desk.said.getvalue()


def test_ctrl_c_says_how_far_it_came_and_writes_no_page(desk: Desk) -> None:
    desk.add("甲", size=2)
    desk.add("乙", KeyboardInterrupt())
    with pytest.raises(BatchStopped) as caught:
        desk.run()
    assert caught.value.values == {"done": 1, "total": 2}
    assert desk.pages == []


def test_two_batches_do_not_write_one_page_at_a_time(desk: Desk) -> None:
    desk.add("甲")
    with hold_bureau(desk.home / "figures"), pytest.raises(BatchBusy):
        desk.run()
    assert desk.jobs == []


@pytest.mark.parametrize(
    "changes", [{"workers": 0}, {"workers": -1}, {"quarter": "2021-4"}, {"lang": "de"}, {"processed": None}]
)
def test_a_wrong_request_is_told_before_any_folder_is_looked_into(desk: Desk, changes: dict[str, Any]) -> None:
    given = {name: desk.home / "figures" if value is None else value for name, value in changes.items()}
    with pytest.raises(ParameterError):
        desk.run(**given)


def test_without_a_quarter_the_workbooks_say_which(desk: Desk) -> None:
    for name, latest in (("甲", "2021Q4"), ("乙", "2021Q3"), ("丙", "2022Q1"), ("丁", None)):
        desk.add(name, latest=latest)
    outcome = desk.run(quarter=None)
    assert outcome.choice == Choice("2021Q4", bureaus_with=2, bureaus_asked=4)
    assert {job.request.quarter for job in desk.jobs} == {"2021Q4"}
    assert "2021Q4" in desk.said.getvalue()


@pytest.mark.parametrize(
    ("latest", "quarter", "bureaus_with"),
    [
        (["2021Q4"], "2021Q4", 1),
        (["2021Q4", "2021Q3"], "2021Q4", 1),
        (["2021Q4", "2021Q3", "2021Q3"], "2021Q3", 3),
        (["2022Q1", "2021Q4", "2021Q4", "2019Q2"], "2021Q4", 3),
        ([None, None, "2020Q4"], "2020Q4", 1),
    ],
)
def test_the_quarter_is_the_latest_that_half_of_the_bureaus_have(
    latest: list[str | None], quarter: str, bureaus_with: int
) -> None:
    assert choose_quarter(latest) == Choice(quarter, bureaus_with, len(latest))


def test_without_any_full_quarter_none_is_chosen(desk: Desk) -> None:
    desk.add("甲")
    with pytest.raises(NoQuarter):
        desk.run(quarter=None)


def test_reports_that_are_published_are_not_told_as_lost_when_the_page_cannot_be_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device", "index.html")

    desk.add("甲")
    monkeypatch.setattr(batch, "write_province", fail)
    with pytest.raises(PageNotWritten) as caught:
        desk.run()
    assert "已经发布" in caught.value.tell(TEXTS)
