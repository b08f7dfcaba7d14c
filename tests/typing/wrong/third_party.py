"""Signing in with providers."""

from typing import assert_never

from authweave import InputAppInfo, UserContext, init, override
from authweave.recipe import session, thirdparty
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.thirdparty.interfaces import (
    APIInterface,
    RecipeInterface,
    SignInUpNotAllowed,
    SignInUpOkResult,
    SignInUpResult,
)
from authweave.recipe.thirdparty.provider import Provider
from authweave.recipe.thirdparty.signatures import GetUserInfo
from authweave.recipe.thirdparty.signatures import GetProvider, SignInUp
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider, UserInfo
from authweave.types import JSONObject, User


class AppContext(UserContext, total=False):
    is_sign_up: bool


APP_INFO = InputAppInfo(app_name="Typed", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
GITHUB = thirdparty.ProviderConfig("github", clients=[thirdparty.ProviderClientConfig("id", "secret")])


# program: two arguments of original are swapped
@override(RecipeInterface[AppContext].sign_in_up)
async def swapped(
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
    return await original(
        third_party_id,
        third_party_user_id,
        is_verified,  # wrong: all
        email,  # wrong: all
        oauth_tokens,
        raw_user_info_from_provider,
        session,
        should_try_linking_with_session_user,
        tenant_id,
        user_context,
    )


# program: a parameter of get_provider is misspelt
@override(RecipeInterface[AppContext].get_provider)  # wrong: init, all but pyrefly
async def misspelt(
    original: GetProvider[AppContext],
    thirdparty_id: str,
    client_type: str | None,
    tenant_id: str,
    user_context: AppContext,
) -> Provider | None:
    return None


# program: a provider that may be missing is used
@override(RecipeInterface[AppContext].get_provider)
async def unchecked(
    original: GetProvider[AppContext],
    third_party_id: str,
    client_type: str | None,
    tenant_id: str,
    user_context: AppContext,
) -> Provider | None:
    provider = await original(third_party_id, client_type, tenant_id, user_context)
    user_context["is_sign_up"] = provider.id == "corp"  # wrong: all
    return provider


# program: a user is taken from a sign-in that may have been refused
def user_of(result: SignInUpResult) -> User:
    return result.user  # wrong: all


# program: a failure to link is forgotten
def told(result: SignInUpResult) -> str:
    match result:
        case SignInUpOkResult(user):
            return user.id
        case SignInUpNotAllowed(reason):
            return reason
        case _:
            assert_never(result)  # wrong: all


# program: an override of a provider among those of the recipe
@override(Provider[AppContext].get_user_info)  # wrong: init
async def of_a_provider(
    original: GetUserInfo[AppContext], oauth_tokens: JSONObject, user_context: AppContext
) -> UserInfo:
    return await original(oauth_tokens, user_context)


init(
    APP_INFO,
    [
        thirdparty.init(
            override=thirdparty.InputOverrideConfig[AppContext](functions=of_a_provider)  # wrong: all
        ),
        session.init(),
    ],
    context=AppContext,
    storage="sqlite://",
    default=False,
)


# program: a provider without its input
thirdparty.SignInAndUpFeature([GITHUB])  # wrong: all


# program: a provider that is listed twice
twice = thirdparty.SignInAndUpFeature([thirdparty.ProviderInput(GITHUB), thirdparty.ProviderInput(GITHUB)])
thirdparty.init(twice)  # wrong: init


# program: a provider that nobody knows, without endpoints
unknown = thirdparty.ProviderConfig("unheard-of", clients=[thirdparty.ProviderClientConfig("id")])
init(  # wrong: init
    APP_INFO,
    [thirdparty.init(thirdparty.SignInAndUpFeature([thirdparty.ProviderInput(unknown)])), session.init()],
    storage="sqlite://",
    default=False,
)


# program: a function of the API is called what it is called elsewhere
def renamed(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
    original_implementation.sign_in_up_POST = None  # wrong: all
    return original_implementation
