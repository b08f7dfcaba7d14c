"""A session class of an application's own, as documents of the reference write one."""

from typing import Any, Dict, List, Optional, TypeVar, Union

from authweave.framework import BaseRequest
from authweave.recipe import session
from authweave.recipe.session.interfaces import (
    GetSessionTokensDangerouslyDict,
    RecipeInterface,
    SessionClaim,
    SessionClaimValidator,
    SessionContainer,
)
from authweave.recipe.session.recipe_implementation import RecipeImplementation
from authweave.recipe.session.utils import TokenTransferMethod
from authweave.types import RecipeUserId

_T = TypeVar("_T")


class EmptySession(SessionContainer):
    def __init__(self, recipe_implementation: RecipeInterface):
        assert isinstance(recipe_implementation, RecipeImplementation)
        super().__init__(
            recipe_implementation,
            recipe_implementation.config,
            "",
            "",
            None,
            "",
            "",
            "",
            RecipeUserId(""),
            {},
            None,
            False,
            "",
        )

    async def revoke_session(self, user_context: Union[Any, None] = None) -> None:
        pass

    async def get_session_data_from_database(self, user_context: Union[Dict[str, Any], None] = None) -> Dict[str, Any]:
        return {}

    async def update_session_data_in_database(  # wrong: pyright
        self,
        new_session_data: Dict[str, Any],  # wrong: mypy
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    def get_user_id(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    def get_recipe_user_id(self, user_context: Union[Dict[str, Any], None] = None) -> RecipeUserId:
        return RecipeUserId("")

    def get_access_token_payload(self, user_context: Union[Dict[str, Any], None] = None) -> Dict[str, Any]:
        return {}

    def get_handle(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    def get_access_token(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    async def get_time_created(self, user_context: Union[Dict[str, Any], None] = None) -> int:
        return -1

    async def get_expiry(self, user_context: Union[Dict[str, Any], None] = None) -> int:
        return -1

    async def attach_to_request_response(
        self,
        request: BaseRequest,
        transfer_method: TokenTransferMethod,
        user_context: Union[Dict[str, Any], None] = None,
    ):
        pass

    async def assert_claims(  # wrong: pyright
        self,
        claim_validators: List[SessionClaimValidator],  # wrong: mypy
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    async def fetch_and_set_claim(
        self, claim: SessionClaim[Any], user_context: Union[Dict[str, Any], None] = None
    ) -> None:
        pass

    async def set_claim_value(
        self,
        claim: SessionClaim[_T],
        value: _T,
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    async def get_claim_value(
        self, claim: SessionClaim[_T], user_context: Union[Dict[str, Any], None] = None
    ) -> Union[_T, None]:
        pass

    async def remove_claim(
        self,
        claim: SessionClaim[Any],
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    async def merge_into_access_token_payload(  # wrong: pyright
        self,
        access_token_payload_update: Dict[str, Any],  # wrong: mypy
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    def get_all_session_tokens_dangerously(self) -> GetSessionTokensDangerouslyDict:
        return {
            "accessAndFrontTokenUpdated": False,
            "accessToken": "",
            "antiCsrfToken": None,
            "frontToken": "",
            "refreshToken": None,
        }

    def get_tenant_id(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""


def override_session_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_create_new_session = original_implementation.create_new_session

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: Optional[Dict[str, Any]],
        session_data_in_database: Optional[Dict[str, Any]],
        disable_anti_csrf: Optional[bool],
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> SessionContainer:
        if user_context.get("isSignUp"):
            return EmptySession(original_implementation)
        return await original_create_new_session(
            user_id,
            recipe_user_id,
            access_token_payload,
            session_data_in_database,
            disable_anti_csrf,
            tenant_id,
            user_context,
        )

    original_implementation.create_new_session = create_new_session
    return original_implementation


session.init(override=session.InputOverrideConfig(functions=override_session_functions))
