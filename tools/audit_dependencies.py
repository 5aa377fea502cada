"""Are the dependencies bounded, pinned, and without known faults? ``python -m tools.audit_dependencies``

The known faults are told by pip-audit, in an environment of its own (``.venv/audit``, made when it is missing), so that
nothing of it stands among the tested packages. Where its data cannot be had that is said, and is no fault. pip-audit
calls everything clean where a mirror has no such data: so a service must first name faults that are known.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
EXCEPTIONS = ROOT / "tools" / "audit_exceptions.csv"  # id, package, reason, until (ISO date)
AUDITOR = "pip-audit==2.10.1"  # of the Python Packaging Authority
SERVICES = ("pypi", "osv")  # the Python Packaging Advisory Database and OSV, in the order in which they are asked
CANARY = "jinja2==2.4.1"  # CVE-2016-10745 and others: a service that does not name them knows nothing
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(\s*;.*)?")
SECONDS, SECONDS_OF_SOCKET = 600, 15


class NoData(Exception):
    """Raised when known faults cannot be had from a service; says why."""


@dataclass(frozen=True)
class Fault:
    """A known fault of a pinned package, by all the names that it goes by."""

    package: str
    version: str
    names: tuple[str, ...]
    mended_in: tuple[str, ...]

    def __str__(self) -> str:
        mended = f"mended in {', '.join(self.mended_in)}" if self.mended_in else "not mended yet"
        return f"{self.package} {self.version}: {', '.join(self.names)} ({mended})"


@dataclass(frozen=True)
class Audit:
    """What a service told of all pins; ``unknown`` are packages that it does not know."""

    service: str
    faults: tuple[Fault, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Excepted:
    """A fault that is lived with, why, and until when."""

    name: str
    package: str
    reason: str
    until: date


def unpinned(lines: Iterable[str]) -> list[str]:
    """Return the lines of a file of constraints that do not name one exact version: a bound, an address, an option."""
    return [line for line in _entries(lines) if not PIN.fullmatch(line)]


def unbounded(requirements: Iterable[str]) -> list[str]:
    """Return the requirements that name no oldest version, or an address."""
    parsed = [Requirement(text) for text in requirements]
    return [
        str(requirement)
        for requirement in parsed
        if requirement.url or not {"==", ">=", "~="} & {bound.operator for bound in requirement.specifier}
    ]


def direct_requirements(project: Mapping[str, Any]) -> list[str]:
    """Return what ``pyproject.toml`` asks for, extras included."""
    extras = project.get("optional-dependencies", {})
    return [*project["dependencies"], *(text for name in sorted(extras) for text in extras[name])]


def ask(auditor: Sequence[str], pins: Sequence[str]) -> Audit:
    """Return the known faults of ``pins`` from the first service that has data; raises `NoData` with all reasons."""
    reasons = []
    for service in SERVICES:
        try:
            if not _ask(auditor, service, [CANARY]).faults:
                raise NoData(f"it does not know the faults of {CANARY}")
            return _ask(auditor, service, pins)
        except NoData as error:
            reasons.append(f"{service}: {error}")
    raise NoData("; ".join(reasons))


def excepted(file: Path) -> list[Excepted]:
    """Read the exceptions; raises `ValueError` for one without reason or date."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if not row["reason"].strip():
            raise ValueError(f"{file.name}: {row['id']} has no reason")
    return [Excepted(row["id"], row["package"], row["reason"], date.fromisoformat(row["until"])) for row in rows]


def judge(audit: Audit, exceptions: Sequence[Excepted]) -> list[str]:
    """Return what is wrong: faults that are not excepted, and exceptions of faults that are gone."""
    known = {(entry.package, entry.name) for entry in exceptions}
    wrong = [str(fault) for fault in audit.faults if not {(fault.package, name) for name in fault.names} & known]
    told = {(fault.package, name) for fault in audit.faults for name in fault.names}
    gone = [entry for entry in exceptions if (entry.package, entry.name) not in told]
    return [*wrong, *(f"{entry.package}: {entry.name} is told no more: take the exception away" for entry in gone)]


