"""A batch on a real scheduler with real workers: what is done, what is lost, what is told, and that none is left."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dask import config as dask_settings

from pipeline import cli
from pipeline.parameters import ParameterError
from pipeline.runs.batch.jobs import Done, Job
from pipeline.runs.cluster import checks as cluster_checks
from pipeline.runs.cluster import runner as cluster
from pipeline.runs.cluster.checks import Shared, WorkersUnfit, check_machine, find_unseen, names_in
from pipeline.runs.cluster.jobs import Attendant
from pipeline.runs.cluster.kit import describe_kit, find_difference, loaded_kit
from pipeline.runs.cluster.runner import Cluster, ClusterLost, NoScheduler, connected
from pipeline.runs.processes.workers import Lost
from pipeline.runs.quarter.report import Request
from pipeline.texts import load_texts
from tests.runs.cluster_tasks import Note, at_work, double, end_badly, end_worker_at, take_note, who_works
from tests.runs.dask_cluster import ROOT, DaskCluster, wait_for

TEXTS = load_texts("zh")
SMALL_BYTES = 4096  # a job or a result that goes through the scheduler


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path_factory.mktemp("cluster") / "home") as running:
        running.add_worker("one")
        running.add_worker("two")
        yield running


def say(_: str) -> None:
    """Let what is told go by."""


def run(
    dask: DaskCluster, task: Callable[[Any], Any], jobs: list[Any], meanwhile: Callable[[], None] | None = None
) -> list[tuple[Any, Any]]:
    """Do the jobs; ``meanwhile`` runs beside them."""
    with ThreadPoolExecutor(1) as beside, connected(dask.address, None, TEXTS, say) as workers:
        wait_for(lambda: workers.workers == 2)
        happening = beside.submit(meanwhile) if meanwhile else None
        results = list(workers(task, jobs, 0))
        if happening:
            happening.result()
        return results


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_every_job_is_done_once_in_a_warm_process_of_its_own(dask: DaskCluster) -> None:
    assert sorted(run(dask, double, [3, 1, 0, 2])) == [(0, 0), (1, 2), (2, 4), (3, 6)]
    found = [result for _, result in run(dask, who_works, [0, 1, 2, 3])]
    processes, waiting, warm = zip(*found, strict=True)
    assert len({*processes, *waiting}) == len(processes) + 2  # two workers wait
    assert all(warm)


def test_a_process_that_is_killed_takes_its_own_result_alone(dask: DaskCluster) -> None:
    assert dict(run(dask, end_badly, [0, 1, 2])) == {0: 0, 1: Lost(-signal.SIGKILL), 2: 2}
    assert dask.left_over() == []


def test_a_worker_lost_in_mid_run_loses_no_job_and_leaves_nothing(dask: DaskCluster, tmp_path: Path) -> None:
    orphan: list[int] = []

    def kill_a_worker() -> None:
        wait_for(lambda: len(at_work(tmp_path)) == 2)
        process, waiting = min(at_work(tmp_path).values())
        orphan.append(process)
        os.kill(waiting, signal.SIGKILL)

    notes = [Note(tmp_path, name, seconds=3.0) for name in "abcd"]
    results = run(dask, take_note, notes, kill_a_worker)
    assert sorted(name for _, name in results) == list("abcd")
    wait_for(lambda: not is_running(orphan[0]))
    assert at_work(tmp_path) == {}
    assert dask.left_over() == []


def test_a_job_that_ends_its_workers_is_lost_alone(dask: DaskCluster, tmp_path: Path) -> None:
    notes = [Note(tmp_path, name) for name in ("killer", "a", "b", "c")]
    results = {note.name: result for note, result in run(dask, end_worker_at, notes)}
    assert results == {"a": "a", "b": "b", "c": "c", "killer": Lost(1, TEXTS("cluster.lost"))}
    assert len((tmp_path / "killed").read_text().splitlines()) == 2  # once, and once more after all others


def test_leaving_early_clears_away_what_runs(dask: DaskCluster, tmp_path: Path) -> None:
    with connected(dask.address, None, TEXTS, say) as workers:
        wait_for(lambda: workers.workers == 2)
        results: Any = workers(take_note, [Note(tmp_path, "short"), Note(tmp_path, "long", 600.0)], 0)
        next(results)
        wait_for(lambda: "long" in at_work(tmp_path))
        process, _ = at_work(tmp_path)["long"]
        results.close()  # as Ctrl-C does, wherever it is
    assert at_work(tmp_path) == {}
    wait_for(lambda: not is_running(process))
    assert not (tmp_path / "long.done").exists()
    assert dask.left_over() == []


RUN_LONG = """
import sys
from pathlib import Path
from pipeline.runs.cluster.runner import connected
from pipeline.texts import load_texts
from tests.runs.cluster_tasks import Note, take_note
with connected(sys.argv[1], None, load_texts("zh"), print) as workers:
    list(workers(take_note, [Note(Path(sys.argv[2]), "long", 600.0)], 0))
