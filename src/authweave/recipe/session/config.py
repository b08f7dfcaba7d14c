"""The configuration of sessions, checked once and in normal form."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar, get_args
from urllib.parse import urlsplit

import attrs

from authweave.extending import Recipes
from authweave.kernel import UserContext
from authweave.security import Algorithm
from authweave.types import AppInfo, BaseRequest, ConfigurationError, MaybeAwaitable

from .claims.base import AnyClaim, SessionClaimValidator
from .transport import (
    REFRESH_PATH,
    CookieSettings,
    SeveralWebsites,
    are_allowed,
    covers,
    is_local_host,
    is_near,
    is_public_suffix,
    same_site_for,
    wished_transfer_method,
)
from .transport.error_handlers import InputErrorHandlers
from .types import AntiCsrfMode, AnyTransferMethod, Risk, SameSite

ContextT = TypeVar("ContextT")

GetTokenTransferMethodIn: TypeAlias = Callable[[BaseRequest, bool, ContextT], MaybeAwaitable[AnyTransferMethod]]
GetTokenTransferMethod: TypeAlias = (
    GetTokenTransferMethodIn[UserContext] | GetTokenTransferMethodIn[dict[str, Any]]  # Any: as ContextArgument
)
"""Takes the request, whether a new session is being created, and the context. May be ``async``."""

HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
DAY_S: Final = 86_400
MIN_KEY_INTERVAL_S: Final = 600

LONG_GRACE_S: Final = 3600
LONG_ACCESS_TOKEN_S: Final = DAY_S
LONG_SESSION_S: Final = 400 * DAY_S
"""Browsers keep no cookie for longer (RFC 6265bis, section 5.5)."""

REFUSED: Final[frozenset[Risk]] = frozenset(
    {"foreign_cookie_domain", "no_anti_csrf_across_sites", "public_suffix_cookie_domain"}
)
"""Risks that nobody takes by mistake and gets away with."""

logger: Final = logging.getLogger("authweave.session")


@attrs.frozen(kw_only=True)
class InputConfig:
    """The arguments of `init`, as written. See there for the meaning of each."""

    cookie_domain: str | None = None
    older_cookie_domain: str | None = None
    cookie_secure: bool | None = None
    cookie_same_site: SameSite | None = None
    cookie_partitioned: bool = False
    session_expired_status_code: int = 401
    invalid_claim_status_code: int = 403
    anti_csrf: AntiCsrfMode | None = None
    get_token_transfer_method: GetTokenTransferMethod | None = None
    use_dynamic_access_token_signing_key: bool = True
    expose_access_token_to_frontend_in_cookie_based_auth: bool = False
    access_token_validity_s: int = 3600
    refresh_token_validity_s: int = 100 * DAY_S
    session_lifetime_s: int | None = None
    max_sessions_per_user: int | None = None
    refresh_grace_s: int = 10
    access_token_signing_key_update_interval_s: int = 7 * DAY_S
    access_token_signing_algorithm: Algorithm | None = None
    claims: Sequence[AnyClaim] = ()
    claim_validators: Sequence[SessionClaimValidator] = ()
    refreshed_claims: Sequence[AnyClaim] = ()
    error_handlers: InputErrorHandlers = attrs.field(factory=InputErrorHandlers)
    accept_risks: Collection[Risk] = ()


@attrs.frozen(kw_only=True)
class SessionConfig:
    """
    The same, complete.

    Attributes:
        issuer: the ``iss`` of access tokens.
        refresh_path: where refresh requests arrive.
        cookies: how session cookies are written.
        claims: what every new session gets, in this order.
        claim_validators: what every session has to satisfy, in this order.
        contributed_claims: what other recipes add to every new session, after those.
        refreshed_claims: what is fetched anew with each refresh.
        recipes: those of the application, which fetch their claims (`RecipeClaim`).
        anti_csrf: as configured; by default ``VIA_CUSTOM_HEADER`` where cookies cross sites, else ``NONE``. With
            several websites they may cross.
        of_websites: what differs by the website that a request is of; None where there is one.
        access_token_signing_algorithm: as configured; None leaves it to the keys that there are (`keys.schedule`).
        risks: what is risky in the settings, and how.
        accepted_risks: those that are known.
    """

    issuer: str
    refresh_path: str
    cookies: CookieSettings
    session_expired_status_code: int
    invalid_claim_status_code: int
    anti_csrf: AntiCsrfMode
    get_token_transfer_method: GetTokenTransferMethod
    use_dynamic_access_token_signing_key: bool
    access_token_validity_ms: int
    refresh_token_validity_ms: int
    session_lifetime_ms: int | None
    max_sessions_per_user: int | None
    refresh_grace_ms: int
    access_token_signing_key_update_interval_ms: int
    access_token_signing_algorithm: Algorithm | None
    claims: tuple[AnyClaim, ...]
    claim_validators: tuple[SessionClaimValidator, ...]
    error_handlers: InputErrorHandlers
    of_websites: SeveralWebsites | None = attrs.field(default=None, repr=False, eq=False)
    risks: tuple[tuple[Risk, str], ...] = ()
    accepted_risks: frozenset[Risk] = frozenset()
    contributed_claims: tuple[AnyClaim, ...] = ()
    refreshed_claims: tuple[AnyClaim, ...] = ()
    recipes: Recipes = attrs.field(factory=Recipes, repr=False, eq=False)

    @cached_property
    def keys_of_new_sessions(self) -> frozenset[str]:
        """The keys of the claims that every new session gets."""
        return frozenset(claim.key for claim in (*self.claims, *self.contributed_claims))

    def cookies_of(self, request: BaseRequest) -> CookieSettings:
        """Return how cookies are written in the answer to a request."""
        return self.cookies if self.of_websites is None else self.of_websites.cookies_of(request)

    def anti_csrf_of(self, request: BaseRequest) -> AntiCsrfMode:
        """Return how a request with cookies proves that the website sent it."""
        return self.anti_csrf if self.of_websites is None else self.of_websites.anti_csrf_of(request)

    def end_of(self, created_at_ms: int) -> int | None:
        """Return when a session ends however much it is used, by when it was created; None where nothing ends it."""
        return None if self.session_lifetime_ms is None else created_at_ms + self.session_lifetime_ms

    def expiry_of(self, created_at_ms: int, now_ms: int) -> int:
        """Return when a session expires that is used now, by when it was created."""
        unused_ms, end_ms = now_ms + self.refresh_token_validity_ms, self.end_of(created_at_ms)
        return unused_ms if end_ms is None else min(unused_ms, end_ms)


def complete(config: InputConfig, app_info: AppInfo) -> SessionConfig:
    """
    Check a configuration and fill in what follows from the application's domains.

    Raises:
        authweave.types.ConfigurationError: something in it cannot work; the message says what and names the choices.
    """
    check_choice("cookie_same_site", config.cookie_same_site, get_args(SameSite))
    check_choice("access_token_signing_algorithm", config.access_token_signing_algorithm, get_args(Algorithm))
    check_choice("anti_csrf", config.anti_csrf, get_args(AntiCsrfMode))
    check_status_codes(config)
    check_times(config)
    check_claims(config.claims)
    secure = app_info.api_domain.startswith("https://") if config.cookie_secure is None else config.cookie_secure
    same_site = config.cookie_same_site or same_site_for(app_info.api_domain, app_info.website_domain)
    check_partitioned(config, same_site, secure=secure)
    # Of several websites that a function tells apart, one may be of another site.
    laxest = same_site if app_info.websites is None or config.cookie_same_site else "none"
    check_risks(config, app_info, laxest, secure=secure)
    anti_csrf: AntiCsrfMode = config.anti_csrf or ("VIA_CUSTOM_HEADER" if laxest == "none" else "NONE")
    cookies = CookieSettings(
        domain=normal_cookie_domain("cookie_domain", config.cookie_domain) or None,
        older_domain=normal_cookie_domain("older_cookie_domain", config.older_cookie_domain),
        secure=secure,
        same_site=same_site,
        refresh_path=app_info.api_base_path + REFRESH_PATH,
        base_path_below=app_info.base_path_below,
        allowed=are_allowed(app_info.api_domain, app_info.website_domain, same_site, secure=secure),
        expose_access_token=config.expose_access_token_to_frontend_in_cookie_based_auth,
        partitioned=config.cookie_partitioned,
        website_host=urlsplit(app_info.website_domain).hostname or "",
    )
    return SessionConfig(
        issuer=app_info.api_domain + app_info.api_base_path,
        refresh_path=app_info.served_base_path + REFRESH_PATH,
        cookies=cookies,
        of_websites=None
        if app_info.websites is None
        else SeveralWebsites(
            app_info,
            cookies,
            anti_csrf,
            config.cookie_same_site,
            asks_origin=config.anti_csrf is None and laxest == "none",
        ),
        session_expired_status_code=config.session_expired_status_code,
        invalid_claim_status_code=config.invalid_claim_status_code,
        anti_csrf=anti_csrf,
        get_token_transfer_method=config.get_token_transfer_method or wished_transfer_method,
        use_dynamic_access_token_signing_key=config.use_dynamic_access_token_signing_key,
        access_token_validity_ms=config.access_token_validity_s * 1000,
        refresh_token_validity_ms=config.refresh_token_validity_s * 1000,
        session_lifetime_ms=None if config.session_lifetime_s is None else config.session_lifetime_s * 1000,
        max_sessions_per_user=config.max_sessions_per_user,
        refresh_grace_ms=config.refresh_grace_s * 1000,
        access_token_signing_key_update_interval_ms=config.access_token_signing_key_update_interval_s * 1000,
        access_token_signing_algorithm=config.access_token_signing_algorithm,
        claims=tuple(config.claims),
        claim_validators=tuple(config.claim_validators),
        error_handlers=config.error_handlers,
        risks=tuple(risks(config, app_info, laxest, secure=secure)),
        accepted_risks=frozenset(config.accept_risks),
    )


def check_choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    """Refuse a value that is none of the choices."""
    if value is not None and value not in choices:
        expected = ", ".join(repr(choice) for choice in choices)
        raise ConfigurationError(f"session.init: {name}={value!r} is unknown; it is one of {expected}.")


def check_partitioned(config: InputConfig, same_site: SameSite, *, secure: bool) -> None:
    """Refuse partitioned cookies that browsers would refuse, or never send from a foreign frame."""
    if not config.cookie_partitioned:
        return
    if not secure:
        raise ConfigurationError(
            "session.init: cookie_partitioned=True asks for Secure cookies: serve the API by https, and leave "
            "cookie_secure as it is."
        )
    if same_site != "none":
        raise ConfigurationError(
            f"session.init: cookie_partitioned=True is for frames on other sites, where cookies that are "
            f"SameSite={same_site.capitalize()} are not sent: set cookie_same_site='none'."
        )


def check_risks(config: InputConfig, app_info: AppInfo, same_site: SameSite, *, secure: bool) -> None:
    """Refuse the risks that are in settings, or log them, unless they are known."""
    if isinstance(config.accept_risks, str):
        raise ConfigurationError(
            f"session.init: accept_risks={config.accept_risks!r} is no collection of names; write {{...}} around it."
        )
    for name in config.accept_risks:
        check_choice("accept_risks", name, get_args(Risk))
    for risk, said in risks(config, app_info, same_site, secure=secure):
        if risk in config.accept_risks:
            continue
        advice = f"If that is as it should be, say accept_risks={{{risk!r}}}."
        # Where nobody but the developer comes, cookies that browsers drop put nobody at risk.
        if risk in REFUSED and not (risk == "foreign_cookie_domain" and is_near(app_info.api_domain)):
            raise ConfigurationError(f"session.init: {said} {advice}")
        logger.warning("session.init: %s %s", said, advice, extra={"event": "risky_setting", "risk": risk})


def risks(config: InputConfig, app_info: AppInfo, same_site: SameSite, *, secure: bool) -> Iterator[tuple[Risk, str]]:
    """Return what is risky in settings, and how (docs/explanation/security.md, Risky settings)."""
    domain = normal_cookie_domain("cookie_domain", config.cookie_domain)
    host = urlsplit(app_info.api_domain).hostname or ""
    if domain and not covers(domain, host):
        said = f"cookie_domain={config.cookie_domain!r} does not cover {host!r}, where the API answers: browsers drop "
        yield "foreign_cookie_domain", f"{said}its cookies."
    elif domain and domain.removeprefix(".") != host and is_public_suffix(domain):
        said = f"cookie_domain={config.cookie_domain!r} is a public suffix, below which anybody may have hosts: "
        yield "public_suffix_cookie_domain", f"{said}browsers drop its cookies, or send them to strangers."
    if config.anti_csrf == "NONE" and same_site == "none":
        said = "anti_csrf='NONE' with SameSite=None cookies: a page of any site can act as the user (OWASP, Cross-Site "
        yield "no_anti_csrf_across_sites", f"{said}Request Forgery Prevention). Leave anti_csrf out."
    for name, address in (("api_domain", app_info.api_domain), ("website_domain", app_info.website_domain)):
        if address.startswith("http://") and not is_near(address):
            yield "plain_http", f"{name}={address!r} is no https: everybody on the way reads passwords and tokens."
    if app_info.api_domain.startswith("https://") and not secure:
        said = "cookie_secure=False with an https API: browsers send the session's cookies by http as well."
        yield "insecure_cookies", said
    if (grace_s := config.refresh_grace_s) > LONG_GRACE_S:
        said = f"refresh_grace_s={grace_s}: for as long nobody notices that a refresh token was stolen."
        yield "long_grace", said
    if (access_s := config.access_token_validity_s) > LONG_ACCESS_TOKEN_S:
        said = f"access_token_validity_s={access_s}: a session that was revoked goes on for more than a day."
        yield "long_access_tokens", said
    if (session_s := config.refresh_token_validity_s) > LONG_SESSION_S:
        said = f"refresh_token_validity_s={session_s}: sessions that nobody uses live for more than 400 days, "
        yield "long_sessions", f"{said}and browsers keep no cookie for as long."


def check_status_codes(config: InputConfig) -> None:
    """Refuse status codes that are no refusals, or that frontends cannot tell apart."""
    expired, invalid = config.session_expired_status_code, config.invalid_claim_status_code
    for name, code in (("session_expired_status_code", expired), ("invalid_claim_status_code", invalid)):
        if not 400 <= code <= 599:  # noqa: PLR2004  HTTP's errors
            raise ConfigurationError(f"session.init: {name}={code!r} is not an HTTP error; choose 400 to 599.")
    if expired == invalid:
        raise ConfigurationError(
            f"session.init: session_expired_status_code and invalid_claim_status_code are both {expired}; "
            "frontends refresh on the first and report the second, so give them different codes."
        )


def check_times(config: InputConfig) -> None:
    """Refuse lives that end before they begin."""
    if config.access_token_validity_s < 1:
        raise ConfigurationError(
            f"session.init: access_token_validity_s={config.access_token_validity_s!r}; it is 1 second at least."
        )
    if config.refresh_token_validity_s <= config.access_token_validity_s:
        raise ConfigurationError(
            f"session.init: refresh_token_validity_s={config.refresh_token_validity_s!r} has to be longer than "
            f"access_token_validity_s={config.access_token_validity_s!r}."
        )
    for name, bound in (
        ("session_lifetime_s", config.session_lifetime_s),
        ("max_sessions_per_user", config.max_sessions_per_user),
    ):
        if bound is not None and bound < 1:
            raise ConfigurationError(f"session.init: {name}={bound!r}; it is 1 at least, or None for no bound.")
    if config.refresh_grace_s < 0:
        raise ConfigurationError(f"session.init: refresh_grace_s={config.refresh_grace_s!r}; it is 0 seconds at least.")
    if (interval_s := config.access_token_signing_key_update_interval_s) < MIN_KEY_INTERVAL_S:
        raise ConfigurationError(
            f"session.init: access_token_signing_key_update_interval_s={interval_s!r}; it is {MIN_KEY_INTERVAL_S} "
            "seconds at least, so that a key is known everywhere before the next one is made."
        )


def check_claims(claims: Sequence[AnyClaim]) -> None:
    """Refuse two claims of one key: the second would overwrite the first."""
    keys = [claim.key for claim in claims]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ConfigurationError(f"session.init: claims has two of one key, {', '.join(twice)}; leave one of them out.")


def normal_cookie_domain(name: str, written: str | None) -> str | None:
    """
    Return the host of what was written, in lower case, with its leading dot if it has one.

    Scheme, port and path go; localhost and IPv4 addresses lose the dot. None and the empty string stay.
    """
    if not written:
        return written
    text = written.strip().lower()
    bare = text.removeprefix(".")
    try:
        host = urlsplit(bare if "://" in bare else f"//{bare}").hostname or ""
    except ValueError:
        host = ""
    dotted, host = text.startswith(".") or host.startswith("."), host.removeprefix(".")
    if is_local_host(host):
        return host
    if not HOST.fullmatch(host):
        raise ConfigurationError(f"session.init: {name}={written!r} is not a domain; write one like '.example.com'.")
    return f".{host}" if dotted else host
