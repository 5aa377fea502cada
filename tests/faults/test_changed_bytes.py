"""P9: a byte of any file of a real published report, or of its tables, is changed; ``ronghe verify`` finds it."""

from collections.abc import Callable

from pipeline.parameters import SpokenError
from pipeline.runs.publishing.swapping import MARK
from pipeline.runs.publishing.verifying import verify
from pipeline.runs.records.places import find_workspace
from tests.faults.scene import QUARTER, Scene


def test_a_changed_byte_in_any_file_is_found(scene: Scene, tell: Callable[[str], None]) -> None:
    folder, workspace, processed = scene.pages / QUARTER, find_workspace(), scene.place / "processed"
    assert verify(folder, workspace, processed=processed).damage == ()
    files = [path for root in (folder, scene.tables / QUARTER) for path in sorted(root.rglob("*")) if path.is_file()]
    files = [path for path in files if path.name != MARK]
    found = []
    for number, path in enumerate(files):
        whole = path.read_bytes()
        place = (number * 7919) % len(whole)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        try:
            is_found = bool(verify(folder, workspace, processed=processed).damage)
        except SpokenError:
            is_found = True  # a manifest that cannot be read vouches for nothing
        path.write_bytes(whole)
        found.append(is_found)
    missed = [path.name for path, is_found in zip(files, found, strict=True) if not is_found]
    kinds = {path.suffix for path in files}
    tell(f"P9: a byte changed in each of {len(files)} files of a report and its tables: {sum(found)} found")
    assert missed == []
    assert {".html", ".xlsx", ".ipynb", ".json", ".parquet", ".csv"} <= kinds
