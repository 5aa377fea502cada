"""What the tests of reading share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest import opening
from pipeline.ingest.bureau import Reading
from pipeline.ingest.reading import read_bureau
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, InProcessReader


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Reading]:
    """Read a folder of hand-made workbooks in this process."""
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    return lambda folder: read_bureau(folder, CATALOG, load_texts("zh"))
