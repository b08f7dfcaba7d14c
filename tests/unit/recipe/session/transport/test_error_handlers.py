"""What an application answers to session errors."""

import json
from collections.abc import Sequence
from functools import partial
from typing import cast

import attrs
import pytest

from authweave.kernel import UserContext, current_context
from authweave.recipe import session
from authweave.recipe.session import InputErrorHandlers
from authweave.recipe.session.exceptions import (
    ClearDuplicateSessionCookiesError,
    InvalidClaimsError,
    SessionError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.recipe.session.transport.error_handlers import OnUnauthorised
from authweave.recipe.session.types import ClaimValidationError
from authweave.types import BaseRequest, BaseResponse, RecipeUserId, Response
from tests.unit.recipe.session.serving import bench, client_request, run

OTHER = Response.from_json({"message": "other"}, 418)


@attrs.define
class Handlers:
    """Handlers of every kind, sync and async, that answer otherwise and note what they were told."""

    told: list[tuple[object, ...]] = attrs.field(factory=list[tuple[object, ...]])

    def note(self, request: BaseRequest, response: BaseResponse, *what: object) -> Response:
        """Note what an answer is about, its usual status, and whether the tokens are cleared by now."""
        self.told.append((*what, response.status_code, request.changes.get_all("front-token")))
        return OTHER

    def unauthorised(self, request: BaseRequest, message: str, response: BaseResponse) -> Response:
        return self.note(request, response, "unauthorised", message)

    async def try_refresh(self, request: BaseRequest, message: str, response: BaseResponse) -> Response:
        return self.note(request, response, "try refresh", message)

    async def theft(
        self, request: BaseRequest, handle: str, user: str, recipe_user: RecipeUserId, response: BaseResponse
    ) -> Response:
        return self.note(request, response, "theft", handle, user, recipe_user)

    def invalid(
        self, request: BaseRequest, failures: Sequence[ClaimValidationError], response: BaseResponse
    ) -> Response:
        return self.note(request, response, "invalid", [failure.id for failure in failures])

    def all(self) -> InputErrorHandlers:
        """Return them as `init` takes them."""
        return InputErrorHandlers(
            on_unauthorised=self.unauthorised,
            on_try_refresh_token=self.try_refresh,
            on_token_theft_detected=self.theft,
            on_invalid_claim=self.invalid,
        )


ERRORS: list[tuple[SessionError, tuple[object, ...]]] = [
    (UnauthorisedError("gone"), ("unauthorised", "gone", 401, ["remove"])),
    (UnauthorisedError("none came", clear_tokens=False), ("unauthorised", "none came", 401, [])),
    (TryRefreshTokenError("old"), ("try refresh", "old", 401, [])),
    (TokenTheftError("u", RecipeUserId("r"), "h"), ("theft", "h", "u", RecipeUserId("r"), 401, ["remove"])),
    (
        InvalidClaimsError("refused", [ClaimValidationError("a"), ClaimValidationError("b", 1)]),
        ("invalid", ["a", "b"], 403, []),
    ),
]


@pytest.mark.parametrize(("error", "told"), ERRORS)
def test_each_error_has_its_handler(error: SessionError, told: tuple[object, ...]) -> None:
    """A handler gets what happened and the usual answer, after the tokens were cleared; what it returns is sent."""
    handlers = Handlers()
    made = bench(session.init(error_handlers=handlers.all()))
    assert run(made.recipe.answer_error(client_request(), error)) == OTHER
    assert handlers.told == [told]


@pytest.mark.parametrize(("error", "told"), ERRORS)
def test_without_handlers(error: SessionError, told: tuple[object, ...]) -> None:
    """Without handlers, and with those of other errors, the frontends get what they expect."""
    other = Handlers()
    some = InputErrorHandlers(on_try_refresh_token=other.try_refresh)
    if isinstance(error, TryRefreshTokenError):
        some = InputErrorHandlers(on_unauthorised=other.unauthorised)
    for setup in (session.init(), session.init(error_handlers=some)):
        answer = run(bench(setup).recipe.answer_error(client_request(), error))
        assert answer.status == told[-2]
        assert "message" in json.loads(answer.body)
    assert other.told == []


def test_duplicate_cookies_have_a_handler_of_their_own() -> None:
    """The answer that clears older cookies is no refusal: handlers of those are not asked."""
    made = bench(session.init(error_handlers=Handlers().all()))
    assert run(made.recipe.answer_error(client_request(), ClearDuplicateSessionCookiesError())).status == 200


def test_a_changed_answer() -> None:
    """A handler may change the usual answer: here its body, while the status stays."""

    def friendly(_request: BaseRequest, _message: str, response: BaseResponse) -> BaseResponse:
        assert response.content == {"message": "unauthorised"}
        response.set_json_content({"message": "please sign in"})
        return response

    made = bench(
        session.init(session_expired_status_code=440, error_handlers=InputErrorHandlers(on_unauthorised=friendly))
    )
    answer = run(made.recipe.answer_error(client_request(), UnauthorisedError("gone")))
    assert (answer.status, json.loads(answer.body)) == (440, {"message": "please sign in"})


def test_the_context_of_the_request() -> None:
    """While a handler runs, the context of the request is the current one."""
    seen: list[UserContext] = []

    def noting(_request: BaseRequest, _message: str, response: BaseResponse) -> BaseResponse:
        seen.append(current_context())
        return response

    made = bench(session.init(error_handlers=InputErrorHandlers(on_unauthorised=noting)))
    context: UserContext = {}
    run(made.recipe.answer_error(client_request(), UnauthorisedError("gone"), context))
    assert seen[0] is context


def forgetful(_request: BaseRequest, _message: str, _response: BaseResponse) -> Response:
    """Return nothing, as an unchecked application may."""
    return cast("Response", None)  # the mistake that is tested


def failing(_request: BaseRequest, _message: str, _response: BaseResponse) -> Response:
    """Fail."""
    message = "a table is missing"
    raise LookupError(message)


async def failing_half_way(request: BaseRequest, _message: str, _response: BaseResponse) -> Response:
    """Fail after having begun to send tokens."""
    request.changes.set("front-token", "of another session")
    request.changes.add("set-cookie", "sAccessToken=other")
    message = "a table is missing"
    raise LookupError(message)


def with_header(_request: BaseRequest, _message: str, response: BaseResponse, value: str) -> BaseResponse:
    """Add a header."""
    response.set_header("X-Price", value)
    return response


def own_with_header(_request: BaseRequest, _message: str, _response: BaseResponse, value: str) -> Response:
    """Return an answer of one's own."""
    return Response.from_json({}, 401, [("x-price", value)])


def test_a_header_of_a_handlers_own() -> None:
    """What can be sent is."""
    latin = partial(with_header, value="5 \xa3\tand more")
    made = bench(session.init(error_handlers=InputErrorHandlers(on_unauthorised=latin)))
    answer = run(made.recipe.answer_error(client_request(), UnauthorisedError("gone")))
    assert (answer.status, answer.headers[-1]) == (401, ("x-price", "5 \xa3\tand more"))


@pytest.mark.parametrize(
    ("handler", "logged"),
    [
        (failing, "LookupError: a table is missing"),
        (failing_half_way, "LookupError: a table is missing"),
        (forgetful, "'unauthorised' returned NoneType"),
        (partial(with_header, value="5 \u20ac"), "characters that no header can carry"),
        (partial(with_header, value="a\r\nset-cookie: b=c"), "characters that no header can carry"),
        (partial(own_with_header, value="5 \u20ac"), "a header that cannot be sent"),
        (partial(own_with_header, value="a\r\nset-cookie: b=c"), "a header that cannot be sent"),
    ],
)
def test_tokens_are_cleared_whatever_a_handler_does(
    handler: OnUnauthorised, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A handler that fails is logged; the answer is 500, and the client forgets what it has to, and no more."""
    made = bench(session.init(error_handlers=InputErrorHandlers(on_unauthorised=handler)))
    usual = bench()
    for error in (UnauthorisedError("gone"), UnauthorisedError("none came", clear_tokens=False)):
        request, expected = client_request(), client_request()
        run(usual.recipe.answer_error(expected, error))
        answer = run(made.recipe.answer_error(request, error))
        assert answer.status == 500
        assert json.loads(answer.body) == {"message": "internal server error"}
        assert request.changes.headers == expected.changes.headers
    assert logged in caplog.text
    assert "for 'unauthorised' failed" in caplog.text
