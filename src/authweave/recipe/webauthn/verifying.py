"""Passkeys that are used: what an authenticator says is checked once, and uses the options up, or changes nothing."""

from __future__ import annotations

from functools import partial

from authweave.extending import Services, put_off
from authweave.kernel import UserContext

from .ceremony_options import OptionsDesk, UsedError
from .exceptions import PasskeyRemovedError
from .recovery.tokens import RECIPE_ID
from .store import WEBAUTHN, CeremonyOptions, PasskeyStore
from .types import (
    AuthenticationPayload,
    CredentialNotFoundErrorResponse,
    InvalidCredentialsErrorResponse,
    VerifyCredentialsResponse,
    VerifyCredentialsResult,
)


class Verifying:
    """
    Checks passkeys that are used.

    Attributes:
        desk: finds options, and uses them up.
    """

    def __init__(self, services: Services, desk: OptionsDesk) -> None:
        self.services = services
        self.desk = desk
        self.store: PasskeyStore = services.storage.part(WEBAUTHN)

    async def verify(
        self, options_id: str, credential: AuthenticationPayload, tenant_id: str, user_context: UserContext
    ) -> VerifyCredentialsResult:
        """Check a passkey, use its options up, and move its counter on: all of it happens, or nothing does."""

        def verify() -> tuple[VerifyCredentialsResult, str | None]:
            return self.verified(options_id, credential, tenant_id)

        result, owner = await self.services.off_loop(verify)
        if not isinstance(result, VerifyCredentialsResponse):
            self.tell_failed(owner, tenant_id, None, user_context)
            return result
        # Where a session follows, that is looked at when it is stored: a recovery may have just ended all others.
        put_off(self.services.off_loop, check=partial(self.require_there, credential.id, result.user.id))
        return result

    def require_there(self, credential_id: str, user_id: str) -> None:
        """
        Check that a passkey has not been removed. Blocks.

        Raises:
            PasskeyRemovedError: it has.
        """
        if self.store.find_passkey(credential_id) is None:
            raise PasskeyRemovedError(user_id)

    def verified(
        self, options_id: str, credential: AuthenticationPayload, tenant_id: str
    ) -> tuple[VerifyCredentialsResult, str | None]:
        """Check a passkey, and use its options up. Returns what came of it, and whose it is, if anybody's. Blocks."""
        from .ceremonies import check_authentication  # noqa: PLC0415  it brings CBOR and X.509, for the first passkey

        options = self.desk.find(options_id, "authentication", tenant_id)
        if not isinstance(options, CeremonyOptions):
            return options, None
        passkey = self.store.find_passkey(credential.id)
        user = None if passkey is None else self.services.storage.find_user(passkey.recipe_user_id)
        method = (
            None
            if user is None
            else next(
                (
                    each
                    for each in user.login_methods
                    if each.webauthn and credential.id in each.webauthn.credential_ids
                ),
                None,
            )
        )
        if passkey is None or user is None or method is None or tenant_id not in method.tenant_ids:
            return CredentialNotFoundErrorResponse(), None
        sign_count = check_authentication(credential, options, passkey)
        if sign_count is None:
            return InvalidCredentialsErrorResponse(), user.id

        def write() -> None:
            self.desk.use(options)
            if not self.store.note_use(passkey.credential_id, sign_count):
                raise UsedError  # a sign-in with the same count or a greater one was faster, or the passkey is gone

        try:
            if sign_count or passkey.sign_count:
                self.services.storage.transact(write)
            else:  # one that does not count, as those that are synchronised: there is nothing to note
                self.desk.use(options)
        except UsedError:
            return InvalidCredentialsErrorResponse(), user.id
        return VerifyCredentialsResponse(user, method.recipe_user_id), user.id

    def tell_failed(self, user_id: str | None, tenant_id: str, reason: str | None, user_context: UserContext) -> None:
        """Tell that somebody did not get in; with a reason, one who has the passkey."""
        details = {} if reason is None else {"reason": reason}
        self.services.events.emit(
            "sign_in_failed", RECIPE_ID, user_context, user_id=user_id, tenant_id=tenant_id, **details
        )
