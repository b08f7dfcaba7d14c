from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest

from authweave.app import App, RecipeSetup, init
from authweave.errors import BadInputError, BusyError, StorageError, UnauthorisedError
from authweave.kernel import ResultError, UserContext, override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions
from authweave.recipe.emailpassword.signatures import EmailExistsGet, SignInPost, SignUpPost
from authweave.recipe.emailpassword.types import (
    EmailExistsGetResult,
    FormField,
    InputFormField,
    SignInPostNotAllowedResponse,
    SignInPostResult,
    SignUpPostNotAllowedResponse,
    SignUpPostResult,
)
from authweave.recipe.session.interfaces import APIInterface as SessionAPIs
from authweave.recipe.session.interfaces import APIOptions as SessionAPIOptions
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.signatures import SignoutPost
from authweave.recipe.session.types import SignOutPostResult
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, BaseRequest, GeneralErrorResponse, InputAppInfo, Response

APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
FORM: JSON = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}


def application(*recipes: RecipeSetup[UserContext], app_info: InputAppInfo = APP_INFO) -> App:
    """Build an application in memory, with cheap hashes."""
    return init(
        app_info,
        [*recipes, session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )


def request_of(
    method: str, path: str, body: JSON = None, *, headers: Sequence[tuple[str, str]] = (), query: str = ""
) -> BaseRequest:
    """Return a request as a plain value."""

    async def read_body() -> bytes:
        return json.dumps(body).encode()

    as_json = [("content-type", "application/json")]
    return BaseRequest(method, path, [*as_json, *headers], query, read_body)


async def respond(app: App, request: BaseRequest) -> Response:
    """Have a request answered that is one of ours."""
    matched = app.endpoints.match(request)
    assert matched is not None
    with app.serve_context(request) as user_context:
        return await app.endpoints.answer(request, matched, user_context)


def answer(app: App, request: BaseRequest) -> tuple[int, JSON]:
    """Return status and body of an answer."""
    response = asyncio.run(respond(app, request))
    app.close()
    content: JSON = json.loads(response.body)
    return response.status, content


class TestSwitches:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("post", "/auth/signup"),
            ("get", "/auth/emailpassword/email/exists"),
            ("get", "/auth/signup/email/exists"),
        ],
    )
    def test_switched_off(self, method: str, path: str) -> None:
        """What tells whether an address is known can be switched off; the application may have the path then."""
        on, off = (
            application(emailpassword.init()),
            application(emailpassword.init(sign_up_api=False, email_exists_api=False)),
        )
        assert on.endpoints.match(request_of(method, path)) is not None
        assert off.endpoints.match(request_of(method, path)) is None
        assert off.endpoints.match(request_of("post", "/auth/signin")) is not None

    def test_recipe_that_is_not_loaded(self) -> None:
        """Routes of recipes that the application does not list are not ours."""
        app = application()
        assert app.endpoints.match(request_of("post", "/auth/signin")) is None
        assert app.endpoints.match(request_of("post", "/auth/session/refresh")) is not None
        assert app.endpoints.match(request_of("get", "/auth/.well-known/openid-configuration")) is not None


@pytest.mark.parametrize(
    ("gateway", "base", "path"),
    [
        ("", "/auth", "/auth/signin"),
        ("", "", "/signin"),
        ("", "/", "/t1/signin"),
        ("/gateway", "/api/auth", "/api/auth/signin"),
        ("/gateway", "", "/signin"),
    ],
)
def test_base_paths(gateway: str, base: str, path: str) -> None:
    """Routes live below the base path, also at the root; what the gateway takes off does not arrive."""
    app_info = InputAppInfo(
        app_name="Test",
        api_domain="http://localhost",
        website_domain="http://localhost",
        api_gateway_path=gateway,
        api_base_path=base,
    )
    app = application(emailpassword.init(), app_info=app_info)
    assert app.endpoints.match(request_of("post", path)) is not None
    assert app.endpoints.match(request_of("post", f"/x{path}/x")) is None
    if gateway and base:
        assert app.endpoints.match(request_of("post", gateway + path)) is None
    app.close()


