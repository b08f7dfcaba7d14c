"""Where an application has its secret from."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from authweave import App, InputAppInfo, UserContext, init
from authweave.errors import ConfigurationError
from authweave.recipe import session, thirdparty
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.store import SESSIONS, SessionRecord
from authweave.recipe.thirdparty.store import THIRD_PARTIES, TenantProvider
from authweave.storage import KeyRecord, Storage, StorageOptions
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from authweave.types import RecipeUserId
from tests.postgresql import Server

pytestmark = pytest.mark.usefixtures("migrations_run")

A_SESSION = SessionRecord(
    handle="h",
    user_id="u",
    recipe_user_id="u",
    tenant_id="public",
    refresh_hash="r",
    confirmed_at_ms=0,
    payload={},
    data={},
    created_at_ms=0,
    expires_at_ms=2**60,
)
APP_INFO = InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1")


def access_token(app: App) -> str:
    """Make a session, and return its access token."""
    made = asyncio.run(
        app.recipe(SessionRecipe).functions.create_new_session(
            "user-1", RecipeUserId("user-1"), {}, {}, None, "public", user_context=UserContext()
        )
    )
    return made.get_access_token()


def started(storage: str | Storage, *, allow_plaintext_keys: bool = False, secret: str | None = None) -> App:
    """Build an application that stands alone."""
    return init(
        APP_INFO,
        [session.init()],
        storage=storage,
        secret=secret,
        allow_plaintext_keys=allow_plaintext_keys,
        default=False,
    )


def test_postgresql_needs_a_secret(postgresql_url: str) -> None:
    """Without one the application does not start, and the message names both ways out."""
    with pytest.raises(ConfigurationError, match=r"secret=.*allow_plaintext_keys=True"):
        started(postgresql_url)
    started(postgresql_url, secret="x" * 32).close()


@pytest.mark.parametrize(("secret", "said"), [(None, "secret= is needed"), ("short", "32")])
def test_a_missing_secret_is_said_first(postgresql: Server, secret: str | None, said: str) -> None:
    """It is said before the tables that are missing too, so that nobody makes them only to be refused again."""
    url = postgresql.new_database()
    try:
        with pytest.raises(ConfigurationError, match=said):
            started(url, secret=secret)
        with pytest.raises(ConfigurationError, match="db upgrade"):
            started(url, secret="x" * 32)
    finally:
        postgresql.drop(url)


@pytest.mark.parametrize("place", ["memory", "postgresql"])
def test_a_store_keeps_the_secret_where_that_is_allowed(place: str, new_postgresql_url: Callable[[], str]) -> None:
    """Applications on one store have the same secret then, and accept each other's tokens."""
    storage = MemoryStorage() if place == "memory" else new_postgresql_url()
    one = started(storage, allow_plaintext_keys=True)
    token = access_token(one)
    other = started(storage, allow_plaintext_keys=True)
    found = asyncio.run(
        other.recipe(SessionRecipe).functions.get_session(token, None, False, True, False, None, UserContext())
    )
    assert found is not None
    assert found.get_user_id() == "user-1"
    assert one.services.secret == other.services.secret
    other.close()
    one.close()


def test_two_databases_have_two_secrets(new_postgresql_url: Callable[[], str]) -> None:
    """It is unpredictable, not derived from anything known."""
    apps = [started(new_postgresql_url(), allow_plaintext_keys=True) for _ in range(2)]
    assert apps[0].services.secret != apps[1].services.secret
    for app in apps:
        app.close()


def test_options_are_for_a_url() -> None:
    """A store that is open already takes none."""
    with pytest.raises(ConfigurationError, match="storage_options="):
        init(APP_INFO, [session.init()], storage=MemoryStorage(), storage_options=StorageOptions(), secret="x" * 32)


def test_a_lost_secret_is_not_made_anew(tmp_path: Path) -> None:
    """Where the file beside the database is gone, but not the keys that it opens, that is said, and none is written."""
    url = f"sqlite:///{tmp_path}/auth.db"
    app = started(url)
    access_token(app)  # by a key
    app.close()
    (tmp_path / "auth.db.secret").rename(tmp_path / "elsewhere")
    before = (tmp_path / "auth.db").read_bytes()
    with pytest.raises(ConfigurationError, match=r"auth\.db\.secret' is missing, put it back, .* db forget-keys"):
        started(url)
    assert not (tmp_path / "auth.db.secret").exists()
    assert (tmp_path / "auth.db").read_bytes() == before
    (tmp_path / "elsewhere").rename(tmp_path / "auth.db.secret")
    started(url).close()


@pytest.mark.parametrize("kind", ["a provider of a tenant", "a session", "a signing key"])
def test_whatever_needs_the_secret_counts(tmp_path: Path, kind: str) -> None:
    """Each of the three alone tells that there was a secret."""
    url = f"sqlite:///{tmp_path}/auth.db"
    with closing(open_storage(url, parts=[SESSIONS, THIRD_PARTIES])) as store:
        if kind == "a provider of a tenant":
            store.part(THIRD_PARTIES).set_tenant_provider(
                TenantProvider(tenant_id="public", third_party_id="corp", config=b"sealed")
            )
        elif kind == "a session":
            store.part(SESSIONS).create_session(A_SESSION)
        else:
            store.add_signing_key(
                KeyRecord(kid="s-1", slot="static", algorithm="RS256", private_key=b"sealed", created_at_ms=0)
            )
    with pytest.raises(ConfigurationError, match=r"auth\.db\.secret' is missing, put it back"):
        init(APP_INFO, [session.init(), thirdparty.init()], storage=url, default=False)
    assert not (tmp_path / "auth.db.secret").exists()


def test_tables_alone_need_no_secret(tmp_path: Path) -> None:
    """What `authweave db upgrade` has made, or a start with users and no session, begins with a new one."""
    url = f"sqlite:///{tmp_path}/auth.db"
    open_storage(url, parts=[SESSIONS]).close()
    started(url).close()
    assert (tmp_path / "auth.db.secret").exists()
