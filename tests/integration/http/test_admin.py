"""The page for administrators, over a real socket."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from queue import Queue
from typing import Final

import attrs
import httpx2
import pytest
from typing_extensions import override

from authweave import App, InputAppInfo, init
from authweave.events import SecurityEvent
from authweave.ingredients.emaildelivery import (
    DevelopmentMails,
    EmailContent,
    EmailDeliveryConfig,
    SMTPServiceInterface,
)
from authweave.kernel import UserContext
from authweave.recipe import admin, emailpassword, emailverification, session, userroles
from authweave.recipe.admin import Allowed
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.interfaces import SignUpOkResult
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.recipe.userroles import UserRolesRecipe
from authweave.security import PasswordHasher
from authweave.storage import AccountInfo, UserIdMapping
from authweave.types import ConfigurationError, User, system_clock
from tests.patience import PATIENCE_S, PATIENT

from .conftest import web_app
from .serving import COOKIES, PASSWORD, form, serving

HOSTILE: Final = "\"><script>alert(1)</script>'&lt;{{7*7}}"
"""What would be a script, the end of an attribute, an entity or a template."""

FORM: Final = re.compile(r'<form method="post" action="([^"]+)">\s*(.*?)</form>', re.DOTALL)
FIELD: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
PAGES: Final = ("/auth/admin", "/auth/admin/user?id=x", "/auth/admin/user/delete?id=x")
ACTIONS: Final = ("disable", "enable", "delete", "revoke", "mail")


@attrs.define
class MovableClock:
    """
    A clock that a test moves.

    Attributes:
        now_ms: what it shows.
    """

    now_ms: int = attrs.field(factory=system_clock)

    def __call__(self) -> int:
        """Tell the time."""
        return self.now_ms


@attrs.frozen
class World:
    """
    An application with a page for administrators, and those who open it.

    Attributes:
        app: it.
        clock: its clock.
        client: opens a browser with a cookie jar of its own.
        sent: the mails that were sent.
    """

    app: App
    clock: MovableClock
    client: Callable[[], httpx2.Client]
    sent: Queue[EmailContent]

    def user(self, email: str, role: str | None = None, tenant_id: str = "public") -> User:
        """Make a user."""
        functions = self.app.recipe(EmailPasswordRecipe).functions
        result = self.app.run_blocking(functions.create_new_recipe_user(email, PASSWORD, tenant_id, {}))
        assert isinstance(result, SignUpOkResult)
        if role is not None:
            self.give(result.user, role, tenant_id)
        return result.user

    def give(self, user: User, role: str, tenant_id: str = "public") -> None:
        """Give a user a role."""
        roles = self.app.recipe(UserRolesRecipe).functions
        self.app.run_blocking(roles.create_new_role_or_add_permissions(role, [], {}))
        self.app.run_blocking(roles.add_role_to_user(user.id, role, tenant_id, {}))

    def signed_in(self, email: str, tenant_id: str = "public") -> httpx2.Client:
        """Sign a user in, in a browser of its own."""
        client = self.client()
        path = "" if tenant_id == "public" else f"/{tenant_id}"
        answer = client.post(f"/auth{path}/signin", json=form(email), headers=COOKIES)
        assert answer.json()["status"] == "OK", answer.text
        return client

    def events(self, kind: str) -> list[SecurityEvent]:
        """Return the events of a kind, the oldest first."""
        found = self.app.run_blocking(self.app.list_events(limit=1000))
        return [event for event in reversed(found) if event.kind == kind]

    def sessions(self, user: User) -> list[str]:
        """Return the handles of a user's sessions."""
        functions = self.app.recipe(SessionRecipe).functions
        return self.app.run_blocking(functions.get_all_session_handles_for_user(user.id, True, "public", True, {}))

    def links_to(self, email: str, pages: set[str]) -> bool:
        """Wait until as many mails have been sent; return whether they are to an address, with a link to each page."""
        mails = [self.sent.get(timeout=PATIENCE_S) for _ in pages]
        texts = "".join(each.text or "" for each in mails)
        return {each.to_email for each in mails} == {email} and all(f"/{page}?token=" in texts for page in pages)

    def stored(self, user: User) -> User | None:
        """Return a user as the store has it."""
        return self.app.services.storage.find_user(user.id)


