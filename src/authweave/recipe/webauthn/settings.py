"""What the webauthn recipe is told by `init`, in normal form, but for the overrides."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterator
from typing import Final, Protocol, TypeAlias, get_args

import attrs

from authweave.kernel import ContextParameter
from authweave.types import BaseRequest, comparable_origin

from .types.results import Attestation, ResidentKey, UserVerification

TIMEOUT_MS: Final = 60_000
"""For how long a browser waits, and options are good: what SuperTokens gives."""

MIN_TIMEOUT_MS: Final = 1_000
MAX_TIMEOUT_MS: Final = 600_000
"""Web Authentication Level 3, section 15.1, gives five to ten minutes to people who need time."""

RECOVERY_LIFETIME_S: Final = 3600
"""How long a link to recover an account is good, as one to reset a password."""

MAX_RECOVERY_LIFETIME_S: Final = 7 * 86_400

ALGORITHMS: Final = (-8, -7, -257)
"""EdDSA, ES256 and RS256 (RFC 8812 and RFC 9053), as Web Authentication Level 3, section 5.4, recommends."""

ORIGIN: Final = re.compile(r"https?://[^/\s?#@]+|android:apk-key-hash:[A-Za-z0-9_-]{43}")
"""A page's origin as browsers write it, or an Android application's."""


class GetRelyingPartyId(Protocol):
    """Says which domain the passkeys of a tenant are for."""

    def __call__(
        self, *, tenant_id: str, request: BaseRequest | None, user_context: ContextParameter
    ) -> Awaitable[str]:
        """Return it, without scheme and port: ``example.com``."""
        ...


class GetRelyingPartyName(Protocol):
    """Says how people are shown what the passkeys of a tenant are for."""

    def __call__(self, *, tenant_id: str, user_context: ContextParameter) -> Awaitable[str]:
        """Return it."""
        ...


class GetOrigin(Protocol):
    """Says on which page a passkey is made or used."""

    def __call__(
        self, *, tenant_id: str, request: BaseRequest | None, user_context: ContextParameter
    ) -> Awaitable[str]:
        """Return its origin: ``https://example.com``, or ``android:apk-key-hash:...``."""
        ...


class ValidateEmailAddress(Protocol):
    """Says what is wrong with an address."""

    def __call__(self, *, email: str, tenant_id: str, user_context: ContextParameter) -> Awaitable[str | None]:
        """Return what is wrong with it, or None."""
        ...


RelyingPartyId: TypeAlias = str | GetRelyingPartyId
RelyingPartyName: TypeAlias = str | GetRelyingPartyName


@attrs.frozen(kw_only=True)
class PasskeySettings:
    """
    What `init` was told.

    Attributes:
        get_relying_party_id: the domain of passkeys; None: the host of ``api_domain``.
        get_relying_party_name: how people are shown it; None: the application's name.
        get_origin: the page; None: that of the request's website, or of a related one.
        validate_email_address: says what is wrong with an address; None: what sign-up forms check.
        resident_key: whether authenticators have to keep passkeys.
        user_verification: whether they have to know who uses them.
        attestation: whether they are to say by whom they were made.
        timeout_ms: for how long options are good.
        related_origins: other pages on which the passkeys are good.
        recovery_lifetime_s: for how many seconds a link to recover an account is good.
    """

    get_relying_party_id: RelyingPartyId | None = attrs.field(default=None, repr=False)
    get_relying_party_name: RelyingPartyName | None = attrs.field(default=None, repr=False)
    get_origin: GetOrigin | None = attrs.field(default=None, repr=False)
    validate_email_address: ValidateEmailAddress | None = attrs.field(default=None, repr=False)
    resident_key: ResidentKey = "required"
    user_verification: UserVerification = "preferred"
    attestation: Attestation = "none"
    timeout_ms: int = TIMEOUT_MS
    related_origins: tuple[str, ...] = ()
    recovery_lifetime_s: int = RECOVERY_LIFETIME_S

    def faults(self) -> Iterator[str]:
        """Say what cannot be, in sentences."""
        for name, choices in (
            ("resident_key", get_args(ResidentKey)),
            ("user_verification", get_args(UserVerification)),
            ("attestation", get_args(Attestation)),
        ):
            if (value := getattr(self, name)) not in choices:
                yield f"{name}={value!r}: write one of {', '.join(choices)}."
        if not MIN_TIMEOUT_MS <= self.timeout_ms <= MAX_TIMEOUT_MS:
            yield (
                f"timeout_ms={self.timeout_ms!r}: write milliseconds, from {MIN_TIMEOUT_MS} to {MAX_TIMEOUT_MS}, which "
                "is ten minutes."
            )
        if not 1 <= self.recovery_lifetime_s <= MAX_RECOVERY_LIFETIME_S:
            yield (
                f"recovery_lifetime_s={self.recovery_lifetime_s!r}: write seconds, from 1 to "
                f"{MAX_RECOVERY_LIFETIME_S}, which is a week."
            )
        for each in self.related_origins:
            if not ORIGIN.fullmatch(each) or (each.startswith("http") and each != comparable_origin(each)):
                yield (
                    f"related_origins has {each!r}, which no browser sends as its origin: write it like "
                    "'https://example.org', in lower case, and without the port that it has anyway."
                )
        named = self.get_relying_party_id
        if isinstance(named, str) and not is_domain(named):
            yield f"get_relying_party_id={named!r} is no domain: write it like 'example.com', without scheme and port."


def is_domain(text: str) -> bool:
    """Return whether a text could be a relying party's id: a domain in lower case, as browsers write it."""
    return re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", text) is not None and len(text) <= 253  # noqa: PLR2004  RFC 1035
