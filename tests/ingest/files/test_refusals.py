"""Every refusal that the code can raise has its sentence, and says what to do."""

import re
from pathlib import Path

import pytest

from pipeline.ingest.files.grids import Reason
from pipeline.texts import load_texts

RAISED = re.compile(r"\b(Refused|Skipped)\(\s*\"(\w+)\"((?:, \w+=)?)")
DEATHS = {"timeout", "memory", "crashed", "unexpected"}  # given by the sandbox or while reading, raised by nobody


def raised_codes(repository: Path) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {"Refused": set(DEATHS), "Skipped": set()}
    for module in (repository / "pipeline" / "ingest").rglob("*.py"):
        for kind, code, _ in RAISED.findall(module.read_text(encoding="utf-8")):
            codes[kind].add(code)
    return codes


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_has_a_sentence_and_no_sentence_is_left_over(lang: str, repository: Path) -> None:
    texts = load_texts(lang)
    codes = raised_codes(repository)
    written = {key for key in texts.messages if key.startswith(("refused.", "skipped."))}
    assert written == {f"{kind.lower()}.{code}" for kind, found in codes.items() for code in found}


def test_a_crash_says_what_to_do() -> None:
    assert "另存为 xlsx" in Reason("refused", "crashed").explain(load_texts("zh"))
