"""The session of an access token that was verified."""

from __future__ import annotations

from typing import Never

from authweave.kernel import UserContext
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.container import SessionContainer
from authweave.recipe.session.handle_interface import HandleInterface
from authweave.recipe.session.types import ReqResInfo, TokenInfo
from authweave.types import RecipeUserId

from .verified import VerifiedToken


class VerifiedSession(SessionContainer):
    """
    The session of a verified access token. One is made with every request, so it is made quickly.

    Args:
        recipe_implementation: the composed functions of the recipe.
        config: of the recipe.
        access_token: the token.
        token: what it says. Requests that bring the same token share that; each session copies it on write.
    """

    # What every one begins with stands in the class: it is not written with every request.
    _front_token: str | None = None
    _shares_payload: bool = True
    refresh_token: TokenInfo | None = None
    req_res_info: ReqResInfo | None = None
    access_token_updated: bool = False

    def __init__(
        self,
        recipe_implementation: HandleInterface[Never],
        config: SessionConfig,
        access_token: str,
        token: VerifiedToken,
    ) -> None:  # the base's constructor sorts the arguments of two generations, which takes four times as long
        # As there; a cast would be a call with every request.
        self.recipe_implementation: HandleInterface[UserContext] = recipe_implementation  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  read only
        self.config: SessionConfig = config
        self.access_token: str = access_token
        self.anti_csrf_token: str | None = token.anti_csrf_token
        self.session_handle: str = token.session_handle
        self.user_id: str = token.user_id
        self.recipe_user_id: RecipeUserId = token.recipe_user_id
        self.tenant_id: str = token.tenant_id
        self._payload = token.payload
