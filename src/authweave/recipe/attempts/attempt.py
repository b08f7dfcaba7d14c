"""An attempt, as other recipes make it: asked for, checked by them, and noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import attrs

from authweave.http import get_request_from_user_context
from authweave.kernel import UserContext

from .config import AttemptsConfig
from .exceptions import TooManyAttemptsError
from .interfaces import RecipeInterface
from .types import Action, AttemptAllowed, AttemptRefused

RETRY_AFTER_S: Final = 1


@attrs.define
class Attempt:
    """
    An attempt that may be made, for the block of `Attempts.attempt`.

    Attributes:
        account: what names the account, in normal form.
        address: what the client is counted by; None where that is not known.
        succeeded: set it to whether the secret was right. An attempt of which nobody knows is not counted.
    """

    account: str = attrs.field(repr=False)
    address: str | None
    succeeded: bool | None = None


class Attempts:
    """
    What recipes that check secrets share.

    Args:
        config: what `init` was told.
        functions: the composed functions.
    """

    def __init__(self, config: AttemptsConfig, functions: RecipeInterface) -> None:
        self.config = config
        self.functions = functions
        self._under_way: Counter[tuple[str, ...]] = Counter()

    @asynccontextmanager
    async def attempt(
        self, action: Action, tenant_id: str, account: str, user_context: UserContext
    ) -> AsyncGenerator[Attempt]:
        """
        Open a block in which the client of the request that is being served makes an attempt.

        Args:
            action: what is attempted.
            tenant_id: the tenant of the account.
            account: what names it, in normal form, whether there is such an account or not.
            user_context: that of the call.

        Raises:
            TooManyAttemptsError: it may not be made.
            authweave.errors.StorageError: the store failed; where it does at the end of the block, the failure could
                not be counted, and is not to be told of.
        """
        attempt = Attempt(account, counted_address(user_context))
        if not self.config.enabled:
            yield attempt
            return
        address, functions = attempt.address, self.functions
        places = self._places(action, tenant_id, attempt)
        if any(self._under_way[place] >= at_most for place, at_most in places.items()):
            raise TooManyAttemptsError(action, RETRY_AFTER_S)
        self._under_way.update(places.keys())
        try:
            allowed = await functions.allow_attempt(action, tenant_id, account, address, user_context)
            if isinstance(allowed, AttemptRefused):
                raise TooManyAttemptsError(action, allowed.retry_after_s)
            yield attempt
            if attempt.succeeded is not None:
                await functions.record_attempt(
                    action, tenant_id, account, address, attempt.succeeded, allowed, user_context
                )
        finally:
            for place in places:
                self._under_way[place] -= 1
                if not self._under_way[place]:
                    del self._under_way[place]

    async def remember(self, tenant_id: str, account: str, user_context: UserContext) -> None:
        """Note that the client of the request that is being served has an account, which he has just made."""
        address = counted_address(user_context)
        if self.config.enabled and address is not None:
            await self.functions.record_attempt(
                "sign_in",
                tenant_id,
                account,
                address,
                succeeded=True,
                allowed=AttemptAllowed(),
                user_context=user_context,
            )

    def _places(self, action: Action, tenant_id: str, attempt: Attempt) -> dict[tuple[str, ...], int]:
        """
        Return where an attempt is under way, and how many may be there at once.

        As many as may fail: else a thousand that are sent at once would be made before the first of them is counted.
        """
        if attempt.address is None:
            return {(action, tenant_id, attempt.account): self.config.account.failures}
        return {
            (action, attempt.address): self.config.address.failures,
            (action, tenant_id, attempt.account, attempt.address): self.config.account_and_address.failures,
        }


def counted_address(user_context: UserContext) -> str | None:
    """Return what the client of the request that is being served is counted by; None where that is not known."""
    request = get_request_from_user_context(user_context)
    return None if request is None else request.client_network
