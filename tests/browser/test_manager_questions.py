"""Ten questions of a manager: the answers come from the tables, and each stands in the section that is named for it."""

from pathlib import Path

import pytest

from tests.browser.published import Published
from tests.report.html_rules import parsed, text_of
from tools.manager_answers import Tables, answers, as_markdown

pytestmark = pytest.mark.browser


def test_the_answers_are_those_of_the_tables(published: Published, repository: Path) -> None:
    written = (repository / "tests" / "manager_questions.md").read_text(encoding="utf-8")
    assert written == as_markdown(answers(Tables(published.tables)))


def test_every_answer_stands_in_its_section(published: Published) -> None:
    if published.lang != "zh":
        pytest.skip("the questions are asked in Chinese")
    document, _ = parsed(published.page("report").read_text(encoding="utf-8"))
    sections = {str(section.get("id")): text_of(section) for section in document.iter("section")}
    found = list(answers(Tables(published.tables)))
    assert len(found) == 10
    missing = [(one.question, word) for one in found for word in one.words if word not in sections[one.section]]
    assert missing == []
