"""Addresses of databases: those of several servers, as libpq writes them."""

from __future__ import annotations

import pytest

from authweave.storage.sql._url import parse_url
from authweave.types import ConfigurationError

ROOT = "postgresql://ada:p%40ss@"


@pytest.mark.parametrize(
    ("hosts", "names", "ports"),
    [
        ("one:1,two:2", "one,two", "1,2"),
        ("one,two", "one,two", "5432,5432"),
        ("one:7,two", "one,two", "7,5432"),
        ("[::1]:1,[fe80::2]", "::1,fe80::2", "1,5432"),
        ("a,b,c:3", "a,b,c", "5432,5432,3"),
    ],
)
def test_several_hosts(hosts: str, names: str, ports: str) -> None:
    """They become the parameters that the driver takes; everything else stays."""
    url = parse_url(f"{ROOT}{hosts}/auth?target_session_attrs=read-write")
    assert (url.host, url.port, url.database) == (None, None, "auth")
    assert (url.username, url.password) == ("ada", "p@ss")
    assert url.query == {"host": names, "port": ports, "target_session_attrs": "read-write"}


@pytest.mark.parametrize("url", [f"{ROOT}one/a,b", f"{ROOT}one/auth?host=a,b", "sqlite:///a,b.db", "postgresql:///a,b"])
def test_a_comma_elsewhere_means_nothing(url: str) -> None:
    """Not in the name of a database or file, nor in a parameter."""
    parsed = parse_url(url)
    assert "port" not in parsed.query
    assert parsed.host in {None, "one"}


@pytest.mark.parametrize("hosts", ["one:x,two", "one,", ",two", "one:1:2,two"])
def test_what_is_no_list_of_hosts_is_refused(hosts: str) -> None:
    """The message repeats no password."""
    with pytest.raises(ConfigurationError, match="not a URL") as caught:
        parse_url(f"{ROOT}{hosts}/auth")
    assert "p@ss" not in str(caught.value)