@attrs.frozen
class Kept(SMTPServiceInterface[object]):
    """
    Writes mails as the library does, and keeps those that are sent.

    Attributes:
        original: what writes them.
        sent: where they are kept.
    """

    original: SMTPServiceInterface[object]
    sent: Queue[EmailContent]

    @override
    async def get_content(self, template_vars: object, user_context: UserContext) -> EmailContent:
        return await self.original.get_content(template_vars, user_context)

    @override
    async def send_raw_email(self, content: EmailContent, user_context: UserContext) -> None:
        self.sent.put(content)


@contextmanager
def world(
    folder: Path, allowed: Allowed = "admin", path: str = "/admin", base_path: str = "/auth", root_path: str = ""
) -> Generator[World]:
    """Serve an application."""
    clock, sent = MovableClock(), Queue[EmailContent]()
    app = init(
        InputAppInfo(
            app_name="Shop <b>",
            api_domain="http://localhost:8000",
            website_domain="http://localhost:3000",
            api_base_path=base_path,
        ),
        [
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            session.init(),
            userroles.init(),
            admin.init(allowed=allowed, path=path),
        ],
        email_delivery=EmailDeliveryConfig(
            DevelopmentMails(prints=False, override=lambda original: Kept(original, sent))
        ),
        storage=f"sqlite:///{folder / 'auth.db'}",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=clock,
        default=False,
    )
    app.services.storage.create_tenant("t1")
    clients: list[httpx2.Client] = []
    with serving(web_app(app), root_path=root_path) as address:

        def client() -> httpx2.Client:
            clients.append(httpx2.Client(base_url=address, timeout=PATIENCE_S))
            return clients[-1]

        try:
            yield World(app, clock, client, sent)
        finally:
            for each in clients:
                each.close()
    app.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[World]:
    """Serve an application whose administrators have the role ``admin``, with one of them."""
    with world(tmp_path) as made:
        made.user("root@example.com", "admin")
        yield made


@attrs.frozen
class Form:
    """
    A form of a page.

    Attributes:
        action: where it goes.
        fields: its hidden fields.
    """

    action: str
    fields: dict[str, str]


def forms(answer: httpx2.Response) -> list[Form]:
    """Return the forms of a page that do something."""
    return [
        Form(unescape(action), {name: unescape(value) for name, value in FIELD.findall(inner)})
        for action, inner in FORM.findall(answer.text)
    ]


def form_of(answer: httpx2.Response, action: str, **fields: str) -> Form:
    """Return the form of a page that does something, to what the fields name."""
    (found,) = (
        each for each in forms(answer) if each.action.endswith(action) and fields.items() <= each.fields.items()
    )
    return found


def send(client: httpx2.Client, sent: Form, **changes: str) -> httpx2.Response:
    """Send a form."""
    return client.post(sent.action, data={**sent.fields, **changes})


def show(client: httpx2.Client, user: User) -> httpx2.Response:
    """Open a user's page."""
    answer = client.get("/auth/admin/user", params={"id": user.id})
    assert answer.status_code == 200, answer.text
    return answer


def is_protected(answer: httpx2.Response) -> None:
    """Assert that a browser may do nothing with a page but show it, and keeps none."""
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


