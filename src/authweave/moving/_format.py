"""
Users as lines of JSON, of version 1: what `authweave user import` reads and `authweave user export` writes.

``docs/reference/moving.md`` has the fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid5

from authweave.recipe.usermetadata.store import check_metadata
from authweave.recipe.userroles.names import normal_name
from authweave.security.hashes import UNUSABLE_HASH, HashFaultError, parse_hash
from authweave.storage import MAX_PHONE_NUMBER_CHARACTERS, check_email, check_identity, check_text
from authweave.types import (
    PUBLIC_TENANT,
    BadInputError,
    JSONObject,
    has_email_syntax,
    is_visible,
    normal_email,
    normal_phone_number,
)

from ._devices import device_line, devices_of
from ._fields import (
    Line,
    check_fields,
    flag,
    object_of,
    optional,
    required,
    text_of,
    time_of,
    without_nothing,
)
from ._passkeys import passkey_line, passkeys_of
from ._user import LineFaultError, MovedLogin, MovedUser

VERSION: Final = 1

MAX_LOGINS: Final = 100
MAX_TENANTS: Final = 100
"""Of one login."""
MAX_ROLES: Final = 100
"""Of one user in one tenant."""
NUMBER: Final = re.compile(r"\+[1-9][0-9]{1,14}")

IDS: Final = UUID("d0b6e9a4-4c0e-4f35-9a8b-2f6a1e0c7d11")
"""The namespace of ids that are made of what is known of a login: the same user gets the same each time."""

USER_FIELDS: Final = frozenset(
    {
        "version",
        "id",
        "external_id",
        "time_joined_ms",
        "disabled_at_ms",
        "is_primary",
        "roles",
        "metadata",
        "totp_devices",
        "logins",
    }
)
SHARED: Final = frozenset({"recipe", "id", "tenant", "tenants", "email", "verified", "time_joined_ms"})
LOGIN_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "emailpassword": SHARED | {"password_hash"},
    "thirdparty": SHARED | {"provider", "issuer", "subject"},
    "passwordless": SHARED | {"phone_number"},
    "webauthn": SHARED | {"passkeys"},
}

ISSUERS: Final[Mapping[str, str]] = {
    "google": "https://accounts.google.com",
    "google-workspaces": "https://accounts.google.com",
    "apple": "https://appleid.apple.com",
    "gitlab": "https://gitlab.com",
    "linkedin": "https://www.linkedin.com/oauth",
    "twitch": "https://id.twitch.tv/oauth2",
    "slack": "https://slack.com",
}
"""Of the providers that are known by name and whose issuer is always the same."""

NEED_ISSUER: Final = frozenset({"active-directory", "okta", "auth0", "cognito", "keycloak", "zitadel", "authentik"})
"""Providers whose issuer is the organisation's."""


def user_of(
    line: object,
    *,
    now_ms: int,
    issuers: Mapping[str, str] = ISSUERS,
    without_unknown_hashes: bool = False,
) -> MovedUser:
    """
    Read a line.

    Args:
        line: as JSON was read.
        now_ms: when whoever has no time joined.
        issuers: of the providers, where a line does not say.
        without_unknown_hashes: take a hash that cannot be verified for no password, instead of refusing the user.

    Raises:
        LineFaultError: it is no user, of a later version, or holds what no store keeps.
    """
    line = object_of(line, "it is no JSON object")
    version = line.get("version")
    if version != VERSION or isinstance(version, bool):
        has = f"its version is {version}" if isinstance(version, int) else "it has no version that is a number"
        raise LineFaultError(f"{has}, and this release reads {VERSION}")
    check_fields(line, USER_FIELDS, "")
    joined_ms = optional(line, "time_joined_ms", time_of)
    methods = line.get("logins")
    if methods == []:
        raise LineFaultError("it has no login: give the user an address, or another way of signing in")
    if not isinstance(methods, list) or not 1 <= len(methods) <= MAX_LOGINS:
        raise LineFaultError(f"'logins' has to be a list of 1 to {MAX_LOGINS} objects")
    given = optional(line, "id", text_of)
    read = LoginReader(now_ms if joined_ms is None else joined_ms, issuers, without_unknown_hashes)
    # A user of one login method has the same id as that, as everybody who signs up has.
    logins = tuple(read.login(each, given if number == 0 else None, number) for number, each in enumerate(methods))
    if len({login.id for login in logins}) < len(logins):
        raise LineFaultError("two of its logins are the same")
    external_id = optional(line, "external_id", text_of)
    disabled_at_ms = optional(line, "disabled_at_ms", time_of)
    user = MovedUser(
        id=given or logins[0].id,
        external_id=external_id,
        disabled_at_ms=now_ms if disabled_at_ms == 0 else disabled_at_ms,  # 0: nobody knows since when
        is_primary=flag(line, "is_primary", default=False) or len(logins) > 1,
        roles=roles_of(line.get("roles")),
        metadata=metadata_of(line.get("metadata")),
        devices=devices_of(line.get("totp_devices"), now_ms),
        logins=logins,
    )
    if len(user.passkey_ids) < sum(len(each.passkeys) for each in logins):
        raise LineFaultError("two of its passkeys are the same")
    return user


