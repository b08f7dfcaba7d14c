"""Sessions."""

from typing import Annotated

from fastapi import Depends, Request
from typing_extensions import override as overrides_base

from authweave.framework.fastapi import verify_session
from authweave.framework.starlette import get_session
from authweave.kernel import UserContext, override
from authweave.recipe import session as session_recipe
from authweave.recipe.session import EmptySession, InputErrorHandlers, SessionClaimValidator, SessionContainer
from authweave.recipe.session import asyncio as sessions
from authweave.recipe.session import syncio as sessions_sync
from authweave.recipe.session.claims import ClaimValidationResult, PrimitiveArrayClaim, PrimitiveClaim
from authweave.recipe.session.interfaces import APIInterface, RecipeInterface
from authweave.recipe.session.signatures import CreateNewSession
from authweave.types import BaseRequest, BaseResponse, JSONObject, RecipeUserId, Response


# program: None is returned for a session
@override(RecipeInterface[UserContext].create_new_session)
async def none_for_a_session(
    original: CreateNewSession,
    user_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None,
    session_data_in_database: JSONObject | None,
    disable_anti_csrf: bool | None,
    tenant_id: str,
    user_context: UserContext,
) -> SessionContainer:
    return None  # wrong: all


# program: None is returned for a session, and announced
@override(RecipeInterface[UserContext].create_new_session)  # wrong: all but pyrefly, zuban
async def perhaps_none(
    original: CreateNewSession,
    user_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None,
    session_data_in_database: JSONObject | None,
    disable_anti_csrf: bool | None,
    tenant_id: str,
    user_context: UserContext,
) -> SessionContainer | None:
    return None


# program: the class EmptySession is returned instead of an object
@override(RecipeInterface[UserContext].create_new_session)
async def the_class(
    original: CreateNewSession,
    user_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None,
    session_data_in_database: JSONObject | None,
    disable_anti_csrf: bool | None,
    tenant_id: str,
    user_context: UserContext,
) -> SessionContainer:
    return EmptySession  # wrong: all


# program: the user's id is left out, as in the older documents
@override(RecipeInterface[UserContext].create_new_session)  # wrong: all but pyrefly, zuban
async def older(
    original: CreateNewSession,
    user_id: str,
    access_token_payload: JSONObject | None,
    session_data_in_database: JSONObject | None,
    user_context: UserContext,
) -> SessionContainer:
    return EmptySession()


# program: an empty session is given two arguments
empty = EmptySession(None, "user")  # wrong: init, all


# program: an empty session is asked for what no session has
def name_of_nobody() -> str:
    return EmptySession().get_user_name()  # wrong: all


# program: a session that may be missing is used
async def user_of(request: Request) -> str:
    session = await get_session(request, session_required=False)
    return session.get_user_id()  # wrong: all


# program: a session that may be missing is taken for one
async def taken_for_one(request: Request) -> None:
    session: SessionContainer = await get_session(request, session_required=False)  # wrong: all


# program: a session of a request is not awaited
async def not_awaited(request: Request) -> str:
    return get_session(request).get_user_id()  # wrong: all


# program: the data of a session are not awaited
async def theme_of(session: SessionContainer) -> object:
    return session.get_session_data_from_database()["theme"]  # wrong: all


# program: a session's change is not awaited
async def forget(session: SessionContainer) -> None:
    session.merge_into_access_token_payload({"theme": None})  # wrong: all but zuban


# program: a claim that is not JSON
async def set_of_seats(session: SessionContainer) -> None:
    await session.merge_into_access_token_payload({"seats": {1, 2, 3}})  # wrong: all


# program: a claim whose key is no text
async def number_for_key(session: SessionContainer) -> None:
    await session.merge_into_access_token_payload({1: "seat"})  # wrong: all


# program: a user's id as text where a login method's is needed
async def by_text(request: BaseRequest) -> None:
    await sessions.create_new_session(request, "public", "user")  # wrong: all


# program: a function without a loop is awaited
async def awaited_sync() -> None:
    await sessions_sync.revoke_session("handle")  # wrong: all


