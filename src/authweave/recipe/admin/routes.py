"""The routes of the page: what is shown, and what is done (docs/reference/http.md, The page for administrators)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import urlencode

import attrs

from authweave.extending import Services
from authweave.http import Exchange, Handler, Route, read_form
from authweave.types import PUBLIC_TENANT, AppInfo, BadInputError, BodyTooLargeError, Response, User

from . import described
from .accounts import Accounts
from .exceptions import (
    AdminRefusalError,
    ForeignFormError,
    OwnAccountError,
    StaleSignInError,
    UnknownAccountError,
)
from .form_tokens import FormTokens
from .guard import Administrator, Guard
from .link import COOKIE, LinkGuard
from .pages import ASSETS, HEADERS, Pages, asset

MAX_SEARCH_CHARACTERS: Final = 256
PER_PAGE: Final = 50
EVENTS_SHOWN: Final = 25

DONE: Final[Mapping[str, str]] = {
    "disabled": "The user is disabled, and all sessions are revoked.",
    "enabled": "The user is enabled.",
    "deleted": "The user was deleted, with all that belonged to it.",
    "revoked": "The session is revoked.",
    "all_revoked": "All sessions are revoked.",
    "mail": "The mail is on its way.",
}
"""What a page says after something was done, by what stands in its address: no text of a stranger's is shown."""

Shown: TypeAlias = Callable[[Exchange, Administrator], Awaitable[Response]]
Done: TypeAlias = Callable[[Exchange, Administrator, Mapping[str, str]], Awaitable[str]]
"""Does what a form asks, and returns where the browser goes then, below the page's own path."""


