"""答题成绩: a csv in GBK for every session, exported from a quiz service, with phone numbers and repeated attempts."""

from datetime import date
from itertools import groupby

from tests.generator.records import QuizAttempt
from tests.generator.rendering import compact, full_width, spaced
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import World

HEADER = ("姓名", "手机号", "得分", "用时", "提交时间")
COLUMNS = ("member", "", "score", "duration_s", "submitted_on")


def build(world: World) -> list[Book]:
    """Return one csv a session."""
    sessions = groupby(world.process.quiz, key=lambda attempt: attempt.session_on)
    return [Book(path_of(session_on), [_sheet(session_on, list(attempts))]) for session_on, attempts in sessions]


def path_of(session_on: date) -> str:
    return f"答题/{_name(session_on)}.csv"


def _name(session_on: date) -> str:
    return f"答题成绩_{compact(session_on)}"


def render(attempt: QuizAttempt, number: int) -> tuple[Value, ...]:
    """Return one line; every sixth score was typed in full-width digits, every ninth name is padded."""
    minutes, seconds = divmod(attempt.duration_s, 60)
    return (
        spaced(attempt.member) if number % 9 == 0 else attempt.member,
        f"138****{number:04d}",
        full_width(attempt.score) if number % 6 == 0 else attempt.score,
        f"{minutes}分{seconds}秒",
        attempt.submitted_at,
    )


def _sheet(session_on: date, attempts: list[QuizAttempt]) -> Sheet:
    sheet = Sheet(_name(session_on))  # a csv has no sheets; readers give its only grid the name of the file
    sheet.add_row(HEADER)
    for number, attempt in enumerate(sorted(attempts, key=lambda a: a.submitted_at), start=1):
        sheet.add_row(render(attempt, number), f"{attempt.member} {attempt.submitted_at}", COLUMNS)
    return sheet
