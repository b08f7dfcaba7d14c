"""The keys with which providers sign ID tokens (RFC 7517)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

import attrs
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import ProviderAnswerError
from authweave.security import base64url_bytes
from authweave.types import JSON

from .algorithms import ALGORITHMS, KEY_KINDS, KeyKind, algorithm_named
from .answers import required_object
from .documents import Documents
from .http import ProviderHTTP
from .settings import OAuthSettings

PublicKey: TypeAlias = RSAKey | ECKey | OKPKey

Numbers: TypeAlias = tuple[str, ...]
"""What a key consists of, in base64url: modulus and exponent, or the coordinates of a point."""

PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {"RSA": ("n", "e"), "EC": ("x", "y"), "OKP": ("x",)}

MIN_MODULUS_BITS: Final = 2048
"""RFC 7518, section 3.3."""

MAX_MODULUS_CHARACTERS: Final = 2731
"""Of base64url, 16384 bits: OpenSSL verifies nothing with more, and longer numbers take long to read."""

MAX_EXPONENT_CHARACTERS: Final = 11
"""64 bits, as OpenSSL has it for long keys. All have 65537; one as long as the modulus takes forever."""

MAX_COORDINATE_CHARACTERS: Final = 88
"""Those of P-521 have as many."""

LONGEST: Final[Mapping[str, tuple[int, ...]]] = {
    "RSA": (MAX_MODULUS_CHARACTERS, MAX_EXPONENT_CHARACTERS),
    "EC": (MAX_COORDINATE_CHARACTERS, MAX_COORDINATE_CHARACTERS),
    "OKP": (MAX_COORDINATE_CHARACTERS,),
}

MAX_KEYS: Final = 1000
"""Of one provider; those that there are have fewer than ten."""

MAX_CANDIDATES: Final = 8
"""How many keys that fit are tried for one token. More would let a short token take long."""


@attrs.frozen(eq=False)
class ProviderKey:
    """
    A key of a provider.

    Attributes:
        kid: its id, where it has one.
        algorithm: the one that it is for, where the provider says so.
        kind: its ``kty`` and ``crv``.
        numbers: what it consists of. Where they are the same it is the same key.
    """

    kid: str | None
    algorithm: str | None
    kind: KeyKind
    numbers: Numbers = attrs.field(repr=False)

    def fits(self, algorithm: str) -> bool:
        """Return whether it may have made a signature of an algorithm."""
        return self.kind == ALGORITHMS[algorithm].kind and self.algorithm in {None, algorithm}

    @cached_property
    def key(self) -> PublicKey | None:
        """The key itself, read when it is first wanted; None where nobody can read it."""
        kty, curve = self.kind
        try:
            if kty == "RSA":
                return read_rsa(self.numbers)
            # The numbers alone: what else a provider writes into its keys is its own affair.
            parameters = dict(zip(PARAMETERS[kty], self.numbers, strict=True))
            members: dict[str, str | list[str]] = {"kty": kty, "crv": curve or "", **parameters}
            return ECKey.import_key(members) if kty == "EC" else OKPKey.import_key(members)
        except (JoseError, ValueError, UnsupportedAlgorithm):
            return None


@attrs.frozen(eq=False)
class PublishedKeys:
    """All keys of a provider that may verify something."""

    _keys: Sequence[ProviderKey]

    @cached_property
    def _by_id(self) -> Mapping[str | None, Sequence[ProviderKey]]:
        found = defaultdict[str | None, list[ProviderKey]](list)
        for each in self._keys:
            found[each.kid].append(each)
        return dict(found)

    def candidates(self, kid: str | None, algorithm: str) -> Iterator[tuple[Numbers, PublicKey]]:
        """
        Find the keys that may have signed a token, the same one once, `MAX_CANDIDATES` at most.

        A token that names a key may be of one with that id, or else of one without; one that names none, of any.

        Args:
            kid: the key's id, as the token has it.
            algorithm: one of `ALGORITHMS`.
        """
        found = set[Numbers]()
        for each in self._keys if kid is None else (*self._by_id.get(kid, ()), *self._by_id.get(None, ())):
            if each.fits(algorithm) and each.numbers not in found and each.key is not None:
                found.add(each.numbers)
                yield each.numbers, each.key
            if len(found) == MAX_CANDIDATES:
                return


class ProviderKeys:
    """Fetches and keeps the keys of providers."""

    def __init__(self, services: Services, settings: OAuthSettings, http: ProviderHTTP) -> None:
        self._http = http
        self._reload_ms = round(settings.keys_reload_interval.total_seconds() * 1000)
        lifetime_ms = round(settings.keys_lifetime.total_seconds() * 1000)
        self._documents = Documents(self._fetch, lifetime_ms, services.clock)

    async def get(self, third_party_id: str, url: str) -> PublishedKeys:
        """
        Return a provider's keys.

        Args:
            third_party_id: the provider's id.
            url: where they are.

        Raises:
            ProviderError: they cannot be fetched.
        """
        return await self._documents.get(third_party_id, url)

    async def get_newer(self, third_party_id: str, url: str) -> PublishedKeys:
        """
        Return a provider's keys for a token that none of `get` has signed: perhaps there are other ones by now.

        They are fetched again only as often as the settings say, whether that works or not: tokens are easy to make
        up. Arguments and errors as of `get`.
        """
        return await self._documents.get(third_party_id, url, max_age_ms=self._reload_ms)

    async def _fetch(self, third_party_id: str, url: str) -> PublishedKeys:
        answer = await self._http.get(third_party_id, url)
        listed = required_object(answer, third_party_id, "keys").get("keys")
        if not isinstance(listed, list):
            raise ProviderAnswerError(third_party_id, f"Provider {third_party_id!r} answered without a list of keys.")
        return published_keys(listed)


def published_keys(listed: Iterable[JSON]) -> PublishedKeys:
    """Read a list of keys: the first `MAX_KEYS` of those that may verify something."""
    found = list[ProviderKey]()
    for each in listed:
        if len(found) < MAX_KEYS and (key := read_key(each)) is not None:
            found.append(key)
    return PublishedKeys(found)


def read_key(content: JSON) -> ProviderKey | None:
    """Read a key; None for one that is for something else than signatures, or of no kind that there is here."""
    use = content.get("use") if isinstance(content, Mapping) else ""
    if not isinstance(content, Mapping) or not (use is None or use == "sig"):
        return None
    texts = {name: value for name, value in content.items() if isinstance(value, str)}
    kty = texts.get("kty", "")
    kind = (kty, None if kty == "RSA" else texts.get("crv"))
    if kind not in KEY_KINDS:
        return None  # one with a shared secret above all: it must never verify anything
    numbers = tuple(texts.get(name, "") for name in PARAMETERS[kty])
    if not all(0 < len(number) <= longest for number, longest in zip(numbers, LONGEST[kty], strict=True)):
        return None
    algorithm = texts.get("alg")
    return ProviderKey(texts.get("kid"), None if algorithm is None else algorithm_named(algorithm), kind, numbers)


def read_rsa(numbers: Numbers) -> RSAKey | None:
    """Read a key that is long enough, or return None."""
    n, e = (int.from_bytes(base64url_bytes(each) or b"") for each in numbers)
    return RSAKey.import_key(RSAPublicNumbers(e, n).public_key()) if n.bit_length() >= MIN_MODULUS_BITS else None
