"""A resubmission is known by its path, by the property of a copy, or by its name."""

from pathlib import Path

import openpyxl
from openpyxl.packaging.custom import StringProperty

from pipeline.ingest.returned.memory import Memory, SentFile
from pipeline.ingest.returned.origins import PROPERTY, find_originals

XLS = SentFile("2019/一月.xls", "1", "2019_一月.xlsx", "2", ())
OTHER = SentFile("a&b.xlsx", "3", "a&b.xlsx", "4", ())
MEMORY = Memory((XLS, OTHER))


def write(path: Path, origin: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    if origin is not None:
        book.custom_doc_props.append(StringProperty(name=PROPERTY, value=origin))  # type: ignore[attr-defined]
    book.save(path)
    return path


def found(tmp_path: Path, *names: str) -> dict[str, str]:
    sources = {name: tmp_path / name for name in names}
    for path in sources.values():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x", encoding="utf-8")
    return {path: file.path for path, file in find_originals(sources, MEMORY).items()}


def test_by_path(tmp_path: Path) -> None:
    assert found(tmp_path, "2019/一月.xls", "b.csv") == {"2019/一月.xls": "2019/一月.xls"}


def test_by_the_property_of_a_copy_whatever_its_name(tmp_path: Path) -> None:
    write(tmp_path / "补交/新.xlsx", "a&b.xlsx")
    assert found(tmp_path, "补交/新.xlsx") == {"补交/新.xlsx": "a&b.xlsx"}


def test_by_the_name_of_the_copy_in_place_of_the_original(tmp_path: Path) -> None:
    assert found(tmp_path, "2019/2019_一月.xlsx") == {"2019/2019_一月.xlsx": "2019/一月.xls"}


def test_by_the_same_name_with_another_ending(tmp_path: Path) -> None:
    assert found(tmp_path, "2019/一月.xlsx") == {"2019/一月.xlsx": "2019/一月.xls"}


def test_a_name_means_nothing_while_the_original_is_there(tmp_path: Path) -> None:
    assert found(tmp_path, "2019/一月.xls", "2019/一月.csv") == {"2019/一月.xls": "2019/一月.xls"}


def test_any_other_file_is_new(tmp_path: Path) -> None:
    write(tmp_path / "别的.xlsx")
    write(tmp_path / "生人.xlsx", "没退回过.xlsx")
    assert found(tmp_path, "别的.xlsx", "生人.xlsx", "x.zip") == {}
