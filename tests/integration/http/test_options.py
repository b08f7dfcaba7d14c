"""Options that are functions, sync and async, over a socket."""

from __future__ import annotations

import httpx2
import pytest

from authweave.app import init
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import InputFormField, InputSignUpFeature
from authweave.recipe.session import InputErrorHandlers
from authweave.recipe.session.config import GetTokenTransferMethod
from authweave.recipe.session.types import AnyTransferMethod
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, BaseRequest, BaseResponse, InputAppInfo
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import PASSWORD, form, serving, set_cookies


def method(request: BaseRequest, for_create_new_session: bool, user_context: UserContext) -> AnyTransferMethod:
    """Have tokens of some clients travel by cookie, and of the others by header."""
    return "cookie" if request.get_header("x-app") == "web" else "header"


async def method_async(
    request: BaseRequest, for_create_new_session: bool, user_context: UserContext
) -> AnyTransferMethod:
    """Do so, and be awaited."""
    return method(request, for_create_new_session, user_context)


def teapot(request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Answer that there is no session."""
    response.set_json_content({"message": "short and stout"})
    return response


async def teapot_async(request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Do so, and be awaited."""
    return teapot(request, message, response)


def no_robots(value: JSON, tenant_id: str) -> str | None:
    """Refuse some."""
    return "No robots" if value == "robot" else None


async def no_robots_async(value: JSON, tenant_id: str) -> str | None:
    """Do so, and be awaited."""
    return no_robots(value, tenant_id)


@pytest.mark.parametrize("is_async", [False, True])
def test_functions_may_be_async(is_async: bool) -> None:
    """How tokens travel, what is answered to errors, and what is wrong with a field: with either kind of function."""
    chosen: GetTokenTransferMethod = method_async if is_async else method
    handlers = InputErrorHandlers(on_unauthorised=teapot_async if is_async else teapot)
    field = InputFormField("kind", no_robots_async if is_async else no_robots, optional=True)
    app = init(
        InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(sign_up_feature=InputSignUpFeature([field])),
            session.init(get_token_transfer_method=chosen, error_handlers=handlers),
        ],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    standard = [{"id": "email", "value": "robot@example.com"}, {"id": "password", "value": PASSWORD}]
    with serving(web_app(app)) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        fields = [*standard, {"id": "kind", "value": "robot"}]
        assert client.post("/auth/signup", json={"formFields": fields}).json()["formFields"] == [
            {"id": "kind", "error": "No robots"}
        ]
        by_header = client.post("/auth/signup", json=form("ada@example.com"))
        assert "st-access-token" in by_header.headers
        assert client.get("/me").json() == {"message": "short and stout"}
        by_cookie = client.post("/auth/signin", json=form("ada@example.com"), headers={"x-app": "web"})
        assert set(set_cookies(by_cookie)) == {"sAccessToken", "sRefreshToken"}
        user = by_cookie.json()["user"]["id"]
        assert client.get("/me", headers={"x-app": "web"}).json() == {"user": user}
        refreshed = client.post("/auth/session/refresh", headers={"x-app": "web"})
        assert (refreshed.status_code, set(set_cookies(refreshed))) == (200, {"sAccessToken", "sRefreshToken"})
    app.close()
