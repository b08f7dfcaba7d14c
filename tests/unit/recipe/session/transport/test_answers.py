"""What is set and cleared in an answer."""

import base64
import json
from itertools import pairwise

import attrs
import pytest

from authweave.recipe.session.transport import (
    BOTH_METHODS,
    CookieSettings,
    OutgoingTokens,
    attach_tokens,
    carries_token,
    clear_legacy_cookie,
    clear_older_domain,
    clear_tokens,
    encoded_front_token,
)
from authweave.recipe.session.types import TokenInfo, TokenTransferMethod
from authweave.types import BaseRequest, JSONObject, ResponseChanges

SETTINGS = CookieSettings(
    domain=None,
    older_domain=None,
    secure=True,
    same_site="lax",
    refresh_path="/r",
    allowed=True,
    expose_access_token=False,
    website_host="example.com",
)
DAY_MS = 86_400_000
TOKENS = OutgoingTokens(
    access_token="a.b.c",
    front_token="ft",
    issued_at_ms=0,
    refresh_token=TokenInfo("r/1", 100 * DAY_MS, 0),
    anti_csrf_token="proof",
)
EPOCH = "Expires=Thu, 01 Jan 1970 00:00:00 GMT"


def headers(changes: ResponseChanges) -> dict[str, list[str]]:
    """Return the changes by name."""
    return {name: changes.get_all(name) for name, _ in changes.headers}


def test_cookie_mode() -> None:
    """By cookie, the access cookie lives a year, the refresh cookie as long as its token, on its own path."""
    changes = ResponseChanges()
    attach_tokens(changes, SETTINGS, "cookie", TOKENS)
    assert headers(changes) == {
        "front-token": ["ft"],
        "anti-csrf": ["proof"],
        "access-control-expose-headers": ["front-token,anti-csrf"],
        "set-cookie": [
            "sAccessToken=a.b.c; Expires=Fri, 01 Jan 1971 00:00:00 GMT; Path=/; HttpOnly; Secure; SameSite=Lax",
            "sRefreshToken=r%2F1; Expires=Sat, 11 Apr 1970 00:00:00 GMT; Path=/r; HttpOnly; Secure; SameSite=Lax",
        ],
    }


def test_header_mode() -> None:
    """By header, tokens stand in exposed headers as they are, and no cookie is set."""
    changes = ResponseChanges()
    attach_tokens(changes, SETTINGS, "header", attrs.evolve(TOKENS, anti_csrf_token=None))
    assert headers(changes) == {
        "front-token": ["ft"],
        "st-access-token": ["a.b.c"],
        "st-refresh-token": ["r/1"],
        "access-control-expose-headers": ["front-token,st-access-token,st-refresh-token"],
    }


def test_only_the_access_token_is_new() -> None:
    """A payload that changed sends the access token and the front token, and leaves the refresh token alone."""
    changes = ResponseChanges()
    attach_tokens(changes, SETTINGS, "cookie", attrs.evolve(TOKENS, refresh_token=None, anti_csrf_token=None))
    assert [text.partition("=")[0] for text in changes.get_all("set-cookie")] == ["sAccessToken"]
    assert changes.get_all("anti-csrf") == []


def test_an_exposed_access_token() -> None:
    """With cookies the frontend gets the access token in a header too, if the application wants that."""
    changes = ResponseChanges()
    attach_tokens(changes, attrs.evolve(SETTINGS, expose_access_token=True), "cookie", TOKENS)
    assert changes.get_all("st-access-token") == ["a.b.c"]
    assert changes.get_all("st-refresh-token") == []


