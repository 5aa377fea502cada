"""The log of what was published shows who, when and from what, and whether anything was altered since."""

import json
import multiprocessing
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.parameters import ParameterError
from pipeline.runs.publishing import publications
from pipeline.runs.publishing.folders import JOURNAL
from pipeline.runs.publishing.publications import PUBLICATIONS, History, Publication, digest_of, read_history, record
from pipeline.runs.publishing.swapping import MARK
from pipeline.runs.publishing.verifying import verify
from pipeline.runs.records.manifest import BadManifest, Damage
from pipeline.runs.records.places import MANIFEST
from tests.runs.desk import Desk

LINE = Publication("2022-01-05T08:00:00+00:00", "a@b", "县局", "2021Q4", "zh", "ab", "cd", 2, ("1.0",), "ef", "01", 0)
WRITERS, LINES = 3, 8


def test_a_publication_says_who_what_and_from_what(desk: Desk) -> None:
    outcome = desk.run()
    log = outcome.places.processed.final.parent / PUBLICATIONS
    (line,) = read_history(log).publications
    assert line.manifest == digest_of(outcome.places.figures.final / MANIFEST)
    assert (line.bureau, line.quarter, line.files, line.rules) == ("县局", "2021Q4", 2, ("1.0",))
    assert line.at == outcome.manifest.run_at
    assert line.code == outcome.manifest.basis.code
    assert "@" in line.by
    desk.run(is_forced=True)
    history = read_history(log)
    assert len(history.publications) == 2
    assert history.broken == ()


def test_an_unchanged_report_is_not_published_again(desk: Desk) -> None:
    outcome = desk.run()
    desk.run()
    assert len(read_history(outcome.places.processed.final.parent / PUBLICATIONS).publications) == 1


