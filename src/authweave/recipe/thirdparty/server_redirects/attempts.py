"""Sign-ins that are under way: what the browser keeps of each, sealed, in a cookie of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, cast

import attrs

from authweave.extending import Services
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.security import Sealer, base64url, constant_time_equal
from authweave.types import JSON, BaseRequest

STATE_BYTES: Final = 16
STATE: Final = re.compile(r"[A-Za-z0-9_-]{22}")

COOKIE: Final = "authweave-signin-"
HOST_PREFIX: Final = "__Host-"
"""Keeps cookies of sibling hosts out (RFC 6265bis, section 4.1.3.2): browsers take the prefix by HTTPS alone."""

TOLD_APART_BY: Final = 8
"""Characters of the state that name its cookie: sign-ins in several tabs do not disturb each other."""

STATE_PART: Final = re.compile(rf"[A-Za-z0-9_-]{{{TOLD_APART_BY}}}")

MAX_ATTEMPTS: Final = 5
"""That a browser may have under way; the others are forgotten when a new one begins."""

MAX_COOKIE_CHARACTERS: Final = 3500
"""Of a sealed value: with name and attributes less than the 4,096 bytes that browsers keep. Of all together as well."""


@attrs.frozen(kw_only=True)
class Attempt:
    """
    A sign-in that is under way.

    Attributes:
        state: what the provider hands back; only the browser that began has it in a cookie (RFC 6749, section 10.12).
        verifier: the sealed ``pkceCodeVerifier``.
        redirect_uri: where the provider sends the browser back to.
        target: where the browser goes on to, a URL of the website.
        client_type: which of the application's clients it is.
        stale_at_ms: in milliseconds since the epoch.
    """

    state: str = attrs.field(repr=False)
    verifier: str | None = attrs.field(repr=False)
    redirect_uri: str
    target: str = attrs.field(repr=False)
    client_type: str | None
    stale_at_ms: int


class Attempts:
    """Seals sign-ins that begin, and knows them again when the browser comes back."""

    def __init__(self, services: Services, settings: OAuthSettings) -> None:
        self._clock = services.clock
        self._random_bytes = services.random_bytes
        self._app = services.app_info.app_name
        self._sealer = Sealer(services.secret, "third-party-attempts", random_bytes=services.random_bytes)
        self.lifetime_s: Final = round(settings.sign_in_lifetime.total_seconds())
        self.is_secure: Final = services.app_info.api_domain.startswith("https://")

    def new_state(self) -> str:
        """Return a state that nobody can guess."""
        return base64url(self._random_bytes(STATE_BYTES))

    def stale_at_ms(self) -> int:
        """Return when a sign-in that begins now is too old."""
        return self._clock() + self.lifetime_s * 1000

    def seal(self, attempt: Attempt, third_party_id: str, tenant_id: str) -> str:
        """Return what the browser keeps."""
        content = json.dumps(attrs.astuple(attempt), separators=(",", ":")).encode()
        return self._sealer.seal(content, (self._app, third_party_id, tenant_id))

    def find(self, request: BaseRequest, state: str | None, third_party_id: str, tenant_id: str) -> Attempt | None:
        """Return the sign-in that a browser comes back from; None where it began none such, or too long ago."""
        if state is None or not STATE.fullmatch(state):
            return None
        bound_to = (self._app, third_party_id, tenant_id)
        for sealed in request.get_cookies(self.cookie_of(state)):
            content = self._sealer.open(sealed, bound_to) if len(sealed) <= MAX_COOKIE_CHARACTERS else None
            attempt = None if content is None else read_attempt(content)
            if attempt is not None and constant_time_equal(attempt.state, state):
                return attempt if self._clock() < attempt.stale_at_ms else None
        return None

    def cookie_of(self, state: str) -> str:
        """Return the name of the cookie that keeps a sign-in."""
        return f"{HOST_PREFIX if self.is_secure else ''}{COOKIE}{state[:TOLD_APART_BY]}"

    def too_many(self, request: BaseRequest, sealed: str) -> Iterator[str]:
        """
        Return the names of the cookies that keep sign-ins, but for the latest few that may stay beside another one.

        Browsers write the older ones first (RFC 6265, section 5.4). A proxy refuses every request of a browser whose
        cookies are too long, and anybody's link can make it begin sign-ins.
        """
        prefix, length = self.cookie_of(""), len(sealed)
        pairs = (each.strip().partition("=") for header in request.get_headers("cookie") for each in header.split(";"))
        kept = {name: value for name, _, value in pairs if name.startswith(prefix)}
        names = (name for name in reversed(kept) if STATE_PART.fullmatch(name, len(prefix)))
        for number, name in enumerate(names, start=2):
            length += len(kept[name])
            if number > MAX_ATTEMPTS or length > MAX_COOKIE_CHARACTERS:
                yield name


def read_attempt(content: bytes) -> Attempt | None:
    """Read what was sealed here; None for what another version sealed."""
    fields = cast("JSON", json.loads(content))  # json.loads is typed Any
    match fields:
        case [str(state), str() | None as verifier, str(uri), str(target), str() | None as client_type, int(stale)]:
            return Attempt(
                state=state,
                verifier=verifier,
                redirect_uri=uri,
                target=target,
                client_type=client_type,
                stale_at_ms=stale,
            )
        case _:
            return None
