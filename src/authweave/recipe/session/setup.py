"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Generic, cast, get_args

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Check, Contributions, Recipe, RecipeEntry, RecipeOverrides, Services, check_options
from authweave.http import ErrorResponse, Exchange, Route, error_response
from authweave.kernel import UserContext, context_for, use_context
from authweave.security import Algorithm
from authweave.storage import StorePart
from authweave.types import AppInfo, BaseRequest, JSONObject, Response, or_default, tell_without_effect

from .claims.base import AnyClaim, SessionClaimValidator
from .config import DAY_S, GetTokenTransferMethod, InputConfig, SessionConfig, complete
from .exceptions import ClearDuplicateSessionCookiesError, SessionError, weight_of
from .interfaces import APIInterface, RecipeInterface, SessionRequests
from .store import PARTS, SESSIONS
from .transport.error_handlers import InputErrorHandlers
from .types import AntiCsrfMode, CreateJwtOkResult, Risk, SameSite

if TYPE_CHECKING:
    from .claims.global_claims import GlobalClaims
    from .keys.signing_keys import SigningKeys
    from .keys.well_known import WellKnown
    from .owners import Owners
    from .refresh.confirmation import Confirmations

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

RECIPE_ID: Final = "session"
USUAL: Final = InputConfig()
"""The defaults, for what is None."""


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


@attrs.frozen
class SessionContribution:
    """
    What another recipe adds to sessions: it returns one from its `RecipeEntry.contributions`.

    Args:
        claims: what every new session gets, after those that `init` lists.
        claim_validators: what every session has to satisfy, on every route that does not say otherwise.
        refreshed_claims: what is fetched anew when a session is refreshed, if it has the claim or new sessions get it;
            so that what an access token says is never older than the token. Each costs a fetch with each refresh.
    """

    claims: Sequence[AnyClaim] = ()
    claim_validators: Sequence[SessionClaimValidator] = ()
    refreshed_claims: Sequence[AnyClaim] = ()


@attrs.frozen(kw_only=True)
class SessionRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
        requests: the sessions of requests, for other recipes' APIs and for framework adapters.
        claims: what every session gets and has to satisfy.
        keys: what access tokens are signed with.
        confirmations: what is noted of the use of sessions.
        owners: finds the users of login methods.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: SessionConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    requests: SessionRequests
    claims: GlobalClaims
    keys: SigningKeys
    confirmations: Confirmations = attrs.field(repr=False)
    owners: Owners = attrs.field(repr=False)
    app_info: AppInfo = attrs.field(repr=False)
    listed: bool = True

    @property
    @override
    def is_listed(self) -> bool:
        return self.listed

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what frontends ask about their sessions, and what other services verify tokens with."""
        from .transport.routes import SessionRoutes

        # A context has no key that must be there, so every context is one of the application's type.
        functions = cast("RecipeInterface[UserContext]", self.functions)  # handed every context
        apis = cast("APIInterface[UserContext]", self.apis)  # likewise
        of_sessions = SessionRoutes(self.app_info, self.config, functions, apis, self.requests)
        return (*of_sessions.routes(), *self.well_known().routes())

    @override
    def error_responses(self) -> Sequence[ErrorResponse]:
        """Return how session errors are answered."""
        return (
            error_response(SessionError, self.respond_to, weigh=weight_of),
            # It is raised after its changes were noted.
            error_response(ClearDuplicateSessionCookiesError, self.respond_to, keeps_changes=True, weigh=weight_of),
        )

    async def respond_to(self, exchange: Exchange, error: SessionError) -> Response:
        """Return the answer to a session error, and note in the request's changes what the client is to forget."""
        return await self.answer_error(exchange.request, error, exchange.user_context)

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        from .transport.checks import SessionChecks

        return SessionChecks(self.config, self.config.risks, self.config.accepted_risks).checks()

    @override
    def close(self) -> None:
        """Store what is still to be stored of the uses of sessions. Blocks."""
        self.confirmations.close()

    def well_known(self) -> WellKnown:
        """Return what other services are told of the keys."""
        from .keys.well_known import WellKnown

        return WellKnown(self.app_info, self.keys)

    async def create_jwt(
        self, payload: JSONObject, validity_seconds: int | None = None, *, with_static_key: bool = True
    ) -> CreateJwtOkResult:
        """Sign a JWT of the application's own, as `authweave.recipe.session.asyncio.create_jwt` says."""
        from .tokens.own_jwts import create_jwt

        services = self.keys.services
        return await create_jwt(
            payload,
            validity_seconds,
            with_static_key=with_static_key,
            config=self.config,
            keys=self.keys,
            clock=services.clock,
            off_loop=services.off_loop,
        )

    async def public_keys(self) -> list[JSONObject]:
        """Return the public halves of the signing keys, the newest first, as JSON Web Keys (RFC 7517)."""
        return [key.to_json() for key in (await self.well_known().key_set()).keys]

    def end_sessions(self, user_id: str) -> tuple[str, ...]:
        """End the sessions of a user, in the transaction of the thread. Returns their handles. Blocks."""
        return self.keys.services.storage.part(SESSIONS).revoke_sessions_of_user(user_id, None)

    async def answer_error(
        self, request: BaseRequest, error: SessionError, user_context: UserContext | None = None
    ) -> Response:
        """Return the answer to a session error, and note in the request's changes what the client is to forget."""
        from .transport.error_responses import answer_to
        from .transport.hints import session_hints

        for hint in session_hints(error, request):
            request.hint(hint)
        with use_context(context_for(self.functions, user_context)):  # error handlers are handed none
            return await answer_to(error, request, self.config, self.app_info)


