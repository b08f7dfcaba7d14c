"""An override and hooks that are handed a call, for ``kernel.py``."""

from __future__ import annotations

from _kernel_layers import Accounts
from typing_extensions import TypeVar

from authweave.kernel import Call, UserContext

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class SignUpCall(Call[Accounts[ContextT], str, ContextT], function="sign_up"):
    """A call of `Accounts.sign_up`."""

    email: str
    password: str
    tenant_id: str
    session: None
    linking: None


@SignUpCall[UserContext].override
async def call_layer(call: SignUpCall[UserContext]) -> str:
    """Pass everything on."""
    return await call.original()


@SignUpCall[UserContext].before
async def before_hook(call: SignUpCall[UserContext]) -> None:
    """Look at nothing."""


@SignUpCall[UserContext].after
async def after_hook(call: SignUpCall[UserContext], result: str) -> None:
    """Look at nothing."""
