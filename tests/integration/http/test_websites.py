"""Several websites on one backend: what follows the website that a request is of (docs/reference/http.md)."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
import pytest
from fastapi import FastAPI
from typing_extensions import override

from authweave import InputAppInfo, UserContext, init
from authweave.framework.fastapi import get_middleware
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.recipe import emailpassword, emailverification, session
from authweave.recipe.emailpassword import PasswordResetEmailTemplateVars
from authweave.recipe.emailverification import VerificationEmailTemplateVars
from authweave.security import PasswordHasher
from authweave.types import BaseRequest
from tests.patience import PATIENCE_S

from .conftest import add_routes
from .serving import COOKIES, form, serving

API: Final = "https://api.example.com"
MAIN: Final = "https://example.com"
SHOP: Final = "https://shop.example.com"
ELSEWHERE: Final = "https://example.org"
STRANGER: Final = "https://evil.example"
BROKEN: Final = "https://breaks.example"

numbers = count()


def which(request: BaseRequest | None, user_context: dict[str, Any]) -> str:
    """Return the website of a request, as an application may write it; it fails for one."""
    del user_context
    page = "" if request is None else request.get_header("origin") or ""
    if page == BROKEN:
        raise RuntimeError("out of sprockets")
    return page if page in {SHOP, ELSEWHERE} else MAIN


Mail = PasswordResetEmailTemplateVars | VerificationEmailTemplateVars


class Mailbox(EmailDeliveryInterface[Any]):  # of both recipes
    """Keeps the links of mails."""

    def __init__(self) -> None:
        self.links: list[str] = []

    @override
    async def send_email(self, template_vars: Mail, user_context: UserContext) -> None:
        """Keep it."""
        del user_context
        if isinstance(template_vars, PasswordResetEmailTemplateVars):
            self.links.append(template_vars.password_reset_link)
        else:
            self.links.append(template_vars.email_verify_link)


class World:
    """A backend that is served, and its mails."""

    def __init__(self, client: httpx2.Client, mailbox: Mailbox) -> None:
        self.client = client
        self.mailbox = mailbox

    def sign_up(self, origin: str | None, *, email: str = "") -> httpx2.Response:
        """Sign somebody up from a page."""
        address = email or f"visitor-{next(numbers)}@example.com"
        page = {} if origin is None else {"origin": origin}
        answer = self.client.post("/auth/signup", json=form(address), headers={**COOKIES, **page})
        assert answer.json()["status"] == "OK"
        return answer

    def cookies(self) -> dict[str, str]:
        """Sign somebody up, and return the header with the session's cookies."""
        cookies = self.sign_up(MAIN).headers.get_list("set-cookie")
        return {"cookie": "; ".join(each.partition(";")[0] for each in cookies)}


