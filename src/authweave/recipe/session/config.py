"""The configuration of sessions, checked once and in normal form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias, get_args
from urllib.parse import urlsplit

import attrs

from authweave.kernel import UserContext
from authweave.security import Algorithm
from authweave.types import AppInfo, BaseRequest, ConfigurationError

from .claims.base import AnyClaim, SessionClaimValidator
from .transport import CookieSettings, is_local, is_local_host, same_site_for, wished_transfer_method
from .transport.error_handlers import InputErrorHandlers
from .types import AntiCsrfMode, AnyTransferMethod, SameSite

GetTokenTransferMethod: TypeAlias = Callable[[BaseRequest, bool, UserContext], AnyTransferMethod]
"""Takes the request, whether a new session is being created, and the context."""

HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
DAY_S: Final = 86_400
MIN_KEY_INTERVAL_S: Final = 600


@attrs.frozen(kw_only=True)
class InputConfig:
    """The arguments of `init`, as written. See there for the meaning of each."""

    cookie_domain: str | None = None
    older_cookie_domain: str | None = None
    cookie_secure: bool | None = None
    cookie_same_site: SameSite | None = None
    session_expired_status_code: int = 401
    invalid_claim_status_code: int = 403
    anti_csrf: AntiCsrfMode | None = None
    get_token_transfer_method: GetTokenTransferMethod | None = None
    use_dynamic_access_token_signing_key: bool = True
    expose_access_token_to_frontend_in_cookie_based_auth: bool = False
    access_token_validity_s: int = 3600
    refresh_token_validity_s: int = 100 * DAY_S
    refresh_grace_s: int = 10
    access_token_signing_key_update_interval_s: int = 7 * DAY_S
    access_token_signing_algorithm: Algorithm = "RS256"  # noqa: S105  no password either
    claims: Sequence[AnyClaim] = ()
    claim_validators: Sequence[SessionClaimValidator] = ()
    error_handlers: InputErrorHandlers = attrs.field(factory=InputErrorHandlers)


@attrs.frozen(kw_only=True)
class SessionConfig:
    """
    The same, complete.

    Attributes:
        issuer: the ``iss`` of access tokens.
        refresh_path: where refresh requests go.
        cookies: how session cookies are written.
        claims: what every new session gets, in this order.
        claim_validators: what every session has to satisfy, in this order.
        anti_csrf: as configured; by default ``VIA_CUSTOM_HEADER`` where cookies cross sites, else ``NONE``.
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
    refresh_grace_ms: int
    access_token_signing_key_update_interval_ms: int
    access_token_signing_algorithm: Algorithm
    claims: tuple[AnyClaim, ...]
    claim_validators: tuple[SessionClaimValidator, ...]
    error_handlers: InputErrorHandlers


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
    both_local = is_local(app_info.api_domain) and is_local(app_info.website_domain)
    refresh_path = f"{app_info.api_base_path}/session/refresh"
    return SessionConfig(
        issuer=app_info.api_domain + app_info.api_base_path,
        refresh_path=refresh_path,
        cookies=CookieSettings(
            domain=normal_cookie_domain("cookie_domain", config.cookie_domain) or None,
            older_domain=normal_cookie_domain("older_cookie_domain", config.older_cookie_domain),
            secure=secure,
            same_site=same_site,
            refresh_path=refresh_path,
            allowed=secure or same_site != "none" or both_local,
            expose_access_token=config.expose_access_token_to_frontend_in_cookie_based_auth,
            website_host=urlsplit(app_info.website_domain).hostname or "",
        ),
        session_expired_status_code=config.session_expired_status_code,
        invalid_claim_status_code=config.invalid_claim_status_code,
        anti_csrf=config.anti_csrf or ("VIA_CUSTOM_HEADER" if same_site == "none" else "NONE"),
        get_token_transfer_method=config.get_token_transfer_method or wished_transfer_method,
        use_dynamic_access_token_signing_key=config.use_dynamic_access_token_signing_key,
        access_token_validity_ms=config.access_token_validity_s * 1000,
        refresh_token_validity_ms=config.refresh_token_validity_s * 1000,
        refresh_grace_ms=config.refresh_grace_s * 1000,
        access_token_signing_key_update_interval_ms=config.access_token_signing_key_update_interval_s * 1000,
        access_token_signing_algorithm=config.access_token_signing_algorithm,
        claims=tuple(config.claims),
        claim_validators=tuple(config.claim_validators),
        error_handlers=config.error_handlers,
    )


def check_choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    """Refuse a value that is none of the choices."""
    if value is not None and value not in choices:
        expected = ", ".join(repr(choice) for choice in choices)
        raise ConfigurationError(f"session.init: {name}={value!r} is unknown; it is one of {expected}.")


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
