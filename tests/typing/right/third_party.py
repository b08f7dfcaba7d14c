"""Signing in with providers: functions, APIs and providers, overridden in both styles."""

from typing import assert_never, assert_type

from authweave import InputAppInfo, UserContext, init, override
from authweave.app import App
from authweave.kernel import Override
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.thirdparty import asyncio as functions
from authweave.recipe.thirdparty import syncio as blocking
from authweave.recipe.thirdparty.interfaces import (
    APIInterface,
    APIOptions,
    EmailChangeNotAllowedError,
    GeneralErrorResponse,
    LinkingToSessionUserFailedError,
    ManuallyCreateOrUpdateUserOkResult,
    ManuallyCreateOrUpdateUserResult,
    RecipeInterface,
    SignInUpNotAllowed,
    SignInUpOkResult,
    SignInUpPostResult,
    SignInUpResult,
)
from authweave.recipe.thirdparty.provider import Provider, ProviderConfig, RedirectUriInfo
from authweave.recipe.thirdparty.signatures import GetProvider, GetUserInfo, SignInUp, SignInUpPost
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider, UserInfo
from authweave.types import JSONObject, User


class AppContext(UserContext, total=False):
    is_sign_up: bool
    provider: str


APP_INFO = InputAppInfo(app_name="Typed", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
GITHUB = thirdparty.ProviderConfig("github", clients=[thirdparty.ProviderClientConfig("id", "secret")])


# program: sign_in_up, with a key set after the original returned
@override(RecipeInterface[AppContext].sign_in_up)
async def note_first_sign_in(
    original: SignInUp[AppContext],
    third_party_id: str,
    third_party_user_id: str,
    email: str,
    is_verified: bool,
    oauth_tokens: JSONObject,
    raw_user_info_from_provider: RawUserInfoFromProvider,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,
    tenant_id: str,
    user_context: AppContext,
) -> SignInUpResult:
    result = await original(
        third_party_id,
        third_party_user_id,
        email,
        is_verified,
        oauth_tokens,
        raw_user_info_from_provider,
        session,
        should_try_linking_with_session_user,
        tenant_id,
        user_context,
    )
    if isinstance(result, SignInUpOkResult) and result.created_new_recipe_user and session is None:
        assert_type(result.user, User)
        user_context["is_sign_up"] = True
    return result


assert_type(note_first_sign_in, Override[RecipeInterface[AppContext]])


# program: get_provider, refused to some
@override(RecipeInterface[AppContext].get_provider)
async def no_facebook(
    original: GetProvider[AppContext],
    third_party_id: str,
    client_type: str | None,
    tenant_id: str,
    user_context: AppContext,
) -> Provider | None:
    user_context["provider"] = third_party_id
    return (
        None if third_party_id == "facebook" else await original(third_party_id, client_type, tenant_id, user_context)
    )


# program: sign_in_up_post, in SuperTokens style
def only_company(original_implementation: APIInterface[AppContext]) -> APIInterface[AppContext]:
    original_sign_in_up_post = original_implementation.sign_in_up_post

    async def sign_in_up_post(
        provider: Provider,
        redirect_uri_info: RedirectUriInfo | None,
        oauth_tokens: JSONObject | None,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        api_options: APIOptions,
        user_context: AppContext,
    ) -> SignInUpPostResult:
        if provider.id != "corp":
            return GeneralErrorResponse("Use your company account.")
        linking = should_try_linking_with_session_user
        return await original_sign_in_up_post(
            provider, redirect_uri_info, oauth_tokens, session, linking, tenant_id, api_options, user_context
        )

    original_implementation.sign_in_up_post = sign_in_up_post
    return original_implementation


# program: an API in parameter style
@override(APIInterface[AppContext].sign_in_up_post)
async def by_code_only(
    original: SignInUpPost[AppContext],
    provider: Provider,
    redirect_uri_info: RedirectUriInfo | None,
    oauth_tokens: JSONObject | None,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,
    tenant_id: str,
    api_options: APIOptions,
    user_context: AppContext,
) -> SignInUpPostResult:
    if redirect_uri_info is None:
        return SignInUpNotAllowed("Tokens are not taken here.")
    assert_type(redirect_uri_info.pkce_code_verifier, str | None)
    linking = should_try_linking_with_session_user
    rest = (session, linking, tenant_id, api_options)
    return await original(provider, redirect_uri_info, oauth_tokens, *rest, user_context)


# program: a provider's own function, and the application that has it all
@override(Provider[AppContext].get_user_info)
async def note_issuer(
    original: GetUserInfo[AppContext], oauth_tokens: JSONObject, user_context: AppContext
) -> UserInfo:
    found = await original(oauth_tokens, user_context)
    assert_type(found.raw_user_info_from_provider.issuer, str)
    return found


feature = thirdparty.SignInAndUpFeature([thirdparty.ProviderInput(GITHUB, override=note_issuer)])
typed = init(
    APP_INFO,
    [
        emailpassword.init(),
        thirdparty.init(
            feature, override=thirdparty.InputOverrideConfig(functions=note_first_sign_in, apis=only_company)
        ),
        session.init(),
    ],
    overrides=[no_facebook, by_code_only],
    context=AppContext,
    storage="sqlite://",
    default=False,
)
assert_type(typed, App[AppContext])
typed.close()


# program: providers without overrides fit an application of any context
plain = init(
    APP_INFO,
    [thirdparty.init(thirdparty.SignInAndUpFeature([thirdparty.ProviderInput(GITHUB)])), session.init()],
    context=AppContext,
    storage="sqlite://",
    default=False,
)
plain.close()


# program: every outcome of an import is told apart
def told(result: ManuallyCreateOrUpdateUserResult) -> str:
    match result:
        case ManuallyCreateOrUpdateUserOkResult(user):
            return user.id
        case SignInUpNotAllowed(reason) | EmailChangeNotAllowedError(reason) | LinkingToSessionUserFailedError(reason):
            return reason
        case _:
            assert_never(result)


# program: the functions of the default application
async def imported() -> None:
    result = await functions.manually_create_or_update_user("public", "github", "1", "a@example.com", is_verified=True)
    assert_type(result, ManuallyCreateOrUpdateUserResult)
    provider = await functions.get_provider("public", "github")
    if provider is not None:
        assert_type((await provider.get_user_info({"access_token": "a"}, {})).third_party_user_id, str)


# program: the same where there is no loop
def kept() -> None:
    assert_type(blocking.create_or_update_third_party_config("t1", GITHUB), bool)
    assert_type(blocking.list_third_party_configs("t1"), tuple[ProviderConfig, ...])
