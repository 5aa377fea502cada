"""``python -m pipeline`` does what ``ronghe`` does: this is where both begin."""

import sys

FAILED = 3  # as `pipeline.cli` has it


def main() -> int:
    """Run one command and return its exit status; Ctrl-C stops it without a traceback, also before it can speak."""
    try:
        from pipeline.cli import main as run

        return run()
    except KeyboardInterrupt:  # while it is being loaded, or reads the texts in which it would tell of it
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
