"""The session recipe: overrides, containers, claims."""

from collections.abc import Sequence
from typing import Any, Literal, assert_type

from typing_extensions import override as overrides_base

from authweave.kernel import Override, UserContext, override
from authweave.recipe import session
from authweave.recipe.session import EmptySession, InputErrorHandlers, SessionClaimValidator, SessionContainer
from authweave.recipe.session.claims import (
    BooleanClaim,
    ClaimValidationResult,
    PrimitiveArrayClaim,
    PrimitiveArrayClaimValidators,
    PrimitiveClaim,
)
from authweave.recipe.session.interfaces import (
    APIInterface,
    APIOptions,
    GeneralErrorResponse,
    OverrideClaimValidators,
    RecipeInterface,
    SignOutOkayResponse,
    SignOutPostResult,
)
from authweave.recipe.session.signatures import (
    CreateNewSession,
    GetGlobalClaimValidators,
    GetSession,
    RevokeSession,
    SignoutPost,
    VerifySession,
)
from authweave.types import JSON, BaseRequest, BaseResponse, JSONObject, RecipeUserId, Response


class AppContext(UserContext, total=False):
    is_sign_up: bool
    revoked: list[str]


# program: no session after sign-up
@override(RecipeInterface[AppContext].create_new_session)
async def none_after_sign_up(
    original: CreateNewSession[AppContext],
    user_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None,
    session_data_in_database: JSONObject | None,
    disable_anti_csrf: bool | None,
    tenant_id: str,
    user_context: AppContext,
) -> SessionContainer:
    if user_context.get("is_sign_up"):
        return EmptySession()
    return await original(
        user_id,
        recipe_user_id,
        access_token_payload,
        session_data_in_database,
        disable_anti_csrf,
        tenant_id,
        user_context,
    )


assert_type(none_after_sign_up, Override[RecipeInterface[AppContext]])


# program: claims of the application's own, put into each new session
@override(RecipeInterface[UserContext].create_new_session)
async def with_plan(
    original: CreateNewSession,
    user_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None,
    session_data_in_database: JSONObject | None,
    disable_anti_csrf: bool | None,
    tenant_id: str,
    user_context: UserContext,
) -> SessionContainer:
    payload: dict[str, JSON] = {**(access_token_payload or {}), "plan": {"name": "free", "seats": [1, 2]}}
    return await original(
        user_id=user_id,
        recipe_user_id=recipe_user_id,
        access_token_payload=payload,
        session_data_in_database=session_data_in_database,
        disable_anti_csrf=disable_anti_csrf,
        tenant_id=tenant_id,
        user_context=user_context,
    )


# program: no session after sign-up, as the documents write it
def override_session_functions(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    original_create_new_session = original_implementation.create_new_session

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: JSONObject | None,
        session_data_in_database: JSONObject | None,
        disable_anti_csrf: bool | None,
        tenant_id: str,
        user_context: AppContext,
    ) -> SessionContainer:
        if "is_sign_up" in user_context and user_context["is_sign_up"] is True:
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


# program: a session that is looked up in the database always
@override(RecipeInterface[UserContext].get_session)
async def always_fresh(
    original: GetSession,
    access_token: str | None,
    anti_csrf_token: str | None,
    anti_csrf_check: bool | None,
    session_required: bool | None,
    check_database: bool | None,
    override_global_claim_validators: OverrideClaimValidators | None,
    user_context: UserContext,
) -> SessionContainer | None:
    found = await original(
        access_token,
        anti_csrf_token,
        anti_csrf_check,
        session_required,
        True,
        override_global_claim_validators,
        user_context,
    )
    return None if found is None else assert_type(found, SessionContainer)


# program: revocation, noted in the context
@override(RecipeInterface[AppContext].revoke_session)
async def noted(original: RevokeSession[AppContext], session_handle: str, user_context: AppContext) -> bool:
    existed = await original(session_handle, user_context)
    if existed:
        user_context.setdefault("revoked", []).append(session_handle)
    return existed


# program: the API of signing out
@override(APIInterface[UserContext].signout_post)
async def not_yet(
    original: SignoutPost, session: SessionContainer, api_options: APIOptions, user_context: UserContext
) -> SignOutPostResult:
    result = await original(session, api_options, user_context)
    if isinstance(result, GeneralErrorResponse):
        return result
    return assert_type(result, SignOutOkayResponse)


# program: verifying sessions only for some paths
@override(APIInterface[UserContext].verify_session)
async def open_paths(
    original: VerifySession,
    api_options: APIOptions,
    anti_csrf_check: bool | None,
    session_required: bool,
    check_database: bool,
    override_global_claim_validators: OverrideClaimValidators | None,
    user_context: UserContext,
) -> SessionContainer | None:
    return await original(
        api_options,
        anti_csrf_check,
        session_required and not api_options.request.get_path().startswith("/open"),
        check_database,
        override_global_claim_validators,
        user_context,
    )


# program: functions and APIs of sessions in one configuration
session.init(
    override=session.InputOverrideConfig(
        functions=[none_after_sign_up, with_plan, always_fresh, noted], apis=[not_yet, open_paths]
    )
)


# program: how tokens travel
def by_header(request: BaseRequest, creating: bool, user_context: UserContext) -> Literal["cookie", "header", "any"]:
    return "header" if request.get_header("x-app") or (creating and not user_context) else "any"


