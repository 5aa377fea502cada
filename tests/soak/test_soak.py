"""The soak in small, and that it notices what it looks for; the full one is ``python -m tests.soak`` (docs/soak.md)."""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.runs.records.manifest import hash_published
from tests.soak import aftermath, batches
from tests.soak.aftermath import Places
from tests.soak.bureaus import last_quarters, mistakes_of
from tests.soak.faults import FAULTS, Fault
from tests.soak.findings import Findings
from tests.soak.measuring import Growth, Held, growth
from tests.soak.one_process import OneProcess

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="what is left is looked for in /proc")

IN_ONE_PROCESS = ("notebook killed", "disk full")
BY_BATCH = (("lock held", None),)
EARLY_SEED = 6  # strikes 0.1 s after the third notebook has begun: never too late, however fast a report is
WARMED_UP = 1  # reports; the bounds of two hundred say little of four, so that steps are looked for, not a slope
MOST_MEGABYTES = 15.0  # one garbage collection more or less


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short name: the socket of a server has little room for its own."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        yield Path(folder)


def fault(kind: str) -> Fault:
    return next(fault for fault in FAULTS if fault.kind == kind)


def test_bad_days_are_named_and_cost_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, tell: Callable[[str], None]
) -> None:
    """One test, since each report takes seconds."""
    findings = Findings()
    one = OneProcess(Places(home / "one").made(), EARLY_SEED, findings)
    try:
        one.run(len(IN_ONE_PROCESS), lambda: False, (fault(kind) for kind in IN_ONE_PROCESS))
        one.end()
    finally:
        one.program.kill()
    monkeypatch.setattr(batches, "BUREAUS", 2)
    monkeypatch.setattr(batches, "QUARTERS", batches.QUARTERS[:1])
    batches.run_batches(home, 2, 8, findings, lambda: False, iter(BY_BATCH))
    tell(f"{findings}")
    assert findings.wrong == []
    assert findings.is_well
    assert findings.injected.total() == len(IN_ONE_PROCESS) + len(BY_BATCH)
    handles = [held.handles for held in one.held[WARMED_UP:]]
    own = [held.own_megabytes for held in one.held[WARMED_UP:]]
    assert len(set(handles)) == 1, handles
    assert max(own) - min(own) < MOST_MEGABYTES, own


def held(megabytes: float, handles: int = 18) -> Held:
    return Held(megabytes + 10, megabytes, handles, 3)


