"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Protocol


class VerifiedEmailStore(Protocol):
    """
    Which addresses were verified, of each login method.

    Of the address that a login method has now this stands with the login method, where `find_user` shows it. The store
    remembers it besides, so that it is known again where the login method has the address again. Both are written in
    one transaction. A login method may also be one of the application's own, of which no store knows.

    Whoever changes the address of a login method says that the new one is not verified, and calls `settle` before and
    afterwards, in the same transaction: if that is forgotten, an address is unverified that was verified, and never
    the other way round.
    """

    def mark_verified(self, recipe_user_id: str, email: str, now_ms: int) -> bool:
        """Note that an address is verified. Returns whether it was not before."""
        ...

    def unverify(self, recipe_user_id: str, email: str) -> bool:
        """Forget that an address is verified. Returns whether it was."""
        ...

    def is_verified(self, recipe_user_id: str, email: str) -> bool:
        """Return whether an address is verified."""
        ...

    def settle(self, recipe_user_id: str, now_ms: int) -> bool:
        """
        Let the login method and what is remembered say the same of its address: verified, if one of the two says so.

        Returns:
            Whether the login method says so now, and did not before.
        """
        ...