@pytest.mark.parametrize(
    ("settings", "attributes"),
    [
        (attrs.evolve(SETTINGS, domain=".example.com"), "Domain=.example.com; Path=/; HttpOnly; Secure; SameSite=Lax"),
        (attrs.evolve(SETTINGS, secure=False), "Path=/; HttpOnly; SameSite=Lax"),
        (attrs.evolve(SETTINGS, same_site="none"), "Path=/; HttpOnly; Secure; SameSite=None"),
        (attrs.evolve(SETTINGS, same_site="strict"), "Path=/; HttpOnly; Secure; SameSite=Strict"),
    ],
)
def test_cookie_attributes(settings: CookieSettings, attributes: str) -> None:
    """Domain, Secure and SameSite are as configured, when a cookie is set and when it is cleared."""
    for change in (ResponseChanges(), ResponseChanges()):
        attach_tokens(change, settings, "cookie", TOKENS)
        assert change.get_all("set-cookie")[0].split("; ", 2)[2] == attributes
        clear_tokens(change, settings)
        assert change.get_all("set-cookie")[0] == f"sAccessToken=; {EPOCH}; {attributes}"


def test_partitioned_cookies() -> None:
    """They are set and cleared with the attribute; what is left from before, without it, is cleared first each time."""
    partitioned = attrs.evolve(SETTINGS, same_site="none", partitioned=True, older_domain=".old.example")
    without = "Path=/; HttpOnly; Secure; SameSite=None"
    set_both, cleared = ResponseChanges(), ResponseChanges()
    attach_tokens(set_both, partitioned, "cookie", TOKENS)
    clear_tokens(cleared, partitioned, ("cookie",))
    first, second = set_both.get_all("set-cookie")[:2]
    assert first == f"sAccessToken=; {EPOCH}; {without}"
    assert second.startswith("sAccessToken=a.b.c; ")
    assert second.endswith(f"; {without}; Partitioned")
    assert cleared.get_all("set-cookie")[:2] == [first, f"{first}; Partitioned"]
    assert len(cleared.get_all("set-cookie")) == len(set_both.get_all("set-cookie")) == 4
    request = BaseRequest("post", "/", [("cookie", "sAccessToken=a; sAccessToken=b; sIdRefreshToken=c")])
    clear_older_domain(request, partitioned, "expired")
    clear_legacy_cookie(request, partitioned)
    kinds = [(text.partition("=")[0], text.endswith("; Partitioned")) for text in request.changes.get_all("set-cookie")]
    assert kinds == [(name, given) for name in ("sAccessToken", "sIdRefreshToken") for given in (False, True)]


@pytest.mark.parametrize("methods", [("cookie",), ("header",), BOTH_METHODS])
def test_clearing(methods: tuple[TokenTransferMethod, ...]) -> None:
    """What is cleared is the methods asked for, and the front token always; the anti-CSRF token is taken back."""
    changes = ResponseChanges()
    changes.add("anti-csrf", "proof")
    clear_tokens(changes, SETTINGS, methods)
    cookies = [text.split("; ")[:2] for text in changes.get_all("set-cookie")]
    assert cookies == ([["sAccessToken=", EPOCH], ["sRefreshToken=", EPOCH]] if "cookie" in methods else [])
    cleared = [""] if "header" in methods else []
    assert (changes.get_all("st-access-token"), changes.get_all("st-refresh-token")) == (cleared, cleared)
    assert changes.get_all("front-token") == ["remove"]
    assert changes.get_all("anti-csrf") == []
    assert "front-token" in changes.get_all("access-control-expose-headers")[0].split(",")


def test_clearing_takes_back_an_exposed_access_token() -> None:
    """What was to be exposed of a cookie session that is over is not sent."""
    changes, exposing = ResponseChanges(), attrs.evolve(SETTINGS, expose_access_token=True)
    attach_tokens(changes, exposing, "cookie", TOKENS)
    clear_tokens(changes, exposing, ("cookie",))
    assert TOKENS.access_token not in str(changes.headers)
    assert changes.get_all("front-token") == ["remove"]


def test_later_changes_replace_earlier_ones() -> None:
    """Whatever is set, cleared and set again in one answer, the client gets each cookie and header once."""
    changes = ResponseChanges()
    for _ in range(2):
        attach_tokens(changes, SETTINGS, "cookie", TOKENS)
        clear_tokens(changes, SETTINGS)
        attach_tokens(changes, SETTINGS, "cookie", TOKENS)
    names = sorted(text.partition("=")[0] for text in changes.get_all("set-cookie"))
    assert names == ["sAccessToken", "sRefreshToken"]
    assert changes.get_all("front-token") == ["ft"]
    exposed = changes.get_all("access-control-expose-headers")[0].split(",")
    assert all(one != other for one, other in pairwise(sorted(exposed)))