@attrs.frozen
class SessionSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: InputConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    listed: bool = True
    recipe_id: ClassVar[str] = RECIPE_ID
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @property
    @override
    def is_listed(self) -> bool:
        return self.listed

    @override
    def faults(self, contributions: Contributions) -> Iterator[str]:
        """Return which claims have a key that another has, also those that other recipes contribute."""
        owners: dict[str, str] = {}
        own = (self.recipe_id, SessionContribution(self.config.claims))
        for recipe_id, contribution in (own, *contributions.of(SessionContribution)):
            for claim in contribution.claims:
                owner = owners.setdefault(claim.key, recipe_id)
                if owner != recipe_id:
                    yield (
                        f"The claim {claim.key!r} of recipe {recipe_id!r} has the key of one of {owner!r}: one of the "
                        "two would overwrite the other in every token; give it another key."
                    )

    @override
    def build(self, services: Services) -> SessionRecipe[ContextT_contra]:
        """
        Compose the recipe. Overrides that do not fit are noted in ``services.faults``.

        Raises:
            authweave.types.ConfigurationError: the configuration cannot work.
            authweave.storage.StorageError: the signing keys could not be read.
            authweave.security.KeyDecryptionError: the server secret is not the one that they were stored with.
        """
        from .apis import APIImplementation
        from .claims.global_claims import GlobalClaims
        from .functions import RecipeImplementation
        from .keys.signing_keys import SigningKeys
        from .owners import Owners
        from .transport.request_sessions import RequestSessions

        contributed = services.contributions(SessionContribution)
        config = attrs.evolve(
            complete(self.config, services.app_info),
            contributed_claims=tuple(claim for each in contributed for claim in each.claims),
            refreshed_claims=(
                *self.config.refreshed_claims,
                *(claim for each in contributed for claim in each.refreshed_claims),
            ),
            recipes=services.built,
        )
        keys = SigningKeys(services, config)
        keys.prepare()
        base = RecipeImplementation[ContextT_contra](config, services, keys)
        functions: RecipeInterface[ContextT_contra] = base
        composed = services.compose(functions, self.overrides.functions)
        # A context has no key that must be there, so every context is one of the application's type.
        for_requests = cast("RecipeInterface[UserContext]", composed)  # handed every context
        claims = GlobalClaims(
            for_requests,
            (*config.claims, *config.contributed_claims),
            (*config.claim_validators, *(validator for each in contributed for validator in each.claim_validators)),
            services.built,
        )
        requests = RequestSessions(config, for_requests, claims, base.ours(), services.clock)
        apis: APIInterface[ContextT_contra] = APIImplementation(config, requests, services.events)
        return SessionRecipe(
            config=config,
            functions=composed,
            apis=services.compose(apis, self.overrides.apis),
            requests=requests,
            claims=claims,
            keys=keys,
            confirmations=base.confirmations,
            owners=Owners(services),
            app_info=services.app_info,
            listed=self.listed,
        )


