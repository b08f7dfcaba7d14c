"""Password hashing: Argon2id, off the event loop, in a bounded number of threads with a fair queue in front of them."""

from __future__ import annotations

import asyncio
import base64
import logging
import math
import os
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Final, Literal

from argon2.exceptions import InvalidHashError
from typing_extensions import TypeVar

from ._argon2 import Argon2
from ._errors import BusyError, ClosedError, PasswordTooLongError
from ._fair_threads import NOBODY_KNOWN, FairThreads, Turn
from ._limits import MAX_PASSWORD_BYTES
from .hashes import UNUSABLE_HASH, ForeignHash, HashFaultError, parse_hash

R = TypeVar("R")

logger: Final = logging.getLogger("authweave.security")

MAX_NOTED: Final = 100
"""Reasons that are logged: they hold costs, of which there may be many."""

MEMORY_KIB: Final = 19 * 1024
TIME_COST: Final = 2
PARALLELISM: Final = 1
WAIT_S: Final = 10.0
"""Browsers and proxies wait longer, people do not."""
HELD_BYTES: Final = 32 * 1024 * 1024
"""For each thread, of what requests hold that wait; beside the 19 MiB of its hash."""

PLAUSIBLE_KIB_PER_S: Final = 400_000
"""A core fills about five times as much, so by default it is not plausible that a hash takes longer than 0.1 s."""
MEASURED: Final = 3
"""Hashes, where the first one took a time that is not plausible; one leap is in one of them."""


