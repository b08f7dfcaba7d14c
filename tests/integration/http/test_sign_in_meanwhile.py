"""What changes while a password is compared, over HTTP: the session that follows is stored only where it may be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Final

import attrs
import pytest

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.security import PasswordHasher, Turn

from .reset_world import NEW, World, world
from .serving import PASSWORD, jwt_part

HASHER: Final = PasswordHasher(memory_kib=8, time_cost=1)
COMPARE: Final = PasswordHasher.verify


@attrs.define
class Meanwhile:
    """
    What happens when the first password has been compared.

    Attributes:
        happens: it, once.
        compared: how many were.
    """

    happens: Callable[[], object] | None = None
    compared: int = 0


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Serve an application."""
    with world(tmp_path_factory.mktemp("meanwhile"), is_quiet=True) as here:
        yield here


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let something happen between a comparison and what follows it."""
    mine = Meanwhile()

    async def verify(self: PasswordHasher, password_hash: str | None, password: str, *, turn: Turn) -> bool:
        matches = await COMPARE(self, password_hash, password, turn=turn)
        mine.compared += 1
        happens, mine.happens = mine.happens, None
        if happens is not None:
            happens()
        return matches

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    return mine


def hashed(password: str) -> str:
    """Hash a password."""
    return asyncio.run(HASHER.hash(password))


def set_hash(here: World, user_id: str, hashed: str) -> None:
    """Set a password, as another process does."""
    assert here.storage.part(PASSWORDS).update_password_login(user_id, email=None, password_hash=hashed)


def sessions_of(here: World, user_id: str) -> int:
    """Return how many sessions a user has."""
    ((count,),) = here.sql("SELECT count(*) FROM authweave_sessions WHERE user_id = ?", user_id)
    assert isinstance(count, int)
    return count


@pytest.mark.parametrize(
    ("what", "status", "compared", "told"),
    [
        ("nothing", "OK", 1, ["sign_in"]),
        ("another password", "WRONG_CREDENTIALS_ERROR", 2, ["sign_in", "sign_in_failed"]),
        ("the same, hashed again", "OK", 2, ["sign_in", "sign_in"]),
        ("deleted", "WRONG_CREDENTIALS_ERROR", 2, ["sign_in", "sign_in_failed"]),
        ("disabled", "SIGN_IN_NOT_ALLOWED", 1, ["sign_in"]),
        ("taken from the tenant", "SIGN_IN_NOT_ALLOWED", 1, ["sign_in", "session_revoked"]),
    ],
)
def test_what_changes_while_a_password_is_compared(
    here: World, meanwhile: Meanwhile, what: str, status: str, compared: int, told: list[str]
) -> None:
    """Who has the former password gets no session; who has the right one gets one, and not two."""
    address = f"{what.replace(' ', '-').replace(',', '')}@example.com"
    user_id = here.sign_up(address).json()["user"]["id"]
    before, count = sessions_of(here, user_id), len(here.events)
    another, same = hashed(NEW), hashed(PASSWORD)
    happenings: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "another password": lambda: set_hash(here, user_id, another),
        "the same, hashed again": lambda: set_hash(here, user_id, same),
        "deleted": lambda: here.storage.delete_user(user_id, now_ms=here.clock()),
        "disabled": lambda: here.storage.set_disabled(user_id, here.clock()),
        "taken from the tenant": lambda: here.storage.remove_from_tenant(user_id, "public"),
    }
    meanwhile.happens = happenings[what]
    assert here.sign_in(address).json()["status"] == status
    assert meanwhile.compared == compared
    kept = 0 if what in {"deleted", "disabled", "taken from the tenant"} else before
    assert sessions_of(here, user_id) == kept + (status == "OK")
    assert [event.kind for event in here.events[count:]] == told


def test_one_who_changes_it_again_and_again(here: World, meanwhile: Meanwhile) -> None:
    """A sign-in compares three times, and then says no: it does not go on for ever."""
    user_id = here.sign_up("again@example.com").json()["user"]["id"]
    changes = [hashed(PASSWORD) for _ in range(5)]

    def change() -> None:
        set_hash(here, user_id, changes.pop())
        meanwhile.happens = change

    meanwhile.happens = change
    assert here.sign_in("again@example.com").json() == {"status": "WRONG_CREDENTIALS_ERROR"}
    assert (meanwhile.compared, len(changes)) == (3, 2)


def primary(here: World, email: str) -> str:
    """Sign up, and make the user a primary one. Returns the id."""
    user_id = str(here.sign_up(email).json()["user"]["id"])
    here.storage.create_primary_user(user_id)
    return user_id


def test_one_who_is_linked_meanwhile(here: World, meanwhile: Meanwhile) -> None:
    """The session is that of whose login method it is by now, and so is the answer."""
    user_id, login_id = primary(here, "primary@example.com"), here.sign_up("linked@example.com").json()["user"]["id"]
    meanwhile.happens = lambda: here.storage.link_accounts(login_id, user_id)
    signed_in = here.sign_in("linked@example.com")
    assert signed_in.json()["user"]["id"] == user_id
    payload = jwt_part(signed_in.headers["st-access-token"], 1)
    assert (payload["sub"], payload["rsub"]) == (user_id, login_id)
    assert (meanwhile.compared, sessions_of(here, login_id), here.is_alive(signed_in)) == (1, 0, True)


def test_one_who_is_unlinked_meanwhile(here: World, meanwhile: Meanwhile) -> None:
    """He is a user of his own by now."""
    user_id, login_id = primary(here, "former@example.com"), here.sign_up("unlinked@example.com").json()["user"]["id"]
    here.storage.link_accounts(login_id, user_id)
    before = sessions_of(here, user_id)
    meanwhile.happens = lambda: here.storage.unlink_account(login_id, now_ms=here.clock())
    signed_in = here.sign_in("unlinked@example.com")
    assert signed_in.json()["user"]["id"] == login_id
    assert (meanwhile.compared, sessions_of(here, user_id), sessions_of(here, login_id)) == (1, before, 1)
