"""A log for a run with nobody at a terminal: its points, its size, and what it does when it cannot be written."""

import errno
import logging
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline import cli
from pipeline.runs.records import logbook
from pipeline.runs.records.logbook import LOGGER, POINTS, keeping_log, reached, wrote
from pipeline.runs.records.steps import STEPS
from pipeline.texts import load_texts
from tests.runs.desk import Desk

ROOT = Path(__file__).resolve().parents[3]


def test_a_run_passes_its_points_in_order(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    desk.run()
    (desk.request.bureau / "b.csv").write_text("another", encoding="utf-8")
    with keeping_log(file):
        desk.run()
    seen = [line.split()[3] for line in file.read_text(encoding="utf-8").splitlines()]
    assert set(seen) <= set(POINTS)
    once = list(dict.fromkeys(seen))
    assert once == [point for point in POINTS if point in seen]
    assert set(POINTS) - set(seen) == {
        *(point for point in POINTS if "." in point and point.split(".")[0] in STEPS[1:-1]),
        *({logbook.ASIDE, logbook.PLACED} if logbook.EXCHANGED in seen else {logbook.EXCHANGED}),
    }


def test_nothing_is_written_where_no_log_is_kept(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.run()
    assert capsys.readouterr() == ("", "")


def test_every_record_is_one_line_without_control_signs(tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    with keeping_log(file):
        reached("run.held", bureau="甲\n2021 FAKE\r\x1b[31m\u202e")
        wrote("一\n二\t三\x1b]0;title\x07")
    held, told = file.read_text(encoding="utf-8").splitlines()
    assert "FAKE" in held
    assert told.split("INFO")[1].split()[1:] == ["一", "二", "三]0;title"]
    assert not any(sign in held + told for sign in "\x1b\x07\u202e\r")


def test_older_lines_move_to_other_files_and_few_of_those_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "LARGEST_BYTES", 2_000)
    file = tmp_path / "run.log"
    with keeping_log(file):
        for number in range(500):
            reached("run.held", number=number)
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["run.log", *(f"run.log.{number}" for number in range(1, 6))]
    assert all(path.stat().st_size <= 2_000 for path in files)
    assert 'number="499"' in file.read_text(encoding="utf-8")


def test_a_log_in_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(tmp_path / "a"), "--log", str(tmp_path / "none" / "run.log")]) == 2
    assert "放不了" in capsys.readouterr().err


def test_why_a_log_cannot_be_opened_is_told_in_the_language_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Path) -> NoReturn:
        raise OSError(errno.EROFS, "Read-only file system", "run.log")

    monkeypatch.setattr(cli, "keeping_log", refuse)
    assert cli.main(["verify", str(tmp_path / "a"), "--log", str(tmp_path / "run.log")]) == 3
    said = capsys.readouterr().err
    assert "所在的磁盘只能读" in said
    assert "Read-only" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_log_that_fails_later_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    with keeping_log(Path("/dev/full")):
        for _ in range(3):
            reached("run.held")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_logger_is_as_before_when_the_log_is_closed(tmp_path: Path) -> None:
    before = logging.getLogger(LOGGER).handlers[:], logging.getLogger(LOGGER).level
    with keeping_log(tmp_path / "run.log"):
        assert logging.getLogger(LOGGER).handlers != before[0]
    assert (logging.getLogger(LOGGER).handlers, logging.getLogger(LOGGER).level) == before


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="closes streams as a shell does")
def test_a_run_without_any_stream_leaves_its_words_in_the_log(tmp_path: Path) -> None:
    """As cron, systemd or pythonw may start it: standard input, output and errors are all closed."""
    file = tmp_path / "run.log"
    folder = tmp_path / "figures"
    command = f'exec "{sys.executable}" -m pipeline verify "{folder}" --log "{file}" <&- >&- 2>&-'
    done = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, check=False)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert done.returncode == 2
    assert "run.begun" in lines[0]
    assert load_texts("zh")("manifest.missing", folder=folder) in lines[1]
    assert "ERROR" in lines[1]
    assert lines[-1].endswith('run.over status="2"')


@pytest.mark.process
def test_without_a_log_an_error_is_told_once(tmp_path: Path) -> None:
    """In a process of its own: pytest listens to every logger, and hides what Python says where nobody does."""
    command = [sys.executable, "-m", "pipeline", "verify", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--log", "--publications", "--json"])
def test_nothing_is_written_among_workbooks(tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    bureau = tmp_path / "县局"
    bureau.mkdir()
    roster = bureau / "花名册.xlsx"
    roster.write_bytes(b"a workbook")
    command = ["check", str(bureau)] if option == "--json" else ["report", "--bureau", str(bureau)]
    assert cli.main([*command, option, str(roster)]) == 2
    assert "不能放在" in capsys.readouterr().err
    assert roster.read_bytes() == b"a workbook"


def test_the_account_is_a_name_and_a_computer() -> None:
    name, _, computer = logbook.account().partition("@")
    assert name
    assert computer
