"""Cookies through Django's own response, which keeps them by name."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from authweave.app import init
from authweave.framework.django._response import set_headers
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo
from tests.unit.framework.django.site import FORM, asking


@pytest.mark.parametrize(
    "cookie",
    [
        "a=1; Path=/; Secure; SameSite=None; Partitioned",
        "a=1; Path=/; Priority=High",
        'a="1; Path=/',
        "expires=1; Path=/",
        "a=b=c",
        "a=; Max-Age=0",
    ],
)
def test_each_is_sent_as_it_is(cookie: str) -> None:
    """What Python's own parser does not know, it drops: the library's cookies go out letter by letter."""
    response = HttpResponse()
    set_headers(response, [("set-cookie", cookie)])
    assert [each.OutputString() for each in response.cookies.values()] == [cookie]


def test_those_that_browsers_keep_apart() -> None:
    """Cookies of one name, for other paths, domains and partitions, stand beside each other; the rest are replaced."""
    apart = ["a=1; Path=/", "a=2; Path=/auth", "a=3; Path=/; Domain=x.io", "a=4; Path=/; Secure; Partitioned"]
    response = HttpResponse()
    response.set_cookie("a", "0")
    set_headers(response, [("set-cookie", each) for each in [*apart, "a=5; Path=/auth"]])
    sent = [each.OutputString() for each in response.cookies.values()]
    assert sent == [apart[0], "a=5; Path=/auth", *apart[2:]]


def test_partitioned_sessions(kind: str) -> None:
    """The cookies of a session that each website in a frame has its own of reach the client."""
    auth = init(
        InputAppInfo(app_name="Test", api_domain="https://localhost", website_domain="https://localhost"),
        [emailpassword.init(), session.init(cookie_partitioned=True, cookie_same_site="none", cookie_secure=True)],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    with asking(kind, auth) as client:
        sent = client.post("/auth/signup", json=FORM).headers.get_list("set-cookie")
    auth.close()
    for name in ("sAccessToken", "sRefreshToken"):
        kept = [each for each in sent if each.startswith(f"{name}=") and "Expires=Thu, 01 Jan 1970" not in each]
        assert len(kept) == 1
        assert kept[0].endswith("Partitioned")