@contextmanager
def backend(website_domain: str | None = None) -> Generator[World]:
    """Serve a backend of several websites for a block."""
    mailbox = Mailbox()
    mails = EmailDeliveryConfig[Any](mailbox)
    auth = init(
        InputAppInfo(app_name="Sites", api_domain=API, website_domain=website_domain, origin=which),
        [emailpassword.init(), emailverification.init("OPTIONAL"), session.init()],
        storage="sqlite://",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        email_delivery=mails,
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    add_routes(app)
    with serving(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        yield World(client, mailbox)
    auth.close()


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    """Serve one for the tests of this module."""
    with backend() as world:
        yield world


def same_sites(cookies: Sequence[str]) -> set[str]:
    """Return how strict cookies are."""
    return {each.partition("SameSite=")[2].partition(";")[0] for each in cookies}


@pytest.mark.parametrize(
    ("origin", "same_site"),
    [(SHOP, "Lax"), (ELSEWHERE, "None"), (MAIN, "Lax"), (STRANGER, "Lax"), (BROKEN, "Lax"), (None, "Lax")],
)
def test_cookies_are_as_strict_as_the_website_allows(here: World, origin: str | None, same_site: str) -> None:
    """On the API's own site Lax, elsewhere None; whoever is of no website gets what the main one gets."""
    cookies = here.sign_up(origin).headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert same_sites(cookies) == {same_site}


def test_one_website_s_cookies_are_not_another_s(here: World) -> None:
    """What was decided for one request is not for the next, whichever comes first."""
    found = [same_sites(here.sign_up(each).headers.get_list("set-cookie")) for each in (ELSEWHERE, SHOP, ELSEWHERE)]
    assert found == [{"None"}, {"Lax"}, {"None"}]


@pytest.mark.parametrize(
    ("origin", "website"), [(SHOP, SHOP), (ELSEWHERE, ELSEWHERE), (STRANGER, MAIN), (BROKEN, MAIN), (None, MAIN)]
)
def test_links_in_mails_lead_to_the_website(here: World, origin: str | None, website: str) -> None:
    """To the one that asked; a stranger's page gets nobody's token, nor does one that the function fails for."""
    email = f"visitor-{next(numbers)}@example.com"
    signed_up = here.sign_up(MAIN, email=email)
    page = {} if origin is None else {"origin": origin}
    fields = {"formFields": [{"id": "email", "value": email}]}
    assert here.client.post("/auth/user/password/reset/token", json=fields, headers=page).json() == {"status": "OK"}
    assert here.mailbox.links[-1].startswith(f"{website}/auth/reset-password?token=")
    cookies = "; ".join(each.partition(";")[0] for each in signed_up.headers.get_list("set-cookie"))
    asked = here.client.post("/auth/user/email/verify/token", headers={"cookie": cookies, "rid": "any", **page})
    assert asked.json() == {"status": "OK"}
    assert here.mailbox.links[-1].startswith(f"{website}/auth/verify-email?token=")


@pytest.mark.parametrize(
    ("origin", "status"), [(MAIN, 401), (SHOP, 401), (ELSEWHERE, 401), (API, 401), (STRANGER, 403), (BROKEN, 403)]
)
def test_forms_of_the_websites_alone(here: World, origin: str, status: int) -> None:
    """A form of a stranger's page is refused before anything is looked at; a website's gets to the session."""
    sent = {"origin": origin, "content-type": "application/x-www-form-urlencoded"}
    assert here.client.post("/auth/signout", content=urlencode({"a": "b"}), headers=sent).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": SHOP}, 200),
        ({"origin": MAIN}, 200),
        ({"origin": API}, 200),
        ({"origin": ELSEWHERE}, 401),
        ({"origin": ELSEWHERE, "rid": "any"}, 200),
        ({"origin": STRANGER}, 401),
        ({"origin": BROKEN}, 401),
        ({"origin": "null"}, 401),
        ({"origin": "https://[example.com"}, 401),
        ({"origin": "https://[example.com", "sec-fetch-site": "same-origin"}, 401),  # no browser says so
        ({}, 401),
        ({"rid": "any"}, 200),
    ],
)
def test_cookies_alone_prove_nothing(here: World, headers: dict[str, str], status: int) -> None:
    """They may have been set for any site: an Origin of the API's own site is a proof, or a header browsers ask for."""
    assert here.client.post("/me", headers={**here.cookies(), **headers}).status_code == status


@pytest.mark.parametrize(("origin", "clears"), [(SHOP, True), (ELSEWHERE, True), (STRANGER, False), (BROKEN, False)])
def test_a_stranger_s_page_clears_no_cookies(here: World, origin: str, clears: bool) -> None:
    """Where a session is gone, websites have the browser forget its cookies, with the attributes that it takes."""
    sent = {"origin": origin, "rid": "any", "cookie": "sRefreshToken=gone; sAccessToken=gone"}
    answer = here.client.post("/auth/session/refresh", headers=sent)
    assert answer.status_code == 401
    cleared = answer.headers.get_list("set-cookie")
    assert bool(cleared) is clears
    assert same_sites(cleared) == ({"None" if origin == ELSEWHERE else "Lax"} if clears else set())


def test_the_log_tells_of_a_function_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    """Once for each kind of error: a function that fails does so with every request."""
    with caplog.at_level(logging.ERROR, "authweave.http"), backend() as world:
        for _ in range(2):
            world.sign_up(BROKEN)
    events = [record for record in caplog.records if vars(record).get("event") == "origin_failed"]
    assert len(events) == 1
    assert MAIN in events[0].getMessage()


def test_the_website_domain_holds_where_the_function_fails() -> None:
    """Given beside the function, it is whoever's of whom that knows nothing."""
    with backend(website_domain=ELSEWHERE) as world:
        assert same_sites(world.sign_up(BROKEN).headers.get_list("set-cookie")) == {"None"}