# program: an async function is called without a loop
def without_await() -> bool:
    return sessions.revoke_session("handle")  # wrong: all


# program: a method of a session class of one's own, made sync
class SyncSession(SessionContainer):
    @overrides_base
    def revoke_session(self, user_context: UserContext | None = None) -> None:  # wrong: all
        return None


# program: a method of a session class of one's own, its name misspelt
class MisspeltSession(SessionContainer):
    @overrides_base
    def get_handel(self, user_context: UserContext | None = None) -> str:  # wrong: all
        return ""


# program: a validator that is sync
class SyncValidator(SessionClaimValidator):
    @overrides_base
    def validate(self, payload: JSONObject, user_context: UserContext) -> ClaimValidationResult:  # wrong: all
        return ClaimValidationResult(is_valid=True)


# program: a validator that does not validate
class NoValidator(SessionClaimValidator):
    pass


no_validator = NoValidator("none")  # wrong: init, all


# program: a validator's class instead of a validator
class Passes(SessionClaimValidator):
    @overrides_base
    async def validate(self, payload: JSONObject, user_context: UserContext) -> ClaimValidationResult:
        return ClaimValidationResult(is_valid=True)


async def check(session: SessionContainer) -> None:
    await session.assert_claims([Passes])  # wrong: all


# program: a dependency with a misspelt option
dependency = Annotated[SessionContainer, Depends(verify_session(session_require=False))]  # wrong: init, pyright, basedpyright, ty

# program: a dependency that is handed the request at once
dependency_of_request = verify_session(Request({"type": "http"}))  # wrong: all


# program: a claim's value of another type
LEVEL = PrimitiveClaim[int]("level", lambda user, recipe_user, tenant, payload, context: 3)


async def level_in_words(session: SessionContainer) -> None:
    await session.set_claim_value(LEVEL, "three")  # wrong: all


# program: a claim's value is used though there may be none
POINTS = PrimitiveClaim[int]("points", lambda user, recipe_user, tenant, payload, context: 3)


async def more(session: SessionContainer) -> int:
    return await session.get_claim_value(POINTS) + 1  # wrong: all


# program: the value of a claim that may have no session
AGE = PrimitiveClaim[int]("age", lambda user, recipe_user, tenant, payload, context: 3)


async def age_of(handle: str) -> int | None:
    result = await sessions.get_claim_value(handle, AGE)
    return result.value  # wrong: all


# program: a validator that demands a value of another type
SIZE = PrimitiveClaim[int]("size", lambda user, recipe_user, tenant, payload, context: 3)
large = SIZE.validators.has_value("large")  # wrong: all

# program: a claim whose value is not JSON
SEATS = PrimitiveClaim[set[int]]("seats", lambda *whoever: {1})  # wrong: all

# program: roles that are one text
ROLES = PrimitiveArrayClaim[str]("roles", lambda user, recipe_user, tenant, payload, context: "admin")  # wrong: all

# program: a claim by a name of the library's
SUBJECT = PrimitiveClaim[str]("sub", lambda user, recipe_user, tenant, payload, context: user)  # wrong: init

# program: an error handler that takes no answer
def sign_in_again(request: BaseRequest, message: str) -> Response:
    return Response.from_json({"message": "sign in again"}, 401)


handlers = InputErrorHandlers(on_unauthorised=sign_in_again)  # wrong: all


# program: an error handler that returns no answer
def log_only(request: BaseRequest, message: str, response: BaseResponse) -> None:
    return None


logging_handlers = InputErrorHandlers(on_try_refresh_token=log_only)  # wrong: all

# program: an error handler of an error that is none
misnamed = InputErrorHandlers(on_unauthorized=None)  # wrong: init, all

# program: a claim's class where a claim is needed
with_class = session_recipe.init(claims=[PrimitiveClaim])  # wrong: init, all

# program: an API is switched off that has another name
def no_sign_out(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
    original_implementation.disable_sign_out_post = True  # wrong: all
    return original_implementation


without_sign_out = session_recipe.init(override=session_recipe.InputOverrideConfig(apis=no_sign_out))
