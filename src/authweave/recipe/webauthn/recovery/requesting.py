"""A request for a link to recover an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import attrs
from typing_extensions import override

from authweave.events import EventKind
from authweave.kernel import UserContext
from authweave.recipe.accountlinking.recovering import SendLink
from authweave.recipe.accountlinking.recovery_requests import NOBODY, RecoveryRequests
from authweave.recipe.webauthn.interfaces.recipe import RecipeInterface
from authweave.recipe.webauthn.store import WEBAUTHN
from authweave.recipe.webauthn.types import GenerateRecoverAccountTokenResponse, TypeWebauthnEmailDeliveryInput
from authweave.storage import AccountInfo
from authweave.types import User, normal_email

from .tokens import PURPOSE, RECIPE_ID


@attrs.frozen
class Requesting(RecoveryRequests[RecipeInterface[UserContext], TypeWebauthnEmailDeliveryInput]):
    """Sends links to recover accounts."""

    recipe_id: ClassVar[str] = RECIPE_ID
    action: ClassVar[str] = "recover_account"
    event: ClassVar[EventKind] = "recovery_requested"
    purpose: ClassVar[str] = PURPOSE

    @override
    def find(self, tenant_id: str, email: str) -> tuple[Sequence[User], str]:
        address = normal_email(email)
        return self.services.storage.find_users(tenant_id, AccountInfo(email=address), union=False), address

    @override
    def look_up_nobody(self) -> None:
        self.services.storage.part(WEBAUTHN).is_passkey_login(NOBODY)

    @override
    async def create_token(
        self, link: SendLink, tenant_id: str, functions: RecipeInterface[UserContext], user_context: UserContext
    ) -> str | None:
        made = await functions.generate_recover_account_token(link.token_user_id, link.email, tenant_id, user_context)
        return made.token if isinstance(made, GenerateRecoverAccountTokenResponse) else None
