"""Damaged files and random sheets: no crash, no hang, and every row that was counted is accounted for."""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ingest import opening
from pipeline.ingest.files.grids import FileGrids, Grid
from pipeline.ingest.files.limits import CPU_SECONDS
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.files.workbooks import read_file
from pipeline.ingest.ledger import ROW_CLASSES, FileLedger, Issue
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
from tests.fuzzing.files import WarmReader, damage, failure_of, is_sound_archive
from tests.fuzzing.mutations import mutations_of
from tests.fuzzing.originals import write_originals
from tests.fuzzing.settings_books import failure_of_settings, make_books
from tests.fuzzing.sheets import sheets
from tests.hand_made import CATALOG, ROSTER
from tests.stand_in_reader import StandInReader

TEXTS = load_texts("zh")
MUTANTS = int(os.environ.get("RONGHE_MUTANTS", "120"))
"""How many damaged files are read; continuous integration asks for more."""

SHEETS = int(os.environ.get("RONGHE_SHEETS", "300"))
SLACK_SECONDS = 3.0  # starting a new worker, and a machine that does other things as well
FILES_A_RUN = 40
SAMPLE = (
    "党员花名册.xlsx",
    "*积分表.xlsx",
    "*互评表*.xlsx",
    "*销售月报*.xls",
    "*活动台账*.xls",
    "*答题成绩*.csv",
    "*案件台账*.xlsx",
)
STUMBLED = TEXTS("refused.unexpected", error="|").partition("|")[0]
DEATHS = ("crashed", "timeout", "memory")  # how a worker ends that a file was too much for


class TimedReader(Reader):
    """The reader itself, with a watch."""

    slowest = 0.0

    def read_each(self, paths: Iterable[Path]) -> Iterator[FileGrids]:
        """Read files one by one, none ahead, and remember the longest that one took."""
        for path in paths:
            began = time.monotonic()
            (found,) = super().read_each([path])
            TimedReader.slowest = max(TimedReader.slowest, time.monotonic() - began)
            yield found


def originals(repository: Path, folder: Path) -> list[Path]:
    """One workbook of the sample for each pattern, three containers and four layouts; the other containers by hand."""
    sample = repository / "data" / "raw" / "sample"
    found = [next(iter(sorted(sample.rglob(pattern))), None) for pattern in SAMPLE]
    assert None not in found, f"no workbook for {SAMPLE[found.index(None)]}"
    return [*(path for path in found if path is not None), *write_originals(folder)]


def assert_balanced(files: Sequence[FileLedger]) -> None:
    unbalanced = [(file.path, sheet) for file in files for sheet in file.sheets if not sheet.balances()]
    assert unbalanced == []


