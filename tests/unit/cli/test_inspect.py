from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from authweave.app import default_app, set_default_app
from authweave.cli._main import commands
from authweave.errors import ConfigurationError
from tests.proving import PROVES

pytestmark = pytest.mark.usefixtures("unwatched")

SHOP = """\
import authweave
from authweave.recipe import emailpassword, session
from authweave.recipe.session.interfaces import RecipeInterface


@authweave.override(RecipeInterface.revoke_session)
async def tell_the_till(original, session_handle, user_context):
    return await original(session_handle, user_context)


auth = authweave.init(
    authweave.InputAppInfo("shop", "http://localhost:8000", website_domain="http://localhost:8000"),
    [emailpassword.init(), session.init()],
    storage="sqlite://",
    secret="x" * 32,
    overrides=[tell_the_till],
)
web = object()
"""


MANNER: Final = "override, proved" if PROVES else "override"

STYLES = """import authweave
from authweave.kernel import wrap_all
from authweave.recipe import session
from authweave.recipe.session import RevokeSession

@RevokeSession.override
async def called(call):
    return await call.original()


@RevokeSession.after
async def looks(call, result):
    pass


def timed(function, original):
    return original


auth = authweave.init(
    authweave.InputAppInfo("shop", "http://localhost:8000", website_domain="http://localhost:8000"),
    [session.init()],
    storage="sqlite://",
    secret="x" * 32,
    overrides=[called, looks, wrap_all(timed)],
)
"""


