"""What `authweave moved write` changes in a program's source."""

from __future__ import annotations

import pytest

from authweave.moved import move_source


def written(source: str) -> str:
    """Return a source moved over."""
    return move_source(source.encode()).after.decode()


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("import supertokens_python\n", "import authweave\n"),
        ("import os, supertokens_python as st  # why\n", "import os, authweave as st  # why\n"),
        ("import supertokens_python.recipe.session as s\n", "import authweave.recipe.session as s\n"),
        (
            "from supertokens_python.recipe.session.interfaces import SessionContainer as S\n",
            "from authweave.recipe.session.interfaces import SessionContainer as S\n",
        ),
        ("from supertokens_python.recipe import session\n", "from authweave.recipe import session\n"),
        (
            "if TYPE_CHECKING:\n\tfrom supertokens_python.types import (\n\t  User, # one\n\t)\n",
            "if TYPE_CHECKING:\n\tfrom authweave.types import (\n\t  User, # one\n\t)\n",
        ),
        (
            "def f():\n    from supertokens_python.types import User; return User\n",
            "def f():\n    from authweave.types import User; return User\n",
        ),
        (
            "from __future__ import annotations\nfrom supertokens_python import init\n",
            "from __future__ import annotations\nfrom authweave import init\n",
        ),
        (
            "import supertokens_python.recipe.session\nsupertokens_python.recipe.session.init(x=supertokens_python)\n",
            "import authweave.recipe.session\nauthweave.recipe.session.init(x=authweave)\n",
        ),
        (
            "import supertokens_python\ndef f(supertokens_python): return supertokens_python.init\n",
            "import authweave\ndef f(supertokens_python): return supertokens_python.init\n",
        ),
        (
            "import supertokens_python\nf(supertokens_python=1)\n",
            "import authweave\nf(supertokens_python=1)\n",
        ),
        (
            "import supertokens_python\ndef f(u: 'list[supertokens_python.types.User]'): ...\n",
            "import authweave\ndef f(u: 'list[authweave.types.User]'): ...\n",
        ),
        (
            "import supertokens_python\ndef f():\n    global supertokens_python; import supertokens_python\n",
            "import authweave\ndef f():\n    global authweave; import authweave\n",
        ),
        (
            "import supertokens_python\nx = []  # type: list[supertokens_python.types.User]\n",
            "import authweave\nx = []  # type: list[authweave.types.User]\n",
        ),
        ("from .supertokens_python import x\n", "from .supertokens_python import x\n"),
        ("import supertokens_python_more\n", "import supertokens_python_more\n"),
    ],
)
def test_import_lines_and_what_they_bind(there: str, here: str) -> None:
    """Modules are ours, wherever the statement stands; names that are not the import's stay."""
    assert written(there) == here
    assert written(here) == here


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (
            "MIDDLEWARE = ['supertokens_python.framework.django.django_middleware.middleware']",
            "MIDDLEWARE = ['authweave.framework.django.django_middleware.middleware']",
        ),
        ("INSTALLED_APPS = ['a', \"supertokens_python\"]", "INSTALLED_APPS = ['a', \"authweave.framework.django\"]"),
        (
            "patch('supertokens_python.recipe.session.asyncio.create_new_session')",
            "patch('authweave.recipe.session.asyncio.create_new_session')",
        ),
        ("import_module(r'supertokens_python.recipe')", "import_module(r'authweave.recipe')"),
    ],
)
def test_texts_that_name_a_module(there: str, here: str) -> None:
    """Settings and targets of patches are paths, and are changed like imports."""
    assert written(there) == here


