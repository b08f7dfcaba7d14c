"""Who may use the API: programs that know a key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

MIN_CHARACTERS: Final = 32
MAX_KEYS: Final = 16
SCHEME: Final = "bearer "
MAX_HEADER: Final = 4096


def digest(key: str) -> bytes:
    """Return what is compared: all of one length, so that the time tells nothing of a key's."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


@attrs.frozen
class Keys:
    """
    The keys that are taken.

    Attributes:
        digests: of each; the keys themselves are not kept.
    """

    digests: tuple[bytes, ...] = attrs.field(repr=False)

    @classmethod
    def of(cls, keys: Iterable[str]) -> Keys:
        """Make it of the keys."""
        return cls(tuple(map(digest, keys)))

    def admits(self, sent: Sequence[str]) -> bool:
        """
        Return whether the ``Authorization`` headers of a request have a key, and are one alone.

        It is sent as a bearer token (RFC 6750, section 2.1).
        """
        if len(sent) != 1 or len(sent[0]) > MAX_HEADER or not sent[0].lower().startswith(SCHEME):
            return False
        shown = digest(sent[0][len(SCHEME) :].strip())
        # All are compared, whichever fits: the time does not tell which one did.
        return sum(hmac.compare_digest(shown, each) for each in self.digests) > 0


def key_faults(keys: tuple[str, ...]) -> Iterator[str]:
    """Return what is wrong with keys, in sentences that show none of them."""
    if not keys:
        yield "The API has no key: it needs one, of at least 32 characters."
    if len(keys) > MAX_KEYS:
        yield f"The API has {len(keys)} keys: {MAX_KEYS} are enough to replace one by another."
    for number, key in enumerate(keys, 1):
        if len(key) < MIN_CHARACTERS:
            yield (
                f"Key {number} of the API has {len(key)} characters: it needs {MIN_CHARACTERS}, as `openssl rand "
                "-base64 32` writes them."
            )
        elif not key.isascii() or not key.isprintable() or " " in key:
            yield f"Key {number} of the API has characters that no header carries: write letters, digits and +/=-_."
    if len(set(keys)) < len(keys):
        yield "The API has a key twice."
