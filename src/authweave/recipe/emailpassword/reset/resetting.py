"""What a token to reset a password does: it is used up, and the password is set, in one transaction."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext
from authweave.one_time_tokens import OneTimeToken, OneTimeTokens
from authweave.recipe.accountlinking.accounts import method_of
from authweave.recipe.accountlinking.linking import Linking
from authweave.recipe.accountlinking.recovering import Recovered, is_recovered_by
from authweave.recipe.accountlinking.recovery_tokens import Recovery, decide_recovery
from authweave.recipe.emailpassword.addresses import spellings
from authweave.recipe.emailpassword.config import EmailPasswordConfig
from authweave.recipe.emailpassword.hashed_ahead import HashedAhead, hashed_ahead
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.emailpassword.policy import NewPassword
from authweave.recipe.emailpassword.turns import turn_of
from authweave.recipe.emailpassword.types import (
    ConsumePasswordResetTokenOkResult,
    PasswordPolicyViolationError,
    PasswordResetPostOkResult,
    PasswordResetTokenInvalidError,
    SignUpOkResult,
    UpdateEmailOrPasswordOkResult,
)
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.security import prepared_password
from authweave.types import LoginMethod, RecipeUserId, User

PURPOSE: Final = "password_reset"

RECIPE_ID: Final = "emailpassword"

PASSWORDS: Final = Recovered(recipe_id=RECIPE_ID, link="Reset password")


class UndoneError(Exception):
    """
    Undoes a transaction, for a result that changes nothing.

    Attributes:
        result: what is returned.
    """

    def __init__(self, result: PasswordPolicyViolationError) -> None:
        super().__init__()
        self.result = result


@attrs.frozen
class Resetting:
    """
    Resets passwords with tokens.

    Attributes:
        config: what `init` was told.
        tokens: those of the application.
        sessions: the composed functions of the session recipe.
        linking: links whoever has reset a password, where the application wants it.
    """

    config: EmailPasswordConfig
    services: Services = attrs.field(repr=False)
    tokens: OneTimeTokens = attrs.field(repr=False)
    sessions: SessionFunctions[UserContext] = attrs.field(repr=False)
    linking: Linking

    async def find(self, token: str, tenant_id: str) -> OneTimeToken | None:
        """Return what is known of a token that is good, and leave it so."""
        return await self.services.off_loop(self.tokens.find, PURPOSE, token, tenant_id=tenant_id)

    async def find_method(self, tenant_id: str, user_id: str, email: str) -> tuple[User, LoginMethod] | None:
        """Return the login method of a user that has a password and an address, by the user's id or its own."""
        user = await self.services.off_loop(self.services.storage.find_user, user_id)
        for method in () if user is None else user.login_methods:
            if any(is_recovered_by(method, RECIPE_ID, tenant_id, each) for each in spellings(email)):
                return None if user is None else (user, method)
        return None

    async def fault_of(self, password: str, found: OneTimeToken) -> str | None:
        """Say what the whole policy has against a password, or None."""
        wanted = NewPassword(password=prepared_password(password), email=found.email, tenant_id=found.tenant_id)
        return await self.config.password_policy.find_fault(wanted)

    async def reset(
        self,
        found: OneTimeToken,
        token: str,
        password: str,
        tenant_id: str,
        functions: RecipeInterface[UserContext],
        user_context: UserContext,
        *,
        vouches: bool,
    ) -> PasswordResetPostOkResult | PasswordResetTokenInvalidError | PasswordPolicyViolationError:
        """
        Use a token up, and set the password. All of it happens or nothing does.

        Args:
            found: what is known of the token.
            token: the token.
            password: in clear; the policy has been applied.
            tenant_id: the tenant.
            functions: the composed functions of the recipe.
            user_context: handed on.
            vouches: whether the token shows that its user reads the mail of the address that it was sent to.
        """
        services = self.services
        prepared = prepared_password(password)
        password_hash = await services.passwords.hash(prepared, turn=turn_of(found.user_id, user_context))
        verified = False
        with hashed_ahead(HashedAhead(prepared, password_hash)):
            try:
                async with services.transaction():
                    consumed = await functions.consume_password_reset_token(token, tenant_id, user_context)
                    if not isinstance(consumed, ConsumePasswordResetTokenOkResult):
                        return PasswordResetTokenInvalidError()
                    recovery = await services.off_loop(self.decide, consumed, tenant_id)
                    may_create = vouches and self.linking.has_callback  # else nobody has been sent a link for that
                    if recovery is None or (recovery.method is None and not may_create):
                        return PasswordResetTokenInvalidError()  # and it stays used up
                    login = await self.set_password(
                        recovery, consumed.email, password, tenant_id, functions, user_context
                    )
                    if login is None:
                        return PasswordResetTokenInvalidError()
                    login_id = login.get_as_string()
                    if vouches:
                        verified = await services.off_loop(self.mark_verified, login_id, consumed.email, user_context)
                    if self.config.password_reset.revoke_sessions:
                        await self.sessions.revoke_all_sessions_for_user(
                            recovery.user.id,
                            revoke_sessions_for_linked_accounts=True,
                            tenant_id=tenant_id,
                            revoke_across_all_tenants=True,
                            user_context=user_context,
                        )
            except UndoneError as undone:
                return undone.result
        user = await self.linked(login_id, tenant_id, user_context, is_new=recovery.method is None, vouches=vouches)
        user = user or recovery.user
        services.events.emit("password_reset", RECIPE_ID, user_context, user_id=user.id, tenant_id=tenant_id)
        if verified:
            VerifiedEmails(services).tell(user, tenant_id, user_context)
        return PasswordResetPostOkResult(consumed.email, user)

    async def set_password(
        self,
        recovery: Recovery,
        email: str,
        password: str,
        tenant_id: str,
        functions: RecipeInterface[UserContext],
        user_context: UserContext,
    ) -> RecipeUserId | None:
        """
        Set the password of a login method, or make one with it. Returns which it is; None where it was too late.

        Raises:
            UndoneError: an override does not take the password, which may be tried again.
        """
        if recovery.method is None:
            created = await functions.create_new_recipe_user(email, password, tenant_id, user_context)
            return created.recipe_user_id if isinstance(created, SignUpOkResult) else None
        changed = await functions.update_email_or_password(
            recovery.method.recipe_user_id,
            None,
            password,
            apply_password_policy=False,
            tenant_id_for_password_policy=tenant_id,
            user_context=user_context,
        )
        if isinstance(changed, PasswordPolicyViolationError):
            raise UndoneError(changed)
        return recovery.method.recipe_user_id if isinstance(changed, UpdateEmailOrPasswordOkResult) else None

    async def linked(
        self, login_id: str, tenant_id: str, user_context: UserContext, *, is_new: bool, vouches: bool
    ) -> User | None:
        """
        Link a login method whose user has shown that the address is his, if it is to be, and return whose it is.

        What was signed in to before the reset has no successor: it may be somebody else's.

        Raises:
            Exception: what the application's callback raises. A login method that was made is deleted again, unless
                it is linked by then.
        """
        services = self.services
        user = await services.off_loop(services.storage.find_user, login_id)
        if user is None or not vouches or user.is_primary_user or not self.linking.has_callback:
            return user
        async with self.linking.undoing(login_id, user_context, is_new=is_new):
            return await self.linking.link_or_make_primary(
                user,
                method_of(user, login_id),
                session=None,
                tenant_id=tenant_id,
                user_context=user_context,
                ends_sessions_for_good=True,
            )

    def mark_verified(self, login_id: str, email: str, user_context: UserContext) -> bool:
        """Note that the mail of an address is read by its user, and tell the hooks if that is news. Blocks."""
        services = self.services
        is_news = VerifiedEmails(services).mark_verified(login_id, email)
        user = services.storage.find_user(login_id) if is_news and services.hooks.hears("changed") else None
        if user is not None:
            services.hooks.user_changed(user, user_context)
        return is_news

    def decide(self, consumed: ConsumePasswordResetTokenOkResult, tenant_id: str) -> Recovery | None:
        """Decide what a token does. Blocks."""
        user = self.services.storage.find_user(consumed.user_id)
        return decide_recovery(PASSWORDS, user, consumed.user_id, tenant_id, consumed.email)