"""


def test_a_client_that_is_killed_leaves_nothing_running(dask: DaskCluster, tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUN_LONG, dask.address, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT) as client:
        wait_for(lambda: at_work(tmp_path))
        process, _ = at_work(tmp_path)["long"]
        client.kill()
    wait_for(lambda: not is_running(process))
    assert at_work(tmp_path) == {}


def test_a_worker_with_another_version_is_named_before_anything_runs(
    dask: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_checks, "describe_kit", lambda: {**describe_kit(), "pandas": "9.9"})
    with pytest.raises(WorkersUnfit) as caught, connected(dask.address, None, TEXTS, say):
        pass
    told = caught.value.tell(TEXTS)
    assert "tcp://127.0.0.1:" in told
    assert "pandas" in told
    assert "9.9" in told
    assert "constraints.txt" in told


def test_a_worker_that_joins_with_other_code_stops_the_batch(
    dask: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.runs.cluster.kit.describe_kit", lambda: {**describe_kit(), "ronghe": "0123456789ab"})
    with pytest.raises(WorkersUnfit) as caught, connected(dask.address, None, TEXTS, say) as workers:
        list(workers(double, [1], 0))
    told = caught.value.tell(TEXTS)
    assert "0123456789ab" in told
    assert dask.address not in told  # the worker is named, not the scheduler


def test_a_worker_that_joins_in_mid_run_is_looked_at_like_the_others(tmp_path: Path) -> None:
    with DaskCluster(tmp_path / "home") as running:
        running.add_worker("one")
        with connected(running.address, None, TEXTS, say) as workers:
            running.add_worker("odd", DASK_DISTRIBUTED__WORKER__DAEMON="True")
            wait_for(lambda: workers.workers == 2)
            with pytest.raises(WorkersUnfit) as caught:
                list(workers(double, [1, 2, 3, 4], 0))
    assert caught.value.key == "cluster.daemon"


def test_a_worker_that_joins_later_need_not_see_what_came_since(tmp_path: Path) -> None:
    (tmp_path / "raw" / "县").mkdir(parents=True)
    (tmp_path / "figures").mkdir()
    mark = tmp_path / "figures" / ".ronghe-0"
    mark.touch()
    at_start = Shared(tmp_path / "raw", names_in(tmp_path / "raw"), (mark,), None)
    later = replace(at_start, names=None)
    assert [find_unseen(shared) for shared in (at_start, later)] == [None, None]
    (tmp_path / "raw" / "another").mkdir()
    assert [find_unseen(shared) for shared in (at_start, later)] == [tmp_path / "raw", None]
    mark.unlink()
    assert find_unseen(later) == tmp_path / "figures"
    assert find_unseen(replace(later, root=tmp_path / "nowhere")) == tmp_path / "nowhere"


def test_a_folder_of_results_that_cannot_be_written_is_no_fault_of_the_scheduler(
    dask: DaskCluster, tmp_path: Path
) -> None:
    (tmp_path / "raw" / "县").mkdir(parents=True)
    (tmp_path / "processed").touch()  # a file where a folder should be
    folders = (tmp_path / "raw", (tmp_path / "processed", tmp_path / "figures"))
    with pytest.raises(FileExistsError), connected(dask.address, folders, TEXTS, say):
        pass


def test_workers_that_went_are_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.3)
    told: list[str] = []
    with DaskCluster(tmp_path / "home") as running:
        running.add_worker("one")
        running.add_worker("two")
        with connected(running.address, None, TEXTS, told.append) as workers, ThreadPoolExecutor(1) as beside:
            wait_for(lambda: workers.workers == 2)
            results = beside.submit(lambda: list(workers(take_note, [Note(tmp_path, "long", seconds=8.0)], 0)))
            wait_for(lambda: at_work(tmp_path))
            busy = parent_of(at_work(tmp_path)["long"][1])
            idle = next(name for name in ("one", "two") if running.programs[name].pid != busy)
            running.end(idle)
            assert [result for _, result in results.result()] == ["long"]
    assert told[-1] == TEXTS("cluster.fewer_workers", count=1, before=2)
    assert told.count(told[-1]) == 1


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def test_every_worker_must_see_the_same_folders(dask: DaskCluster, tmp_path: Path) -> None:
    folders = (tmp_path / "raw", (tmp_path / "processed", tmp_path / "figures"))
    (tmp_path / "raw" / "县").mkdir(parents=True)
    with connected(dask.address, folders, TEXTS, say):
        marks = [path.name for folder in folders[1] for path in folder.iterdir()]
        assert [mark[: len(".ronghe-")] for mark in marks] == [".ronghe-"] * 2
    assert [path.name for folder in folders[1] for path in folder.iterdir()] == []  # no mark is left
    elsewhere = (Path("/proc/self/fd"), folders[1])  # is another one in every process
    with pytest.raises(WorkersUnfit, match="unseen"), connected(dask.address, elsewhere, TEXTS, say):
        pass


@pytest.mark.parametrize(
    ("options", "settings", "key"),
    [
        (("--nthreads", "2"), {}, "cluster.threads"),
        (("--nthreads", "1"), {"DASK_DISTRIBUTED__WORKER__DAEMON": "True"}, "cluster.daemon"),
        (("--nthreads", "1"), {"PYTHONPATH": "", "PYTHONSAFEPATH": "1"}, "cluster.no_answer"),
    ],
)
def test_a_worker_that_was_started_otherwise_is_told(
    tmp_path: Path, options: tuple[str, ...], settings: dict[str, str], key: str
) -> None:
    if key == "cluster.no_answer":
        (tmp_path / "elsewhere" / "pipeline").mkdir(parents=True)  # an older version, which knows of no cluster
        (tmp_path / "elsewhere" / "pipeline" / "__init__.py").touch()
        settings = {"PYTHONPATH": str(tmp_path / "elsewhere")}
    with DaskCluster(tmp_path / "home") as running:
        running.add_worker("odd", options, **settings)
        with pytest.raises(WorkersUnfit) as caught, connected(running.address, None, TEXTS, say):
            pass
    assert caught.value.key == key
    assert "tcp://127.0.0.1:" in caught.value.tell(TEXTS)


def test_a_scheduler_that_is_lost_ends_the_batch_with_a_paragraph(tmp_path: Path) -> None:
    with DaskCluster(tmp_path / "home") as running:
        running.add_worker("one")
        with connected(running.address, None, TEXTS, say) as workers:
            results: Any = workers(take_note, [Note(tmp_path, "short"), Note(tmp_path, "long", 600.0)], 0)
            next(results)
            wait_for(lambda: "long" in at_work(tmp_path))
            process, _ = at_work(tmp_path)["long"]
            running.programs["scheduler"].kill()
            with pytest.raises(ClusterLost):
                next(results)
        wait_for(lambda: not is_running(process))
    assert at_work(tmp_path) == {}


def test_nobody_at_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    for address in ("tcp://127.0.0.1:9", "tls://127.0.0.1:9"):
        with pytest.raises(NoScheduler) as caught, connected(address, None, TEXTS, say):
            pass
        assert address in caught.value.tell(TEXTS)


@pytest.mark.parametrize("address", ["not an address", "foo", "tcp://host", "8786"])
def test_what_is_no_address_is_told_at_once(address: str) -> None:
    with pytest.raises(ParameterError) as caught, connected(address, None, TEXTS, say):
        pass
    assert address in caught.value.tell(TEXTS)


class Instant:
    """Stands for a client whose jobs are done as soon as they are sent; counts how many are held at a time."""

    status = "running"

    def __init__(self) -> None:
        self.held = self.most = 0

    def nthreads(self) -> dict[str, int]:
        return {"one": 1, "two": 1}

    def submit(self, _do: Any, _name: str, task: Callable[[Any], Any], job: Any, *, key: str, **_: Any) -> Any:
        self.held += 1
        self.most = max(self.most, self.held)
        return InstantFuture(self, key, task(job))


class InstantFuture:
    status = "finished"

    def __init__(self, client: Instant, key: str, value: Any) -> None:
        self.client, self.key, self.value = client, key, value

    def add_done_callback(self, tell: Callable[[Any], None]) -> None:
        tell(self)

    def result(self) -> Any:
        self.client.held -= 1
        return self.value


def test_of_thousands_of_jobs_as_many_are_held_as_there_are_workers() -> None:
    client = Instant()
    workers = Cluster(client, "tcp://x", TEXTS, say, {})  # type: ignore[arg-type]
    assert [job for job, _ in workers(double, list(range(3000)), 0)] == list(range(3000))
    assert client.most == 2


class Silent(Instant):
    """Stands for a client whose scheduler answers no more."""

    def submit(self, *_: Any, **__: Any) -> Any:
        raise TimeoutError("Timed out trying to connect to tcp://x after 10 s")

    def cancel(self, *_: Any, **__: Any) -> None:
        raise TimeoutError("Timed out trying to connect to tcp://x after 10 s")


def test_a_scheduler_that_falls_silent_is_no_fault_of_the_disk() -> None:
    workers = Cluster(Silent(), "tcp://x", TEXTS, say, {})  # type: ignore[arg-type]
    with pytest.raises(ClusterLost) as caught:
        list(workers(double, [1, 2], 0))
    assert "已发布的报告都是完整的" in caught.value.tell(TEXTS)


def test_an_address_in_the_clear_is_refused_where_the_settings_ask_for_tls() -> None:
    with (
        dask_settings.set({"distributed.comm.require-encryption": True}),
        pytest.raises(NoScheduler) as caught,
        connected("tcp://127.0.0.1:9", None, TEXTS, say),
    ):
        pass
    assert caught.value.key == "cluster.needs_tls"


def test_workers_that_go_are_told_on_a_busy_cluster_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.0)
    client, told = Instant(), list[str]()
    workers = Cluster(client, "tcp://x", TEXTS, told.append, {})  # type: ignore[arg-type]
    results = workers(double, list(range(9)), 0)
    next(results)
    client.nthreads = lambda: {"one": 1}  # type: ignore[method-assign]
    assert len(list(results)) == 8
    assert told == [TEXTS("cluster.fewer_workers", count=1, before=2)]


def test_a_worker_that_could_not_be_looked_at_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr("pipeline.runs.cluster.jobs.describe_machine", fail)
    attendant = Attendant({}, None, [])
    assert attendant.unfit is not None
    attendant.setup(SimpleNamespace(address="tcp://10.0.0.2:1"))  # type: ignore[arg-type]
    assert attendant.unfit is not None
    with pytest.raises(WorkersUnfit) as caught:
        check_machine(attendant.unfit.address, attendant.unfit, {})
    assert "tcp://10.0.0.2:1" in caught.value.tell(TEXTS)
    assert "Stale file handle" in caught.value.tell(TEXTS)


def test_nothing_big_goes_through_the_scheduler() -> None:
    folder = Path("/mnt/share/province") / ("很长的名字" * 10)
    job = Job("示例县" * 10, 10**9, Request(folder / "raw", "2021Q4", "zh", folder / "processed", folder / "figures"))
    done = Done("failed", 1, 12.5, "system", "为什么" * 100)
    assert max(len(pickle.dumps(job)), len(pickle.dumps(done))) < SMALL_BYTES


def test_without_the_extra_one_paragraph_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    (tmp_path / "raw" / "县").mkdir(parents=True)
    (tmp_path / "raw" / "县" / "花名册.xlsx").touch()
    places = ["--processed", str(tmp_path / "p"), "--figures", str(tmp_path / "f")]
    assert cli.main(["batch", str(tmp_path / "raw"), "--scheduler", "tcp://127.0.0.1:9", *places]) == 2
    assert cli.main(["batch", "file:///nowhere", *places]) == 2
    told = capsys.readouterr().err
    assert told.count("pip install -e '.[cluster]'") == 2
    assert cli.main(["batch", str(tmp_path / "raw"), "--scheduler", "x", "--workers", "2"]) == 2


def test_a_batch_on_this_computer_loads_nothing_of_the_cluster() -> None:
    program = "import sys, pipeline.runs.cluster.batch; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"dask", "distributed", "fsspec", "pandas"} & set(loaded.stdout.split())


def test_a_worker_that_outlives_an_update_says_what_it_has_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded_kit.cache_clear()
    before = loaded_kit()
    monkeypatch.setattr("pipeline.runs.cluster.kit.fingerprint_code", lambda _: "0123456789abcdef")
    assert describe_kit()["ronghe"] == "0123456789ab"
    assert loaded_kit() == before
    loaded_kit.cache_clear()


def test_the_first_difference_is_told() -> None:
    assert find_difference({"a": "1"}, {"a": "1", "b": "2"}) is None
    difference = find_difference({"a": "1", "b": "2"}, {"a": "1"})
    assert difference is not None
    assert (difference.what, difference.expected, difference.seen) == ("b", "2", "")
