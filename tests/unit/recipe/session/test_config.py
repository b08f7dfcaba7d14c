"""What init is told, checked and completed."""

from typing import cast

import pytest

from authweave.recipe.session.config import InputConfig, SessionConfig, complete
from authweave.recipe.session.transport import site_of
from authweave.recipe.session.types import AntiCsrfMode, SameSite
from authweave.types import ConfigurationError, InputAppInfo

DEFAULTS = InputConfig()


def configured(
    given: InputConfig = DEFAULTS, api: str = "https://api.example.com", website: str = "https://example.com"
) -> SessionConfig:
    """Return a complete configuration."""
    return complete(given, InputAppInfo("App", api, website).normalised())


def test_defaults() -> None:
    """What is not said follows from the domains, and from the usual numbers."""
    config = configured()
    assert config.issuer == "https://api.example.com/auth"
    assert config.refresh_path == config.cookies.refresh_path == "/auth/session/refresh"
    assert (config.session_expired_status_code, config.invalid_claim_status_code) == (401, 403)
    assert config.access_token_validity_ms == 3_600_000
    assert config.refresh_token_validity_ms == 8_640_000_000
    assert config.refresh_grace_ms == 10_000
    assert (config.cookies.domain, config.cookies.older_domain) == (None, None)
    assert config.use_dynamic_access_token_signing_key


def test_the_gateway_path_counts() -> None:
    """The gateway's path is in front of the refresh cookie's, and in the issuer; requests arrive without it."""
    info = InputAppInfo("App", "api.example.com", "example.com", api_gateway_path="/gw", api_base_path="/a")
    config = complete(DEFAULTS, info.normalised())
    assert (config.refresh_path, config.cookies.refresh_path) == ("/a/session/refresh", "/gw/a/session/refresh")
    assert config.issuer == "https://api.example.com/gw/a"


@pytest.mark.parametrize(
    ("api", "website", "same_site", "secure", "allowed"),
    [
        ("https://api.site.co.uk", "https://site.co.uk", "lax", True, True),
        ("https://a.github.io", "https://b.github.io", "none", True, True),
        ("https://github.io", "https://b.github.io", "none", True, True),
        ("http://localhost:3000", "http://127.0.0.1:8080", "lax", False, True),
        ("http://10.0.0.1", "http://10.0.0.2", "lax", False, True),
        ("https://example.com:1", "https://example.com:2", "lax", True, True),
        ("http://example.com", "https://example.com", "none", False, False),
        ("https://example.com", "http://example.com", "none", True, True),
        ("https://example.com", "https://example.org", "none", True, True),
        ("http://localhost", "https://localhost", "none", False, True),
        ("http://[::1]:80", "http://[::1]:81", "lax", False, True),
        ("http://[::1]", "http://[::2]", "none", False, False),
        ("http://intranet", "http://portal", "none", False, False),
    ],
)
def test_same_site(api: str, website: str, same_site: str, secure: bool, allowed: bool) -> None:
    """SameSite follows from registrable domain and scheme, Secure from the API's scheme; anti-CSRF from SameSite."""
    config = configured(api=api, website=website)
    assert (config.cookies.same_site, config.cookies.secure, config.cookies.allowed) == (same_site, secure, allowed)
    assert config.anti_csrf == ("NONE" if same_site == "lax" else "VIA_CUSTOM_HEADER")


def test_what_is_said_wins() -> None:
    """Explicit settings are not derived."""
    given = InputConfig(cookie_same_site="none", cookie_secure=False, anti_csrf="VIA_TOKEN")
    config = configured(given)
    assert (config.cookies.same_site, config.cookies.secure, config.anti_csrf) == ("none", False, "VIA_TOKEN")
    assert not config.cookies.allowed
    assert configured(InputConfig(cookie_same_site="strict")).anti_csrf == "NONE"
    assert configured(InputConfig(cookie_same_site="none")).anti_csrf == "VIA_CUSTOM_HEADER"


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" Example.COM ", "example.com"),
        (".example.com", ".example.com"),
        ("https://api.example.com:3000/path?x", "api.example.com"),
        ("https://.example.com", ".example.com"),
        ("localhost", "localhost"),
        (".localhost:3000", "localhost"),
        (".127.0.0.1", "127.0.0.1"),
        (None, None),
    ],
)
def test_cookie_domain(written: str | None, normal: str | None) -> None:
    """A domain keeps its leading dot and loses scheme, port and path; localhost and IPv4 addresses lose the dot."""
    config = configured(InputConfig(cookie_domain=written, older_cookie_domain=written))
    assert (config.cookies.domain, config.cookies.older_domain) == (normal, normal)


def test_an_empty_older_domain_means_the_host_alone() -> None:
    """An empty cookie_domain is as none; an empty older_cookie_domain says that there was none."""
    config = configured(InputConfig(cookie_domain="", older_cookie_domain=""))
    assert (config.cookies.domain, config.cookies.older_domain) == (None, "")


# The casts let a wrong word pass the type checkers, as an untyped application would.
WRONG: list[tuple[InputConfig, str]] = [
    (InputConfig(cookie_same_site=cast("SameSite", "Lax")), "cookie_same_site='Lax'"),  # wrong
    (InputConfig(anti_csrf=cast("AntiCsrfMode", "via_token")), "anti_csrf='via_token'"),  # wrong
    (InputConfig(cookie_domain="exa mple.com"), "cookie_domain='exa mple.com'"),
    (InputConfig(cookie_domain="a;b"), "cookie_domain='a;b'"),
    (InputConfig(cookie_domain="http://[::1"), "cookie_domain='http://[::1'"),
    (InputConfig(cookie_domain=" "), "cookie_domain=' '"),
    (InputConfig(older_cookie_domain="-"), "older_cookie_domain='-'"),
    (InputConfig(session_expired_status_code=200), "session_expired_status_code=200"),
    (InputConfig(invalid_claim_status_code=600), "invalid_claim_status_code=600"),
    (InputConfig(session_expired_status_code=403), "are both 403"),
    (InputConfig(access_token_validity_s=0), "access_token_validity_s=0"),
    (InputConfig(refresh_token_validity_s=3600), "refresh_token_validity_s=3600"),
    (InputConfig(refresh_grace_s=-1), "refresh_grace_s=-1"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_what_cannot_work_is_refused(given: InputConfig, said: str) -> None:
    """A configuration that cannot work is refused with the name and the value of what is wrong."""
    with pytest.raises(ConfigurationError) as error:
        configured(given)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("a.vercel.app", "a.vercel.app"),
        ("192.168.1.1", "localhost"),
        ("localhost", "localhost"),
        ("::1", "::1"),
        ("x.internal", "x.internal"),
    ],
)
def test_site_of(host: str, site: str) -> None:
    """A site is the registrable domain, where private suffixes count as suffixes."""
    assert site_of(host) == site
