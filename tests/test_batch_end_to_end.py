"""Bureaus from workbooks to the page across them, through the real command, notebooks and processes.

One long test, since each report takes a minute; its stages are functions in the order in which an analyst meets them.
"""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import read_bureau
from pipeline.runs.batch.root import DATA_SET
from pipeline.texts import load_texts
from tests.generator import generate_bureau
from tests.leaks import find_leaks, kept_texts, private_words

ROOT = Path(__file__).resolve().parent.parent
QUARTER = "2021Q4"
REPORTED = ("示例甲县", "示例乙县")
START_SECONDS = 120.0  # for a worker to begin on a busy machine


@dataclass(frozen=True)
class Province:
    """Four bureaus: two whose reports are made, one without the quarter, one whose tables cannot be written."""

    home: Path

    @property
    def raw(self) -> Path:
        return self.home / "raw"

    @property
    def figures(self) -> Path:
        return self.home / "figures"

    def command(self, *options: str) -> list[str]:
        places = ("--processed", str(self.home / "processed"), "--figures", str(self.figures))
        return [sys.executable, "-m", "pipeline", "batch", str(self.raw), "--workers", "2", *places, *options]

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*options), capture_output=True, encoding="utf-8", env=environment(), check=False
        )

    def published(self) -> dict[str, bytes]:
        files = (path for path in self.figures.rglob("*") if path.is_file() and path.name != ".lock")
        return {path.relative_to(self.figures).as_posix(): path.read_bytes() for path in files}


def environment() -> dict[str, str]:
    return {**os.environ, "BROWSER_PATH": str(ROOT / "no-such-browser"), "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}


def make_province(home: Path) -> Province:
    province = Province(home)
    for seed, name in enumerate(REPORTED, start=1):
        generate_bureau(province.raw / name, first="2021-07", last="2021-12", seed=seed, mistakes="none")
    generate_bureau(province.raw / "示例迟县", first="2021-07", last="2021-09", seed=3, mistakes="none")
    generate_bureau(province.raw / "示例败县", first="2021-10", last="2021-12", seed=4, mistakes="none")
    (province.raw / "说明.docx").touch()
    (home / "processed").mkdir()
    (home / "processed" / "示例败县").touch()  # a file where the folder of its tables would be
    return province


def test_a_province_from_first_to_last(tmp_path: Path) -> None:
    province = make_province(tmp_path / "全省")
    check_a_stopped_batch_leaves_nothing_half(province)
    check_a_batch(province)
    check_the_page(province)
    check_the_data_set(province)
    check_nothing_changed(province)


def check_a_stopped_batch_leaves_nothing_half(province: Province) -> None:
    pipe = subprocess.PIPE
    command = province.command("--quarter", QUARTER)
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, encoding="utf-8", env=environment()) as batch:
        until = time.monotonic() + START_SECONDS
        while not list(province.home.rglob("*.building")):
            assert batch.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
        batch.send_signal(signal.SIGINT)
        _, err = batch.communicate(timeout=START_SECONDS)
    assert batch.returncode == 3
    assert "已按要求停止" in err
    assert "Traceback" not in err
    assert not list(province.home.rglob("*.building"))
    assert not (province.figures / "index.html").exists()
    assert processes_of(province) == []


def processes_of(province: Province) -> list[str]:
    """Return the command lines of processes that still know the folder: workers, kernels."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().decode("utf-8", "replace")
        except OSError:
            continue  # it has ended
        if str(province.home) in line:
            found.append(line)
    return found


def check_a_batch(province: Province) -> None:
    done = province.run()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "跳过  说明.docx" in done.stdout
    assert f"全部单位做同一个季度：{QUARTER}" in done.stdout
    assert "已发布 2，没有变化 0，未报 1，失败 1" in done.stdout
    assert len(re.findall(r"^失败  示例败县：", done.stdout, re.MULTILINE)) == 1
    assert done.stdout.splitlines()[-1] == f"各单位汇总：{province.figures / 'index.html'}"
    for name in REPORTED:
        assert (province.figures / name / QUARTER / "report.html").is_file()
    assert not (province.figures / "示例迟县").exists()


def check_the_page(province: Province) -> None:
    page = (province.figures / "index.html").read_text(encoding="utf-8")
    assert "示例数据" in page
    links = re.findall(r'<a href="([^#"][^"]*)"', page)
    assert len(links) >= 2 * len(REPORTED)
    assert all((province.figures / unquote(link)).is_file() for link in links)
    assert str(province.home) not in page
    catalog, texts = load_catalog(), load_texts("zh")
    for name in REPORTED:
        reading = read_bureau(province.raw / name, catalog, texts)
        words = private_words(reading, province.raw / name) | kept_texts(reading, catalog)
        assert find_leaks(province.figures, words) == []  # the page, its data set, and every bureau's report


def check_the_data_set(province: Province) -> None:
    rows = pd.read_parquet(province.figures / DATA_SET / "bureaus_by_quarter").set_index("bureau")
    assert rows["state"].to_dict() == {**dict.fromkeys(REPORTED, "reported"), "示例迟县": "late", "示例败县": "failed"}
    processed = province.home / "processed" / REPORTED[0] / QUARTER
    standings = pd.read_parquet(processed / "standings_by_group_quarter.parquet")
    mean = standings.loc[standings["quarter"] == QUARTER, "points_mean"].mean()
    assert rows.loc[REPORTED[0], "points_mean"] == mean
    relations = pd.read_parquet(province.figures / DATA_SET / "relationships_by_bureau_quarter")
    assert set(relations["province_verdict"]) == {"insufficient"}  # six months claim nothing


def check_nothing_changed(province: Province) -> None:
    before = province.published()
    again = province.run("--quarter", QUARTER)
    assert again.returncode == 1
    assert "已发布 0，没有变化 2，未报 1，失败 1" in again.stdout
    after = province.published()
    assert after.keys() == before.keys()
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["index.html"]  # it says that the quarter was asked for
    third = province.run("--quarter", QUARTER)
    assert third.returncode == 1
    assert province.published() == after
