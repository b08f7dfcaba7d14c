"""The functions of the emailverification recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import attrs
from typing_extensions import override

from authweave.events import EventKind
from authweave.extending import EmailContribution, EmailOwner, Services
from authweave.ingredients.emaildelivery import address_fault
from authweave.kernel import UserContext, overridable
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.linking import Linking
from authweave.recipe.attempts import Attempts
from authweave.storage import check_email
from authweave.types import BadInputError, RecipeUserId, User, is_visible, normal_email, typed_email

from .addresses import LoginEmails, user_and_method
from .config import CHANGE, TOKEN_LIFETIME_S, VERIFICATION, EmailVerificationConfig
from .interfaces import ContextT_contra, RecipeInterface
from .mails import Mails
from .recipe import RECIPE_ID
from .store import VERIFIED_EMAILS, VerifiedEmailStore
from .types import (
    CreateEmailVerificationTokenEmailAlreadyVerifiedError,
    CreateEmailVerificationTokenOkResult,
    CreateEmailVerificationTokenResult,
    EmailNotChangeableError,
    EmailVerificationUser,
    RequestEmailChangeOkResult,
    RequestEmailChangeResult,
    RevokeEmailVerificationTokensOkResult,
    UnverifyEmailOkResult,
    VerifyEmailUsingTokenInvalidTokenError,
    VerifyEmailUsingTokenOkResult,
    VerifyEmailUsingTokenResult,
)


@attrs.frozen
class Verified:
    """
    What using a token did.

    Attributes:
        user: whose login method it is; None where it is the application's own.
        is_news: whether the address was not verified before.
        is_current: whether it is the address that the login method has.
        is_change: whether the login method got it just now.
    """

    recipe_user_id: str
    email: str
    user: User | None
    is_news: bool
    is_current: bool
    is_change: bool = False


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        config: what `init` was told.
        attempts: what mails are counted with.
        linking: what links login methods by their addresses, and says who may change to which.
    """

    def __init__(
        self,
        config: EmailVerificationConfig,
        services: Services,
        addresses: LoginEmails,
        mails: Mails,
        attempts: Attempts,
        linking: Linking,
    ) -> None:
        self.config = config
        self.services = services
        self.addresses = addresses
        self.mails = mails
        self.attempts = attempts
        self.linking = linking
        self.store: VerifiedEmailStore = services.storage.part(VERIFIED_EMAILS)
        self.tokens: OneTimeTokens = OneTimeTokens(services.storage, services.clock, services.random_bytes)

    @overridable
    @override
    async def create_email_verification_token(
        self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra
    ) -> CreateEmailVerificationTokenResult:
        token = await self.services.off_loop(
            self.new_token, recipe_user_id.get_as_string(), typed_email(email), tenant_id
        )
        if token is None:
            return CreateEmailVerificationTokenEmailAlreadyVerifiedError()
        return CreateEmailVerificationTokenOkResult(token)

    def new_token(self, login_id: str, email: str, tenant_id: str) -> str | None:
        """Make a token for an address; None where that is verified. Blocks."""
        if self.store.is_verified(login_id, email):
            return None
        return self.tokens.create(
            VERIFICATION, tenant_id=tenant_id, user_id=login_id, email=email, lifetime_s=TOKEN_LIFETIME_S
        )

    @overridable
    @override
    async def verify_email_using_token(
        self,
        token: str,
        tenant_id: str,
        attempt_account_linking: bool,
        user_context: ContextT_contra,
    ) -> VerifyEmailUsingTokenResult:
        services = self.services
        verified = await self.use(partial(self.verify, token, tenant_id), user_context)
        if verified is None and (change := await self.allowed_change(token, tenant_id, user_context)) is not None:
            verified = await self.use(change, user_context)
        if verified is None:
            return VerifyEmailUsingTokenInvalidTokenError()
        recipe_user_id = RecipeUserId(verified.recipe_user_id)
        user_id = verified.recipe_user_id if verified.user is None else verified.user.id
        happened: Mapping[EventKind, bool] = {"email_changed": verified.is_change, "email_verified": verified.is_news}
        kinds: list[EventKind] = [kind for kind, did_happen in happened.items() if did_happen]
        for kind in kinds:
            services.events.emit(kind, RECIPE_ID, user_context, user_id=user_id, tenant_id=tenant_id)
        if attempt_account_linking and verified.is_current:
            await self.link(verified, tenant_id, user_context)
        return VerifyEmailUsingTokenOkResult(EmailVerificationUser(recipe_user_id, verified.email))

    async def use(self, verify: Callable[[], Verified | None], user_context: UserContext) -> Verified | None:
        """Use a token, in a transaction, and tell the hooks what came of it."""
        services = self.services

        def use() -> Verified | None:
            verified = verify()
            if verified is not None and verified.user is not None and (verified.is_news or verified.is_change):
                services.hooks.user_changed(verified.user, user_context)
            return verified

        return await services.off_loop(services.storage.transact, use)

    async def link(self, verified: Verified, tenant_id: str, user_context: UserContext) -> None:
        """Link the login method whose address was verified, as for a sign-in, if it has that address still."""
        user, method = await self.services.off_loop(user_and_method, self.services.storage, verified.recipe_user_id)
        if user is not None and method is not None and method.email == verified.email:
            await self.linking.link_or_make_primary(
                user, method, session=None, tenant_id=tenant_id, user_context=user_context
            )

    def verify(self, token: str, tenant_id: str) -> Verified | None:
        """Use a token that verifies an address; None where it is none. Blocks, within a transaction."""
        used = self.tokens.consume(VERIFICATION, token, tenant_id=tenant_id, voids="address")
        if used is None:
            return None
        is_news = self.store.mark_verified(used.user_id, used.email, self.services.clock())
        user, current = self.user_and_email(used.user_id)
        return Verified(used.user_id, used.email, user, is_news, is_current=current == used.email)

    async def allowed_change(
        self, token: str, tenant_id: str, user_context: UserContext
    ) -> Callable[[], Verified | None] | None:
        """
        Return what uses a token that changes an address; None where it is none.

        Since the mail was sent somebody else may have got the address. So the rules are asked again, and before the
        transaction: they may ask the application.
        """
        found = await self.services.off_loop(self.tokens.find, CHANGE, token, tenant_id=tenant_id)
        if found is None:
            return None
        is_allowed = await self.may_change_to(found.user_id, found.email, user_context)
        return partial(self.change, token, tenant_id, is_allowed=is_allowed)

    async def may_change_to(self, login_id: str, email: str, user_context: UserContext) -> bool:
        """
        Return whether linking leaves it to a login method to have an address that it does not have yet.

        That the mail was read does not count (``is_verified``): whoever reads it may not know that it hands over what
        is linked to the address.
        """
        user, method = await self.services.off_loop(user_and_method, self.services.storage, login_id)
        if user is None or method is None:
            return True  # nobody to be linked to
        verdict = await self.linking.email_change(
            user, method, email, is_verified=False, session=None, user_context=user_context
        )
        return verdict == "OK"

    def change(self, token: str, tenant_id: str, *, is_allowed: bool) -> Verified | None:
        """Use a token that changes an address; None where it is none, or the address is taken. Blocks, likewise."""
        used = self.tokens.consume(CHANGE, token, tenant_id=tenant_id, voids="user")
        if used is None or not is_allowed:
            return None
        login_id, now_ms = used.user_id, self.services.clock()
        owner = self.owner_of(login_id)
        if owner is None:
            return None
        user, former = self.user_and_email(login_id)
        if user is None or user.disabled:
            return None
        self.store.settle(login_id, now_ms)
        if owner.change_email(self.services, login_id, used.email) != "changed":
            return None
        is_news = self.store.mark_verified(login_id, used.email, now_ms)
        self.store.settle(login_id, now_ms)
        if former is not None and former != used.email:
            self.tokens.revoke(VERIFICATION, user_id=login_id, email=former)
        user, _ = self.user_and_email(login_id)
        return Verified(login_id, used.email, user, is_news, is_current=True, is_change=former != used.email)

    def user_and_email(self, login_id: str) -> tuple[User | None, str | None]:
        """Return the user of a login method, and the address that it has now. Blocks."""
        user, method = user_and_method(self.services.storage, login_id)
        return user, None if method is None else method.email

    def owner_of(self, login_id: str) -> EmailOwner | None:
        """Return the recipe whose login method one is, if its user may change the address. Blocks."""
        owners = (each.owner for each in self.services.contributions(EmailContribution))
        return next((each for each in owners if each is not None and each.owns(self.services, login_id)), None)

    @overridable
    @override
    async def is_email_verified(self, recipe_user_id: RecipeUserId, email: str, user_context: ContextT_contra) -> bool:
        return await self.services.off_loop(self.store.is_verified, recipe_user_id.get_as_string(), typed_email(email))

    @overridable
    @override
    async def revoke_email_verification_tokens(
        self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra
    ) -> RevokeEmailVerificationTokensOkResult:
        login_id, address = recipe_user_id.get_as_string(), typed_email(email)

        def revoke() -> None:
            for purpose in (VERIFICATION, CHANGE):
                self.tokens.revoke(purpose, user_id=login_id, email=address)

        await self.services.off_loop(self.services.storage.transact, revoke)
        return RevokeEmailVerificationTokensOkResult()

    @overridable
    @override
    async def unverify_email(
        self, recipe_user_id: RecipeUserId, email: str, user_context: ContextT_contra
    ) -> UnverifyEmailOkResult:
        services = self.services
        login_id, address = recipe_user_id.get_as_string(), typed_email(email)

        def unverify() -> User | None:
            if not self.store.unverify(login_id, address):
                return None
            user, _ = self.user_and_email(login_id)
            if user is not None:
                services.hooks.user_changed(user, user_context)
            return user

        user = await services.off_loop(services.storage.transact, unverify)
        if user is not None:
            services.events.emit("email_unverified", RECIPE_ID, user_context, user_id=user.id)
        return UnverifyEmailOkResult()

    @overridable
    @override
    async def request_email_change(
        self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra
    ) -> RequestEmailChangeResult:
        address, login_id = new_address(email), recipe_user_id.get_as_string()
        # Counted by the login method: by the new address, a stranger's could be written to without end.
        async with self.attempts.attempt("change_email", tenant_id, login_id, user_context) as attempt:
            is_allowed = await self.may_change_to(login_id, address, user_context)
            transact, ask = self.services.storage.transact, partial(self.ask, login_id, address, tenant_id)
            asked = await self.services.off_loop(transact, ask)
            if asked is None:
                return EmailNotChangeableError()
            user, token, is_free = asked
            attempt.succeeded = False  # each mail counts
            mail = self.mails.of(user.id, recipe_user_id, address, token, tenant_id, user_context)
            await self.mails.send_if_free(mail, user_context, is_free=is_free and is_allowed)
        return RequestEmailChangeOkResult()

    def ask(self, login_id: str, email: str, tenant_id: str) -> tuple[User, str, bool] | None:
        """Make a token that changes an address, and find out whether that is free. None where there is none. Blocks."""
        owner = self.owner_of(login_id)
        user, _ = self.user_and_email(login_id)
        if owner is None or user is None:
            return None
        token = self.tokens.create(
            CHANGE, tenant_id=tenant_id, user_id=login_id, email=email, lifetime_s=TOKEN_LIFETIME_S
        )
        return user, token, owner.is_free(self.services, login_id, email)


def new_address(email: str) -> str:
    """
    Return the normal form of an address that a login method is to have.

    Raises:
        authweave.types.BadInputError: it is none that mail can be sent to, holds characters that nobody can see, or is
            too long.
    """
    normal = normal_email(email)
    if not is_visible(normal):
        raise BadInputError("The address holds characters that cannot be seen.")
    check_email(normal)
    if (fault := address_fault(normal)) is not None:
        raise BadInputError(f"The address {fault}.")
    return normal
