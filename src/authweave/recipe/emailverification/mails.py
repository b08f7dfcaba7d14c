"""The mails of the recipe: the links in them, and how they are sent."""

from __future__ import annotations

from urllib.parse import urlencode

import attrs

from authweave.http import website_of
from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.kernel import UserContext
from authweave.types import AppInfo, RecipeUserId

from .types import EmailTemplateVars, VerificationEmailTemplateVars, VerificationEmailTemplateVarsUser


def verification_link(app_info: AppInfo, token: str, tenant_id: str, user_context: UserContext) -> str:
    """Return the address of the website's page that verifies, as the frontends serve it."""
    website = website_of(app_info, user_context)
    query = urlencode({"token": token, "tenantId": tenant_id})
    return f"{website}{app_info.website_base_path}/verify-email?{query}"


@attrs.frozen
class Mails:
    """
    Sends the mails of the recipe.

    Attributes:
        delivery: how they are delivered, with the application's overrides.
    """

    app_info: AppInfo
    delivery: EmailDelivery[EmailTemplateVars] = attrs.field(repr=False)

    async def send(self, mail: VerificationEmailTemplateVars, user_context: UserContext) -> None:
        """
        Send a link to whom we know.

        Raises:
            authweave.errors.MailContentError: the mail cannot be written.
            authweave.errors.StorageError: the store failed.
            Exception: what the application's own service or override raises.
        """
        await self.delivery.send_email_or_raise(mail, user_context)

    async def send_if_free(
        self, mail: VerificationEmailTemplateVars, user_context: UserContext, *, is_free: bool
    ) -> None:
        """
        Send a link to an address that somebody wants to have, unless it is taken.

        Nobody is to see by the answer, or by the time that it takes, which of the two it is.

        Raises:
            authweave.errors.StorageError: the store failed.
        """
        deliver = self.delivery.send_email if is_free else self.delivery.send_decoy
        await deliver(mail, user_context)

    def of(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        email: str,
        token: str,
        tenant_id: str,
        user_context: UserContext,
    ) -> VerificationEmailTemplateVars:
        """Return what a mail is made of."""
        user = VerificationEmailTemplateVarsUser(user_id, recipe_user_id, email)
        link = verification_link(self.app_info, token, tenant_id, user_context)
        return VerificationEmailTemplateVars(user, link, tenant_id)