class LoginReader:
    """Reads the logins of a line."""

    def __init__(self, joined_ms: int, issuers: Mapping[str, str], without_unknown_hashes: bool) -> None:  # noqa: FBT001  as the caller names it
        self._joined_ms = joined_ms
        self._issuers = issuers
        self._without_unknown_hashes = without_unknown_hashes

    def login(self, line: object, user_id: str | None, number: int) -> MovedLogin:
        """
        Read one.

        Raises:
            LineFaultError: it is none.
        """
        where = f"logins[{number}]: "
        line = object_of(line, f"{where}it is no JSON object")
        recipe_id = line.get("recipe")
        if not isinstance(recipe_id, str) or recipe_id not in LOGIN_FIELDS:
            raise LineFaultError(f"{where}'recipe' has to be one of {', '.join(LOGIN_FIELDS)}")
        check_fields(line, LOGIN_FIELDS[recipe_id], where)
        tenant_ids = tenants_of(line, where)
        email = optional(line, "email", address_of)
        phone_number = optional(line, "phone_number", number_of)
        provider_id = subject = password_hash = stand_in = None
        issuer = ""
        if recipe_id == "thirdparty":
            provider_id, subject = required(line, "provider", text_of), required(line, "subject", text_of)
            issuer = self._issuer(line, provider_id)
        elif recipe_id == "emailpassword":
            password_hash, stand_in = self._hash(line.get("password_hash"), where)
        if recipe_id != "passwordless" and email is None:
            raise LineFaultError(f"{where}it has no 'email'")
        if recipe_id == "passwordless" and email is None and phone_number is None:
            raise LineFaultError(f"{where}it has neither 'email' nor 'phone_number'")
        first_tenant = next(iter(tenant_ids), "")
        identity = "\n".join(
            (first_tenant, recipe_id, provider_id or "", issuer, subject or email or phone_number or "")
        )
        time_joined_ms = optional(line, "time_joined_ms", time_of)
        joined_ms = self._joined_ms if time_joined_ms is None else time_joined_ms
        login = MovedLogin(
            id=optional(line, "id", text_of) or user_id or str(uuid5(IDS, identity)),
            recipe_id=recipe_id,
            tenant_ids=tuple(sorted(tenant_ids)),
            email=email,
            phone_number=phone_number,
            password_hash=password_hash,
            stand_in=stand_in,
            provider_id=provider_id,
            issuer=issuer,
            subject=subject,
            passkeys=passkeys_of(line.get("passkeys"), where, joined_ms),
            verified=flag(line, "verified", default=False),
            time_joined_ms=joined_ms,
        )
        try:  # the other texts were checked one by one
            check_email(email or "")
            check_text(phone_number or "", "phone_number", MAX_PHONE_NUMBER_CHARACTERS)
            if provider_id is not None:
                for tenant_id in tenant_ids:
                    check_identity(tenant_id, provider_id, issuer, subject or "")
        except BadInputError as error:
            raise LineFaultError(f"{where}{error}") from None
        return login

    def _issuer(self, line: Line, provider_id: str) -> str:
        given = line.get("issuer")
        if isinstance(given, str):
            return given
        if given is not None:
            raise LineFaultError("'issuer' has to be a text")
        if provider_id in NEED_ISSUER and provider_id not in self._issuers:
            raise LineFaultError(f"it has no 'issuer', which {provider_id!r} needs: give it by --issuer")
        return self._issuers.get(provider_id, "")

    def _hash(self, given: object, where: str) -> tuple[str | None, str | None]:
        """Return a hash, and what tells its kind and costs."""
        if given is None or given == UNUSABLE_HASH:
            return None, None
        if not isinstance(given, str):
            raise LineFaultError(f"{where}'password_hash' has to be a text")
        try:
            return given, parse_hash(given).stand_in
        except HashFaultError as fault:
            if self._without_unknown_hashes:
                return None, None
            message = f"{where}'password_hash' cannot be verified: {fault}"
            raise LineFaultError(f"{message}; --without-unknown-hashes imports the user without a password") from None


