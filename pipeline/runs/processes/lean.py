"""Spares a warm process what costs it time and is never used; to be imported before everything heavy.

jupyterlab brings along a check of web addresses that builds a grammar when it is imported: one to two seconds. No
schema of a notebook asks for one, and jsonschema does without where it is missing. And what is imported stays: to
look through it, again and again, for what could be let go would take a sixth of the time (`warm` ends this).
"""

import gc
import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None stands for: not to be had
gc.disable()
