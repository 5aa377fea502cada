"""Folders are published whole or not at all, and what a run that died has left is cleared or finished."""

import json
from pathlib import Path

import pytest

from pipeline.runs.places import Target
from pipeline.runs.publishing import JOURNAL, building, publish, recover


@pytest.fixture
def targets(tmp_path: Path) -> tuple[Target, Target]:
    return Target(tmp_path / "processed/县局/2021Q4"), Target(tmp_path / "figures/县局/2021Q4")


def fill(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.txt").write_text(text, encoding="utf-8")


def shown(targets: tuple[Target, Target]) -> list[str]:
    return [(target.final / "a.txt").read_text(encoding="utf-8") for target in targets]


def rest(targets: tuple[Target, Target]) -> list[str]:
    """Whatever lies beside the published folders."""
    return sorted(entry.name for target in targets for entry in target.final.parent.iterdir() if entry != target.final)


def make(targets: tuple[Target, Target], text: str) -> None:
    with building(targets):
        for target in targets:
            fill(target.building, text)
        publish(targets, targets[1].final.parent)


def break_down(targets: tuple[Target, Target], error: BaseException) -> None:
    with building(targets):
        fill(targets[0].building, "half")
        raise error


def write_journal(targets: tuple[Target, Target]) -> None:
    journal = targets[1].final.parent / JOURNAL
    journal.write_text(json.dumps([str(target.final) for target in targets]), encoding="utf-8")


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
        if self == targets[1].final:
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
    recover([target.final.parent for target in targets])
    assert shown(targets) == ["one", "one"]
    assert rest(targets) == []


@pytest.mark.parametrize("moved", range(5))
def test_a_change_of_places_that_died_is_finished(targets: tuple[Target, Target], moved: int) -> None:
    make(targets, "one")
    for target in targets:
        fill(target.building, "two")
    write_journal(targets)
    steps = [step for target in targets for step in ((target.final, target.aside), (target.building, target.final))]
    for source, place in steps[:moved]:
        source.rename(place)
    recover([target.final.parent for target in targets])
    assert shown(targets) == ["two", "two"]
    assert rest(targets) == []


def test_half_a_journal_means_that_nothing_had_moved(targets: tuple[Target, Target]) -> None:
    make(targets, "one")
    for target in targets:
        fill(target.building, "two")
    (targets[1].final.parent / JOURNAL).write_text('["/half', encoding="utf-8")
    recover([target.final.parent for target in targets])
    assert shown(targets) == ["one", "one"]
    assert rest(targets) == []
