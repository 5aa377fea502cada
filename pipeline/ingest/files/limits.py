"""What one file may cost, from the contract of ``ronghe check``: never more than 10 s or 1.5 GB."""

import sys

CPU_SECONDS = 10.0
MEMORY_BYTES = 1536 * 1024 * 1024

WALL_SECONDS = CPU_SECONDS if sys.platform == "win32" else 3 * CPU_SECONDS
"""For what waits and does not calculate, such as a file on a network drive that does not answer.

Processor time is what a file costs. By the clock the same file takes several times as long on a machine that does
other things as well, and whether it is read must not depend on those. Windows limits no processor time, so that there
the clock has to do.
"""

MAX_CELLS = 5_250_000
"""Filled cells of all sheets of a file. Who recognises and checks them needs up to 1.8 microseconds a cell, measured
with 857,000 rows of which all seven cells are wrong; so the 10 s hold for that process too."""

MAX_WORDS = 1_250_000
"""Different texts and dates of a file. Each is read once and needs up to 7 microseconds, measured with texts that are
no date, number or yes or no where these belong; a ledger of a million rows has little more than a number a row."""
