"""The catalog: it loads, and a wrong entry fails with its file and line."""

import shutil
from pathlib import Path

import pytest

from pipeline.catalog import CatalogError, load_catalog
from pipeline.catalog.loader import DATA, parse_bands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(folder: Path, name: str, old: str, new: str) -> int:
    """Replace ``old`` by ``new`` in a data file; return the line where it stood."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_default_rule_book_is_the_one_of_the_domain() -> None:
    catalog = load_catalog()
    full: dict[str, float] = {}
    for rule in catalog.rules:
        if catalog.categories[rule.category].weight is not None:
            assert rule.cap_month is not None
            full[rule.category] = full.get(rule.category, 0.0) + rule.cap_month
    assert full == {"A": 30.0, "B": 30.0, "C": 40.0}  # domain.md section 3
    assert [rule.item for rule in catalog.rules if rule.metric] == ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert catalog.weights_of("quarter_score") == {"points_mean": 0.7, "committee_score": 0.15, "mutual_score": 0.15}


def test_every_group_function_has_every_metric_attributed() -> None:
    catalog = load_catalog()
    stated = {(entry.function, entry.metric) for entry in catalog.attribution}
    functions = {group.function for group in catalog.groups.values()}
    assert stated == {(function, metric) for function in functions for metric in catalog.metrics}


def test_units_convert_as_in_the_trade() -> None:
    units = load_catalog().units
    assert units["xiang"].factor / units["tiao"].factor == 250  # 1 箱 = 250 条
    assert units["xiang"].factor / units["jian"].factor == 5  # 1 箱 = 5 件
    assert units["jian"].factor / units["tiao"].factor == 50  # 1 件 = 50 条


def test_input_tables_end_with_their_lineage() -> None:
    catalog = load_catalog()
    names = [column.column for column in catalog.columns_of("cases")]
    assert names[0] == "case_no"
    assert names[-3:] == ["source_file", "source_sheet", "source_row"]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "columns.csv",
            "cases,filed_on,立案日期,Filed on,,date",
            "cases,filed_on,立案日期,Filed on,,datum",
            "expected one of",
        ),
        ("columns.csv", "pledges,member", "plegdes,member", "no table 'plegdes'"),
        ("kinds.csv", "opinions,群众意见台账", "quiz,群众意见台账", "stands already"),
        ("synonyms.csv", "cases,case_no,立案号", "cases,case_number,立案号", "no column"),
        ("measures.csv", "closed_on<=filed_on+90d", "closed_on<=field_on+90d", "no column"),
        ("metrics.csv", "plan_rate_pct,,up", "plan_rat_pct,,up", "no measure 'plan_rat_pct'"),
        ("rules.csv", "95:6;85:4;75:2", "95:6;85-4", "threshold:points"),
        ("rules.csv", "95:6;85:4;75:2", "95:6;95:4", "stands twice"),
        ("weights.csv", "0.70", "lots", "could not convert"),
    ],
)
def test_a_wrong_entry_fails_with_file_and_line(folder: Path, name: str, old: str, new: str, said: str) -> None:
    line = edit(folder, name, old, new)
    with pytest.raises(CatalogError, match=f"{name}:{line}") as caught:
        load_catalog(folder)
    assert said in str(caught.value)


def test_a_missing_column_of_a_data_file_is_named(folder: Path) -> None:
    edit(folder, "units.csv", "unit,family", "unit,famliy")
    with pytest.raises(CatalogError, match=r"units\.csv:1"):
        load_catalog(folder)


def test_the_fingerprint_follows_the_content_but_not_the_line_ends(folder: Path) -> None:
    before = load_catalog(folder).fingerprint
    path = folder / "words.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_catalog(folder).fingerprint == before
    edit(folder, "words.csv", "total,合计,", "total,合计数,")
    assert load_catalog(folder).fingerprint != before


def test_bands_are_sorted_from_the_highest_threshold() -> None:
    assert parse_bands("75:2;95:6;85:4") == ((95.0, 6.0), (85.0, 4.0), (75.0, 2.0))
    assert parse_bands("") == ()
