"""A bureau read again: what did not change is not parsed, and the reading is the same."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.files.childprocess import ChildProcess
from pipeline.ingest.reading import read_bureau
from pipeline.ingest.store import cache_of
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, write_bureau, write_xlsx


def read(folder: Path, processed: Path) -> Reading:
    return read_bureau(folder, CATALOG, load_texts("zh"), cache_of(processed))


def test_a_second_reading_parses_only_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau, processed = tmp_path / "bureau", tmp_path / "processed"
    bureau.mkdir()
    processed.mkdir()
    write_bureau(bureau)
    write_xlsx(bureau / "2019年1月上柜.xlsx", {"甲": [["单位", "零售户数", "上柜户数"], ["营销管理", 100, 50]]})
    parsed: list[str] = []
    send = ChildProcess.send

    def send_and_note(worker: ChildProcess, message: bytes, wall_seconds: float) -> None:
        parsed.append(Path(json.loads(message)).name)
        send(worker, message, wall_seconds)

    monkeypatch.setattr(ChildProcess, "send", send_and_note)
    first = read(bureau, processed)
    assert "2019年1月上柜.xlsx" in parsed
    parsed.clear()
    second = read(bureau, processed)
    assert parsed == []
    assert (second.files, second.issues, second.bureau) == (first.files, first.issues, first.bureau)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(second.tables[name], table)
    write_xlsx(bureau / "2019年1月上柜.xlsx", {"甲": [["单位", "零售户数", "上柜户数"], ["营销管理", 100, 60]]})
    read(bureau, processed)
    assert parsed == ["2019年1月上柜.xlsx"]
