"""What the tests of stores keep in them, and how they call them: for tests of your own stores too."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import ParamSpec

from typing_extensions import TypeVar

from authweave.storage import KeyRecord, PasswordLogin, SessionRecord
from authweave.types import JSONObject

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = "public"
AT_ONCE = 16


def a_login(number: int, *, email: str | None = None, tenant_id: str = PUBLIC) -> PasswordLogin:
    """Return a login method that differs from those of other numbers."""
    return PasswordLogin(
        user_id=f"user-{number}",
        recipe_user_id=f"method-{number}",
        tenant_id=tenant_id,
        email=f"user-{number}@example.com" if email is None else email,
        password_hash=f"hash-{number}",
        time_joined_ms=1_700_000_000_000 + number,
    )


def a_session(
    number: int,
    *,
    user_id: str = "user-1",
    tenant_id: str = PUBLIC,
    expires_at_ms: int = 2_000,
    payload: JSONObject | None = None,
) -> SessionRecord:
    """Return a session that differs from those of other numbers, and was created after those of lower ones."""
    return SessionRecord(
        handle=f"handle-{number}",
        user_id=user_id,
        recipe_user_id=user_id,
        tenant_id=tenant_id,
        refresh_hash=f"{number:064x}",
        confirmed_at_ms=number,
        anti_csrf_token=None,
        payload={} if payload is None else payload,
        data={},
        created_at_ms=number,
        expires_at_ms=expires_at_ms,
    )


def a_key(slot: str, kid: str, created_at_ms: int = 1) -> KeyRecord:
    """Return a signing key whose private half is not one."""
    return KeyRecord(kid=kid, slot=slot, algorithm="RS256", private_key=b"\x00\xff", created_at_ms=created_at_ms)


def raises(error: type[Exception], function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Call a function, and say whether it raised exactly this error."""
    try:
        function(*args, **kwargs)
    except error as raised:
        return type(raised) is error
    return False


def replaced_by(payload: JSONObject) -> Callable[[JSONObject], JSONObject]:
    """Return the change of a payload into another, whatever it was."""
    return lambda _stored: payload


def at_once(function: Callable[[int], R]) -> list[R]:
    """Call a function in many threads at the same moment, and return what each call returned."""
    barrier = Barrier(AT_ONCE)

    def call(number: int) -> R:
        barrier.wait()
        return function(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(call, range(AT_ONCE)))