class TestResults:
    def test_an_override_that_forgets_to_return_is_told_so(self) -> None:
        """The error names the function, and what names the override."""

        def forgets(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
            async def sign_in_post(*args: object, **kwargs: object) -> None:
                del args, kwargs

            setattr(original_implementation, "sign_in_post", sign_in_post)  # noqa: B010  the checkers would see it
            return original_implementation

        app = application(emailpassword.init(override=emailpassword.InputOverrideConfig(apis=forgets)))
        with pytest.raises(ResultError, match=r"sign_in_post gave None.*debug=True"):
            answer(app, request_of("post", "/auth/signin", FORM))

    @pytest.mark.parametrize(
        ("result", "body"),
        [
            (SignUpPostNotAllowedResponse("why"), {"status": "SIGN_UP_NOT_ALLOWED", "reason": "why"}),
            (GeneralErrorResponse("text"), {"status": "GENERAL_ERROR", "message": "text"}),
        ],
    )
    def test_sign_up(self, result: SignUpPostResult, body: JSON) -> None:
        """Each result of the sign-up API has its body, with status 200."""

        @override(APIInterface[UserContext].sign_up_post)
        async def sign_up_post(
            original: SignUpPost,
            form_fields: list[FormField],
            tenant_id: str,
            session: SessionContainer | None,
            should_try_linking_with_session_user: bool | None,
            api_options: APIOptions,
            user_context: UserContext,
        ) -> SignUpPostResult:
            return result

        app = application(emailpassword.init(override=emailpassword.InputOverrideConfig(apis=sign_up_post)))
        assert answer(app, request_of("post", "/auth/signup", FORM)) == (200, body)

    @pytest.mark.parametrize(
        ("result", "body"),
        [
            (SignInPostNotAllowedResponse("why"), {"status": "SIGN_IN_NOT_ALLOWED", "reason": "why"}),
            (GeneralErrorResponse("text"), {"status": "GENERAL_ERROR", "message": "text"}),
        ],
    )
    def test_sign_in(self, result: SignInPostResult, body: JSON) -> None:
        """Each result of the sign-in API has its body, with status 200."""

        @override(APIInterface[UserContext].sign_in_post)
        async def sign_in_post(
            original: SignInPost,
            form_fields: list[FormField],
            tenant_id: str,
            session: SessionContainer | None,
            should_try_linking_with_session_user: bool | None,
            api_options: APIOptions,
            user_context: UserContext,
        ) -> SignInPostResult:
            return result

        app = application(emailpassword.init(override=emailpassword.InputOverrideConfig(apis=sign_in_post)))
        assert answer(app, request_of("post", "/auth/signin", FORM)) == (200, body)

    def test_email_exists(self) -> None:
        """The email-exists API may show a message."""

        @override(APIInterface[UserContext].email_exists_get)
        async def email_exists_get(
            original: EmailExistsGet, email: str, tenant_id: str, api_options: APIOptions, user_context: UserContext
        ) -> EmailExistsGetResult:
            return GeneralErrorResponse(f"not telling about {email} of {tenant_id}")

        app = application(emailpassword.init(override=emailpassword.InputOverrideConfig(apis=email_exists_get)))
        request = request_of("get", "/auth/emailpassword/email/exists", query="email=a%40x.io")
        message = "not telling about a@x.io of public"
        assert answer(app, request) == (200, {"status": "GENERAL_ERROR", "message": message})

    def test_sign_out(self) -> None:
        """The sign-out API may show a message."""

        @override(SessionAPIs[UserContext].signout_post)
        async def signout_post(
            original: SignoutPost, session: SessionContainer, api_options: SessionAPIOptions, user_context: UserContext
        ) -> SignOutPostResult:
            return GeneralErrorResponse("stay a little")

        app = init(
            APP_INFO,
            [
                emailpassword.init(),
                session.init(override=session.InputOverrideConfig(apis=signout_post)),
            ],
            storage=MemoryStorage(),
            secret=b"s" * 32,
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            default=False,
        )

        async def scenario() -> Response:
            signed_up = request_of("post", "/auth/signup", FORM)
            await respond(app, signed_up)
            [token] = signed_up.changes.get_all("st-access-token")
            return await respond(
                app, request_of("post", "/auth/signout", headers=[("authorization", f"Bearer {token}")])
            )

        response = asyncio.run(scenario())
        app.close()
        assert json.loads(response.body) == {"status": "GENERAL_ERROR", "message": "stay a little"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInputError("text"), 400),
        (BusyError(3), 429),
        (StorageError("gone"), 503),
        (UnauthorisedError("no"), 401),
    ],
)
def test_late_errors(error: Exception, status: int) -> None:
    """An override that refuses after the session was created takes its tokens back from the answer."""

    @override(APIInterface[UserContext].sign_up_post)
    async def sign_up_post(
        original: SignUpPost,
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        api_options: APIOptions,
        user_context: UserContext,
    ) -> SignUpPostResult:
        await original(form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context)
        assert api_options.request.changes.get_all("st-access-token") != [""]
        raise error

    app = application(emailpassword.init(override=emailpassword.InputOverrideConfig(apis=sign_up_post)))
    request = request_of("post", "/auth/signup", FORM)
    response = asyncio.run(respond(app, request))
    app.close()
    assert response.status == status
    assert request.changes.get_all("front-token") in ([], ["remove"])
    assert request.changes.get_all("st-access-token") in ([], [""])
    assert [name for name, _ in response.headers].count("retry-after") == (1 if status in {429, 503} else 0)


