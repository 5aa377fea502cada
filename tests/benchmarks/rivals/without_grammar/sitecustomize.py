"""On PYTHONPATH this folder takes ``rfc3987_syntax`` out of a Python: importing it fails, as where it is not installed.

jupyterlab's server asks for it through jsonschema, which does without; it builds a grammar at import, for every start.
"""

import sys

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # Python's own way to say: there is none
