"""A saved workbook is noticed, once, when its program has finished with it; what programs do beside it is not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.runs.records.watching import changes_in, snapshot


class Over(Exception):
    """Ends a watch that would never end by itself."""


def acting(steps: Iterator[Callable[[], object] | None]) -> Callable[[float], None]:
    """Return a stand-in for sleeping, in which one thing after the other happens."""

    def sleep(_: float) -> None:
        step = next(steps, Over)
        if step is Over:
            raise Over
        if step is not None:
            step()

    return sleep


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    (tmp_path / "积分").mkdir()
    (tmp_path / "积分" / "2021-10.xlsx").write_text("a", encoding="utf-8")
    return tmp_path


def count_changes(folder: Path, *steps: Callable[[], object] | None) -> int:
    seen: list[None] = []
    with pytest.raises(Over):
        seen.extend(changes_in(folder, snapshot(folder), acting(iter(steps))))
    return len(seen)


def test_nothing_happens_and_nothing_is_noticed(bureau: Path) -> None:
    assert count_changes(bureau, None, None, None) == 0


def test_saving_adding_and_removing_are_noticed_once_each(bureau: Path) -> None:
    path, other = bureau / "积分" / "2021-10.xlsx", bureau / "b.csv"
    save = lambda: path.write_text("longer", encoding="utf-8")  # noqa: E731
    assert count_changes(bureau, None, save, None, None, other.touch, None, None, other.unlink, None, None) == 3


def test_a_workbook_is_waited_for_until_it_is_left_alone(bureau: Path) -> None:
    path = bureau / "积分" / "2021-10.xlsx"
    grow = lambda: path.write_text(path.read_text(encoding="utf-8") + "x", encoding="utf-8")  # noqa: E731
    assert count_changes(bureau, grow, grow, grow, grow, None, None) == 1


def test_lock_files_and_hidden_ones_are_none_of_its_business(bureau: Path) -> None:
    lock, hidden = bureau / "~$2021-10.xlsx", bureau / ".tmp"
    assert count_changes(bureau, lock.touch, None, hidden.touch, None, lock.unlink, None) == 0


def test_a_file_that_goes_while_it_is_looked_at_is_no_error(bureau: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = bureau / "gone.xlsx"
    monkeypatch.setattr("pipeline.runs.records.watching.list_inputs", lambda folder: [gone, *folder.rglob("*.xlsx")])
    assert [name for name, _, _ in snapshot(bureau)] == ["积分/2021-10.xlsx"]
