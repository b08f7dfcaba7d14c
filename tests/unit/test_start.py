"""What an application does not load that does not use it: starts of fresh processes, and what they have loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.processes

CONFIGURED: Final = """
import authweave
authweave.init
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature
google = ProviderInput(ProviderConfig("google", clients=[ProviderClientConfig("id", "secret")]))
emailpassword.init(), session.init(), thirdparty.init(SignInAndUpFeature([google]))
"""

BUILT: Final = """
import sys
from contextlib import closing
from authweave import InputAppInfo, init
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import syncio
from authweave.storage.memory import MemoryStorage

INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")

def application(storage):
    return init(INFO, [emailpassword.init(), session.init()], storage=storage, secret=b"s" * 32)
"""

IN_MEMORY: Final = """
application(MemoryStorage()).close()
"""

AT_A_URL: Final = """
application(sys.argv[1]).close()
"""

WITH_PROVIDERS: Final = """
from authweave.recipe import thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature, syncio
google = ProviderInput(ProviderConfig("google", clients=[ProviderClientConfig("id", "secret")]))
recipes = [session.init(), thirdparty.init(SignInAndUpFeature([google]))]
app = init(INFO, recipes, storage=MemoryStorage(), secret=b"s" * 32)
"""

WITH_PROVIDERS_ASKED: Final = (
    WITH_PROVIDERS
    + """
assert syncio.get_provider("public", "unknown", None) is None
"""
)

IN_USE: Final = """
with closing(application(sys.argv[1])):
    assert "ada@example.com" in syncio.sign_up("public", "ada@example.com", "a long password").user.emails
"""

LOADED: Final = """
import sys
print(*sys.modules)
"""

STORE_IN_SQL: Final = frozenset({"alembic", "psycopg", "sqlalchemy", "sqlite3"})
FRAMEWORKS: Final = frozenset({"anyio", "fastapi", "pydantic", "starlette", "uvicorn"})
CRYPTOGRAPHY: Final = frozenset({"cryptography", "joserfc"})
CLIENTS: Final = frozenset({"http.client", "httpx", "httpx2", "urllib.request"})
COMMAND_LINE: Final = frozenset({"click", "rich", "typer"})
NEVER: Final = frozenset({"difflib", "email_validator", "publicsuffixlist"}) | CLIENTS | COMMAND_LINE | FRAMEWORKS
"""What these configurations use none of: API and website are on one host, and nobody's name is misspelt."""


def loaded_by(*parts: str, arguments: tuple[str, ...] = ()) -> set[str]:
    """Run a program in a fresh process; return the modules that it loaded."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run(  # noqa: S603  this interpreter, a program written here
        [sys.executable, "-c", "".join([*parts, LOADED]), *arguments],
        stdout=subprocess.PIPE,
        check=True,
        env=environment,
        text=True,
    )
    return set(run.stdout.split())


def test_configuring_loads_nothing_that_works() -> None:
    """Importing ``init`` and all recipes, and calling theirs, loads no store, no cryptography and no HTTP client."""
    loaded = loaded_by(CONFIGURED)
    assert "authweave.recipe.thirdparty" in loaded
    assert loaded & (NEVER | STORE_IN_SQL | CRYPTOGRAPHY | {"email.utils"}) == set()
    assert {name for name in loaded if name.startswith("authweave.storage.sql")} == set()


def test_a_store_in_memory_loads_no_sql() -> None:
    """An application with passwords and sessions, built over a store in memory, does without SQLAlchemy."""
    loaded = loaded_by(BUILT, IN_MEMORY)
    assert loaded & (NEVER | STORE_IN_SQL) == set()
    assert {"argon2", "joserfc"} <= loaded, "what requests need is loaded before the first one"


def test_a_database_that_is_up_to_date_loads_no_sqlalchemy(tmp_path: Path) -> None:
    """
    Of the store in SQL, the start that makes the tables loads all, and a later one the driver.

    Alembic is loaded by the first alone; SQLAlchemy by what writes or reads more than is asked of every start.
    """
    url = f"sqlite:///{tmp_path / 'auth.db'}"
    assert "alembic" in loaded_by(BUILT, AT_A_URL, arguments=(url,))
    loaded = loaded_by(BUILT, AT_A_URL, arguments=(url,))
    assert loaded & (NEVER | STORE_IN_SQL) == {"sqlite3"}
    loaded = loaded_by(BUILT, IN_USE, arguments=(url,))
    assert "sqlalchemy" in loaded
    assert loaded & (NEVER | {"alembic", "mako", "psycopg", "sqlalchemy.dialects.postgresql"}) == set()


def test_providers_are_not_spoken_to_before_somebody_signs_in() -> None:
    """Nor is an HTTP client loaded; it is by who looks for a provider, in a thread beside the loop."""
    loaded = loaded_by(BUILT, WITH_PROVIDERS)
    assert "authweave.recipe.thirdparty.providers" in loaded
    assert loaded & CLIENTS == set()
    assert "httpx2" in loaded_by(BUILT, WITH_PROVIDERS_ASKED)
