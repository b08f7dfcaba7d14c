"""The session of an access token that was verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Never, cast

from authweave.types import RecipeUserId

from .config import SessionConfig
from .container import SessionContainer
from .types import ReqResInfo, TokenInfo
from .verified import VerifiedToken

if TYPE_CHECKING:  # interfaces.py imports container.py, which explains it
    from .interfaces import RecipeInterface


class VerifiedSession(SessionContainer):
    """
    The session of a verified access token. One is made with every request, so it is made quickly.

    Args:
        recipe_implementation: the composed functions of the recipe.
        config: of the recipe.
        access_token: the token.
        token: what it says. Requests that bring the same token share that; each session copies it on write.
    """

    def __init__(
        self,
        recipe_implementation: RecipeInterface[Never],
        config: SessionConfig,
        access_token: str,
        token: VerifiedToken,
    ) -> None:  # the base's constructor sorts the arguments of two generations, which takes four times as long
        self.recipe_implementation: RecipeInterface = cast("RecipeInterface", recipe_implementation)  # as there
        self.config: SessionConfig = config
        self.access_token: str = access_token
        self._front_token = None
        self.refresh_token: TokenInfo | None = None
        self.anti_csrf_token: str | None = token.anti_csrf_token
        self.session_handle: str = token.session_handle
        self.user_id: str = token.user_id
        self.recipe_user_id: RecipeUserId = token.recipe_user_id
        self.tenant_id: str = token.tenant_id
        self._payload = token.payload
        self._shares_payload = True
        self.req_res_info: ReqResInfo | None = None
        self.access_token_updated: bool = False
