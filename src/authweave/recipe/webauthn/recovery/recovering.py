"""What a token to recover an account does: it is used up, and the passkey is added, in one transaction."""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.accounts import method_of
from authweave.recipe.accountlinking.linking import Linking
from authweave.recipe.accountlinking.recovering import Recovered
from authweave.recipe.accountlinking.recovery_tokens import Recovery, decide_recovery
from authweave.recipe.accountlinking.types import AccountInfoWithRecipeId
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.webauthn.interfaces.recipe import RecipeInterface
from authweave.recipe.webauthn.store import WEBAUTHN
from authweave.recipe.webauthn.types import (
    ConsumeRecoverAccountTokenResponse,
    CreateNewRecipeUserResponse,
    EmailAlreadyExistsErrorResponse,
    GetGeneratedOptionsResponse,
    InvalidOptionsErrorResponse,
    OkResponse,
    OptionsNotFoundErrorResponse,
    RecoverAccountPOSTResponse,
    RecoverAccountPOSTResult,
    RecoverAccountTokenInvalidErrorResponse,
    RegisterCredentialErrorResponse,
    RegistrationPayload,
)
from authweave.types import User

from .tokens import RECIPE_ID

PASSKEYS: Final = Recovered(recipe_id=RECIPE_ID, link="Recover account", of_oldest=False, of_any_address=False)

Refused: TypeAlias = RecoverAccountTokenInvalidErrorResponse | RegisterCredentialErrorResponse


class UndoneError(Exception):
    """
    Undoes a transaction, for a result that changes nothing.

    Attributes:
        result: what is returned.
    """

    def __init__(self, result: Refused) -> None:
        super().__init__()
        self.result = result


@attrs.frozen
class Recovering:
    """
    Recovers accounts with tokens.

    Attributes:
        tokens: those of the application.
        sessions: the composed functions of the session recipe.
        linking: links whoever has recovered an account, where the application wants it.
    """

    services: Services = attrs.field(repr=False)
    tokens: OneTimeTokens = attrs.field(repr=False)
    sessions: SessionFunctions[UserContext] = attrs.field(repr=False)
    linking: Linking

    async def recover(
        self,
        token: str,
        options_id: str,
        credential: RegistrationPayload,
        tenant_id: str,
        functions: RecipeInterface[UserContext],
        user_context: UserContext,
    ) -> RecoverAccountPOSTResult:
        """
        Use a token up, and add a passkey. All of it happens or nothing does.

        Who has not read the mail of the address before may not be who made the account: then whatever signs in to it
        is taken away, the other passkeys and the sessions.

        Args:
            token: as the client sent it.
            options_id: likewise.
            credential: what the browser sent.
            tenant_id: the tenant.
            functions: the composed functions of the recipe.
            user_context: handed on.
        """
        services = self.services
        options = await functions.get_generated_options(options_id, tenant_id, user_context)
        if not isinstance(options, GetGeneratedOptionsResponse) or options.email is None:
            return OptionsNotFoundErrorResponse()
        try:
            async with services.transaction():
                consumed = await functions.consume_recover_account_token(token, tenant_id, user_context)
                if not isinstance(consumed, ConsumeRecoverAccountTokenResponse):
                    return consumed
                if consumed.email != options.email:
                    return InvalidOptionsErrorResponse()  # and it stays used up
                found = await self.find(consumed, tenant_id, user_context)
                if found is None:
                    return RecoverAccountTokenInvalidErrorResponse()  # likewise
                login_id = await self.add(found, options_id, credential, tenant_id, functions, user_context)
                is_news = await services.off_loop(self.mark_verified, login_id, consumed.email, user_context)
        except UndoneError as undone:
            return undone.result
        user = await self.linked(login_id, tenant_id, user_context, is_new=found.method is None) or found.user
        services.events.emit("account_recovered", RECIPE_ID, user_context, user_id=user.id, tenant_id=tenant_id)
        if is_news:
            VerifiedEmails(services).tell(user, tenant_id, user_context)
        return RecoverAccountPOSTResponse(user, consumed.email)

    async def find(
        self, consumed: ConsumeRecoverAccountTokenResponse, tenant_id: str, user_context: UserContext
    ) -> Recovery | None:
        """Return whose account a token recovers; None where it is good for nothing any more."""
        user = await self.services.off_loop(self.services.storage.find_user, consumed.user_id)
        recovery = decide_recovery(PASSKEYS, user, consumed.user_id, tenant_id, consumed.email)
        if recovery is None or recovery.method is not None:
            return recovery
        if not self.linking.has_callback:
            return None
        is_allowed = await self.linking.is_sign_up_allowed(
            AccountInfoWithRecipeId(RECIPE_ID, consumed.email),
            is_verified=True,
            session=None,
            tenant_id=tenant_id,
            user_context=user_context,
        )
        return recovery if is_allowed else None

    async def add(
        self,
        found: Recovery,
        options_id: str,
        credential: RegistrationPayload,
        tenant_id: str,
        functions: RecipeInterface[UserContext],
        user_context: UserContext,
    ) -> str:
        """
        Add the passkey to the login method, or make one with it. Returns its id.

        Raises:
            UndoneError: the passkey is none that will do. The token may be tried again.
        """
        if found.method is None:
            created = await functions.create_new_recipe_user(options_id, credential, tenant_id, user_context)
            if isinstance(created, EmailAlreadyExistsErrorResponse):
                raise UndoneError(RecoverAccountTokenInvalidErrorResponse())
            if not isinstance(created, CreateNewRecipeUserResponse):
                raise UndoneError(created)
            return created.recipe_user_id.get_as_string()
        login_id = found.method.recipe_user_id.get_as_string()
        if not found.method.verified:
            await self.sessions.revoke_all_sessions_for_user(
                login_id,
                revoke_sessions_for_linked_accounts=False,
                tenant_id=tenant_id,
                revoke_across_all_tenants=True,
                user_context=user_context,
            )
        registered = await functions.register_credential(options_id, credential, login_id, user_context)
        if not isinstance(registered, OkResponse):
            raise UndoneError(registered)
        if not found.method.verified:
            store = self.services.storage.part(WEBAUTHN)
            await self.services.off_loop(store.remove_other_passkeys, login_id, credential.id)
        return login_id

    def mark_verified(self, login_id: str, email: str, user_context: UserContext) -> bool:
        """Note that the mail of an address is read by its user, and tell the hooks of the user as he is. Blocks."""
        services = self.services
        is_news = VerifiedEmails(services).mark_verified(login_id, email)
        user = services.storage.find_user(login_id) if services.hooks.hears("changed") else None
        if user is not None:
            services.hooks.user_changed(user, user_context)
        return is_news

    async def linked(self, login_id: str, tenant_id: str, user_context: UserContext, *, is_new: bool) -> User | None:
        """
        Link a login method whose user has shown that the address is his, if it is to be, and return whose it is.

        Raises:
            Exception: what the application's callback raises. A login method that was made is deleted again, unless
                it is linked by then.
        """
        user = await self.services.off_loop(self.services.storage.find_user, login_id)
        if user is None or user.is_primary_user or not self.linking.has_callback:
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
