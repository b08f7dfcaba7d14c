from pathlib import Path

import pytest

from tests.typing.checkers import said
from tests.typing.environments import CheckerName
from tests.typing.moved_code import CHECKERS, MISTAKES, MOVED, complaints_about
from tests.typing.programs import Program, marks_in, programs_of
from tests.typing.start_up import start_up
from tests.typing.test_typing import compare, expected, title

PROGRAMS = programs_of(MISTAKES)
MOST_MARKS = 15


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_moved_code_has_no_error(checker: CheckerName) -> None:
    """
    Whoever wrote for SuperTokens and changed the imports has nothing to annotate anew.

    Marked are the few lines that the page of who catches what names.
    """
    marks = {mark for file in MOVED for mark in marks_in(file, file.read_text(encoding="utf-8").splitlines())}
    assert len(marks) <= MOST_MARKS
    compare({mark for mark in marks if mark.watcher == checker}, said(complaints_about(checker, MOVED)))


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_mistakes_in_moved_code_are_found_as_announced(checker: CheckerName) -> None:
    """Each is reported at its line by those who are named there; what is marked with nobody is found by nobody."""
    compare(expected(PROGRAMS, checker), said(complaints_about(checker, [MISTAKES])))


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("file", MOVED, ids=lambda file: file.stem)
def test_moved_code_starts(file: Path) -> None:
    """What the checkers accept also starts."""
    whole = Program(file, file.stem, (), 1, tuple(file.read_text(encoding="utf-8").splitlines()))
    compare(set(), start_up(whole))


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("program", PROGRAMS, ids=title)
def test_mistakes_in_moved_code_start_only_where_nothing_is_announced(program: Program) -> None:
    """A mistake that start-up is to notice is told with its line; every other program starts."""
    compare(expected([program], "init"), start_up(program))