def test_the_log_may_live_elsewhere(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "share" / "log.jsonl"
    with pytest.raises(ParameterError):
        desk.run(publications=elsewhere)  # a share that is not connected gets no second log under its name
    elsewhere.parent.mkdir()
    desk.run()
    outcome = desk.run(publications=elsewhere)  # unchanged, and new to this log
    assert outcome.is_unchanged
    own = outcome.places.processed.final.parent / PUBLICATIONS
    assert read_history(elsewhere) == read_history(own)
    desk.run(publications=elsewhere, is_forced=True)
    assert read_history(elsewhere) == read_history(own)
    assert len(read_history(own).publications) == 2
    verdict = verify(outcome.places.figures.final, desk.workspace, publications=elsewhere)
    assert verdict.damage == ()
    assert verdict.published == read_history(elsewhere).publications[-1]


@pytest.mark.parametrize("number", [1, 2])
def test_an_altered_line_breaks_the_chain(tmp_path: Path, number: int) -> None:
    log = tmp_path / "log.jsonl"
    for quarter in ("2021Q2", "2021Q3", "2021Q4"):
        record(replace(LINE, quarter=quarter), [log])
    assert read_history(log).broken == ()
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[number - 1] = lines[number - 1].replace("a@b", "c@d")
    log.write_text("".join(lines), encoding="utf-8")
    assert read_history(log).broken == (number + 1,)


def test_a_line_that_was_taken_out_breaks_the_chain(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for quarter in ("2021Q2", "2021Q3", "2021Q4"):
        record(replace(LINE, quarter=quarter), [log])
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text(lines[0] + lines[2], encoding="utf-8")
    assert read_history(log).broken == (2,)


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_line_that_a_power_cut_broke_off_is_told_and_costs_no_other(tmp_path: Path, kept: int) -> None:
    log = tmp_path / "log.jsonl"
    record(LINE, [log])
    whole = log.read_bytes()
    record(replace(LINE, quarter="2022Q1"), [log])
    torn = log.read_bytes()[len(whole) :]
    log.write_bytes(whole + torn[:kept])
    record(replace(LINE, quarter="2022Q2"), [log])
    history = read_history(log)
    assert history.last_of("县局", "2022Q2") is not None
    assert history.broken == ()
    assert (history.last_of("县局", "2022Q1") is not None) is (kept == -1)  # but for its last sign, the line was whole


@pytest.mark.parametrize("where", ["raw", "figures", "bureau of pages"])
def test_a_log_is_neither_a_workbook_nor_published(desk: Desk, where: str) -> None:
    request = desk.request
    folders = {"raw": request.bureau, "figures": request.figures, "bureau of pages": request.figures / "县局"}
    folders[where].mkdir(parents=True, exist_ok=True)
    with pytest.raises(ParameterError):
        desk.run(publications=folders[where] / "log.jsonl")


def test_a_log_that_cannot_be_written_keeps_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = tmp_path / "own.jsonl", tmp_path / "other.jsonl"
    record(LINE, [own, other])
    before = own.read_bytes(), other.read_bytes()
    synced = os.fsync
    calls: list[int] = []

    def fail_second(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 2:  # the first log, its folder, and now the other
            raise OSError(28, "No space left on device")
        synced(handle)

    monkeypatch.setattr(os, "fsync", fail_second)
    with pytest.raises(OSError, match="No space"):
        record(replace(LINE, quarter="2022Q1", manifest="xy"), [own, other])
    assert (own.read_bytes(), other.read_bytes()) == before


def write_many(log: Path, bureau: str) -> None:
    for number in range(LINES):
        record(replace(LINE, bureau=bureau, manifest=str(number)), [log])


@pytest.mark.process
def test_many_bureaus_share_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(log, f"县{number}")) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    history = read_history(log)
    assert history.broken == ()
    assert len(history.publications) == WRITERS * LINES


def test_nobody_writes_between_the_reading_and_the_writing_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, read = tmp_path / "log.jsonl", publications._read
    is_reading, has_written = threading.Event(), threading.Event()

    def read_slowly(lines: list[bytes]) -> History:
        if not is_reading.is_set():  # the first of the two
            is_reading.set()
            has_written.wait(1.0)  # in vain: the other one waits for this one
        return read(lines)

    monkeypatch.setattr(publications, "_read", read_slowly)
    first = threading.Thread(target=record, args=(replace(LINE, bureau="县1"), [log]))
    first.start()
    assert is_reading.wait(60.0)
    record(replace(LINE, bureau="县2"), [log])
    has_written.set()
    first.join()
    history = read_history(log)
    assert [one.bureau for one in history.publications] == ["县1", "县2"]
    assert history.broken == ()


def test_a_manifest_that_was_made_to_fit_is_found_by_the_log(desk: Desk) -> None:
    """Who changes a page may change its hash in the manifest too; the log of publications says what was published."""
    outcome = desk.run()
    folder = outcome.places.figures.final
    assert verify(folder, desk.workspace).damage == ()
    (folder / "report.html").write_text("another page", encoding="utf-8")
    assert [entry.path for entry in verify(folder, desk.workspace).damage] == ["report.html"]
    record_of_page = {"path": "report.html", "sha256": digest_of(folder / "report.html"), "bytes": 12}
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["published"] = [
        record_of_page if file["path"] == "report.html" else file for file in manifest["published"]
    ]
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert verify(folder, desk.workspace).damage == (Damage(MANIFEST, "other_than_logged"),)


def test_a_quarter_that_was_never_logged_is_told(desk: Desk, tmp_path: Path) -> None:
    outcome = desk.run()
    other = tmp_path / "other.jsonl"
    record(LINE, [other])
    assert verify(outcome.places.figures.final, desk.workspace, publications=other).damage == (
        Damage(MANIFEST, "other_than_logged"),
    )
    record(replace(LINE, quarter="2020Q1"), [other.with_name("third.jsonl")])
    verdict = verify(outcome.places.figures.final, desk.workspace, publications=other.with_name("third.jsonl"))
    assert verdict.damage == (Damage(MANIFEST, "not_logged"),)
    with pytest.raises(ParameterError):
        verify(outcome.places.figures.final, desk.workspace, publications=tmp_path / "none.jsonl")


def test_tables_elsewhere_can_be_named(desk: Desk, tmp_path: Path) -> None:
    outcome = desk.run()
    copy = tmp_path / "usb" / "县局" / "2021Q4"
    outcome.places.figures.final.rename(desk.workspace.root / "moved")
    copy.parent.mkdir(parents=True)
    (desk.workspace.root / "moved").rename(copy)
    assert not verify(copy, desk.workspace).tables_checked
    verdict = verify(copy, desk.workspace, processed=desk.request.processed)
    assert verdict.tables_checked
    assert verdict.damage == ()
    assert verdict.published is not None
    (outcome.places.processed.final / "panel.parquet").write_text("x", encoding="utf-8")
    assert [entry.fault for entry in verify(copy, desk.workspace, processed=desk.request.processed).damage] == [
        "changed"
    ]


def test_what_was_not_checked_is_said_to_the_last_line(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "usb" / "县局" / "2021Q4"
    shutil.copytree(desk.run().places.figures.final, copy)
    endings = []
    for options in ([], ["--processed", str(desk.request.processed)]):
        assert main(["verify", str(copy), *options]) == 0
        endings.append(capsys.readouterr().out.splitlines()[-1])
    assert "除数据表未核对外" in endings[0]
    assert endings[1].endswith("与清单一致。")
    assert "未核对" not in endings[1]


def test_a_copy_under_another_name_is_compared_with_its_tables(desk: Desk, tmp_path: Path) -> None:
    outcome = desk.run()
    copy = tmp_path / "disk" / "for the meeting"
    shutil.copytree(outcome.places.figures.final, copy)
    verdict = verify(copy, desk.workspace, processed=desk.request.processed)
    assert (verdict.tables_checked, verdict.damage) == (True, ())
    assert verdict.published is not None
    with pytest.raises(ParameterError):
        verify(copy, desk.workspace, processed=tmp_path / "none")


def test_a_copy_of_an_earlier_publication_is_genuine_and_was_replaced(desk: Desk, tmp_path: Path) -> None:
    outcome = desk.run()
    copy = tmp_path / "县局" / "2021Q4"
    shutil.copytree(outcome.places.figures.final, copy)
    (desk.request.bureau / "b.csv").write_text("another", encoding="utf-8")
    desk.run()
    log = outcome.places.processed.final.parent / PUBLICATIONS
    verdict = verify(copy, desk.workspace, publications=log)
    assert verdict.damage == ()
    first, second = read_history(log).publications
    assert (verdict.published, verdict.replaced) == (first, second)


@pytest.mark.parametrize("name", ["files", "exit_status", "rules", "lang", "at"])
def test_a_last_line_that_says_other_than_its_manifest_is_found(desk: Desk, name: str) -> None:
    outcome = desk.run()
    log = outcome.places.processed.final.parent / PUBLICATIONS
    entry = json.loads(log.read_text(encoding="utf-8"))
    entry[name] = ["9.9"] if name == "rules" else 7 if isinstance(entry[name], int) else "another"
    log.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    assert [damage.fault for damage in verify(outcome.places.figures.final, desk.workspace).damage] == ["other_line"]


def test_a_publication_that_was_interrupted_is_told(desk: Desk) -> None:
    outcome = desk.run()
    folder = outcome.places.figures.final
    assert not verify(folder, desk.workspace).is_unfinished
    (folder.parent / JOURNAL).write_text("{}", encoding="utf-8")
    assert verify(folder, desk.workspace).is_unfinished


def test_every_changed_byte_of_a_published_folder_is_found(desk: Desk, tell: Callable[[str], None]) -> None:
    """P9: bits all over every published file are turned, one at a time; each file is taken away, and one added."""
    outcome = desk.run()
    folder, tables = outcome.places.figures.final, outcome.places.processed.final
    files = [path for root in (folder, tables) for path in sorted(root.iterdir()) if path.name != MARK]
    found = bytes_turned = 0
    for file in files:
        whole = file.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 64)):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            bytes_turned += 1
            try:
                found += bool(verify(folder, desk.workspace).damage)
            except (BadManifest, ParameterError):
                found += 1  # a manifest that cannot be read vouches for nothing
        file.write_bytes(whole)
        if file.name != MANIFEST:
            file.rename(desk.folder / "away")
            assert [entry.fault for entry in verify(folder, desk.workspace).damage] == ["missing"]
            (desk.folder / "away").rename(file)
    (folder / "more.html").write_text("x", encoding="utf-8")
    assert [entry.fault for entry in verify(folder, desk.workspace).damage] == ["unlisted"]
    tell(f"P9: {bytes_turned} changed bytes in {len(files)} files: {found} found")
    assert found == bytes_turned > 100
