"""One report: made when something has changed, left alone when nothing has, and never half.

The notebooks and exporters are replaced by a small stand-in here; test_end_to_end.py runs the real ones.
"""

import hashlib
import shutil
from pathlib import Path

import pytest

from pipeline.parameters import ParameterError
from pipeline.runs.quarter.report import LibraryNotWritten
from pipeline.runs.records.failures import RunFailed
from pipeline.runs.records.inputs import InputChanged
from pipeline.runs.records.locks import BureauBusy, hold_bureau
from pipeline.runs.records.manifest import read_published
from pipeline.texts import load_texts
from tests.runs.desk import Desk


def test_the_latest_full_quarter_is_published_with_its_manifest(desk: Desk) -> None:
    outcome = desk.run()
    root = desk.workspace.root
    assert outcome.page == root / "figures/县局/2021Q4/report.html"
    assert set(desk.published()) == {
        "data/processed/县局/2021Q4/panel.parquet",
        "data/processed/县局/2021Q4/ledger.json",
        "data/processed/县局/publications.jsonl",
        "figures/县局/2021Q4/report.html",
        "figures/县局/2021Q4/manifest.json",
        "figures/县局/index.html",
    }
    manifest = read_published(outcome.page.parent)
    assert manifest == outcome.manifest
    assert manifest is not None
    assert [file.path for file in manifest.basis.inputs] == ["b.csv", "月报.xlsx"]
    assert [file.path for file in manifest.published] == ["report.html"]
    assert [file.path for file in manifest.tables] == ["ledger.json", "panel.parquet"]
    assert manifest.changes.causes == ("first",)
    assert manifest.basis.parameters.bureau_dir == "../data/raw/县局"
    assert str(desk.folder) not in desk.published()["figures/县局/2021Q4/manifest.json"]


@pytest.mark.parametrize("quarter", [None, "2021Q4"])
def test_nothing_is_done_when_nothing_has_changed(desk: Desk, quarter: str | None) -> None:
    desk.run()
    before = desk.published()
    outcome = desk.run(quarter=quarter)
    assert outcome.is_unchanged
    assert (desk.stand_in.read, desk.stand_in.made) == (1, 1)
    assert desk.published() == before


@pytest.mark.parametrize(
    ("file", "cause", "changed"),
    [
        ("data/raw/县局/月报.xlsx", "inputs", ("月报.xlsx",)),
        ("pipeline/a.py", "code", ()),
        ("notebooks/3_panel.ipynb", "code", ()),
        ("figures/县局/2021Q4/report.html", "damaged", ()),
        ("data/processed/县局/2021Q4/panel.parquet", "damaged", ()),
    ],
)
def test_a_changed_file_makes_a_report_and_is_named(
    desk: Desk, file: str, cause: str, changed: tuple[str, ...]
) -> None:
    first = desk.run()
    (desk.workspace.root / file).write_text("changed", encoding="utf-8")
    second = desk.run()
    assert not second.is_unchanged
    assert second.manifest.changes.causes == (cause,)
    assert second.manifest.changes.changed == changed
    assert second.manifest.changes.since == first.manifest.run_at
    assert desk.published()["figures/县局/2021Q4/report.html"] == "page 2"


def test_added_and_removed_workbooks_are_named(desk: Desk) -> None:
    desk.run()
    (desk.request.bureau / "b.csv").rename(desk.request.bureau / "c.csv")
    changes = desk.run().manifest.changes
    assert (changes.changed, changes.added, changes.removed) == ((), ("c.csv",), ("b.csv",))


def test_another_language_and_force_make_a_report(desk: Desk) -> None:
    desk.run()
    assert desk.run(lang="en").manifest.changes.causes == ("parameters",)
    assert desk.run(lang="en", is_forced=True).manifest.changes.causes == ("forced",)
    assert desk.stand_in.made == 3


def test_a_report_in_the_other_language_says_what_it_replaces(desk: Desk) -> None:
    desk.run()
    assert "2021Q4 已发布的报告" not in desk.said.getvalue()
    desk.run(lang="en")
    assert "2021Q4 已发布的报告是中文版" in desk.said.getvalue()
    desk.run()
    assert "2021Q4 已发布的报告是英文版" in desk.said.getvalue()
    desk.run(is_forced=True)
    assert "2021Q4 已发布的报告" not in desk.said.getvalue()


@pytest.mark.parametrize(
    ("wrong", "latest"), [({"quarter": "2025Q1"}, "2021Q4"), ({}, None), ({"bureau": Path("nowhere")}, "2021Q4")]
)
def test_a_wrong_bureau_or_quarter_leaves_no_folder(desk: Desk, wrong: dict[str, object], latest: str | None) -> None:
    desk.stand_in.latest = latest
    with pytest.raises(ParameterError):
        desk.run(**wrong)
    assert not desk.request.figures.exists()
    assert not desk.request.processed.exists()


def test_each_quarter_has_a_report_of_its_own(desk: Desk) -> None:
    desk.run(quarter="2021Q3")
    desk.run()
    assert desk.run(quarter="2021Q3").is_unchanged
    assert desk.run().is_unchanged
    assert desk.run().page.parent.name == "2021Q4"


