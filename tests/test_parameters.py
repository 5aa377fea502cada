"""The contract of a run: what is valid, and what a wrong value is told."""

from dataclasses import fields
from pathlib import Path

import pytest

from pipeline import parameters
from pipeline.parameters import ParameterError, RunParameters
from pipeline.texts import load_texts


@pytest.fixture
def bureaus(tmp_path: Path) -> Path:
    for name in ("sample", "江州县局"):
        (tmp_path / name).mkdir()
    (tmp_path / "花名册.xlsx").write_bytes(b"")
    return tmp_path


def test_values_go_through_unchanged() -> None:
    values = {field.name: f"value of {field.name}" for field in fields(RunParameters)}
    assert RunParameters.from_mapping(values).to_mapping() == values


def test_what_is_not_given_has_its_default() -> None:
    assert RunParameters.from_mapping({"quarter": "2020Q1"}) == RunParameters(quarter="2020Q1")


def test_a_misspelt_name_is_told_the_nearest() -> None:
    with pytest.raises(ParameterError) as caught:
        RunParameters.from_mapping({"quater": "2021Q4"})
    assert caught.value.values == {"seen": "quater", "nearest": "quarter"}


def test_a_number_is_no_text() -> None:
    with pytest.raises(ParameterError) as caught:
        RunParameters.from_mapping({"quarter": 202104})
    assert caught.value.key == "parameter.not_text"


@pytest.mark.parametrize("quarter", ["2021Q4", "1999Q1", "2030Q3"])
def test_a_quarter_is_a_year_and_a_number(quarter: str) -> None:
    parameters.check_quarter(quarter)


@pytest.mark.parametrize(
    ("seen", "nearest"),
    [
        ("2021q4", "2021Q4"),
        ("2021-Q3", "2021Q3"),
        ("2021年第2季度", "2021Q2"),
        ("２０２１Ｑ１", "2021Q1"),
        ("2021Q5", "2021Q4"),
        ("2019Q0", "2019Q1"),
        ("2021-4", "2021Q4"),
        ("2021-10", "2021Q4"),
        ("2020年07月", "2020Q3"),
        ("二〇二一年四季度", "2021Q4"),
        ("二零二零年一季度", "2020Q1"),
        ("2021年4季度", "2021Q4"),
        ("3季度2020", "2020Q3"),
        ("2Q5", "2021Q4"),
        ("Q4", "2021Q4"),
        ("", "2021Q4"),
        ("2021Q4; import os", "2021Q4"),
    ],
)
def test_another_spelling_of_a_quarter_is_told_the_right_one(seen: str, nearest: str) -> None:
    with pytest.raises(ParameterError) as caught:
        parameters.check_quarter(seen)
    assert caught.value.values == {"seen": seen, "nearest": nearest}


@pytest.mark.parametrize(
    ("seen", "quarter"),
    [
        ("2021Q4", "2021Q4"),
        ("2021q4", "2021Q4"),
        (" 2021q4 ", "2021Q4"),
        ("２０２１ｑ４", "2021Q4"),
        ("2021-4", "2021-4"),
        ("2021q5", "2021q5"),
    ],
)
def test_only_case_width_and_spaces_are_put_right(seen: str, quarter: str) -> None:
    assert parameters.normalise_quarter(seen) == quarter


def test_hidden_files_are_never_suggested(tmp_path: Path) -> None:
    for name in (".nope.xlsx", "~$nope.xlsx", "数据.txt"):
        (tmp_path / name).write_bytes(b"")
    assert parameters.nearest_beside(tmp_path / "nope.xlsx") is None
    (tmp_path / "nope2.xlsx").write_bytes(b"")
    assert parameters.nearest_beside(tmp_path / "nope.xlsx") == tmp_path / "nope2.xlsx"
    assert parameters.nearest_beside(tmp_path / "nope.xlsx", only_folders=True) is None
    assert parameters.nearest_beside(tmp_path / "nowhere" / "nope.xlsx") is None


def test_a_quarter_without_data_is_told_the_nearest_with() -> None:
    parameters.check_quarter_known("2020Q4", ["2020Q4", "2021Q1"])
    with pytest.raises(ParameterError) as caught:
        parameters.check_quarter_known("2022Q2", ["2021Q1", "2020Q3", "2020Q4"])
    assert caught.value.values == {"seen": "2022Q2", "nearest": "2021Q1", "first": "2020Q3", "last": "2021Q1"}


def test_no_quarter_at_all_says_so() -> None:
    with pytest.raises(ParameterError) as caught:
        parameters.check_quarter_known("2022Q2", [])
    assert caught.value.key == "parameter.no_quarter_at_all"


def test_an_unknown_language_is_told_both() -> None:
    parameters.check_lang("en")
    with pytest.raises(ParameterError) as caught:
        parameters.check_lang("de")
    assert caught.value.values == {"seen": "de", "valid": "zh, en"}


@pytest.mark.parametrize(
    ("name", "key", "nearest"),
    [
        ("sampel", "parameter.bureau_misspelt", "sample"),
        ("江洲县局", "parameter.bureau_misspelt", "江州县局"),
        ("quite-another", "parameter.bureau_missing", None),
        ("nowhere/sample", "parameter.bureau_missing", None),
        ("花名册.xlsx", "parameter.bureau_is_file", ""),
    ],
)
def test_a_wrong_folder_is_told_the_nearest(bureaus: Path, name: str, key: str, nearest: str | None) -> None:
    with pytest.raises(ParameterError) as caught:
        parameters.check_bureau(bureaus / name)
    assert caught.value.key == key
    assert caught.value.values.get("nearest") == (None if nearest is None else bureaus / nearest)


def test_a_folder_that_is_not_there_is_told_by_where_it_was_looked_for(
    bureaus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bureaus)
    with pytest.raises(ParameterError) as caught:
        parameters.check_bureau(Path("data/raw/quite-another"))
    assert caught.value.values["seen"] == bureaus / "data/raw/quite-another"


def test_everything_is_checked_as_seen_from_the_notebooks(bureaus: Path) -> None:
    RunParameters(bureau_dir="sample").check(bureaus)
    for wrong in (RunParameters(bureau_dir="sample", lang="fr"), RunParameters(bureau_dir="sample", quarter="x")):
        with pytest.raises(ParameterError):
            wrong.check(bureaus)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_error_is_one_paragraph(lang: str) -> None:
    with pytest.raises(ParameterError) as caught:
        parameters.check_quarter("4季度")
    paragraph = caught.value.tell(load_texts(lang))
    assert "4季度" in paragraph
    assert "2021Q4" in paragraph
    assert "\n" not in paragraph
