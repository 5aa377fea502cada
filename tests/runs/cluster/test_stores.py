"""Folders at addresses: what is copied, in which order, and what is left alone.

The stand-in of `desk.py` makes the reports, in this process; test_cluster_end_to_end.py has the real ones.
"""

import errno
import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.parameters import ParameterError
from pipeline.runs.batch import jobs as batch_jobs
from pipeline.runs.batch.bureaus import BatchOutcome, BatchRequest, NotLookedAt
from pipeline.runs.batch.jobs import Done, Latest
from pipeline.runs.batch.progress import BatchProgress
from pipeline.runs.cluster import stores_batch, stores_jobs
from pipeline.runs.cluster.stores import (
    BadAddress,
    Listed,
    Store,
    StoreFailed,
    as_address,
    hide_credentials,
    is_address,
)
from pipeline.runs.cluster.stores_batch import run_batch_at
from pipeline.runs.cluster.stores_jobs import SOURCES, Addresses
from pipeline.runs.publishing.publications import PUBLICATIONS
from pipeline.runs.records.failures import TaskDied
from pipeline.runs.records.manifest import read_published
from pipeline.runs.records.places import MANIFEST
from pipeline.texts import load_texts
from tests.runs.desk import Desk
from tests.runs.desk import here as desk_here

TEXTS = load_texts("zh")
NAME, QUARTER = "县局", "2021Q4"


@dataclass
class Province:
    """A bureau at an address, and what happens there."""

    desk: Desk
    home: Path
    copied: list[tuple[str, str]] = field(default_factory=list)  # what was done with which file, in order
    said: io.StringIO = field(default_factory=io.StringIO)

    @property
    def addresses(self) -> Addresses:
        return Addresses(*(as_address(self.home / name) for name in ("原始", "表", "图")))

    def run(self, quarter: str | None = QUARTER, *, is_forced: bool = False) -> BatchOutcome:
        self.copied.clear()
        nowhere = Path("nowhere")
        request = BatchRequest(nowhere, quarter, "zh", nowhere / "p", nowhere / "f", 1, is_forced)
        progress = BatchProgress(self.said, TEXTS)
        return run_batch_at(self.addresses, request, TEXTS, progress, here)

    def fetched(self) -> set[str]:
        return {name for what, name in self.copied if what == "fetch"}

    def standing(self) -> dict[str, bytes]:
        paths = (path for path in self.home.rglob("*") if path.is_file() and "原始" not in path.parts)
        return {path.relative_to(self.home).as_posix(): path.read_bytes() for path in paths}

    @property
    def pages(self) -> Path:
        return self.home / "图" / NAME / QUARTER

    @property
    def tables(self) -> Path:
        return self.home / "表" / NAME


def here(task: Callable[[Any], Any], jobs: Sequence[Any], workers: int) -> Iterator[tuple[Any, Any]]:
    """Do jobs in this process, where the stand-ins are."""
    for job in jobs:
        yield job, task(job)