class PasswordHasher:
    """
    Hash and verify passwords with Argon2id (RFC 9106), off the event loop.

    The cost is what OWASP's Password Storage Cheat Sheet (section "Argon2id", 2025) asks for at least: 19 MiB of
    memory, 2 passes, one lane. Raise it where the machine allows: `needs_rehash` then tells which stored hashes are
    older. ``at_once`` hashes run at the same time, so together they take ``at_once * memory_kib`` of memory, 19 MiB a
    core by default, which goes back to the system when nobody waits.

    Others wait their turn, for ``wait_s`` seconds at most: how long a hash takes is measured all the time. Whoever
    would wait for longer is told at once, by `BusyError`, when to come again; so is he for whom there is no memory,
    which is 32 MiB for each hash at a time. Clients take turns, and so do the accounts that one client asks for; where
    there is no room, one of whoever has most waiting goes. So nobody waits, or is turned away, for what another sends.

    Any event loop, and any number of them, may use one hasher; after a fork the child has threads of its own.

    Args:
        memory_kib: memory of one hash, in KiB.
        time_cost: passes over that memory.
        parallelism: lanes of one hash, each of them a thread; 1 leaves parallelism to ``at_once``.
        at_once: how many hashes are computed at the same time; as many as there are cores by default.
        wait_s: how long one may wait for his turn, in seconds.
        queue: how many may wait, whatever ``wait_s`` says; None for as many as can be served in that time.
        imported: a stand-in for each kind and cost of hashes that came from elsewhere, as ``authweave user import``
            prints them. With every password one of each is computed, after one of Argon2: so accounts that have such a
            hash, that have one of ours and that are unknown take the same work. Without it an account that came with
            another hash takes what that costs until it is renewed at its first sign-in, and can be told by the time.
        firebase_signer_key: in base64, that of the Firebase project whose hashes were imported. Without it none of
            them matches. It is a secret.
        monotonic: tells seconds since some moment, for measuring.

    Raises:
        ValueError: an option makes no sense: a text for a number, say, or a ``wait_s`` that is not finite.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        *,
        memory_kib: int = MEMORY_KIB,
        time_cost: int = TIME_COST,
        parallelism: int = PARALLELISM,
        at_once: int | None = None,
        wait_s: float = WAIT_S,
        queue: int | None = None,
        imported: Sequence[str] = (),
        firebase_signer_key: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        threads = (os.cpu_count() or 1) if at_once is None else at_once
        check_numbers(
            memory_kib=memory_kib,
            time_cost=time_cost,
            parallelism=parallelism,
            at_once=threads,
            queue=queue,
            wait_s=wait_s,
        )
        if threads < 1 or wait_s < 0 or (queue is not None and queue < 0):
            raise ValueError(
                f"PasswordHasher(at_once={at_once}, wait_s={wait_s}, queue={queue}): at_once has to be at least 1 (or "
                "None for the number of cores), wait_s at least 0, queue at least 0 (or None for no bound by number)."
            )
        self._argon2 = Argon2(time_cost, memory_kib, parallelism)
        self._dummy_hash, each_s = self._measured(monotonic)
        self._threads = FairThreads(
            threads,
            queue,
            "authweave-passwords",
            self._busy,
            wait_s=wait_s,
            held_bytes=HELD_BYTES * threads,
            each_s=each_s,
            at_rest=self._argon2.memory.give_back,
            monotonic=monotonic,
        )
        self._argon2.memory.give_back()
        self._signer_key = None if firebase_signer_key is None else signer_key_of(firebase_signer_key)
        self._imported = stand_ins(imported)
        self._noted: set[str] = set()

    def _measured(self, monotonic: Callable[[], float]) -> tuple[str, float]:
        """
        Return a hash, and how long one takes, in seconds: what is expected until more was measured.

        Where that is not plausible, two more are measured, and the median counts: a slow machine, or a leap.
        """
        text, taken_s = "", list[float]()
        plausible_s = self.memory_kib * self.time_cost / PLAUSIBLE_KIB_PER_S
        while not taken_s or (len(taken_s) < MEASURED and not 0 < taken_s[0] <= plausible_s):
            started_s = monotonic()
            text = self._argon2.hash(os.urandom(16))
            taken_s.append(monotonic() - started_s)
        return text, median(taken_s)

    @property
    def memory_kib(self) -> int:
        """Memory of one hash, in KiB."""
        return self._argon2.parameters.memory_cost

    @property
    def time_cost(self) -> int:
        """Passes over that memory."""
        return self._argon2.parameters.time_cost

    @property
    def parallelism(self) -> int:
        """Lanes of one hash."""
        return self._argon2.parameters.parallelism

    async def hash(self, password: str, *, turn: Turn = NOBODY_KNOWN) -> str:
        """
        Hash a new password, with a new salt.

        Args:
            password: in clear.
            turn: whose it is.

        Returns:
            The hash in its usual text form (``$argon2id$v=19$...``), with the parameters in it.

        Raises:
            PasswordTooLongError: it has more than 4096 bytes.
            BusyError: it would wait for too long, and nobody has more waiting; or its place went to another.
            authweave.errors.ClosedError: the hasher was closed.
        """
        data = password_bytes(password)
        if len(data) > MAX_PASSWORD_BYTES:
            raise PasswordTooLongError(MAX_PASSWORD_BYTES)
        return await self._off_loop(lambda: self._argon2.hash(data), turn)

    async def verify(self, password_hash: str | None, password: str, *, turn: Turn = NOBODY_KNOWN) -> bool:
        """
        Return whether a password is the one that was hashed.

        The same work is done where there is no hash (no such user), where it is none that is known or its costs are
        absurd, and where the password is too long to be right: how long the answer takes tells nothing. A hash of other
        parameters than these, or of another library (`authweave.security.hashes`), takes as long as those say, until
        it is renewed (`needs_rehash`), unless ``imported`` evens that out.

        Args:
            password_hash: as `hash` returned it; None where there is none.
            password: in clear.
            turn: whose it is.

        Raises:
            BusyError: as for `hash`.
            authweave.errors.ClosedError: the hasher was closed.
        """
        data = password_bytes(password)
        if password_hash is None or len(data) > MAX_PASSWORD_BYTES:
            return await self._off_loop(lambda: self._refuse(data[:MAX_PASSWORD_BYTES]), turn)
        return await self._off_loop(lambda: self._matches(password_hash, data), turn)

    def _matches(self, password_hash: str, data: bytes) -> bool:
        if password_hash.startswith(self._argon2.prefix):
            matches = self._own_matches(password_hash, data)
            self._even_out(data, None)
            return matches
        try:
            foreign = parse_hash(password_hash, firebase_signer_key=self._signer_key)
        except HashFaultError as fault:
            self._note(password_hash, fault)
            return self._refuse(data)
        if foreign.stand_in not in self._imported:
            return foreign.matches(data)
        self._argon2.verify(self._dummy_hash, data)
        return self._even_out(data, foreign)

    def _note(self, password_hash: str, fault: HashFaultError) -> None:
        """Log, once for each reason, that a stored hash is of no use: whoever has it cannot sign in."""
        if password_hash != UNUSABLE_HASH and str(fault) not in self._noted and len(self._noted) < MAX_NOTED:
            self._noted.add(str(fault))
            logger.warning(
                "A stored password hash cannot be verified: %s. Whoever has it can set a new password by a reset.",
                fault,
                extra={"event": "password_hash_unknown"},
            )

    def _own_matches(self, password_hash: str, data: bytes) -> bool:
        try:
            return self._argon2.verify(password_hash, data)
        except InvalidHashError:
            self._argon2.verify(self._dummy_hash, data)
            return False

    def _even_out(self, data: bytes, foreign: ForeignHash | None) -> bool:
        """Compute a hash of each imported kind, the account's in place of its stand-in. Return whether it matches."""
        matches = False
        for kind, stand_in in self._imported.items():
            if foreign is not None and kind == foreign.stand_in:
                matches = foreign.matches(data)
            else:
                stand_in.matches(data)
        return matches

    def _refuse(self, data: bytes) -> Literal[False]:
        self._argon2.verify(self._dummy_hash, data)
        self._even_out(data, None)
        return False

    def needs_rehash(self, password_hash: str) -> bool:
        """Return whether a hash was made with parameters other than this hasher's, or is none of Argon2."""
        if password_hash.startswith(self._argon2.prefix) and len(password_hash) == len(self._dummy_hash):
            return password_hash.rfind("$") != self._dummy_hash.rfind("$")  # salt and hash are as long as ours, too
        try:
            return not self._argon2.is_current(password_hash)
        except InvalidHashError:
            return True

    def close(self) -> None:
        """Let the running hashes end, and drop those that wait. Closing twice does nothing."""
        self._threads.close()

    async def _off_loop(self, work: Callable[[], R], turn: Turn) -> R:
        """Do work in one of the threads; if the caller is cancelled, its place in the queue is free at once."""
        try:
            future = self._threads.submit(work, turn)
        except RuntimeError as error:
            raise ClosedError("What hashes passwords") from error
        return await asyncio.wrap_future(future)

    def _busy(self) -> BusyError:
        """Return the error for whoever is turned away."""
        return BusyError(math.ceil(self._threads.wait_s()))


