"""An attempt, as other recipes make it: asked for, checked by them, and noted."""

from __future__ import annotations

import attrs

from authweave.http import get_request_from_user_context
from authweave.kernel import UserContext

from .exceptions import TooManyAttemptsError
from .interfaces import RecipeInterface
from .types import Action, AttemptAllowed, AttemptRefused


@attrs.frozen
class Attempt:
    """
    An attempt that may be made. Made by `Attempts.begin`.

    Attributes:
        address: what the client is counted by; None where that is not known.
    """

    action: Action
    tenant_id: str
    account: str = attrs.field(repr=False)
    address: str | None
    user_context: UserContext = attrs.field(repr=False)
    allowed: AttemptAllowed | None = attrs.field(repr=False)
    functions: RecipeInterface = attrs.field(repr=False)

    async def end(self, *, succeeded: bool) -> None:
        """
        Note what came of it. An attempt that was not checked, whatever the reason, is not ended.

        Raises:
            authweave.errors.StorageError: a failure could not be counted: do not tell of it.
        """
        if self.allowed is not None:
            await self.functions.record_attempt(
                self.action, self.tenant_id, self.account, self.address, succeeded, self.allowed, self.user_context
            )


@attrs.frozen
class Attempts:
    """
    What recipes that check secrets share.

    Attributes:
        functions: the composed functions.
        enabled: whether attempts are counted.
    """

    functions: RecipeInterface
    enabled: bool

    async def begin(self, action: Action, tenant_id: str, account: str, user_context: UserContext) -> Attempt:
        """
        Ask whether an attempt may be made by the client of the request that is being served.

        Args:
            action: what is attempted.
            tenant_id: the tenant of the account.
            account: what names it, in normal form, whether there is such an account or not.
            user_context: that of the call.

        Raises:
            TooManyAttemptsError: it may not.
            authweave.errors.StorageError: the store failed.
        """
        request = get_request_from_user_context(user_context)
        address = None if request is None else request.client_network
        allowed = None
        if self.enabled:
            result = await self.functions.allow_attempt(action, tenant_id, account, address, user_context)
            if isinstance(result, AttemptRefused):
                raise TooManyAttemptsError(action, result.retry_after_s)
            allowed = result
        return Attempt(action, tenant_id, account, address, user_context, allowed, self.functions)
