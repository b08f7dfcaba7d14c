"""
Argon2id (RFC 9106) in memory of its own: mapped for the thread that hashes, and given back when it has nothing to do.

Otherwise the memory comes from malloc. glibc maps what is that large at first, learns from that that such blocks come
and go, and keeps one for every thread that ever hashed, for as long as the process runs. To have it told otherwise
(``mallopt``) counts for the whole process, which is not ours.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import mmap
import os
import threading
from collections.abc import Callable, Iterable, MutableSequence
from typing import Final, Protocol, cast

from argon2 import Parameters, Type, extract_parameters
from argon2.exceptions import HashingError, InvalidHashError
from argon2.low_level import core, error_to_str
from argon2.low_level import ffi as untyped_ffi  # pyright: ignore[reportUnknownVariableType]  cffi has no types

ARGON2ID: Final = 2
VERSION: Final = 0x13
SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
MIN_SALT_BYTES: Final = 8
MIN_KEY_BYTES: Final = 4
OK: Final = 0
DEFAULT_FLAGS: Final = 0


class FFI(Protocol):
    """What of cffi is used here."""

    @property
    def NULL(self) -> object:  # noqa: N802  as cffi has it
        """A pointer to nothing."""
        ...

    def new(self, kind: str, filled_with: object, /) -> object:
        """Make an array or a structure."""
        ...

    def from_buffer(self, kind: str, of: bytes | mmap.mmap, /) -> object:
        """Return where the bytes of an object are."""
        ...

    def buffer(self, array: object, /) -> Iterable[bytes]:
        """Return the bytes of an array."""
        ...

    def callback(self, signature: str, function: Callable[..., int | None], /) -> object:
        """Make a function one that C can call."""
        ...


ffi: Final = cast("FFI", untyped_ffi)  # cffi has no types


class Argon2:
    """
    Hash and verify with one set of costs.

    Args:
        time_cost: passes over the memory.
        memory_kib: how much.
        parallelism: lanes.
    """

    def __init__(self, time_cost: int, memory_kib: int, parallelism: int) -> None:
        self.parameters: Parameters = Parameters(
            Type.ID, VERSION, SALT_BYTES, KEY_BYTES, time_cost, memory_kib, parallelism
        )
        self.prefix: str = f"$argon2id$v={VERSION}$m={memory_kib},t={time_cost},p={parallelism}$"
        self.memory: HashMemory = HashMemory()

    def hash(self, password: bytes) -> str:
        """
        Hash a password with a new salt. Returns its usual text form, with the parameters in it.

        Raises:
            argon2.exceptions.HashingError: costs are out of bounds, or there is not enough memory.
        """
        salt = os.urandom(SALT_BYTES)
        return f"{self.prefix}{encoded(salt)}${encoded(self.key(password, salt, KEY_BYTES))}"

    def verify(self, password_hash: str, password: bytes) -> bool:
        """
        Return whether a password is the one of a hash with these parameters.

        Raises:
            InvalidHashError: it is no such hash.
            argon2.exceptions.HashingError: as for `hash`.
        """
        if not password_hash.startswith(self.prefix):
            raise InvalidHashError
        salt_text, between, key_text = password_hash.removeprefix(self.prefix).partition("$")
        try:
            salt, key = decoded(salt_text), decoded(key_text)
        except ValueError:
            raise InvalidHashError from None
        if not between or len(salt) < MIN_SALT_BYTES or len(key) < MIN_KEY_BYTES:
            raise InvalidHashError
        return hmac.compare_digest(self.key(password, salt, len(key)), key)

    def is_current(self, password_hash: str) -> bool:
        """
        Return whether a hash has these parameters.

        Raises:
            InvalidHashError: it is none of Argon2.
        """
        return extract_parameters(password_hash) == self.parameters

    def key(self, password: bytes, salt: bytes, key_bytes: int) -> bytes:
        """Compute the bytes that a hash is compared by."""
        costs = self.parameters
        key = ffi.new("uint8_t[]", key_bytes)
        # What a context points to has to live as long: it keeps nothing alive itself.
        secret, salted = ffi.from_buffer("uint8_t[]", password), ffi.from_buffer("uint8_t[]", salt)
        context = ffi.new(
            "argon2_context *",
            {
                "out": key,
                "outlen": key_bytes,
                "pwd": secret,
                "pwdlen": len(password),
                "salt": salted,
                "saltlen": len(salt),
                "t_cost": costs.time_cost,
                "m_cost": costs.memory_cost,
                "lanes": costs.parallelism,
                "threads": costs.parallelism,
                "version": costs.version,
                "allocate_cbk": self.memory.allocate,
                "free_cbk": self.memory.free,
                "flags": DEFAULT_FLAGS,
            },
        )
        failure = core(context, ARGON2ID)
        if failure != OK:
            raise HashingError(error_to_str(failure))
        return b"".join(ffi.buffer(key))


class HashMemory:
    """
    What Argon2 works in: for each thread a mapping of its own, which lasts until `give_back`.

    Argon2 itself overwrites it after every hash. On Linux it asks for large pages (``MADV_HUGEPAGE``): to map 19 MiB
    in small ones takes a third as long as the hash does.

    Attributes:
        allocate: what Argon2 calls for its memory; where the system does not allow callbacks, it is left to malloc.
        free: what it calls afterwards.
    """

    def __init__(self) -> None:
        self._of_thread = threading.local()
        self.allocate: object = ffi.NULL
        self.free: object = ffi.NULL
        try:
            allocate = ffi.callback("int(uint8_t **, size_t)", self._allocate)
            free = ffi.callback("void(uint8_t *, size_t)", self._free)
        except (MemoryError, SystemError):  # nothing may be written and executed: SELinux, PaX
            return
        self.allocate, self.free = allocate, free

    def _allocate(self, place: MutableSequence[object], size_bytes: int) -> int:
        memory = getattr(self._of_thread, "memory", None)
        if memory is None or len(memory) != size_bytes:
            self.give_back()
            try:
                memory = self._of_thread.memory = mapped(size_bytes)
            except (OSError, ValueError, MemoryError):
                return 0  # and no memory: Argon2 says so
        place[0] = ffi.from_buffer("uint8_t[]", memory)
        return 0

    def _free(self, _memory: object, _size_bytes: int) -> None:
        """Keep it for the thread's next hash."""

    def give_back(self) -> None:
        """Give the calling thread's memory back to the system, if it has any."""
        memory = self._of_thread.__dict__.pop("memory", None)
        if memory is not None:
            memory.close()


def mapped(size_bytes: int) -> mmap.mmap:
    """
    Map memory that is nobody else's.

    Raises:
        OSError: there is not enough.
    """
    if not hasattr(mmap, "MAP_ANONYMOUS"):  # Windows
        return mmap.mmap(-1, size_bytes)
    memory = mmap.mmap(-1, size_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        try:
            memory.madvise(mmap.MADV_HUGEPAGE)
        except OSError:  # a kernel without them
            return memory
    return memory


def encoded(data: bytes) -> str:
    """Write bytes as hashes have them: base64 without padding."""
    return base64.b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """
    Read what `encoded` wrote.

    Raises:
        ValueError: it is nothing that it writes.
    """
    data = binascii.a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
    if encoded(data) != text:
        raise ValueError("bits are left over")
    return data
