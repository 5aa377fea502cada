"""The secretary's page is written on request only, beside the tables, for one reader, into nothing that is public."""

import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.catalog import load_catalog
from pipeline.ingest.store import save_reading, write_table
from pipeline.parameters import ParameterError, RunParameters
from pipeline.report.material.published import Changes
from pipeline.runs.quarter.report import Outcome, Request
from pipeline.runs.quarter.secretary import INTERNAL, SecretaryPageNotWritten, check_internal, write_secretary_page
from pipeline.runs.records.fingerprints import InputHash
from pipeline.runs.records.locks import hold_bureau
from pipeline.runs.records.manifest import Basis, Findings, Manifest, RowCounts, find_damage, hash_published
from pipeline.runs.records.places import Places
from pipeline.texts import load_texts
from tests.report.year_material import MEMBERS, names_in, year_reading, year_tables

QUARTER = "2021Q4"
FINDINGS = Findings(
    is_synthetic=True,
    quarters=(QUARTER,),
    latest_quarter=QUARTER,
    rule_versions=("1.0",),
    files_read=0,
    refusals=(),
    files_skipped=0,
    rows=RowCounts(physical=0, used=0, total=0, layout=0, unrecognised=0, rejected=0),
    errors=0,
    warnings=0,
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A bureau whose quarter is published: its tables as the notebooks leave them, and a page beside them."""
    home = tmp_path_factory.mktemp("bureau")
    (home / "raw" / "县局").mkdir(parents=True)
    places = Places.of(home / "raw" / "县局", QUARTER, home / "processed", home / "figures")
    save_reading(year_reading(), places.processed.final, load_catalog())
    for name, table in year_tables(QUARTER).items():
        write_table(table, name, places.processed.final, load_catalog())
    places.figures.final.mkdir(parents=True)
    (places.figures.final / "report.html").write_text("page", encoding="utf-8")
    return places


@pytest.fixture
def page(published: Places) -> Path:
    return write_secretary_page(published, QUARTER, "zh")


def request_of(places: Places, processed: Path | None = None, figures: Path | None = None) -> Request:
    return Request(
        bureau=places.bureau,
        quarter=QUARTER,
        lang="zh",
        processed=processed or places.processed.final.parent.parent,
        figures=figures or places.figures.final.parent.parent,
    )


def outcome_of(places: Places) -> Outcome:
    basis = Basis(RunParameters(quarter=QUARTER), (InputHash("a.xlsx", "0" * 64, 1, "name"),), "0" * 64, {})
    manifest = Manifest(
        basis=basis,
        findings=FINDINGS,
        changes=Changes(causes=("first",)),
        published=hash_published(places.figures.final),
        tables=hash_published(places.processed.final),
        run_at=datetime.now(UTC).isoformat(timespec="seconds"),
        exit_status=0,
    )
    return Outcome(places, manifest, is_unchanged=True)


def test_it_stands_beside_the_quarters_and_holds_the_members(published: Places, page: Path) -> None:
    assert page == published.processed.final.parent / INTERNAL / f"{QUARTER}.html"
    text = page.read_text(encoding="utf-8")
    assert names_in(text) == list(MEMBERS)
    assert "内部资料" in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode of owner, group and others")
def test_nobody_else_may_read_it(page: Path) -> None:
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode of owner, group and others")
def test_an_older_page_that_others_may_read_is_replaced(published: Places, page: Path) -> None:
    page.write_text("old", encoding="utf-8")
    page.chmod(0o644)
    again = write_secretary_page(published, QUARTER, "en")
    assert stat.S_IMODE(again.stat().st_mode) == 0o600
    assert "Internal" in again.read_text(encoding="utf-8")
    assert [path.name for path in again.parent.iterdir()] == [page.name]


def test_the_published_folders_do_not_know_it(published: Places) -> None:
    tables, figures = (hash_published(target.final) for target in published.targets)
    write_secretary_page(published, QUARTER, "zh")
    assert hash_published(published.processed.final) == tables
    assert hash_published(published.figures.final) == figures
    assert find_damage(published.processed.final, tables) == find_damage(published.figures.final, figures) == ()
    public = [path for path in published.figures.final.parent.rglob("*") if path.is_file()]
    assert public
    assert [path for path in public if names_in(path.read_text(encoding="utf-8"))] == []


def test_it_waits_for_no_other_run_and_says_that_the_report_stands(published: Places) -> None:
    with hold_bureau(published.processed.final.parent), pytest.raises(SecretaryPageNotWritten) as told:
        write_secretary_page(published, QUARTER, "zh")
    assert told.value.exit_status == 1
    assert told.value.tell(load_texts("en")).startswith("The report is published.")


@pytest.mark.parametrize("inside", [".", "internal-tables", "a/b"])
def test_tables_inside_the_public_folder_are_refused(published: Places, inside: str) -> None:
    figures = published.figures.final.parent.parent
    with pytest.raises(ParameterError) as refused:
        check_internal(request_of(published, processed=figures / inside))
    assert refused.value.key == "secretary.inside_figures"


def test_a_link_into_the_public_folder_is_refused(published: Places, tmp_path: Path) -> None:
    figures = published.figures.final.parent.parent
    link = tmp_path / "tables"
    try:
        link.symlink_to(figures / "hidden", target_is_directory=True)
    except OSError:
        pytest.skip("this system gives no links to everybody")
    with pytest.raises(ParameterError):
        check_internal(request_of(published, processed=link))


def test_folders_apart_are_fine(published: Places) -> None:
    check_internal(request_of(published))
    check_internal(request_of(published, figures=published.processed.final.parent.parent / "other"))


def report_with(
    places: Places, flags: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    """Run the command with the run itself replaced: nothing has changed."""
    monkeypatch.setattr(cli, "report_quarter", lambda *_: outcome_of(places))
    request = request_of(places)
    folders = ["--bureau", request.bureau, "--processed", request.processed, "--figures", request.figures]
    status = cli.main(["report", *map(str, folders), *flags])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_the_command_writes_it_when_asked_although_nothing_changed(
    published: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = published.processed.final.parent / INTERNAL / f"{QUARTER}.html"
    page.unlink(missing_ok=True)
    status, out, _ = report_with(published, ["--secretary"], monkeypatch, capsys)
    assert status == 0
    assert page.exists()
    assert f"支部书记内部资料：{page}" in out
    assert "不得公开" in out


def test_the_command_does_not_write_it_unasked(
    published: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = published.processed.final.parent / INTERNAL / f"{QUARTER}.html"
    page.unlink(missing_ok=True)
    status, out, _ = report_with(published, [], monkeypatch, capsys)
    assert status == 0
    assert not page.exists()
    assert "内部资料" not in out


def test_the_command_refuses_before_it_runs(
    published: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def not_reached(*_: object) -> None:
        raise AssertionError("the run began")

    monkeypatch.setattr(cli, "report_quarter", not_reached)
    figures = published.figures.final.parent.parent
    folders = ["--bureau", str(published.bureau), "--processed", str(figures / "tables"), "--figures", str(figures)]
    status = cli.main(["report", *folders, "--secretary"])
    printed = capsys.readouterr()
    assert (status, printed.out) == (2, "")
    assert "--processed" in printed.err
    assert not (figures / "tables").exists()
