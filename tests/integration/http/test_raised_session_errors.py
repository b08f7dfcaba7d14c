"""Session errors that an application raises itself, in the manner of SuperTokens, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import httpx2
import pytest
from fastapi import FastAPI

from authweave.app import init, set_default_app
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session
from authweave.recipe.session import InputErrorHandlers
from authweave.recipe.session.exceptions import (
    ClaimValidationError,
    ClearDuplicateSessionCookiesError,
    InvalidClaimsError,
    SuperTokensSessionError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
    raise_clear_duplicate_session_cookies_exception,
    raise_invalid_claims_exception,
    raise_token_theft_exception,
    raise_try_refresh_token_exception,
    raise_unauthorised_exception,
)
from authweave.types import BaseRequest, BaseResponse, InputAppInfo, JSONObject, RecipeUserId
from tests.patience import PATIENCE_S

from .serving import serving

USER = RecipeUserId("login")
COOKIE = {"cookie": "sAccessToken=x; sRefreshToken=x"}


def throw(error: Exception) -> NoReturn:
    """Raise an error, which an expression cannot."""
    raise error


RAISE: dict[str, Callable[[], NoReturn]] = {
    "unauthorised": lambda: raise_unauthorised_exception("gone"),
    "unauthorised-keep": lambda: raise_unauthorised_exception("none", False),
    "unauthorised-class": lambda: throw(UnauthorisedError("none", False)),
    "refresh": lambda: raise_try_refresh_token_exception("old"),
    "refresh-of-an-error": lambda: raise_try_refresh_token_exception(ValueError("old")),
    "refresh-of-ours": lambda: raise_try_refresh_token_exception(UnauthorisedError("gone")),
    "claims": lambda: raise_invalid_claims_exception(
        "refused", [ClaimValidationError(id_="age", reason={"message": "young"})]
    ),
    "claims-class": lambda: throw(InvalidClaimsError("refused", [ClaimValidationError("age", None)])),
    "theft": lambda: raise_token_theft_exception("user", USER, "handle"),
    "theft-class": lambda: throw(TokenTheftError("user", USER, "handle")),
    "cookies": lambda: raise_clear_duplicate_session_cookies_exception("cleared", response_mutators=[]),
}


def app() -> FastAPI:
    """Return an application whose routes raise what their name says."""
    made = FastAPI()
    made.add_middleware(get_middleware())

    @made.get("/{what}")
    def fail(what: str) -> str:
        RAISE[what]()

    @made.get("/caught/{what}")
    def caught(what: str) -> str:
        try:
            RAISE[what]()
        except SuperTokensSessionError as error:
            return type(error).__name__

    return made


async def on_theft(
    _request: BaseRequest, session_handle: str, user_id: str, recipe_user_id: RecipeUserId, response: BaseResponse
) -> BaseResponse:
    """Name all."""
    response.set_json_content({"theft": [session_handle, user_id, recipe_user_id.get_as_string()]})
    return response


def on_refresh(_request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Pass the message on."""
    response.set_json_content({"refresh": message})
    return response


def on_unauthorised(_request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Pass the message on."""
    response.set_json_content({"unauthorised": message})
    return response


def on_claims(_request: BaseRequest, failures: list[ClaimValidationError], response: BaseResponse) -> BaseResponse:
    """Name the refusals."""
    response.set_json_content({"claims": [failure.id_ for failure in failures]})
    return response


def on_cookies(_request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Pass the message on."""
    response.set_json_content({"cookies": message})
    return response


HANDLERS = InputErrorHandlers(on_theft, on_refresh, on_unauthorised, on_claims, on_cookies)


@pytest.fixture(params=[None, HANDLERS], ids=["usual", "handled"])
def answers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[httpx2.Client, bool]]:
    """Serve the application, whose errors are answered as usual, or by its own handlers."""
    auth = init(
        InputAppInfo("Raising", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(error_handlers=request.param)],
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
    )
    with serving(app()) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client, request.param is not None
    auth.close()
    set_default_app(None)


UNAUTHORISED: JSONObject = {"message": "unauthorised"}
REFRESH: JSONObject = {"message": "try refresh token"}
THEFT: JSONObject = {"message": "token theft detected"}
YOUNG: JSONObject = {"id": "age", "reason": {"message": "young"}}


@pytest.mark.parametrize(
    ("path", "status", "usual", "handled", "cleared"),
    [
        ("unauthorised", 401, UNAUTHORISED, {"unauthorised": "gone"}, True),
        ("unauthorised-keep", 401, UNAUTHORISED, {"unauthorised": "none"}, False),
        ("unauthorised-class", 401, UNAUTHORISED, {"unauthorised": "none"}, False),
        ("refresh", 401, REFRESH, {"refresh": "old"}, False),
        ("refresh-of-an-error", 401, REFRESH, {"refresh": "old"}, False),
        ("refresh-of-ours", 401, UNAUTHORISED, {"unauthorised": "gone"}, True),
        ("claims", 403, {"message": "invalid claim", "claimValidationErrors": [YOUNG]}, {"claims": ["age"]}, False),
        (
            "claims-class",
            403,
            {"message": "invalid claim", "claimValidationErrors": [{"id": "age"}]},
            {"claims": ["age"]},
            False,
        ),
        ("theft", 401, THEFT, {"theft": ["handle", "user", "login"]}, True),
        ("theft-class", 401, THEFT, {"theft": ["handle", "user", "login"]}, True),
        ("cookies", 200, {"message": "cleared"}, {"cookies": "cleared"}, False),
    ],
)
def test_what_the_client_is_told(
    answers: tuple[httpx2.Client, bool],
    path: str,
    status: int,
    usual: JSONObject,
    handled: JSONObject,
    cleared: bool,
) -> None:
    """Each is answered as if the library had raised it; handlers get who and which session in their own places."""
    client, has_handlers = answers
    answer = client.get(f"/{path}", headers=COOKIE)
    assert (answer.status_code, answer.json()) == (status, handled if has_handlers else usual)
    assert (answer.headers.get("front-token") == "remove") is cleared


@pytest.mark.parametrize("path", ["unauthorised", "refresh", "claims", "theft", "cookies"])
def test_one_class_catches_all(answers: tuple[httpx2.Client, bool], path: str) -> None:
    """An ``except SuperTokensSessionError`` catches each."""
    client, _ = answers
    kinds = {
        "unauthorised": UnauthorisedError,
        "refresh": TryRefreshTokenError,
        "claims": InvalidClaimsError,
        "theft": TokenTheftError,
        "cookies": ClearDuplicateSessionCookiesError,
    }
    assert client.get(f"/caught/{path}").json() == kinds[path].__name__


def test_response_mutators() -> None:
    """Functions that nobody would call are refused, and the message says what to do instead."""
    mutators: list[object] = [print]
    with pytest.raises(TypeError, match=r"InputErrorHandlers.*row M10"):
        raise_unauthorised_exception("gone", True, mutators)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  as an untyped application would