@pytest.fixture
def province(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Province:
    home = tmp_path / "远方"
    shutil.copytree(desk.request.bureau, home / "原始" / NAME)
    found = Province(desk, home)
    monkeypatch.setattr("pipeline.runs.processes.tasks.can_fork", lambda: False)  # the stand-ins are here
    for module in (batch_jobs, stores_jobs):
        monkeypatch.setattr(module, "find_workspace", lambda: desk.workspace)

    def noting(what: str, real: Callable[..., None]) -> Callable[..., None]:
        def note(store: Store, first: Any, second: Any = ()) -> None:
            names = {"fetch": first, "put": second, "remove": first}[what]
            listed = list(names)
            found.copied.extend((what, f"{store.address.rsplit('/', 1)[-1]}/{name}") for name in listed)
            real(store, *((first, listed) if what == "put" else (listed, second) if what == "fetch" else (listed,)))

        return note

    for what in ("fetch", "put", "remove"):
        monkeypatch.setattr(Store, what, noting(what, getattr(Store, what)))

    def write_province(_done: Any, _choice: Any, processed: Path, figures: Path, _texts: Any) -> Path:
        assert (processed / NAME / QUARTER / "panel.parquet").read_text() == QUARTER
        assert read_published(figures / NAME / QUARTER) is not None
        (figures / "across_bureaus" / "a" / "quarter=2021Q4").mkdir(parents=True)
        (figures / "across_bureaus" / "a" / "quarter=2021Q4" / "data.parquet").touch()
        (figures / "index.html").touch()
        return figures / "index.html"

    monkeypatch.setattr("pipeline.runs.batch.bureaus.write_province", write_province)
    monkeypatch.setattr("pipeline.runs.batch.bureaus.in_fork", desk_here)
    return found


def test_a_report_is_made_of_copies_and_put_where_it_belongs(province: Province) -> None:
    outcome = province.run()
    assert outcome.done[NAME].state == "published"
    assert set(province.standing()) == {
        f"表/{NAME}/{SOURCES}",
        f"表/{NAME}/{PUBLICATIONS}",
        f"表/{NAME}/{QUARTER}/ledger.json",
        f"表/{NAME}/{QUARTER}/panel.parquet",
        f"图/{NAME}/index.html",
        f"图/{NAME}/{QUARTER}/report.html",
        f"图/{NAME}/{QUARTER}/{MANIFEST}",
        "图/across_bureaus/a/quarter=2021Q4/data.parquet",
        "图/index.html",
    }
    manifest = read_published(province.pages)
    assert manifest is not None
    assert manifest.basis.parameters.bureau_dir == NAME
    assert [file.path for file in manifest.basis.inputs] == ["b.csv", "月报.xlsx"]


def test_the_manifest_is_copied_last_and_taken_away_first(province: Province) -> None:
    province.run()
    province.run(is_forced=True)
    own = [(what, name) for what, name in province.copied if name.startswith(f"{NAME}/{QUARTER}") and what != "fetch"]
    manifest = f"{NAME}/{QUARTER}/{MANIFEST}"
    assert own[0] == ("remove", manifest)
    assert own[-1] == ("put", manifest)


def test_a_half_copied_quarter_is_no_published_one(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    put, count = Store.put, 0

    def fail_at_the_pages(store: Store, folder: Path, names: Sequence[str]) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise StoreFailed("stores.failed", address=store.address, reason="full")
        put(store, folder, names)

    monkeypatch.setattr(Store, "put", fail_at_the_pages)
    outcome = province.run()
    assert (outcome.done[NAME].state, outcome.page) == ("failed", None)
    assert "full" in outcome.done[NAME].told
    assert read_published(province.pages) is None
    monkeypatch.setattr(Store, "put", put)
    assert province.run().done[NAME].state == "published"
    assert province.run().done[NAME].state == "unchanged"


def test_what_stands_unchanged_is_not_copied(province: Province) -> None:
    province.run()
    before = province.standing()
    outcome = province.run()
    assert outcome.done[NAME].state == "unchanged"
    assert province.desk.stand_in.made == 1
    assert not {name for name in province.fetched() if name.endswith((".xlsx", ".csv"))}
    assert province.standing() == before


def test_without_a_quarter_the_manifests_tell_which_without_a_copy(province: Province) -> None:
    province.run()
    outcome = province.run(quarter=None)
    assert outcome.choice.quarter == QUARTER
    assert outcome.done[NAME].state == "unchanged"
    assert province.desk.stand_in.read == 1
    assert not {name for name in province.fetched() if name.endswith((".xlsx", ".csv"))}


@pytest.mark.parametrize("lost", [SOURCES, f"{QUARTER}/panel.parquet"])
def test_what_is_lost_is_noticed(province: Province, lost: str) -> None:
    province.run()
    (province.tables / lost).unlink()
    state = province.run().done[NAME].state
    assert state == ("unchanged" if lost == SOURCES else "published")
    assert (province.tables / lost).is_file()
    assert province.run().done[NAME].state == "unchanged"


def test_a_changed_workbook_makes_a_report_that_knows_the_last_one(province: Province) -> None:
    province.run()
    (province.pages / "of_old.html").touch()
    (province.home / "原始" / NAME / "b.csv").write_text("changed", encoding="utf-8")
    assert province.run().done[NAME].state == "published"
    manifest = read_published(province.pages)
    assert manifest is not None
    assert manifest.changes.changed == ("b.csv",)
    assert manifest.changes.since is not None
    assert not (province.pages / "of_old.html").exists()


def test_a_temporary_folder_is_named_to_nobody(province: Province) -> None:
    province.desk.stand_in.fails = ParameterError("parameter.bureau_missing", seen="县")

    def fail(job: Any) -> Done:
        return Done("failed", told=f"see {job.request.bureau}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores_jobs, "report_bureau", fail)
        told = province.run().done[NAME].told
    assert told == f"see {province.addresses.root}/{NAME}"


def test_errors_of_a_batch_name_the_address(province: Province) -> None:
    shutil.rmtree(province.home / "原始")
    with pytest.raises(ParameterError) as caught:
        province.run()
    assert province.addresses.root in caught.value.tell(TEXTS)


@pytest.mark.parametrize(
    ("places", "key"),
    [
        (("s3://a/raw", "s3://a/p", "s3://a/p"), "run.same_folder"),
        (("s3://a/raw", "s3://a/raw/p", "s3://a/f"), "batch.output_inside"),
        (("s3://a/f/raw", "s3://a/p", "s3://a/f"), "batch.root_inside"),
    ],
)
def test_results_lie_apart(province: Province, places: tuple[str, str, str], key: str) -> None:
    request = BatchRequest(Path("r"), QUARTER, "zh", Path("p"), Path("f"))
    with pytest.raises(ParameterError, match=key):
        run_batch_at(Addresses(*places), request, TEXTS, BatchProgress(io.StringIO(), TEXTS), here)


@pytest.mark.parametrize("address", ["nosuch://a/b", "s3://bucket/a"])
def test_an_address_that_nothing_here_reads_is_told(address: str) -> None:
    with pytest.raises((BadAddress, StoreFailed)) as caught:
        Store(address).check()
    assert address in caught.value.tell(TEXTS)


def test_paths_become_addresses(tmp_path: Path) -> None:
    assert as_address("s3://a/b/") == "s3://a/b"
    assert as_address(tmp_path / "县 #1").endswith("/县 #1")
    assert [is_address(place) for place in ("s3://a", "data/raw", "C:\\data")] == [True, False, False]


def test_a_store_copies_what_it_is_told(tmp_path: Path) -> None:
    store = Store(as_address(tmp_path / "远 #方"))
    assert store.names() == {}
    (tmp_path / "here" / "一").mkdir(parents=True)
    (tmp_path / "here" / "一" / "二.txt").write_text("三", encoding="utf-8")
    store.put(tmp_path / "here", ["一/二.txt"])
    assert {name: listed.bytes for name, listed in store.names().items()} == {"一/二.txt": 3}
    (store / "一").fetch(["二.txt"], tmp_path / "back")
    assert (tmp_path / "back" / "二.txt").read_text(encoding="utf-8") == "三"
    store.remove(["一/二.txt", "not there"])
    assert store.names() == {}


def test_a_sketch_has_names_and_sizes(tmp_path: Path) -> None:
    Store("s3://a").sketch({"a/b.xlsx": Listed(10**9, "")}, tmp_path)
    assert (tmp_path / "a" / "b.xlsx").stat().st_size == 10**9
    assert stores_batch.page_address(tmp_path / "index.html", Addresses("r", "p", "s3://f")) == "s3://f/index.html"


def test_a_store_that_dates_nothing_is_read_to_know_that_nothing_has_changed(province: Province) -> None:
    import fsspec

    root = f"memory://{province.home.name}-{id(province)}"
    for path in (province.home / "原始" / NAME).iterdir():
        fsspec.filesystem("memory").pipe(f"{root}/raw/{NAME}/{path.name}", path.read_bytes())
    request = BatchRequest(Path("r"), QUARTER, "zh", Path("p"), Path("f"), 1)
    addresses = Addresses(f"{root}/raw", f"{root}/p", f"{root}/f")

    def run() -> str:
        return run_batch_at(addresses, request, TEXTS, BatchProgress(io.StringIO(), TEXTS), here).done[NAME].state

    assert [run(), run()] == ["published", "unchanged"]
    assert province.desk.stand_in.made == 1
    assert f"{NAME}/{QUARTER}/{MANIFEST}" in Store(addresses.figures).names()
    fsspec.filesystem("memory").pipe(f"{root}/raw/{NAME}/b.csv", b"changed")
    assert run() == "published"


def listing(patch: pytest.MonkeyPatch, *keys: str) -> Store:
    """A store that lists these keys, as they come from S3."""

    class Files:
        def find(self, base: str, **_: Any) -> dict[str, dict[str, int]]:
            return {f"{base}/{key}" if key else base: {"size": 2} for key in keys}

    patch.setattr(Store, "_open", lambda _: (Files(), "province/raw"))
    return Store("s3://province/raw")


@pytest.mark.parametrize("key", ["甲/../../../../etc/x.csv", "a/./b.csv", "a//b.csv", "..", "a/b\0c"])
def test_a_name_that_would_lead_elsewhere_is_never_followed(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    store = listing(monkeypatch, "good.csv", key)
    with pytest.raises(StoreFailed) as caught:
        store.names()
    assert caught.value.key == "stores.bad_name"
    assert repr(key)[1:-1] in repr(caught.value.tell(TEXTS))


def test_what_a_console_keeps_for_a_folder_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    store = listing(monkeypatch, "", "甲/", "甲/a.csv")
    assert list(store.names()) == ["甲/a.csv"]


@pytest.mark.parametrize("names", [("a" * 300,), ("a", "a/b")])
def test_a_name_that_no_disk_takes_is_told(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(StoreFailed) as caught:
        Store("s3://a").sketch({name: Listed(1, "") for name in names}, tmp_path)
    assert caught.value.values["name"] == names[-1]
    assert str(tmp_path) not in caught.value.tell(TEXTS)


def test_a_password_in_an_address_is_refused_and_repeated_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "s3://someone:Passw0rd@province/raw"
    log = tmp_path / "log"
    assert cli.main(["batch", secret, "--processed", "s3://p", "--figures", "s3://f", "--log", str(log)]) == 2
    told = capsys.readouterr()
    assert "docs/cluster.md" in told.err
    for text in (told.out, told.err, log.read_text(encoding="utf-8")):
        assert "Passw0rd" not in text
    assert hide_credentials(f"batch {secret} x@y") == "batch s3://…@province/raw x@y"


@pytest.mark.parametrize(
    "address",
    [
        "s3://AKIAX:wJalr/K7+x@bucket/raw",
        "sftp://u:pa@ss@host/raw",
        "ftp://someone@host/raw",
        "simplecache::s3://k:wJalr/K7@b/raw",
        "az://c/raw?sv=1&sig=wJalr%2FK7",
    ],
)
def test_whatever_is_secret_in_an_address_is_hidden(address: str) -> None:
    with pytest.raises(BadAddress) as caught:
        as_address(address)
    assert caught.value.key == "stores.credentials"
    hidden = hide_credentials(f"--processed {address} --figures s3://f")
    assert not any(secret in hidden for secret in ("wJalr", "pa@ss", "ss@", "someone"))
    assert hidden.endswith(" --figures s3://f")


@pytest.mark.parametrize(
    "address",
    ["abfs://raw@account.dfs.core.windows.net/province", "s3://province/a b#1+2%41?x=1&y", "s3://province/甲@乙"],
)
def test_an_address_without_a_secret_is_taken_as_it_is(address: str) -> None:
    assert as_address(address) == address


def test_a_store_that_may_not_be_listed_is_no_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Denying:
        def ls(self, *_: Any, **__: Any) -> list[str]:
            raise PermissionError("Access Denied")

    monkeypatch.setattr(Store, "_open", lambda _: (Denying(), "province"))
    with pytest.raises(StoreFailed):
        Store("s3://province").check()


def test_a_full_disk_is_no_bad_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(OSError, match="No space left"):
        Store("s3://a").sketch({"a/b.csv": Listed(1, "")}, tmp_path)


def test_nothing_is_taken_away_where_nothing_can_be_written(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.run()
    before = province.standing()

    def deny(store: Store) -> None:
        raise StoreFailed("stores.failed", address=store.address, reason="Access Denied")

    monkeypatch.setattr(Store, "check_writable", deny)
    with pytest.raises(StoreFailed):
        province.run(is_forced=True)
    monkeypatch.setattr(Store, "check_writable", lambda store: deny(store) if store.address.endswith(NAME) else None)
    assert province.run(is_forced=True).done[NAME].state == "failed"
    assert province.standing() == before


def test_a_trial_leaves_nothing(tmp_path: Path) -> None:
    Store(as_address(tmp_path / "new")).check_writable()
    assert list((tmp_path / "new").iterdir()) == []


def test_a_bureau_whose_results_cannot_be_listed_fails_alone(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreFailed("stores.failed", address="s3://x", reason="gone")

    monkeypatch.setattr("pipeline.runs.cluster.stores_batch._Carrying._fetch", fail)
    done = province.run().done[NAME]
    assert (done.state, done.why) == ("failed", "system")
    assert "gone" in done.told


def test_a_store_that_fails_chooses_no_other_quarter(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    quarters = {"甲局": "2021Q4", "乙局": None, "丙局": "2021Q4", NAME: "2021Q4"}
    for name in quarters.keys() - {NAME}:
        shutil.copytree(province.home / "原始" / NAME, province.home / "原始" / name, dirs_exist_ok=True)

    def latest(copies: Any, _do: Any) -> Latest:
        if quarters[copies.job.name] is None:
            raise StoreFailed("stores.failed", address="s3://x", reason="denied")
        return Latest(quarters[copies.job.name])

    monkeypatch.setattr(stores_jobs, "_latest", latest)
    assert province.run(None).choice.quarter == "2021Q4"  # whatever the one has that nobody could look at
    quarters |= {"甲局": "2021Q3", "丙局": "2021Q3"}
    with pytest.raises(NotLookedAt) as caught:
        province.run(None)
    assert "denied" in caught.value.tell(TEXTS)
    quarters |= {"甲局": None, "丙局": None, NAME: "2021Q3"}  # all others may be further
    with pytest.raises(NotLookedAt):
        province.run(None)


@pytest.mark.parametrize("bad", ["../../x.csv", "a" * 300 + ".csv", "a//b.csv"])
def test_a_bureau_with_a_name_that_is_none_fails_alone(
    province: Province, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    shutil.copytree(province.home / "原始" / NAME, province.home / "原始" / "乙局")
    real = Store.all_names

    def all_names(store: Store) -> dict[str, Listed]:
        found = real(store)
        if store.address == province.addresses.root:
            found[f"乙局/{bad}"] = Listed(2, "")
        if store.address == f"{province.addresses.root}/乙局":
            found[bad] = Listed(2, "")
        return dict(sorted(found.items()))

    monkeypatch.setattr(Store, "all_names", all_names)
    done = province.run().done
    assert {name: result.state for name, result in done.items()} == {NAME: "published", "乙局": "failed"}
    assert bad in done["乙局"].told
    assert str(province.home.parent / "tmp") not in done["乙局"].told
    assert not (province.home.parent / "x.csv").exists()


def test_a_report_whose_process_was_ended_is_lost_and_no_fault_of_the_disk(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(_: Any) -> None:
        raise TaskDied("run.task_died", status=-9)

    monkeypatch.setattr(stores_jobs, "report_bureau", end)
    done = province.run().done[NAME]
    assert (done.state, done.why) == ("failed", "lost")