def damaged_copies(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Write the damaged files; the number in a name is the seed that makes the same one again."""
    copies = []
    for seed in range(MUTANTS):
        rng = random.Random(seed)
        source = paths[seed % len(paths)]
        data = source.read_bytes()
        name, mutate = rng.choice(sorted(mutations_of(data).items()))
        target = folder / f"{seed:05d}_{name}_{source.name}"
        target.write_bytes(mutate(data, rng))
        copies.append(target)
    return copies


def test_damaged_files_are_read_or_refused(
    repository: Path, tmp_path: Path, tell: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "Reader", TimedReader)
    copies = damaged_copies(originals(repository, tmp_path / "originals"), tmp_path)
    files: list[FileLedger] = []
    for start in range(0, len(copies), FILES_A_RUN):
        found, _ = check_paths(copies[start : start + FILES_A_RUN], CATALOG, TEXTS)
        files += found
    outcomes = Counter(file.status for file in files)
    deaths = Counter(code for file in files for code in DEATHS if file.reason == TEXTS(f"refused.{code}"))
    rows = sum(sheet.physical for file in files for sheet in file.sheets)
    unaccounted = sum(not sheet.balances() for file in files for sheet in file.sheets)
    sheets = sum(len(file.sheets) for file in files)
    tell(f"P1: {len(files)} damaged files, {sheets} sheets, {rows} rows: {unaccounted} sheets unaccounted")
    tell(
        f"fuzzer: {len(files)} damaged files: {dict(sorted(outcomes.items()))}, {rows} rows; workers lost: "
        f"{dict(deaths)}; slowest file {TimedReader.slowest:.2f} s"
    )
    assert len(files) == MUTANTS
    assert_balanced(files)
    assert all(file.reason for file in files if file.status != "read")
    assert not any(STUMBLED in (file.reason or "") for file in files)
    assert 0 < TimedReader.slowest <= CPU_SECONDS + SLACK_SECONDS
    assert outcomes["refused"] > MUTANTS // 4  # the mutations do reach what is checked
    assert outcomes["read"] > 0


def test_every_original_is_read_before_it_is_damaged(repository: Path, tmp_path: Path) -> None:
    files = [read_file(path) for path in originals(repository, tmp_path)]
    assert {file.path.name: file.reason for file in files if file.status != "read"} == {}
    assert {file.container for file in files} == {"xlsx", "xlsb", "xls", "ods", "text", "html", "spreadsheetml"}
    assert all(sum(grid.physical_rows for grid in file.grids) > len(ROSTER) // 2 for file in files)


FOUND = Path(__file__).parents[1] / "fuzzing" / "found"
STRUCTURED, SETTINGS = 60, 4


def test_what_the_fuzzer_found_stays_mended(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """Each file that a run of ``python -m tests.fuzzing`` kept ends as its record says, each bureau with its tables."""
    expected: dict[str, str | None] = {}
    ended: dict[str, str | None] = {}
    reader = WarmReader()
    for record in sorted(FOUND.glob("*.json")):
        known = json.loads(record.read_text(encoding="utf-8"))
        if "books" in known:
            expected[record.stem] = None
            ended[record.stem] = failure_of_settings(known["books"], tmp_path / "bureau")
        else:
            expected[record.stem] = known["expected"]
            failure = failure_of(record.with_suffix(""), reader)
            ended[record.stem] = failure or reader.outcome
    reader.reader.close()
    mended = sum(ended[name] == expected[name] for name in expected)
    tell(f"fuzzer: {len(expected)} cases found before, {mended} mended")
    assert ended == expected
    assert expected


def test_damage_within_the_rules_of_a_format_is_read_or_refused(repository: Path, tmp_path: Path) -> None:
    """What ``python -m tests.fuzzing`` does for minutes, for a few seconds."""
    paths = originals(repository, tmp_path / "originals")
    reader, sound = WarmReader(), 0
    failures: dict[int, str | None] = {}
    for seed in range(STRUCTURED):
        rng = random.Random(seed)
        source = paths[seed % len(paths)]
        path = tmp_path / source.name
        path.write_bytes(data := damage(source.read_bytes(), rng))
        sound += is_sound_archive(data)
        failures[seed] = failure_of(path, reader)
    reader.reader.close()
    assert {seed: failure for seed, failure in failures.items() if failure} == {}
    assert sound > STRUCTURED // 5  # archives whose faults are within their parts


def test_settings_at_random_are_read_and_scored(tmp_path: Path) -> None:
    books = [make_books(random.Random(seed)) for seed in range(SETTINGS)]
    assert [failure_of_settings(each, tmp_path / "bureau") for each in books] == [None] * SETTINGS


class _Given(StandInReader):
    """Stands in for the sandbox: hands out sheets that no file was needed for."""

    grids: tuple[Grid, ...] = ()

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        """Take whatever the real reader takes."""

    def read(self, path: Path) -> FileGrids:
        """Return the sheets as those of the file."""
        return FileGrids(path, "0" * 64, "read", None, "xlsx", self.grids)


def read_grids(grids: Sequence[Grid]) -> tuple[FileLedger, tuple[Issue, ...]]:
    """Read sheets as those of one file."""
    reader = type("Reader", (_Given,), {"grids": tuple(grids)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "Reader", reader)
        (file,), issues = check_paths([Path("2019年随机.xlsx")], CATALOG, TEXTS)
    return file, issues


def test_random_sheets_are_accounted_for(tell: Callable[[str], None]) -> None:
    counts: Counter[str] = Counter()

    # The same sheets every time: a gate does not open by luck. More sheets (RONGHE_SHEETS) are other ones.
    @settings(max_examples=SHEETS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(grids=st.lists(sheets(), min_size=1, max_size=2))
    def account(grids: list[Grid]) -> None:
        file, issues = read_grids(grids)
        assert_balanced([file])
        assert (file.status, file.reason) == ("read", None)
        assert [sheet.physical for sheet in file.sheets] == [grid.physical_rows for grid in grids]
        assert {issue.sheet for issue in issues if issue.file == file.path} <= {grid.name for grid in grids} | {None}
        counts.update({name: getattr(sheet, name) for sheet in file.sheets for name in ROW_CLASSES})
        counts["sheets"] += len(file.sheets)

    account()
    rows = sum(counts[name] for name in ROW_CLASSES)
    tell(f"P1: {counts['sheets']} random sheets, {rows} rows: 0 unaccounted; {dict(counts)}")
    assert all(counts[name] > 0 for name in ROW_CLASSES)  # every class of rows was reached
