"""Where an application lives, in normal form."""

from __future__ import annotations

import attrs
import pytest

from authweave import InputAppInfo
from authweave.types import ConfigurationError

INFO = InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000")


@pytest.mark.parametrize(
    ("written", "normal"), [("/", ""), (" auth/ ", "/auth"), ("/v1/auth.v2_~-/", "/v1/auth.v2_~-")]
)
def test_paths_have_one_form(written: str, normal: str) -> None:
    """A path has one slash in front and none at the end, and the root is empty."""
    assert attrs.evolve(INFO, api_base_path=written).normalised().api_base_path == normal


@pytest.mark.parametrize("field", ["api_gateway_path", "api_base_path", "website_base_path"])
@pytest.mark.parametrize("written", ["/a;b", "/a\r\nset-cookie: a=b", "/认证", "/a b", "/a?b", "/%61"])
def test_what_a_cookie_could_not_carry_is_no_path(field: str, written: str) -> None:
    """A path goes into cookies as it is, so one that would break them is refused at the start, by its field's name."""
    with pytest.raises(ConfigurationError, match=field):
        attrs.evolve(INFO, **{field: written}).normalised()


@pytest.mark.parametrize("written", ["exa mple.com", "https://exa mple", "a\tb.com", "ex<ample.com", "http://a,b", ""])
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
    ],
)
def test_domains_have_one_form(written: str, normal: str) -> None:
    """A domain is a scheme, a host in lower case and maybe a port."""
    assert attrs.evolve(INFO, api_domain=written).normalised().api_domain == normal


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
