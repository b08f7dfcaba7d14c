"""What `nox -s reference` calls public and the same, and that its exceptions cannot outlive their reasons."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import attrs
import pytest

from tests.reference.comparison import (
    Difference,
    Exceptions,
    differences,
    differing_call,
    differing_members,
    differing_status,
    main,
    read_exceptions,
    report,
)
from tests.reference.public import Callee, Name, callee_of, members_of, public_names, status_of

INIT = """
from typing import TYPE_CHECKING, Any, TypeVar
from .inner import Exported
from . import inner
if TYPE_CHECKING:
    from .inner import Checked
    Shadow = int
T = TypeVar("T")
Alias = list[int]
LIMIT: int = 3
_private = 1
try:
    def either(a, b=None, *, c="x"): ...
except Exception:
    pass
"""
INNER = """
class Base:
    kept: int
    def close(self, force=False): ...
class Exported(Base):
    def __init__(self, first):
        self.first = first
        self._hidden = first
    @staticmethod
    def make(first): ...
    async def fetch(self): ...
class Checked: ...
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Write a package with one of each kind of name."""
    for name, text in {"__init__.py": INIT, "inner.py": INNER}.items():
        path = tmp_path / "sample_of_names" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield "sample_of_names"
    for name in [each for each in sys.modules if each.startswith("sample_of_names")]:
        del sys.modules[name]


def test_public_is_what_a_module_defines_and_a_package_hands_on(package: str) -> None:
    """Not what it imports from elsewhere, what only checkers see, type variables, modules, and private names."""
    names = public_names(import_module(package))
    assert list(names) == ["Exported", "Alias", "LIMIT", "either"]
    assert names["Exported"]["home"] == "sample_of_names.inner"


def test_members_are_those_of_the_bases_too_and_what_init_sets(package: str) -> None:
    """Methods with their parameters, values without."""
    members = public_names(import_module(package))["Exported"]["members"]
    assert members.keys() == {"kept", "close", "first", "make", "fetch"}
    close, make, fetch = members["close"], members["make"], members["fetch"]
    assert close is not None
    assert make is not None
    assert fetch is not None
    assert [each["name"] for each in close["parameters"]] == ["force"]
    assert [each["name"] for each in make["parameters"]] == ["first"]
    assert fetch["awaited"]
    assert members["kept"] is None


def taking(parameters: str) -> Callee | None:
    """Return how a function is called that takes these parameters; one in whose list ``await`` stands is awaited."""
    names: dict[str, Callable[..., object]] = {}
    begins = "async def" if parameters.endswith(" await") else "def"
    exec(f"{begins} taking({parameters.removesuffix(' await')}): ...", names)  # noqa: S102  of the lists below
    return callee_of(names["taking"])


@pytest.mark.parametrize(
    ("there", "here", "places"),
    [
        ("a, b=None", "a, b=None", []),
        ("a, b=None", "a, b=None, *, more=1", []),
        ("a, *, b=None", "a, b=None", []),
        ("a, b=None", "a, **rest", []),
        ("a, *rest", "a, b=None", []),
        ("a, b=None", "a, b=None, more=1", ["f(more)"]),
        ("a, b=None", "a, b=None, *, more", ["f(more)"]),
        ("a, b=None", "a, b=False", ["f(b)"]),
        ("a, b", "a, b=None", ["f(b)"]),
        ("a, b=None", "a", ["f(b)"]),
        ("a, b=None", "a, *, b=None", ["f(b)"]),
        ("a, b", "b, a", ["f(a)", "f(b)"]),
        ("a, b=None", "a, b=None await", ["f(await)"]),
    ],
)
def test_same_means_that_each_call_of_there_is_one_of_here(there: str, here: str, places: list[str]) -> None:
    """What is ours alone is keyword-only and has a default; all else is in its place, with its default."""
    assert [each.place for each in differing_call("f", taking(there), taking(here))] == places


@attrs.frozen
class Ours:
    """A class of ours."""

    name: str

    def both(self, a: object) -> None:
        """Take what is there, and nothing else."""


class Theirs:
    """A class of the reference."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lacking = name

    def both(self, a: object, b: object) -> None:
        """Take what is there."""

    def missing(self) -> None:
        """Be missing."""


