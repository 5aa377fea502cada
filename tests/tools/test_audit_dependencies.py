"""A finding, no data and a lapsed exception are told apart; who knows nothing gives no clean bill."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from tools import audit_dependencies
from tools.audit_dependencies import (
    CANARY,
    EXCEPTIONS,
    ROOT,
    Audit,
    Excepted,
    Fault,
    excepted,
    expired,
    judge,
    main,
    unbounded,
    unpinned,
)

# Stands for pip-audit 2.10: same options, same answers, same statuses
STAND_IN = """\
import json, sys
known, silent = json.loads(sys.argv[1]), json.loads(sys.argv[2])
given = dict(zip(sys.argv[3:-1], sys.argv[4:]))
assert {"--no-deps", "--disable-pip"} <= set(sys.argv)
if given["--vulnerability-service"] in silent:
    sys.exit("requests.exceptions.ConnectionError: no such host")
told = []
for line in open(given["--requirement"], encoding="utf-8"):
    name, version = line.strip().split("==")
    if "nobody" in name:
        told.append({"name": name, "skip_reason": "not found"})
    else:
        told.append({"name": name, "version": version, "vulns": known.get(line.strip(), [])})
print(json.dumps({"dependencies": told, "fixes": []}))
sys.exit(any(entry.get("vulns") for entry in told))
"""
VULN = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"], "description": "bad"}
PROJECT = '[project]\ndependencies = ["alpha>=1"]\n[project.optional-dependencies]\ndev = ["beta>=1,<2"]\n'
PINS = "# tested\nalpha==1.0\nbeta==1.5 ; python_full_version == '3.12.*'\n"


class Bench:
    """A small project and a stand-in for pip-audit."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.known = {CANARY: [VULN]}
        self.silent: list[str] = []
        self.write("auditor.py", STAND_IN)
        self.write("pyproject.toml", PROJECT)
        self.write("constraints.txt", PINS)
        self.write("exceptions.csv", "id,package,reason,until\n")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self) -> tuple[int, str, str]:
        auditor = [sys.executable, str(self.folder / "auditor.py"), json.dumps(self.known), json.dumps(self.silent)]
        files = {"--project": "pyproject.toml", "--constraints": "constraints.txt", "--exceptions": "exceptions.csv"}
        options = [word for option, name in files.items() for word in (option, str(self.folder / name))]
        status = main([*options, "--auditor", *auditor])
        return status, *self._capsys.readouterr()


