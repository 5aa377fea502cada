"""Which files of a folder are read, and under which names."""

import os
from pathlib import Path

import pytest

from pipeline.ingest import opening
from pipeline.ingest.ledger import shown_name
from pipeline.ingest.opening import list_files
from pipeline.ingest.reading import check_paths, read_bureau
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, InProcessReader, write_xlsx


def names(folder: Path) -> list[str]:
    return [name for _, name in list_files(folder)]


def test_files_of_all_levels_are_listed_and_of_hidden_ones_those_that_stand_for_a_workbook(tmp_path: Path) -> None:
    told = ("b.xlsx", "x.xlsx/d.xlsx", "甲/.x.xlsx", "甲/.y.xlsx.icloud", "甲/.~lock.a.csv#", "甲/a.csv")
    for name in (*told, ".git/c.xlsx", "甲/.DS_Store", "甲/._a.csv", "甲/.z.txt.swp"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"x")
    assert names(tmp_path) == list(told)


def test_a_workbook_that_is_here_by_name_only_is_skipped_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are missing from the report; a leftover beside the whole workbook, or a lock, is no loss."""
    write_xlsx(tmp_path / "花名册.xlsx", {"甲": [["x"]]})
    (tmp_path / "空.xlsx").write_bytes(b"")
    (tmp_path / "预留.xlsx").write_bytes(bytes(4_096))
    for name in (".销售月报.xlsx.icloud", "案件台账.xlsx.baiduyun.p.downloading", "花名册.xlsx.tmp", "~$花名册.xlsx"):
        (tmp_path / name).write_bytes(b"bplist00")
    (tmp_path / ".旧台账.xlsx").write_bytes((tmp_path / "花名册.xlsx").read_bytes())
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    files, issues = check_paths([tmp_path], CATALOG, load_texts("zh"))
    assert {file.path for file in files if file.status == "skipped"} == {file.path for file in files} - {"花名册.xlsx"}
    assert all(file.reason for file in files if file.status == "skipped")
    assert {(issue.file, issue.code, issue.severity, issue.seen) for issue in issues} == {
        (".销售月报.xlsx.icloud", "contents_missing", "error", "销售月报.xlsx"),
        ("案件台账.xlsx.baiduyun.p.downloading", "contents_missing", "error", "案件台账.xlsx"),
        ("空.xlsx", "contents_missing", "error", "空.xlsx"),
        ("预留.xlsx", "contents_missing", "error", "预留.xlsx"),
    }


def test_links_are_refused_and_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        (tmp_path / "a.xlsx").symlink_to("b.xlsx")
    except OSError:
        pytest.skip("this account may not make links")
    (tmp_path / "b.xlsx").symlink_to("a.xlsx")
    (tmp_path / "self").symlink_to(tmp_path, target_is_directory=True)
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    files, _ = check_paths([tmp_path], CATALOG, load_texts("zh"))
    refused = dict.fromkeys(("a.xlsx", "b.xlsx", "self"), "refused")
    assert {file.path: file.status for file in files} == refused


def test_a_folder_that_may_not_be_opened_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    scan = os.scandir

    def scandir(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert names(tmp_path) == ["closed"]


def test_a_file_that_is_given_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "甲" / "a.xlsx", {"甲": [["x"]]})
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    for given in ([path, path], [path.parent, path], [path.parent, path.parent]):
        files, issues = check_paths(given, CATALOG, load_texts("zh"))
        assert (len(files), issues) == (1, ())


def test_a_name_that_is_no_text_is_shown_with_escapes() -> None:
    assert shown_name(Path("甲") / "a\udcff.xlsx") == "甲/a\\udcff.xlsx"


@pytest.mark.parametrize(("count", "told"), [(1, ["甲1"]), (3, ["甲1", "甲2", "甲3"]), (25, [None])])
def test_many_sheets_of_no_known_kind_are_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, told: list[str | None]
) -> None:
    write_xlsx(tmp_path / "通知.xlsx", {f"甲{number}": [["关于报送的通知"]] for number in range(1, count + 1)})
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    issues = read_bureau(tmp_path, CATALOG, load_texts("zh")).issues
    assert [(issue.code, issue.sheet) for issue in issues] == [("unrecognised_sheet", sheet) for sheet in told]
    assert ("共 25 张这样的工作表：甲1, 甲2" in issues[0].message) == (count == 25)


def test_a_missing_column_is_told_with_the_header_that_looks_most_like_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ["立案号码数", "立案日期", "案由", "查办科室", "案值(元)"]
    path = write_xlsx(tmp_path / "案件台账.xlsx", {"甲": [header, ["甲1", "2019-01-09", "无证", "专卖股", 1]]})
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    _, issues = check_paths([path], CATALOG, load_texts("zh"))
    (issue,) = [issue for issue in issues if issue.code == "missing_column"]
    assert (issue.cell, issue.expected) == ("A1", "立案号、办案部门")
    assert "立案号 ← 立案号码数 (A1)" in issue.message
    assert "办案部门 ← 查办科室 (D1)" in issue.message
