"""Reports on a real cluster, one worker of it killed, in a shared folder and at addresses: the bytes of this computer.

One long test: its stages share what was made, since every report takes its time.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from distributed import Client

from pipeline.runs.publishing.publications import PUBLICATIONS
from pipeline.runs.records.manifest import read_published
from pipeline.runs.records.places import MANIFEST
from tests.generator import generate_bureau
from tests.runs.dask_cluster import ROOT, DaskCluster, wait_for

QUARTER = "2021Q4"
BUREAUS = ("示例甲县", "示例乙县")
# The clocks of what is published: when a report was made (manifest, page across bureaus), and the seal of a library,
# which is a digest of manifests
CLOCKS = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d\+00:00)?|<!-- ronghe library [0-9a-f ]+ -->")

OF_CLOCKS = {"at", "manifest"}  # in a line of the log: when, and the digest of a file that says when


def test_a_cluster_publishes_the_same_bytes(tmp_path: Path) -> None:
    home = tmp_path / "全省"
    for seed, name in enumerate(BUREAUS, start=1):
        generate_bureau(home / "raw" / name, first="2021-07", last="2021-12", seed=seed, mistakes="none")
    told = batch(str(home / "raw"), str(home / "local"), "--workers", "2")
    assert "已发布 2，没有变化 0，未报 0，失败 0" in told
    local = published(home / "local")
    assert len(local) > 100
    with DaskCluster(tmp_path / "cluster") as cluster:
        cluster.add_worker("one")
        cluster.add_worker("two")
        check_a_killed_worker(home, cluster, local)
        check_addresses(home, cluster, local)
        assert cluster.left_over() == []
    assert not list(home.rglob("*.building"))


def check_a_killed_worker(home: Path, cluster: DaskCluster, local: Mapping[str, bytes]) -> None:
    command = words(str(home / "raw"), str(home / "shared"), "--scheduler", cluster.address)
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment()) as running:
        wait_for(lambda: len(list(home.joinpath("shared").rglob("*.building"))) >= 2 or running.poll() is not None)
        with Client(cluster.address, set_as_default=False) as client:
            os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)
        told, _ = running.communicate()
    assert running.returncode == 0, told
    assert "已发布 2，没有变化 0，未报 0，失败 0" in told
    assert published(home / "shared") == local


def check_addresses(home: Path, cluster: DaskCluster, local: Mapping[str, bytes]) -> None:
    store = home / "store"
    shutil.copytree(home / "raw", store / "raw")
    results = f"file://{store}/results"
    told = batch(f"file://{store}/raw", results, "--scheduler", cluster.address)
    assert "已发布 2，没有变化 0，未报 0，失败 0" in told
    assert told.splitlines()[-1] == f"各单位汇总：{results}/figures/index.html"
    assert published(store / "results") == local
    again = batch(f"file://{store}/raw", results, "--scheduler", cluster.address)
    assert "已发布 0，没有变化 2，未报 0，失败 0" in again
    manifest = read_published(store / "results" / "figures" / BUREAUS[0] / QUARTER)
    assert manifest is not None
    assert manifest.basis.parameters.bureau_dir == BUREAUS[0]


def batch(root: str, results: str, *options: str) -> str:
    done = subprocess.run(
        words(root, results, *options), capture_output=True, encoding="utf-8", env=environment(), check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def words(root: str, results: str, *options: str) -> list[str]:
    places = ("--processed", f"{results}/processed", "--figures", f"{results}/figures")
    return [sys.executable, "-m", "pipeline", "batch", root, "--quarter", QUARTER, *places, *options]


def environment() -> dict[str, str]:
    return {**os.environ, "BROWSER_PATH": str(ROOT / "no-such-browser"), "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}


def published(folder: Path) -> dict[str, bytes]:
    """Return every published file without its clocks; hidden files and what is kept of a reading are no results."""
    files = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): without_clocks(path)
        for name, path in files.items()
        if not any(part.startswith(".") or part == "cache" for part in name.parts)
    }


def without_clocks(path: Path) -> bytes:
    if path.name == PUBLICATIONS:
        lines = [json.loads(line) for line in path.read_bytes().splitlines()]
        return json.dumps(
            [{name: line[name] for name in line.keys() - OF_CLOCKS} for line in lines], sort_keys=True
        ).encode()
    if path.name == MANIFEST:
        return json.dumps({**json.loads(path.read_bytes()), "run_at": ""}).encode()
    return CLOCKS.sub(b"", path.read_bytes()) if path.name == "index.html" else path.read_bytes()