def test_members_are_compared_with_their_parameters() -> None:
    """An attribute, a method, and a parameter of one."""
    found = {each.place for each in differing_members("types:T", members_of(Theirs), Ours)}
    assert found == {"types:T.lacking", "types:T.missing", "types:T.both(b)"}
    assert {each.name for each in differing_members("types:T", members_of(Theirs), Ours)} == {"types:T"}


class Ended:
    """One of the reference's results: it says in its ``__init__`` what came of it."""

    def __init__(self) -> None:
        self.status = "ENDED"


class Begun:
    """One that says it of the class."""

    status: str = "BEGUN"


def test_statuses_are_compared() -> None:
    """Wherever a class says what its instances have."""
    assert (status_of(Ended), status_of(Begun), status_of(Theirs)) == ("ENDED", "BEGUN", None)
    assert [each.place for each in differing_status("types:T", "ENDED", Begun)] == ["types:T.status"]
    assert list(differing_status("types:T", "BEGUN", Begun)) == []


def test_missing_modules_and_names_differ() -> None:
    """Each name of a module that is not here is one difference."""
    names = public_names(import_module("tests.reference.test_comparison"))
    assert [*differences({"no.such": {"Theirs": names["Theirs"]}, "types": {"Theirs": names["Theirs"]}})] == [
        Difference("no.such:Theirs", "there is no such module"),
        Difference("types:Theirs", "there is no such name"),
    ]


def answer_with(monkeypatch: pytest.MonkeyPatch, listing: dict[str, dict[str, Name]]) -> None:
    """Let the reference have these names."""

    def listed(python: str) -> dict[str, dict[str, Name]]:
        del python
        return listing

    monkeypatch.setattr("tests.reference.comparison.listed_by", listed)


def test_an_exception_that_nothing_needs_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One for a difference that there is not any more fails like a difference without one."""
    exceptions = Exceptions(internal={"gone.*": "x"}, later={}, differing={"types:Old": "x", "types:New*": "x"})
    assert exceptions.stale(["types"], ["types:New(a)"]) == ["gone.*", "types:Old"]
    answer_with(monkeypatch, {"types": {}})
    monkeypatch.setattr("tests.reference.comparison.read_exceptions", lambda: exceptions)
    assert main("python") == 1
    assert "types:Old is needed no longer" in capsys.readouterr().out


def test_counts_tell_what_is_the_same_from_what_is_excepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name counts as one, however much of it differs; what an exception covers is counted apart."""
    names = public_names(import_module("authweave.exceptions"))
    there = {**names, "Gone": names["GeneralError"], "Lost": names["GeneralError"]}
    answer_with(monkeypatch, {"exceptions": there})
    lines, unexplained, stale = report("python", Exceptions({}, {}, {"exceptions:Lost": "x"}))
    of_all = f"{len(names)} of {len(names) + 2} the same; with a reason, 0 differ in part and 1 are not here"
    assert [line.split(maxsplit=1)[0] for line in lines] == ["exceptions", "all"]
    assert all(line.split()[1:] == of_all.split() for line in lines)
    assert [each.place for each in unexplained] == ["exceptions:Gone"]
    assert stale == []


@pytest.mark.parametrize(
    "text",
    [
        '[[differing]]\nplaces = ["types:User"]\nreason = " "\n',
        '[[differing]]\nplaces = ["types:User", "types:User"]\nreason = "x"\n',
        '[[differring]]\nplaces = ["types:User"]\nreason = "x"\n',
    ],
)
def test_exceptions_have_a_reason_and_stand_once(tmp_path: Path, text: str) -> None:
    """And are of a kind that there is."""
    path = tmp_path / "exceptions.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"exceptions\.toml"):
        read_exceptions(path)


def test_the_exceptions_of_the_repository_can_be_read() -> None:
    """Some names are not public, some differ, and nothing is left for later."""
    exceptions = read_exceptions()
    assert exceptions.internal
    assert exceptions.differing
    assert not exceptions.later
