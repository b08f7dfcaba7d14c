"""The keys that sign access tokens, in memory: verifying a token asks no store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Final

import attrs

from authweave._per_process import PerProcess
from authweave.extending import Services
from authweave.recipe.session.config import SessionConfig
from authweave.security import (
    Algorithm,
    PublicJWK,
    SigningKey,
    VerifyingKey,
    decrypt_key,
    encrypt_key,
    generate_dynamic_key,
    generate_static_key,
)
from authweave.storage import KeyRecord, StorageError

from .meeting import Meeting
from .schedule import (
    AHEAD_MS,
    DYNAMIC_SLOT,
    REFRESH_MS,
    STALE_MS,
    ScheduledKey,
    algorithm_of_next,
    schedule_keys,
    signer,
    slot_number,
    static_signer,
)

RELOAD_MS: Final = 500
"""How often a token with an unknown key may make the store be asked (docs/reference/http.md, Access tokens)."""

logger: Final = logging.getLogger("authweave.session")


@attrs.frozen(eq=False)
class KnownKeys:
    """
    What was in the store. Replaced whole, never changed: readers need no lock.

    Attributes:
        dynamic: the newest first.
        by_kid: all of them, in the order in which they are published.
        in_use: those of the kind that is in use, by their ids.
        records: as stored.
        read_at_ms: when they were read.
    """

    dynamic: tuple[ScheduledKey, ...] = ()
    static: tuple[ScheduledKey, ...] = ()
    by_kid: Mapping[str, ScheduledKey] = attrs.field(factory=dict[str, ScheduledKey])
    in_use: Mapping[str, ScheduledKey] = attrs.field(factory=dict[str, ScheduledKey])
    records: tuple[KeyRecord, ...] = ()
    read_at_ms: int | None = None

    def is_older(self, age_ms: int, now_ms: int) -> bool:
        """Return whether they were read so long ago; a clock that was turned back says so too."""
        return self.read_at_ms is None or abs(now_ms - self.read_at_ms) >= age_ms


@attrs.define(eq=False)
class SigningKeys:
    """
    The signing keys of an application. The first one is made when it is first needed, and replaced on schedule.

    Keys are read when the application is built, and from then on beside the requests: while they are used they are
    read again every 30 s. Whoever signs hops to a worker thread anyway; there keys that are older than 60 s are read
    on the way. Where a token comes with an unknown key, they are read before it is answered (`Meeting`). Keys of RSA,
    which takes long, are made beside the requests too, the first one as soon as the application is built.
    """

    services: Services = attrs.field(repr=False)
    config: SessionConfig = attrs.field(repr=False)
    _known: KnownKeys = attrs.field(init=False, factory=KnownKeys, repr=False)
    _asked_at_ms: int = attrs.field(init=False, default=0)
    _refresh_at_ms: int = attrs.field(init=False, default=0)
    _is_renewing: PerProcess[threading.Event] = attrs.field(
        init=False, factory=lambda: PerProcess(threading.Event), repr=False
    )
    _meeting: Meeting = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: Meeting(self.try_to_load, self.services.off_loop), takes_self=True),
    )
    _lock: PerProcess[threading.Lock] = attrs.field(init=False, factory=lambda: PerProcess(threading.Lock), repr=False)

    def find(self, kid: str, now_ms: int) -> VerifyingKey | None:
        """
        Return the key that verifies tokens of an id, or None. It never waits.

        Keys of the kind that is not in use verify nothing: so a change of ``use_dynamic_access_token_signing_key``
        reaches the clients, each of which refreshes once. Where the id is unknown, the keys are read soon.
        """
        found = self._known.in_use.get(kid)
        if found is None:
            if kid not in self._known.by_kid:
                self._read_soon(RELOAD_MS, now_ms)
            return None
        if now_ms >= self._refresh_at_ms or now_ms < self._asked_at_ms:
            self._read_soon(REFRESH_MS, now_ms)
        until_ms = found.verifies_until_ms
        return found.verifying if until_ms is None or now_ms < until_ms else None

    def knows(self, kid: str) -> bool:
        """Return whether a key is known, in use or not."""
        return kid in self._known.by_kid

    async def meet(self, kid: str) -> bool:
        """
        Return whether a key is known by now that was not when it was looked for: another process may have made it.

        The keys are read for that, together with others who wait: 10 times at once, and every 500 ms over time.
        """
        if not self.knows(kid) and await self._meeting.read_once(self.services.clock()) and not self.knows(kid):
            await self._meeting.read_once(self.services.clock())  # the one before may have begun without the key
        return self.knows(kid)

    def current(self, *, stays: bool | None = None) -> SigningKey:
        """
        Return the key that signs new tokens; if there is none yet, make it. May block: call it in a worker thread.

        Args:
            stays: whether it is one that stays; by default as access tokens are signed. A dynamic key is replaced in
                time only where access tokens are signed by one.

        Raises:
            authweave.storage.StorageError: the keys could not be read.
            authweave.security.KeyDecryptionError: the server secret is not the one that they were stored with.
        """
        now_ms = self.services.clock()
        dynamic = self.config.use_dynamic_access_token_signing_key if stays is None else not stays
        found = None if self._known.is_older(STALE_MS, now_ms) else self._signer(now_ms, dynamic=dynamic)
        if found is None:
            with self._lock.get():
                self._read()
                found = self._signer(now_ms, dynamic=dynamic) or self._make(dynamic=dynamic)
            self._renew_if_due(now_ms)
        self._read_soon(REFRESH_MS, now_ms)
        return found

    async def public(self) -> list[PublicJWK]:
        """Return the public halves, the newest first and then those that stay, as JSON Web Keys."""
        now_ms = self.services.clock()
        dynamic = self.config.use_dynamic_access_token_signing_key
        if self._known.is_older(REFRESH_MS, now_ms) or self._signer(now_ms, dynamic=dynamic) is None:
            try:
                await self.services.off_loop(self._read_or_make)
            except StorageError:  # it is away, or overrun
                if not self._known.by_kid:
                    raise
        return [each.verifying.jwk for each in self._known.by_kid.values() if each.verifies_at(now_ms)]

    def prepare(self) -> None:
        """
        Read the keys, and have those made in the background that are due by now, so that nobody waits for them. Blocks.

        Raises:
            authweave.storage.StorageError: they could not be read.
            authweave.security.KeyDecryptionError: the server secret is not the one that they were stored with.
        """
        self.load()
        self._renew_if_due(self.services.clock())

    def load(self) -> None:
        """
        Read the keys. Blocks.

        Raises:
            authweave.storage.StorageError: they could not be read.
            authweave.security.KeyDecryptionError: the server secret is not the one that they were stored with.
        """
        with self._lock.get():
            self._read()

    def try_to_load(self) -> None:
        """Read the keys. Blocks; does not raise."""
        try:
            self.load()
        except Exception as error:  # noqa: BLE001  those that are known go on
            tell_that_they_were_not_read(error)

    def renew(self) -> None:
        """Read the keys, make those that are due, and delete those that are over. Blocks; does not raise."""
        try:
            with self._lock.get():
                self._read()
                now_ms = self.services.clock()
                for dynamic in self._due(now_ms):
                    self._make(dynamic=dynamic)
                if over := self._expired_kids(now_ms):
                    for kid in over:
                        self.services.storage.remove_signing_key(kid)
                    self._read()
        except Exception as error:  # noqa: BLE001  nobody waits for it; those that are known go on, and it is tried again
            tell_that_they_were_not_read(error)
        finally:
            self._is_renewing.get().clear()

    def _read_soon(self, every_ms: int, now_ms: int) -> None:
        """Have the keys read in the background, unless that was asked for just now."""
        if abs(now_ms - self._asked_at_ms) >= every_ms:
            self._note_asked(now_ms)
            self._renew_soon()

    def _renew_soon(self) -> None:
        """Have the keys renewed in the background, once at a time: a store that hangs takes one worker, not all."""
        if not (is_renewing := self._is_renewing.get()).is_set():
            is_renewing.set()
            self.services.in_background(self.renew)

    def _note_asked(self, now_ms: int) -> None:
        self._asked_at_ms, self._refresh_at_ms = now_ms, now_ms + REFRESH_MS

    def _read_or_make(self) -> None:
        self.load()
        self.current()
        self._renew_if_due(self.services.clock())

    def _signer(self, now_ms: int, *, dynamic: bool) -> SigningKey | None:
        if dynamic:
            found = signer(self._known.dynamic, now_ms)
        else:
            found = static_signer(self._known.static, self._algorithm(dynamic=False), now_ms)
        return None if found is None else found.key

    def _renew_if_due(self, now_ms: int) -> None:
        """Have done in the background what keys that were just read show to be due."""
        if self._due(now_ms) or self._expired_kids(now_ms):
            self._renew_soon()

    def _expired_kids(self, now_ms: int) -> list[str]:
        return [kid for kid, each in self._known.by_kid.items() if not each.verifies_at(now_ms)]

    def _algorithm(self, *, dynamic: bool) -> Algorithm:
        """Return what the next key of a kind signs with."""
        configured = self.config.access_token_signing_algorithm
        return algorithm_of_next(configured, self._known.dynamic, self._known.static, is_dynamic=dynamic)

    def _due(self, now_ms: int) -> list[bool]:
        """Return which keys it is time to make: a dynamic one (true), one that stays."""
        return [dynamic for dynamic in (True, False) if self._is_due(now_ms, dynamic=dynamic)]

    def _is_due(self, now_ms: int, *, dynamic: bool) -> bool:
        """
        Return whether it is time to make the next key of a kind.

        The first one is made when it is needed, but for one of RSA, which takes long. A dynamic one is due when none
        was made within the interval, on either side of now: one that a wrong clock has dated years ahead does not
        count. A key is due at once when the algorithm is another, but a dynamic one not before the newest signs, or
        as long after any other: while processes of both settings run, each would replace the other's key with every
        look.
        """
        config, known, algorithm = self.config, self._known, self._algorithm(dynamic=dynamic)
        keys = known.dynamic if dynamic else known.static
        is_in_use = dynamic is config.use_dynamic_access_token_signing_key
        if not keys:
            return is_in_use and algorithm == "RS256"
        if not dynamic:
            return all(each.key.algorithm != algorithm for each in keys)
        age_ms = min(abs(now_ms - each.created_at_ms) for each in keys)
        has_other = keys[0].key.algorithm != algorithm and (now_ms >= keys[0].signs_from_ms or age_ms >= AHEAD_MS)
        return is_in_use and (has_other or age_ms >= config.access_token_signing_key_update_interval_ms)

    def _read(self) -> None:
        now_ms = self.services.clock()
        records = self.services.storage.signing_keys()
        dynamic, static = schedule_keys(records, self._decrypt, lifetime_ms=self.config.access_token_validity_ms)
        by_kid = {each.key.kid: each for each in (*dynamic, *static)}
        of_kind = dynamic if self.config.use_dynamic_access_token_signing_key else static
        in_use = {each.key.kid: each for each in of_kind}
        self._known = KnownKeys(tuple(dynamic), tuple(static), by_kid, in_use, records, now_ms)
        self._note_asked(now_ms)

    def _make(self, *, dynamic: bool) -> SigningKey:
        """Make a key. Of processes that do so at once all use the one that the store has kept."""
        services, algorithm = self.services, self._algorithm(dynamic=dynamic)
        now_ms, random_bytes = services.clock(), services.random_bytes
        if dynamic:
            key = generate_dynamic_key(now_ms, algorithm)
            numbers = [number for record in self._known.records if (number := slot_number(record)) is not None]
            slot = f"{DYNAMIC_SLOT}{max(numbers, default=-1) + 1}"
        else:
            key = generate_static_key(algorithm, random_bytes=random_bytes)
            slot = "static" if algorithm == "RS256" else f"static-{algorithm}"
        running = services.storage.running_transaction()
        if running is not None:
            running.after_undo(self._forget)  # it never was: nothing may be signed with it
        services.storage.add_signing_key(
            KeyRecord(
                kid=key.kid,
                slot=slot,
                algorithm=algorithm,
                private_key=encrypt_key(key, services.secret, services.app_info.app_name, random_bytes=random_bytes),
                created_at_ms=now_ms,
            )
        )
        self._read()
        return self._signer(now_ms, dynamic=dynamic) or key

    def _forget(self) -> None:
        self._known = KnownKeys()

    def _decrypt(self, record: KeyRecord) -> SigningKey:
        known = self._known.by_kid.get(record.kid)
        if known is not None:
            return known.key
        return decrypt_key(record.kid, record.private_key, self.services.secret, self.services.app_info.app_name)


def tell_that_they_were_not_read(error: Exception) -> None:
    """Say in the log that the keys were not read."""
    logger.warning(
        "The signing keys were not read (%s): those known so far are used.",
        type(error).__name__,
        extra={"event": "keys_not_read", "error": type(error).__name__},
    )
