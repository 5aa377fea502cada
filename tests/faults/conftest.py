"""A scene for each test, copied from one that was prepared once a session."""

from pathlib import Path

import pytest

from tests.browser.published import made_once
from tests.faults.scene import Scene


@pytest.fixture(scope="session")
def prepared(session_folder: Path) -> Scene:
    """A small bureau with a published report, for all processes of this session of tests."""

    def make(home: Path) -> None:
        Scene(home, home / "results").prepare()

    home = made_once(session_folder / "faults", make)
    return Scene(home, home / "results")


@pytest.fixture
def scene(prepared: Scene, tmp_path: Path) -> Scene:
    """A scene of one's own."""
    return prepared.copy_to(tmp_path / "scene")
