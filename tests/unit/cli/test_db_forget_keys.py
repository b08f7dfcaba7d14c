"""``authweave db forget-keys``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authweave import App, InputAppInfo, UserContext, init
from authweave.cli._main import commands
from authweave.errors import ConfigurationError
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignInOkResult
from authweave.recipe.session import SessionRecipe
from authweave.recipe.thirdparty.store import THIRD_PARTIES, TenantProvider
from authweave.security import PasswordHasher
from authweave.types import RecipeUserId

INFO = InputAppInfo("Lost", "http://localhost:8000", website_domain="http://localhost:3000")
PASSWORD = "correct horse 1"


def run(*arguments: str, answer: str = "") -> Result:
    """Run the command, and answer what it asks."""
    return CliRunner().invoke(commands, ["db", "forget-keys", *arguments], input=answer)


def app_at(url: str, secret: str | None = None) -> App:
    """Build an application."""
    return init(
        INFO,
        [emailpassword.init(), thirdparty.init(), session.init(access_token_signing_algorithm="ES256")],
        storage=url,
        secret=secret,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )


def fill(url: str, secret: str | None = None) -> None:
    """Make a user, a session and a tenant's provider."""
    app = app_at(url, secret)
    password, sessions = app.recipe(EmailPasswordRecipe).functions, app.recipe(SessionRecipe).functions
    context = UserContext()
    asyncio.run(password.sign_up("ada@example.com", PASSWORD, "public", None, None, context))
    asyncio.run(sessions.create_new_session("u", RecipeUserId("u"), None, None, None, "public", context))
    app.services.storage.part(THIRD_PARTIES).set_tenant_provider(
        TenantProvider(tenant_id="public", third_party_id="corp", config=b"sealed")
    )
    app.close()


def signs_in(app: App) -> bool:
    """Return whether the user can sign in."""
    functions = app.recipe(EmailPasswordRecipe).functions
    result = asyncio.run(functions.sign_in("ada@example.com", PASSWORD, "public", None, None, UserContext()))
    return isinstance(result, SignInOkResult)


def test_who_has_lost_the_secret_starts_again(tmp_path: Path) -> None:
    """It names what it deletes, asks, and afterwards the application starts; users have their passwords."""
    url = f"sqlite:///{tmp_path}/auth.db"
    fill(url)
    (tmp_path / "auth.db.secret").unlink()
    with pytest.raises(ConfigurationError, match="forget-keys"):
        app_at(url)
    result = run(url, answer="y\n")
    assert result.exit_code == 0, result.output
    for line in ("Deleted 1 signing keys.", "Deleted 1 sessions.", "Deleted 1 providers of tenants."):
        assert line in result.output
    app = app_at(url)
    assert signs_in(app)
    app.close()
    (tmp_path / "auth.db.secret").unlink()
    assert "nothing that needs the secret" in run(url).output


def test_with_another_secret_on_postgresql(postgresql_url: str) -> None:
    """The same where the secret was configured; the error of `init` names the command."""
    fill(postgresql_url, "a" * 32)
    with pytest.raises(Exception, match="authweave db forget-keys"):
        app_at(postgresql_url, "b" * 32)
    assert run(postgresql_url, "--yes").exit_code == 0
    app = app_at(postgresql_url, "b" * 32)
    assert signs_in(app)
    app.close()


def test_nothing_is_deleted_unasked(tmp_path: Path) -> None:
    """A no, no answer, and a secret that is there change nothing."""
    url = f"sqlite:///{tmp_path}/auth.db"
    fill(url)
    kept = run(url, "--yes")
    assert kept.exit_code == 1
    assert "auth.db.secret" in kept.output
    (tmp_path / "auth.db.secret").rename(tmp_path / "away")
    assert run(url, answer="n\n").exit_code == 1
    assert run(url).exit_code == 1
    (tmp_path / "away").rename(tmp_path / "auth.db.secret")
    app_at(url).close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///nowhere/auth.db", "mysql://x"])
def test_no_such_database(url: str) -> None:
    """It says so, and makes none."""
    result = run(url, "--yes")
    assert (result.exit_code, result.output.startswith("Error:")) == (1, True)
