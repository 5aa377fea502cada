"""P2: hostile files of every kind end as it was judged by hand, within the limits, and the reason says where."""

import json
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest.files.limits import CPU_SECONDS, MEMORY_BYTES
from pipeline.ingest.files.sandbox import Reader
from tests.hostile_files.archives import ARCHIVES
from tests.hostile_files.binary import BINARY
from tests.hostile_files.cases import Bait, Hostile
from tests.hostile_files.markup import MARKUP
from tests.hostile_files.plain import PLAIN
from tests.hostile_files.sheets import SHEETS
from tests.hostile_files.whole import whole_files

GROUPS: Mapping[str, Mapping[str, Hostile]] = {
    "archive": ARCHIVES,
    "markup": MARKUP,
    "sheet": SHEETS,
    "xls": BINARY,
    "text": PLAIN,
}
FILES = {f"{group}: {name}": file for group, files in GROUPS.items() for name, file in files.items()}
SECRET = "SECRET-OF-THIS-MACHINE"
JUDGE_SECONDS = 1_800  # on a machine that does other things as well; 80 s of the processor
SUFFIXES = ("xlsx", "xlsm", "xlsb", "xls", "et", "ods", "csv", "tsv", "txt")

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system measures no process apart")


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """Somebody whom a file might call; nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        yield server


@pytest.fixture(scope="module")
def verdicts(listener: socket.socket, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> dict[str, Any]:
    """What became of every file, by what it is."""
    folder = tmp_path_factory.mktemp("hostile")
    secret = folder / "secret.txt"
    secret.write_text(SECRET, encoding="ascii")
    bait = Bait(f"http://127.0.0.1:{listener.getsockname()[1]}/x", secret.as_uri())
    paths = {what: folder / f"{number:03d}" / file.name for number, (what, file) in enumerate(FILES.items())}
    for what, path in paths.items():
        path.parent.mkdir()
        path.write_bytes(FILES[what].make(bait))
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile_files.judge", SECRET, *map(str, paths.values())],
        capture_output=True,
        check=True,
        cwd=repository,
        timeout=JUDGE_SECONDS,
    )
    lines = done.stdout.decode().splitlines()
    return {what: json.loads(line) for what, line in zip(paths, lines, strict=True)}


@needs_fork
def test_every_hostile_file_ends_as_it_was_judged(
    verdicts: dict[str, Any], listener: socket.socket, tell: Callable[[str], None]
) -> None:
    expected = {what: file.expected for what, file in FILES.items()}
    ended = {what: verdict["outcome"] for what, verdict in verdicts.items()}
    slowest = max(verdict.get("seconds", 0) for verdict in verdicts.values())
    most = max(verdict.get("bytes", 0) for verdict in verdicts.values())
    tell(
        f"P2: {len(FILES)} hostile files: {sum(expected[what] == ended[what] for what in FILES)} as expected "
        f"({dict(Counter(outcome.partition(' ')[0] for outcome in ended.values()))}), "
        f"slowest {slowest:.1f} s, most memory {most / 2**20:.0f} MB"
    )
    assert {what: ended[what] for what in FILES if ended[what] != expected[what]} == {}
    assert len(FILES) >= 60
    assert slowest <= CPU_SECONDS
    assert most <= MEMORY_BYTES
    with pytest.raises(TimeoutError):  # nobody has called
        listener.accept()


@needs_fork
def test_every_reason_says_where_in_both_languages(verdicts: dict[str, Any]) -> None:
    refused = {what: verdict for what, verdict in verdicts.items() if verdict["told"]["zh"]}
    for what, verdict in refused.items():
        assert verdict["ledger"][1] == verdict["told"]["zh"], what
        for lang, told in verdict["told"].items():
            shown = {value: told for value in verdict["values"] if not value.isdigit() and value not in told}
            assert not shown, (what, lang, shown)
            assert ord(max(told)) < 0x2E80 or lang == "zh" or any(value in told for value in verdict["values"]), what
    assert len(refused) >= 60


@needs_fork
def test_what_is_read_is_accounted_for_and_gives_nothing_away(verdicts: dict[str, Any]) -> None:
    assert {what for what, verdict in verdicts.items() if not verdict["balances"] or verdict["leaked"]} == set()
    read = {what: verdict for what, verdict in verdicts.items() if verdict["outcome"].startswith("read ")}
    assert all(verdict["outcome"] == f"read {verdict['physical']}" for verdict in read.values())


def test_a_wrong_name_changes_nothing(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """Every container under the name of every other one is read for what it is, every row of it."""
    expected, read = {}, {}
    with Reader() as reader:
        for container, (data, rows) in whole_files(tmp_path / "whole").items():
            for suffix in SUFFIXES:
                path = tmp_path / f"{container}.{suffix}"
                path.write_bytes(data)
                file = reader.read(path)
                expected[path.name] = rows
                read[path.name] = sum(grid.physical_rows for grid in file.grids) if file.reason is None else file.reason
    right = sum(read[name] == expected[name] for name in expected)
    tell(f"P2: {len(read)} workbooks under the name of another container: {right} read by their content")
    assert read == expected
