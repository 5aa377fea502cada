"""What a batch leaves beside the bureaus' folders: the page of the latest, and a data set of every quarter."""

from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest
from pyarrow.dataset import dataset

from pipeline.parameters import RunParameters
from pipeline.report.material.published import Changes
from pipeline.report.province import view as loading
from pipeline.report.province.batched import Choice
from pipeline.report.province.view import BUREAUS, RELATIONSHIPS, TABLES
from pipeline.runs.batch.jobs import Done
from pipeline.runs.batch.province import write_province
from pipeline.runs.batch.root import DATA_SET
from pipeline.runs.records.fingerprints import InputHash
from pipeline.runs.records.manifest import Basis, Manifest
from pipeline.texts import load_texts
from tests.report.province_material import QUARTER, publish, stored_again
from tests.runs.desk import FINDINGS

NAMES = ["甲县", "乙 县"]
TEXTS = load_texts("zh")
DONE = {
    "甲县": Done("published", seconds=12.5),
    "乙 县": Done("unchanged"),
    "丙县": Done("late", told="没有数据"),
    "丁县": Done("failed", why="busy", told="/secret/path 忙"),
}


def manifest(folder: Path, run_at: str) -> None:
    """Publish a report that consists of its manifest and an empty page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.html").touch()
    made = Manifest(
        basis=Basis(RunParameters(), (InputHash("月报.xlsx", "0" * 64, 1, "name"),), "c" * 64, {"python": "3.11.0"}),
        findings=FINDINGS,
        changes=Changes(),
        published=(),
        tables=(),
        run_at=run_at,
        exit_status=0,
    )
    made.write(folder / "manifest.json")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which two bureaus are published, and two more have earlier reports."""
    made = tmp_path_factory.mktemp("home")
    publish(made / "processed", NAMES)
    for number, name in enumerate(NAMES):
        manifest(made / "figures" / name / QUARTER, f"2022-01-0{number + 1}T08:00:00+00:00")
        (made / "figures" / name / "index.html").touch()
    manifest(made / "figures" / "丙县" / "2021Q2", "2021-07-01T08:00:00+00:00")
    manifest(made / "figures" / "丁县" / QUARTER, "2022-01-01T07:00:00+00:00")
    return made


def write(home: Path) -> Path:
    with patch.object(loading, "assess_again", stored_again):
        return write_province(DONE, Choice(QUARTER, 2, 4), home / "processed", home / "figures", TEXTS)


def written(home: Path) -> dict[str, bytes]:
    figures = home / "figures"
    paths = [figures / "index.html", *sorted((figures / DATA_SET).rglob("*"))]
    return {path.relative_to(figures).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def test_the_same_published_folders_give_the_same_bytes_and_nothing_else(home: Path) -> None:
    page = write(home)
    first = written(home)
    assert set(first) == {
        "index.html",
        *(f"{DATA_SET}/{name}/quarter={QUARTER}/data.parquet" for name in TABLES),
    }
    write(home)
    assert written(home) == first
    assert page == (home / "figures" / "index.html").resolve()


def test_the_page_leads_to_what_stands_and_to_nothing_else(home: Path) -> None:
    text = write(home).read_text(encoding="utf-8")
    assert 'href="%E4%B9%99%20%E5%8E%BF/2021Q4/report.html"' in text
    assert text.count("%E4%B8%81%E5%8E%BF/2021Q4/report.html") == 1  # of the failed bureau: its earlier report
    assert "%E4%B8%99%E5%8E%BF/2021Q4/report.html" not in text  # of the late one there is none
    assert "2021年二季度" in text
    assert "/secret/path" not in text
    assert "2022-01-01 08:00" in text
    assert "2022-01-02 08:00" in text


def test_the_data_set_is_one_table_of_many_quarters(home: Path) -> None:
    write(home)
    folder = home / "figures" / DATA_SET / BUREAUS
    older = folder / "quarter=2021Q3"
    older.mkdir(exist_ok=True)
    part = pd.read_parquet(folder / f"quarter={QUARTER}" / "data.parquet")
    assert "quarter" not in part
    part.to_parquet(older / "data.parquet", index=False)
    write(home)
    both = pd.read_parquet(folder)
    assert len(dataset(folder, partitioning="hive").to_table()) == len(both)  # as DuckDB and Polars read it
    assert sorted(both["quarter"].astype(str).unique()) == ["2021Q3", QUARTER]
    assert len(both) == 2 * len(DONE)
    states = part.set_index("bureau")["state"].to_dict()
    assert states == {"甲县": "reported", "乙 县": "reported", "丙县": "late", "丁县": "failed"}
    assert set(pd.read_parquet(home / "figures" / DATA_SET / RELATIONSHIPS)["bureau"]) == set(NAMES)


def test_a_page_that_cannot_be_made_leaves_the_last_one(home: Path) -> None:
    page = write(home)
    before = page.read_bytes()
    with (
        patch("pipeline.report.province.page.render_province_page", side_effect=ValueError("x")),
        pytest.raises(ValueError, match="x"),
    ):
        write(home)
    assert page.read_bytes() == before
    assert not list(page.parent.glob(".*.part"))
