"""The mails with a link to recover an account."""

from __future__ import annotations

from typing import ClassVar

import attrs
from typing_extensions import override

from authweave.recipe.accountlinking.recovery_mails import RecoveryMails
from authweave.recipe.webauthn.types import (
    TypeWebauthnEmailDeliveryInput,
    TypeWebauthnRecoverAccountEmailDeliveryInput,
    WebauthnRecoverAccountEmailDeliveryUser,
)
from authweave.types import RecipeUserId


@attrs.frozen
class Mails(RecoveryMails[TypeWebauthnEmailDeliveryInput]):
    """Writes the mails of the recipe, and has them delivered."""

    path: ClassVar[str] = "/webauthn/recover"

    @override
    def template_vars(
        self, user_id: str, recipe_user_id: RecipeUserId | None, email: str, link: str, tenant_id: str
    ) -> TypeWebauthnRecoverAccountEmailDeliveryInput:
        user = WebauthnRecoverAccountEmailDeliveryUser(user_id, recipe_user_id, email)
        return TypeWebauthnRecoverAccountEmailDeliveryInput(user=user, recover_account_link=link, tenant_id=tenant_id)
