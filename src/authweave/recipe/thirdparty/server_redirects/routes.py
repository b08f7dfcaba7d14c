"""The routes that lead a browser to a provider and back (docs/reference/http.md, Without a frontend)."""

from __future__ import annotations

import reprlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias
from urllib.parse import quote

import attrs

from authweave.http import Answer, Exchange, Header, Parameter, Route, read_form, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe, SignIns
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.thirdparty.exceptions import SignInRefusedError, ThirdPartyError
from authweave.recipe.thirdparty.failures import note_failure
from authweave.recipe.thirdparty.interfaces import APIInterface, APIOptions
from authweave.recipe.thirdparty.provider import Provider, RedirectUriInfo
from authweave.recipe.thirdparty.providers.pushed_requests import pushing_state
from authweave.recipe.thirdparty.redirects import browser_target, origin_in, with_fields
from authweave.recipe.thirdparty.types import (
    AuthorisationUrlGetOkResult,
    SignInUpNotAllowed,
    SignInUpPostNoEmailGivenByProviderResponse,
    SignInUpPostOkResult,
)
from authweave.types import PUBLIC_TENANT, AppInfo, BadInputError, BaseRequest, GeneralErrorResponse, Response

from .attempts import STATE, Attempt, Attempts
from .settings import MAX_PAGE_CHARACTERS, ServerRedirects, page_of

FindProvider: TypeAlias = Callable[[Exchange, str, str | None, str], Awaitable[Provider[UserContext]]]
"""Takes the request, a provider's id, the type of client and the tenant. Raises ThirdPartyError where there is none."""

THIRD_PARTY_ID: Final = "{third_party_id}"
PROVIDER: Final = Parameter("third_party_id", "The provider.")

FAILED: Final = "signin"
NO_EMAIL: Final = "no_email_present"
"""What the page of `supertokens-auth-react` knows."""

REDIRECT: Final = Header("location", "Where the browser goes on to.")
TO_PROVIDER: Final = Answer(303, "The browser goes to the provider.", headers=(REDIRECT,))
BACK: Final = Answer(303, "The browser goes on to the website, with a session or with `error`.", headers=(REDIRECT,))


