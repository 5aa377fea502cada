"""Leaves out what costs seconds to import and is never used here; to be imported before everything heavy.

jupyterlab brings along a check of web addresses that builds a grammar when it is imported: one to two seconds. No
schema of a notebook asks for one, and jsonschema does without where it is missing.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None stands for: not to be had
