"""What is declared of each function stands in one place, its class of calls, and everything else follows from it."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from authweave import recipe
from authweave.kernel import Call, Overridable
from authweave.kernel.__main__ import BEGIN, END, generated_files, main
from authweave.kernel._call import snake_case

FOLDER = Path(recipe.__path__[0])
RECIPES = [found.name for found in pkgutil.iter_modules(recipe.__path__) if found.ispkg and found.name != "admin"]
"""All but the page for administrators, which has no functions of its own."""


def calls_of(recipe_name: str) -> dict[str, type[Call[object, object]]]:
    """Return the classes of calls of a recipe, by name."""
    module = import_module(f"authweave.recipe.{recipe_name}.calls")
    return {
        name: member
        for name, member in vars(module).items()
        if inspect.isclass(member) and issubclass(member, Call) and member.__module__ == module.__name__
    }


async def nobody(_: Call[object, object]) -> object:
    """Override whatever it is."""


def functions_of(recipe_name: str) -> dict[str, inspect.Signature]:
    """Return what the interfaces of a recipe declare, each under the name that its class of calls should have."""
    found: dict[str, inspect.Signature] = {}
    folder = FOLDER / recipe_name
    for path in (*folder.glob("*.py"), *folder.glob("interfaces/*.py")):
        inside = path.relative_to(folder).with_suffix("").parts
        module = import_module(".".join(["authweave.recipe", recipe_name, *inside]))
        for cls in vars(module).values():
            if inspect.isclass(cls) and cls.__module__ == module.__name__ and getattr(cls, "_is_protocol", False):
                for name, member in vars(cls).items():
                    if isinstance(member, Overridable):
                        title = "".join(word.capitalize() for word in name.split("_"))
                        assert title not in found, f"{recipe_name} has two functions called {name}"
                        found[title] = inspect.signature(member.declaration.declared)
    return found


def by_hand(path: Path) -> str:
    """Return a module without what was written from classes of calls."""
    text = path.read_text(encoding="utf-8")
    while BEGIN in text:
        before, rest = text.split(BEGIN, 1)
        text = before + rest.split(END, 1)[1]
    return "" if path.name == "signatures.py" else text


def parameter_lists(recipe_name: str) -> Iterator[tuple[str, set[str], str]]:
    """Return every list of parameters that a recipe writes by hand: of what, which, and where."""
    for path in sorted((FOLDER / recipe_name).rglob("*.py")):
        for node in ast.walk(ast.parse(by_hand(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                yield node.name, {each.arg for each in arguments}, f"{path.name}:{node.lineno}"
            elif isinstance(node, ast.ClassDef):
                fields = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
                names = {field.id for field in fields if isinstance(field, ast.Name)}
                yield node.name, names, f"{path.name}:{node.lineno}"


def test_all_recipes_are_looked_at() -> None:
    """The recipes are found, and each has functions."""
    assert {"emailpassword", "session", "thirdparty"} <= set(RECIPES)
    assert sum(len(functions_of(name)) for name in RECIPES) >= 37


@pytest.mark.parametrize("recipe_name", RECIPES)
def test_each_function_has_a_class_of_calls(recipe_name: str) -> None:
    """There is one for each function, and it can be overridden by it: its parameters are the function's."""
    calls = calls_of(recipe_name)
    assert calls.keys() == functions_of(recipe_name).keys()
    for cls in calls.values():
        cls.override(nobody)


@pytest.mark.parametrize("recipe_name", RECIPES)
def test_what_follows_from_the_classes_of_calls_is_up_to_date(recipe_name: str) -> None:
    """``python -m authweave.kernel`` would write the methods and the types of the originals as they are."""
    for path, text in generated_files(FOLDER / recipe_name / "calls.py").items():
        assert path.read_text(encoding="utf-8") == text, f"{path}: run nox -s signatures"


# `asyncio` has both of the documents' functions, with a request and without one. What is asked of the session of a
# request is a value besides, and `set_claim_value` is a method of sessions, too.
SPELLED_OUT_MORE_OFTEN = {"create_new_session": 4, "get_session": 5, "set_claim_value": 4}
VALUES = {"create_new_session": "SessionContent", "get_session": "SessionOptions"}


@pytest.mark.parametrize("recipe_name", RECIPES)
def test_parameters_are_written_by_hand_three_times_at_most(recipe_name: str) -> None:
    """They stand in the class of calls, the implementation and the public function of ``asyncio``, but for a few."""
    lists = list(parameter_lists(recipe_name))
    for title, signature in functions_of(recipe_name).items():
        name = snake_case(title)
        wanted = set(signature.parameters) - {"self", "user_context"}
        places = [
            place
            for called, names, place in lists
            if called in {name, title, f"{name}_without_request_response", VALUES.get(name)}
            and 2 * len(names & wanted) > len(wanted)
        ]
        if name in SPELLED_OUT_MORE_OFTEN:
            assert len(places) == SPELLED_OUT_MORE_OFTEN[name], f"{name} is spelled out in {places}"
        elif wanted:
            assert 2 <= len(places) <= 3, f"{name} is spelled out in {places}"


