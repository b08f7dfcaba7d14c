"""A user on the way into a store, or out of one."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from authweave.types import JSON, JSONObject


class LineFaultError(ValueError):
    """A user cannot be imported. The message says why, and holds nothing of the user."""


@attrs.frozen(kw_only=True)
class MovedPasskey:
    """
    A passkey of a login method, as `authweave.recipe.webauthn` keeps it.

    Attributes:
        credential_id: its id, as the authenticator made it.
        relying_party_id: the domain for which it was made.
        public_key: as the authenticator gave it (COSE).
        sign_count: the signature counter, as it was last seen.
        user_handle: what the authenticator says whose it is; None where that is not known.
        created_at_ms: milliseconds since the epoch.
    """

    credential_id: str
    relying_party_id: str
    public_key: str = attrs.field(repr=False)
    sign_count: int
    user_handle: str | None = attrs.field(default=None, repr=False)
    created_at_ms: int


@attrs.frozen(kw_only=True)
class MovedLogin:
    """
    A way of signing in.

    Attributes:
        id: of the login method.
        recipe_id: ``emailpassword``, ``thirdparty``, ``passwordless`` or ``webauthn``.
        tenant_ids: the tenants that it is in, sorted.
        email: in normal form.
        phone_number: in E.164.
        password_hash: of a password; None where there is none yet, so that it is set by a reset.
        stand_in: tells the kind and costs of that hash (`authweave.security.hashes.ForeignHash.stand_in`).
        provider_id: who vouches, as the application calls it.
        issuer: who issues the ids there.
        subject: the user's id there.
        passkeys: those that sign in.
        verified: whether the address is known to be the user's.
        time_joined_ms: milliseconds since the epoch.
    """

    id: str
    recipe_id: str
    tenant_ids: tuple[str, ...]
    email: str | None = None
    phone_number: str | None = None
    password_hash: str | None = attrs.field(default=None, repr=False)
    stand_in: str | None = attrs.field(default=None, repr=False, eq=False)
    provider_id: str | None = None
    issuer: str = ""
    subject: str | None = None
    passkeys: tuple[MovedPasskey, ...] = ()
    verified: bool = False
    time_joined_ms: int


@attrs.frozen(kw_only=True)
class MovedDevice:
    """
    A device that makes one-time passwords, and counts already.

    Attributes:
        name: unique among the user's.
        secret: what it shares with the server, in base32.
        period_s: how long a code lasts.
        skew: how many codes earlier and later count as well.
        created_at_ms: when it was added, in milliseconds since the epoch.
    """

    name: str
    secret: str = attrs.field(repr=False)
    period_s: int
    skew: int
    created_at_ms: int


@attrs.frozen(kw_only=True)
class MovedUser:
    """
    A user with all that is moved along.

    Attributes:
        external_id: what APIs show instead of the id.
        time_joined_ms: that of the oldest login method.
        disabled_at_ms: since when the user may not sign in; None who may.
        is_primary: whether other login methods may be linked to the user's. Who has several is a primary user.
        roles: by tenant.
        metadata: what the application keeps with the user.
        devices: those that make one-time passwords.
        logins: at least one.
    """

    id: str
    external_id: str | None = None
    disabled_at_ms: int | None = None
    is_primary: bool = False
    roles: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict[str, tuple[str, ...]])
    metadata: JSONObject = attrs.field(factory=dict[str, JSON], repr=False)
    devices: tuple[MovedDevice, ...] = ()
    logins: tuple[MovedLogin, ...]

    @property
    def contacts(self) -> set[tuple[str, str, str]]:
        """What nobody else may have who is a primary user: tenant, kind and value, as the store reserves them."""
        values = {("email", each.email) for each in self.logins} | {
            ("phone_number", each.phone_number) for each in self.logins
        }
        tenant_ids = {tenant_id for each in self.logins for tenant_id in each.tenant_ids}
        return {(tenant_id, kind, value) for tenant_id in tenant_ids for kind, value in values if value is not None}

    @property
    def passkey_ids(self) -> set[str]:
        """The ids of all passkeys, of which nobody else may have one."""
        return {each.credential_id for login in self.logins for each in login.passkeys}

    @property
    def time_joined_ms(self) -> int:
        """That of the oldest login method."""
        return min(login.time_joined_ms for login in self.logins)
