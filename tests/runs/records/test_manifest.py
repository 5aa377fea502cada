"""The manifest says what a report was made from, and finds every published file that is not as it was."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest.ledger import FileLedger, SheetLedger
from pipeline.parameters import RunParameters
from pipeline.report.material.published import Changes
from pipeline.runs.records import fingerprints
from pipeline.runs.records.fingerprints import (
    FileHash,
    InputHash,
    fingerprint_code,
    hash_folder,
    hash_inputs,
    package_versions,
)
from pipeline.runs.records.manifest import (
    BadManifest,
    Basis,
    Damage,
    Findings,
    Manifest,
    RowCounts,
    compare_files,
    find_damage,
    hash_published,
    read_published,
)
from pipeline.runs.records.places import MANIFEST, NOTEBOOKS, Workspace

EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # of no bytes at all
FINDINGS = Findings(
    is_synthetic=True,
    quarters=("2021Q3", "2021Q4"),
    latest_quarter="2021Q4",
    rule_versions=("1.0",),
    files_read=3,
    refusals=(),
    files_skipped=1,
    rows=RowCounts(physical=40, used=36, total=1, layout=3, unrecognised=0, rejected=0),
    errors=0,
    warnings=2,
)
MANIFEST_OF_ONE = Manifest(
    basis=Basis(RunParameters(), (InputHash("月报.xlsx", "ab", 2, "name"),), "cd", {"pandas": "3.1.1"}),
    findings=FINDINGS,
    changes=Changes(since="2022-01-05T08:00:00+00:00", causes=("inputs",), changed=("月报.xlsx",)),
    published=(FileHash("report.html", "ef", 9),),
    tables=(),
    run_at="2022-01-06T08:00:00+00:00",
    exit_status=0,
)


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    MANIFEST_OF_ONE.write(tmp_path / MANIFEST)
    assert Manifest.read(tmp_path / MANIFEST) == MANIFEST_OF_ONE
    assert read_published(tmp_path) == MANIFEST_OF_ONE


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 0}', '{"format": 1}', '{"format": 1, "basis": 3}'])
def test_what_is_no_manifest_vouches_for_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path, {MANIFEST: text})
    assert read_published(tmp_path) is None
    with pytest.raises(BadManifest):
        Manifest.read(tmp_path / MANIFEST)


def test_no_manifest_is_none(tmp_path: Path) -> None:
    assert read_published(tmp_path) is None


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({}, 0),
        ({"rows": replace(FINDINGS.rows, rejected=1)}, 1),
        ({"refusals": ("拒收  a.xlsx：空文件",)}, 1),
        ({"errors": 1}, 1),
    ],
)
def test_what_could_not_be_used_is_status_one(fault: dict[str, Any], status: int) -> None:
    assert replace(FINDINGS, **fault).exit_status == status


def test_rows_add_up() -> None:
    sheets = (
        SheetLedger("1月", True, 10, used=4, rejected=1, title=1, header=2, total=1, note=1),
        SheetLedger("说明", True, 3, unrecognised=3),
    )
    rows = RowCounts.of([FileLedger("a.xlsx", "ab", "read", sheets=sheets), FileLedger("b.xlsx", "cd", "refused")])
    assert rows == RowCounts(physical=13, used=4, total=1, layout=4, unrecognised=3, rejected=1)


def test_files_are_hashed_by_content_without_what_comes_and_goes(tmp_path: Path) -> None:
    write(tmp_path, {"b/月报.csv": "", "a.csv": "x", "~$a.xlsx": "", ".~lock.a#": "", ".hidden/c.csv": ""})
    found = hash_folder(tmp_path)
    assert [file.path for file in found] == ["a.csv", "b/月报.csv"]
    assert found[1] == FileHash("b/月报.csv", EMPTY_SHA256, 0)
    assert hash_folder(tmp_path / "missing") == ()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_links_are_listed_and_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"bureau/a.csv": "x", "elsewhere/b.csv": "y", "bureau/closed/c.csv": "z"})
    (tmp_path / "bureau/folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "bureau/nowhere.csv").symlink_to("missing.csv")
    found = {file.path: file.bytes for file in hash_folder(tmp_path / "bureau")}
    assert found == {"a.csv": 1, "closed/c.csv": 1, "folder": len(str(tmp_path / "elsewhere")), "nowhere.csv": 11}
    listing = os.scandir

    def refused(folder: str) -> object:
        if folder.endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return listing(folder)

    monkeypatch.setattr(os, "scandir", refused)
    assert [file.path for file in hash_folder(tmp_path / "bureau")] == ["a.csv", "folder", "nowhere.csv"]


def test_every_kind_of_change_is_named() -> None:
    before = [FileHash("same", "1", 1), FileHash("edited", "2", 1), FileHash("gone", "3", 1)]
    now = [FileHash("same", "1", 1), FileHash("edited", "9", 1), FileHash("new", "4", 1)]
    assert compare_files(now, before) == {"changed": ("edited",), "added": ("new",), "removed": ("gone",)}


def test_damage_is_found(tmp_path: Path) -> None:
    write(
        tmp_path, {"report.html": "page", "charts/a.png": "a", "charts/b.png": "b", MANIFEST: "{}", "desktop.ini": ""}
    )
    listed = hash_published(tmp_path)
    assert [file.path for file in listed] == ["charts/a.png", "charts/b.png", "report.html"]
    assert find_damage(tmp_path, listed) == ()
    write(tmp_path, {"report.html": "pagE", "charts/c.png": "c"})
    (tmp_path / "charts/b.png").unlink()
    assert find_damage(tmp_path, listed) == (
        Damage("charts/b.png", "missing"),
        Damage("charts/c.png", "unlisted"),
        Damage("report.html", "changed"),
    )


def test_the_code_is_fingerprinted_with_its_data_and_notebooks(tmp_path: Path) -> None:
    notebooks = {f"notebooks/{name}.ipynb": "{}" for name in NOTEBOOKS}
    write(tmp_path, {"pipeline/a.py": "x = 1", "pipeline/texts/a.zh.po": "甲", **notebooks})
    workspace = Workspace(tmp_path, tmp_path / "notebooks")
    seen = {fingerprint_code(workspace)}
    write(tmp_path, {"pipeline/__pycache__/a.pyc": "compiled"})
    assert fingerprint_code(workspace) in seen
    (tmp_path / "pipeline/.#a.py").symlink_to("somebody@here.1")  # as an editor leaves it
    assert fingerprint_code(workspace) in seen
    for name in ("pipeline/a.py", "pipeline/texts/a.zh.po", f"notebooks/{NOTEBOOKS[0]}.ipynb"):
        write(tmp_path, {name: "changed"})
        assert fingerprint_code(workspace) not in seen
        seen.add(fingerprint_code(workspace))
    (tmp_path / "pipeline/a.py").rename(tmp_path / "pipeline/b.py")
    assert fingerprint_code(workspace) not in seen


def test_versions_are_those_of_the_requirements() -> None:
    versions = package_versions()
    assert {"python", "pandas", "papermill", "plotly"} <= versions.keys()
    assert "pytest" not in versions


def test_a_workbook_is_known_by_its_content_under_its_name(tmp_path: Path) -> None:
    for name, content in (("a.xlsx", "x"), ("b.xlsx", "x"), ("c.xlsx", "y")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    first, second, third = hash_inputs(tmp_path)
    assert first.sha256 == second.sha256 != third.sha256
    assert len({first.name, second.name, third.name}) == 3
    assert replace(first, path="×××.xlsx") == first  # as a manifest has it


@pytest.mark.parametrize("what", ["unreadable", "with a cloud"])
def test_a_workbook_that_cannot_be_read_or_must_not_be_fetched_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    (tmp_path / "a.xlsx").write_text("x", encoding="utf-8")
    opened: list[Path] = []

    def refuse(path: Path) -> Iterator[bytes]:
        opened.append(path)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(fingerprints, "_parts_of", refuse)
    if what == "with a cloud":
        monkeypatch.setattr(fingerprints, "is_elsewhere", lambda status: True)
    (found,) = hash_inputs(tmp_path)
    assert (found.path, found.sha256, found.bytes) == ("a.xlsx", "", 1)
    assert len(opened) == (what == "unreadable")
