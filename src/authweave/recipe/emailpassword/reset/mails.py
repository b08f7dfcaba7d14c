"""The mails of the recipe: the links in them, and how they are sent."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import attrs

from authweave.extending import Services
from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.kernel import UserContext
from authweave.recipe.emailpassword.types import (
    EmailTemplateVars,
    PasswordResetEmailTemplateVars,
    PasswordResetEmailTemplateVarsUser,
)
from authweave.types import RecipeUserId

PATH: Final = "/reset-password"


@attrs.frozen
class Mails:
    """
    Sends the mails of the recipe.

    Attributes:
        delivery: how they are delivered, with the application's overrides.
    """

    services: Services = attrs.field(repr=False)
    delivery: EmailDelivery[EmailTemplateVars] = attrs.field(repr=False)

    def link(self, token: str, tenant_id: str) -> str:
        """Return the address of the website's page that resets a password, as the frontends serve it."""
        website = self.services.app_info
        query = urlencode({"token": token, "tenantId": tenant_id})
        return f"{website.website_domain}{website.website_base_path}{PATH}?{query}"

    async def send_link(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId | None,
        email: str,
        token: str,
        tenant_id: str,
        user_context: UserContext,
    ) -> None:
        """Send a link, as `EmailDelivery.send_email` sends a mail, and raise the same."""
        user = PasswordResetEmailTemplateVarsUser(user_id, recipe_user_id, email)
        mail = PasswordResetEmailTemplateVars(user, self.link(token, tenant_id), tenant_id)
        await self.delivery.send_email(mail, user_context)

    async def send_decoy(self, email: str, token: str, tenant_id: str, user_context: UserContext) -> None:
        """Do what `send_link` does, for an address without an account, as `EmailDelivery.send_decoy` says."""
        nobody = str(UUID(bytes=self.services.random_bytes(16), version=4))
        user = PasswordResetEmailTemplateVarsUser(nobody, RecipeUserId(nobody), email)
        mail = PasswordResetEmailTemplateVars(user, self.link(token, tenant_id), tenant_id)
        await self.delivery.send_decoy(mail, user_context)