def test_faults_of_the_program() -> None:
    """A validator that breaks is the program's fault: it is raised, not answered."""

    def broken(value: JSON, tenant_id: str) -> str | None:
        raise RuntimeError("a bug")

    feature = emailpassword.InputSignUpFeature([InputFormField("name", broken)])
    app = application(emailpassword.init(sign_up_feature=feature))
    body: JSON = {"formFields": [{"id": "name", "value": "Ada"}]}
    with pytest.raises(RuntimeError, match="a bug"):
        asyncio.run(respond(app, request_of("post", "/auth/signup", body)))
    app.close()


def test_storage_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The operator learns what the client is not told."""

    @override(APIInterface[UserContext].email_exists_get)
    async def email_exists_get(
        original: EmailExistsGet, email: str, tenant_id: str, api_options: APIOptions, user_context: UserContext
    ) -> EmailExistsGetResult:
        raise StorageError("the disk is full")

    app = application(emailpassword.init(override=emailpassword.InputOverrideConfig(apis=email_exists_get)))
    status, body = answer(app, request_of("get", "/auth/emailpassword/email/exists", query="email=a%40x.io"))
    assert (status, body) == (503, {"message": "temporarily unavailable, try again later"})
    assert "the disk is full" in caplog.text


def test_taken_address() -> None:
    """A second sign-up with an address is a fault of the field, and no session is made."""
    app = application(emailpassword.init())

    async def scenario() -> tuple[Response, BaseRequest]:
        await respond(app, request_of("post", "/auth/signup", FORM))
        again = request_of("post", "/auth/signup", FORM)
        return await respond(app, again), again

    response, request = asyncio.run(scenario())
    app.close()
    assert json.loads(response.body)["status"] == "FIELD_ERROR"
    assert request.changes.headers == []


def test_cookies_of_an_older_domain() -> None:
    """With an older domain configured, a doubled refresh cookie is cleared there, with status 200."""
    app = init(
        APP_INFO,
        [session.init(cookie_domain=".example.com", older_cookie_domain=".old.example.com")],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        default=False,
    )
    request = request_of("post", "/auth/session/refresh", headers=[("cookie", "sRefreshToken=a; sRefreshToken=b")])
    response = asyncio.run(respond(app, request))
    app.close()
    assert response.status == 200
    assert set(json.loads(response.body)) == {"message"}
    cookies = request.changes.get_all("set-cookie")
    assert cookies
    assert all("old.example.com" in cookie for cookie in cookies)