def line_of(user: MovedUser) -> Line:
    """Return a user as a line; fields that say nothing are left out."""
    whole: Line = {
        "version": VERSION,
        "id": user.id,
        "external_id": user.external_id,
        "disabled_at_ms": user.disabled_at_ms,
        "is_primary": user.is_primary,
        "roles": {tenant_id: list(names) for tenant_id, names in user.roles.items()} or None,
        "metadata": user.metadata or None,
        "totp_devices": [device_line(each) for each in user.devices] or None,
        "logins": [login_line(login) for login in user.logins],
    }
    return without_nothing(whole)


def login_line(login: MovedLogin) -> Line:
    """Return a login as it stands in a line."""
    whole: Line = {
        "recipe": login.recipe_id,
        "id": login.id,
        "tenant": login.tenant_ids[0] if len(login.tenant_ids) == 1 else None,
        "tenants": list(login.tenant_ids) if len(login.tenant_ids) != 1 else None,
        "email": login.email,
        "phone_number": login.phone_number,
        "provider": login.provider_id,
        "issuer": login.issuer if login.provider_id is not None else None,
        "subject": login.subject,
        "verified": login.verified,
        "password_hash": login.password_hash,
        "passkeys": [passkey_line(each) for each in login.passkeys] or None,
        "time_joined_ms": login.time_joined_ms,
    }
    return without_nothing(whole)


def address_of(name: str, value: object) -> str:
    """Return an address in normal form."""
    normal = normal_email(text_of(name, value))
    if not has_email_syntax(normal) or not is_visible(normal):
        raise LineFaultError(f"{name!r} is no address that the forms would take")
    return normal


def tenants_of(line: Line, where: str) -> list[str]:
    """Return the tenants of a login, the one that it was named by first."""
    if line.get("tenants") is None:
        return [optional(line, "tenant", text_of) or PUBLIC_TENANT]
    named = line["tenants"]
    if line.get("tenant") is not None:
        raise LineFaultError(f"{where}it has both 'tenant' and 'tenants': 'tenants' may name all of them")
    if not isinstance(named, list) or len(named) > MAX_TENANTS:
        raise LineFaultError(f"{where}'tenants' has to be a list of at most {MAX_TENANTS} texts")
    return list(dict.fromkeys(text_of("tenants", each) for each in named))


def roles_of(value: object) -> dict[str, tuple[str, ...]]:
    """Return roles by tenant."""
    if value is None:
        return {}
    value = object_of(value, "'roles' has to be an object: a list of roles by tenant")
    roles: dict[str, tuple[str, ...]] = {}
    for tenant_id, names in value.items():
        if not isinstance(names, list) or len(names) > MAX_ROLES:
            raise LineFaultError(f"'roles' has to hold lists of at most {MAX_ROLES} roles")
        roles[text_of("tenant", tenant_id)] = tuple(dict.fromkeys(role_of(each) for each in names))
    return roles


def role_of(value: object) -> str:
    """Return the name of a role as the recipe writes it: one that it does not know could not be taken away."""
    try:
        return normal_name(text_of("roles", value), "roles")
    except BadInputError as error:
        raise LineFaultError(str(error)) from None


def number_of(name: str, value: object) -> str:
    """Return a phone number in E.164, whatever stands between its digits."""
    normal = normal_phone_number(text_of(name, value))
    if NUMBER.fullmatch(normal) is None:
        raise LineFaultError(f"{name!r} has to be + and digits (E.164)")
    return normal


def metadata_of(value: object) -> JSONObject:
    """Return what the application keeps with the user."""
    if value is None:
        return {}
    value = object_of(value, "'metadata' has to be an object")
    try:
        check_metadata(value)
    except BadInputError as error:
        raise LineFaultError(str(error)) from None
    return {name: each for name, each in value.items() if each is not None}
