"""Readings and tables survive the disk with the dtypes of the data dictionary."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest import store
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.ingest.ledger import FileLedger, Issue, SheetLedger
from pipeline.ingest.schema import empty_table
from pipeline.ingest.store import (
    NotMadeYet,
    TableError,
    load_bureau,
    load_ledger,
    load_reading,
    load_tables,
    pack_frame,
    pack_reading,
    read_table,
    save_reading,
    tables_of,
    unpack_reading,
    write_table,
)

CATALOG = load_catalog()


def test_a_table_comes_back_with_its_dtypes(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "kind": ["sales", "sales"],
            "month": pd.PeriodIndex(["2021-10", "2021-11"], freq="M"),
            "party_group": ["", None],
            "source_file": ["a.xlsx", "b.xlsx"],
        }
    )
    write_table(frame, "coverage", tmp_path, CATALOG)

    stored = pd.read_parquet(tmp_path / "coverage.parquet")
    back = read_table("coverage", tmp_path, CATALOG)

    assert stored["month"].tolist() == ["2021-10", "2021-11"]
    assert back["month"].tolist() == [pd.Period("2021-10", "M"), pd.Period("2021-11", "M")]
    assert str(back["month"].dtype) == "period[M]"
    assert back["party_group"].isna().tolist() == [False, True]
    assert list(back.columns) == ["kind", "month", "party_group", "source_file"]


def test_what_pandas_notes_about_a_table_is_not_stored() -> None:
    plain, noted = pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 2]}, index=[5, 7])
    noted.attrs["reason"] = "x"
    assert pack_frame(noted) == pack_frame(plain)
    assert noted.attrs == {"reason": "x"}


def test_an_empty_quarter_table_keeps_its_dtypes(tmp_path: Path) -> None:
    write_table(empty_table("mutual_reviews", CATALOG), "mutual_reviews", tmp_path, CATALOG)

    back = read_table("mutual_reviews", tmp_path, CATALOG)

    assert back.empty
    assert str(back["quarter"].dtype) == "period[Q-DEC]"
    assert str(back["score"].dtype) == "float64"
    assert str(back["source_row"].dtype) == "Int64"


def test_a_missing_period_stays_missing(tmp_path: Path) -> None:
    frame = pd.DataFrame({name: [None] for name in empty_table("printed_totals", CATALOG).columns})
    write_table(frame, "printed_totals", tmp_path, CATALOG)

    assert read_table("printed_totals", tmp_path, CATALOG)["month"].isna().all()


def test_a_column_beyond_the_dictionary_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"'coverage' has extra: the data dictionary knows kind, month"):
        write_table(empty_table("coverage", CATALOG).assign(extra=1), "coverage", tmp_path, CATALOG)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="source_file"):
        write_table(empty_table("coverage", CATALOG).drop(columns="source_file"), "coverage", tmp_path, CATALOG)


def make_reading() -> Reading:
    bureau = Bureau(
        name="甲局",
        branch="甲支部",
        is_synthetic=True,
        groups=CATALOG.groups,
        aliases={"城区": "营销管理"},
        attribution={("营销管理", "volume_xiang"): "own"},
        rules=CATALOG.rules,
        terms=CATALOG.terms,
        publishes_names=True,
        objection_contact="纪检委员",
        objection_until="2022-01-15",
    )
    sheet = SheetLedger(name="1月", visible=True, physical=3, used=1, header=1, title=1)
    return Reading(
        bureau=bureau,
        tables={name: empty_table(name, CATALOG) for name in tables_of(CATALOG)},
        files=(FileLedger(path="a/b.xls", sha256="0" * 64, status="read", kind="sales", sheets=(sheet,)),),
        issues=(Issue("a/b.xls", "1月", "D7", "error", "unknown_group", "甲", "乙", "……"),),
    )


def test_a_reading_comes_back_equal(tmp_path: Path) -> None:
    reading = make_reading()
    save_reading(reading, tmp_path / "new", CATALOG)
    back = load_reading(tmp_path / "new", CATALOG)

    assert (back.bureau, back.files, back.issues) == (reading.bureau, reading.files, reading.issues)
    for name, frame in reading.tables.items():
        pd.testing.assert_frame_equal(back.tables[name], frame)
    assert (
        (tmp_path / "new" / "issues.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("a/b.xls,1月,D7")
    )


def test_tables_are_read_when_they_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = make_reading()
    save_reading(reading, tmp_path, CATALOG)
    looked_at: list[str] = []

    def note(name: str, folder: Path, catalog: Catalog) -> pd.DataFrame:
        looked_at.append(name)
        return read_table(name, folder, catalog)

    monkeypatch.setattr(store, "read_table", note)
    loaded = load_tables(tmp_path, CATALOG)
    assert (loaded.bureau, loaded.files, loaded.issues, looked_at) == (reading.bureau, (), (), [])
    for _ in range(2):
        pd.testing.assert_frame_equal(loaded.tables["coverage"], load_reading(tmp_path, CATALOG).tables["coverage"])
    assert looked_at == ["coverage"]
    assert list(loaded.tables) == list(load_reading(tmp_path, CATALOG).tables)


def test_a_table_that_is_gone_is_missed_although_nobody_looks_at_it(tmp_path: Path) -> None:
    save_reading(make_reading(), tmp_path, CATALOG)
    (tmp_path / "coverage.parquet").unlink()
    with pytest.raises(NotMadeYet, match=r"coverage\.parquet.*1_ingest"):
        load_tables(tmp_path, CATALOG)


@pytest.mark.parametrize(
    ("name", "notebook"),
    [
        ("cases", "1_ingest"),
        ("points_trail", "2_points"),
        ("panel", "3_panel"),
        ("board", "6_bulletin_board"),
    ],
)
def test_of_a_table_that_is_not_there_it_is_said_in_both_languages_which_notebook_leaves_it(
    tmp_path: Path, name: str, notebook: str
) -> None:
    with pytest.raises(NotMadeYet) as raised:
        read_table(name, tmp_path, CATALOG)
    zh, en = str(raised.value).splitlines()
    assert all(f"{name}.parquet" in said and f" {notebook}" in said for said in (zh, en))
    assert "按编号从头运行" in zh
    assert "in order of their numbers" in en


def test_of_settings_and_a_ledger_that_are_not_there_it_is_said_too(tmp_path: Path) -> None:
    for load in (load_bureau, load_ledger):
        with pytest.raises(NotMadeYet, match="1_ingest"):
            load(tmp_path)


def test_a_table_that_nobody_looked_at_is_not_packed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = pack_reading(make_reading(), CATALOG)
    with monkeypatch.context() as packing:
        packing.setattr(store, "_pack_table", lambda frame, name, catalog: pytest.fail(f"{name} was packed again"))
        assert pack_reading(unpack_reading(parts, CATALOG), CATALOG) == parts


def test_a_table_that_was_changed_is_packed_as_it_is() -> None:
    parts = pack_reading(make_reading(), CATALOG)
    reading = unpack_reading(parts, CATALOG)
    reading.tables["coverage"].loc[0, "kind"] = "sales"
    changed = pack_reading(reading, CATALOG)
    assert unpack_reading(changed, CATALOG).tables["coverage"]["kind"].tolist() == ["sales"]
    assert [name for name in parts if parts[name] != changed[name]] == ["coverage.parquet"]


def test_another_dictionary_packs_its_own_columns() -> None:
    reading = unpack_reading(pack_reading(make_reading(), CATALOG), CATALOG)
    narrower = replace(CATALOG, columns=tuple(column for column in CATALOG.columns if column.column != "kind"))
    with pytest.raises(TableError, match="kind"):
        pack_reading(reading, narrower)