@attrs.frozen
class AdminRoutes:
    """
    Answer the requests of an administrator's browser.

    Attributes:
        services: of the application.
        app_info: where the page is.
        path: of the page, below the base path; empty where it has that to itself.
        guard: lets administrators in.
        tokens: show that a form came from the page.
        accounts: what is known of users, and done to them.
        pages: renders.
    """

    services: Services
    app_info: AppInfo
    path: str
    guard: Guard
    tokens: FormTokens
    accounts: Accounts
    pages: Pages

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        shown = {"": self.users, "/user": self.user, "/user/delete": self.confirm_deletion}
        done = {
            "/user/disable": self.disable,
            "/user/enable": self.enable,
            "/user/delete": self.delete,
            "/user/revoke": self.revoke,
            "/user/mail": self.send_mail,
        }
        return (
            *(self.route("get", path, partial(self.show, page)) for path, page in shown.items()),
            *(self.route("post", path, partial(self.act, action)) for path, action in done.items()),
            self.route("post", "/sign-out", self.sign_out),
            *(self.route("get", f"/{name}", partial(self.serve_asset, name)) for name in ASSETS),
            *([self.route("get", "/start", self.start)] if isinstance(self.guard, LinkGuard) else []),
        )

    def route(self, method: str, path: str, answer: Handler) -> Route:
        """Return one of them."""
        answered = partial(self.answered, answer)
        is_form = method == "post"
        return Route(
            method,
            f"{self.path}{path}",
            answered,
            reads="form" if is_form else None,
            summary=described.summary_of(method, path),
            query=() if is_form else described.QUERIES.get(path, ()),
            body=described.FORMS.get(path, described.ACTION) if is_form else None,
            answers=described.answers_of(method, path),
            security=() if path.removeprefix("/") in ASSETS else self.guard.security(),
            has_tenants=False,
        )

    # What every request goes through.

    async def answered(self, answer: Handler, exchange: Exchange) -> Response:
        """Answer a request. What is refused is answered by a page too, with the status that says so."""
        try:
            if exchange.tenant_id != PUBLIC_TENANT:
                raise UnknownAccountError("The page is at the path without a tenant: it shows the users of all.")
            return await answer(exchange)
        except AdminRefusalError as error:
            return await self.refusal(exchange, error)
        except BadInputError as error:
            return self.pages.page(
                "refused", self.prefix(exchange), 400, **self.refused("That cannot be read", str(error))
            )
        except BodyTooLargeError as error:
            return self.pages.page(
                "refused", self.prefix(exchange), 413, **self.refused("That is too much", str(error))
            )

    async def refusal(self, exchange: Exchange, error: AdminRefusalError) -> Response:
        """Return the page that says what was refused, and what can be done about it."""
        values = self.refused(error.title, str(error))
        prefix = self.prefix(exchange)
        if error.status == StaleSignInError.status and not isinstance(self.guard, LinkGuard):
            values["sign_in"] = self.sign_in_page(exchange)
        if isinstance(error, StaleSignInError):
            values["token"] = self.tokens.token_for(error.session.get_handle())
        if error.status in {UnknownAccountError.status, OwnAccountError.status}:
            values["back"] = prefix
        return self.pages.page("refused", prefix, error.status, **values)

    async def show(self, page: Shown, exchange: Exchange) -> Response:
        """Show a page to an administrator."""
        return await page(exchange, await self.guard.admit(exchange))

    async def act(self, action: Done, exchange: Exchange) -> Response:
        """Do what an administrator's form asks, and send the browser on: who reloads the next page repeats nothing."""
        form = await self.form_of(exchange)
        administrator = await self.guard.admit(exchange)
        self.require_own_form(form, administrator.session_handle)
        return self.see_other(exchange, await action(exchange, administrator, form))

    async def form_of(self, exchange: Exchange) -> dict[str, str]:
        """
        Read a form.

        Raises:
            ForeignFormError: a page of another origin sent it, as the browser says (Fetch Metadata).
        """
        site = exchange.request.get_header("sec-fetch-site")
        if site is not None and site != "same-origin":
            raise ForeignFormError("A page of another site sent it. Nothing was done.")
        return await read_form(exchange.request)

    def require_own_form(self, form: Mapping[str, str], session_handle: str) -> None:
        """
        Require that a form was read from a page that this session was shown.

        Raises:
            ForeignFormError: it was not.
        """
        if not self.tokens.fits(session_handle, form.get("token", "")):
            raise ForeignFormError(
                "It was not read from this page in this session. Open the page again. Nothing was done."
            )

    # What is shown.

    async def users(self, exchange: Exchange, administrator: Administrator) -> Response:
        """Show a page of the list."""
        query = exchange.request.get_query_params()
        search, tenant_id = query.get("search", "").strip(), query.get("tenant", "").strip() or PUBLIC_TENANT
        if len(search) > MAX_SEARCH_CHARACTERS:
            raise BadInputError(f"Search for {MAX_SEARCH_CHARACTERS} characters at most.")
        found = await self.accounts.listed(
            tenant_id, search, query.get("page") or None, PER_PAGE, exchange.user_context
        )
        return self.render(
            exchange,
            administrator,
            "users",
            users=found.users,
            next_page=found.next_token,
            is_cut=found.is_cut,
            search=search,
            tenant=tenant_id,
            page=query.get("page"),
            done=DONE.get(query.get("done", "")),
        )

    async def user(self, exchange: Exchange, administrator: Administrator) -> Response:
        """Show a user."""
        query = exchange.request.get_query_params()
        user = await self.accounts.get(query.get("id", ""), exchange.user_context)
        sessions = await self.accounts.sessions(user, exchange.user_context)
        events = await self.accounts.events(user, query.get("events") or None, EVENTS_SHOWN)
        return self.render(
            exchange,
            administrator,
            "user",
            user=user,
            is_own=user.id == administrator.user_id,
            logins=[{"method": each, "mails": self.accounts.mails(each)} for each in user.login_methods],
            roles=await self.accounts.roles(user, exchange.user_context),
            sessions=sessions.shown,
            more_sessions=sessions.left_out,
            events=events,
            next_events=events[-1].id if events is not None and len(events) == EVENTS_SHOWN else None,
            done=DONE.get(query.get("done", "")),
        )

    async def confirm_deletion(self, exchange: Exchange, administrator: Administrator) -> Response:
        """Ask whether a user is to be deleted."""
        user = await self.accounts.get(exchange.request.get_query_params().get("id", ""), exchange.user_context)
        require_other(user, administrator, "delete")
        return self.render(exchange, administrator, "delete", user=user)

    # What is done.

    async def disable(self, exchange: Exchange, administrator: Administrator, form: Mapping[str, str]) -> str:
        """Disable a user."""
        user = await self.accounts.get(form.get("id", ""), exchange.user_context)
        require_other(user, administrator, "disable")
        await self.accounts.disable(user, exchange.user_context)
        return self.record(exchange, administrator, user, "disabled")

    async def enable(self, exchange: Exchange, administrator: Administrator, form: Mapping[str, str]) -> str:
        """Enable a user again."""
        user = await self.accounts.get(form.get("id", ""), exchange.user_context)
        await self.accounts.enable(user, exchange.user_context)
        return self.record(exchange, administrator, user, "enabled")

    async def delete(self, exchange: Exchange, administrator: Administrator, form: Mapping[str, str]) -> str:
        """Delete a user."""
        user = await self.accounts.get(form.get("id", ""), exchange.user_context)
        require_other(user, administrator, "delete")
        await self.accounts.delete(user, exchange.user_context)
        self.record(exchange, administrator, user, "deleted")
        return "?done=deleted"

    async def revoke(self, exchange: Exchange, administrator: Administrator, form: Mapping[str, str]) -> str:
        """Revoke one of a user's sessions, or all."""
        user = await self.accounts.get(form.get("id", ""), exchange.user_context)
        handle = form.get("session")
        await self.accounts.revoke(user, handle, exchange.user_context)
        done = "all_revoked" if handle is None else "revoked"
        return self.record(exchange, administrator, user, done, session_handle=handle)

    async def send_mail(self, exchange: Exchange, administrator: Administrator, form: Mapping[str, str]) -> str:
        """Send a mail to one of a user's addresses."""
        user = await self.accounts.get(form.get("id", ""), exchange.user_context)
        mail = form.get("mail", "")
        await self.accounts.send(user, form.get("login", ""), mail, exchange.user_context)
        return self.record(exchange, administrator, user, "mail", mail=mail)

    def record(
        self,
        exchange: Exchange,
        administrator: Administrator,
        user: User,
        done: str,
        *,
        session_handle: str | None = None,
        **details: str,
    ) -> str:
        """Tell what was done, to whom and by whom, and return the user's page, which says it too."""
        self.services.events.emit(
            "admin_action",
            "admin",
            exchange.user_context,
            user_id=user.id,
            session_handle=session_handle,
            action=done,
            by=administrator.name,
            **details,
        )
        return f"/user?{urlencode({'id': user.id, 'done': done})}"

    # Coming and going.

    async def start(self, exchange: Exchange) -> Response:
        """Let in who opens the link of the command, once."""
        guard = self.guard
        if not isinstance(guard, LinkGuard):
            raise UnknownAccountError("There is no such page.")
        session = guard.redeem(exchange.request, exchange.request.get_query_params().get("token", ""))
        self.services.events.emit("admin_action", "admin", exchange.user_context, action="signed_in", by=guard.name)
        cookie = f"{COOKIE}={session}; Path={self.prefix(exchange)}; HttpOnly; SameSite=Strict"
        return self.see_other(exchange, "", ("set-cookie", cookie))

    async def sign_out(self, exchange: Exchange) -> Response:
        """End the session. One that is too old for anything else may be ended."""
        form = await self.form_of(exchange)
        try:
            administrator = await self.guard.admit(exchange)
        except StaleSignInError as stale:
            administrator = Administrator("", stale.session.get_handle(), session=stale.session)
        self.require_own_form(form, administrator.session_handle)
        sign_in = None
        if isinstance(self.guard, LinkGuard):
            self.guard.end()
        elif administrator.session is not None:
            await administrator.session.revoke_session(exchange.user_context)
            sign_in = self.sign_in_page(exchange)
        return self.pages.page("signed_out", self.prefix(exchange), sign_in=sign_in)

    async def serve_asset(self, name: str, exchange: Exchange) -> Response:
        """Answer with what pages load. There is nothing in it that not everybody may see."""
        del exchange
        return asset(name)

    # How it is answered.

    def render(self, exchange: Exchange, administrator: Administrator, template: str, **values: object) -> Response:
        """Return a page for an administrator."""
        token = self.tokens.token_for(administrator.session_handle)
        return self.pages.page(template, self.prefix(exchange), administrator=administrator, token=token, **values)

    def see_other(self, exchange: Exchange, below: str, *headers: tuple[str, str]) -> Response:
        """Send the browser to a page."""
        return Response(303, headers=(("location", f"{self.prefix(exchange)}{below}"), *HEADERS, *headers))

    def prefix(self, exchange: Exchange) -> str:
        """Return the path below which the pages are, as the browser writes it."""
        return f"{self.app_info.base_path_below(exchange.request.root_path)}{self.path}" or "/"

    def sign_in_page(self, exchange: Exchange) -> str:
        """Return where the website signs people in."""
        website = self.app_info.get_origin(exchange.request, exchange.user_context)
        return f"{website}{self.app_info.website_base_path}"

    def refused(self, title: str, said: str) -> dict[str, object]:
        """Return what the page of a refusal shows."""
        return {"title": title, "said": said, "token": None, "sign_in": None, "back": None}


def require_other(user: User, administrator: Administrator, what: str) -> None:
    """
    Require that a user is not the signed-in administrator.

    Raises:
        OwnAccountError: it is.
    """
    if user.id == administrator.user_id:
        raise OwnAccountError(f"You cannot {what} it yourself: another administrator can. Nothing was changed.")
