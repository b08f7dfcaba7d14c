"""What a provider may answer that it should not: each is told, and keeps nobody from signing in elsewhere."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs
import pytest
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from authweave.recipe.thirdparty.provider import ProviderConfig
from authweave.types import JSON, Clock

from .imitation import Imitation
from .row import Row, client
from .world import PROVIDER_AT_FAULT, REFUSED, World, world

ISSUER: Final = "https://id.example.com"
METADATA: Final[dict[str, JSON]] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/jwks",
    "token_endpoint_auth_methods_supported": ["client_secret_basic"],
}
ADA: Final[dict[str, JSON]] = {"sub": "ada", "email": "ada@example.com", "email_verified": True}
TEN_MINUTES_MS: Final = 600_000


def row(
    third_party_id: str, claims: dict[str, JSON] | None = None, *, algorithm: str = "RS256", **metadata: JSON
) -> Row:
    """Return a provider whose document says something else than the usual."""
    return Row(
        config=ProviderConfig(third_party_id, oidc_discovery_endpoint=ISSUER, clients=[client()]),
        discovered_at=f"{ISSUER}/.well-known/openid-configuration",
        metadata={name: value for name, value in {**METADATA, **metadata}.items() if value is not None},
        algorithm=algorithm,
        claims={**ADA, **(claims or {})},
        answers={f"{ISSUER}/userinfo": ADA},
        expected=("ada", "ada@example.com", True),
    )


class ManyKeys(Imitation):
    """Publishes a thousand keys, the right one last."""

    @override
    def published_keys(self) -> list[JSON]:
        others: list[JSON] = [foreign_key(f"foreign-{number}") for number in range(999)]
        return [*others, *super().published_keys()]


class ManyKeysWithoutIds(Imitation):
    """Publishes a thousand keys that anything may have been signed with, the right one not among the first."""

    @override
    def published_keys(self) -> list[JSON]:
        others: list[JSON] = [foreign_key(None) for _ in range(999)]
        return [*others, {**self.key.as_dict(private=False), "kid": None}]


class TenMegabytes(Imitation):
    """Answers a request for tokens with tokens, and ten megabytes of spaces."""

    @override
    def exchange(self, request: Request, form: dict[str, str]) -> Response:
        answer = super().exchange(request, form)
        return Response(bytes(answer.body) + b" " * 10_000_000, media_type="application/json")


@attrs.define(eq=False)
class Late(Imitation):
    """Has a clock that is ten minutes behind."""

    def __attrs_post_init__(self) -> None:
        self.clock = off_by(self.clock, -TEN_MINUTES_MS)


@attrs.define(eq=False)
class Early(Imitation):
    """Has a clock that is ten minutes ahead."""

    def __attrs_post_init__(self) -> None:
        self.clock = off_by(self.clock, TEN_MINUTES_MS)


@attrs.frozen
class Case:
    """
    A provider, and what is said of it.

    Attributes:
        told: parts of the line in the log; ``{at}`` is where the provider is.
        kind: what imitates it.
        answer: what the frontend gets.
        at_once: whether that is known before the user goes there.
    """

    row: Row
    told: tuple[str, ...]
    kind: type[Imitation] = Imitation
    answer: dict[str, str] = PROVIDER_AT_FAULT
    at_once: bool = False


GOOD: Final = row("good")
THOUSAND: Final = row("thousand-keys")

CASES: Final = (
    Case(
        row("issuer-of-another", issuer="https://other.example"),
        ("discovery document of the issuer '{at}/other.example', not '{at}/id.example.com'", "oidc_discovery_endpoint"),
        at_once=True,
    ),
    Case(row("no-issuer", issuer=7), ("without an issuer",), at_once=True),
    Case(
        row("script", authorization_endpoint="javascript:alert(1)"),
        ("has an endpoint that is no https:// URL",),
        at_once=True,
    ),
    Case(row("no-token-endpoint", token_endpoint=None), ("has no token_endpoint: configure one",)),
    Case(row("token-endpoint-of-another-kind", token_endpoint="tokens, please"), ("endpoint that is no https:// URL",)),
    Case(
        row("pushed-nowhere", require_pushed_authorization_requests=True),
        ("demands pushed authorisation requests, and names no endpoint",),
        at_once=True,
    ),
    Case(
        row("certificates", token_endpoint_auth_methods_supported=["tls_client_auth"]),
        ("tls_client_auth", "token_endpoint_auth_method"),
    ),
    Case(
        row("token-of-another", {"iss": "https://other.example"}),
        ("the issuer 'https://other.example' made it, not '{at}/id.example.com'",),
        answer=REFUSED,
    ),
    Case(
        row("other-algorithm", algorithm="PS256", id_token_signing_alg_values_supported=["ES256"]),
        ("PS256", "ES256"),
        answer=REFUSED,
    ),
    Case(row("another-user", {"sub": "bob", "email": None}), ("one user in the ID token and another",), answer=REFUSED),
    Case(row("keys-without-ids"), ("ID token",), ManyKeysWithoutIds, REFUSED),
    Case(row("ten-megabytes"), ("answered with more than 1048576 bytes",), TenMegabytes),
    Case(row("late"), ("600 s behind this server's",), Late, REFUSED),
    Case(row("early"), ("600 s ahead of this server's",), Early, REFUSED),
)


def foreign_key(kid: str | None) -> JSON:
    """Return a key of 2048 bits of whose other half nobody knows."""
    modulus = base64.urlsafe_b64encode(b"\xc1" + secrets.token_bytes(254) + b"\x01").rstrip(b"=").decode()
    named = {} if kid is None else {"kid": kid}
    return {**named, "kty": "RSA", "use": "sig", "e": "AQAB", "n": modulus}


def off_by(clock: Clock, by_ms: int) -> Clock:
    """Return a clock that differs from another."""
    return lambda: clock() + by_ms


@pytest.fixture(scope="module")
def bad() -> Iterator[World]:
    """Serve the bad ones, and good ones beside."""
    kinds: dict[Row, type[Imitation]] = {GOOD: Imitation, THOUSAND: ManyKeys}
    with world({**kinds, **{case.row: case.kind for case in CASES}}) as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=[case.row.id for case in CASES])
def test_what_is_told(bad: World, case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """The frontend has something to show; the log says what is wrong with which provider, and what to do."""
    answer = bad.browser.ask(case.row) if case.at_once else bad.browser.sign_in(case.row)
    assert (answer.status_code, answer.json()) == (200, case.answer)
    assert "st-access-token" not in answer.headers
    assert repr(case.row.id) in caplog.text
    for part in case.told:
        assert part.replace("{at}", bad.imitations[case.row.id].address) in caplog.text
    assert bad.browser.sign_in(GOOD).json()["status"] == "OK"


def test_a_thousand_keys(bad: World) -> None:
    """The right one is found by its id, wherever it stands, and the keys are asked for once."""
    for _ in range(2):
        assert bad.browser.sign_in(THOUSAND).json()["status"] == "OK"
    assert bad.imitations[THOUSAND.id].asked[f"{ISSUER}/jwks"] == 1


def test_all_at_once(bad: World) -> None:
    """While users of all bad providers fail, those of a good one sign in."""

    def attempt(case: Case) -> str:
        answer = bad.browser.ask(case.row) if case.at_once else bad.browser.sign_in(case.row)
        return str(answer.json()["status"])

    with ThreadPoolExecutor(len(CASES) + 1) as threads:
        failing = [threads.submit(attempt, case) for case in CASES]
        assert threads.submit(bad.browser.sign_in, GOOD).result().json()["status"] == "OK"
        assert {each.result() for each in failing} == {"GENERAL_ERROR"}
