"""What the system refuses is told in the reader's language: where, why, what to do."""

import errno
import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.parameters import ParameterError
from pipeline.runs.records.system_errors import (
    REASONS,
    check_results_folders,
    naming_the_disk,
    reason_of,
    tell_system_error,
)
from pipeline.texts import LANGUAGES, load_texts


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", REASONS)
def test_every_reason_is_in_the_readers_language(key: str, lang: str) -> None:
    texts = load_texts(lang)
    for name in REASONS[key]:
        number = getattr(errno, name, None)
        if number is not None:
            told = tell_system_error(OSError(number, os.strerror(number), "report.xlsx"), texts)
            assert texts(f"system.{key}") in told
            assert "report.xlsx" in told
            assert os.strerror(number) not in told


def test_for_what_has_no_words_of_ours_the_system_speaks() -> None:
    assert "Broken pipe" in reason_of(OSError(errno.EPIPE, "Broken pipe"), load_texts("zh"))
    assert "disk quota" in reason_of(OSError("disk quota"), load_texts("en"))


def test_the_fullest_disk_is_named_where_the_system_says_only_that_one_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = {tmp_path / "tables": 5000, tmp_path / "pages": 10, Path(tempfile.gettempdir()): 6000}
    for folder in free:
        folder.mkdir(exist_ok=True)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=free[place]))
    places = tmp_path / "tables", None, tmp_path / "pages" / "not" / "yet"
    for number, named, expected in (
        (errno.ENOSPC, None, str(places[-1])),
        (errno.ENOSPC, "named.xlsx", "named.xlsx"),
        (errno.EIO, None, None),
    ):
        with pytest.raises(OSError, match="no more") as caught, naming_the_disk(*places):
            raise OSError(number, "no more", named)
        assert caught.value.filename == expected


def test_a_file_in_the_way_of_a_folder_of_results_is_named(tmp_path: Path) -> None:
    file = tmp_path / "afile"
    file.touch()
    check_results_folders({"--figures": tmp_path / "not" / "yet"})
    for folder in (file, file / "below" / "it"):
        with pytest.raises(ParameterError) as caught:
            check_results_folders({"--processed": tmp_path, "--figures": folder})
        told = caught.value.tell(load_texts("en"))
        assert f"--figures takes a folder, and {file} is a file" in told
