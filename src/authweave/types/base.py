"""Users, and what they are found by: input of `authweave.asyncio.list_users_by_account_info`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeAlias, TypeVar

import attrs
from typing_extensions import override

from authweave.kernel import UserContext

from ._accounts import AccountInfo, LoginMethod, RecipeUserId, ThirdPartyInfo, WebauthnInfo, WebauthnInfoInput
from ._frozen import FrozenValue
from ._json import JSON
from ._users import User

__all__ = [
    "AccountInfo",
    "AccountInfoInput",
    "LoginMethod",
    "MaybeAwaitable",
    "RecipeUserId",
    "ThirdPartyInfo",
    "User",
    "UserContext",
    "WebauthnInfo",
    "WebauthnInfoInput",
]

T = TypeVar("T")

MaybeAwaitable: TypeAlias = Awaitable[T] | T
"""What a function returns that may be ``async``, or not."""


@attrs.frozen
class AccountInfoInput(FrozenValue):
    """
    What users are found by; what is None is not asked for.

    Attributes:
        email: trimmed, and compared in lower case.
        phone_number: in E.164 (``+4930123456``); spaces, hyphens, dots and parentheses are left out.
        third_party: a provider, and the user's id there.
        webauthn: a passkey.

    .. versionadded:: 0.1.0
    """

    email: str | None = None
    phone_number: str | None = None
    third_party: ThirdPartyInfo | None = None
    webauthn: WebauthnInfoInput | None = None

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it as JSON. What is not asked for has no key."""
        return {name: value for name, value in super().to_json().items() if value is not None}
