"""The functions of the attempts recipe."""

from __future__ import annotations

from typing import Protocol

from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable

from .types import Action, AllowAttemptResult, AttemptAllowed, AttemptRefused

__all__ = ["Action", "AllowAttemptResult", "AttemptAllowed", "AttemptRefused", "RecipeInterface"]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def allow_attempt(self, action: Action, tenant_id: str, account: str, address: str | None, user_context: ContextT_contra) -> AllowAttemptResult:
        """Decide whether an attempt may be made, before anything is checked. Knows nothing of whether the account exists."""
        ...

    @overridable
    async def record_attempt(self, action: Action, tenant_id: str, account: str, address: str | None, succeeded: bool, allowed: AttemptAllowed, user_context: ContextT_contra) -> None:
        """Note what came of an attempt that was allowed. Parameters as for `allow_attempt`."""
        ...
    # fmt: on
