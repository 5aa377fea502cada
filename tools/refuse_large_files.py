"""Refuse files above a size, named on the command line (a pre-commit hook)."""

import sys
from pathlib import Path

LIMIT_BYTES = 1_000_000  # above every text, picture and sample workbook here, below every report


def too_large(paths: list[Path]) -> list[Path]:
    """Return those of ``paths`` that hold more than `LIMIT_BYTES`."""
    return [path for path in paths if path.stat().st_size > LIMIT_BYTES]


def main(arguments: list[str]) -> int:
    """Name every file that is too large; exit status 1 when there is one."""
    refused = too_large([Path(argument) for argument in arguments])
    for path in refused:
        megabytes = path.stat().st_size / 1e6
        print(f"{path}: {megabytes:.1f} MB, at most {LIMIT_BYTES / 1e6:.0f} MB is committed", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
