"""P5: of two runs at once on one bureau one is refused at once, and neither harms what is published."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

from pipeline.texts import load_texts
from tests.faults.scene import GOOD, QUARTER, ROOT, Scene

ROUNDS = 20
CORRECTED = range(0, ROUNDS, 4)  # rounds in which there is something to publish; in the others both look at the same
REFUSED = load_texts("zh")("run.busy", bureau="", lock="").split("“")[0]


def start(scene: Scene) -> "subprocess.Popen[str]":
    places = ("--processed", str(scene.place / "processed"), "--figures", str(scene.place / "figures"))
    command = [sys.executable, "-m", "pipeline", "report", "--bureau", str(scene.bureau), "--quarter", QUARTER, *places]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, cwd=ROOT, env=environment, encoding="utf-8", **pipes)  # type: ignore[call-overload]


def test_two_runs_at_once(scene: Scene, tell: Callable[[str], None]) -> None:
    seen: Counter[str] = Counter()
    for number in range(ROUNDS):
        if number in CORRECTED:
            scene.correct()
        runs = [start(scene), start(scene)]
        said = [run.communicate()[0] for run in runs]
        ended = sorted(
            "refused" if REFUSED in words and run.returncode == 3 else f"status {run.returncode}"
            for run, words in zip(runs, said, strict=True)
        )
        assert set(ended) <= {"refused", *(f"status {good}" for good in GOOD)}, said
        assert ended.count("refused") <= 1, said
        seen.update(ended)
        assert scene.faults_of_what_stands() == []
        assert scene.leftovers() == []
    assert scene.publications() == 1 + len(CORRECTED)
    tell(f"P5: {ROUNDS} rounds of two runs at once, {seen['refused']} refused, 0 reports harmed")
    assert seen["refused"] >= len(CORRECTED)
