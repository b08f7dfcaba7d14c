"""The recipe as other recipes meet it, by way of `authweave.extending.VerifiedEmails`."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import EmailVerifier, Services
from authweave.kernel import UserContext
from authweave.one_time_tokens import OneTimeTokens
from authweave.types import RecipeUserId, User

from .addresses import shown_id, tenant_of
from .config import CHANGE
from .recipe import RECIPE_ID, EmailVerificationRecipe
from .store import VERIFIED_EMAILS


class Verifier(EmailVerifier):
    """Keeps what other recipes find out of addresses, and asks for those to be verified that are to be changed."""

    @override
    def mark_verified(self, services: Services, recipe_user_id: str, email: str) -> bool:
        login_id = shown_id(services.storage, recipe_user_id)
        return services.storage.part(VERIFIED_EMAILS).mark_verified(login_id, email, services.clock())

    @override
    def is_verified(self, services: Services, recipe_user_id: str, email: str) -> bool:
        login_id = shown_id(services.storage, recipe_user_id)
        return services.storage.part(VERIFIED_EMAILS).is_verified(login_id, email)

    @override
    def settle(self, services: Services, recipe_user_id: str) -> User | None:
        login_id = shown_id(services.storage, recipe_user_id)
        is_news = services.storage.part(VERIFIED_EMAILS).settle(login_id, services.clock())
        return services.storage.find_user(recipe_user_id) if is_news else None

    @override
    def tell_verified(self, services: Services, user: User, tenant_id: str, user_context: UserContext) -> None:
        services.events.emit("email_verified", RECIPE_ID, user_context, user_id=user.id, tenant_id=tenant_id)

    @override
    def void_changes(self, services: Services, recipe_user_id: str) -> int:
        tokens = OneTimeTokens(services.storage, services.clock, services.random_bytes)
        return tokens.revoke(CHANGE, user_id=recipe_user_id)

    @override
    async def put_off_change(
        self, services: Services, recipe_user_id: str, email: str, user_context: UserContext
    ) -> bool:
        recipe = services.recipe(EmailVerificationRecipe)
        method = await services.off_loop(recipe.addresses.read, RecipeUserId(recipe_user_id))
        if not recipe.config.verify_before_change or method is None or method.email == email:
            return False
        functions, login_id = recipe.for_any_context, method.recipe_user_id
        if await functions.is_email_verified(login_id, email, user_context):
            return False
        await functions.request_email_change(login_id, email, tenant_of(method), user_context)
        return True
