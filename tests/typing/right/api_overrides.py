"""APIs of the emailpassword recipe, overridden."""

from typing import Any, assert_type

from authweave.kernel import UserContext, override
from authweave.recipe import emailpassword
from authweave.recipe.emailpassword.interfaces import (
    APIInterface,
    APIOptions,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    GeneralErrorResponse,
    RecipeInterface,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignInPostResult,
    SignUpPostNotAllowedResponse,
    SignUpPostResult,
)
from authweave.recipe.emailpassword.signatures import EmailExistsGet, SignInPost, SignUpPost
from authweave.recipe.emailpassword.types import FormField, InputFormField
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSON


class AppContext(UserContext, total=False):
    invited_by: str


# program: sign_up_post, which reads a field of the form
@override(APIInterface[AppContext].sign_up_post)
async def invited(
    original: SignUpPost[AppContext],
    form_fields: list[FormField],
    tenant_id: str,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,
    api_options: APIOptions,
    user_context: AppContext,
) -> SignUpPostResult:
    fields = {field.id: field.value for field in form_fields}
    assert_type(fields, dict[str, Any])
    invitation = fields.get("invitation")
    if not isinstance(invitation, str):
        return SignUpPostNotAllowedResponse("An invitation is needed.")
    user_context["invited_by"] = invitation
    return await original(
        form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
    )


# program: sign_in_post, which looks at the request and at the result
@override(APIInterface[UserContext].sign_in_post)
async def from_the_office(
    original: SignInPost,
    form_fields: list[FormField],
    tenant_id: str,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,
    api_options: APIOptions,
    user_context: UserContext,
) -> SignInPostResult:
    if api_options.request.get_header("x-office") is None:
        return SignInPostNotAllowedResponse(reason="Come to the office.")
    result = await original(
        form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
    )
    if isinstance(result, SignInPostOkResult):
        await result.session.merge_into_access_token_payload({"office": True}, user_context)
    return result


# program: email_exists_get, which calls a function of the recipe
@override(APIInterface[UserContext].email_exists_get)
async def by_the_recipe(
    original: EmailExistsGet, email: str, tenant_id: str, api_options: APIOptions, user_context: UserContext
) -> EmailExistsGetResult:
    assert_type(api_options.recipe_implementation, RecipeInterface[Any])
    if email.endswith("@old.example"):
        return GeneralErrorResponse("Use your new address.")
    result = await original(email, tenant_id, api_options, user_context)
    return EmailExistsGetOkResult(exists=isinstance(result, EmailExistsGetOkResult) and result.exists)


# program: functions and APIs in one configuration, each a list
emailpassword.init(override=emailpassword.InputOverrideConfig(functions=[], apis=[invited, from_the_office]))

# program: one override without a list
emailpassword.init(override=emailpassword.InputOverrideConfig(apis=by_the_recipe))


# program: a sign-up form with fields of its own, one validated by an async function
async def known(value: JSON, tenant_id: str) -> str | None:
    return None if value == tenant_id else "We do not know this invitation."


def spoken(value: JSON, tenant_id: str) -> str | None:
    del tenant_id
    return None if value in {"de", "en"} else "de or en, please."


emailpassword.init(
    sign_up_feature=emailpassword.InputSignUpFeature(
        form_fields=[
            InputFormField("invitation", known),
            InputFormField("language", validate=spoken, optional=True),
            InputFormField(id="nickname"),
        ]
    ),
    sign_up_api=True,
    email_exists_api=False,
    override=emailpassword.InputOverrideConfig(apis=[invited, by_the_recipe]),
)
