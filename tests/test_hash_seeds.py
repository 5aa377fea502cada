"""Tables are the same to the last bit, however Python happens to order its sets in a run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# A sum over a set of parts once differed in its last bit between two runs of one report; these seeds showed it.
SEEDS = ("1", "3", "6")
MAKE_TABLES = """
import sys
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import read_bureau
from pipeline.ingest.store import save_reading, write_table
from pipeline.periods import parse_quarter
from pipeline.points import score_points
from pipeline.texts import load_texts

folder, catalog = Path(sys.argv[1]), load_catalog()
folder.mkdir()
reading = read_bureau(Path("data/raw/sample"), catalog, load_texts("zh"))
save_reading(reading, folder, catalog)
for name, table in score_points(reading, catalog, parse_quarter("2021Q4")).tables.items():
    write_table(table, name, folder, catalog)
"""


def make_tables(folder: Path, seed: str) -> dict[str, bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, "-c", MAKE_TABLES, str(folder)], cwd=ROOT, env=environment, check=True)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return make_tables(tmp_path_factory.mktemp("seeds") / "first", SEEDS[0])


@pytest.mark.parametrize("seed", SEEDS[1:])
def test_another_hash_seed_changes_no_byte(first: dict[str, bytes], tmp_path: Path, seed: str) -> None:
    other = make_tables(tmp_path / "other", seed)
    assert len(first) > 50
    assert other.keys() == first.keys()
    assert [name for name in first if first[name] != other[name]] == []
