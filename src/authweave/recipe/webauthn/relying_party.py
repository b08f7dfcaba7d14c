"""For which domain passkeys are, and on which pages: what an application says, and whether the two go together."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import attrs

from authweave.kernel import UserContext
from authweave.types import AppInfo, BaseRequest, comparable_origin

from .settings import ORIGIN, PasskeySettings, is_domain

ANDROID: Final = "android:"


@attrs.frozen
class RelyingParties:
    """
    Says for which domain passkeys are, and on which page one is made or used.

    Attributes:
        settings: what the application says.
    """

    app_info: AppInfo = attrs.field(repr=False)
    settings: PasskeySettings

    @property
    def fixed_id(self) -> str | None:
        """The domain; None where the application says it of each request."""
        said = self.settings.get_relying_party_id
        if said is None:
            return urlsplit(comparable_origin(self.app_info.api_domain)).hostname or ""
        return said if isinstance(said, str) else None

    async def id_for(self, tenant_id: str, request: BaseRequest | None, user_context: UserContext) -> str:
        """Return the domain."""
        said = self.settings.get_relying_party_id
        if said is None or isinstance(said, str):
            return self.fixed_id or ""
        return await said(tenant_id=tenant_id, request=request, user_context=user_context)

    async def name_for(self, tenant_id: str, user_context: UserContext) -> str:
        """Return how people are shown it."""
        said = self.settings.get_relying_party_name
        if isinstance(said, str):
            return said
        return self.app_info.app_name if said is None else await said(tenant_id=tenant_id, user_context=user_context)

    async def origin_for(self, tenant_id: str, request: BaseRequest | None, user_context: UserContext) -> str:
        """Return the page: of what a request says, only a related one is believed."""
        if self.settings.get_origin is not None:
            return await self.settings.get_origin(tenant_id=tenant_id, request=request, user_context=user_context)
        sent_by = request.get_header("origin") if request is not None else None
        if sent_by is not None and sent_by in self.settings.related_origins:
            return sent_by
        return self.app_info.get_origin(request, user_context)

    async def relying_party_of(
        self, tenant_id: str, request: BaseRequest, user_context: UserContext
    ) -> tuple[str, str, str]:
        """Return domain, name and page of a request; debug mode says where they do not go together."""
        domain = await self.id_for(tenant_id, request, user_context)
        origin = await self.origin_for(tenant_id, request, user_context)
        accepted, sent_by = self.accepted(domain, origin), request.get_header("origin")
        if accepted is None:
            request.hint(
                f"No passkey for {domain!r} is good on {origin!r}: say get_relying_party_id in WebauthnConfig, or name "
                "the website in related_origins."
            )
        elif sent_by is not None and sent_by != accepted:
            request.hint(
                f"The page is on another origin than {accepted!r}, where passkeys are good, so they are refused: open "
                "it there, or name its origin as the website in InputAppInfo, or in related_origins."
            )
        return domain, await self.name_for(tenant_id, user_context), origin

    def accepted(self, relying_party_id: str, origin: str) -> str | None:
        """
        Return an origin as browsers write it, where passkeys of a domain are good on its page; None where not.

        Its host is the domain, or ends with it and a dot before (Web Authentication Level 3, section 5.1.3); or it is
        a related one; or it is an Android application's, which its system has compared.
        """
        written = origin if origin.startswith(ANDROID) else comparable_origin(origin)
        if not is_domain(relying_party_id) or not ORIGIN.fullmatch(written):
            return None
        if written.startswith(ANDROID) or written in self.settings.related_origins:
            return written
        host = urlsplit(written).hostname or ""
        return written if host == relying_party_id or host.endswith(f".{relying_party_id}") else None
