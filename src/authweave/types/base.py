"""What users are found by: input of `authweave.asyncio.list_users_by_account_info`."""

from __future__ import annotations

import attrs

from ._users import ThirdPartyInfo

__all__ = ["AccountInfoInput", "ThirdPartyInfo", "WebauthnInfoInput"]


@attrs.frozen
class WebauthnInfoInput:
    """
    A passkey.

    .. versionadded:: 0.1.0
    """

    credential_id: str


@attrs.frozen(kw_only=True)
class AccountInfoInput:
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