def test_cookies_of_others_stay() -> None:
    """Cookies that an API set itself, and headers that it exposed, are left alone."""
    changes = ResponseChanges([("set-cookie", "theirs=1; Path=/"), ("access-control-expose-headers", "x-theirs, y")])
    attach_tokens(changes, SETTINGS, "cookie", TOKENS)
    assert changes.get_all("set-cookie")[0] == "theirs=1; Path=/"
    assert changes.get_all("access-control-expose-headers") == ["x-theirs,y,front-token,anti-csrf"]


@pytest.mark.parametrize(("older", "attribute"), [(".old.example", "Domain=.old.example; "), ("", "")])
def test_the_older_domain(older: str, attribute: str) -> None:
    """Each repeated cookie is cleared on the older domain, with the front token that is to be sent."""
    cookie = "sAccessToken=a; sAccessToken=b; sRefreshToken=c; sRefreshToken=d"
    request = BaseRequest("post", "/auth/session/refresh", [("cookie", cookie)])
    clear_older_domain(request, attrs.evolve(SETTINGS, domain=".new.example", older_domain=older), "expired")
    assert request.changes.get_all("set-cookie") == [
        f"sAccessToken=; {EPOCH}; {attribute}Path=/; HttpOnly; Secure; SameSite=Lax",
        f"sRefreshToken=; {EPOCH}; {attribute}Path=/r; HttpOnly; Secure; SameSite=Lax",
    ]
    assert request.changes.get_all("front-token") == ["expired"]


def test_only_repeated_cookies_are_cleared_on_the_older_domain() -> None:
    """A cookie that came once is not a leftover."""
    request = BaseRequest("post", "/", [("cookie", "sAccessToken=a; sRefreshToken=c; sRefreshToken=d")])
    clear_older_domain(request, attrs.evolve(SETTINGS, older_domain=""), "expired")
    assert [text.partition("=")[0] for text in request.changes.get_all("set-cookie")] == ["sRefreshToken"]


def test_the_legacy_cookie() -> None:
    """The session cookie of 2022 and before is cleared if it was sent, and only then."""
    sent, unsent = (BaseRequest("post", "/", [("cookie", text)]) for text in ("sIdRefreshToken=x", "other=1"))
    clear_legacy_cookie(sent, SETTINGS)
    clear_legacy_cookie(unsent, SETTINGS)
    assert sent.changes.get_all("set-cookie")[0].startswith(f"sIdRefreshToken=; {EPOCH}; Path=/; ")
    assert unsent.changes.headers == []


@pytest.mark.parametrize(
    ("header", "cookie", "header_mode"),
    [
        (("authorization", "Bearer x"), False, True),
        (("cookie", "sAccessToken=x"), True, False),
        (("cookie", "sRefreshToken=x"), True, False),
        (("cookie", "other=x"), False, False),
    ],
)
def test_carries_token(header: tuple[str, str], cookie: bool, header_mode: bool) -> None:
    """A request carries a token by a method if there is one, whatever it is worth."""
    request = BaseRequest("post", "/", [header])
    assert (carries_token(request, "cookie"), carries_token(request, "header")) == (cookie, header_mode)


@pytest.mark.parametrize("payload", [{}, {"name": "Zoë ☃", "n": [1, None, {"x": True}]}])
def test_front_token(payload: JSONObject) -> None:
    """The front token is standard base64 of UTF-8 JSON with the user, the expiry and the payload."""
    decoded = json.loads(base64.b64decode(encoded_front_token("u1", 1_234, payload), validate=True).decode())
    assert decoded == {"uid": "u1", "ate": 1_234, "up": payload}


def test_tokens_are_not_in_a_repr() -> None:
    """Printing what is handed out shows no token."""
    assert not any(secret in repr(TOKENS) for secret in ("a.b.c", "r/1", "proof", "ft'"))
