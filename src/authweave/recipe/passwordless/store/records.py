"""What a store keeps of people who sign in by codes, and of the codes, as plain values."""

from __future__ import annotations

from typing import Final, Literal, Self, TypeAlias

import attrs

from authweave.storage import MAX_PHONE_NUMBER_CHARACTERS, LoginRecord, check_email, check_login, check_text
from authweave.types import User

RECIPE_ID: Final = "passwordless"

ContactKind: TypeAlias = Literal["email", "phone_number"]


@attrs.frozen
class Contact:
    """
    Where codes are sent to.

    Attributes:
        value: an address (trimmed, in lower case), or a phone number (in E.164).
    """

    kind: ContactKind
    value: str

    @property
    def email(self) -> str | None:
        """The address; None where it is a number."""
        return self.value if self.kind == "email" else None

    @property
    def phone_number(self) -> str | None:
        """The number; None where it is an address."""
        return self.value if self.kind == "phone_number" else None


@attrs.frozen(kw_only=True)
class Code:
    """
    A code, and the link that is worth the same, but for both themselves.

    Attributes:
        code_id: names it.
        pre_auth_session_id: names the device that it is for.
        code_hash: the SHA-256 of the link's code, in hexadecimal, which is made of the code that is typed in.
        created_at_ms: when it was made, in milliseconds since the epoch.
        expires_at_ms: from when on it is worth nothing.
    """

    code_id: str
    pre_auth_session_id: str
    code_hash: str = attrs.field(repr=False)
    created_at_ms: int
    expires_at_ms: int


@attrs.frozen(kw_only=True)
class Device:
    """
    A browser that asked for codes.

    Attributes:
        pre_auth_session_id: the SHA-256 of its id, which it alone has.
        client: what stands for the client who asked; None where that is not known.
        failures: how many codes were typed in that were wrong, or too old.
        codes: the oldest first.
    """

    pre_auth_session_id: str
    tenant_id: str
    contact: Contact
    client: str | None = None
    failures: int = 0
    codes: tuple[Code, ...] = ()


@attrs.frozen
class Right:
    """
    A code is right.

    Attributes:
        device: as it was, without its codes.
    """

    device: Device


@attrs.frozen
class Wrong:
    """
    A code is not right, and was counted.

    Attributes:
        failures: how many there were, with this one.
        is_expired: whether it was right once.
    """

    failures: int
    is_expired: bool


Tried: TypeAlias = Right | Wrong | None
"""What came of a code; None: there is no such device, or none any more."""


@attrs.frozen(kw_only=True)
class PasswordlessLogin:
    """
    A login method of somebody who signs in by codes. It has an address, a number, or both.

    Attributes:
        verified: whether the address is known to be the user's; of a number it is.
        time_joined_ms: milliseconds since the epoch.
    """

    user_id: str
    recipe_user_id: str
    tenant_id: str
    email: str | None = None
    phone_number: str | None = None
    verified: bool = True
    time_joined_ms: int

    @classmethod
    def of(cls, contact: Contact, user_id: str, tenant_id: str, time_joined_ms: int) -> Self:
        """Return that of somebody new, who has proved that the address or number is his."""
        return cls(
            user_id=user_id,
            recipe_user_id=user_id,
            tenant_id=tenant_id,
            email=contact.email,
            phone_number=contact.phone_number,
            time_joined_ms=time_joined_ms,
        )

    def to_record(self) -> LoginRecord:
        """Return what the core of a store keeps: all of it."""
        return LoginRecord(
            user_id=self.user_id,
            recipe_user_id=self.recipe_user_id,
            recipe_id=RECIPE_ID,
            tenant_id=self.tenant_id,
            email=self.email,
            phone_number=self.phone_number,
            verified=self.verified,
            time_joined_ms=self.time_joined_ms,
        )


@attrs.frozen
class PasswordlessSignIn:
    """
    Who signed in.

    Attributes:
        recipe_user_id: the login method, by the id that APIs show.
        is_new: whether user and login method were made just now.
        is_news: whether it was not known before that the address is his.
    """

    user: User
    recipe_user_id: str
    is_new: bool
    is_news: bool = False


def check_contact(contact: Contact) -> None:
    """
    Check an address or number for storing.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_email(contact.email or "")
    check_text(contact.phone_number or "", "phone_number", MAX_PHONE_NUMBER_CHARACTERS)


def check_device(device: Device) -> None:
    """
    Check all texts of a device.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_text(device.pre_auth_session_id, "pre_auth_session_id")
    check_text(device.tenant_id, "tenant_id")
    check_text(device.client or "", "client")
    check_contact(device.contact)


def check_code(code: Code) -> None:
    """
    Check all texts of a code.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    for name in ("code_id", "pre_auth_session_id", "code_hash"):
        check_text(getattr(code, name), name)


def check_passwordless_login(login: PasswordlessLogin) -> None:
    """
    Check all texts of a login method.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_login`.
    """
    check_login(login.to_record())
