"""Where an application lives, in normal form."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final, cast

import attrs
import pytest

from authweave import InputAppInfo, UserContext, init
from authweave.kernel import use_context
from authweave.recipe import session
from authweave.types import BaseRequest, ConfigurationError

INFO = InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000")


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("/", ""),
        (" auth/ ", "/auth"),
        ("/v1/auth.v2_~-/", "/v1/auth.v2_~-"),
        ("v1/auth.v2", "/v1/auth.v2"),
        ("https://api.example.com/v1/auth/?a=b#c", "/v1/auth"),
        ("HTTP://localhost:8000", ""),
        (None, "/auth"),
    ],
)
def test_paths_have_one_form(written: str | None, normal: str) -> None:
    """A path has one slash in front and none at the end, and the root is empty; of a whole URL it is the path."""
    assert attrs.evolve(INFO, api_base_path=written).normalised().api_base_path == normal


@pytest.mark.parametrize("field", ["api_gateway_path", "api_base_path", "website_base_path"])
@pytest.mark.parametrize("written", ["/a;b", "/a\r\nset-cookie: a=b", "/认证", "/a b", "/a?b", "/%61"])
def test_what_a_cookie_could_not_carry_is_no_path(field: str, written: str) -> None:
    """A path goes into cookies as it is, so one that would break them is refused at the start, by its field's name."""
    with pytest.raises(ConfigurationError, match=field):
        attrs.evolve(INFO, **{field: written}).normalised()


@pytest.mark.parametrize(
    "written",
    [
        "exa mple.com",
        "https://exa mple",
        "a\tb.com",
        "ex<ample.com",
        "http://a,b",
        "",
        ".",
        "..",
        "a..b",
        "/a.b",
        "ftp://a",
    ],
)
@pytest.mark.parametrize("field", ["api_domain", "website_domain"])
def test_what_is_no_host_is_no_domain(field: str, written: str) -> None:
    """White space and signs that no host has are refused at the start, by the field's name."""
    with pytest.raises(ConfigurationError, match=field):
        attrs.evolve(INFO, **{field: written}).normalised()


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("API.example.com", "https://api.example.com"),
        ("localhost:3000", "http://localhost:3000"),
        ("[::1]:80", "http://[::1]:80"),
        ("münchen.example", "https://münchen.example"),
        (".example.com", "https://example.com"),
        ("https://.example.com:8443/auth?a=b", "https://example.com:8443"),
        ("example.com/auth", "https://example.com"),
    ],
)
def test_domains_have_one_form(written: str, normal: str) -> None:
    """A domain is a scheme, a host in lower case and maybe a port; without a dot in front, and without a path."""
    assert attrs.evolve(INFO, api_domain=written).normalised().api_domain == normal


@pytest.mark.parametrize("written", ["auth.v1", "example.com/auth", "localhost", "LOCALHOST/auth"])
def test_what_may_be_a_host_is_no_path(written: str) -> None:
    """SuperTokens takes it for a host, and serves another path than it seems; here it has to be said."""
    with pytest.raises(ConfigurationError, match=f"write '/{written}' if it is a path"):
        attrs.evolve(INFO, api_base_path=written).normalised()


@pytest.mark.parametrize("field", ["api_domain", "website_domain", "origin", "api_base_path"])
def test_a_password_is_not_shown(field: str) -> None:
    """A URL with a password in it is refused, and the error does not show it."""
    with pytest.raises(ConfigurationError, match=field) as caught:
        attrs.evolve(INFO, **{field: "https://ada:secret-word@example.com/a b"}).normalised()
    assert "secret-word" not in str(caught.value)


def test_the_order_of_parameters_is_supertokens_s() -> None:
    """Programs that pass them by position mean the same here as there."""
    info = InputAppInfo("a", "https://api.example.com", "/v1", "/in", "/pages", "https://example.com").normalised()
    assert (info.api_gateway_path, info.api_base_path, info.website_base_path) == ("/v1", "/v1/in", "/pages")
    assert info.website_domain == "https://example.com"


