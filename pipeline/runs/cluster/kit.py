"""What must be the same on every machine of a cluster, so that a report is the same wherever it is made.

Imports nothing of the cluster: both sides of it do the same here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata

from pipeline.runs.records.fingerprints import fingerprint_code, package_versions
from pipeline.runs.records.places import find_workspace

CARRIERS = ("dask", "distributed")  # what the jobs travel by; no result depends on them


@dataclass(frozen=True)
class Difference:
    """One thing in which a machine is not as expected; ``seen`` is empty where it has none."""

    what: str
    expected: str
    seen: str


def describe_kit() -> dict[str, str]:
    """Return the fingerprint of the code here, and the versions of Python, of our requirements and of Dask."""
    carriers = {name: metadata.version(name) for name in CARRIERS}
    return {"ronghe": fingerprint_code(find_workspace())[:12], **package_versions(), **carriers}


@cache
def loaded_kit() -> Mapping[str, str]:
    """Return what `describe_kit` said when this process first asked.

    A worker that has run a batch has loaded its code, and its fork server too: after an update of the files on its disk
    both still run the old one, and must be told from workers that were started again.
    """
    return describe_kit()


def find_difference(expected: Mapping[str, str], seen: Mapping[str, str]) -> Difference | None:
    """Return the first thing that differs, in the order of ``expected``; None when all are the same."""
    for what, version in expected.items():
        if seen.get(what) != version:
            return Difference(what, version, seen.get(what, ""))
    return None