@attrs.frozen
class ServerRedirectRoutes:
    """
    Leads a browser to a provider, and takes it back.

    It does what a frontend would do, with the same APIs: their overrides hold here too.

    Attributes:
        settings: where browsers go on to.
        attempts: sign-ins that are under way.
        find_provider: returns a provider that a tenant has, for a type of client, or raises.
        options: returns what the APIs are handed.
    """

    settings: ServerRedirects
    attempts: Attempts
    app_info: AppInfo
    apis: APIInterface[UserContext]
    sign_ins: SignIns
    find_provider: FindProvider
    options: Callable[[BaseRequest], APIOptions]

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            Route(
                "get",
                f"/signin/{THIRD_PARTY_ID}",
                self.begin,
                "authorisation_url_get",
                reads=None,
                summary="Go to a provider to sign in, without a frontend",
                parameter=PROVIDER,
                query=(
                    Parameter("redirectTo", "Where the browser goes on to with its session: a page of the website."),
                    Parameter("clientType", "Which of the provider's clients it is; needed where there are several."),
                ),
                answers=(TO_PROVIDER,),
                needs=SessionRecipe.recipe_id,
            ),
            *(
                Route(
                    method,
                    f"/callback/{THIRD_PARTY_ID}",
                    answer,
                    "sign_in_up_post",
                    reads="form" if method == "post" else None,
                    summary=f"Come back from a provider, without a frontend{how}",
                    parameter=PROVIDER,
                    body={"type": "object"} if method == "post" else None,
                    answers=(BACK,),
                    needs=SessionRecipe.recipe_id,
                )
                for method, answer, how in (
                    ("get", self.come_back, ""),
                    ("post", self.come_back_by_form, ", by a form"),
                )
            ),
        )

    async def begin(self, exchange: Exchange) -> Response:
        """Answer ``GET /signin/<third_party_id>``."""
        request, third_party_id = exchange.request, exchange.parameter
        query = request.get_query_params()
        target = self.target(query.get("redirectTo"), exchange)
        client_type = query.get("clientType")
        redirect_uri = self.redirect_uri(request, third_party_id, exchange.tenant_id)
        state = self.attempts.new_state()
        try:
            provider = await self.find_provider(exchange, third_party_id, client_type, exchange.tenant_id)
            with pushing_state(state):
                result = await self.apis.authorisation_url_get(
                    provider, redirect_uri, self.options(request), exchange.user_context
                )
        except (ThirdPartyError, BadInputError) as error:
            return self.refuse(exchange, error, self.website_of(exchange))
        match result:
            case AuthorisationUrlGetOkResult(url, verifier):
                pass
            case GeneralErrorResponse(message):
                return self.refuse_with(message, self.website_of(exchange))
            case _:
                raise unexpected(result, "authorisation_url_get")
        attempt = Attempt(
            state=state,
            verifier=verifier,
            redirect_uri=redirect_uri,
            target=target,
            client_type=client_type,
            stale_at_ms=self.attempts.stale_at_ms(),
        )
        sealed = self.attempts.seal(attempt, third_party_id, exchange.tenant_id)
        for name in self.attempts.too_many(request, sealed):
            self.forget(request, name)
        self.keep(request, attempt, sealed, provider)
        return see_other(with_fields(url, {"state": state}))

    async def come_back(self, exchange: Exchange) -> Response:
        """Answer ``GET /callback/<third_party_id>``."""
        return await self.finish(exchange, exchange.parameter, exchange.request.get_query_params())

    async def come_back_by_form(self, exchange: Exchange) -> Response:
        """Answer ``POST /callback/<third_party_id>``, which a browser sends from the provider's page."""
        return await self.finish(exchange, exchange.parameter, await read_form(exchange.request))

    async def finish(self, exchange: Exchange, third_party_id: str, returned: Mapping[str, str]) -> Response:
        """Sign in whom a provider has sent back."""
        request, state = exchange.request, returned.get("state")
        attempt = self.attempts.find(request, state, third_party_id, exchange.tenant_id)
        if attempt is None:
            who = reprlib.repr(third_party_id)
            message = f"A browser came back from {who} that began no sign-in there, or too long ago."
            return self.refuse(exchange, SignInRefusedError(third_party_id, message), self.website_of(exchange))
        # Of several websites, the one where it began: what came from the provider's page does not say which.
        website = origin_in(attempt.target)
        info = RedirectUriInfo(attempt.redirect_uri, dict(returned), attempt.verifier)
        try:
            provider = await self.find_provider(exchange, third_party_id, attempt.client_type, exchange.tenant_id)
            async with self.sign_ins.whole("cookie"):
                result = await self.apis.sign_in_up_post(
                    provider,
                    info,
                    None,
                    None,
                    None,
                    exchange.tenant_id,
                    self.options(request),
                    exchange.user_context,
                )
        except (ThirdPartyError, BadInputError) as error:
            response = self.refuse(exchange, error, website)
        except UnauthorisedError as error:  # the tenant has other first factors
            request.hint(str(error))
            response = self.failure({"error": FAILED}, website)
        else:
            match result:
                case SignInUpPostOkResult():
                    response = see_other(attempt.target)
                case SignInUpPostNoEmailGivenByProviderResponse():
                    response = self.failure({"error": NO_EMAIL}, website)
                case SignInUpNotAllowed(reason):
                    response = self.refuse_with(reason, website)
                case GeneralErrorResponse(message):
                    response = self.refuse_with(message, website)
                case _:
                    raise unexpected(result, "sign_in_up_post")
        self.forget(request, self.attempts.cookie_of(attempt.state))
        return response

    def target(self, written: str | None, exchange: Exchange) -> str:
        """
        Return where a browser goes on to with its session, as a URL of the website.

        Raises:
            authweave.types.BadInputError: the link says where, and it is not one of the website's.
        """
        website = self.website_of(exchange)
        if not written:
            return self.settings.page("after_sign_in", self.app_info, website)
        page = page_of(written, website)
        if page is None:
            raise BadInputError(
                "redirectTo is not a page of this application's website: write a path, or a URL of its origin, of at "
                f"most {MAX_PAGE_CHARACTERS} characters."
            )
        return page

    def website_of(self, exchange: Exchange) -> str:
        """Return the website that a request is of."""
        return self.app_info.get_origin(exchange.request, exchange.user_context)

    def redirect_uri(self, request: BaseRequest, third_party_id: str, tenant_id: str) -> str:
        """Return where a provider sends the browser back to: what is registered there, its host in ASCII."""
        domain = self.app_info.api_domain
        base = (browser_target(domain) or domain) + self.app_info.base_path_below(request.root_path)
        tenant = "" if tenant_id == PUBLIC_TENANT else f"/{tenant_id}"
        return f"{base}{tenant}/callback/{quote(third_party_id, safe='')}"

    def refuse(self, exchange: Exchange, error: ThirdPartyError | BadInputError, website: str) -> Response:
        """Log why a sign-in did not happen, and send the browser to the page for that."""
        note_failure(exchange.request, error)
        return self.failure({"error": FAILED}, website)

    def refuse_with(self, message: str, website: str) -> Response:
        """Send the browser to the page for failures, with a message to show."""
        return self.failure({"error": FAILED, "message": message}, website)

    def failure(self, fields: Mapping[str, str], website: str) -> Response:
        """Send the browser to the page for failures."""
        return see_other(with_fields(self.settings.page("on_failure", self.app_info, website), fields))

    def keep(self, request: BaseRequest, attempt: Attempt, sealed: str, provider: Provider[UserContext]) -> None:
        """Have the browser keep a sign-in."""
        # A form that the provider's page posts is of another site: Lax would keep the cookie at home.
        by_form = (provider.config.authorization_endpoint_query_params or {}).get("response_mode") == "form_post"
        self.set_cookie(
            request,
            self.attempts.cookie_of(attempt.state),
            sealed,
            self.attempts.lifetime_s,
            "None" if by_form and self.attempts.is_secure else "Lax",
        )

    def forget(self, request: BaseRequest, name: str) -> None:
        """Have the browser forget a sign-in."""
        self.set_cookie(request, name, "", 0, "Lax")

    def set_cookie(self, request: BaseRequest, name: str, value: str, max_age_s: int, same_site: str) -> None:
        """Set a cookie of this host alone."""
        secure = "; Secure" if self.attempts.is_secure else ""
        text = f"{name}={value}; Max-Age={max_age_s}; Path=/; HttpOnly{secure}; SameSite={same_site}"
        request.changes.add("set-cookie", text)


def is_of_link(returned: Mapping[str, str]) -> bool:
    """Return whether a browser comes back from a sign-in that began with a link: a frontend's state is longer."""
    return STATE.fullmatch(returned.get("state", "")) is not None


def see_other(url: str) -> Response:
    """Send the browser on; what stands in its URL is told to no other site."""
    return Response(303, headers=(("location", url), ("referrer-policy", "no-referrer"), ("cache-control", "no-store")))