@pytest.mark.parametrize(
    "error", [RunFailed("run.kernel_died", notebook="2_points"), OSError(28, "disk full"), KeyboardInterrupt()]
)
def test_a_broken_run_leaves_the_last_report_untouched(desk: Desk, error: BaseException) -> None:
    desk.run()
    before = desk.published()
    (desk.request.bureau / "b.csv").write_text("changed", encoding="utf-8")
    desk.stand_in.fails = error
    with pytest.raises(type(error)):
        desk.run()
    assert desk.published() == before
    desk.stand_in.fails = None
    assert desk.run().manifest.changes.changed == ("b.csv",)


def test_a_workbook_that_changes_while_it_is_read_stops_the_run(desk: Desk) -> None:
    desk.run()
    before = desk.published()
    desk.stand_in.meanwhile = (desk.request.bureau / "b.csv", "saved in between")
    with pytest.raises(InputChanged):
        desk.run(is_forced=True)
    assert desk.published() == before


@pytest.mark.parametrize("parsed", ["0" * 64, None])
def test_a_workbook_that_changed_and_changed_back_stops_the_run(desk: Desk, parsed: str | None) -> None:
    """Before and after it was the same, and what was parsed in between was not; or was not there at all."""
    desk.run()
    before = desk.published()
    desk.stand_in.parsed = {"b.csv": parsed}
    with pytest.raises(InputChanged) as stopped:
        desk.run(is_forced=True)
    assert "b.csv" in stopped.value.tell(load_texts("zh"))
    assert desk.published() == before


def test_a_file_too_large_to_be_loaded_has_no_hash_and_stops_nothing(desk: Desk) -> None:
    desk.stand_in.parsed = {"b.csv": ""}
    assert not desk.run().is_unchanged


def test_a_library_that_cannot_be_written_is_told_and_the_report_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.runs.quarter.report.refresh_library", refuse)
    with pytest.raises(LibraryNotWritten) as told:
        desk.run()
    assert load_texts("zh")("system.full") in told.value.tell(load_texts("zh"))
    assert told.value.exit_status == 1
    assert read_published(desk.request.figures / "县局" / "2021Q4") is not None


def test_a_workbook_named_after_a_person_is_masked_in_what_is_published(desk: Desk) -> None:
    (desk.request.bureau / "张三积分.xlsx").write_text("x", encoding="utf-8")
    desk.stand_in.masked = {"张三积分.xlsx": "×××积分.xlsx"}
    outcome = desk.run()
    shown = desk.published()["figures/县局/2021Q4/manifest.json"]
    assert "×××积分.xlsx" in shown
    assert "张三" not in shown
    assert hashlib.sha256("张三积分.xlsx".encode()).hexdigest() not in shown  # nor what names could be tried on
    assert outcome.manifest == read_published(outcome.page.parent)
    assert desk.run().is_unchanged
    (desk.request.bureau / "张三积分.xlsx").write_text("y", encoding="utf-8")
    assert desk.run().manifest.changes.changed == ("×××积分.xlsx",)
    (desk.request.bureau / "张三积分.xlsx").rename(desk.request.bureau / "李四积分.xlsx")
    desk.stand_in.masked = {"李四积分.xlsx": "×××积分.xlsx"}
    assert not desk.run().is_unchanged  # masked alike, and another file


def test_a_second_run_on_the_same_bureau_is_refused(desk: Desk) -> None:
    with hold_bureau(desk.request.figures / "县局"), pytest.raises(BureauBusy):
        desk.run()
    with hold_bureau(desk.request.processed / "县局"), pytest.raises(BureauBusy):
        desk.run(figures=desk.folder / "elsewhere")
    assert not desk.run().is_unchanged


def test_what_is_wrong_without_looking_is_refused_before_anything_is_read(desk: Desk) -> None:
    for wrong in ({"quarter": "2021-4"}, {"lang": "de"}, {"bureau": desk.folder / "nowhere"}):
        with pytest.raises(ParameterError):
            desk.run(**wrong)
    assert desk.stand_in.read == 0


def test_a_quarter_without_data_is_refused_before_any_notebook(desk: Desk) -> None:
    with pytest.raises(ParameterError) as caught:
        desk.run(quarter="2025Q1")
    assert caught.value.values["nearest"] == "2022Q1"
    assert desk.stand_in.made == 0


def test_a_bureau_without_a_full_quarter_is_told_so(desk: Desk) -> None:
    desk.stand_in.latest, desk.stand_in.quarters = None, ()
    with pytest.raises(ParameterError) as caught:
        desk.run()
    assert caught.value.key == "parameter.no_full_quarter"


def test_a_bureau_outside_the_project_is_named_without_its_path(desk: Desk) -> None:
    outside = desk.folder / "秘密" / "县局"
    shutil.copytree(desk.request.bureau, outside)
    outcome = desk.run(bureau=outside, processed=desk.folder / "秘密/p", figures=desk.folder / "秘密/f")
    assert outcome.manifest.basis.parameters.bureau_dir == "县局"
    assert outcome.manifest.basis.parameters.figures_dir == "县局/2021Q4"
    assert "秘密" not in (outcome.page.parent / "manifest.json").read_text(encoding="utf-8")
