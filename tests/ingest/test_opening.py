"""Which files of a folder are read, and under which names."""

import os
from pathlib import Path

import pytest

from pipeline.ingest import opening
from pipeline.ingest.opening import list_files, shown_name
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, InProcessReader, write_xlsx


def names(folder: Path) -> list[str]:
    return [name for _, name in list_files(folder)]


def test_files_of_all_levels_are_listed_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.xlsx", "甲/a.csv", "甲/.x.xlsx", ".git/c.xlsx", "x.xlsx/d.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"x")
    assert names(tmp_path) == ["b.xlsx", "x.xlsx/d.xlsx", "甲/a.csv"]


def test_links_that_lead_nowhere_are_refused_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        (tmp_path / "a.xlsx").symlink_to("b.xlsx")
    except OSError:
        pytest.skip("this account may not make links")
    (tmp_path / "b.xlsx").symlink_to("a.xlsx")
    (tmp_path / "self").symlink_to(tmp_path, target_is_directory=True)
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    files, _ = check_paths([tmp_path], CATALOG, load_texts("zh"))
    assert [(file.path, file.status) for file in files] == [("a.xlsx", "refused"), ("b.xlsx", "refused")]


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