session.init(
    cookie_domain=".app.example",
    cookie_same_site="lax",
    anti_csrf="VIA_TOKEN",
    get_token_transfer_method=by_header,
    access_token_validity_s=600,
)


# program: an empty session of the application's own
class Silent(SessionContainer):
    def __init__(self) -> None:
        self.user_id = ""

    @overrides_base
    def get_handle(self, user_context: UserContext | None = None) -> str:
        return "none"

    @overrides_base
    async def revoke_session(self, user_context: UserContext | None = None) -> None:
        return None


silent: SessionContainer = Silent()

# program: the ready-made empty session
empty: SessionContainer = EmptySession()
assert_type(empty.get_user_id(), str)


# program: what a session tells
async def told(found: SessionContainer) -> None:
    assert_type(found.get_user_id(), str)
    assert_type(found.get_recipe_user_id(), RecipeUserId)
    assert_type(found.get_access_token_payload(), dict[str, Any])
    assert_type(found.get_all_session_tokens_dangerously()["refreshToken"], str | None)
    assert_type(await found.get_session_data_from_database(), dict[str, Any])
    await found.update_session_data_in_database({"theme": "dark", "seen": [1, 2, 3]})
    await found.merge_into_access_token_payload({"plan": None})


# program: the same from a route that cannot wait
def told_in_a_thread(found: SessionContainer, points: PrimitiveClaim[int]) -> None:
    assert_type(found.sync_get_expiry(), int)
    assert_type(found.sync_get_session_data_from_database(), dict[str, Any])
    found.sync_update_session_data_in_database({"theme": "dark"})
    found.sync_merge_into_access_token_payload(access_token_payload_update={"plan": None})
    found.sync_set_claim_value(points, 3)
    found.sync_assert_claims([points.validators.has_value(3, 300, "three")])
    found.sync_revoke_session()
    empty.sync_revoke_session()


# program: a claim that makes validators of its own
class TeamValidators(PrimitiveArrayClaimValidators[str]):
    def in_staff(self, max_age_in_seconds: int | None = None) -> SessionClaimValidator:
        return self.includes_any(["support", "sales"], max_age_in_seconds, "staff")


class TeamClaim(PrimitiveArrayClaim[str]):
    def __init__(self) -> None:
        super().__init__("teams", lambda user, recipe_user, tenant, payload, context: ["support"])
        self.validators = TeamValidators(self)


def in_staff(teams: TeamClaim, payload: JSONObject) -> SessionClaimValidator:
    assert_type(teams.get_value_from_payload(payload), list[str] | None)
    assert_type(teams.get_last_refetch_time(payload), int | None)
    return TeamValidators(teams, 60).in_staff(300)


# program: a validator of the application's own
class PlanIs(SessionClaimValidator):
    def __init__(self, plan: str) -> None:
        super().__init__(f"plan is {plan}")
        self.plan = plan

    @overrides_base
    async def validate(self, payload: JSONObject, user_context: UserContext) -> ClaimValidationResult:
        if payload.get("plan") == self.plan:
            return ClaimValidationResult(is_valid=True)
        return ClaimValidationResult(is_valid=False, reason={"expected": self.plan})


def only_paying(
    validators: Sequence[SessionClaimValidator], found: SessionContainer, user_context: UserContext
) -> Sequence[SessionClaimValidator]:
    return [*validators, PlanIs("paid")]


paying: OverrideClaimValidators = only_paying


async def check(found: SessionContainer) -> None:
    await found.assert_claims([PlanIs("paid")])


# program: claims of every session, and what they must say
BANNED = BooleanClaim("banned", lambda user, recipe_user, tenant, payload, context: False)
ROLES = PrimitiveArrayClaim[str]("roles", lambda user, recipe_user, tenant, payload, context: ["user"], 300)

with_claims = session.init(
    claims=[BANNED, ROLES],
    claim_validators=[
        BANNED.validators.is_false(max_age=60),
        ROLES.validators.includes("user"),
        ROLES.validators.includes_any(("user", "admin"), id_="some"),
    ],
)


# program: the global validators are overridden
@override(RecipeInterface[UserContext].get_global_claim_validators)
async def admins_only(
    original: GetGlobalClaimValidators,
    tenant_id: str,
    user_id: str,
    recipe_user_id: RecipeUserId,
    claim_validators_added_by_other_recipes: list[SessionClaimValidator],
    user_context: UserContext,
) -> list[SessionClaimValidator]:
    usual = await original(tenant_id, user_id, recipe_user_id, claim_validators_added_by_other_recipes, user_context)
    return [*usual, ROLES.validators.includes("admin")] if tenant_id == "staff" else usual


with_override = session.init(override=session.InputOverrideConfig(functions=admins_only))


# program: session errors are answered by the application, sync and async
async def expired(request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    response.set_json_content({"message": "sign in again", "method": request.method()})
    return response


handlers = InputErrorHandlers(
    on_unauthorised=expired,
    on_try_refresh_token=lambda request, message, response: response,
    on_invalid_claim=lambda request, failures, response: Response.from_json(
        {"refused": [failure.id for failure in failures]}, 403
    ),
)
with_handlers = session.init(error_handlers=handlers)


# program: APIs are switched off
def no_sign_out(original_implementation: APIInterface[AppContext]) -> APIInterface[AppContext]:
    original_implementation.disable_signout_post = True
    original_implementation.disable_refresh_post = True
    return original_implementation


without_sign_out = session.init(override=session.InputOverrideConfig(apis=no_sign_out))