class TestWhoMayOpenIt:
    @pytest.mark.parametrize("page", PAGES)
    def test_nobody_without_a_session(self, shop: World, page: str) -> None:
        """A page says so, with 401 and the way to the website, and shows nothing."""
        shop.user("ada@example.com")
        answer = shop.client().get(page)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert 'href="http://localhost:3000/auth"' in answer.text
        assert "ada@" not in answer.text
        is_protected(answer)

    @pytest.mark.parametrize("page", PAGES)
    def test_nobody_without_the_role(self, shop: World, page: str) -> None:
        """Whoever is signed in and may not gets 403, and an event says who tried."""
        ada = shop.user("ada@example.com", "editor")
        answer = shop.signed_in("ada@example.com").get(page)
        assert answer.status_code == 403
        assert "root@" not in answer.text
        is_protected(answer)
        (event,) = shop.events("admin_refused")
        assert event.user_id == ada.id

    def test_who_has_the_role(self, shop: World) -> None:
        """The list opens, in an application whose name is escaped, and a browser keeps none of it."""
        answer = shop.signed_in("root@example.com").get("/auth/admin")
        assert answer.status_code == 200
        assert "root@example.com" in answer.text
        assert "Shop &lt;b&gt;" in answer.text
        is_protected(answer)

    def test_a_role_that_was_taken_away_counts_at_once(self, shop: World) -> None:
        """Though the session's token still claims it."""
        client = shop.signed_in("root@example.com")
        root = user_of(shop, "root@example.com")
        roles = shop.app.recipe(UserRolesRecipe).functions
        shop.app.run_blocking(roles.remove_user_role(root.id, "admin", "public", {}))
        assert client.get("/auth/admin").status_code == 403

    def test_the_role_of_another_tenant_is_none_here(self, shop: World) -> None:
        """The administrators of a customer see that customer's users elsewhere, and not everybody here."""
        boss = shop.user("boss@customer.example", "admin", "t1")
        client = shop.signed_in("boss@customer.example", "t1")
        assert client.get("/auth/admin").status_code == 403
        shop.give(boss, "admin")
        assert client.get("/auth/admin").status_code == 403, "a session of that tenant, whatever the role"
        assert client.get("/auth/t1/admin").status_code == 404

    def test_a_session_that_was_revoked(self, shop: World) -> None:
        """It is noticed at once, whatever its access token says."""
        client = shop.signed_in("root@example.com")
        other = shop.signed_in("root@example.com")
        page = other.get("/auth/admin")
        shop.app.run_blocking(
            shop.app.recipe(SessionRecipe).functions.revoke_multiple_sessions(
                shop.sessions(user_of(shop, "root@example.com")), {}
            )
        )
        answer = client.get("/auth/admin")
        assert answer.status_code == 401
        is_protected(answer)
        assert send(other, form_of(page, "/sign-out")).status_code == 401

    @pytest.mark.parametrize(("minutes", "status"), [(10, 200), (10.1, 401), (60, 401)])
    def test_a_sign_in_of_some_time_ago(self, shop: World, minutes: float, status: int) -> None:
        """Ten minutes, and not longer, however much the session is used; the page says why."""
        client = shop.signed_in("root@example.com")
        shop.clock.now_ms += round(minutes * 60_000)
        answer = client.get("/auth/admin")
        assert answer.status_code == status
        is_protected(answer)
        if status == 401:
            assert "more than 10 minutes ago" in answer.text or minutes == 60  # then the token has expired too

    def test_a_stale_session_can_do_nothing_but_end(self, shop: World) -> None:
        """The form of an older page is refused, and the one that signs out works."""
        ada = shop.user("ada@example.com")
        client = shop.signed_in("root@example.com")
        sent = form_of(show(client, ada), "/user/disable")
        shop.clock.now_ms += 11 * 60_000
        refused = send(client, sent)
        assert refused.status_code == 401
        assert shop.stored(ada) == ada
        assert "Signed out" in send(client, form_of(refused, "/sign-out")).text
        assert shop.sessions(user_of(shop, "root@example.com")) == []
        assert client.get("/auth/admin").status_code == 401

    @pytest.mark.parametrize("answer", [True, False, 1, None, "yes"])
    @pytest.mark.parametrize("is_async", [True, False])
    def test_a_function_decides(self, tmp_path: Path, answer: object, is_async: bool) -> None:
        """Async or not; nothing but True lets anybody in."""

        def plain(session: SessionContainer) -> bool:
            assert session.get_tenant_id() == "public"
            return answer  # type: ignore[return-value]  # pyright: ignore[reportReturnType]  as programs may that were not checked

        async def waited(session: SessionContainer) -> bool:
            return plain(session)

        with world(tmp_path, waited if is_async else plain) as made:
            made.user("ada@example.com")
            client = made.signed_in("ada@example.com")
            assert client.get("/auth/admin").status_code == (200 if answer is True else 403)


