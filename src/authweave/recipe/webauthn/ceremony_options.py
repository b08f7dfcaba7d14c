"""Makes options, which bind a ceremony to a tenant, a domain, a page, and an address; and finds them again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final
from uuid import UUID

from authweave.extending import Services
from authweave.http import client_of
from authweave.kernel import UserContext
from authweave.security import base64url, keyed
from authweave.types import normal_email

from .relying_party import RelyingParties
from .settings import ALGORITHMS, MAX_TIMEOUT_MS, PasskeySettings
from .store import WEBAUTHN, Ceremony, CeremonyOptions, PasskeyStore
from .types import InvalidOptionsErrorResponse, OptionsNotFoundErrorResponse, UserVerification

CHALLENGE_BYTES: Final = 32
"""Web Authentication Level 3, section 13.4.3, wants 16 at least."""

MAX_PER_CLIENT: Final = 1000
"""How many options that are not used one client may have, which may be a whole company behind one address."""

USER_VERIFICATIONS: Final = ("required", "preferred", "discouraged")


class UsedError(Exception):
    """Options were used by somebody who was faster, or a counter did not move on: what was begun is undone."""


class OptionsDesk:
    """
    Makes options, and finds them again. What it keeps is used once, by whichever process is the first.

    Attributes:
        settings: what the application says.
        relying_parties: says whether domain and page go together.
    """

    def __init__(self, services: Services, settings: PasskeySettings, relying_parties: RelyingParties) -> None:
        self.services = services
        self.settings = settings
        self.relying_parties = relying_parties
        self.store: PasskeyStore = services.storage.part(WEBAUTHN)

    @cached_property
    def key(self) -> bytes:
        """The key of what nobody is to compute but this server."""
        return self.services.secret.key("passkeys")

    async def make(
        self,
        ceremony: Ceremony,
        *,
        tenant_id: str,
        relying_party_id: str,
        relying_party_name: str,
        origin: str,
        email: str | None,
        user_verification: str | None,
        user_presence: bool | None,
        attestation: str | None,
        algorithms: Sequence[int] | None,
        timeout_ms: int | None,
        user_context: UserContext,
    ) -> CeremonyOptions | InvalidOptionsErrorResponse:
        """
        Make options, and keep them until they are used or expire.

        Raises:
            authweave.errors.StorageError: the store failed, or there is no such tenant.
        """
        accepted = self.relying_parties.accepted(relying_party_id, origin)
        verification = user_verification or self.settings.user_verification
        lifetime_ms = self.settings.timeout_ms if timeout_ms is None else timeout_ms
        wanted = tuple(ALGORITHMS if algorithms is None else algorithms)
        if accepted is None or verification not in USER_VERIFICATIONS or not 0 < lifetime_ms <= MAX_TIMEOUT_MS:
            return InvalidOptionsErrorResponse()
        if ceremony == "registration" and not await self.services.off_loop(are_known, wanted):
            return InvalidOptionsErrorResponse()
        now_ms = self.services.clock()
        client = client_of(user_context)
        options = CeremonyOptions(
            options_id=str(UUID(bytes=self.services.random_bytes(16), version=4)),
            ceremony=ceremony,
            tenant_id=tenant_id,
            client=None if client is None else self.keyed("client", client),
            relying_party_id=relying_party_id,
            relying_party_name=relying_party_name,
            origin=accepted,
            email=None if email is None else normal_email(email),
            user_handle=None if email is None else self.keyed("user", tenant_id, normal_email(email)),
            user_verification=verification,
            user_presence=user_presence is not False,
            attestation=attestation,
            algorithms=None if email is None else " ".join(map(str, wanted)),
            challenge=base64url(self.services.random_bytes(CHALLENGE_BYTES)),
            timeout_ms=lifetime_ms,
            created_at_ms=now_ms,
            expires_at_ms=now_ms + lifetime_ms,
        )
        await self.services.off_loop(lambda: self.store.add_options(options, at_most=MAX_PER_CLIENT))
        return options

    def keyed(self, *parts: str) -> str:
        """
        Return what stands for something that nobody is to read, and is always the same.

        An authenticator that has a passkey of the same user handle replaces it. It is the same for an address
        whether it has an account or not, and tells nobody whose id it has.
        """
        return keyed(self.key, *parts)

    def find(
        self, options_id: str, ceremony: Ceremony, tenant_id: str | None
    ) -> CeremonyOptions | OptionsNotFoundErrorResponse | InvalidOptionsErrorResponse:
        """
        Return options that are good, and leave them so. Blocks.

        Args:
            options_id: as a client sent it.
            ceremony: what they are to be for.
            tenant_id: where; None for wherever they are.
        """
        found = self.store.find_options(options_id)
        if found is None or found.ceremony != ceremony or tenant_id not in {None, found.tenant_id}:
            return OptionsNotFoundErrorResponse()
        return found if found.expires_at_ms > self.services.clock() else InvalidOptionsErrorResponse()

    def use(self, options: CeremonyOptions) -> None:
        """
        Use options up, in the transaction of what they are used for. Blocks.

        Raises:
            UsedError: somebody was faster, or they have expired meanwhile.
        """
        if not self.store.use_options(options.options_id, options.ceremony, self.services.clock()):
            raise UsedError


def are_known(algorithms: Sequence[int]) -> bool:
    """Return whether there are some, and the signatures of all can be checked. It loads what checks them."""
    if tuple(algorithms) == ALGORITHMS:
        return True
    from .ceremonies import KNOWN_ALGORITHMS  # noqa: PLC0415  it brings CBOR and X.509, for the first passkey

    return bool(algorithms) and KNOWN_ALGORITHMS.issuperset(algorithms)


def verification_of(options: CeremonyOptions) -> UserVerification:
    """Return whether the authenticator has to know who uses it."""
    if options.user_verification == "required":
        return "required"
    return "discouraged" if options.user_verification == "discouraged" else "preferred"
