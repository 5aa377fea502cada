"""What one worker answers for one bureau: never an exception, always a reason."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.parameters import NoSuchQuarter, ParameterError
from pipeline.runs.batch import jobs as batch_jobs
from pipeline.runs.batch.jobs import Done, Job, Latest, find_latest, report_bureau
from pipeline.runs.quarter.report import Request
from pipeline.runs.records.failures import RunFailed
from pipeline.runs.records.inputs import InputChanged
from pipeline.runs.records.locks import BureauBusy


def job(tmp_path: Path) -> Job:
    return Job("县", 1, Request(tmp_path / "县", "2021Q4", "zh", tmp_path / "processed", tmp_path / "figures"))


@pytest.mark.parametrize(
    ("error", "state", "why"),
    [
        (NoSuchQuarter("parameter.no_quarter_at_all", seen="2021Q4"), "late", ""),
        (BureauBusy("run.busy", bureau="县", lock=".lock"), "failed", "busy"),
        (InputChanged("run.bureau_changed", bureau="县", files="a.xlsx"), "failed", "changed"),
        (RunFailed("run.kernel_died", notebook="1_ingest", cell=4, line="x"), "failed", "notebook"),
        (ParameterError("parameter.bureau_missing", seen="县"), "failed", "said"),
        (PermissionError(13, "Permission denied", "x"), "failed", "system"),
        (ZeroDivisionError("division by zero"), "failed", "unexpected"),
    ],
)
def test_whatever_goes_wrong_is_in_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, why: str
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(batch_jobs, "report_quarter", fail)
    done = report_bureau(job(tmp_path))
    assert (done.state, done.why, done.exit_status) == (state, why, 0)
    assert done.told
    assert done.seconds >= 0


def test_a_report_and_its_exit_status_are_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Manifest:
        exit_status = 1

    class Outcome:
        is_unchanged = True
        manifest = Manifest()

    monkeypatch.setattr(batch_jobs, "report_quarter", lambda *_: Outcome())
    done = report_bureau(job(tmp_path))
    assert Done("unchanged", 1) == Done(done.state, done.exit_status)


def test_a_bureau_that_cannot_be_read_has_no_latest_quarter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise PermissionError(13, "Permission denied", "x")

    monkeypatch.setattr(batch_jobs, "hash_inputs", fail)
    assert find_latest(job(tmp_path)) == Latest(None)