def check_numbers(**options: object) -> None:
    """
    Check that all are whole numbers, but for ``wait_s``, a finite one, and ``queue``, which may be None.

    Raises:
        ValueError: one is not. The message names it.
    """
    for name, value in options.items():
        is_number = isinstance(value, int) and not isinstance(value, bool)  # True is none
        if name == "wait_s":
            if not is_number and not (isinstance(value, float) and math.isfinite(value)):
                raise ValueError(f"PasswordHasher: wait_s has to be a finite number of seconds, not {value!r}.")
        elif not is_number and not (name == "queue" and value is None):
            raise ValueError(f"PasswordHasher: {name} has to be a whole number, not {value!r}.")


def password_bytes(password: str) -> bytes:
    """Encode a password, also one that no encoding can write: JSON may hold half of a surrogate pair."""
    return password.encode("utf-8", "surrogatepass")


def signer_key_of(encoded: str) -> bytes:
    """
    Decode the key of a Firebase project.

    Raises:
        ValueError: it is no base64. The message does not hold it.
    """
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ValueError(
            "PasswordHasher: firebase_signer_key is not base64: copy base64_signer_key as it is."
        ) from None


def stand_ins(imported: Sequence[str]) -> dict[str, ForeignHash]:
    """
    Return one hash of each kind and cost.

    Raises:
        ValueError: one is no hash that is known.
    """
    try:
        parsed = [parse_hash(each) for each in imported]
        return {each.stand_in: parse_hash(each.stand_in) for each in parsed}
    except HashFaultError as error:
        raise ValueError(f"PasswordHasher: an entry of imported cannot be used: {error}.") from None
