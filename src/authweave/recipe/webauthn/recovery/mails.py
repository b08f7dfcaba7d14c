"""The mails of the recipe: the links in them, and how they are delivered."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import attrs

from authweave.extending import Services
from authweave.http import website_of
from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.kernel import UserContext
from authweave.recipe.webauthn.types import (
    TypeWebauthnEmailDeliveryInput,
    TypeWebauthnRecoverAccountEmailDeliveryInput,
    WebauthnRecoverAccountEmailDeliveryUser,
)
from authweave.types import RecipeUserId

PATH: Final = "/webauthn/recover"


@attrs.frozen
class Mails:
    """
    Writes the mails of the recipe, and has them delivered.

    Attributes:
        delivery: how they are delivered, with the application's overrides.
    """

    services: Services = attrs.field(repr=False)
    delivery: EmailDelivery[TypeWebauthnEmailDeliveryInput] = attrs.field(repr=False)

    def link(self, token: str, tenant_id: str, user_context: UserContext) -> str:
        """Return the address of the website's page that recovers an account, as the frontends serve it."""
        app_info = self.services.app_info
        website = website_of(app_info, user_context)
        query = urlencode({"token": token, "tenantId": tenant_id})
        return f"{website}{app_info.website_base_path}{PATH}?{query}"

    def mail(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId | None,
        email: str,
        token: str,
        tenant_id: str,
        user_context: UserContext,
    ) -> TypeWebauthnRecoverAccountEmailDeliveryInput:
        """Return what a mail with a link is written from."""
        return TypeWebauthnRecoverAccountEmailDeliveryInput(
            user=WebauthnRecoverAccountEmailDeliveryUser(user_id, recipe_user_id, email),
            recover_account_link=self.link(token, tenant_id, user_context),
            tenant_id=tenant_id,
        )

    async def send_decoy(self, email: str, token: str, tenant_id: str, user_context: UserContext) -> None:
        """Do what sending a mail takes, for an address without an account: see `EmailDelivery.send_decoy`."""
        nobody = str(UUID(bytes=self.services.random_bytes(16), version=4))
        mail = self.mail(nobody, RecipeUserId(nobody), email, token, tenant_id, user_context)
        await self.delivery.send_decoy(mail, user_context)
