"""A day on which run after run goes wrong, and its evening."""

from collections.abc import Callable, Iterable, Sequence

from tests.faults.scene import GOOD, Scene


def bad_day(
    scene: Scene, faults: Iterable[Sequence[str]], allowed: Sequence[int], mend: Callable[[], None] = lambda: None
) -> list[str]:
    """Run with each of ``faults`` in turn, each after a correction; return what was said.

    ``mend`` takes what hindered a run away, before anything is looked at.
    """
    said = []
    for fault in faults:
        scene.correct()
        ended = scene.run("--force", fault=fault)  # or what has not changed is taken over, and its point never comes
        mend()
        assert ended.was_hit, f"{fault} never came: {ended.words}"
        assert ended.status in allowed, ended.words
        assert scene.faults_of_pages() == [], fault
        assert scene.is_free()
        said.append(ended.words)
    return said


def good_evening(scene: Scene, published: int) -> None:
    """The last run of the day publishes, and leaves no trace of the others."""
    scene.correct()
    ended = scene.run()
    assert ended.status in GOOD, ended.words
    assert scene.faults_of_what_stands() == []
    assert scene.leftovers() == []
    assert scene.publications() == published, (scene.publications(), published)
    again = scene.run()
    assert again.status in GOOD
    assert "没有变化" in again.words
