"""The keys with which providers sign ID tokens (RFC 7517)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import attrs
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import ProviderAnswerError
from authweave.types import JSON

from .answers import required_object
from .documents import Documents
from .http import ProviderHTTP
from .settings import OAuthSettings

PublicKey: TypeAlias = RSAKey | ECKey

ALGORITHMS: Final[Mapping[str, tuple[str, str | None]]] = {
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
    "RS512": ("RSA", None),
    "PS256": ("RSA", None),
    "PS384": ("RSA", None),
    "PS512": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
}
"""Those that ID tokens may be signed with, and what keys they take. No ``none``, and none with a shared secret."""

KEY_PARAMETERS: Final = ("kty", "crv", "n", "e", "x", "y")

MIN_MODULUS_CHARACTERS: Final = 342
"""Of base64url: 2048 bits, as RFC 7518, section 3.3, asks for."""

MAX_MODULUS_CHARACTERS: Final = 2731
"""16384 bits: OpenSSL verifies nothing with more, and longer numbers take long to read."""

MAX_KEYS: Final = 100
"""Of one provider; those that there are have fewer than ten."""


@attrs.frozen(eq=False)
class ProviderKey:
    """
    A key of a provider.

    Attributes:
        kid: its id; a provider with one key may give it none.
        algorithm: the one that it is for, where the provider says so.
        kind: its ``kty`` and ``crv``.
    """

    kid: str | None
    algorithm: str | None
    kind: tuple[str, str | None]
    key: PublicKey = attrs.field(repr=False)

    def fits(self, kid: str | None, algorithm: str) -> bool:
        """Return whether a token with such a header may have been signed by it."""
        kty, curve = ALGORITHMS[algorithm]
        right_kind = self.kind[0] == kty and curve in {None, self.kind[1]}
        return right_kind and self.algorithm in {None, algorithm} and kid in {None, self.kid}


class ProviderKeys:
    """Fetches and keeps the keys of providers."""

    def __init__(self, services: Services, settings: OAuthSettings, http: ProviderHTTP) -> None:
        self._http = http
        self._reload_ms = round(settings.keys_reload_interval.total_seconds() * 1000)
        lifetime_ms = round(settings.keys_lifetime.total_seconds() * 1000)
        self._documents = Documents(self._fetch, lifetime_ms, services.clock)

    async def find(self, third_party_id: str, url: str, kid: str | None, algorithm: str) -> PublicKey | None:
        """
        Return the key that a token names.

        An unknown one makes the keys be fetched again, but only as often as the settings say: tokens are easy to
        make up.

        Args:
            third_party_id: the provider's id.
            url: where its keys are.
            kid: the key's id; without one, the provider must have just one key that fits.
            algorithm: one of `ALGORITHMS`.

        Returns:
            The key, or None if the provider has none such.

        Raises:
            ProviderError: the keys cannot be fetched.
        """
        found = only_match(await self._documents.get(third_party_id, url), kid, algorithm)
        if found is None:
            fresh = await self._documents.get(third_party_id, url, max_age_ms=self._reload_ms)
            found = only_match(fresh, kid, algorithm)
        return found

    async def _fetch(self, third_party_id: str, url: str) -> Sequence[ProviderKey]:
        answer = await self._http.get(third_party_id, url)
        listed = required_object(answer, third_party_id, "keys").get("keys")
        if not isinstance(listed, list):
            raise ProviderAnswerError(third_party_id, f"Provider {third_party_id!r} answered without a list of keys.")
        read = (read_key(each) for each in listed[:MAX_KEYS])
        return tuple(key for key in read if key is not None)


def only_match(keys: Sequence[ProviderKey], kid: str | None, algorithm: str) -> PublicKey | None:
    """Return the one key that fits, or None where none does, or several."""
    found = [each.key for each in keys if each.fits(kid, algorithm)]
    return found[0] if len(found) == 1 else None


def read_key(content: JSON) -> ProviderKey | None:
    """Read a key; None for one that is for something else than signatures, or that nobody here can read."""
    use = content.get("use") if isinstance(content, Mapping) else ""
    if not isinstance(content, Mapping) or not (use is None or use == "sig"):
        return None
    texts = {name: value for name, value in content.items() if isinstance(value, str)}
    kind = (texts.get("kty", ""), texts.get("crv"))
    # The numbers alone: what else a provider writes into its keys is its own affair.
    numbers: dict[str, str | list[str]] = {name: texts[name] for name in KEY_PARAMETERS if name in texts}
    try:
        match kind[0]:
            case "RSA" if MIN_MODULUS_CHARACTERS <= len(texts.get("n", "")) <= MAX_MODULUS_CHARACTERS:
                key: PublicKey = RSAKey.import_key(numbers)
            case "EC":
                key = ECKey.import_key(numbers)
            case _:
                return None  # one with a shared secret above all: it must never verify anything
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return ProviderKey(texts.get("kid"), texts.get("alg"), kind, key)