def expired(exceptions: Iterable[Excepted], today: date) -> list[str]:
    """Name the exceptions whose time is over."""
    return [
        f"{entry.package}: the exception of {entry.name} ended {entry.until}"
        for entry in exceptions
        if entry.until < today
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was checked, and each thing that is wrong; exit status 1 when there is one."""
    options = _parser().parse_args(arguments)
    lines = options.constraints.read_text(encoding="utf-8").splitlines()
    direct = direct_requirements(tomllib.loads(options.project.read_text(encoding="utf-8"))["project"])
    exceptions = excepted(options.exceptions)
    wrong = [f"no one exact version: {line}" for line in unpinned(lines)]
    wrong += [f"no oldest version, or an address: {text}" for text in unbounded(direct)]
    wrong += expired(exceptions, datetime.now(UTC).date())
    pins = [found[0].partition(";")[0].strip() for line in _entries(lines) if (found := PIN.fullmatch(line))]
    try:
        audit = ask(options.auditor or _installed(options.constraints), pins)
    except NoData as error:
        told = f"known faults could not be had, skipped ({error})"
    else:
        wrong += judge(audit, exceptions)
        told = f"{len(audit.faults)} known faults by {audit.service}, {len(exceptions)} excepted"
        told += f", not known there: {', '.join(audit.unknown)}" if audit.unknown else ""
    print(f"Dependencies: {len(direct)} direct, {len(pins)} pinned; {told}")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.audit_dependencies", description=__doc__)
    parser.add_argument("--constraints", type=Path, default=ROOT / "constraints.txt")
    parser.add_argument("--project", type=Path, default=ROOT / "pyproject.toml")
    parser.add_argument("--exceptions", type=Path, default=EXCEPTIONS)
    parser.add_argument("--auditor", nargs="+", help="how pip-audit is called, in place of the one in .venv/audit")
    return parser


def _entries(lines: Iterable[str]) -> list[str]:
    stripped = (line.partition(" #")[0].strip() for line in lines)
    return [line for line in stripped if line and not line.startswith("#")]


def _installed(constraints: Path) -> list[str]:
    """Return how to call pip-audit, which is installed when it is missing; raises `NoData` when it cannot be."""
    home = ROOT / ".venv" / "audit"
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    call = [str(python), "-m", "pip_audit"]
    if python.exists() and not subprocess.run([*call, "--version"], capture_output=True, check=False).returncode:
        return call
    venv.create(home, with_pip=True, clear=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--constraint", str(constraints), AUDITOR]
    done = subprocess.run(install, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        raise NoData(f"{AUDITOR} could not be installed: {_last_line(done.stderr)}")
    return call


def _ask(auditor: Sequence[str], service: str, pins: Sequence[str]) -> Audit:
    faults: list[Fault] = []
    unknown: list[str] = []
    for each in _without_repeats(pins):
        for entry in _answer(auditor, service, each):
            if "skip_reason" in entry:
                unknown.append(entry["name"])
            for told in entry.get("vulns", ()):
                names = (told["id"], *told.get("aliases", ()))
                faults.append(Fault(entry["name"], entry["version"], names, tuple(told["fix_versions"])))
    return Audit(service, tuple(faults), tuple(unknown))


def _answer(auditor: Sequence[str], service: str, pins: Sequence[str]) -> list[dict[str, Any]]:
    """Return what pip-audit tells of each package; its status 1 means faults as well as an error of its own."""
    options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pins.txt"
        file.write_text("\n".join(pins) + "\n", encoding="utf-8")
        call = [*auditor, *options, "--vulnerability-service", service, "--timeout", str(SECONDS_OF_SOCKET)]
        try:
            done = subprocess.run(
                [*call, "--requirement", str(file)], capture_output=True, text=True, check=False, timeout=SECONDS
            )
            return list(json.loads(done.stdout)["dependencies"])
        except subprocess.TimeoutExpired as error:
            raise NoData(f"no answer in {SECONDS} s") from error
        except (json.JSONDecodeError, KeyError) as error:
            raise NoData(_last_line(done.stderr)) from error


def _without_repeats(pins: Sequence[str]) -> list[list[str]]:
    """Part the pins so that none names a package twice, as systems and Pythons with versions of their own do."""
    parts: list[dict[str, str]] = [{}]
    for pin in pins:
        name = pin.partition("==")[0].lower()
        part = next((part for part in parts if name not in part), None)
        if part is None:
            parts.append(part := {})
        part[name] = pin
    return [list(part.values()) for part in parts]


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:200] if lines else "no word"


if __name__ == "__main__":
    sys.exit(main())
