"""Names of copies: flat, safe on Windows, unique."""

import pytest

from pipeline.ingest.returned.names import EXCERPT, copy_name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("2019/一月.xls", "2019_一月.xlsx"),
        ("答题.csv", "答题.xlsx"),
        ("a.b/c.d.xlsm", "a.b_c.d.xlsx"),
        ("../上级/台账.xlsx", "上级_台账.xlsx"),
        ("/home/x/台账.xlsx", "home_x_台账.xlsx"),
        ("C:\\x\\台账?.xlsx", "C_x_台账_.xlsx"),
        ("con.xlsx", "_con.xlsx"),
        ("com1.old.xlsx", "_com1.old.xlsx"),
        ("末尾 ..xls", "末尾.xlsx"),
        ("没有后缀", "没有后缀.xlsx"),
        ("a/\u202eslx.xlsx", "a_slx.xlsx"),
    ],
)
def test_a_path_becomes_one_safe_name(path: str, name: str) -> None:
    assert copy_name(path, ()) == name


def test_the_same_name_is_not_given_twice() -> None:
    assert copy_name("A.csv", ["a.xlsx", "a_2.xlsx"]) == "A_3.xlsx"


def test_an_excerpt_says_so() -> None:
    assert copy_name("大.xlsx", (), EXCERPT) == "大（摘录）.xlsx"


def test_a_long_name_is_cut_to_what_a_disk_holds() -> None:
    name = copy_name("长" * 300 + ".xls", ())
    assert len(name.encode()) < 255
    assert name.endswith("长.xlsx")
