"""Folders are published whole or not at all, and what a run that died has left is cleared or finished."""

import json
import os
import shutil
import signal
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from pipeline.runs.publishing import folders as publishing
from pipeline.runs.publishing import swapping
from pipeline.runs.publishing.folders import FORMAT, JOURNAL, building, publish, recover
from pipeline.runs.publishing.publications import Publication, read_history
from pipeline.runs.publishing.swapping import MARK, mark
from pipeline.runs.records import durable
from pipeline.runs.records.logbook import FINISHED, RECORDED
from pipeline.runs.records.places import Target

LINE = Publication(
    *("2022-01-05T08:00:00+00:00", "somebody@here", "县局", "2021Q4", "zh", "ab", "cd"), 2, ("1.0",), "ef", "01", 0
)


@pytest.fixture(params=["in one step", "in two"])
def targets(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[Target, Target]:
    """The two folders of a report, on a system that can let folders change places, and on one that cannot."""
    if request.param == "in two":
        monkeypatch.setattr(swapping, "exchange", lambda one, other: False)
    return Target(tmp_path / "processed/县局/2021Q4"), Target(tmp_path / "figures/县局/2021Q4")


def fill(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.txt").write_text(text, encoding="utf-8")


def line_of(text: str) -> Publication:
    return replace(LINE, manifest=text)


def log_of(targets: tuple[Target, Target]) -> Path:
    return targets[0].final.parents[2] / "publications.jsonl"


def shown(targets: tuple[Target, Target]) -> list[str]:
    return [(target.final / "a.txt").read_text(encoding="utf-8") for target in targets]


def rest(targets: tuple[Target, Target]) -> list[str]:
    """Whatever lies beside the published folders."""
    return sorted(entry.name for target in targets for entry in target.final.parent.iterdir() if entry != target.final)


def make(targets: tuple[Target, Target], text: str) -> None:
    with building(targets):
        for target in targets:
            fill(target.building, text)
        publish(targets, line_of(text), [log_of(targets)])


def break_down(targets: tuple[Target, Target], error: BaseException) -> None:
    with building(targets):
        fill(targets[0].building, "half")
        raise error


def write_journal(targets: tuple[Target, Target], version: int = FORMAT) -> None:
    """Leave what a run leaves that was about to publish what it had built."""
    for target in targets:
        if target.building.exists():
            mark(target.building, line_of("two").manifest)
    names = [str(target.final) for target in targets]
    content = {"format": version, "folders": names, "publication": asdict(line_of("two"))}
    (targets[1].final.parent / JOURNAL).write_text(json.dumps(content), encoding="utf-8")


def test_a_first_and_a_second_report(targets: tuple[Target, Target]) -> None:
    make(targets, "one")
    assert shown(targets) == ["one", "one"]
    make(targets, "two")
    assert shown(targets) == ["two", "two"]
    assert rest(targets) == []


@pytest.mark.parametrize("error", [RuntimeError("broken"), KeyboardInterrupt()])
def test_a_broken_run_leaves_the_last_report_and_nothing_else(
    targets: tuple[Target, Target], error: BaseException
) -> None:
    make(targets, "one")
    with pytest.raises(type(error)):
        break_down(targets, error)
    assert shown(targets) == ["one", "one"]
    assert rest(targets) == []


def test_a_refused_rename_puts_everything_back(targets: tuple[Target, Target], monkeypatch: pytest.MonkeyPatch) -> None:
    make(targets, "one")
    renamed = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self in (targets[1].final, targets[1].building):
            raise PermissionError(13, "open in another program", str(self))
        return renamed(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        make(targets, "two")
    assert shown(targets) == ["one", "one"]
    assert rest(targets) == []


def test_a_first_report_whose_rename_is_refused_leaves_nothing(
    targets: tuple[Target, Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self == targets[1].building:
            raise PermissionError(13, "refused", str(self))
        return renamed(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        make(targets, "one")
    assert rest(targets) == []
    assert not any(target.final.exists() for target in targets)


def test_the_rest_of_a_run_that_died_while_building_is_cleared(targets: tuple[Target, Target]) -> None:
    make(targets, "one")
    for target in targets:
        fill(target.building, "half")
    recover([target.final.parent for target in targets], [log_of(targets)])
    assert shown(targets) == ["one", "one"]
    assert rest(targets) == []


@pytest.mark.parametrize("moved", range(5))
def test_an_exchange_that_died_is_finished(targets: tuple[Target, Target], moved: int) -> None:
    make(targets, "one")
    for target in targets:
        fill(target.building, "two")
    write_journal(targets)
    for number, target in enumerate(targets):
        if moved > 2 * number:
            swap_names(target.building, target.final)
        if moved > 2 * number + 1:
            target.building.rename(target.aside)
    recover([target.final.parent for target in targets], [log_of(targets)])
    assert shown(targets) == ["two", "two"]
    assert rest(targets) == []


def swap_names(one: Path, other: Path) -> None:
    between = one.with_name("between")
    one.rename(between)
    other.rename(one)
    between.rename(other)


def test_there_is_a_whole_report_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = Target(tmp_path / "processed/县局/2021Q4"), Target(tmp_path / "figures/县局/2021Q4")
    make(targets, "one")
    if not durable.exchange(targets[0].final, targets[1].final):
        pytest.skip("this system or disk cannot let two folders change places")
    seen: list[list[str]] = []
    renamed = Path.rename

    def look(self: Path, target: Path) -> Path:
        seen.append(shown(targets))
        moved = renamed(self, target)
        seen.append(shown(targets))
        return moved

    monkeypatch.setattr(Path, "rename", look)
    make(targets, "two")
    assert seen
    assert {text for texts in seen for text in texts} <= {"one", "two"}


@pytest.mark.parametrize("moved", range(5))
def test_a_change_of_places_that_died_is_finished(targets: tuple[Target, Target], moved: int) -> None:
    make(targets, "one")
    for target in targets:
        fill(target.building, "two")
    write_journal(targets)
    steps = [step for target in targets for step in ((target.final, target.aside), (target.building, target.final))]
    for source, place in steps[:moved]:
        source.rename(place)
    recover([target.final.parent for target in targets], [log_of(targets)])
    assert shown(targets) == ["two", "two"]
    assert rest(targets) == []


def test_what_is_published_is_logged_once_even_by_a_run_that_died(targets: tuple[Target, Target]) -> None:
    make(targets, "two")
    assert read_history(log_of(targets)).publications == (line_of("two"),)
    write_journal(targets)  # it died before the journal was gone
    recover([target.final.parent for target in targets], [log_of(targets)])
    assert read_history(log_of(targets)).publications == (line_of("two"),)
    assert rest(targets) == []


@pytest.mark.parametrize("moved", range(5))
@pytest.mark.parametrize("what", ["another version", "half", "another root", "new ones gone"])
def test_what_cannot_be_finished_loses_no_report(
    targets: tuple[Target, Target], tmp_path: Path, moved: int, what: str
) -> None:
    """Whatever a journal is worth, and however far the change had come: a whole folder stands in each place."""
    make(targets, "one")
    for target in targets:
        fill(target.building, "two")
    write_journal(targets, version=0 if what == "another version" else FORMAT)
    steps = [step for target in targets for step in ((target.final, target.aside), (target.building, target.final))]
    for source, place in steps[:moved]:
        source.rename(place)
    folders = [target.final.parent for target in targets]
    if what == "half":
        (folders[1] / JOURNAL).write_text('["/half', encoding="utf-8")
    if what == "another root":
        folders = [tmp_path / "elsewhere", folders[1]]
        folders[0].mkdir()
    if what == "new ones gone":
        for target in targets:
            if target.building.exists():
                shutil.rmtree(target.building)
    recover(folders, [log_of(targets)])
    if what != "another root":
        assert set(shown(targets)) <= {"one", "two"}
        assert rest(targets) == []
    assert (targets[1].final / "a.txt").is_file()
    published = read_history(log_of(targets)).publications
    assert (line_of("two") in published) is (moved == 4 and what == "new ones gone")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("number", range(12))
def test_a_request_to_stop_waits_until_a_report_stands(
    targets: tuple[Target, Target], monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    """Between any two steps of publishing: the old report stands, or the new one, and nothing beside it."""
    make(targets, "one")
    asked = signal.signal(getattr(signal, name), signal.default_int_handler)
    seen: list[str] = []

    def reached(point: str, **about: object) -> None:
        seen.append(point)
        if len(seen) == number + 1:
            os.kill(os.getpid(), getattr(signal, name))

    for module in (publishing, swapping):
        monkeypatch.setattr(module, "reached", reached)
    try:
        make(targets, "two")
        stopped = False
    except KeyboardInterrupt:
        stopped = True
    finally:
        signal.signal(getattr(signal, name), asked)
    assert stopped is (len(seen) > number)
    assert shown(targets) == (["one", "one"] if stopped and number == 0 else ["two", "two"])
    assert rest(targets) == []
    recover([target.final.parent for target in targets], [log_of(targets)])
    assert shown(targets) == (["one", "one"] if stopped and number == 0 else ["two", "two"])


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), MemoryError(), KeyboardInterrupt()])
@pytest.mark.parametrize("step", range(7))
def test_an_error_between_any_two_steps_puts_everything_back(
    targets: tuple[Target, Target], monkeypatch: pytest.MonkeyPatch, error: BaseException, step: int
) -> None:
    make(targets, "one")
    seen: list[str] = []

    def reached(point: str, **about: object) -> None:
        seen.append(point)
        if len(seen) == step + 1 and point not in (RECORDED, FINISHED):
            raise error

    for module in (publishing, swapping):
        monkeypatch.setattr(module, "reached", reached)
    try:
        make(targets, "two")
        failed = False
    except (OSError, MemoryError, KeyboardInterrupt):
        failed = True
    assert shown(targets) == (["one", "one"] if failed else ["two", "two"])
    assert rest(targets) == []


def test_what_cannot_be_logged_is_not_published(targets: tuple[Target, Target]) -> None:
    make(targets, "one")
    log_of(targets).unlink()
    log_of(targets).mkdir()
    with pytest.raises(OSError, match=r"publications\.jsonl"):
        make(targets, "two")
    assert shown(targets) == ["one", "one"]
    assert rest(targets) == []


def test_what_could_not_be_put_back_is_kept_for_the_next_run(
    targets: tuple[Target, Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder called unfinished may be the last good report then, and a journal says so."""

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    make(targets, "one")
    with monkeypatch.context() as broken:
        broken.setattr(swapping, "reached", fail)  # the first folder has just changed places
        broken.setattr(publishing, "put_back", fail)
        with pytest.raises(OSError, match="Input/output"):
            make(targets, "two")
    for target in targets:
        left = {path.read_text(encoding="utf-8") for path in target.final.parent.rglob("a.txt")}
        assert left == {"one", "two"}
    recover([target.final.parent for target in targets], [log_of(targets)])
    assert shown(targets) == ["two", "two"]
    assert rest(targets) == []


def test_a_journal_that_came_with_a_copied_folder_moves_nothing(targets: tuple[Target, Target], tmp_path: Path) -> None:
    make(targets, "one")
    for target in targets:
        fill(target.building, "two")
    write_journal(targets)
    copy = tmp_path / "copy"
    shutil.copytree(targets[1].final.parent, copy)
    recover([copy], [tmp_path / "other.jsonl"])
    assert shown(targets) == ["one", "one"]
    assert all(target.building.is_dir() for target in targets)
    assert not (copy / JOURNAL).exists()


def test_half_a_journal_means_that_nothing_had_moved(targets: tuple[Target, Target]) -> None:
    make(targets, "one")
    for target in targets:
        fill(target.building, "two")
    (targets[1].final.parent / JOURNAL).write_text('["/half', encoding="utf-8")
    recover([target.final.parent for target in targets], [log_of(targets)])
    assert shown(targets) == ["one", "one"]
    assert rest(targets) == []


def test_a_link_is_replaced_and_what_it_leads_to_stays(targets: tuple[Target, Target], tmp_path: Path) -> None:
    """Somebody may have put a link to a folder of his own where a report, or the rest of a run, would lie."""
    other = tmp_path / "somebody's"
    fill(other, "his")
    for target in targets:
        target.final.parent.mkdir(parents=True)
        for place in (target.final, target.aside, target.building):
            place.symlink_to(other, target_is_directory=True)
    recover([target.final.parent for target in targets], [log_of(targets)])
    make(targets, "new")
    make(targets, "newer")
    assert shown(targets) == ["newer", "newer"]
    assert not any(target.final.is_symlink() for target in targets)
    assert rest(targets) == []
    assert (other / "a.txt").read_text(encoding="utf-8") == "his"


def test_everything_has_reached_the_disk_before_the_journal_says_so(
    targets: tuple[Target, Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(targets, "one")
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc here to tell which file is meant")
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(Path(f"/proc/self/fd/{handle}").readlink()))
    make(targets, "two")
    journal = next(place for place, path in enumerate(synced) if path.name.startswith(JOURNAL) or JOURNAL in path.name)
    before = set(synced[:journal])
    for target in targets:
        assert {target.building, target.building / "a.txt", target.building / MARK} <= before
    assert targets[1].final.parent in synced[journal:]  # its name, and those of the folders that changed places
    assert log_of(targets) in synced[journal:]
