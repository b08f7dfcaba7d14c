"""Verified addresses, in memory."""

from __future__ import annotations

from collections.abc import Collection

import attrs
from typing_extensions import override

from authweave.storage import LoginRecord, check_email, check_text
from authweave.storage.memory import MemoryCore

from .protocol import VerifiedEmailStore


class MemoryVerifiedEmails(VerifiedEmailStore):
    """Verified addresses."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._verified: set[tuple[str, str]] = set()

    @override
    def mark_verified(self, recipe_user_id: str, email: str, now_ms: int) -> bool:
        with self._core.transaction():
            is_news = not self.is_verified(recipe_user_id, email)
            self._verified.add((recipe_user_id, email))
            self._show(recipe_user_id, email, verified=True)
            return is_news

    @override
    def unverify(self, recipe_user_id: str, email: str) -> bool:
        with self._core.transaction():
            was_verified = self.is_verified(recipe_user_id, email)
            self._verified -= {(each, email) for each in self._ids(recipe_user_id)}
            self._show(recipe_user_id, email, verified=False)
            return was_verified

    @override
    def is_verified(self, recipe_user_id: str, email: str) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email)
        with self._core.transaction():
            login = self._login(recipe_user_id)
            is_shown = login is not None and login.verified and login.email == email
            return is_shown or any((each, email) in self._verified for each in self._ids(recipe_user_id))

    @override
    def settle(self, recipe_user_id: str, now_ms: int) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        with self._core.transaction():
            login = self._login(recipe_user_id)
            if login is None or login.email is None or not self.is_verified(recipe_user_id, login.email):
                return False
            self.mark_verified(recipe_user_id, login.email, now_ms)
            return not login.verified

    def _show(self, recipe_user_id: str, email: str, *, verified: bool) -> None:
        """Say of the address that a login method has now whether it is verified."""
        login = self._login(recipe_user_id)
        if login is not None and login.email == email:
            self._core.logins[login.recipe_user_id] = attrs.evolve(login, verified=verified)

    def _login(self, recipe_user_id: str) -> LoginRecord | None:
        """Return a login method, by the id that APIs show or by the store's own."""
        return self._core.logins.get(self._core.own_id_of(recipe_user_id))

    def _ids(self, recipe_user_id: str) -> set[str]:
        """Return the ids by which something may be kept of a login method."""
        return {recipe_user_id, self._core.own_id_of(recipe_user_id)}

    def forget_users(self, ids: Collection[str]) -> None:
        """Forget all addresses of login methods."""
        with self._core.transaction():
            self._verified -= {each for each in self._verified if each[0] in ids}

    def rename_user(self, former: str, new: str) -> None:
        """Keep for the new id what was kept for the former one."""
        with self._core.transaction():
            emails = [email for login_id, email in self._verified if login_id == former]
            self._verified -= {(former, email) for email in emails}
            self._verified |= {(new, email) for email in emails}
