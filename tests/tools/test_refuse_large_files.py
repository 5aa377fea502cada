from pathlib import Path

import pytest

from tools import refuse_large_files


def test_only_what_is_above_the_limit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small, large = tmp_path / "small.csv", tmp_path / "large.xlsx"
    small.write_bytes(b"x" * refuse_large_files.LIMIT_BYTES)
    large.write_bytes(b"x" * (refuse_large_files.LIMIT_BYTES + 1))

    assert refuse_large_files.main([str(small)]) == 0
    assert refuse_large_files.main([str(small), str(large)]) == 1
    assert "large.xlsx: 1.0 MB" in capsys.readouterr().err