def test_names_that_are_elsewhere() -> None:
    """They are imported from where they are; what stays keeps its statement, and its comments."""
    there = (
        "from supertokens_python.recipe.openid.asyncio import (\n"
        "    create_jwt,  # ours\n"
        "    create_key,  # later\n"
        "    get_jwks as keys,\n"
        ")  # noqa\n"
    )
    assert written(there) == (
        "# later\n"
        "from supertokens_python.recipe.openid.asyncio import create_key\n"
        "from authweave.recipe.session.asyncio import (\n"
        "    create_jwt,  # ours\n"
        "    get_jwks as keys,\n"
        ")  # noqa\n"
    )


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (
            "from supertokens_python.recipe import oauth2provider, session, saml\n",
            "from supertokens_python.recipe import oauth2provider, saml\nfrom authweave.recipe import session\n",
        ),
        (
            "if x: from supertokens_python.recipe import session, saml\n",
            "if x: from supertokens_python.recipe import saml; from authweave.recipe import session\n",
        ),
        (
            "if x:\r\n  from supertokens_python.recipe import (session, saml,)\r\n",
            "if x:\r\n  from supertokens_python.recipe import saml\r\n  from authweave.recipe import (session,)\r\n",
        ),
    ],
)
def test_what_is_not_here_stays(there: str, here: str) -> None:
    """It is in a statement of its own, as it was, so that the next check still finds it."""
    assert written(there) == here
    assert written(here) == here


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (
            "import supertokens_python\nsupertokens_python.recipe.session.init(supertokens_python.types.User)",
            (
                "import authweave, authweave.recipe.session, authweave.types\n"
                "authweave.recipe.session.init(authweave.types.User)"
            ),
        ),
        (
            "import supertokens_python as st  # why\nst.recipe.session.init(); st.init()\n",
            "import authweave as st, authweave.recipe.session  # why\nst.recipe.session.init(); st.init()\n",
        ),
        (
            (
                "import supertokens_python, supertokens_python.recipe.session.asyncio\n"
                "supertokens_python.recipe.session.init()"
            ),
            "import authweave, authweave.recipe.session.asyncio\nauthweave.recipe.session.init()",
        ),
        (
            "import supertokens_python\nif x:\n  import supertokens_python.types\nsupertokens_python.types.User\n",
            "import authweave, authweave.types\nif x:\n  import authweave.types\nauthweave.types.User\n",
        ),
    ],
)
def test_modules_that_there_come_with_the_package(there: str, here: str) -> None:
    """Here they are imported where they are used."""
    assert written(there) == here
    assert written(here) == here


def test_a_name_that_a_plain_import_reaches_elsewhere() -> None:
    """It is written out where it is, if the module that has it is imported."""
    source = "import supertokens_python.recipe.openid.syncio\nsupertokens_python.recipe.openid.syncio.{}()\n"
    assert written(source.format("get_jwks")) == (
        "import authweave.recipe.session.syncio\nauthweave.recipe.session.syncio.get_jwks()\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        b"# says supertokens_python\n'''supertokens_python'''\ndef f():\n    'supertokens_python.recipe'\n",
        b"\xef\xbb\xbf\x0c\r\n# no import of supertokens_python\r\n\t\n  ",
        b"# -*- coding: latin-1 -*-\n# \xe9 supertokens_python\n",
    ],
)
def test_the_rest_stays(source: bytes) -> None:
    """Comments and docstrings speak to people."""
    result = move_source(source)
    assert (result.after, result.left) == (source, [])


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (
            b"\xef\xbb\xbfimport supertokens_python\r\nx = 'a'\r",
            b"\xef\xbb\xbfimport authweave\r\nx = 'a'\r",
        ),
        (
            b"# coding: latin-1\nx = '\xe9'; import supertokens_python\n",
            b"# coding: latin-1\nx = '\xe9'; import authweave\n",
        ),
        (
            b"\x0c\x0cimport supertokens_python\n\x0c\ndef f():\n  x=1\n \t  ",
            b"\x0c\x0cimport authweave\n\x0c\ndef f():\n  x=1\n \t  ",
        ),
        (
            "é = '日本'; from supertokens_python import init as ö; s = 'supertokens_python.types'".encode(),
            "é = '日本'; from authweave import init as ö; s = 'authweave.types'".encode(),
        ),
        (b"import supertokens_python\rimport os\r\nx = \\\n 1\n", b"import authweave\rimport os\r\nx = \\\n 1\n"),
    ],
)
def test_bytes_that_are_not_a_names_stay(there: bytes, here: bytes) -> None:
    """Encodings, marks of them, form feeds, line ends of all kinds, and white space at the end."""
    assert move_source(there).after == here
