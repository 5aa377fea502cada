"""``ronghe report --watch``: reports, waits, reports again when a workbook is saved; Ctrl-C ends it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.parameters import SpokenError
from pipeline.runs.records.inputs import InputChanged

REQUESTED = ["report", "--watch", "--lang", "en"]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Replace reporting and waiting: each entry is what the next report comes to, an error or a status."""
    outcomes: list[object] = []

    def report(*_: object) -> int:
        outcome = outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        assert isinstance(outcome, int)
        return outcome

    def changes(_: Path, since: object) -> Iterator[None]:
        while outcomes:
            yield
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_report_once", report)
    monkeypatch.setattr(cli, "changes_in", changes)
    return outcomes


def test_it_reports_at_first_and_after_every_change(watched: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    watched += [0, 1]
    assert cli.main(REQUESTED) == 1
    out = capsys.readouterr().out
    assert out.index("Watching") < out.index("Watching on") < out.index("No longer watching")


def test_an_error_on_the_way_is_told_and_does_not_end_it(
    watched: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    watched += [0, SpokenError("parameter.no_full_quarter", bureau="here"), OSError(28, "No space left", "x"), 0]
    assert cli.main(REQUESTED) == 0
    told = capsys.readouterr()
    assert "here" in told.err
    assert "the disk is full" in told.err
    assert told.out.count("Watching on") == 3


def test_a_save_during_a_report_asks_for_nothing_by_hand(
    watched: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    watched += [InputChanged("run.bureau_changed", bureau="here", files="x.xlsx"), 0]
    assert cli.main(REQUESTED) == 0
    told = capsys.readouterr()
    assert "saved again (x.xlsx)" in told.out
    assert told.err == ""


def test_an_error_of_the_first_report_does_not_end_it_either(
    watched: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    watched += [PermissionError(13, "locked", "x.xlsx"), 0]
    assert cli.main(REQUESTED) == 0
    assert "x.xlsx" in capsys.readouterr().err


def test_wrong_parameters_end_it_at_once(watched: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    watched += [0]
    assert cli.main([*REQUESTED, "--bureau", "/nowhere/at/all"]) == 2
    assert "Watching" not in capsys.readouterr().out


def test_a_workbook_that_is_saved_during_the_first_report_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look before it is what later ones are compared with."""
    looks: list[str] = []

    def look(_: Path) -> str:
        looks.append("look")
        return "as it was"

    def report(*_: object) -> int:
        looks.append("report")
        return 0

    def changes(_: Path, since: object) -> Iterator[None]:
        assert since == "as it was"
        return iter(())

    monkeypatch.setattr(cli, "snapshot", look)
    monkeypatch.setattr(cli, "_report_once", report)
    monkeypatch.setattr(cli, "changes_in", changes)
    cli.main(REQUESTED)
    assert looks == ["look", "report"]


def test_other_code_ends_it(
    watched: list[object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fingerprints = iter(["one", "another"])
    monkeypatch.setattr(cli, "fingerprint_package", lambda _: next(fingerprints))
    watched += [0, 0]
    assert cli.main(REQUESTED) == 3
    assert "Start ronghe report --watch again" in capsys.readouterr().err


def test_force_is_for_the_first_report_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    forced: list[bool] = []

    def report(request: object, *_: object) -> int:
        forced.append(request.is_forced)  # type: ignore[attr-defined]
        return 0

    def once(_: Path, since: object) -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_report_once", report)
    monkeypatch.setattr(cli, "changes_in", once)
    cli.main([*REQUESTED, "--force"])
    assert forced == [True, False]
