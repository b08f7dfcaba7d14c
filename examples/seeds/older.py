"""
The older document's Python program, whole.

Changed are the import lines; filled in is what the document elides ("..." and, below it, the application that
FastAPI serves); mended is one line: the document reads user_context["isSignUp"] by index, which is a KeyError on every
sign-in. Everything else is the document's own text.

    uvicorn --app-dir examples/seeds older:app
"""

from authweave import init, InputAppInfo
from authweave.framework import BaseRequest
from authweave.recipe import emailpassword
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions
from authweave.recipe.emailpassword.types import FormField
from authweave.recipe.session.interfaces import GetSessionTokensDangerouslyDict, RecipeInterface, SessionClaimValidator, SessionClaim
from authweave.recipe.session.recipe_implementation import RecipeImplementation
from typing import Dict, Any, Union, List, TypeVar, Optional
from authweave.recipe import session
from authweave.recipe.session.utils import TokenTransferMethod

from fastapi import Depends, FastAPI
from authweave.framework.fastapi import get_middleware
from authweave.recipe.session.framework.fastapi import verify_session
import os

_T = TypeVar("_T")


def override_emailpassword_apis(original_implementation: APIInterface):
    original_sign_up_post = original_implementation.sign_up_post

    async def sign_up_post(form_fields: List[FormField],
                           api_options: APIOptions, user_context: Dict[str, Any]):
        # by default, the userContext Dict is {},
        # we change it to {isSignUp: true}, since this is the
        # sign up API, and this will tell the create_new_session function
        # (being called inside original_sign_up_post)
        # to not create a new session in case userContext["isSignUp"] is True
        user_context["isSignUp"] = True
        return await original_sign_up_post(form_fields, api_options, user_context)

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


def override_session_functions(original_implementation: RecipeInterface):
    original_create_new_session = original_implementation.create_new_session

    async def create_new_session(user_id: str,
                                 access_token_payload: Optional[Dict[str, Any]],
                                 session_data_in_database: Optional[Dict[str, Any]],
                                 disable_anti_csrf: Optional[bool],
                                 user_context: Dict[str, Any]):
        if user_context.get("isSignUp") is True:
            # The execution will come here only in case
            # a sign up API is calling this function. This is because
            # only then will the user_context["isSignUp"] === true
            # (see above code).
            return EmptySession(original_implementation)
        return await original_create_new_session(user_id, access_token_payload, session_data_in_database, disable_anti_csrf, user_context)

    original_implementation.create_new_session = create_new_session
    return original_implementation


init(
    app_info=InputAppInfo(
        api_domain="http://localhost:8000", app_name="Older", website_domain="http://localhost:3000"),
    framework='fastapi',
    recipe_list=[
        emailpassword.init(
            override=emailpassword.InputOverrideConfig(
                apis=override_emailpassword_apis
            )
        ),
        session.init(
            override=session.InputOverrideConfig(
                functions=override_session_functions
            )
        )
    ],
    storage=os.environ.get("AUTHWEAVE_STORAGE", "sqlite:///older.db"),
)


class EmptySession(session.SessionContainer):
    def __init__(self, recipe_implementation: RecipeInterface):
        assert isinstance(recipe_implementation, RecipeImplementation)
        super().__init__(recipe_implementation,
                         recipe_implementation.config, "", "", None, "", "", "", {}, None, False)

    async def revoke_session(self, user_context: Union[Any, None] = None) -> None:
        pass

    async def get_session_data_from_database(self, user_context: Union[Dict[str, Any], None] = None) -> Dict[str, Any]:
        return {}

    async def update_session_data_in_database(self, new_session_data: Dict[str, Any], user_context: Union[Dict[str, Any], None] = None) -> None:
        pass

    def get_user_id(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    def get_access_token_payload(
            self, user_context: Union[Dict[str, Any], None] = None) -> Dict[str, Any]:
        return {}

    def get_handle(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    def get_access_token(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    async def get_time_created(self, user_context: Union[Dict[str, Any], None] = None) -> int:
        return -1

    async def get_expiry(self, user_context: Union[Dict[str, Any], None] = None) -> int:
        return -1

    async def attach_to_request_response(self, request: BaseRequest, transfer_method: TokenTransferMethod):
        pass

    async def assert_claims(
        self,
        claim_validators: List[SessionClaimValidator],
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

    async def merge_into_access_token_payload(
        self, access_token_payload_update: Dict[str, Any], user_context: Union[Dict[str, Any], None] = None
    ) -> None:
        pass

    def get_all_session_tokens_dangerously(self) -> GetSessionTokensDangerouslyDict:
        return {
            "accessAndFrontTokenUpdated": False,
            "accessToken": "",
            "antiCsrfToken": None,
            "frontToken": "",
            "refreshToken": None
        }


# What the document leaves to the reader: the application.

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/health")
async def health():
    return {"status": "OK"}


@app.get("/me")
async def me(session: session.SessionContainer = Depends(verify_session())):
    return {"userId": session.get_user_id()}


@app.get("/me/now")
async def me_now(session: session.SessionContainer = Depends(verify_session(check_database=True))):
    return {"userId": session.get_user_id()}
