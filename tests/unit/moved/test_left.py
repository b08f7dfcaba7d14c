"""What `authweave moved` leaves to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from authweave.moved import files_below, move_file, move_source


def left(source: str | bytes) -> list[str]:
    """Return what a source leaves, each as a line says it."""
    return [str(each) for each in move_source(source.encode() if isinstance(source, str) else source).left]


@pytest.mark.parametrize(
    ("source", "begins", "says"),
    [
        ("from supertokens_python.types import Usr", "1:38: ", "authweave.types has no Usr. The nearest is User."),
        ("from supertokens_python.recipe import saml", "1:39: ", "SAML is still to come"),
        ("import os, supertokens_python.recipe.saml.asyncio", "1:12: ", "SAML is still to come"),
        ("from supertokens_python.querier import Querier", "1:40: M1: ", "There is no core"),
        ("from supertokens_python.recipe.session.jwks import x", "1:52: ", "/auth/jwt/jwks.json"),
        ("from supertokens_python.recipe.jwt.asyncio import create_jwt", "1:51: ", "recipe.session.asyncio. Its `iss`"),
        ("from supertokens_python.recipe import jwt", "1:39: ", "nobody has to switch that on"),
        ("from supertokens_python.utils import x", "1:38: ", "internal there"),
        ("from supertokens_python.recipe.session.recipe import x", "1:54: ", "Supertokens.reset() is enough"),
        (
            "from supertokens_python.recipe.session import SessionRecipe as R\nR.reset()",
            "2:1: ",
            "Supertokens.reset() is enough",
        ),
        (
            "from authweave.recipe.userroles.recipe import UserRolesRecipe\nUserRolesRecipe.reset()",
            "2:1: ",
            "Supertokens.reset() is enough",
        ),
        ("from supertokens_python.typos import x", "1:38: ", "The nearest is types."),
        ("from supertokens_python.types import *", "1:1: ", "import them by name"),
        ("from supertokens_python.recipe import session\nsession.inti()", "2:1: ", "The nearest is init."),
        ("import supertokens_python as st\nst.recipe.saml.init()", "2:1: ", "SAML is still to come"),
        ("x = 'supertokens_python.recipe.saml'", "1:5: ", "SAML is still to come"),
        ("x = 'supertokens_python.' + y", "1:5: ", "A text that names supertokens_python"),
        ("x = f'supertokens_python.{y}'", "1:7: ", "A text that names supertokens_python"),
        ("x = b'supertokens_python'", "1:5: ", "A text that names supertokens_python"),
        ("version('supertokens-python')", "1:9: ", "supertokens-python is named here"),
        (
            "import supertokens_python as st; st.recipe.openid.asyncio.get_jwks()",
            "1:34: ",
            "import it from there",
        ),
    ],
)
def test_names_and_texts(source: str, begins: str, says: str) -> None:
    """Each is told once, with its place and what to do."""
    (told,) = left(source)
    assert told.startswith(begins)
    assert says in told


@pytest.mark.parametrize("package", ["supertokens_python", "authweave"])
@pytest.mark.parametrize(
    ("call", "row"),
    [
        ("SupertokensConfig('https://try.supertokens.com')", "2:19: M1: "),
        ("SupertokensConfig(api_key='x', connection_uri=CORE)\nCORE = 'http://' 'core'", "2:47: M1: "),
        ("SupertokensConfig('sqlite:///auth.db')", None),
        ("SupertokensConfig(os.environ['URI'])", None),
        ("SupertokensConfig(connection_uri=os.environ.get('URI', 'http://core'))", None),
        ("claim.validators.includes_all('admin')", "2:31: M5: "),
        ("claim.validators.includes_all(['admin'])", None),
    ],
)
def test_calls(package: str, call: str, row: str | None) -> None:
    """An address of a core, and a text for a list, are seen; before the imports are moved, and after."""
    told = [each for each in left(f"from {package} import SupertokensConfig\n{call}\n") if ": M" in each]
    assert len(told) == (row is not None)
    assert row is None or told[0].startswith(row)


FROZEN = """
from supertokens_python.recipe.emailpassword.interfaces import RecipeInterface
from supertokens_python.recipe.emailpassword.asyncio import sign_up
def functions(implementation: RecipeInterface):
    sign_in = implementation.sign_in
    async def mine(email, user):
        {}
    implementation.sign_in = mine
    return implementation
