"""What moved code does with requests, answers and routes, on every framework (rows M3, M8, M9 and M13)."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import httpx2
import pytest

from authweave.app import init
from authweave.extending import RecipeEntry
from authweave.framework import BaseRequest, BaseResponse
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, emailverification, session, thirdparty
from authweave.recipe.emailpassword.interfaces import APIInterface, APIOptions, EmailExistsGetOkResult
from authweave.recipe.emailverification.interfaces import APIInterface as VerificationAPIs
from authweave.recipe.session import InputErrorHandlers
from authweave.recipe.session.interfaces import APIInterface as SessionAPIs
from authweave.recipe.session.types import ClaimValidationError
from authweave.recipe.thirdparty.interfaces import APIInterface as ThirdPartyAPIs
from authweave.recipe.thirdparty.interfaces import APIOptions as ThirdPartyOptions
from authweave.recipe.thirdparty.interfaces import AppleRedirectHandlerPostOkResult
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo, RecipeUserId
from tests.integration.http.serving import COOKIES, HEADERS
from tests.patience import PATIENCE_S, PATIENT

from .moved.common import MARKS, OWN
from .serving import Framework

pytestmark = pytest.mark.everywhere


def switch_off_passwords(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
    """Switch every API off."""
    original_implementation.disable_sign_up_post = True
    original_implementation.disable_sign_in_post = True
    original_implementation.disable_email_exists_get = True
    original_implementation.disable_generate_password_reset_token_post = True
    original_implementation.disable_password_reset_post = True
    return original_implementation


def switch_off_sessions(original_implementation: SessionAPIs[UserContext]) -> SessionAPIs[UserContext]:
    """Switch every API off."""
    original_implementation.disable_refresh_post = True
    original_implementation.disable_signout_post = True
    return original_implementation


def switch_off_providers(original_implementation: ThirdPartyAPIs[UserContext]) -> ThirdPartyAPIs[UserContext]:
    """Switch every API off."""
    original_implementation.disable_authorisation_url_get = True
    original_implementation.disable_sign_in_up_post = True
    original_implementation.disable_apple_redirect_handler_post = True
    return original_implementation


def switch_off_verification(original_implementation: VerificationAPIs[UserContext]) -> VerificationAPIs[UserContext]:
    """Switch every API off."""
    original_implementation.disable_email_verify_post = True
    original_implementation.disable_is_email_verified_get = True
    original_implementation.disable_generate_email_verify_token_post = True
    return original_implementation


def tell_request(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
    """Answer what the request and the options say, each as the documents ask for it."""

    async def email_exists_get(
        email: str, tenant_id: str, api_options: APIOptions, user_context: UserContext
    ) -> EmailExistsGetOkResult:
        request, response = api_options.request, api_options.response
        told = {
            "method": request.method(),
            "url": request.get_original_url(),
            "path": request.get_path(),
            "email": request.get_query_param("email"),
            "default": request.get_query_param("missing", "none"),
            "params": dict(request.get_query_params()),
            "header": request.get_header(key="X-Asked"),
            "cookie": request.get_cookie(key="asked"),
            "session": request.get_session(),
            "framework": type(request.request).__module__.partition(".")[0],
            "recipe": [api_options.recipe_id, api_options.app_info.app_name, api_options.config.sign_up_api],
            "implementation": callable(api_options.recipe_implementation.sign_in),
        }
        response.set_json_content({key: value for key, value in told.items() if value is not None})
        response.set_status_code(418)
        response.set_header("X-Told", "yes")
        response.set_cookie("told", "yes", int(time.time() * 1000) + 60_000, "/auth", None, False, True, "strict")
        return EmailExistsGetOkResult(exists=False)

    original_implementation.email_exists_get = email_exists_get
    return original_implementation


def tell_form(original_implementation: ThirdPartyAPIs[UserContext]) -> ThirdPartyAPIs[UserContext]:
    """Answer a page with what the form says."""

    async def apple_redirect_handler_post(
        form_post_info: dict[str, str], api_options: ThirdPartyOptions, user_context: UserContext
    ) -> AppleRedirectHandlerPostOkResult:
        fields = await api_options.request.form_data()
        assert fields == form_post_info == await api_options.request.get_json_or_form_data()
        if "to" in fields:
            api_options.response.redirect(fields["to"])
        else:
            api_options.response.set_html_content(f"<p>{fields['name']}</p>")
            api_options.response.set_status_code(200)
        return AppleRedirectHandlerPostOkResult("https://example.com/nowhere")

    original_implementation.apple_redirect_handler_post = apple_redirect_handler_post
    return original_implementation


async def on_unauthorised(request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Answer in the documents' manner."""
    response.set_json_content({"message": "please sign in", "method": request.method(), "why": bool(message)})
    response.set_header("x-handled", "yes")
    response.set_cookie("handled", "yes", int(time.time() * 1000) + 60_000)
    return response


