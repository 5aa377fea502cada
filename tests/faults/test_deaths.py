"""P4: a run that dies anywhere leaves the last good report whole, and the next run goes on as if nothing had been.

Each list below is one bureau's bad day: after each correction of a workbook the run is ended at a point of its log; the
next one passes that point and is ended at a later one; the last of the day is left alone and publishes.
"""

from collections.abc import Callable

import pytest

from pipeline.runs.records import logbook
from pipeline.runs.records.durable import exchange
from tests.faults.days import bad_day, good_evening
from tests.faults.scene import GOOD, Scene

BEFORE = [
    point
    for point in logbook.POINTS
    if not point.startswith(("publish", "library", "survey")) or point == "publish.begun"
]
PUBLISHING = [  # which time: two folders take their places
    *((logbook.SYNCED, 1), (logbook.ANNOUNCED, 1), (logbook.EXCHANGED, 1), (logbook.EXCHANGED, 2)),
    *((logbook.RECORDED, 1), (logbook.FINISHED, 1), ("publish.ended", 1), (logbook.LIBRARY, 1)),
]
DAYS = {  # of kills of the whole program: every other point before publishing, and all while publishing
    "the earlier half": [(point, 1) for point in BEFORE[0::2][:7]],
    "the later half": [(point, 1) for point in BEFORE[0::2][7:]],
    "while publishing": PUBLISHING,
}
NOTEBOOKS = ("1_ingest", "2_points", "3_panel", "4_quarterly_report", "5_annual_review", "6_bulletin_board")
KILLED = -9
Tell = Callable[[str], None]


@pytest.mark.parametrize("day", [day for day in DAYS if day != "while publishing"])
def test_a_power_cut_before_publishing_leaves_the_last_report(scene: Scene, tell: Tell, day: str) -> None:
    before = scene.published_pages()
    bad_day(scene, [(point, str(time), "kill_this") for point, time in DAYS[day]], [KILLED])
    assert scene.published_pages() == before
    assert scene.faults_of_what_stands() == []
    good_evening(scene, published=2)
    tell(f"P4: {len(DAYS[day])} kills of the program, {day} of a report: {len(DAYS[day])} survived")


def test_a_power_cut_while_publishing_leaves_the_last_report_or_the_next(scene: Scene, tell: Tell) -> None:
    demand_exchange(scene)
    for number, (point, time) in enumerate(PUBLISHING, start=1):
        bad_day(scene, [(point, str(time), "kill_this")], [KILLED])
        ended = scene.run()  # finishes what was announced, or makes what was not
        assert ended.status in GOOD, ended.words
        assert scene.faults_of_what_stands() == [], point
        assert scene.leftovers() == [], point
        assert scene.publications() == 1 + number, point
    good_evening(scene, published=2 + len(PUBLISHING))
    tell(f"P4: {len(PUBLISHING)} kills of the program while publishing: {len(PUBLISHING)} survived")


def test_a_power_cut_while_another_is_being_mended(scene: Scene, tell: Tell) -> None:
    demand_exchange(scene)
    points = (
        logbook.ANNOUNCED,
        logbook.EXCHANGED,
        logbook.EXCHANGED,
        logbook.RECORDED,
    )  # all but the first recover
    bad_day(scene, [(point, "1", "kill_this") for point in points], [KILLED])
    assert scene.publications() == 2
    good_evening(scene, published=3)
    tell(f"P4: {len(points)} kills of the program while an earlier one was mended: {len(points)} survived")


def demand_exchange(scene: Scene) -> None:
    if not exchange(scene.tables, scene.pages) or not exchange(scene.tables, scene.pages):
        pytest.skip("this disk cannot let two folders change places: see tests/runs/publishing/test_publishing.py")


def test_a_kill_of_the_process_of_the_cells_names_the_notebook(scene: Scene, tell: Tell) -> None:
    before = scene.published_pages()
    said = bad_day(scene, [(f"{name}.begun", "1", "kill_cells") for name in NOTEBOOKS], [3])
    for name, words in zip(NOTEBOOKS, said, strict=True):
        assert any(other in words for other in beside(name)), words
        assert "上一份报告没有改动" in words
    assert scene.published_pages() == before
    good_evening(scene, published=2)
    tell(f"P4: {len(NOTEBOOKS)} kills of the process of the cells: {len(NOTEBOOKS)} survived")


