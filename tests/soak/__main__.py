"""Soak: ``python -m tests.soak --quarters 200``; the exit status is 0 when nothing was lost and nothing grew."""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.aftermath import Places
from tests.soak.batches import run_batches
from tests.soak.findings import Findings
from tests.soak.measuring import WARM_AFTER, growth
from tests.soak.one_process import OneProcess

SHARE_BY_BATCH = 0.4  # of the quarters


def main() -> int:
    """Read the arguments, run, and print what was seen."""
    arguments = _parser().parse_args()
    begun = time.monotonic()
    until = begun + arguments.minutes * 60 if arguments.minutes else float("inf")
    share = {"one": 0.0, "batch": 1.0, "both": SHARE_BY_BATCH}[arguments.part]
    by_batch = round(arguments.quarters * share)
    findings = Findings(tell=lambda line: print(line, flush=True))
    home = Path(tempfile.mkdtemp(prefix="soak-"))
    try:
        if by_batch < arguments.quarters:
            enough = begun + (until - begun) * (1 - share)
            _in_one_process(home, arguments.quarters - by_batch, arguments.seed, findings, enough)
        run_batches(home, by_batch, arguments.seed, findings, lambda: time.monotonic() > until)
    finally:
        shutil.rmtree(home)
    print(findings)
    return 0 if findings.is_well else 1


def _in_one_process(home: Path, quarters: int, seed: int, findings: Findings, until: float) -> None:
    one = OneProcess(Places(home / "one").made(), seed, findings)
    try:
        one.run(quarters, lambda: time.monotonic() > until)
        one.end()
    finally:
        one.program.kill()
    if len(one.held) > WARM_AFTER + 1:
        findings.growth = growth(one.held)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--quarters", type=int, default=200)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--part", choices=("one", "batch", "both"), default="both", help="of the two ways")
    parser.add_argument("--minutes", type=float, help="stop after so many, with the quarters that were done")
    return parser


if __name__ == "__main__":
    sys.exit(main())
