"""The Nu HTML Checker, the validator of the W3C, finds no error in any page."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.published import PAGES, Published

pytestmark = pytest.mark.browser

# `.ci/run` puts it there by npm; RONGHE_VALIDATOR names another place
JAR = Path(".venv", "vnu", "node_modules", "vnu-jar", "build", "dist", "vnu.jar")
# Data within a script tag is never run, so no policy is asked; the checker warns of it all the same
NO_FAULT = r".*Inline script violates Content Security Policy.*"


@pytest.fixture(scope="module")
def validator(repository: Path) -> list[str]:
    """The command that checks files; skipped, with what is missing, where there is no Java or no checker."""
    jar = Path(os.environ.get("RONGHE_VALIDATOR", repository / JAR))
    java = shutil.which("java")
    missing = [name for name, found in (("java", java), (f"the checker {jar.name}", jar.is_file())) if not found]
    if missing:
        pytest.skip(f"HTML is not validated: no {' and no '.join(missing)}")
    return [str(java), "-Xss8m", "-jar", str(jar), "--format", "gnu", "--filterpattern", NO_FAULT]


def faults(validator: list[str], *pages: Path) -> list[str]:
    """What the checker says of pages, a line each: errors and warnings."""
    done = subprocess.run([*validator, *map(str, pages)], capture_output=True, encoding="utf-8", check=False)
    return done.stderr.splitlines()


def test_every_page_is_valid(validator: list[str], published: Published) -> None:
    assert faults(validator, *map(published.page, PAGES)) == []


def test_a_fault_is_found(validator: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang='en'><title>x</title><p role='cell'><div>x</p>", encoding="utf-8")
    assert any("error" in line for line in faults(validator, page))