def test_check_tells_what_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With ``--check`` nothing is written; without it what is stale is."""
    (tmp_path / "calls.py").write_text(
        "from .greeter import Greeter\n\n\n"
        "class Greet(SyncCall[Greeter[ContextT], str, ContextT]):\n"
        '    """Greet somebody."""\n\n'
        "    name: str\n    _: KW_ONLY\n    loud: bool = False\n"
    )
    greeter = tmp_path / "greeter.py"
    greeter.write_text(f"class Greeter(Interface[C], Protocol[C]):\n{BEGIN}{END}")
    before = greeter.read_text()
    assert main("--check", str(tmp_path / "calls.py")) == 1
    assert greeter.read_text() == before
    assert "greeter.py: not up to date" in capsys.readouterr().out
    assert main(str(tmp_path / "calls.py")) == 0
    assert "def greet(self, name: str, *, loud: bool = False, user_context: C) -> str:" in greeter.read_text()
    assert "class Greet(Protocol[ContextT_contra]):" in (tmp_path / "signatures.py").read_text()
    assert main("--check", str(tmp_path / "calls.py")) == 0


def test_an_interface_may_say_another_type_than_the_class_of_calls(tmp_path: Path) -> None:
    """It stands in the method, which two kinds of override are to fit, and not in the type of the original."""
    (tmp_path / "calls.py").write_text(
        "from .greeter import Greeter, Names\n\n\n"
        'IN_INTERFACES: Final = {"Names": "AnyNames", "Sequence[str]": "Texts"}\n\n\n'
        "class Greet(SyncCall[Greeter[ContextT], Names, ContextT]):\n"
        '    """Greet somebody."""\n\n'
        "    names: Names | None\n    others: dict[str, OtherNames]\n    texts: Sequence[str]\n"
    )
    greeter = tmp_path / "greeter.py"
    imports = "from names import AnyNames, OtherNames, Texts\n\n\n"
    greeter.write_text(f"{imports}class Greeter(Interface[C], Protocol[C]):\n{BEGIN}{END}")
    assert main(str(tmp_path / "calls.py")) == 0
    parameters = "(self, names: AnyNames | None, others: dict[str, OtherNames], texts: Texts, user_context: C)"
    assert f"def greet{parameters} -> AnyNames:" in greeter.read_text()
    assert "names: Names | None" in (tmp_path / "signatures.py").read_text()


GREETER = f"""import datetime as dt
from typing import Literal as Only

from .kinds import Kind


class Other(Protocol):
    kept: str


class Greeter(Interface, Protocol):
    \"\"\"Greets.\"\"\"

{BEGIN}{END}
    another = 1


class Last(Interface[Own], Protocol[Own]):
{BEGIN}{END}"""


def in_folder(folder: Path, calls: str, greeter: str = GREETER) -> str:
    """Write a module of calls and one of interfaces beside it; return the path of the first."""
    (folder / "greeter.py").write_text(greeter)
    (folder / "calls.py").write_text(f"from .greeter import Greeter, Last\nfrom .kinds import Kind\n\n\n{calls}")
    return str(folder / "calls.py")


def test_interfaces_that_are_not_generic_and_functions_of_either_kind(tmp_path: Path) -> None:
    """The context is the interface's own; what stands around the marks, and other classes, stay."""
    calls = in_folder(
        tmp_path,
        "class Greet(SyncCall[Greeter, str]):\n    name: str\n\n\n"
        "class FetchIt(kernel.Call[Greeter, bytes | Kind, UserContext], function='fetch'):\n"
        "    'Fetch it.'\n\n\n"
        "class LastOfAll(Call[Last, None], allow_plain=True):\n    kind: Kind\n\n    def helper(self) -> None: ...\n",
    )
    assert main(calls) == 0
    text = (tmp_path / "greeter.py").read_text()
    assert "    def greet(self, name: str, user_context: UserContext) -> str:\n" in text
    assert '    async def fetch(self, user_context: UserContext) -> bytes | Kind:\n        """Fetch it."""\n' in text
    allowing = (
        "    @overridable(allow_plain=True)\n    async def last_of_all(self, kind: Kind, user_context: Own) -> None:\n"
    )
    assert allowing in text
    assert text.count("@overridable\n") == 2
    assert (
        text.index("def fetch") < text.index("another = 1") < text.index("class Last") < text.index("def last_of_all")
    )
    signatures = (tmp_path / "signatures.py").read_text()
    assert "from .kinds import Kind\n" in signatures
    assert (
        "    def __call__(self, user_context: ContextT_contra) -> Coroutine[Any, Any, bytes | Kind]: ...\n"
        in signatures
    )
    assert "helper" not in text + signatures
    compile(text + signatures.replace("from __future__ import annotations", ""), "greeter.py", "exec")
    assert main("--check", calls) == 0
    assert text == (tmp_path / "greeter.py").read_text()


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    """Names under other names, another base in front, and a heading with quotes and a backslash."""
    calls = in_folder(
        tmp_path,
        "import datetime as dt\nfrom typing import Literal as Only\n\n\n"
        "class Greet(Form, Call[Greeter, dt.date]):\n"
        "    'By \\\\n and \"name\"'\n\n    kind: Only['a']\n\n\n"
        "class LastOfAll(Call[Last, None]): ...\n",
    )
    assert main(calls) == 0
    greeter = ast.parse((tmp_path / "greeter.py").read_text())
    method, _ = [node for node in ast.walk(greeter) if isinstance(node, ast.AsyncFunctionDef)]
    assert ast.get_docstring(method) == 'By \\n and "name"'
    signatures = (tmp_path / "signatures.py").read_text()
    assert "from typing import Literal as Only\n" in signatures
    assert "import datetime as dt\n" in signatures


