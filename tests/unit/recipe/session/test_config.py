"""What init is told, checked and completed."""

import re
from pathlib import Path
from typing import cast, get_args

import attrs
import pytest

from authweave.recipe.session.config import InputConfig, SessionConfig, complete
from authweave.recipe.session.transport import site_of
from authweave.recipe.session.types import AntiCsrfMode, Risk, SameSite
from authweave.types import ConfigurationError, InputAppInfo

DEFAULTS = InputConfig()


def configured(
    given: InputConfig = DEFAULTS, api: str = "https://api.example.com", website: str = "https://example.com"
) -> SessionConfig:
    """Return a complete configuration."""
    return complete(given, InputAppInfo("App", api, website_domain=website).normalised())


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
    info = InputAppInfo(
        "App", "api.example.com", website_domain="example.com", api_gateway_path="/gw", api_base_path="/a"
    )
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
    api = f"https://{normal}" if normal in {"localhost", "127.0.0.1"} else "https://api.example.com"
    config = configured(InputConfig(cookie_domain=written, older_cookie_domain=written), api, api)
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
    (InputConfig(session_lifetime_s=0), "session_lifetime_s=0"),
    (InputConfig(max_sessions_per_user=0), "max_sessions_per_user=0"),
    (InputConfig(accept_risks={cast("Risk", "plain http")}), "accept_risks='plain http'"),  # wrong
    (InputConfig(accept_risks=cast("set[Risk]", "plain_http")), "accept_risks='plain_http'"),  # wrong
    (InputConfig(cookie_partitioned=True), "cookie_same_site='none'"),
    (InputConfig(cookie_partitioned=True, cookie_same_site="strict"), "SameSite=Strict"),
    (InputConfig(cookie_partitioned=True, cookie_same_site="none", cookie_secure=False), "Secure"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_what_cannot_work_is_refused(given: InputConfig, said: str) -> None:
    """A configuration that cannot work is refused with the name and the value of what is wrong."""
    with pytest.raises(ConfigurationError) as error:
        configured(given)
    assert said in str(error.value)


ELSEWHERE = {"api": "https://api.example.com", "website": "https://example.org"}
REFUSED: list[tuple[Risk, InputConfig, dict[str, str]]] = [
    ("public_suffix_cookie_domain", InputConfig(cookie_domain=".com"), {}),
    ("public_suffix_cookie_domain", InputConfig(cookie_domain="com"), {}),
    ("public_suffix_cookie_domain", InputConfig(cookie_domain=".co.uk"), {"api": "https://api.example.co.uk"}),
    ("public_suffix_cookie_domain", InputConfig(cookie_domain="github.io"), {"api": "https://mine.github.io"}),
    ("public_suffix_cookie_domain", InputConfig(cookie_domain=".lan"), {"api": "http://api.lan"}),
    ("foreign_cookie_domain", InputConfig(cookie_domain=".co.uk"), {}),
    ("foreign_cookie_domain", InputConfig(cookie_domain=".example.org"), {}),
    ("foreign_cookie_domain", InputConfig(cookie_domain="other.example.com"), {}),
    ("foreign_cookie_domain", InputConfig(cookie_domain="below.api.example.com"), {}),
    ("foreign_cookie_domain", InputConfig(cookie_domain="pi.example.com"), {}),
    ("foreign_cookie_domain", InputConfig(cookie_domain="localhost"), {}),
    ("foreign_cookie_domain", InputConfig(cookie_domain="1.1.1"), {"api": "https://1.1.1.1"}),
    ("no_anti_csrf_across_sites", InputConfig(anti_csrf="NONE"), ELSEWHERE),
    ("no_anti_csrf_across_sites", InputConfig(anti_csrf="NONE", cookie_same_site="none"), {}),
    ("no_anti_csrf_across_sites", InputConfig(anti_csrf="NONE"), {"website": "http://example.com"}),
]
WARNED: list[tuple[Risk, InputConfig, dict[str, str]]] = [
    ("foreign_cookie_domain", InputConfig(cookie_domain=".example.com"), {"api": "http://localhost:8000"}),
    ("plain_http", DEFAULTS, {"api": "http://api.example.com", "website": "http://localhost"}),
    ("plain_http", DEFAULTS, {"website": "http://example.com"}),
    ("plain_http", DEFAULTS, {"api": "http://1.1.1.1", "website": "http://10.0.0.1"}),
    ("plain_http", DEFAULTS, {"website": "http://localhost.example.com"}),
    ("insecure_cookies", InputConfig(cookie_secure=False), {}),
    ("long_grace", InputConfig(refresh_grace_s=365 * 86_400), {}),
    ("long_grace", InputConfig(refresh_grace_s=3_601), {}),
    ("long_access_tokens", InputConfig(access_token_validity_s=86_401), {}),
    ("long_sessions", InputConfig(refresh_token_validity_s=400 * 86_400 + 1), {}),
]
FINE: list[tuple[InputConfig, dict[str, str]]] = [
    (DEFAULTS, {}),
    (DEFAULTS, ELSEWHERE),
    (DEFAULTS, {"api": "http://localhost:8000", "website": "http://127.0.0.1:3000"}),
    (DEFAULTS, {"api": "http://[::1]:8000", "website": "http://app.localhost:3000"}),
    (DEFAULTS, {"api": "http://192.168.1.7", "website": "http://192.168.1.7:3000"}),
    (DEFAULTS, {"api": "http://testserver", "website": "http://testserver:3000"}),
    (InputConfig(cookie_domain=".example.com"), {}),
    (InputConfig(cookie_domain="api.example.com"), {}),
    (InputConfig(cookie_domain="mine.github.io"), {"api": "https://api.mine.github.io"}),
    (InputConfig(cookie_domain="intranet"), {"api": "https://intranet", "website": "https://intranet"}),
    (InputConfig(anti_csrf="NONE"), {}),
    (InputConfig(anti_csrf="NONE", cookie_same_site="strict"), ELSEWHERE),
    (InputConfig(refresh_grace_s=3_600, access_token_validity_s=86_400), {}),
    (InputConfig(refresh_token_validity_s=400 * 86_400), {}),
    (InputConfig(cookie_partitioned=True), ELSEWHERE),
]


def warned_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the risks that were logged, and forget them."""
    found = [vars(record)["risk"] for record in caplog.records if vars(record)["event"] == "risky_setting"]
    caplog.clear()
    return found


@pytest.mark.parametrize(("risk", "given", "where"), REFUSED)
def test_risks_that_are_refused(
    risk: Risk, given: InputConfig, where: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """What puts users at risk, or does not work, is refused with the risk's name, and taken where that is known."""
    with pytest.raises(ConfigurationError, match=risk):
        configured(given, **where)
    caplog.clear()
    configured(attrs.evolve(given, accept_risks={risk, "plain_http"}), **where)
    assert warned_of(caplog) == []


@pytest.mark.parametrize(("risk", "given", "where"), WARNED)
def test_risks_that_are_logged(
    risk: Risk, given: InputConfig, where: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """What may be meant so is logged with the risk's name, and not where it is known."""
    configured(given, **where)
    assert set(warned_of(caplog)) == {risk}
    configured(attrs.evolve(given, accept_risks=[risk]), **where)
    assert warned_of(caplog) == []


@pytest.mark.parametrize(("given", "where"), FINE)
def test_what_is_no_risk(given: InputConfig, where: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    """The usual settings, on the usual domains, are neither refused nor logged."""
    configured(given, **where)
    assert caplog.records == []


def test_every_risk_is_tested_and_documented() -> None:
    """Each name that can be accepted is one that is refused or logged, and the page on security has it."""
    names = set(get_args(Risk))
    assert {risk for risk, *_ in (*REFUSED, *WARNED)} == names
    page = (Path(__file__).parents[4] / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")
    table = page.partition("## Risky settings")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == names


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
