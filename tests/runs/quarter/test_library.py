"""The period library is made from what is published, again when that has changed, and cheaply left alone otherwise."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalog import load_catalog
from pipeline.ingest.store import read_table, write_table
from pipeline.parameters import RunParameters
from pipeline.report.material.moves import METRICS, STANDINGS
from pipeline.report.material.published import Changes, Move, Rerun
from pipeline.runs.quarter.library import library_of, published_quarters, refresh_library
from pipeline.runs.records.manifest import Basis, Manifest, hash_published
from pipeline.runs.records.moves import figures_moved
from pipeline.runs.records.places import MANIFEST, Places, Target
from pipeline.runs.records.plans import Plan
from pipeline.runs.records.progress import Progress
from pipeline.texts import load_texts
from tests.report.library_material import NEWEST, QUARTERS, with_value, write_tables
from tests.runs.desk import FINDINGS, Desk

CODE = "ab" * 32
GROUP = "营销管理"


def publish(home: Path, quarter: str, **changes: object) -> Places:
    """Publish one hand-made quarter of a bureau below ``home``: tables, two pages and the manifest."""
    places = Places.of(home / "raw" / "县局", quarter, home / "processed", home / "figures")
    places.figures.final.mkdir(parents=True)
    for name in ("report.html", "board.html"):
        (places.figures.final / name).write_text(name, encoding="utf-8")
    write_tables(places.processed.final, quarter)
    manifest = Manifest(
        basis=Basis(RunParameters(quarter=quarter, lang="zh"), (), CODE, {}),
        findings=replace(FINDINGS, rule_versions=("示例1.0",)),
        changes=Changes(causes=("first",)),
        published=hash_published(places.figures.final),
        tables=hash_published(places.processed.final),
        run_at=f"{quarter[:4]}-12-31T0{quarter[-1]}:00:00+00:00",
        exit_status=0,
    )
    replace(manifest, **changes).write(places.figures.final / MANIFEST)  # type: ignore[arg-type]
    return places


def refresh(places: Places, code: str) -> bool:
    return refresh_library(places, code, Progress.silent(load_texts("zh")))


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("bureau")
    for quarter in QUARTERS:
        publish(home, quarter)
    return home


@pytest.fixture
def places(published_once: Path, tmp_path: Path) -> Places:
    """The newest quarter of a bureau with three."""
    home = tmp_path / "home"
    shutil.copytree(published_once, home)
    return Places.of(home / "raw" / "县局", QUARTERS[-1], home / "processed", home / "figures")


def refusals(places: Places) -> dict[str, str]:
    found = published_quarters(places.figures.final.parent, places.processed.final.parent)
    return {entry.quarter: entry.refusal for entry in found}


def test_every_quarter_tells_what_its_manifest_knows(places: Places) -> None:
    found = published_quarters(places.figures.final.parent, places.processed.final.parent)
    assert [entry.quarter for entry in found] == list(QUARTERS)
    newest = found[-1]
    assert newest.is_readable
    assert newest.pages == ("board.html", "report.html")
    assert (newest.run_at, newest.lang, newest.rule_versions) == ("2021-12-31T04:00:00+00:00", "zh", ("示例1.0",))
    assert (newest.rows_used, newest.rows_rejected) == (5, 0)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (None, "no_manifest"),
        ("{", "damaged_manifest"),
        ("[]", "damaged_manifest"),
        ('{"format": 1}', "other_manifest"),
        ('{"format": 3, "basis": 3}', "damaged_manifest"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_told(places: Places, text: str | None, refusal: str) -> None:
    path = places.figures.final / MANIFEST
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert refusals(places) == {"2020Q4": "", "2021Q3": "", "2021Q4": refusal}


def test_tables_that_are_not_as_published_are_told(places: Places) -> None:
    older = places.processed.final.with_name("2021Q3")
    (older / "panel.parquet").write_bytes(b"damaged")
    (places.processed.final / "panel.parquet").unlink()
    shutil.rmtree(places.processed.final.with_name("2020Q4"))
    assert refusals(places) == {"2020Q4": "missing_tables", "2021Q3": "damaged_tables", "2021Q4": "missing_tables"}


def test_a_quarter_with_tables_alone_is_listed_and_other_folders_are_not(places: Places) -> None:
    shutil.rmtree(places.figures.final)
    for name in ("cache", "internal", ".2021Q2.building"):
        (places.processed.final.parent / name).mkdir()
    assert refusals(places) == {"2020Q4": "", "2021Q3": "", "2021Q4": "no_manifest"}


@pytest.mark.process
def test_the_page_is_written_once_and_again_when_anything_has_changed(places: Places) -> None:
    page = library_of(places)
    assert refresh(places, CODE)
    first = page.read_bytes()
    assert not refresh(places, CODE)
    assert refresh(places, "cd" * 32)  # the code
    assert refresh(places, CODE)
    assert page.read_bytes() == first
    page.write_text(page.read_text(encoding="utf-8").replace("差距不显著", "第一"), encoding="utf-8")
    assert refresh(places, CODE)  # somebody wrote into it
    assert page.read_bytes() == first
    page.unlink()
    assert refresh(places, CODE)
    assert page.read_bytes() == first
    (places.figures.final / "board.html").unlink()
    assert refresh(places, CODE)
    assert b"2021Q4/board.html" not in page.read_bytes()
    assert [path.name for path in page.parent.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.process
def test_a_page_that_stands_is_left_alone_without_loading_pandas(places: Places) -> None:
    refresh(places, CODE)
    root = places.figures.final.parent.parent.parent
    program = (
        "import sys; from pathlib import Path; from pipeline.runs.quarter.library import refresh_library\n"
        "from pipeline.runs.records.places import Places; from pipeline.runs.records.progress import Progress\n"
        "from pipeline.texts import load_texts\n"
        f"root = Path({str(root)!r})\n"
        "places = Places.of(root / 'raw' / '县局', '2021Q4', root / 'processed', root / 'figures')\n"
        f"told = refresh_library(places, {CODE!r}, Progress.silent(load_texts('zh')))\n"
        "print(told, 'pandas' in sys.modules, 'plotly' in sys.modules)\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert told.stdout.split() == ["False", "False", "False"]


def test_a_run_leaves_the_library_and_one_without_work_restores_it(desk: Desk) -> None:
    outcome = desk.run()
    first = outcome.library.read_bytes()
    assert "2021年四季度" in first.decode()  # its tables are a stand-in's: listed, with the reason
    outcome.library.unlink()
    again = desk.run()
    assert again.is_unchanged
    assert again.library.read_bytes() == first
    assert desk.stand_in.made == 1


def test_a_manifest_keeps_what_moved(tmp_path: Path) -> None:
    moves = (
        Move("metric", GROUP, "volume_xiang", 1.0, None),
        Move("verdict", "pooled", "volume_xiang", "none", "clue"),
    )
    earlier = (Rerun("2021-12-31T00:00:00+00:00", moves[:1]),)
    changes = Changes(since="2022-01-01T00:00:00+00:00", moves=moves, earlier=earlier)
    places = publish(tmp_path, "2021Q4", changes=changes)
    assert Manifest.read(places.figures.final / MANIFEST).changes == changes


@pytest.mark.parametrize("moves", [(), None])
def test_what_earlier_runs_moved_is_kept_where_a_run_moves_nothing(
    places: Places, moves: tuple[Move, ...] | None
) -> None:
    moved = Rerun("2022-01-01T00:00:00+00:00", (Move("metric", GROUP, "volume_xiang", 1.0, 2.0),))
    path = places.figures.final / MANIFEST
    changes = Changes(since="2022-01-02T00:00:00+00:00", moves=moves, earlier=(moved,))
    replace(Manifest.read(path), changes=changes).write(path)
    before = Manifest.read(path)
    assert Plan(places, before.basis, before, ("forced",)).changes({}).reruns == (moved,)


def test_a_manifest_of_before_there_were_earlier_runs_in_it_is_read(places: Places) -> None:
    path = places.figures.final / MANIFEST
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["changes"]["earlier"]
    path.write_text(json.dumps(record), encoding="utf-8")
    assert Manifest.read(path).changes.earlier == ()


def test_figures_are_compared_before_the_new_tables_take_their_place(places: Places) -> None:
    target, catalog = Target(places.processed.final), load_catalog()
    before = Manifest.read(places.figures.final / MANIFEST)
    shutil.copytree(target.final, target.building)
    assert figures_moved(target, "2021Q4", before) == ()
    change = with_value("value", 2000.0, party_group=GROUP, quarter=NEWEST, metric="volume_xiang")
    write_table(change(read_table(METRICS, target.building, catalog)), METRICS, target.building, catalog)
    (move,) = figures_moved(target, "2021Q4", before) or ()
    assert (move.figure, move.group, move.metric, move.after) == ("metric", GROUP, "volume_xiang", 2000.0)


def test_a_first_report_and_unreadable_tables_are_not_compared(places: Places) -> None:
    target = Target(places.processed.final)
    shutil.copytree(target.final, target.building)
    assert figures_moved(target, "2021Q4", None) is None
    (target.final / f"{STANDINGS}.parquet").write_bytes(b"no parquet")
    assert figures_moved(target, "2021Q4", Manifest.read(places.figures.final / MANIFEST)) is None
    (target.final / f"{STANDINGS}.parquet").unlink()
    assert figures_moved(target, "2021Q4", Manifest.read(places.figures.final / MANIFEST)) is None
