import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.typing import rejected, table
from tests.typing.checkers import complaints_about, said
from tests.typing.environments import CHECKER_NAMES, CheckerName
from tests.typing.known_bugs import BUGS, KNOWN_BUGS, KnownBug
from tests.typing.marks import WATCHERS, Watcher, marked, read_mark
from tests.typing.programs import RIGHT, ROOT, WRONG, Objection, Program, Said, marks_in, programs_of
from tests.typing.start_up import start_up

RIGHT_PROGRAMS = [program for file in RIGHT for program in programs_of(file)]
WRONG_PROGRAMS = [program for file in WRONG for program in programs_of(file)]


def title(program: Program) -> str:
    """Name a program in pytest's output."""
    return program.title


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
        names = [program.title for program in programs]
        assert len(names) >= 60
        assert len(set(names)) == len(names)


def test_every_wrong_program_is_caught_before_the_first_request() -> None:
    """Each mistake is announced to be noticed by a checker or at start-up; none is left to a request."""
    assert [program.title for program in WRONG_PROGRAMS if not program.caught_by] == []


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKER_NAMES)
def test_right_programs_have_no_error(checker: CheckerName) -> None:
    """Programs that are right are accepted whole, without any ignore, but for bugs of the checker that are known."""
    compare(set(), said(each for each in complaints_about(checker, RIGHT) if each.bug is None))


@pytest.mark.slow
def test_right_programs_that_a_checker_rejects_are_listed_by_name() -> None:
    """Those that fail for a bug of a checker, and no others; ``python -m tests.typing.update`` writes the list."""
    assert rejected.listed() == rejected.rejected_now()


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKER_NAMES)
def test_wrong_programs_have_exactly_the_announced_errors(checker: CheckerName) -> None:
    """Each mistake is reported at its line by those who are named there, and nothing else is reported."""
    found = said(each for each in complaints_about(checker, WRONG) if each.bug is None)
    compare(expected(WRONG_PROGRAMS, checker), found)


@pytest.mark.slow
@pytest.mark.parametrize("bug", KNOWN_BUGS, ids=lambda bug: bug.name)
def test_a_bug_of_a_checker_shows_without_authweave(bug: KnownBug) -> None:
    """Where the checker accepts the snippet, or the bug meets no program any more, it leaves the list."""
    (file,) = (file for file in BUGS if file.stem == bug.name)
    assert "authweave" not in file.read_text(encoding="utf-8")
    assert bug in [each.bug for each in complaints_about(bug.checker, [file])]
    assert rejected.listed().get(bug.name)


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKER_NAMES)
def test_who_has_a_bug_is_marked_in_its_snippet(checker: CheckerName) -> None:
    """The others accept what shows a bug of one, but where they are marked to share it; mypy and pyright always do."""
    marks = {mark for file in BUGS for mark in marks_in(file, file.read_text(encoding="utf-8").splitlines())}
    compare({mark for mark in marks if mark.watcher == checker}, said(complaints_about(checker, BUGS)))
    assert not {mark.watcher for mark in marks} & {"mypy", "pyright", "basedpyright"}


def test_every_snippet_belongs_to_a_bug() -> None:
    """A snippet whose bug left the list goes too."""
    assert sorted(file.stem for file in BUGS) == sorted(bug.name for bug in KNOWN_BUGS)


@pytest.mark.parametrize(
    ("mark", "watchers"),
    [
        ("init, all", WATCHERS),
        ("all but zuban", ("mypy", "pyright", "basedpyright", "ty", "pyrefly")),
        ("init, all but mypy, ty", ("pyright", "basedpyright", "pyrefly", "zuban", "init")),
        ("pyright, basedpyright", ("pyright", "basedpyright")),
        ("init, mypy", ("mypy", "init")),
        ("init", ("init",)),
    ],
)
def test_a_mark_says_who_objects(mark: str, watchers: Sequence[Watcher]) -> None:
    """What is written is read, and what is marked anew is not marked twice."""
    line = f"call()  # wrong: {mark}"
    assert read_mark(line, "here") == set(watchers)
    assert marked("call()", watchers) == line
    assert marked(line, watchers) == line
    assert marked(line, ()) == "call()"


@pytest.mark.parametrize("mark", ["mipy", "all but", "all, init", ""])
def test_a_mark_that_nobody_can_read_is_told(mark: str) -> None:
    """Otherwise a misspelt mark would announce nothing."""
    with pytest.raises(AssertionError, match=r"^here: "):
        read_mark(f"call()  # wrong: {mark}", "here")


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.stem)
def test_right_programs_start(file: Path) -> None:
    """What the checkers accept also starts."""
    whole = Program(file, file.stem, (), 1, tuple(file.read_text(encoding="utf-8").splitlines()))
    compare(set(), start_up(whole))


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("program", WRONG_PROGRAMS, ids=title)
def test_wrong_programs_start_only_where_nothing_is_announced(program: Program) -> None:
    """A mistake that start-up is to notice is told with its line; every other program starts."""
    compare(expected([program], "init"), start_up(program))


def test_the_table_in_the_documents_says_what_the_programs_say() -> None:
    """Its tables are made from the wrong programs; ``python -m tests.typing.update`` brings them up to date."""
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
