"""The session that is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from typing_extensions import override

from authweave.kernel import UserContext
from authweave.types import JSON, BaseRequest, JSONObject, RecipeUserId

from .claims.base import SessionClaim, SessionClaimValidator
from .container import SessionContainer
from .types import GetSessionTokensDangerouslyDict, ReqResInfo, TokenInfo, TokenTransferMethod

T = TypeVar("T")


class EmptySession(SessionContainer):
    """
    No session. An override of ``create_new_session`` returns one where none is to be created.

    It has no user, no claims and no tokens; it adds nothing to an answer, and nothing done to it has an effect.

    Args:
        original_implementation: taken so that the documents' ``EmptySession(original_implementation)`` works; unused.
    """

    def __init__(self, original_implementation: object = None) -> None:  # the base's fields would need an application
        del original_implementation
        self.access_token: str = ""
        self.front_token = ""
        self.refresh_token: TokenInfo | None = None
        self.anti_csrf_token: str | None = None
        self.session_handle: str = ""
        self.user_id: str = ""
        self.recipe_user_id: RecipeUserId = RecipeUserId("")
        self.tenant_id: str = ""
        self.user_data_in_access_token = {}
        self.req_res_info: ReqResInfo | None = None
        self.access_token_updated: bool = False

    @override
    def __repr__(self) -> str:
        return "<EmptySession>"

    @override
    def get_all_session_tokens_dangerously(self) -> GetSessionTokensDangerouslyDict:
        return {
            "accessToken": "",
            "accessAndFrontTokenUpdated": False,
            "refreshToken": None,
            "frontToken": "",
            "antiCsrfToken": None,
        }

    @override
    async def revoke_session(self, user_context: UserContext | None = None) -> None:
        pass

    @override
    async def get_session_data_from_database(self, user_context: UserContext | None = None) -> dict[str, JSON]:
        return {}

    @override
    async def update_session_data_in_database(
        self, new_session_data: JSONObject, user_context: UserContext | None = None
    ) -> None:
        pass

    @override
    async def get_time_created(self, user_context: UserContext | None = None) -> int:
        return -1

    @override
    async def get_expiry(self, user_context: UserContext | None = None) -> int:
        return -1

    @override
    async def attach_to_request_response(
        self, request: BaseRequest, transfer_method: TokenTransferMethod, user_context: UserContext | None = None
    ) -> None:
        pass

    @override
    async def assert_claims(
        self, claim_validators: Sequence[SessionClaimValidator], user_context: UserContext | None = None
    ) -> None:
        pass

    @override
    async def fetch_and_set_claim(self, claim: SessionClaim[T], user_context: UserContext | None = None) -> None:
        pass

    @override
    async def set_claim_value(self, claim: SessionClaim[T], value: T, user_context: UserContext | None = None) -> None:
        pass

    @override
    async def get_claim_value(self, claim: SessionClaim[T], user_context: UserContext | None = None) -> T | None:
        return None

    @override
    async def remove_claim(self, claim: SessionClaim[T], user_context: UserContext | None = None) -> None:
        pass

    @override
    async def merge_into_access_token_payload(
        self, access_token_payload_update: JSONObject, user_context: UserContext | None = None
    ) -> None:
        pass