@pytest.fixture
def bench(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Bench:
    return Bench(tmp_path, capsys)


def test_without_a_known_fault_it_is_well(bench: Bench) -> None:
    status, out, errors = bench.run()
    assert (status, errors) == (0, "")
    assert out == "Dependencies: 2 direct, 2 pinned; 0 known faults by pypi, 0 excepted\n"


@pytest.mark.parametrize("pin", ["alpha==1.0", "beta==1.5"])
def test_a_known_fault_fails_also_of_what_another_python_installs(pin: str, bench: Bench) -> None:
    bench.known[pin] = [VULN]
    status, out, errors = bench.run()
    assert status == 1
    assert "1 known faults" in out
    assert errors == f"{pin.replace('==', ' ')}: PYSEC-2026-1, CVE-2026-1 (mended in 2.0)\n"


def test_when_one_service_is_silent_the_other_is_asked(bench: Bench) -> None:
    bench.silent = ["pypi"]
    assert "by osv" in bench.run()[1]


def test_when_all_are_silent_that_is_said_and_no_fault(bench: Bench) -> None:
    bench.silent = ["pypi", "osv"]
    status, out, errors = bench.run()
    assert (status, errors) == (0, "")
    assert "could not be had, skipped" in out
    assert "no such host" in out


def test_a_mirror_that_knows_nothing_gives_no_clean_bill(bench: Bench) -> None:
    bench.known = {}
    status, out, _ = bench.run()
    assert status == 0
    assert f"could not be had, skipped (pypi: it does not know the faults of {CANARY}; osv: it does not" in out
    assert "0 known faults" not in out


def test_a_package_that_a_service_does_not_know_is_named(bench: Bench) -> None:
    bench.write("constraints.txt", f"{PINS}nobody-knows==1\n")
    assert "not known there: nobody-knows" in bench.run()[1]


def test_an_exception_holds_until_its_date(bench: Bench) -> None:
    bench.known["alpha==1.0"] = [VULN]
    bench.write("exceptions.csv", "id,package,reason,until\nCVE-2026-1,alpha,is not called,2999-01-01\n")
    assert bench.run()[0] == 0
    bench.write("exceptions.csv", "id,package,reason,until\nCVE-2026-1,alpha,is not called,2020-01-01\n")
    status, _, errors = bench.run()
    assert (status, errors) == (1, "alpha: the exception of CVE-2026-1 ended 2020-01-01\n")


def test_an_exception_fails_on_the_day_after_its_last() -> None:
    entry = Excepted("CVE-1", "alpha", "why", date(2026, 5, 1))
    assert expired([entry], date(2026, 5, 1)) == []
    assert len(expired([entry], date(2026, 5, 2))) == 1


def test_an_exception_is_of_one_package_and_goes_with_its_fault() -> None:
    fault = Fault("alpha", "1.0", ("CVE-1",), ())
    entry = Excepted("CVE-1", "beta", "why", date(2999, 1, 1))
    wrong = judge(Audit("pypi", (fault,), ()), [entry])
    assert wrong == ["alpha 1.0: CVE-1 (not mended yet)", "beta: CVE-1 is told no more: take the exception away"]


def test_an_exception_needs_a_reason(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,package,reason,until\nCVE-1,alpha, ,2999-01-01\n", encoding="utf-8")
    with pytest.raises(ValueError, match="CVE-1 has no reason"):
        excepted(tmp_path / "e.csv")


@pytest.mark.parametrize("line", ["alpha>=1", "alpha", "alpha @ file:///a.whl", "-e .", "alpha==1.0 --hash=sha256:0"])
def test_a_line_that_names_no_one_version_fails(line: str, bench: Bench) -> None:
    assert unpinned([line]) == [line]
    bench.write("constraints.txt", f"{PINS}{line}\n")
    status, _, errors = bench.run()
    assert (status, errors) == (1, f"no one exact version: {line}\n")


def test_a_requirement_without_an_oldest_version_fails(bench: Bench) -> None:
    assert unbounded(["a>=1", "b==2", "c~=3.1", "d>=1,<2"]) == []
    assert unbounded(["a", "b<2", "c @ file:///c.whl"]) == ["a", "b<2", "c @ file:///c.whl"]
    bench.write("pyproject.toml", '[project]\ndependencies = ["alpha"]\n')
    assert bench.run()[0] == 1


def test_a_package_with_a_version_for_each_system_is_asked_for_in_parts(bench: Bench) -> None:
    """pip-audit refuses a file that names a package twice."""
    bench.write("constraints.txt", "alpha==1.0 ; sys_platform == 'win32'\nAlpha==0.9 ; sys_platform != 'win32'\n")
    bench.known["Alpha==0.9"] = [VULN]
    assert "Alpha 0.9: PYSEC-2026-1" in bench.run()[2]


def test_an_auditor_that_cannot_be_installed_is_no_data(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(constraints: Path) -> list[str]:
        raise audit_dependencies.NoData("could not be installed")

    monkeypatch.setattr(audit_dependencies, "_installed", refuse)
    assert main(["--constraints", str(bench.folder / "constraints.txt")]) == 0
    assert "skipped (could not be installed)" in capsys.readouterr().out


def test_our_own_lists_are_in_order() -> None:
    assert unpinned((ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()) == []
    assert expired(excepted(EXCEPTIONS), date.min) == []