def on_try_refresh_token(request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Leave the usual answer alone."""
    return response


async def on_token_theft(
    request: BaseRequest, session_handle: str, user_id: str, recipe_user_id: RecipeUserId, response: BaseResponse
) -> BaseResponse:
    """Tell whose session it was."""
    response.set_html_content(f"{user_id} {recipe_user_id.get_as_string()} {bool(session_handle)}")
    response.set_status_code(401)
    return response


async def on_invalid_claim(
    request: BaseRequest, claim_validation_errors: list[ClaimValidationError], response: BaseResponse
) -> BaseResponse:
    """Never called here."""
    raise NotImplementedError


HANDLERS = InputErrorHandlers(on_token_theft, on_try_refresh_token, on_unauthorised, on_invalid_claim)


@contextmanager
def serving(framework: Framework, folder: Path, recipe_list: Sequence[RecipeEntry]) -> Generator[str]:
    """Serve an application with some recipes, which is the default of the process; yields its address."""
    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        recipe_list,
        storage=f"sqlite:///{folder}/auth.db",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
    )
    program = import_module(f"tests.integration.frameworks.moved.{framework.program}")
    with framework.server(getattr(program, framework.make)(auth)) as address:
        yield address
    auth.close()


@pytest.fixture(scope="module")
def address(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an application that answers otherwise."""
    recipes = [
        emailpassword.init(override=emailpassword.InputOverrideConfig(apis=tell_request)),
        thirdparty.init(override=thirdparty.InputOverrideConfig(apis=tell_form)),
        session.init(error_handlers=HANDLERS, refresh_grace_s=0),
    ]
    with serving(framework, tmp_path_factory.mktemp("told"), recipes) as address:
        yield address


@pytest.fixture(scope="module")
def address_of_none(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an application in which every API is switched off."""
    recipes = [
        emailpassword.init(override=emailpassword.InputOverrideConfig(apis=switch_off_passwords)),
        emailverification.init(
            "OPTIONAL", override=emailverification.InputOverrideConfig(apis=switch_off_verification)
        ),
        thirdparty.init(override=thirdparty.InputOverrideConfig(apis=switch_off_providers)),
        session.init(override=session.InputOverrideConfig(apis=switch_off_sessions)),
    ]
    with serving(framework, tmp_path_factory.mktemp("none"), recipes) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx2.Client]:
    """Open a client with a cookie jar of its own."""
    with httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        yield client


@pytest.mark.parametrize("mode", [COOKIES, HEADERS], ids=["cookie", "header"])
def test_sessions_of_the_framework_s_own_request(client: httpx2.Client, mode: dict[str, str]) -> None:
    """A route creates, finds and refreshes a session by the request that the framework handed it (M3)."""
    assert client.get("/who").json() == {"user": None}
    created = client.post("/login", headers=mode)
    assert (created.status_code, created.json()) == (200, {"user": "u"})
    assert created.headers["front-token"]
    access = {"authorization": f"Bearer {created.headers.get('st-access-token')}"} if mode is HEADERS else {}
    if mode is HEADERS:
        refresh = {"authorization": f"Bearer {created.headers['st-refresh-token']}"}
    else:  # its own path is that of the library's route
        refresh = {"cookie": f"sRefreshToken={client.cookies['sRefreshToken']}"}
    assert client.get("/who", headers=access).json() == {"user": "u"}
    renewed = client.post("/renew", headers=refresh)
    assert (renewed.status_code, renewed.json()) == (200, {"user": "u"})
    assert renewed.headers["front-token"] != created.headers["front-token"]


def test_verify_session_by_position(client: httpx2.Client) -> None:
    """It takes the reference's order, and each request gets its own copy of the context that is given (M12)."""
    client.post("/login", headers=COOKIES)
    for _ in range(2):
        assert client.get("/asked").json() == {"user": "u", "kept": True}
        assert MARKS.get_nowait() == ("given", True)


def test_error_handlers(client: httpx2.Client) -> None:
    """They are handed the usual answer, and what they change of it goes out (M9)."""
    answer = client.get("/asked")
    assert (answer.status_code, answer.headers["x-handled"]) == (401, "yes")
    assert answer.json() == {"message": "please sign in", "method": "GET", "why": True}
    assert client.cookies["handled"] == "yes"
    access = client.post("/login", headers=HEADERS).headers["st-access-token"]
    forged = client.get("/asked", headers={"authorization": f"Bearer {access[:-8]}AAAAAAAA"})
    assert (forged.status_code, forged.json()) == (401, {"message": "try refresh token"})


def test_an_error_handler_of_theft(client: httpx2.Client) -> None:
    """It is told whose session it was, in the reference's order, and may answer a page."""
    first = client.post("/login", headers=HEADERS)
    stolen = {"authorization": f"Bearer {first.headers['st-refresh-token']}"}
    second = client.post("/renew", headers=stolen)
    used = {"authorization": f"Bearer {second.headers['st-access-token']}"}
    assert client.get("/asked", headers=used).status_code == 200
    MARKS.get_nowait()
    client.post("/renew", headers={"authorization": f"Bearer {second.headers['st-refresh-token']}"})
    answer = client.post("/renew", headers=stolen)
    assert (answer.status_code, answer.text) == (401, "u u True")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_what_an_api_is_handed(client: httpx2.Client, framework: Framework) -> None:
    """Methods of the request, the options and the response are those of the reference (M9, M13)."""
    path = "/auth/emailpassword/email/exists"
    answer = client.get(path, params={"email": "a@b.co", "x": "1"}, headers={"x-asked": "yes", "cookie": "asked=crumb"})
    assert answer.status_code == 418
    assert answer.json() == {
        "method": "GET",
        "url": f"{client.base_url}{path}?email=a%40b.co&x=1",
        "path": path,
        "email": "a@b.co",
        "default": "none",
        "params": {"email": "a@b.co", "x": "1"},
        "header": "yes",
        "cookie": "crumb",
        "framework": {"fastapi": "starlette"}.get(framework.program, framework.program),
        "recipe": ["emailpassword", "Test", True],
        "implementation": True,
    }
    assert answer.headers["x-told"] == "yes"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("told=yes; Expires=")
    assert cookie.endswith("; Path=/auth; HttpOnly; SameSite=Strict")


def test_a_form_and_a_page(client: httpx2.Client) -> None:
    """An API reads a form, and answers a page, or sends the browser elsewhere."""
    page = client.post("/auth/callback/apple", data={"name": "Ada", "state": "s"})
    assert (page.status_code, page.text) == (200, "<p>Ada</p>")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    sent = client.post("/auth/callback/apple", data={"to": "https://example.com/there", "state": "s"})
    assert (sent.status_code, sent.headers["location"], sent.text) == (302, "https://example.com/there", "")


@pytest.mark.parametrize(("method", "path"), OWN)
def test_an_api_that_is_switched_off(address_of_none: str, method: str, path: str) -> None:
    """Requests for its route reach the application's own, also those of a tenant and of the frontends (M8)."""
    with httpx2.Client(base_url=address_of_none, timeout=PATIENCE_S) as client:
        answer = client.request(method, path, headers={"fdi-version": "4.1"})
        assert (answer.status_code, answer.json()) == (200, {"own": True})


@pytest.mark.parametrize(("method", "path"), [each for each in OWN if "email/verify" not in each[1]])
def test_an_api_that_is_not_switched_off(client: httpx2.Client, method: str, path: str) -> None:
    """Nobody reaches a route of the application's own there."""
    answer = client.request(method, path, headers={"fdi-version": "4.1"})
    assert "own" not in answer.text
