"""``ronghe templates`` as its user meets it: what it says, and that it writes all or nothing."""

from pathlib import Path

import openpyxl
import pytest

from pipeline import cli
from pipeline.catalog import load_catalog
from pipeline.parameters import ParameterError
from pipeline.runs.workbooks.templates import write_templates
from pipeline.texts import load_texts
from tests.hand_made import write_bureau


def test_the_command_writes_every_kind_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["templates", str(tmp_path / "blank"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert f"{len(load_catalog().kinds)} blank workbooks" in said
    assert "Add --bureau" in said
    names = {path.stem for path in (tmp_path / "blank").iterdir()}
    assert names == {kind.label_zh for kind in load_catalog().kinds.values()}
    guide = openpyxl.load_workbook(tmp_path / "blank" / "活动台账.xlsx")["填写说明"]
    assert guide["A3"].value == "表头"  # Chinese, whatever language the command speaks


@pytest.mark.process
def test_a_bureau_brings_its_groups_and_members(tmp_path: Path) -> None:
    bureau = write_bureau(tmp_path / "bureau")
    said = list(write_templates(tmp_path / "blank", bureau, load_texts("zh")))
    assert said[1] == "下拉列表里有 3 个党小组、5 名党员。"
    roster = openpyxl.load_workbook(tmp_path / "blank" / "党员花名册.xlsx").worksheets[0]
    assert [roster.cell(row, 1).value for row in range(5, 11)] == ["张三", "李四", "王五", "阿卜杜·某", "赵六", "赵六"]


def test_a_bureau_without_a_roster_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "bureau").mkdir()
    said = list(write_templates(tmp_path / "blank", tmp_path / "bureau", load_texts("zh")))
    assert said[1].startswith(f"在 {tmp_path / 'bureau'} 里没有读到党员花名册")


def test_a_filled_in_workbook_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled = tmp_path / "积分细则.xlsx"
    filled.write_bytes(b"filled in")
    assert cli.main(["templates", str(tmp_path)]) == 2
    assert "积分细则.xlsx" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["积分细则.xlsx"]
    assert filled.read_bytes() == b"filled in"


def test_nothing_is_written_for_a_bureau_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ParameterError):
        write_templates(tmp_path / "blank", tmp_path / "nobody", load_texts("zh"))
    assert not (tmp_path / "blank").exists()


def test_no_blank_workbook_is_written_among_those_that_are_read(tmp_path: Path) -> None:
    bureau = write_bureau(tmp_path / "bureau")
    with pytest.raises(ParameterError):
        write_templates(bureau / "blank", bureau, load_texts("zh"))
    assert not (bureau / "blank").exists()
