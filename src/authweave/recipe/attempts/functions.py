"""The functions of the attempts recipe, as they are without overrides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress

from typing_extensions import override

from authweave.extending import Services, put_off
from authweave.kernel import overridable
from authweave.storage import StorageError

from .ahead import Ahead, current_ahead
from .config import DAY_MS, AttemptsConfig
from .interfaces import ContextT_contra, RecipeInterface
from .keys import Keyed
from .store import ATTEMPTS, AttemptStore
from .types import Action, AllowAttemptResult, AttemptAllowed, AttemptRefused


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    An attempt that is allowed reads once, and with the same hop what is read next (`Ahead`); one that fails writes
    once, and one that succeeds writes where there is something new: the first time, then once a day, and after
    failures.

    Attributes:
        config: what `init` was told.
    """

    def __init__(self, config: AttemptsConfig, services: Services) -> None:
        self.config = config
        self.services = services
        self.keyed: Keyed = Keyed(services.secret)
        self.store: AttemptStore = services.storage.part(ATTEMPTS)

    @overridable
    @override
    async def allow_attempt(
        self, action: Action, tenant_id: str, account: str, address: str | None, user_context: ContextT_contra
    ) -> AllowAttemptResult:
        keys = self.keyed.keys(action, tenant_id, account, address).in_use()
        return await self.services.off_loop(self.decide, keys, current_ahead(user_context))

    def decide(self, keys: Sequence[str], ahead: Ahead[object] | None) -> AllowAttemptResult:
        """Decide by the counts under the keys of an attempt, and read what is read first if it may be made. Blocks."""
        config = self.config
        of_account, from_address, of_both, known_until_ms = (*self.store.moments(keys), 0, 0, 0)[:4]
        now_ms = self.services.clock()
        level_ms = self.level_ms(of_both, now_ms)
        wait_ms = config.account_and_address.wait_ms(level_ms)
        # Whoever has signed in from here is held up by his own failures alone, not by those of strangers.
        if known_until_ms <= now_ms:
            known_until_ms = 0
            of_strangers = (
                config.account.wait_ms(self.level_ms(of_account, now_ms)),
                config.address.wait_ms(self.level_ms(from_address, now_ms)),
            )
            wait_ms = max(wait_ms, *of_strangers)
        if wait_ms:
            return AttemptRefused(math.ceil(wait_ms / 1000))
        if ahead is not None:
            ahead.make()
        return AttemptAllowed(config.account_and_address.counted(level_ms), known_until_ms)

    def level_ms(self, until_ms: int, now_ms: int) -> int:
        """Return for how long there are failures that count."""
        level_ms = until_ms - now_ms
        # What counts for longer than anything does was written by a clock that was ahead: it locks nobody out.
        return level_ms if 0 < level_ms <= 2 * self.config.longest_ms else 0

    @overridable
    @override
    async def record_attempt(
        self,
        action: Action,
        tenant_id: str,
        account: str,
        address: str | None,
        succeeded: bool,
        allowed: AttemptAllowed,
        user_context: ContextT_contra,
    ) -> None:
        config, services = self.config, self.services
        now_ms = services.clock()
        if not succeeded:
            keys = self.keyed.keys(action, tenant_id, account, address)
            weights_ms = {keys.account: config.account.weight_ms}
            if keys.address is not None and keys.both is not None:
                weights_ms[keys.address] = config.address.weight_ms
                weights_ms[keys.both] = config.account_and_address.weight_ms
            await services.off_loop(self.store.add_weights, weights_ms, now_ms, longest_ms=config.longest_ms)
            return
        remember_ms = 1000 * config.remember_s
        is_news = allowed.known_until_ms < now_ms + remember_ms - DAY_MS
        if address is None or not (is_news or allowed.failures):
            return
        keys = self.keyed.keys(action, tenant_id, account, address)
        moments_ms: dict[str, int] = {}
        if is_news and keys.known is not None:
            moments_ms[keys.known] = now_ms + remember_ms
        if allowed.failures and keys.both is not None:
            moments_ms[keys.both] = now_ms

        def note() -> None:
            with suppress(StorageError):  # no reason to refuse who was right
                self.store.set_moments(moments_ms)

        if not put_off(services.off_loop, write=note):
            await services.off_loop(note)
