"""A run as a scheduler starts it: no terminal, no stream, no environment, another folder; its log says how it went."""

import subprocess
import sys

from tests.faults.scene import QUARTER, ROOT, Scene


def test_a_scheduled_run(scene: Scene) -> None:
    scene.correct()
    log = scene.home / "ronghe.log"
    places = f'--processed "{scene.place / "processed"}" --figures "{scene.place / "figures"}"'
    command = (
        f'"{sys.executable}" -m pipeline report --bureau "{scene.bureau}" --quarter {QUARTER} {places} --log "{log}"'
    )
    script = f'cd / && exec env -i PYTHONPATH="{ROOT}" PATH=/usr/bin:/bin {command} <&- >&- 2>&-'
    done = subprocess.run(["/bin/sh", "-c", script], check=False)
    lines = log.read_text(encoding="utf-8").splitlines()
    assert done.returncode in (0, 1), lines
    assert lines[-1].endswith(f'run.over status="{done.returncode}"')
    assert any("6_bulletin_board." in line for line in lines)
    assert any("report.html" in line for line in lines)  # where the page is, as a person would have been told
    assert scene.faults_of_what_stands() == []
    assert scene.publications() == 2
    again = subprocess.run(["/bin/sh", "-c", script], check=False)
    assert again.returncode == done.returncode
    assert len(log.read_text(encoding="utf-8").splitlines()) < 2 * len(lines)  # nothing to do: few points
