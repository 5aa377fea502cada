"""What tests of the runs may ask for."""

from pathlib import Path

import pytest

from tests.runs.desk import Desk, make_desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A bureau with two workbooks that has never been reported."""
    return make_desk(tmp_path, monkeypatch)