def test_an_application_has_a_website() -> None:
    """Neither a domain nor an origin is refused, and so is an old call that passes the website third."""
    with pytest.raises(ConfigurationError, match="neither website_domain= nor origin="):
        InputAppInfo("a", "https://api.example.com").normalised()
    with pytest.raises(ConfigurationError, match="neither website_domain= nor origin="):
        InputAppInfo("a", "https://api.example.com", "https://example.com").normalised()


def test_a_text_for_the_origin() -> None:
    """It is the website, and comes before the domain, as in SuperTokens."""
    info = InputAppInfo("a", "a.example", origin="B.example:3000", website_domain="c.example").normalised()
    assert info.website_domain == info.get_origin(None) == "https://b.example:3000"
    assert info.has_origin("https://b.example:3000")
    assert not info.has_origin("https://c.example")


def by_tenant(request: BaseRequest | None, user_context: UserContext) -> str:
    """Return the website of a request, by its path, or by what a function that runs without one has written."""
    if request is None:
        return cast("dict[str, str]", user_context).get("website", "https://one.example")
    return f".{request.path.strip('/')}.example" if request.path in {"/one", "/two"} else "https://one.example"


def test_a_function_for_the_origin() -> None:
    """It is handed the request and the context, the current one by default, and what it returns is normalised."""
    info = InputAppInfo("a", "a.example", origin=by_tenant).normalised()
    assert info.website_domain == "https://one.example"
    request = BaseRequest("get", "/two")
    assert info.get_origin(request) == "https://two.example"
    assert info.has_origin("https://two.example", request)
    assert not info.has_origin("https://two.example", BaseRequest("get", "/one"))
    assert not info.has_origin("https://two.example")
    written = cast("UserContext", {"website": "two.example"})
    assert info.get_origin(None, written) == "https://two.example"
    with use_context(written):
        assert info.get_origin(None) == "https://two.example"


@pytest.mark.parametrize(
    "wrong", [None, 5, b"https://b.example", "", "https://", "https://b.example https://c.example"]
)
def test_what_is_no_website_opens_nothing(wrong: object) -> None:
    """A function that returns something else is as one that fails: the main website holds."""
    answers: list[object] = [wrong, "https://main.example", "https://main.example"]  # two at the start

    def which(*_: object) -> str:
        return cast("str", answers.pop() if len(answers) > 1 else wrong)  # the mistake

    info = InputAppInfo("a", "a.example", origin=which).normalised()
    assert info.get_origin(BaseRequest("get", "/")) == "https://main.example"
    assert not info.has_origin("https://b.example", BaseRequest("get", "/", [("origin", "https://b.example")]))


def fails_without_a_request(request: BaseRequest | None, user_context: UserContext) -> str:
    """Forget that there may be none."""
    del user_context
    found = cast("BaseRequest", request).get_header("x-website")
    return "https://b.example" if found == "b" else "https://c.example"


def test_a_function_that_forgets_requests_may_be_missing() -> None:
    """It is refused at the start, and not in the first mail that a script sends; with a domain beside it, it is not."""
    with pytest.raises(ConfigurationError, match="fails where no request is being served"):
        InputAppInfo("a", "a.example", origin=fails_without_a_request).normalised()
    info = InputAppInfo("a", "a.example", website_domain="d.example", origin=fails_without_a_request).normalised()
    assert info.get_origin(None) == "https://d.example"
    assert info.get_origin(BaseRequest("get", "/", [("x-website", "b")])) == "https://b.example"


