from authweave.recipe.emailpassword import SignUpPostResult
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions
from authweave.recipe.emailpassword.types import FormField
from authweave.recipe.session import EmptySession, SessionContainer
from authweave.recipe.session.interfaces import RecipeInterface
from authweave.types import JSONObject, RecipeUserId

from .as_a_call import DemoContext


def override_emailpassword_apis(original_implementation: APIInterface[DemoContext]) -> APIInterface[DemoContext]:
    original_sign_up_post = original_implementation.sign_up_post

    async def sign_up_post(
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        api_options: APIOptions,
        user_context: DemoContext,
    ) -> SignUpPostResult:
        user_context["isSignUp"] = True
        return await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


def override_session_functions(original_implementation: RecipeInterface[DemoContext]) -> RecipeInterface[DemoContext]:
    original_create_new_session = original_implementation.create_new_session

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: JSONObject | None,
        session_data_in_database: JSONObject | None,
        disable_anti_csrf: bool | None,
        tenant_id: str,
        user_context: DemoContext,
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
