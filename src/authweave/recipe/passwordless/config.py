"""What the passwordless recipe is told by `init`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.ingredients.smsdelivery.types import SMSDeliveryConfig
from authweave.kernel import UserContext
from authweave.types import Options

from .store import ContactKind
from .types import ContactMethod, EmailTemplateVars, FlowType, SMSTemplateVars

ContextT = TypeVar("ContextT")

ValidateContact: TypeAlias = Callable[[str, str], Awaitable[str | None] | str | None]
"""Takes an address or a number as it was typed, and the tenant's id; returns what is wrong with it, or None."""

GetCustomUserInputCodeIn: TypeAlias = Callable[[str, ContextT], Awaitable[str] | str]
GetCustomUserInputCode: TypeAlias = GetCustomUserInputCodeIn[UserContext] | GetCustomUserInputCodeIn[dict[str, Any]]
"""Takes the tenant's id and the context; returns a code. It is called once for each code that is sent."""

EMAIL_FACTORS: Final = ("otp-email", "link-email")
PHONE_FACTORS: Final = ("otp-phone", "link-phone")


@attrs.frozen
class ContactConfig(Options):
    """
    What people sign in with.

    Attributes:
        contact_method: an address, a phone number, or whichever they like.
        validate_email_address: says what is wrong with an address.
        validate_phone_number: says what is wrong with a number.
    """

    contact_method: ContactMethod
    validate_email_address: ValidateContact | None = attrs.field(default=None, kw_only=True)
    validate_phone_number: ValidateContact | None = attrs.field(default=None, kw_only=True)

    @property
    def kinds(self) -> tuple[ContactKind, ...]:
        """What codes are sent to."""
        kinds: dict[ContactMethod, tuple[ContactKind, ...]] = {
            "EMAIL": ("email",),
            "PHONE": ("phone_number",),
            "EMAIL_OR_PHONE": ("email", "phone_number"),
        }
        return kinds[self.contact_method]


class ContactEmailOnlyConfig(ContactConfig):
    """
    People sign in with an address.

    Args:
        validate_email_address: says what is wrong with one; None: that it does not look like one.
    """

    def __init__(self, validate_email_address: ValidateContact | None = None) -> None:
        """Make it."""
        super().__init__(contact_method="EMAIL", validate_email_address=validate_email_address)


class ContactPhoneOnlyConfig(ContactConfig):
    """
    People sign in with a phone number.

    Args:
        validate_phone_number: says what is wrong with one; None: that it cannot be one, or not without cost.
    """

    def __init__(self, validate_phone_number: ValidateContact | None = None) -> None:
        """Make it."""
        super().__init__(contact_method="PHONE", validate_phone_number=validate_phone_number)


class ContactEmailOrPhoneConfig(ContactConfig):
    """
    People sign in with an address or a phone number, as they like.

    Args:
        validate_email_address: as for `ContactEmailOnlyConfig`.
        validate_phone_number: as for `ContactPhoneOnlyConfig`.
    """

    def __init__(
        self,
        validate_email_address: ValidateContact | None = None,
        validate_phone_number: ValidateContact | None = None,
    ) -> None:
        """Make it."""
        super().__init__(
            contact_method="EMAIL_OR_PHONE",
            validate_email_address=validate_email_address,
            validate_phone_number=validate_phone_number,
        )


@attrs.frozen(kw_only=True)
class PasswordlessConfig:
    """
    What `init` was told.

    Attributes:
        contact_config: what people sign in with.
        flow_type: what they are sent.
        get_custom_user_input_code: makes codes; None: they have six digits.
        email_exists_api: whether it is served that tells whether an address is known.
        phone_number_exists_api: likewise, of numbers.
    """

    contact_config: ContactConfig
    flow_type: FlowType
    get_custom_user_input_code: GetCustomUserInputCode | None = attrs.field(default=None, repr=False)
    email_delivery: EmailDeliveryConfig[EmailTemplateVars] | None = attrs.field(default=None, repr=False)
    sms_delivery: SMSDeliveryConfig[SMSTemplateVars] | None = attrs.field(default=None, repr=False)
    email_exists_api: bool = True
    phone_number_exists_api: bool = True

    @property
    def contact_method(self) -> ContactMethod:
        """What people sign in with."""
        return self.contact_config.contact_method

    def factors(self, kind: ContactKind | None = None) -> tuple[str, ...]:
        """Return the ids of the factors that there are, of all contacts or one kind, codes before links."""
        kinds = self.contact_config.kinds if kind is None else (kind,)
        prefixes = {"USER_INPUT_CODE": ("otp",), "MAGIC_LINK": ("link",)}.get(self.flow_type, ("otp", "link"))
        return tuple(
            factor
            for each in kinds
            if each in self.contact_config.kinds
            for factor in (EMAIL_FACTORS if each == "email" else PHONE_FACTORS)
            if factor.startswith(prefixes)
        )


def factor_of(kind: ContactKind, *, is_link: bool) -> str:
    """Return the id of a factor."""
    otp, link = EMAIL_FACTORS if kind == "email" else PHONE_FACTORS
    return link if is_link else otp


def flow_of(factor_ids: list[str]) -> FlowType:
    """Return what is sent, of the factors that will do."""
    kinds = {each.partition("-")[0] for each in factor_ids}
    if kinds == {"link"}:
        return "MAGIC_LINK"
    return "USER_INPUT_CODE" if kinds == {"otp"} else "USER_INPUT_CODE_AND_MAGIC_LINK"
