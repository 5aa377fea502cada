"""What stands under the folder of a batch: bureaus, what is left out, and what is refused."""

from pathlib import Path

import pytest

from pipeline.catalog import load_catalog
from pipeline.parameters import ParameterError
from pipeline.runs.batch.root import DATA_SET, gone, look_into

CATALOG = load_catalog()


def put(root: Path, *names: str, size: int = 1) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)


def refused(root: Path, *outputs: Path) -> str:
    with pytest.raises(ParameterError) as caught:
        look_into(root, CATALOG, outputs)
    return caught.value.key


def test_every_folder_with_workbooks_is_a_bureau_and_the_biggest_comes_first(tmp_path: Path) -> None:
    put(tmp_path, "甲县/花名册.xlsx", size=3)
    put(tmp_path, "乙县/台账/花名册.xlsx", "乙县/月报.csv", size=4)
    put(tmp_path, "丙县/花名册.xls", size=3)
    found = look_into(tmp_path, CATALOG, ())
    assert [(bureau.name, bureau.bytes) for bureau in found.bureaus] == [("乙县", 8), ("丙县", 3), ("甲县", 3)]
    assert found.bureaus[0].folder == tmp_path / "乙县"
    assert found.left_out == ()


def test_what_is_no_bureau_is_left_out_with_its_reason(tmp_path: Path) -> None:
    put(tmp_path, "甲县/花名册.xlsx", "说明.txt", ".git/a.xlsx", "~$锁.xlsx", "图片/照片.png", "空/.隐藏.xlsx")
    (tmp_path / "新").mkdir()
    found = look_into(tmp_path, CATALOG, ())
    assert [bureau.name for bureau in found.bureaus] == ["甲县"]
    left_out = {entry.name: entry.why for entry in found.left_out}
    assert left_out == {
        ".git": "hidden",
        "~$锁.xlsx": "hidden",
        "说明.txt": "file",
        "图片": "empty",
        "空": "empty",
        "新": "empty",
    }


def test_a_bureau_that_was_published_and_has_no_folder_any_more_is_named(tmp_path: Path) -> None:
    """Renamed, moved or forgotten: it would be missing on the page without a word."""
    put(tmp_path / "raw", "甲县/花名册.xlsx", "乙县新/花名册.xlsx", "丁县/说明.doc")
    published = [f"{name}/2021Q4/manifest.json" for name in ("甲县", "乙县", "丁县", "丙县")]
    put(tmp_path / "figures", *published, "across_bureaus/x/quarter=2021Q4/1.parquet", "戊县/.2021Q4.old/manifest.json")
    assert gone(tmp_path / "raw", tmp_path / "figures") == ["丙县", "乙县"]
    assert gone(tmp_path / "raw", tmp_path / "not yet") == []


def test_a_loose_workbook_is_no_reason_to_refuse_the_bureaus_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "甲县/花名册.xlsx", "乙县/花名册.xlsx", "联系电话.xlsx")
    assert [entry.name for entry in look_into(tmp_path, CATALOG, ()).left_out] == ["联系电话.xlsx"]


@pytest.mark.parametrize(
    "names",
    [
        ("党员花名册.xlsx", "2021年活动台账.xlsx"),
        ("党员花名册.xlsx", "旧/2021年活动台账.xlsx"),
        ("党建/党员花名册.xlsx", "经营/卷烟销售月报.xlsx", "设置/单位设置.xlsx"),
        ("月报.xlsx",),
    ],
)
def test_a_root_that_is_a_bureau_itself_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    put(tmp_path, *names)
    assert refused(tmp_path) == "batch.root_is_bureau"


def test_the_shipped_bureau_is_known_as_one(repository: Path) -> None:
    assert refused(repository / "data" / "raw" / "sample") == "batch.root_is_bureau"
    assert [bureau.name for bureau in look_into(repository / "data" / "raw", CATALOG, ()).bureaus] == ["sample"]


def test_a_single_bureau_and_two_of_the_same_kinds_are_no_bureau_themselves(tmp_path: Path) -> None:
    put(tmp_path, "甲县/党员花名册.xlsx", "甲县/卷烟销售月报.xlsx")
    assert len(look_into(tmp_path, CATALOG, ()).bureaus) == 1
    put(tmp_path, "乙县/卷烟销售月报.xlsx")
    assert len(look_into(tmp_path, CATALOG, ()).bureaus) == 2


def test_a_wrong_root_is_told_before_anything_is_read(tmp_path: Path) -> None:
    put(tmp_path, "raw/说明.txt", "figures/甲县/花名册.xlsx")
    assert refused(tmp_path / "raw" / "说明.txt") == "batch.root_is_file"
    assert refused(tmp_path / "rwa") == "batch.root_misspelt"
    assert refused(tmp_path / "zzzzzz") == "batch.root_missing"
    assert refused(tmp_path / "raw") == "batch.no_bureau"


def test_results_and_workbooks_are_kept_apart(tmp_path: Path) -> None:
    put(tmp_path, "raw/甲县/花名册.xlsx")
    assert refused(tmp_path / "raw", tmp_path / "raw" / "figures") == "batch.output_inside"
    assert refused(tmp_path / "raw" / "甲县", tmp_path / "raw") == "batch.root_inside"
    assert look_into(tmp_path / "raw", CATALOG, (tmp_path / "figures",)).bureaus


def test_two_bureaus_may_not_be_published_under_one_name(tmp_path: Path) -> None:
    put(tmp_path, "A县/花名册.xlsx", "Ａ县/花名册.xlsx")
    assert refused(tmp_path) == "batch.same_name"


def test_a_link_to_another_bureau_is_the_same_bureau(tmp_path: Path) -> None:
    put(tmp_path, "甲县/花名册.xlsx")
    (tmp_path / "别名").symlink_to(tmp_path / "甲县", target_is_directory=True)
    assert refused(tmp_path) == "batch.same_name"


def test_no_bureau_takes_the_name_of_the_data_set(tmp_path: Path) -> None:
    put(tmp_path, f"{DATA_SET}/花名册.xlsx")
    assert refused(tmp_path) == "batch.reserved_name"
