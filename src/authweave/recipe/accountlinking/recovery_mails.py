"""Mails with a link, for whoever has lost what he signs in with: what the recipes that send them do alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic
from urllib.parse import urlencode
from uuid import UUID

import attrs
from typing_extensions import TypeVar

from authweave.extending import Services
from authweave.http import website_of
from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.kernel import UserContext
from authweave.types import RecipeUserId

TemplateVarsT = TypeVar("TemplateVarsT", default=object)


@attrs.frozen
class RecoveryMails(ABC, Generic[TemplateVarsT]):
    """
    Writes the mails of a recipe, and has them delivered.

    Attributes:
        path: of the website's page that the link leads to, as the frontends serve it.
        delivery: how they are delivered, with the application's overrides.
    """

    path: ClassVar[str]
    services: Services = attrs.field(repr=False)
    delivery: EmailDelivery[TemplateVarsT] = attrs.field(repr=False)

    @abstractmethod
    def template_vars(
        self, user_id: str, recipe_user_id: RecipeUserId | None, email: str, link: str, tenant_id: str
    ) -> TemplateVarsT:
        """Return what a mail with a link is written from."""

    def link(self, token: str, tenant_id: str, user_context: UserContext) -> str:
        """Return the address of the page."""
        app_info = self.services.app_info
        website = website_of(app_info, user_context)
        query = urlencode({"token": token, "tenantId": tenant_id})
        return f"{website}{app_info.website_base_path}{self.path}?{query}"

    def mail(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId | None,
        email: str,
        token: str,
        tenant_id: str,
        user_context: UserContext,
    ) -> TemplateVarsT:
        """Return what a mail with the link of a token is written from."""
        link = self.link(token, tenant_id, user_context)
        return self.template_vars(user_id, recipe_user_id, email, link, tenant_id)

    async def send_decoy(self, email: str, token: str, tenant_id: str, user_context: UserContext) -> None:
        """Do what sending a mail takes, for an address without an account: see `EmailDelivery.send_decoy`."""
        nobody = str(UUID(bytes=self.services.random_bytes(16), version=4))
        mail = self.mail(nobody, RecipeUserId(nobody), email, token, tenant_id, user_context)
        await self.delivery.send_decoy(mail, user_context)
