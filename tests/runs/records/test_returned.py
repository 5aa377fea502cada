"""What is said of returned workbooks, and where the last ones are looked for."""

from pathlib import Path

from pipeline.ingest.returned.memory import Compared, Memory, SentFile
from pipeline.runs.notebooks.views import view_returned
from pipeline.runs.records.returned import change_lines, count_line, find_previous
from pipeline.texts import load_texts

TEXTS = load_texts("zh")
SENT = SentFile("台账.xlsx", "1", "台账.xlsx", "2", ())


def test_the_count_is_told() -> None:
    assert count_line(Memory((SENT,)), "returned", TEXTS) == "退回 1 个有问题的工作簿：returned"
    assert count_line(Memory(), "returned", TEXTS) == "没有需要退回的工作簿。"


def test_what_became_of_each_is_told() -> None:
    compared = (
        Compared("张三补交的.xlsx", 3, 1, 0),
        Compared("好了.xlsx", 2, 0, 0),
        Compared("没了.xlsx", 0, 4, 0, is_absent=True),
    )
    assert list(change_lines(Memory((SENT, SentFile("坏.xlsx", "1", None, None, ())), compared), TEXTS)) == [
        "“张三补交的.xlsx”补交后：已改 3 处，仍未改 1 处，新发现 0 处。",
        "“好了.xlsx”上次的 2 处问题都已改好，不再退回。",
        "上次退回的“没了.xlsx”这次没有读到（不在文件夹中、与别的文件重复，或无法读取），4 处问题仍记为未改。",
        "“坏.xlsx”有问题，但做不出退回的副本。请按问题清单在原件中改正。",
    ]


def test_the_notebook_shows_counts_and_no_names() -> None:
    compared = (Compared("张三补交的.xlsx", 3, 1, 0), Compared("没了.xlsx", 0, 4, 0, is_absent=True))
    shown = view_returned(Memory((SENT,), compared), TEXTS)
    assert shown.to_dict("records") == [{"退回的工作簿": 1, "补交后已改": 3, "仍未改": 1, "新发现": 0, "做不出副本": 0}]


def test_the_last_ones_are_looked_for_from_near_to_far(tmp_path: Path) -> None:
    building = tmp_path / ".2021Q4.building"
    assert find_previous(building, "2021Q4") is None
    assert find_previous(tmp_path / "none" / "2021Q4", "2021Q4") is None
    for name in ("2021Q2", "2021Q3", ".2021Q3.old", "2021Q4", ".2021Q4.building"):
        (tmp_path / name / "returned").mkdir(parents=True)
        if name == "2021Q3":
            assert find_previous(building, "2021Q4") == tmp_path / "2021Q3" / "returned"
        if name == "2021Q4":
            assert find_previous(building, "2021Q4") == tmp_path / "2021Q4" / "returned"
    assert find_previous(building, "2021Q4") == building / "returned"
