"""``python -m pipeline`` does what ``ronghe`` does: this is where both begin."""

import sys

FAILED = 3  # as `pipeline.cli` has it


def main() -> int:
    """Run one command and return its exit status; Ctrl-C stops it, without a traceback, before it can speak too."""
    try:
        from pipeline.cli import main as run
    except KeyboardInterrupt:
        return FAILED
    return run()


if __name__ == "__main__":
    sys.exit(main())