class TestWhatIsShown:
    def test_pages_of_the_list(self, shop: World) -> None:
        """The newest first, fifty a page, each user once; the last page has no next."""
        for number in range(60):
            shop.clock.now_ms += 1000
            shop.user(f"user{number:02}@example.com")
        client = shop.signed_in("root@example.com")
        first = client.get("/auth/admin")
        found = re.findall(r"user\d\d@example.com", first.text)
        assert found == [f"user{number:02}@example.com" for number in range(59, 9, -1)]
        (following,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
        second = client.get(unescape(following))
        assert re.findall(r"user\d\d@example.com", second.text) == [
            f"user0{number}@example.com" for number in range(9, -1, -1)
        ]
        assert 'rel="next"' not in second.text

    def test_search(self, shop: World) -> None:
        """By how an address begins, in any case, and by an id; of one tenant."""
        ada = shop.user("ada@example.com")
        shop.user("adam@example.com")
        shop.user("eve@example.com")
        shop.user("ada@customer.example", tenant_id="t1")
        client = shop.signed_in("root@example.com")

        def found(**query: str) -> list[str]:
            answer = client.get("/auth/admin", params=query)
            assert answer.status_code == 200, answer.text
            return sorted(re.findall(r"<bdi>([^<]+@[^<]+)</bdi></a>", answer.text))

        assert found(search="ADA") == ["ada@example.com", "adam@example.com"]
        assert found(search="ada@") == ["ada@example.com"]
        assert found(search=ada.id) == ["ada@example.com"]
        assert found(search="nobody") == []
        assert found(search="ada", tenant="t1") == ["ada@customer.example"]
        assert client.get("/auth/admin", params={"tenant": "none"}).status_code == 404

    def test_a_user(self, shop: World) -> None:
        """Ways to sign in, roles, sessions and events."""
        ada = shop.user("ada@example.com", "editor")
        shop.signed_in("ada@example.com")
        text = show(shop.signed_in("root@example.com"), ada).text
        (handle,) = shop.sessions(ada)
        for shown in (ada.id, "ada@example.com", "emailpassword", "editor", handle, "sign_in"):
            assert shown in text

    def test_hostile_names_are_text(self, shop: World) -> None:
        """What somebody wrote into an address, a role, a search or an id is never markup."""
        functions = shop.app.recipe(EmailPasswordRecipe).functions
        result = shop.app.run_blocking(
            functions.create_new_recipe_user(f"{HOSTILE}@example.com", PASSWORD, "public", {})
        )
        assert isinstance(result, SignUpOkResult)
        shop.give(result.user, HOSTILE)
        client = shop.signed_in("root@example.com")
        pages = [
            client.get("/auth/admin"),
            client.get("/auth/admin", params={"search": HOSTILE, "tenant": "public"}),
            client.get("/auth/admin", params={"search": HOSTILE[:3], "tenant": HOSTILE}),
            client.get("/auth/admin", params={"done": HOSTILE, "page": HOSTILE}),
            show(client, result.user),
            client.get("/auth/admin/user", params={"id": result.user.id, "done": HOSTILE, "events": HOSTILE}),
            client.get("/auth/admin/user/delete", params={"id": result.user.id}),
            client.get("/auth/admin/user", params={"id": HOSTILE}),
        ]
        for page in pages:
            assert "<script" not in page.text
            assert "&lt;script" in page.text or page.status_code in {400, 404}
            assert "7*7" in page.text or "alert(1)" not in page.text

    def test_what_pages_load(self, shop: World) -> None:
        """A style sheet and an icon, of the types that they are, and no script."""
        client = shop.client()
        assert client.get("/auth/admin/admin.css").headers["content-type"] == "text/css; charset=utf-8"
        assert client.get("/auth/admin/icon.svg").headers["content-type"] == "image/svg+xml; charset=utf-8"
        page = shop.signed_in("root@example.com").get("/auth/admin").text
        assert not re.search(r"<script|<style|style=|\son\w+=|javascript:", page)

    def test_behind_a_root_path(self, tmp_path: Path) -> None:
        """Links, forms and what pages load have what a proxy in front takes off."""
        with world(tmp_path, root_path="/api") as made:
            made.user("root@example.com", "admin")
            page = made.signed_in("root@example.com").get("/auth/admin")
            assert page.status_code == 200
            assert set(re.findall(r'(?:href|action)="(/[^"?]*)', page.text)) == {
                "/api/auth/admin",
                "/api/auth/admin/user",
                "/api/auth/admin/sign-out",
                "/api/auth/admin/admin.css",
                "/api/auth/admin/icon.svg",
            }

    def test_another_path(self, tmp_path: Path) -> None:
        """Links and forms follow where the page is."""
        with world(tmp_path, path="/back/office", base_path="/api/auth") as made:
            made.user("root@example.com", "admin")
            client = made.client()
            assert (
                client.post("/api/auth/signin", json=form("root@example.com"), headers=COOKIES).json()["status"] == "OK"
            )
            page = client.get("/api/auth/back/office")
            assert page.status_code == 200
            (link,) = re.findall(r'<a href="([^"]+/user\?[^"]+)"', page.text)
            assert client.get(unescape(link)).status_code == 200


class TestWhatIsDone:
    def test_one_session_is_revoked_and_then_all(self, shop: World) -> None:
        """The one that is named, and no other; each is an event that says who did it."""
        ada = shop.user("ada@example.com")
        for _ in range(3):
            shop.clock.now_ms += 1000
            shop.signed_in("ada@example.com")
        first, second, third = shop.sessions(ada)
        client = shop.signed_in("root@example.com")
        root = user_of(shop, "root@example.com")
        answer = send(client, form_of(show(client, ada), "/user/revoke", session=second))
        assert answer.status_code == 303
        is_protected(answer)
        assert "The session is revoked." in client.get(answer.headers["location"]).text
        assert shop.sessions(ada) == [first, third]
        revoking = [each for each in forms(show(client, ada)) if each.action.endswith("/user/revoke")]
        (everything,) = (each for each in revoking if "session" not in each.fields)
        shop.clock.now_ms += 1
        send(client, everything)
        assert shop.sessions(ada) == []
        done = [(event.user_id, event.details["action"], event.details["by"]) for event in shop.events("admin_action")]
        assert done == [(ada.id, "revoked", root.id), (ada.id, "all_revoked", root.id)]
        assert shop.events("admin_action")[0].session_handle == second

    def test_a_user_is_disabled_and_enabled(self, shop: World) -> None:
        """Sessions end, and the page says how it is."""
        ada = shop.user("ada@example.com")
        shop.signed_in("ada@example.com")
        client = shop.signed_in("root@example.com")
        answer = send(client, form_of(show(client, ada), "/user/disable"))
        page = client.get(answer.headers["location"])
        assert "The user is disabled" in page.text
        assert shop.sessions(ada) == []
        stored = shop.stored(ada)
        assert stored is not None
        assert stored.disabled
        refused = shop.client().post("/auth/signin", json=form("ada@example.com"), headers=COOKIES)
        assert refused.json()["status"] == "SIGN_IN_NOT_ALLOWED"
        shop.clock.now_ms += 1
        send(client, form_of(page, "/user/enable"))
        assert shop.stored(ada) == ada
        shop.signed_in("ada@example.com")
        assert [event.details["action"] for event in shop.events("admin_action")] == ["disabled", "enabled"]

    def test_a_user_is_deleted_after_a_question(self, shop: World) -> None:
        """The user's page leads to the question, and that to the deed; the list says that it was done."""
        ada = shop.user("ada@example.com", "editor")
        shop.signed_in("ada@example.com")
        client = shop.signed_in("root@example.com")
        user_page = show(client, ada)
        assert not [each for each in forms(user_page) if each.action.endswith("/user/delete")]
        (link,) = re.findall(r'href="([^"]+/user/delete\?[^"]+)"', user_page.text)
        question = client.get(unescape(link))
        assert "cannot be undone" in question.text
        assert shop.stored(ada) == ada
        answer = send(client, form_of(question, "/user/delete"))
        assert "The user was deleted" in client.get(answer.headers["location"]).text
        assert shop.stored(ada) is None
        assert shop.sessions(ada) == []
        assert client.get("/auth/admin/user", params={"id": ada.id}).status_code == 404
        assert send(client, form_of(question, "/user/delete")).status_code == 404
        (event,) = shop.events("admin_action")
        assert (event.user_id, event.details["action"]) == (ada.id, "deleted")

    def test_mails_are_sent_again(self, shop: World) -> None:
        """Those that fit the login method, to its address; the event says which."""
        ada = shop.user("ada@example.com")
        client = shop.signed_in("root@example.com")
        page = show(client, ada)
        for mail in ("reset", "verification"):
            answer = send(client, form_of(page, "/user/mail", mail=mail))
            assert answer.status_code == 303
            assert "The mail is on its way." in client.get(answer.headers["location"]).text
            shop.clock.now_ms += 1
        assert shop.links_to("ada@example.com", {"reset-password", "verify-email"})
        details = [event.details for event in shop.events("admin_action")]
        assert [(each["action"], each["mail"]) for each in details] == [("mail", "reset"), ("mail", "verification")]

    def test_a_user_whom_a_table_of_the_application_refers_to(self, shop: World, tmp_path: Path) -> None:
        """It is not deleted, the page names the table, and all is as before."""
        ada = shop.user("ada@example.com", "editor")
        shop.signed_in("ada@example.com")
        with closing(sqlite3.connect(tmp_path / "auth.db", timeout=PATIENCE_S)) as connection, connection:
            connection.execute("CREATE TABLE invoices (user_id TEXT REFERENCES authweave_users (user_id))")
            connection.execute("INSERT INTO invoices VALUES (?)", (ada.id,))
        client = shop.signed_in("root@example.com")
        question = client.get("/auth/admin/user/delete", params={"id": ada.id})
        answer = send(client, form_of(question, "/user/delete"))
        assert answer.status_code == 409
        assert "invoices" in answer.text
        is_protected(answer)
        assert shop.stored(ada) == ada
        assert len(shop.sessions(ada)) == 1
        assert shop.events("admin_action") == []

    @pytest.mark.parametrize("action", ["disable", "delete"])
    def test_the_own_account_stays_whole(self, shop: World, action: str) -> None:
        """It is refused clearly, with 409, and no button leads there."""
        root, ada = user_of(shop, "root@example.com"), shop.user("ada@example.com")
        client = shop.signed_in("root@example.com")
        page = show(client, root)
        assert "your own account" in page.text
        assert not [each for each in forms(page) if each.action.endswith(f"/user/{action}")]
        assert client.get("/auth/admin/user/delete", params={"id": root.id}).status_code == 409
        token = form_of(show(client, ada), "/user/disable").fields["token"]
        answer = client.post(f"/auth/admin/user/{action}", data={"id": root.id, "token": token})
        assert answer.status_code == 409
        assert f"You cannot {action} it yourself" in answer.text
        is_protected(answer)
        assert shop.stored(root) == root
        assert client.get("/auth/admin").status_code == 200
        assert shop.events("admin_action") == []
        mapping = UserIdMapping(user_id=root.id, external_user_id="external")
        assert shop.app.services.storage.create_user_id_mapping(mapping) is True
        for user_id in (root.id, "external"):  # of which the session knows the first alone
            answer = client.post(f"/auth/admin/user/{action}", data={"id": user_id, "token": token})
            assert answer.status_code == 409

    @pytest.mark.parametrize("action", ACTIONS)
    def test_a_form_of_a_stranger_does_nothing(self, shop: World, action: str) -> None:
        """Without a session, the role or a token; with one of another session or a broken one; of another site."""
        ada = shop.user("ada@example.com")
        shop.user("root2@example.com", "admin")
        of_ada = shop.signed_in("ada@example.com")
        (handle,) = shop.sessions(ada)
        client, other = shop.signed_in("root@example.com"), shop.signed_in("root2@example.com")
        token = form_of(show(client, ada), "/user/disable").fields["token"]
        foreign = form_of(show(other, ada), "/user/disable").fields["token"]
        path, login = f"/auth/admin/user/{action}", ada.login_methods[0].recipe_user_id.get_as_string()
        fields = {"id": ada.id, "session": handle, "login": login, "mail": "reset"}
        good = {**fields, "token": token}
        assert shop.client().post(path, data=good).status_code == 401
        assert of_ada.post(path, data=good).status_code == 403
        assert client.post(path, data=fields).status_code == 403
        for wrong in (foreign, f"{token[:-4]}AAA=", "A" * 10_000, "\u00e9", "", token[:40]):
            assert client.post(path, data={**fields, "token": wrong}).status_code == 403
        for site in ("cross-site", "same-site", "none"):
            assert client.post(path, data=good, headers={"sec-fetch-site": site}).status_code == 403
        assert client.post(path, json=good).status_code == 415
        assert client.get(path, params=good).status_code == (200 if action == "delete" else 404)  # which asks first
        assert shop.stored(ada) == ada
        assert handle in shop.sessions(ada)
        assert shop.events("admin_action") == []

    def test_tokens_of_forms_differ_from_page_to_page(self, shop: World) -> None:
        """So that what compresses a page does not give one away; each of them is good."""
        ada = shop.user("ada@example.com")
        client = shop.signed_in("root@example.com")
        one, two = (form_of(show(client, ada), "/user/disable") for _ in range(2))
        assert one.fields["token"] != two.fields["token"]
        assert send(client, one).status_code == 303
        assert send(client, two).status_code == 303

    def test_users_that_there_are_not(self, shop: World) -> None:
        """404, for pages and for forms, whatever the id is."""
        client = shop.signed_in("root@example.com")
        token = form_of(client.get("/auth/admin"), "/sign-out").fields["token"]
        for user_id in ("", "x", "\x00", "a\x00b", "x" * 300, "\U0001f600", "../../etc/passwd", "1 OR 1=1", "\u202e"):
            assert client.get("/auth/admin/user", params={"id": user_id}).status_code == 404
            assert client.get("/auth/admin/user/delete", params={"id": user_id}).status_code == 404
            for action in ACTIONS:
                answer = client.post(f"/auth/admin/user/{action}", data={"id": user_id, "token": token})
                assert answer.status_code == 404
                assert answer.headers["content-type"].startswith("text/html")

    def test_input_that_nobody_can_read(self, shop: World) -> None:
        """4xx, as a page: a cursor that is none; what is too long, or too much; what is no UTF-8."""
        client = shop.signed_in("root@example.com")
        root = user_of(shop, "root@example.com")
        token = form_of(client.get("/auth/admin"), "/sign-out").fields["token"]
        form_type = {"content-type": "application/x-www-form-urlencoded"}
        path = "/auth/admin/user/disable"
        for answer, status in (
            (client.get("/auth/admin", params={"page": "x"}), 400),
            (client.get("/auth/admin", params={"page": "9" * 400 + ".x"}), 400),
            (client.get("/auth/admin", params={"page": "1.\x00"}), 400),
            (client.get("/auth/admin", params={"search": "x" * 257}), 400),
            (client.get("/auth/admin", params={"search": "a\x00"}), 400),
            (client.get("/auth/admin", params={"tenant": "a\x00"}), 400),
            (client.get("/auth/admin?" + "&".join(f"a{number}=1" for number in range(1001))), 400),
            (client.get("/auth/admin/user", params={"id": root.id, "events": "\x00"}), 400),
            (client.post(path, content=b"\xff\xfe", headers=form_type), 400),
            (client.post(path, content="&".join(f"a{number}=1" for number in range(30)), headers=form_type), 400),
            (client.post(path, content=f"token={token}&id={'x' * 20_000}", headers=form_type), 413),
        ):
            assert answer.status_code == status, answer.text
            assert answer.headers["content-type"].startswith("text/html")
            is_protected(answer)

    def test_a_session_or_a_mail_of_somebody_else(self, shop: World) -> None:
        """A form names both, the user and what is the user's: 404 where they do not belong together."""
        ada = shop.user("ada@example.com")
        client = shop.signed_in("root@example.com")
        (own,) = shop.sessions(user_of(shop, "root@example.com"))
        token = form_of(show(client, ada), "/user/disable").fields["token"]
        for path, fields in (("revoke", {"session": own}), ("mail", {"login": "x", "mail": "reset"})):
            answer = client.post(f"/auth/admin/user/{path}", data={"id": ada.id, "token": token, **fields})
            assert answer.status_code == 404
        assert shop.sessions(user_of(shop, "root@example.com")) == [own]


class TestConfiguration:
    @pytest.mark.parametrize("path", ["", "admin", "/admin/", "/a b", "/{id}", "/../x?"])
    def test_paths_that_cannot_be_one(self, path: str) -> None:
        """They are refused when the application is built."""
        with pytest.raises(ConfigurationError, match=r"admin\.init: path="):
            build(admin.init(allowed="admin", path=path))

    def test_a_role_without_a_name(self) -> None:
        """It would be nobody's."""
        with pytest.raises(ConfigurationError, match="names no role"):
            build(admin.init(allowed=" "))

    def test_who_is_allowed_has_to_be_said(self) -> None:
        """A value that is neither a role nor a function is refused by name."""
        with pytest.raises(ConfigurationError, match="allowed"):
            admin.init(allowed=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  as a program that was not checked

    def test_a_role_brings_the_recipe_for_roles(self) -> None:
        """It need not be listed, and a function brings none."""
        assert "userroles" in build(admin.init(allowed="admin"))
        assert "userroles" not in build(admin.init(allowed=lambda session: True))


def build(entry: admin.AdminSetup) -> tuple[str, ...]:
    """Build an application with the recipe; return the ids of its recipes."""
    info = InputAppInfo("a", "http://localhost:8000", website_domain="http://localhost:3000")
    app = init(info, [session.init(), entry], storage="sqlite://", default=False)
    app.close()
    return app.loaded


def user_of(made: World, email: str) -> User:
    """Return the user who has an address."""
    (found,) = made.app.services.storage.find_users("public", AccountInfo(email=email), union=False)
    return found
