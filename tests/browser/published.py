"""The sample bureau's report, made once a session for every test that looks at it, whichever process they run in."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

QUARTER = "2021Q4"
BUREAU = "sample"
WAIT_SECONDS = 900  # for another process that makes the same report; alone it takes about a minute
PAGES = ("report", "appendix", "annual", "board", "secretary", "library")
SHARED_FOLDER = "RONGHE_PAGES"  # a folder to keep the reports in between two sessions, for one who works on the tests


@dataclass(frozen=True)
class Published:
    """Where ``ronghe report --secretary`` has published the sample bureau's quarter in one language."""

    home: Path
    lang: str

    @property
    def folder(self) -> Path:
        """The pages, the workbook and the manifest of the quarter."""
        return self.home / "figures" / BUREAU / QUARTER

    @property
    def tables(self) -> Path:
        """The tables that the pages were made from."""
        return self.home / "processed" / BUREAU / QUARTER

    def page(self, name: str) -> Path:
        """The file of one of `PAGES`."""
        if name == "secretary":
            return self.tables.parent / "internal" / f"{QUARTER}.html"
        if name == "library":
            return self.folder.parent / "index.html"
        return self.folder / f"{name}.html"


def make_report(repository: Path, home: Path, lang: str, bureau: Path | None = None) -> str:
    """Run the main job into ``home``, the secretary's page with it: on the sample bureau, or another of that name.

    Return what it said.
    """
    command = [sys.executable, "-m", "pipeline", "report", "--secretary", "--quarter", QUARTER, "--lang", lang]
    places = {
        "--bureau": bureau or repository / "data" / "raw" / BUREAU,
        "--figures": home / "figures",
        "--processed": home / "processed",
    }
    made = subprocess.run(
        [*command, *(str(part) for pair in places.items() for part in pair)],
        cwd=repository,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode == 1, made.stderr  # the sample holds planted mistakes: published, with rejected rows
    return made.stdout + made.stderr


def made_once(home: Path, make: Callable[[Path], object]) -> Path:
    """Return ``home``, filled by ``make`` in whichever process came first; the others wait for it.

    The maker works in a folder beside it and renames it at the end, so that a folder with the right name is whole.
    """
    making = home.with_name(f"{home.name}.making")
    failed = home.with_name(f"{home.name}.failed.json")
    home.parent.mkdir(parents=True, exist_ok=True)
    if home.is_dir():
        return home
    try:
        making.mkdir()
    except FileExistsError:
        return _wait(home, failed)
    try:
        make(making)
    except BaseException as error:
        failed.write_text(json.dumps(str(error)), encoding="utf-8")
        shutil.rmtree(making)
        raise
    return making.rename(home)


def _wait(home: Path, failed: Path) -> Path:
    end = time.monotonic() + WAIT_SECONDS
    while not home.is_dir():
        assert not failed.exists(), f"another process could not make it: {json.loads(failed.read_text('utf-8'))}"
        assert time.monotonic() < end, f"nobody has made {home.name} within {WAIT_SECONDS} s"
        time.sleep(0.2)
    return home
