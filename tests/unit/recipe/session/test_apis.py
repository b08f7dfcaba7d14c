"""The APIs of the recipe."""

import pytest

from authweave.recipe import session
from authweave.recipe.session.exceptions import TryRefreshTokenError, UnauthorisedError
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.types import SignOutOkayResponse
from authweave.types import BaseRequest, ConfigurationError
from tests.unit.recipe.session.serving import Bench, bench, client_request, run


def verify(made: Bench, request: BaseRequest, *, required: bool = True) -> session.SessionContainer | None:
    """Verify a request by the API."""
    return run(made.recipe.apis.verify_session(made.options(request), None, required, False, None, {}))


def test_signing_out() -> None:
    """Signing out revokes the session and clears the tokens of its method."""
    made = bench()
    client = run(made.sign_in())
    request = client.request("post")
    found = verify(made, request)
    assert found is not None
    assert run(made.recipe.apis.signout_post(found, made.options(request), {})) == SignOutOkayResponse()
    assert made.storage.part(SESSIONS).find_session(found.get_handle()) is None
    assert request.changes.get_all("front-token") == ["remove"]


def test_refreshing() -> None:
    """The refresh API attaches new tokens to its request."""
    made = bench()
    client = run(made.sign_in())
    request = client.refresh()
    container = run(made.recipe.apis.refresh_post(made.options(request), {}))
    assert request.session is container
    assert len(request.changes.get_all("set-cookie")) == 2


@pytest.mark.parametrize("path", ["/auth/session/refresh", "/auth/session/refresh/"])
def test_verifying_the_refresh_path(path: str) -> None:
    """Before the refresh route, a POST is refreshed rather than verified (docs/reference/http.md, Verifying)."""
    made = bench()
    client = run(made.sign_in())
    request = client_request("post", path, {"cookie": f"sRefreshToken={client.refresh_token}"})
    assert verify(made, request) is not None
    assert len(request.changes.get_all("set-cookie")) == 2
    with pytest.raises(UnauthorisedError):
        verify(made, client_request("get", path, {"cookie": f"sRefreshToken={client.refresh_token}"}))


@pytest.mark.parametrize("method", ["options", "trace"])
def test_requests_that_never_bring_a_session(method: str) -> None:
    """A preflight has no session; to require one is a mistake of the application."""
    made = bench()
    assert verify(made, client_request(method), required=False) is None
    with pytest.raises(ConfigurationError, match=method.upper()):
        verify(made, client_request(method))


def test_status_codes_can_be_changed() -> None:
    """Answers have the status codes that were configured."""
    made = bench(session.init(session_expired_status_code=440))
    for error in (UnauthorisedError("x"), TryRefreshTokenError("x")):
        assert run(made.recipe.answer_error(client_request(), error)).status == 440