def close_default_app() -> None:
    """Close what the inspected module made."""
    with suppress(ConfigurationError):
        default_app().close()
    set_default_app(None)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of an application with one override, in the working directory."""
    file = tmp_path / "shop.py"
    file.write_text(SHOP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield file
    sys.modules.pop("shop", None)
    close_default_app()


def inspected(*arguments: str) -> str:
    """Return what the command prints; it must end well."""
    result = CliRunner().invoke(commands, ["inspect", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    """Return what the command says of what it cannot do."""
    result = CliRunner().invoke(commands, ["inspect", *arguments])
    assert result.exit_code == 1
    assert result.stdout == ""
    return " ".join(result.stderr.split())


def test_the_tree_names_overrides_with_file_and_line(shop: Path) -> None:
    """The tree shows an override above what it overrides, with the file from here and the line."""
    lines = inspected("shop:auth").splitlines()
    at = next(index for index, line in enumerate(lines) if line.endswith("revoke_session"))
    assert f"tell_the_till  {MANNER}  shop.py:6" in lines[at + 1]
    assert re.search(r"RecipeImplementation.revoke_session  implementation  /.+/functions.py:\d+$", lines[at + 2])
    assert lines[at + 2].index("R") > lines[at + 1].index("t")


def test_every_style_of_override_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Overrides that are handed a call, hooks and wrappers stand in the tree beside all others."""
    (tmp_path / "styles.py").write_text(STYLES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    tree = inspected("styles:auth")
    sys.modules.pop("styles", None)
    close_default_app()
    for line in ("called  call  styles.py:6", "looks  after  styles.py:11", "timed  wrapper  styles.py:16"):
        assert line in tree


def test_functions_without_overrides_are_left_out(shop: Path) -> None:
    """The tree has the functions with overrides only, says how many others there are, and shows them when asked."""
    short, whole = inspected("shop:auth"), inspected("shop:auth", "--all")
    assert "create_new_session" not in short
    assert "emailpassword" not in short
    functions = sum(map(len, json.loads(inspected("shop:auth", "--json")).values()))
    assert f"{functions - 1} functions without overrides are left out; --all shows them." in short
    assert "sign_up_post" in whole
    assert whole.count("  implementation  ") == functions
    assert "left out" not in whole


def test_a_file_in_a_folder_below_has_a_relative_path(shop: Path) -> None:
    """A file below the working directory is named from there, also where it was reached by a detour."""
    folder = shop.parent / "parts"
    folder.mkdir()
    (folder / "rules.py").write_text(SHOP)
    sys.path.insert(0, str(folder / ".." / "parts"))
    try:
        assert f"tell_the_till  {MANNER}  parts/rules.py:6" in inspected("rules:auth")
    finally:
        sys.modules.pop("rules", None)


def test_every_function_of_every_recipe_is_in_the_json(shop: Path) -> None:
    """As JSON there is every function, its chain from the outermost to the implementation."""
    found = json.loads(inspected("shop:auth", "--json"))
    assert list(found) == [
        *("emailpassword.functions", "emailpassword.apis", "session.functions", "session.apis", "attempts.functions"),
        "accountlinking.functions",
    ]
    chains = {each["function"]: each["chain"] for each in found["session.functions"]}
    override, implementation = chains["revoke_session"]
    assert override == {"name": "tell_the_till", "style": "override", "proved": PROVES, "file": str(shop), "line": 6}
    assert implementation["style"] == "implementation"
    assert [layer["style"] for layer in chains["get_session"]] == ["implementation"]


@pytest.mark.parametrize("target", ["shop:web", "shop"])
def test_falls_back_to_the_application_that_init_made(shop: Path, target: str) -> None:
    """A web application, or the module alone, stands for the application that init made there."""
    assert "tell_the_till" in inspected(target)


def test_names_the_nearest_attribute(shop: Path) -> None:
    """A misspelt attribute is answered with the nearest one."""
    assert "did you mean shop:auth?" in refused("shop:aut")


def test_an_attribute_like_no_other(shop: Path) -> None:
    """Where nothing is near, the message says what to look for."""
    assert "has no 'qqqqqq'; look for the name" in refused("shop:qqqqqq")


def test_a_module_that_is_not_there(shop: Path) -> None:
    """A missing module is named, with what to do."""
    assert "There is no module 'shoop' here: run authweave from the directory" in refused("shoop:auth")


@pytest.mark.parametrize(
    ("target", "instead"),
    [
        ("shop.py:auth", "authweave inspect shop:auth"),
        ("./shop.py", "authweave inspect shop:app"),
        ("parts/rules.py:auth", "authweave inspect parts.rules:auth"),
        ("parts/rules:auth", "authweave inspect parts.rules:auth"),
        (r"parts\rules.py:auth", "is a path: name the module"),
        ("{folder}/shop.py:auth", "authweave inspect shop:auth"),
        ("/elsewhere/main.py:auth", "run this in /elsewhere, and name the module: main:auth"),
    ],
)
def test_the_path_of_a_file(shop: Path, target: str, instead: str) -> None:
    """A path is answered with the module to name in its place, and what is there is not run."""
    target = target.format(folder=shop.parent)
    assert f"{target!r} is a path" in refused(target)
    assert instead in refused(target)
    assert "shop" not in sys.modules


def test_a_name_after_a_dot(shop: Path) -> None:
    """A name in a module comes after a colon, and the message says where."""
    assert "'shop' is a module, and 'auth' a name in it: write shop:auth." in refused("shop.auth")
    assert "There is no module 'shop.qqq'" in refused("shop.qqq")


def test_no_module(shop: Path) -> None:
    """A target without a module is answered with an example of one."""
    assert "write module:app" in refused(":auth")


def test_a_module_that_misses_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong inside of the module is not blamed on its name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "broken_shop.py").write_text("import nowhere_to_be_found")
    result = CliRunner().invoke(commands, ["inspect", "broken_shop:app"])
    assert isinstance(result.exception, ModuleNotFoundError)
    assert result.exception.name == "nowhere_to_be_found"


def test_a_module_without_an_application() -> None:
    """Something else, in a module that made no application, is told apart from one."""
    assert "'json:dumps' is a function, and importing 'json' did not call authweave.init" in refused("json:dumps")
    assert "'json' made no authweave.App" in refused("json")
