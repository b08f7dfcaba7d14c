"""APIs of the thirdparty recipe: what they make of what providers and functions say."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import cast, get_args
from unicodedata import normalize

import attrs
import pytest

from authweave.app import App, init
from authweave.errors import ClaimsTooLargeError
from authweave.kernel import Interface, Override, ResultError, UserContext, override
from authweave.recipe import session, thirdparty
from authweave.recipe.session import CreateNewSession, EmptySession, SessionContainer
from authweave.recipe.thirdparty import (
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
    ServerRedirects,
    ThirdPartyRecipe,
)
from authweave.recipe.thirdparty.interfaces import APIInterface, APIOptions, RecipeInterface
from authweave.recipe.thirdparty.provider import Provider
from authweave.recipe.thirdparty.signatures import GetUserInfo, SignInUp
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.types import (
    AppleRedirectHandlerPostOkResult,
    RawUserInfoFromProvider,
    SignInUpNotAllowed,
    SignInUpPostNoEmailGivenByProviderResponse,
    SignInUpPostOkResult,
    SignInUpPostResult,
    SignInUpResult,
    UserInfo,
    UserInfoEmail,
)
from authweave.storage.memory import MemoryStorage
from authweave.types import (
    BadInputError,
    BaseRequest,
    InputAppInfo,
    JSONObject,
    LinkingFailure,
    LinkingToSessionUserFailedError,
)

GITHUB = ProviderConfig("github", clients=[ProviderClientConfig("id", "secret")])
AllowURI = Callable[[str, BaseRequest, UserContext], bool | Awaitable[bool]]
APPLES = "https://app.example.com/auth/callback/"


def application(
    said: UserInfo,
    config: ProviderConfig = GITHUB,
    overrides: thirdparty.InputOverrideConfig | None = None,
    may_go_to: AllowURI | None = None,
    of_sessions: Sequence[Override[Interface[UserContext]]] = (),
    redirects: ServerRedirects | None = None,
    website: str = "http://localhost:3000",
) -> App:
    """Build an application with a provider that says the same of everybody."""

    @override(Provider[UserContext].get_user_info)
    async def get_user_info(original: GetUserInfo, oauth_tokens: JSONObject, user_context: UserContext) -> UserInfo:
        return said

    feature = thirdparty.SignInAndUpFeature([ProviderInput(config, override=get_user_info)])
    return init(
        InputAppInfo("Test", "http://localhost:8000", website_domain=website),
        [
            thirdparty.init(
                feature, override=overrides, is_valid_frontend_redirect_uri=may_go_to, server_redirects=redirects
            ),
            session.init(),
        ],
        overrides=of_sessions,
        storage=MemoryStorage(),
        secret=b"s" * 32,
        default=False,
    )


def options(auth: App) -> APIOptions:
    """Return what APIs are handed."""
    return APIOptions(
        request=BaseRequest("post", "/auth/signinup"),
        app_info=auth.app_info,
        config=auth.recipe(ThirdPartyRecipe).config,
        recipe_implementation=auth.recipe(ThirdPartyRecipe).functions,
    )


async def sign_in_up(auth: App) -> SignInUpPostResult:
    """Sign in with tokens."""
    provider = await auth.recipe(ThirdPartyRecipe).functions.get_provider("github", None, "public", {})
    assert provider is not None
    return await auth.recipe(ThirdPartyRecipe).apis.sign_in_up_post(
        provider, None, {"access_token": "a"}, None, None, "public", options(auth), {}
    )


def test_a_session_is_created() -> None:
    """Whoever the provider names gets a session, and the result has what the provider gave."""
    raw = RawUserInfoFromProvider(None, {"id": 1})
    auth = application(UserInfo("1", UserInfoEmail("Ada@example.com", is_verified=True), raw))
    result = asyncio.run(sign_in_up(auth))
    assert isinstance(result, SignInUpPostOkResult)
    assert (result.session.get_user_id(), result.created_new_recipe_user) == (result.user.id, True)
    assert (result.oauth_tokens, result.raw_user_info_from_provider) == ({"access_token": "a"}, raw)
    auth.close()


def test_a_sign_up_fails_whole() -> None:
    """Where the session's claims are too large, who came for the first time has not signed up; who came again stays."""
    large = {"claim": "x" * 5_000}

    @CreateNewSession.override
    async def with_claims(call: CreateNewSession) -> SessionContainer:
        call.access_token_payload = large
        return await call.original()

    auth = application(UserInfo("1", UserInfoEmail("ada@example.com", is_verified=True)), of_sessions=[with_claims])
    store = auth.services.storage.part(THIRD_PARTIES)
    with pytest.raises(ClaimsTooLargeError):
        asyncio.run(sign_in_up(auth))
    assert store.find_third_party_login("public", "github", "", "1") is None
    large.clear()
    assert isinstance(asyncio.run(sign_in_up(auth)), SignInUpPostOkResult)
    large["claim"] = "x" * 5_000
    with pytest.raises(ClaimsTooLargeError):
        asyncio.run(sign_in_up(auth))
    assert store.find_third_party_login("public", "github", "", "1") is not None
    auth.close()


