"""What roles cost a session: nothing where there are none, and a write only where something has changed."""

from __future__ import annotations

from collections import Counter

import pytest

from authweave.app import App, init
from authweave.extending import RecipeEntry
from authweave.kernel import UserContext
from authweave.recipe import session, userroles
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.store.memory import MemorySessions
from authweave.recipe.userroles import UserRolesRecipe
from authweave.recipe.userroles.store.memory import MemoryUserRoles
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, RecipeUserId

CONTEXT = UserContext()
COUNTED = (
    *((MemoryUserRoles, name) for name in ("roles_of_user", "permissions_of_role")),
    *((MemorySessions, name) for name in ("find_session", "change_session_payload", "advance_session")),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what the store is asked."""
    counted: Counter[str] = Counter()
    for cls, name in COUNTED:
        original = getattr(cls, name)

        def counting(self: object, *args: object, name: str = name, original: object = original) -> object:
            counted[name] += 1
            return original(self, *args) if callable(original) else None

        monkeypatch.setattr(cls, name, counting)
    return counted


def application(*recipes: RecipeEntry) -> App:
    """Make an application in memory."""
    return init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [session.init(access_token_signing_algorithm="ES256"), *recipes],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        default=False,
    )


def refresh_token(app: App) -> str:
    """Create a session of a user; return its refresh token."""
    functions = app.recipe(SessionRecipe).functions
    made = functions.create_new_session("user-1", RecipeUserId("user-1"), None, None, None, "public", CONTEXT)
    token = app.run_blocking(made).refresh_token
    assert token is not None
    return token.token


def refreshed(app: App, token: str, asked: Counter[str]) -> Counter[str]:
    """Refresh a session; return what the store was asked meanwhile."""
    asked.clear()
    functions = app.recipe(SessionRecipe).functions
    app.run_blocking(functions.refresh_session(token, None, True, CONTEXT))
    return Counter(asked)


def test_a_refresh_without_roles_asks_nothing_more(asked: Counter[str]) -> None:
    """Neither where the recipe is not listed, nor where claims are left as they were."""
    for recipes in ((), (userroles.init(refresh_claims=False),)):
        app = application(*recipes)
        assert refreshed(app, refresh_token(app), asked) == {"find_session": 1}
        app.close()


def test_a_refresh_writes_where_something_has_changed(asked: Counter[str]) -> None:
    """It looks for the roles once for each claim, for what each role permits, and changes the session if need be."""
    app = application(userroles.init())
    functions = app.recipe(UserRolesRecipe).functions
    token = refresh_token(app)  # without claims: no request has made them
    for role in ("admin", "user"):
        app.run_blocking(functions.create_new_role_or_add_permissions(role, ["read", role], CONTEXT))
        app.run_blocking(functions.add_role_to_user("user-1", role, "public", CONTEXT))
    looks = {"find_session": 1, "roles_of_user": 2, "permissions_of_role": 2}
    first = refreshed(app, token, asked)
    assert first - Counter(looks) == {"change_session_payload": 1, "find_session": first["find_session"] - 1}
    assert refreshed(app, token, asked) == looks
    app.run_blocking(functions.remove_permissions_from_role("admin", ["read"], CONTEXT))
    assert refreshed(app, token, asked) == looks  # the other role permits it still
    app.run_blocking(functions.remove_user_role("user-1", "user", "public", CONTEXT))
    assert refreshed(app, token, asked)["change_session_payload"] == 1
    app.close()
