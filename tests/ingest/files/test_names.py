import pytest

from pipeline.ingest.files.names import check_name, is_told, missing_workbook
from pipeline.ingest.files.refusals import Skipped

SKIPPED = {
    "~$销售月报.xlsx": "lock_file",
    ".~销售月报.xlsx": "lock_file",
    ".~lock.销售月报.xlsx#": "lock_file",
    ".销售月报.xlsx.icloud": "placeholder",
    "销售月报.xlsx.nextcloud": "placeholder",
    "销售月报.xlsx.baiduyun.p.downloading": "unfinished",
    "销售月报.xls.downloading": "unfinished",
    "销售月报.csv.crdownload": "unfinished",
    "销售月报.XLSX.part": "unfinished",
    "销售月报.ods.tmp": "unfinished",
    "销售月报.et.xltd": "unfinished",
    ".销售月报.xlsx.Xa3b9Q": "unfinished",
    ".销售月报.xlsx": "hidden",
}
OTHERS = ("销售月报.xlsx", "2021.12.xlsx", "备份.bak", "notes.tmp", "通知.docx.part", "照片.jpg.icloud", "说明.txt.bak")
NOBODYS_LOSS = (".DS_Store", "._销售月报.xlsx", ".gitignore", ".通知.docx.icloud")


@pytest.mark.parametrize(("name", "code"), SKIPPED.items())
def test_what_a_name_tells(name: str, code: str) -> None:
    assert is_told(name)
    with pytest.raises(Skipped) as caught:
        check_name(name)
    assert caught.value.reason.code == code


@pytest.mark.parametrize("name", OTHERS)
def test_names_that_tell_nothing(name: str) -> None:
    check_name(name)
    assert (is_told(name), missing_workbook(name)) == (True, None)


@pytest.mark.parametrize("name", NOBODYS_LOSS)
def test_hidden_files_that_are_no_loss_are_not_told(name: str) -> None:
    assert not is_told(name)


@pytest.mark.parametrize("name", [name for name, code in SKIPPED.items() if code in ("placeholder", "unfinished")])
def test_the_workbook_that_is_meant(name: str) -> None:
    wanted = missing_workbook(name)
    assert wanted is not None
    assert wanted.lower() == f"销售月报.{wanted.rpartition('.')[2].lower()}"