@pytest.mark.parametrize("header", ["origin", "referer", "host", "x-forwarded-host", "X-Website"])
def test_a_function_that_takes_any_page(header: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whose word it takes, that gets the links in mails: refused, and told where nobody but the developer comes."""

    def believes(request: BaseRequest | None, user_context: UserContext) -> str:
        del user_context
        found = None if request is None else request.get_header(header)
        return found or "https://b.example"

    with pytest.raises(ConfigurationError, match="takes somebody else's page"):
        InputAppInfo("a", "https://a.example", origin=believes).normalised()
    assert caplog.messages == []
    InputAppInfo("a", "http://localhost:8000", origin=believes).normalised()
    assert "takes somebody else's page" in caplog.text


CAREFUL_OR_NOT: Final[list[tuple[str, Callable[[str], bool], bool]]] = [
    ("https://app.example.com", lambda page: page.startswith("https://app.example.com"), True),
    ("https://app.example.com", lambda page: "example.com" in page, True),
    ("https://app.example.com", lambda page: page.endswith("example.com"), True),
    ("https://app.example.com", lambda page: page.endswith(".example.com"), False),
    ("https://app.example.com", lambda page: page in {"https://a.example", "https://b.example"}, False),
    ("https://example.com:8443", lambda page: page.startswith("https://example.com"), True),
    ("https://app.intern", lambda page: page.endswith(".intern"), False),  # a network's own names
    ("https://intranet", lambda page: page.startswith("https://intranet"), True),
    ("https://10.0.0.7", lambda page: page.endswith(".0.7"), False),
    ("https://[fd00::7]", lambda page: page == "https://[fd00::7]", False),
]


@pytest.mark.parametrize(("website", "takes", "is_refused"), CAREFUL_OR_NOT)
def test_a_function_that_compares_carelessly(website: str, takes: Callable[[str], bool], is_refused: bool) -> None:
    """Pages whose hosts merely begin or end like a website's are somebody else's; those below it may be its own."""

    def which(request: BaseRequest | None, user_context: UserContext) -> str:
        del user_context
        page = "" if request is None else request.get_header("origin") or ""
        return page if takes(page) else website

    with pytest.raises(ConfigurationError, match="takes somebody else") if is_refused else nullcontext():
        InputAppInfo("a", "https://a.example", origin=which).normalised()


def test_a_function_that_takes_a_query_s_word() -> None:
    """Everybody can write one, and have a mail sent by it."""

    def which(request: BaseRequest | None, user_context: UserContext) -> str:
        del user_context
        return "https://b.example" if request is None else request.get_query_param("from", "https://b.example")

    with pytest.raises(ConfigurationError, match="takes somebody else"):
        InputAppInfo("a", "https://a.example", origin=which).normalised()


def test_an_async_function_is_refused() -> None:
    """Nobody would await it: `init` says so by the option's name."""
    with pytest.raises(ConfigurationError, match=r"app_info\.origin is async"):
        init(attrs.evolve(INFO, origin=cast("Any", asynchronous)), [session.init()], storage="sqlite://")


async def asynchronous(*_: object) -> str:
    """Be what is not awaited."""
    return "https://b.example"


@pytest.mark.parametrize(
    ("gateway", "base", "root_path", "seen"),
    [
        ("", "/auth", "", "/auth"),
        ("/api", "/auth", "", "/api/auth"),
        ("", "/auth", "/v1", "/v1/auth"),  # a mount
        ("", "/v1/auth", "/v1", "/v1/auth"),  # the base path says it
        ("/api", "/auth", "/api", "/api/auth"),  # the server was told of the gateway too
        ("/api", "/auth", "/v1", "/api/v1/auth"),  # a mount behind a gateway
        ("/api", "/auth", "/api/v1", "/api/v1/auth"),  # the same, where the server was told
        ("/api/v1", "/auth", "/v1", "/api/v1/auth"),  # the same, where the setting says all
        ("/ap", "/auth", "/api", "/ap/api/auth"),  # not the same segment
        ("", "/v", "/v1", "/v1/v"),
        ("", "", "/v1", "/v1"),
        ("", "/auth", "/a;b", "/auth"),  # no cookie could have it
        ("", "/auth", "/a\r\nb", "/auth"),
    ],
)
def test_the_base_path_as_browsers_write_it(gateway: str, base: str, root_path: str, seen: str) -> None:
    """What the gateway takes off, and what the root path says, are in front of it once."""
    info = attrs.evolve(INFO, api_gateway_path=gateway, api_base_path=base).normalised()
    assert info.base_path_below(root_path) == seen
    assert info.served_base_path == base
