"""What was sent back is remembered, and a broken memory counts as none."""

from pathlib import Path

import pytest

from pipeline.ingest.returned.memory import MEMORY, Compared, Memory, SentFile, SentIssue, read_memory, write_memory

ISSUE = SentIssue("台账", "B2", "error", "bad_number", "约30", "数字", "请改。", "open")
SENT = SentFile("a/台账.xls", "12", "a_台账.xlsx", "34", (ISSUE,))


def test_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    memory = Memory((SENT,), (Compared("a/台账.xls", 1, 1, 0),))
    write_memory(memory, tmp_path)
    assert read_memory(tmp_path) == memory


def test_what_goes_back_is_counted() -> None:
    failed = SentFile("b.xlsx", "5", None, None, (ISSUE,))
    absent = SentFile("c.xlsx", "6", None, None, (ISSUE,), is_absent=True)
    memory = Memory((SENT, failed, absent))
    assert memory.copies == 1
    assert memory.not_copied == ("b.xlsx",)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 0}', '{"format": 1, "files": [{}], "compared": []}'])
def test_what_is_no_memory_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / MEMORY).write_text(text, encoding="utf-8")
    assert read_memory(tmp_path) is None


def test_no_memory_is_none(tmp_path: Path) -> None:
    assert read_memory(tmp_path) is None
