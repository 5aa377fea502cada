"""The meeting pack: added on request, to a new report and to one that stands, and never half.

The browser is replaced by a small stand-in; tests/report/page/test_drawing.py draws with a real one.
"""

import shutil
from pathlib import Path

import pytest

from pipeline.parameters import RunParameters
from pipeline.runs.publishing.verifying import verify
from pipeline.runs.quarter import pack
from pipeline.runs.quarter import report as quarter
from pipeline.runs.records.manifest import find_damage, read_published
from pipeline.runs.records.progress import Progress
from pipeline.texts import load_texts
from tests.runs.desk import Desk

PACK = {"report.pdf", "charts/a.png", "charts/a.svg"}


class Drawing:
    """Takes the place of the browser; ``works`` False is a computer without one."""

    works = True
    asked: tuple[Path, Path] | None = None

    def __call__(self, folder: Path, tables: Path, parameters: RunParameters, progress: Progress) -> bool:
        self.asked, texts = (folder, tables), load_texts(parameters.lang)
        with progress.step("pack"):
            if not self.works:
                progress.say(texts("pack.not_drawn", reason="—"))
                return False
            assert (folder / "report.html").is_file()
            assert (tables / "panel.parquet").is_file()
            for name in sorted(PACK):
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_text(name, encoding="utf-8")
        return True


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Drawing:
    stand_in = Drawing()
    monkeypatch.setattr(quarter, "draw_pack", stand_in)
    return stand_in


def names(desk: Desk) -> set[str]:
    prefix = "figures/县局/2021Q4/"
    return {name.removeprefix(prefix) for name in desk.published() if name.startswith(prefix)}


def test_a_report_without_the_switch_has_no_pack(desk: Desk, drawing: Drawing) -> None:
    desk.run()
    assert names(desk) == {"report.html", "manifest.json"}
    assert drawing.asked is None


def test_a_new_report_is_published_with_its_pack(desk: Desk, drawing: Drawing) -> None:
    outcome = desk.run(with_pack=True)
    assert names(desk) == {"report.html", "manifest.json", *PACK}
    assert pack.has_pack(outcome.manifest.published)
    assert not verify(outcome.page.parent, desk.workspace).damage


def test_a_pack_is_added_to_a_report_that_stands(desk: Desk, drawing: Drawing) -> None:
    first = desk.run()
    before = desk.published()
    outcome = desk.run(with_pack=True)
    assert outcome.is_unchanged
    assert (desk.stand_in.read, desk.stand_in.made) == (1, 1)  # no workbook was read, no notebook run
    assert names(desk) == {"report.html", "manifest.json", *PACK}
    after = desk.published()
    assert {name for name in before if after[name] != before[name]} == {
        "figures/县局/2021Q4/manifest.json",
        "data/processed/县局/publications.jsonl",
        "figures/县局/index.html",  # the library links to the pack
    }
    assert outcome.manifest == read_published(outcome.page.parent)
    assert (outcome.manifest.run_at, outcome.manifest.changes) == (first.manifest.run_at, first.manifest.changes)
    assert not find_damage(outcome.page.parent, outcome.manifest.published)
    assert "[2/2]" in desk.said.getvalue()


@pytest.mark.parametrize("again", [True, False])
def test_a_pack_that_is_there_stays_and_is_not_drawn_again(desk: Desk, drawing: Drawing, again: bool) -> None:
    desk.run(with_pack=True)
    before, drawing.asked = desk.published(), None
    assert desk.run(with_pack=again).is_unchanged
    assert desk.published() == before
    assert drawing.asked is None


def test_a_report_made_anew_without_the_switch_says_that_the_pack_is_gone(desk: Desk, drawing: Drawing) -> None:
    desk.run(with_pack=True)
    desk.run(is_forced=True)
    assert names(desk) == {"report.html", "manifest.json"}
    assert "上一份报告带有会议材料" in desk.said.getvalue()
    desk.run(is_forced=True)
    assert "上一份报告带有会议材料" not in desk.said.getvalue()


def test_without_a_browser_the_report_is_published_and_says_so(desk: Desk, drawing: Drawing) -> None:
    drawing.works = False
    outcome = desk.run(with_pack=True)
    assert names(desk) == {"report.html", "manifest.json"}
    assert not pack.has_pack(outcome.manifest.published)
    assert "没有制作会议材料" in desk.said.getvalue()


def test_without_a_browser_a_report_that_stands_is_not_touched(desk: Desk, drawing: Drawing) -> None:
    desk.run()
    before, drawing.works = desk.published(), False
    assert desk.run(with_pack=True).is_unchanged
    assert desk.published() == before
    assert not list(desk.folder.rglob("*.building"))


def test_a_pack_that_lost_a_file_is_made_anew(desk: Desk, drawing: Drawing) -> None:
    outcome = desk.run(with_pack=True)
    shutil.rmtree(outcome.page.parent / "charts")
    again = desk.run(with_pack=True)
    assert again.manifest.changes.causes == ("damaged",)
    assert names(desk) >= PACK


def test_an_error_while_drawing_leaves_the_report_as_it_was(
    desk: Desk, drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run()
    before = desk.published()

    def fail(*_: object) -> bool:
        raise OSError(28, "disk full")

    monkeypatch.setattr(quarter, "draw_pack", fail)
    with pytest.raises(OSError, match="disk full"):
        desk.run(with_pack=True)
    assert desk.published() == before
    assert not list(desk.folder.rglob("*.building"))