def test_what_grows_is_not_flat() -> None:
    """A line is laid through all reports but the first, which fill the caches."""
    warming = [held(20 + number) for number in range(20)]
    level = [held(40 + number % 3) for number in range(100)]
    assert growth([*warming, *level]).is_flat
    leaking = [held(40 + number * 0.06 + number % 3) for number in range(100)]
    assert growth([*warming, *leaking]).own_megabytes == pytest.approx(6, abs=0.1)
    assert not growth([*warming, *leaking]).is_flat
    opening = [held(40, 18 + number // 50) for number in range(100)]
    assert not growth([*warming, *opening]).is_flat
    with pytest.raises(ValueError, match="at least 22"):
        growth(warming)


MEASURED = """
import json, os
from dataclasses import asdict
from tests.soak.measuring import measure
before = measure(os.getpid())
with open(os.devnull):
    ballast = bytearray(os.urandom(1000) * 20_000)
    now = measure(os.getpid())
print(json.dumps([asdict(before), asdict(now), len(ballast)]))
"""


def test_a_process_is_measured_as_it_is() -> None:
    """In a process of its own: one that has run other tests has memory to spare, and files that go by themselves."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", MEASURED], cwd=root, capture_output=True, encoding="utf-8", check=True)
    before, now, ballast = json.loads(done.stdout)
    assert now["handles"] == before["handles"] + 1
    assert 15 < now["own_megabytes"] - before["own_megabytes"] < 25
    assert now["resident_megabytes"] >= now["own_megabytes"]
    assert ballast == 20_000_000


def test_a_fault_in_silence_is_not_well() -> None:
    kind = fault("lock held")
    for answers, well in (({"named": True}, True), ({"harmless": True}, True), ({}, False)):
        findings = Findings()
        findings.add_fault(kind, **answers)
        assert findings.is_well is well
    assert not Findings(growth=Growth(100, 0.1, 5.1, 0.0)).is_well
    findings = Findings()
    findings.add_damage("here", ["report.html changed"])
    assert (findings.damaged, findings.wrong, findings.is_well) == (1, ["here: report.html changed"], False)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path).made()


@pytest.mark.parametrize(
    "name",
    [
        "figures/县/.2021Q4.building/report.html",
        "processed/县/.2021Q4.old/panel.parquet",
        "figures/县/.publishing.json",
        "figures/县/.index.html.part",
        "tmp/ronghe-task-abc/x",
    ],
)
def test_every_rest_of_a_run_is_named(name: str, places: Places) -> None:
    assert aftermath.left_over(places, is_alive=False) == []
    rest = places.home / name
    rest.parent.mkdir(parents=True)
    rest.write_text("", encoding="utf-8")
    assert [line.rpartition("/")[2] in name for line in aftermath.left_over(places, is_alive=True)] == [True]


def test_a_held_lock_is_named(places: Places) -> None:
    folder = places.figures / "县"
    folder.mkdir()
    with (folder / ".lock").open("a+b") as stream:
        assert aftermath.left_over(places, is_alive=False) == []
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert aftermath.left_over(places, is_alive=False) == ["县: its lock is held"]


def test_a_process_that_outlives_its_parent_is_found(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aftermath, "PATIENCE_SECONDS", 0.0)
    assert aftermath.at_work(places, 0, is_alive=False) == []
    silent = "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"
    started = f"import subprocess; print(subprocess.Popen(['sleep', '60'], {silent}).pid)"
    environment = {**os.environ, "TMPDIR": str(places.temporary)}
    done = subprocess.run([sys.executable, "-c", started], env=environment, capture_output=True, check=True)
    orphan = int(done.stdout)
    try:
        assert len(aftermath.at_work(places, 0, is_alive=False)) == 1
        assert aftermath.at_work(places, orphan, is_alive=False) == []
    finally:
        os.kill(orphan, 9)


def test_a_report_that_was_touched_is_found(places: Places) -> None:
    folder = places.figures / "县" / "2021Q4"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("good", encoding="utf-8")
    before = aftermath.reports(places)
    assert list(before) == [folder]
    assert aftermath.changed(before, places) == []
    (folder / "report.html").write_text("half", encoding="utf-8")
    assert aftermath.changed(before, places) == ["2021Q4 of 县 was touched"]
    assert hash_published(folder) != before[folder]
    assert aftermath.damaged(places) == ["县 2021Q4: no manifest"]


def test_an_unfinished_folder_is_no_report(places: Places) -> None:
    unfinished = places.figures / "县" / ".2021Q4.building"
    unfinished.mkdir(parents=True)
    (unfinished / "manifest.json").write_text("{}", encoding="utf-8")
    assert aftermath.damaged(places) == []
    assert aftermath.reports(places) == {}


def test_every_kind_of_mistake_gets_its_turn() -> None:
    from tests.generator.mistakes import PLANTERS

    taken = {kind for number in range(200) for kind in mistakes_of(number)}
    assert taken == set(PLANTERS)
    assert last_quarters("2021-04") == ("2021Q2", "2021Q3", "2021Q4")
    assert last_quarters("2021-07") == ("2021Q3", "2021Q4")


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("[1/2] 县甲：已发布，9 秒  至多还需约 9 秒", "published"),
        ("[2/2] 县甲：失败（3 秒）。另一次运行正在处理单位", "failed"),
    ],
)
def test_what_a_batch_says_is_understood(line: str, state: str) -> None:
    said = batches.Said()
    said.add(line)
    assert said.states == {"县甲": state}
    assert said.failed() == (["县甲"] if state == "failed" else [])


def test_the_words_of_messages_are_those_of_the_texts(repository: Path) -> None:
    """The soak knows a message of a batch by words of the Chinese texts: they must stand there."""
    texts = "".join(path.read_text(encoding="utf-8") for path in (repository / "pipeline/texts").glob("*.zh.po"))
    words = [*batches.STATES, *batches.WORDS.values(), batches.BEGUN, batches.STOPPED]
    assert [word for word in words if word not in texts and word != "File too large"] == []
