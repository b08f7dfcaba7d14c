"""What an application tells the webauthn recipe: one object, as in SuperTokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeOverrides
from authweave.ingredients.emaildelivery import EmailDeliveryConfig
from authweave.kernel import UserContext
from authweave.types import ConfigurationError, Options, or_default

from .interfaces.api import APIInterface
from .interfaces.recipe import RecipeInterface
from .settings import (
    RECOVERY_LIFETIME_S,
    TIMEOUT_MS,
    GetOrigin,
    GetRelyingPartyId,
    GetRelyingPartyName,
    PasskeySettings,
    ValidateEmailAddress,
)
from .types import Attestation, ResidentKey, TypeWebauthnEmailDeliveryInput, UserVerification

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


@attrs.frozen
class WebauthnOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


@attrs.frozen
class WebauthnConfig(Options, Generic[ContextT]):
    """
    How people sign in with passkeys.

    Args:
        get_relying_party_id: the domain that passkeys are for, or an ``async`` function of ``tenant_id``, ``request``
            and ``user_context`` that returns it. It is the host of ``api_domain`` by default. A website's host has to
            be it, or to end with it: for ``https://www.example.com`` write ``example.com``.
        get_relying_party_name: how people are shown it, or an ``async`` function of ``tenant_id`` and
            ``user_context``; the application's name by default.
        get_origin: an ``async`` function as the first, which returns the origin of the page; by default that of the
            website, or of a related one that sent the request.
        email_delivery: how the mails of this recipe are sent, where that is another way than the application's.
        validate_email_address: an ``async`` function of ``email``, ``tenant_id`` and ``user_context``, which returns
            what is wrong with an address, or None.
        override: overrides of the recipe's functions and APIs.
        user_verification: whether the authenticator has to know who uses it, by a PIN or a finger: ``preferred`` by
            default, as in SuperTokens. With ``required`` one that does not is refused, and a passkey is two factors by
            itself.
        resident_key: whether the authenticator has to keep the passkey, so that people can sign in without saying who
            they are. There is no other way to sign in here, so anything but ``required`` lets people make passkeys
            that they may be unable to use.
        attestation: whether the authenticator is to say by whom it was made. Nobody is refused for it: what it says is
            checked for being true to itself, and not kept.
        timeout_ms: for how many milliseconds options are good, and browsers wait: a minute by default.
        related_origins: other websites of yours on which the same passkeys are good
            (``["https://example.de"]``, Web Authentication Level 3, section 5.11).
        recovery_lifetime_s: for how many seconds a link to recover an account is good: an hour by default, and at most
            a week.
    """

    get_relying_party_id: str | GetRelyingPartyId | None = None
    get_relying_party_name: str | GetRelyingPartyName | None = None
    get_origin: GetOrigin | None = None
    email_delivery: EmailDeliveryConfig[TypeWebauthnEmailDeliveryInput] | None = None
    validate_email_address: ValidateEmailAddress | None = None
    override: WebauthnOverrideConfig[ContextT] | None = None
    user_verification: UserVerification | None = attrs.field(default=None, kw_only=True)
    resident_key: ResidentKey | None = attrs.field(default=None, kw_only=True)
    attestation: Attestation | None = attrs.field(default=None, kw_only=True)
    timeout_ms: int | None = attrs.field(default=None, kw_only=True)
    related_origins: Sequence[str] | None = attrs.field(default=None, kw_only=True)
    recovery_lifetime_s: int | None = attrs.field(default=None, kw_only=True)

    def settings(self) -> PasskeySettings:
        """
        Bring it to normal form.

        Raises:
            authweave.types.ConfigurationError: some of it cannot be; all that is so.
        """
        found = PasskeySettings(
            get_relying_party_id=self.get_relying_party_id,
            get_relying_party_name=self.get_relying_party_name,
            get_origin=self.get_origin,
            validate_email_address=self.validate_email_address,
            resident_key=or_default(self.resident_key, "required"),
            user_verification=or_default(self.user_verification, "preferred"),
            attestation=or_default(self.attestation, "none"),
            timeout_ms=or_default(self.timeout_ms, TIMEOUT_MS),
            related_origins=tuple(or_default(self.related_origins, ())),
            recovery_lifetime_s=or_default(self.recovery_lifetime_s, RECOVERY_LIFETIME_S),
        )
        if faults := list(found.faults()):
            raise ConfigurationError("\n".join(f"webauthn.init: {each}" for each in faults))
        return found