@pytest.mark.parametrize(
    ("name", "method", "path", "query"),
    [
        ("authorisation_url_get", "get", "authorisationurl", "thirdPartyId=github&redirectURIOnProviderDashboard=a"),
        ("authorisation_url_get", "get", "signin/github", ""),
        ("apple_redirect_handler_post", "post", "callback/apple", ""),
    ],
)
def test_an_override_that_forgets_to_return_is_told_so(name: str, method: str, path: str, query: str) -> None:
    """The error names the function."""

    def forgets(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
        async def answer(*args: object, **kwargs: object) -> None:
            del args, kwargs

        setattr(original_implementation, name, answer)
        return original_implementation

    said = UserInfo("1", UserInfoEmail("ada@example.com", is_verified=True))
    auth = application(said, overrides=thirdparty.InputOverrideConfig(apis=forgets), redirects=ServerRedirects())
    request = BaseRequest(method, f"/auth/{path}", query=query)
    matched = auth.endpoints.match(request)
    assert matched is not None
    with auth.serve_context(request) as user_context, pytest.raises(ResultError, match=f"^{name} gave None"):
        asyncio.run(auth.endpoints.answer(request, matched, user_context))
    auth.close()


async def make_email(tenant_id: str, third_party_user_id: str, user_context: UserContext) -> str:
    """Return an address of the application's own."""
    return f"{third_party_user_id}@{tenant_id}.example"


@pytest.mark.parametrize(
    ("config", "email"),
    [
        (GITHUB, None),
        (attrs.evolve(GITHUB, require_email=True, generate_fake_email=make_email), None),
        (attrs.evolve(GITHUB, require_email=False), "1.github@stfakeemail.supertokens.com"),
        (attrs.evolve(GITHUB, require_email=False, generate_fake_email=make_email), "1@public.example"),
    ],
)
def test_no_address(config: ProviderConfig, email: str | None) -> None:
    """What stands in for an address is the library's or the application's, if one is allowed to."""
    auth = application(UserInfo("1"), config)
    result = asyncio.run(sign_in_up(auth))
    if email is None:
        assert result == SignInUpPostNoEmailGivenByProviderResponse()
    else:
        assert isinstance(result, SignInUpPostOkResult)
        assert [(each.email, each.verified) for each in result.user.login_methods] == [(email, True)]
    auth.close()


@pytest.mark.parametrize(("reason", "number"), [*zip(get_args(LinkingFailure), range(20, 24), strict=True)])
def test_linking_that_failed(reason: LinkingFailure, number: int) -> None:
    """An override that links says why it could not; the frontend shows the code."""

    @override(RecipeInterface[UserContext].sign_in_up)
    async def linking(
        original: SignInUp, third_party_id: str, third_party_user_id: str, email: str, is_verified: bool,
        oauth_tokens: JSONObject, raw_user_info_from_provider: RawUserInfoFromProvider,
        session: session.SessionContainer | None, should_try_linking_with_session_user: bool | None,
        tenant_id: str, user_context: UserContext,
    ) -> SignInUpResult:  # fmt: skip
        return LinkingToSessionUserFailedError(reason)

    auth = application(
        UserInfo("1", UserInfoEmail("ada@example.com")), overrides=thirdparty.InputOverrideConfig(functions=linking)
    )
    result = asyncio.run(sign_in_up(auth))
    assert isinstance(result, SignInUpNotAllowed)
    assert result.reason.endswith(f"(ERR_CODE_0{number})")
    auth.close()


def test_the_wish_to_link_is_refused() -> None:
    """Who is signed in and wants to link is told where the application links nothing, before any code is spent."""
    auth = application(UserInfo("1"))

    async def scenario() -> None:
        provider = await auth.recipe(ThirdPartyRecipe).functions.get_provider("github", None, "public", {})
        assert provider is not None
        wish = (EmptySession(), True, "public", options(auth))
        await auth.recipe(ThirdPartyRecipe).apis.sign_in_up_post(provider, None, {}, *wish, {})

    with pytest.raises(BadInputError, match="no account linking"):
        asyncio.run(scenario())
    auth.close()


def posted(auth: App, target: str) -> str:
    """Post Apple's form, and return where the browser is sent."""
    state = base64.b64encode(json.dumps({"frontendRedirectURI": target}).encode()).decode()
    form = auth.recipe(ThirdPartyRecipe).apis.apple_redirect_handler_post(
        {"state": state, "code": "c"}, options(auth), {}
    )
    result = asyncio.run(form)
    assert isinstance(result, AppleRedirectHandlerPostOkResult)
    assert "code" not in repr(result)
    return result.redirect_url


def test_the_application_decides_where_apple_leads() -> None:
    """Its answer counts instead of ours, for an app's own scheme say; what runs in a browser it is not asked about."""
    asked: list[str] = []

    def may_go_to(target: str, request: BaseRequest, user_context: UserContext) -> bool:
        asked.append(target)
        return "evil" not in target

    auth = application(UserInfo("1"), may_go_to=may_go_to)
    for target in ("com.example.app:/callback", "com.example.app:///callback", "com.example.app:callback"):
        assert posted(auth, target).startswith(f"{target}?state=")
        assert asked.pop() == target
    for target in (
        *(
            "javascript:alert(1)",
            "https://user@evil.example/",
            "data:,x",
            "https:///evil.example/",
            "https:evil.example",
        ),
        *("https://evil%2eexample/", "com.example.app:/callback/../x", "com.example.app:callback\\x", "/callback"),
    ):
        with pytest.raises(BadInputError, match="one place for everybody"):
            posted(auth, target)
    assert asked == []
    with pytest.raises(BadInputError, match="not one of"):
        posted(auth, "https://evil.example/")
    auth.close()


def test_the_application_sees_the_very_text() -> None:
    """What it is asked about is what the browser is sent to, but for what Apple posted: nothing climbs out of it."""
    asked: list[str] = []

    def may_go_to(target: str, request: BaseRequest, user_context: UserContext) -> bool:
        asked.append(target)
        return target.startswith(APPLES)

    auth = application(UserInfo("1"), may_go_to=may_go_to)
    for target, seen, sent in (
        (f"{APPLES}apple", f"{APPLES}apple", f"{APPLES}apple?state="),
        (f"{APPLES}a?x=%7e&y=a%20b+c", f"{APPLES}a?x=%7e&y=a%20b+c", f"{APPLES}a?x=%7e&y=a%20b+c&state="),
        (f"{APPLES}a?code=own&x=1#f", f"{APPLES}a?x=1#f", f"{APPLES}a?x=1&state="),
        (f"{APPLES}a?#f", f"{APPLES}a?#f", f"{APPLES}a?state="),
    ):
        assert posted(auth, target).startswith(sent)
        assert asked.pop() == seen
    for up in ("..", "%2e%2e", ".%2E", "%252e%252e", "%2e%2e%2f", "..;x", "..\\", "..%5c"):
        with pytest.raises(BadInputError):
            posted(auth, f"{APPLES}{up}/{up}/admin")
    with pytest.raises(BadInputError):
        posted(auth, "https://App.example.com/auth/callback/apple")  # seen as it is written, in capitals
    auth.close()


@pytest.mark.parametrize("verdict", ["no", "yes", 1, (True, "because"), [True], object(), 0, None, False, ""])
def test_what_is_not_true_allows_nothing(verdict: object) -> None:
    """Only True lets a browser go anywhere, of a function and of a coroutine function."""

    def may_go_to(target: str, request: BaseRequest, user_context: UserContext) -> bool:
        return cast("bool", verdict)  # what checkers refuse

    async def may_go_later(target: str, request: BaseRequest, user_context: UserContext) -> bool:
        return cast("bool", verdict)  # what checkers refuse

    for check in (may_go_to, may_go_later):
        auth = application(UserInfo("1"), may_go_to=check)
        with pytest.raises(BadInputError):
            posted(auth, f"{APPLES}apple")
        auth.close()


@pytest.mark.parametrize(
    ("website", "target", "sent"),
    [
        ("https://bücher.example", "https://bücher.example/cb", "https://xn--bcher-kva.example/cb"),
        ("https://bücher.example", "https://BÜCHER.example:443/cb", "https://xn--bcher-kva.example:443/cb"),
        ("https://bücher.example", normalize("NFD", "https://bücher.example/cb"), "https://xn--bcher-kva.example/cb"),
        ("https://bücher.example", "https://xn--bcher-kva.example/cb", "https://xn--bcher-kva.example/cb"),
        ("https://xn--bcher-kva.example", "https://bücher.example/cb", "https://xn--bcher-kva.example/cb"),
        ("http://рф:3000", "http://рф:3000?x", "http://xn--p1ai:3000?x"),
        ("https://straße.example", "https://xn--strae-oqa.example/cb", "https://xn--strae-oqa.example/cb"),
        ("https://strasse.example", "https://straße.example/cb", None),
        ("https://straße.example", "https://strasse.example/cb", None),
        ("https://bücher.example", "https://bucher.example/cb", None),
        ("https://bücher.example", "https://bücher.example:444/cb", None),
        ("https://bücher.example", "https://bücher.example.evil.example/cb", None),
        ("https://bücher.example", "https://bücher.example/ü", None),
        ("https://bücher.example", "https://bü cher.example/", None),
        ("https://c.example", "https://\u2100.example/", None),  # a/c, as browsers read it
        ("https://c.example", "https://c.example\uff052eevil.example/", None),  # a percent sign, likewise
    ],
)
def test_hosts_of_other_scripts(website: str, target: str, sent: str | None) -> None:
    """They are compared, and sent, as browsers write them (IDNA 2008): what is another host stays another one."""
    auth = application(UserInfo("1"), website=website)
    if sent is None:
        with pytest.raises(BadInputError, match="frontendRedirectURI"):
            posted(auth, target)
    else:
        assert posted(auth, target).startswith(sent)
    auth.close()


def test_the_application_sees_hosts_in_ascii() -> None:
    """A host of another script is shown as the browser is sent to it."""
    asked: list[str] = []

    def may_go_to(target: str, request: BaseRequest, user_context: UserContext) -> bool:
        asked.append(target)
        return True

    auth = application(UserInfo("1"), may_go_to=may_go_to)
    assert posted(auth, "https://bücher.example/cb").startswith("https://xn--bcher-kva.example/cb?state=")
    with pytest.raises(BadInputError):
        posted(auth, "https://bücher.example\uff052eevil.example/cb")  # whose percent sign only ASCII has
    assert asked == ["https://xn--bcher-kva.example/cb"]
    auth.close()