def test_a_base_takes_the_methods_whose_types_its_module_has(tmp_path: Path) -> None:
    """So what only needs those can import the base; without its comment the base takes none."""
    base = tmp_path / "base.py"
    head = f"class Base(Interface[C], Protocol[C]):\n{BEGIN}"
    base.write_text(f"{head}{END}")
    calls = in_folder(
        tmp_path,
        "class Greet(Call[Greeter, str]):\n    name: str\n\n\nclass Sort(Call[Greeter, Kind]): ...\n",
        f"from .base import Base\nfrom .kinds import Kind\n\n\nclass Greeter(Base[C], Protocol[C]):\n{BEGIN}{END}",
    )
    assert main(calls) == 0
    assert "async def greet(self, name: str, user_context: C) -> str:" in base.read_text()
    assert "def sort" not in base.read_text()
    greeter = (tmp_path / "greeter.py").read_text()
    assert "async def sort(self, user_context: C) -> Kind:" in greeter
    assert "def greet" not in greeter
    assert main("--check", calls) == 0
    base.write_text("class Base(Interface[C], Protocol[C]): ...\n")
    assert main(calls) == 0
    assert "def greet" in (tmp_path / "greeter.py").read_text()


@pytest.mark.parametrize(
    ("calls", "greeter", "message"),
    [
        ("class Greet(Call[Unknown, str]): ...", GREETER, "Greet is of Unknown, which is not imported from a module"),
        ("class Greet(Call[Kind, str]): ...", GREETER, "there is no "),
        ("class Greet(Call[Greeter, str]): ...", "class Elsewhere: ...", "has no class Greeter, of which Greet is"),
        (
            "class Greet(Call[Greeter, str]): ...",
            "class Greeter(Interface): ...",
            "does not say where its functions go",
        ),
        ("class Greet(Call[Greeter, Missing]): ...", GREETER, "lacks Missing: the functions of Greeter name them"),
        (
            "class Greet(Call[Greeter, str]):\n    name: str = 'Ada'",
            GREETER,
            "user_context comes behind name, so write _: KW_ONLY above it",
        ),
    ],
)
def test_what_cannot_be_written_is_told(
    calls: str, greeter: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error names the module of calls and says what is wrong; nothing is written."""
    path = in_folder(tmp_path, calls, greeter)
    assert main(path) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"{path}: ")
    assert message in told
    assert (tmp_path / "greeter.py").read_text() == greeter
    assert not (tmp_path / "signatures.py").exists()


def test_a_module_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Or none at all: an error, not a silent success."""
    assert main("--check", str(tmp_path / "calls.py")) == 2
    assert main() == 2
    told = capsys.readouterr().err
    assert f"there is no {tmp_path / 'calls.py'}" in told
    assert "python -m authweave.kernel [--check] PATH/calls.py" in told


def test_what_a_module_of_an_interface_does_not_import_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The methods would not run there: nothing is written, and the name is told."""
    (tmp_path / "calls.py").write_text(
        "from .greeter import Greeter\nfrom .words import Word\n\n\n"
        "class Greet(SyncCall[Greeter[ContextT], str, ContextT]):\n    name: Word\n"
    )
    greeter = tmp_path / "greeter.py"
    greeter.write_text(f"class Greeter(Interface[C], Protocol[C]):\n{BEGIN}{END}")
    before = greeter.read_text()
    assert main(str(tmp_path / "calls.py")) == 2
    assert "greeter.py lacks Word" in capsys.readouterr().err
    assert greeter.read_text() == before


def test_the_command_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    """``--help`` tells, and an option that there is not is no path."""
    assert main("--help") == 0
    assert "PATH/calls.py" in capsys.readouterr().out
    assert main("--cheque") == 2
    assert "PATH/calls.py" in capsys.readouterr().err