def beside(notebook: str) -> tuple[str, ...]:
    """Return the notebooks that may be at work when one begins: the first goes on when the second has begun, and the
    last three do not wait for each other, nor the year's for the panel's.
    """
    others = {"2_points": "1", "3_panel": "15", "4_quarterly_report": "156", "5_annual_review": "1346"}
    numbers = notebook[0] + others.get(notebook, "45" if notebook.startswith("6") else "")
    return tuple(name for name in NOTEBOOKS if name[0] in numbers)


def test_a_kill_of_the_process_that_makes_the_report_is_told(scene: Scene, tell: Tell) -> None:
    before = scene.published_pages()
    points = ("2_points.begun", "workbook.begun", "board_page.begun")
    said = bad_day(scene, [(point, "1", "kill_task") for point in points], [3])
    for point, words in zip(points, said, strict=True):
        assert "9" in words.rpartition("FAULT")[2], f"{point}: {words}"
    assert scene.published_pages() == before
    good_evening(scene, published=2)
    tell(f"P4: {len(points)} kills of the process that makes the report: {len(points)} survived")


def test_a_kernel_that_dies_is_told(scene: Scene, tell: Tell) -> None:
    scene.correct()
    ended = scene.run("--kernel", "--force", fault=("2_points.begun", "1", "kill_cells"))
    assert ended.was_hit
    assert ended.status == 3
    assert any(name in ended.words for name in beside("2_points")), ended.words
    assert scene.faults_of_what_stands() == []
    good_evening(scene, published=2)
    tell("P4: 1 kill of a Jupyter kernel: 1 survived")


def test_cells_without_memory_are_told(scene: Scene, tell: Tell) -> None:
    before = scene.published_pages()
    said = bad_day(scene, [(f"{name}.begun", "1", "starve_cells") for name in ("1_ingest", "4_quarterly_report")], [3])
    assert all("没有发布" in words for words in said)
    assert scene.published_pages() == before
    good_evening(scene, published=2)
    tell(f"P4: {len(said)} processes of cells without memory: {len(said)} survived")


@pytest.mark.parametrize("action", ["interrupt", "terminate"])
def test_a_request_to_stop_leaves_the_last_report_and_nothing_else(scene: Scene, tell: Tell, action: str) -> None:
    before = scene.published_pages()
    points = ("survey.begun", logbook.BUILDING, "3_panel.begun", "workbook.begun", logbook.WRITTEN, logbook.SYNCED)
    for point in points:
        scene.correct()
        ended = scene.run("--force", fault=(point, "1", action))
        assert ended.was_hit, point
        assert ended.status == 3, ended.words
        assert "已按要求停止" in ended.words
        assert scene.leftovers() == [], point
        assert scene.published_pages() == before
    for number, (point, time) in enumerate(PUBLISHING[1:], start=2):  # the new one is finished first
        scene.correct()
        ended = scene.run("--force", fault=(point, str(time), action))
        assert ended.was_hit, point
        assert ended.status in (3, *GOOD), ended.words  # 3: it was stopped, right after
        assert scene.faults_of_what_stands() == [], point
        assert scene.leftovers() == [], point
        assert scene.publications() == number, point
    good_evening(scene, published=1 + len(PUBLISHING))
    asked = len(points) + len(PUBLISHING) - 1
    tell(f"P4: {asked} requests to stop ({action}): {asked} survived")


def test_the_days_pass_twenty_points_and_more() -> None:
    ended = {point for day in DAYS.values() for point, _ in day}
    assert ended <= set(logbook.POINTS)
    assert len(ended) >= 20
    assert {point for point in logbook.POINTS if point.startswith("publish.")} - ended == {
        *(
            logbook.ASIDE,
            logbook.PLACED,
        ),  # of a first report, and of other disks: tests/runs/publishing/test_publishing.py
        *({"publish.begun"} - ended),
    }
