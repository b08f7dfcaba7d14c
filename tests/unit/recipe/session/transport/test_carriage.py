"""Whether a client can keep what it is given (docs/reference/http.md, How large a session may be)."""

from __future__ import annotations

import attrs
import pytest

from authweave.errors import ClaimsTooLargeError
from authweave.recipe import session
from authweave.recipe.session.transport import Carriage, attach_tokens, require_kept, warn_if_large
from authweave.recipe.session.transport._carriage import GROWTH, MAX_COOKIE_BYTES, sizes
from authweave.recipe.session.types import AntiCsrfMode, TokenTransferMethod
from authweave.types import JSONObject, ResponseChanges
from tests.unit.recipe.session.serving import bench, client_request, payload_of, run
from tests.unit.recipe.session.transport.test_answers import SETTINGS, TOKENS

BY_COOKIE = Carriage("cookie")


@pytest.mark.parametrize("to_frontend", [True, False])
@pytest.mark.parametrize("method", ["cookie", "header", None])
@pytest.mark.parametrize("large", ["access token", "front token", "neither"])
def test_who_is_refused(
    method: TokenTransferMethod | None, to_frontend: bool, large: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What a browser would drop is refused where a browser is to keep it; where not, it is logged."""
    carriage = Carriage(method, to_frontend)
    access, front = ("x" * 4_096 if large == each else "x" for each in ("access token", "front token"))
    claims: JSONObject = {"small": 1, "large": "xyz"}
    given = (carriage, SETTINGS, access, front, claims)
    if large == "neither" or not (method == "cookie" or to_frontend):
        require_kept(*given)
    else:
        with pytest.raises(ClaimsTooLargeError, match="'large', with 13 bytes") as error:
            require_kept(*given)
        assert (error.value.claim, error.value.max_size) == ("large", MAX_COOKIE_BYTES)
        assert access not in str(error.value) or access == "x"
    warn_if_large(*given)
    assert bool(caplog.records) is (large != "neither")


def test_what_is_measured_is_what_is_sent() -> None:
    """The size of a cookie is that of its header, to the byte; one more is too many."""
    settings = attrs.evolve(SETTINGS, domain=".example.com", same_site="none", partitioned=True)
    changes = ResponseChanges()
    attach_tokens(changes, settings, "cookie", TOKENS)
    written = [text for text in changes.get_all("set-cookie") if text.startswith("sAccessToken=a")]
    assert sizes(BY_COOKIE, settings, TOKENS.access_token, "f")["sAccessToken"] == len(written[0])
    room = MAX_COOKIE_BYTES - len(written[0]) + len(TOKENS.access_token)
    require_kept(BY_COOKIE, settings, "x" * room, "f", {})
    with pytest.raises(ClaimsTooLargeError):
        require_kept(BY_COOKIE, settings, "x" * (room + 1), "f", {})
    require_kept(BY_COOKIE, settings, "x" * (room - GROWTH), "f", {}, will_grow=True)
    with pytest.raises(ClaimsTooLargeError):
        require_kept(BY_COOKIE, settings, "x" * (room - GROWTH + 1), "f", {}, will_grow=True)


@pytest.mark.parametrize("anti_csrf", ["NONE", "VIA_TOKEN"])
def test_how_much_a_token_grows(anti_csrf: AntiCsrfMode) -> None:
    """With its first refresh a token grows by no more than is reckoned with, and afterwards no more."""
    made = bench(session.init(anti_csrf=anti_csrf))
    client = run(made.sign_in(client_request("post", "/", {"st-auth-mode": "cookie"}), role="x" * 900))
    lengths = [len(client.access_token)]
    for _ in range(3):
        refresh = client.refresh()
        run(made.recipe.requests.refresh_session(refresh))
        client.take(refresh.changes)
        lengths.append(len(client.access_token))
    assert payload_of(client.access_token)["role"] == "x" * 900
    assert GROWTH - 4 <= lengths[1] - lengths[0] <= GROWTH
    assert len(set(lengths[1:])) == 1
