"""What the functions of the recipe are handed, and what they return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar, Final, Literal, TypeAlias

import attrs
from typing_extensions import override

from authweave.types import JSON, FrozenValue, GeneralErrorResponse, Result, User


class FactorIds:
    """
    The ids of the factors that the library and its frontends know.

    An application may have others of its own, which it marks as complete itself.
    """

    EMAILPASSWORD: Final = "emailpassword"
    OTP_EMAIL: Final = "otp-email"
    OTP_PHONE: Final = "otp-phone"
    LINK_EMAIL: Final = "link-email"
    LINK_PHONE: Final = "link-phone"
    THIRDPARTY: Final = "thirdparty"
    TOTP: Final = "totp"
    WEBAUTHN: Final = "webauthn"

    @staticmethod
    def get_all_factors() -> list[str]:
        """Return them all."""
        return [
            FactorIds.EMAILPASSWORD,
            FactorIds.OTP_EMAIL,
            FactorIds.OTP_PHONE,
            FactorIds.LINK_EMAIL,
            FactorIds.LINK_PHONE,
            FactorIds.THIRDPARTY,
            FactorIds.TOTP,
            FactorIds.WEBAUTHN,
        ]


Several: TypeAlias = Literal["oneOf", "allOfInAnyOrder"]
"""How many of a list have to be shown."""

MFARequirementList: TypeAlias = list[str | dict[Several, list[str]]]
"""
What has to be shown, in order: a factor, one of several (``{"oneOf": ["totp", "webauthn"]}``; of none, nothing), or
all of several (``{"allOfInAnyOrder": [...]}``).
"""

GetUser: TypeAlias = Callable[[], Awaitable[User]]
GetFactors: TypeAlias = Callable[[], Awaitable[list[str]]]
GetRequirements: TypeAlias = Callable[[], Awaitable[MFARequirementList]]
"""What functions are handed that may not need it: it is looked up when it is called, and once."""


@attrs.frozen
class MFAClaimValue(FrozenValue):
    """
    What a session says of its factors.

    Attributes:
        c: those that were shown, each with the time, in seconds since the epoch.
        v: whether that was all that was asked for.
    """

    c: Mapping[str, int]
    v: bool


@attrs.frozen
class FactorIdsAndType(FrozenValue):
    """
    The first requirement that is not satisfied; without factors, all are.

    Attributes:
        factor_ids: those that could satisfy it, or are missing.
        type_: what the requirement is.
    """

    factor_ids: list[str]
    type_: Literal["string", "oneOf", "allOfInAnyOrder"]


@attrs.frozen
class NextFactors(FrozenValue):
    """
    The factors of a user, as pages need them.

    Attributes:
        next_: with which he may go on; none where he is through.
        already_setup: those that he has set up.
        allowed_to_setup: those that he may set up now.
    """

    next_: list[str]
    already_setup: list[str]
    allowed_to_setup: list[str]

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return them by the names that the frontends read."""
        return {
            "next": list[JSON](self.next_),
            "alreadySetup": list[JSON](self.already_setup),
            "allowedToSetup": list[JSON](self.allowed_to_setup),
        }


@attrs.frozen
class ResyncSessionAndFetchMFAInfoPUTOkResult(Result):
    """
    How a user can go on. The session says what is asked for today.

    Attributes:
        emails: where codes of a factor may be sent to, and the like, by its id; the likeliest first.
        phone_numbers: likewise.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    factors: NextFactors
    emails: dict[str, list[str]]
    phone_numbers: dict[str, list[str]]


ResyncSessionAndFetchMFAInfoPUTResult: TypeAlias = ResyncSessionAndFetchMFAInfoPUTOkResult | GeneralErrorResponse
