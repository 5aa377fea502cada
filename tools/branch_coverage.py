"""``python -m tools.branch_coverage REPORT.json``: how many branches of the package the tests take.

Reads what ``coverage json`` wrote. Its own limit, ``--fail-under``, is of lines and branches together, where the many
lines hide the branches.
"""

import json
import sys
from pathlib import Path

LEAST_PCT = 95.0  # of the issue on promises: branch coverage of pipeline/


def judge(totals: dict[str, int]) -> tuple[str, bool]:
    """Return what to print of the totals of a report, and whether enough branches were taken."""
    parts = [("branches", "covered_branches", "num_branches"), ("lines", "covered_lines", "num_statements")]
    shares = {name: 100 * totals[covered] / totals[number] for name, covered, number in parts}
    counts = (
        f"{totals[covered]:,} of {totals[number]:,} {name} ({shares[name]:.1f} %)" for name, covered, number in parts
    )
    return f"Reached: {', '.join(counts)}; asked for: {LEAST_PCT:.0f} % of the branches", shares[
        "branches"
    ] >= LEAST_PCT


def main() -> int:
    """Print the figure; the exit status is 1 when it is too low."""
    said, is_enough = judge(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["totals"])
    print(said)
    return 0 if is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
