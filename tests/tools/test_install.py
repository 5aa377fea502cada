"""Installing tells that it goes on, also while pip says nothing new for minutes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SILENT = "#!/bin/sh\necho 'Installing collected packages: one'\n{sleep} 4\n"  # stands for pip
SHORT = "#!/bin/sh\nexec {sleep} 0.01\n"  # a hundredth of a second stands for each second of waiting


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="a script of the shell")
def test_a_long_silence_is_no_silence_here(tmp_path: Path) -> None:
    sleep = shutil.which("sleep")
    put(tmp_path / "venv" / "bin" / "python", SILENT.format(sleep=sleep))
    put(tmp_path / "short" / "sleep", SHORT.format(sleep=sleep))
    done = subprocess.run(
        ["sh", str(ROOT / "tools" / "install.sh"), str(tmp_path / "venv"), "."],
        cwd=ROOT,
        env={**os.environ, "PATH": os.pathsep.join([str(tmp_path / "short"), os.environ["PATH"]])},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.count("Installing collected packages: one") > 1