def kept_sessions() -> SessionSetup:
    """
    Return sessions for recipes of an application that lists none: they bring them along, to end those that are stored.

    They are as they are by default, and served to nobody, so what is risky in that is nobody's risk.
    """
    return SessionSetup(InputConfig(accept_risks=get_args(Risk)), InputOverrideConfig(), listed=False)


def init(
    cookie_domain: str | None = None,
    older_cookie_domain: str | None = None,
    cookie_secure: bool | None = None,  # noqa: FBT001  the documents' order
    cookie_same_site: SameSite | None = None,
    session_expired_status_code: int | None = None,
    anti_csrf: AntiCsrfMode | None = None,
    get_token_transfer_method: GetTokenTransferMethod | None = None,
    error_handlers: InputErrorHandlers | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
    invalid_claim_status_code: int | None = None,
    use_dynamic_access_token_signing_key: bool | None = None,  # noqa: FBT001  the documents' order
    expose_access_token_to_frontend_in_cookie_based_auth: bool | None = None,  # noqa: FBT001  the documents' order
    jwks_refresh_interval_sec: int | None = None,
    *,
    cookie_partitioned: bool | None = False,
    access_token_validity_s: int | None = 3600,
    refresh_token_validity_s: int | None = 100 * DAY_S,
    session_lifetime_s: int | None = None,
    max_sessions_per_user: int | None = None,
    refresh_grace_s: int | None = 10,
    access_token_signing_key_update_interval_s: int | None = 7 * DAY_S,
    access_token_signing_algorithm: Algorithm | None = None,
    claims: Sequence[AnyClaim] | None = (),
    claim_validators: Sequence[SessionClaimValidator] | None = (),
    refreshed_claims: Sequence[AnyClaim] | None = (),
    accept_risks: Collection[Risk] | None = (),
) -> SessionSetup[ContextT]:
    """
    Switch the recipe on.

    Args:
        cookie_domain: whose cookies they are (``.example.com`` for all its hosts); by default the API's host alone.
        older_cookie_domain: what ``cookie_domain`` was before it was changed, so that cookies of that time are
            cleared; empty if it was not set.
        cookie_secure: whether cookies travel by https only; by default whether the API does.
        cookie_same_site: by default ``none`` where API and website are of different sites, else ``lax``.
        session_expired_status_code: of answers that make the frontend refresh, or sign out; 401 by default.
        anti_csrf: how requests with cookies prove that the website sent them; by default ``VIA_CUSTOM_HEADER`` where
            cookies cross sites, else ``NONE``, as SameSite cookies need no proof (OWASP, Cross-Site Request Forgery
            Prevention, 2025).
        get_token_transfer_method: takes the request, whether a session is being created, and the context; returns
            ``cookie``, ``header`` or ``any``; may be ``async``. By default new sessions are as the frontend wishes.
        error_handlers: what answers session errors instead of the library.
        override: overrides of the recipe's functions and APIs.
        invalid_claim_status_code: of answers to sessions whose claims do not suffice; 403 by default.
        use_dynamic_access_token_signing_key: whether access tokens are signed by a key that is replaced in time, as
            they are by default. To change it makes every client refresh once.
        expose_access_token_to_frontend_in_cookie_based_auth: whether scripts get the access token in a header; by
            default they do not.
        jwks_refresh_interval_sec: has no effect, which the log says once: keys come from the store, and are read again
            by themselves.
        cookie_partitioned: whether browsers keep cookies apart for each website that has the application in a frame
            (CHIPS), so that they keep them at all there. It asks for https and ``cookie_same_site="none"``.
        access_token_validity_s: how long an access token lives, in seconds. A revoked session is noticed when its
            access token expires.
        refresh_token_validity_s: how long a session lives without being used, in seconds.
        session_lifetime_s: how long a session lives however much it is used, in seconds; by default for as long as it
            is used (OWASP ASVS 5.0, 7.3.2, asks for a bound). It also holds for sessions that were created before.
        max_sessions_per_user: how many sessions a user has at once, of all tenants; by default any number. A new one
            ends the oldest (ASVS 5.0, 7.1.2). Where a user has more from before, the next new one ends all beyond.
        refresh_grace_s: how long, in seconds, after its successor was first used a refresh token still gets an
            answer, which may have been lost. Afterwards its use is taken for theft. So a theft goes unseen for as
            long as the successor is not used, and this long afterwards; where other programs verify the access
            tokens, only the next refresh counts as use, after up to ``access_token_validity_s``.
        access_token_signing_key_update_interval_s: how long a dynamic key signs before the next one does, in seconds;
            a week by default. The former goes on verifying until its last token has expired.
        access_token_signing_algorithm: ``ES256``, whose tokens are shorter and made quickly, or ``RS256``, which is
            verified quickly. By default what the newest key in the store has, and ES256 where there is none. After a
            change the former key signs until the new one has been published for 180 s, and goes on verifying; the very
            first key signs at once.
        claims: what every new session gets, in this order; the value of each is fetched when the session is created.
        claim_validators: what every session has to satisfy, on every route that does not say otherwise.
        refreshed_claims: what is fetched anew when a session is refreshed, if it has the claim or new sessions get it.
            Other claims stay as they are until a validator finds them too old. Roles and permissions are among them by
            default (`authweave.recipe.userroles.init`).
        accept_risks: the names of the risks in these settings that are known, so that they are neither refused nor
            logged; see *Security, Risky settings*.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which raises what is wrong with the configuration.
    """
    check_options("session.init", init, locals())
    if jwks_refresh_interval_sec is not None:
        why = "The signing keys come from the store, and are read again by themselves."
        tell_without_effect("session.init", ["jwks_refresh_interval_sec"], why, "M15")
    config = InputConfig(
        cookie_domain=cookie_domain,
        older_cookie_domain=older_cookie_domain,
        cookie_secure=cookie_secure,
        cookie_same_site=cookie_same_site,
        cookie_partitioned=cookie_partitioned is True,
        session_expired_status_code=or_default(session_expired_status_code, USUAL.session_expired_status_code),
        invalid_claim_status_code=or_default(invalid_claim_status_code, USUAL.invalid_claim_status_code),
        anti_csrf=anti_csrf,
        get_token_transfer_method=get_token_transfer_method,
        use_dynamic_access_token_signing_key=use_dynamic_access_token_signing_key is not False,
        expose_access_token_to_frontend_in_cookie_based_auth=(
            expose_access_token_to_frontend_in_cookie_based_auth is True
        ),
        access_token_validity_s=or_default(access_token_validity_s, USUAL.access_token_validity_s),
        refresh_token_validity_s=or_default(refresh_token_validity_s, USUAL.refresh_token_validity_s),
        session_lifetime_s=session_lifetime_s,
        max_sessions_per_user=max_sessions_per_user,
        refresh_grace_s=or_default(refresh_grace_s, USUAL.refresh_grace_s),
        access_token_signing_key_update_interval_s=or_default(
            access_token_signing_key_update_interval_s, USUAL.access_token_signing_key_update_interval_s
        ),
        access_token_signing_algorithm=access_token_signing_algorithm,
        claims=or_default(claims, USUAL.claims),
        claim_validators=or_default(claim_validators, USUAL.claim_validators),
        refreshed_claims=or_default(refreshed_claims, USUAL.refreshed_claims),
        error_handlers=error_handlers or InputErrorHandlers(),
        accept_risks=or_default(accept_risks, USUAL.accept_risks),
    )
    return SessionSetup(config, override or InputOverrideConfig[ContextT]())