class Mine(RecipeInterface):
    async def sign_in(self, *args):
        result = await super().sign_in(*args)
        {}
        return result
"""


@pytest.mark.parametrize(
    ("first", "second", "lines"),
    [
        ("r = await sign_in(email); r.user.id = 'x'", "pass", [7]),
        ("r = await implementation.sign_up(email); r.status = 'x'", "result.user.emails += ['x']", [7, 13]),
        ("r = await sign_up('public', email, 'x'); r.user.id = 'x'", "pass", [7]),
        ("r = await sign_in(email); r = other(); r.user.id = 'x'", "pass", []),
        ("user.id = 'x'", "self.result = result", []),
        ("r = await sign_in(email); r = attrs.evolve(r)", "pass", []),
    ],
)
def test_results_that_are_changed(first: str, second: str, lines: list[int]) -> None:
    """What an original or a function of a recipe returned is frozen; what is somebody else's is not judged."""
    told = [each for each in left(FROZEN.format(first, second)) if ": M19: " in each]
    assert [int(each.partition(":")[0]) for each in told] == lines
    assert all("attrs.evolve" in each for each in told)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"import supertokens_python\n\ndef f(:\n", "3:1: This file is not read: not Python: "),
        (b"import supertokens_python\nx = '\n", "2:1: This file is not read: not Python: "),
        (b"import supertokens_python\n\n# \xff\n", "3:1: This file is not read: not text in utf-8: "),
        (b"# coding: no-such\nimport supertokens_python\n", "1:1: This file is not read: not text: "),
        (b"import supertokens_python\0", "1:1: This file is not read: not Python: "),
        (b"import supertokens_python\nx = " + b"(" * 5000 + b")" * 5000, "This file is not read: "),
    ],
)
def test_files_that_cannot_be_read(source: bytes, told: str) -> None:
    """They stay as they are, and their fault is told with its line."""
    assert move_source(source).after == source
    (only,) = left(source)
    assert told in only


def test_a_file_that_does_not_speak_of_it_is_nobodys_business() -> None:
    """A fault in it is not told either."""
    assert left(b"def f(:\n\xff") == []


def test_what_is_left_is_told_again_after_the_move() -> None:
    """Writing does not hide what a person has to do."""
    source = (
        "import supertokens_python\n"
        "from supertokens_python import SupertokensConfig\n"
        "from supertokens_python.recipe import session, saml\n"
        "SupertokensConfig('http://core'); session.inti(); supertokens_python.recipe.oauth2provider.init()\n"
    )
    first = move_source(source.encode())
    again = move_source(first.after)
    assert again.after == first.after
    assert [each.what.rpartition(": ")[2] for each in again.left] == [
        each.what.rpartition(": ")[2] for each in first.left
    ]


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("supertokens-python[fastapi]==0.31.4  # core", True),
        ("git+https://example.com/x.git#egg=supertokens_python", True),
        ("https://example.com/supertokens_python-0.31.4-py3-none-any.whl", True),
        ('"supertokens_python.recipe.*"', True),
        ("# supertokens-python", False),
        ("my-supertokens-python", False),
        ("supertokens-python-plugin==1", False),
    ],
)
def test_requirements(tmp_path: Path, line: str, *, is_told: bool) -> None:
    """What requires the package is told, and what has a name like it is not."""
    path = tmp_path / "requirements.txt"
    path.write_text(f"{line}\n")
    assert len(move_file(path).left) == is_told


def test_packages_of_the_same_name(tmp_path: Path) -> None:
    """One of the application, or a copy, stays, and is told; stubs are nobody's business."""
    for name in ("own/supertokens_python/__init__.py", "typings/supertokens_python/__init__.pyi"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("import supertokens_python.x")
    (path,) = files_below([tmp_path], [])
    assert path == tmp_path / "own" / "supertokens_python"
    (told,) = move_file(path).left
    assert "--exclude" in told.what
