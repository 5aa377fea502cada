"""pyproject.toml, environment.yml and constraints.txt name the same things, for every Python and system supported."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from itertools import product
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAMES = {"kaleido": "python-kaleido"}  # where conda-forge differs from PyPI
ONLY_BY_PIP = {"axe-playwright-python", "lunardate", "playwright"}  # conda-forge: none, too old, another name
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}
PYTHONS = ("3.11", "3.12", "3.13")


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def direct_requirements() -> list[Requirement]:
    extras = project()["optional-dependencies"]
    optional = [text for extra in ("dev", "browser", "cluster") for text in extras[extra]]
    return [Requirement(text) for text in [*project()["dependencies"], *optional]]


def pins() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def conda_requirements() -> tuple[dict[str, str], list[str]]:
    """Conda's bounds by name, and what it leaves to pip."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    bounds = dict(entry.partition(" ")[::2] for entry in entries if isinstance(entry, str))
    (by_pip,) = [entry["pip"] for entry in entries if isinstance(entry, dict)]
    return bounds, by_pip


def marker_environment(python: str, system: str) -> dict[str, str]:
    return {"python_version": python, "python_full_version": f"{python}.2", "extra": "", **SYSTEMS[system]}


def applies(requirement: Requirement, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(environment)


def test_conda_has_the_same_requirements() -> None:
    bounds, by_pip = conda_requirements()
    expected = {
        CONDA_NAMES.get(requirement.name, requirement.name): requirement.specifier
        for requirement in direct_requirements()
        if requirement.name not in ONLY_BY_PIP
    }
    python = Requirement("python" + project()["requires-python"]).specifier
    assert {name: Requirement(name + bound).specifier for name, bound in bounds.items()} == {
        **expected,
        "python": python,
        "pip": Requirement("pip").specifier,
    }
    assert by_pip == ["-e .[browser]"]


@pytest.mark.parametrize(("python", "system"), list(product(PYTHONS, SYSTEMS)))
def test_every_requirement_is_pinned_once_within_its_bounds(python: str, system: str) -> None:
    environment = marker_environment(python, system)
    pinned: dict[str, list[str]] = {}
    for pin in pins():
        if applies(pin, environment):
            (specifier,) = pin.specifier
            assert specifier.operator == "==", pin
            pinned.setdefault(canonicalize_name(pin.name), []).append(specifier.version)
    assert {name for name, versions in pinned.items() if len(versions) > 1} == set()
    for requirement in direct_requirements():
        (version,) = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} excludes the pinned {version}"


def closure(start: list[Requirement]) -> set[str]:
    """Names of all installed distributions that ``start`` needs, directly or not."""
    seen: set[str] = set()
    waiting = [(canonicalize_name(requirement.name), requirement.extras) for requirement in start]
    while waiting:
        name, extras = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for text in metadata.requires(name) or ():
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                waiting.append((canonicalize_name(requirement.name), requirement.extras))
    return seen


def test_everything_that_gets_installed_is_pinned() -> None:
    runtime = [Requirement(text) for text in project()["dependencies"]]
    assert closure(runtime) - {canonicalize_name(pin.name) for pin in pins()} == set()


def test_the_closure_follows_indirect_requirements() -> None:
    assert {"papermill", "nbclient", "jupyter-client"} <= closure([Requirement("papermill")])


def test_python_versions_agree() -> None:
    supported = Requirement("python" + project()["requires-python"]).specifier
    assert [f"3.{minor}" for minor in range(8, 20) if supported.contains(f"3.{minor}.0")] == list(PYTHONS)


@pytest.mark.parametrize(
    "name",
    ["pyproject.toml", "environment.yml", "constraints.txt", "Makefile", ".pre-commit-config.yaml", ".ci/run"]
    + [f"tools/{path.name}" for path in sorted((ROOT / "tools").iterdir()) if path.is_file()],
)
def test_no_address_is_written_down(name: str) -> None:
    assert re.findall(r"\w+://\S+", (ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no make; its way is in the README")
def test_an_unsupported_python_is_refused_in_words(tmp_path: Path) -> None:
    too_old = tmp_path / "python3"
    too_old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n', encoding="utf-8")
    too_old.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "tools/make_venv.sh"), str(tmp_path / "venv")],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHON": "python3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert not (tmp_path / "venv").exists()
    # both parts of the message say what was found
    assert done.stderr.count("Python 3.9.2") == 2, done.stderr


def test_continuous_integration_runs_what_exists() -> None:
    named = re.findall(r"(?:tests|tools)/[\w/]+\.py", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []
