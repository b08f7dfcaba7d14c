import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from authweave.app import set_default_app
from tests.typing import table
from tests.typing.programs import RIGHT, ROOT, WRONG, Objection, Program, Watcher, programs_of
from tests.typing.watchers import Said, mypy, pyright, start_up

RIGHT_PROGRAMS = [program for file in RIGHT for program in programs_of(file)]
WRONG_PROGRAMS = [program for file in WRONG for program in programs_of(file)]
CHECKERS = [pytest.param("mypy", mypy, id="mypy"), pytest.param("pyright", pyright, id="pyright")]

Checker = Callable[[Sequence[Path]], Said]


def title(program: Program) -> str:
    """Name a program in pytest's output."""
    return f"{program.file.stem}: {program.name}"


@pytest.fixture
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run a program in a folder of its own, and leave no default application behind."""
    monkeypatch.chdir(tmp_path)
    yield
    set_default_app(None)


def expected(programs: Sequence[Program], watcher: Watcher) -> set[Objection]:
    """Return the objections that comments announce."""
    return {mark for program in programs for mark in program.marks if mark.watcher == watcher}


def compare(announced: set[Objection], found: Said) -> None:
    """Fail where an objection is missing or was not announced, and say what the watcher said."""
    missing = [f"{each.file}:{each.line}: accepted by {each.watcher}" for each in announced - found.keys()]
    strange = [f"{each.file}:{each.line}: {found[each]}" for each in found.keys() - announced]
    assert not missing + strange, "\n".join(sorted(missing + strange))


def test_there_are_enough_programs_and_each_has_a_name_of_its_own() -> None:
    """The promise is 60 right and 60 wrong programs at least; names tell them apart."""
    for programs in (RIGHT_PROGRAMS, WRONG_PROGRAMS):
        names = [title(program) for program in programs]
        assert len(names) >= 60
        assert len(set(names)) == len(names)


def test_every_wrong_program_is_caught_before_the_first_request() -> None:
    """Each mistake is announced to be noticed by a checker or at start-up; none is left to a request."""
    assert [title(program) for program in WRONG_PROGRAMS if not program.caught_by] == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "checker"), CHECKERS)
def test_right_programs_have_no_error(name: str, checker: Checker) -> None:
    """Programs that are right are accepted whole, without any ignore but that of a generic interface."""
    del name
    compare(set(), checker(RIGHT))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "checker"), CHECKERS)
def test_wrong_programs_have_exactly_the_announced_errors(name: Watcher, checker: Checker) -> None:
    """Each mistake is reported at its line by those who are named there, and nothing else is reported."""
    compare(expected(WRONG_PROGRAMS, name), checker(WRONG))


@pytest.mark.usefixtures("_alone")
@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.stem)
def test_right_programs_start(file: Path) -> None:
    """What the checkers accept also starts."""
    whole = Program(file, file.stem, (), 1, tuple(file.read_text(encoding="utf-8").splitlines()))
    compare(set(), start_up(whole))


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.usefixtures("_alone")
@pytest.mark.parametrize("program", WRONG_PROGRAMS, ids=title)
def test_wrong_programs_start_only_where_nothing_is_announced(program: Program) -> None:
    """A mistake that start-up is to notice is told with its line; every other program starts."""
    compare(expected([program], "init"), start_up(program))


def test_the_table_in_the_documents_says_what_the_programs_say() -> None:
    """Its tables are made from the wrong programs; ``python -m tests.typing.table`` brings them up to date."""
    text = table.PAGE.read_text(encoding="utf-8")
    assert text == table.brought_up_to_date(text)


def test_wrong_programs_are_left_out_of_the_ordinary_runs() -> None:
    """mypy, pyright, ruff and codespell must not read them otherwise."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert len(re.findall("tests/typing/wrong", project)) == 4


def test_right_programs_need_no_ignores() -> None:
    """Nobody has to silence a checker to use the library, or to declare an interface."""
    silenced = [line for file in RIGHT for line in file.read_text(encoding="utf-8").splitlines() if "ignore" in line]
    assert silenced == []
