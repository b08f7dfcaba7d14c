"""An attempt, as other recipes make it: asked for, checked by them, and noted."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Final, Self

import attrs

from authweave._per_process import PerProcess
from authweave.http import client_of, get_request_from_user_context
from authweave.kernel import UserContext
from authweave.security import Turn

from .ahead import Ahead, reading_ahead
from .config import AttemptsConfig
from .exceptions import TooManyAttemptsError
from .interfaces import RecipeInterface
from .lines import WAIT_S, LineFullError, Lines
from .refusals import Refusals
from .types import Action, AttemptAllowed, AttemptRefused

RETRY_AFTER_S: Final = 1
AT_ONCE_OF_AN_ADDRESS: Final = 20


@attrs.define
class Attempt:
    """
    An attempt, for the block in which it is made. Made by `Attempts.attempt`.

    Entering the block raises `TooManyAttemptsError` where it may not be made, and
    `authweave.errors.StorageError` where the store failed. Where that is raised at the end of the block, the failure
    could not be counted, and is not to be told of.

    Attributes:
        account: what names the account, in normal form.
        address: what the client is counted by; None where that is not known.
        ahead: what is to be read once it may be made.
        succeeded: set it to whether the secret was right. An attempt of which nobody knows is not counted.
    """

    action: Action
    tenant_id: str
    account: str = attrs.field(repr=False)
    address: str | None
    user_context: UserContext = attrs.field(repr=False)
    attempts: Attempts = attrs.field(repr=False)
    ahead: Ahead[object] | None = attrs.field(default=None, repr=False)
    succeeded: bool | None = None
    _places: dict[tuple[str, ...], int] = attrs.field(factory=dict[tuple[str, ...], int], init=False, repr=False)
    _allowed: AttemptAllowed | None = attrs.field(default=None, init=False, repr=False)

    async def __aenter__(self) -> Self:
        """Ask whether it may be made."""
        if self.attempts.config.enabled:
            try:
                self._allowed = await self.attempts.begin(self)
            except TooManyAttemptsError as refused:
                self.attempts.refusals.tell(
                    self.action,
                    self.tenant_id,
                    self.account,
                    self.address,
                    self.user_context,
                    retry_after_s=refused.retry_after_s,
                )
                raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, traceback: object) -> None:
        """Note what came of it."""
        if self._allowed is None:
            return
        try:
            if kind is None and self.succeeded is not None:
                await self.attempts.functions.record_attempt(
                    self.action,
                    self.tenant_id,
                    self.account,
                    self.address,
                    self.succeeded,
                    self._allowed,
                    self.user_context,
                )
        finally:
            self.attempts.end(self)

    def places(self, config: AttemptsConfig) -> dict[tuple[str, ...], int]:
        """
        Return where it is under way, and how many may be there at once.

        As many as may fail: else a thousand that are sent at once would be made before the first of them is counted.
        Those of one address wait for each other (`line`).
        """
        if self._places:
            return self._places
        if self.address is None:
            self._places = {(self.action, self.tenant_id, self.account): config.account.failures}
        else:
            place = (self.action, self.tenant_id, self.account, self.address)
            self._places = {place: config.account_and_address.failures}
        return self._places

    @property
    def line(self) -> str | None:
        """In which line it waits while many of its address are under way."""
        return None if self.address is None else f"{self.action} {self.address}"


@attrs.define(eq=False)
class UnderWay:
    """How many attempts are under way in a process, by place. Loops of several threads share it."""

    counts: dict[tuple[str, ...], int] = attrs.field(factory=dict[tuple[str, ...], int])
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def begin(self, places: Mapping[tuple[str, ...], int]) -> bool:
        """Count an attempt at each of its places; return False where one of them has as many as it may."""
        with self.lock:
            for place, at_most in places.items():
                if self.counts.get(place, 0) >= at_most:
                    return False
            for place in places:
                self.counts[place] = self.counts.get(place, 0) + 1
            return True

    def end(self, places: Iterable[tuple[str, ...]]) -> None:
        """Count an attempt no more."""
        with self.lock:
            for place in places:
                left = self.counts.pop(place, 0) - 1  # not there where a fork came between
                if left > 0:
                    self.counts[place] = left


class Attempts:
    """
    What recipes that check secrets share.

    Args:
        config: what `init` was told.
        functions: the composed functions.
        refusals: tells of those that are refused.
    """

    def __init__(self, config: AttemptsConfig, functions: RecipeInterface, refusals: Refusals) -> None:
        self.config = config
        self.functions = functions
        self.refusals = refusals
        self._under_way = PerProcess(UnderWay)
        self._lines = PerProcess(Lines)

    def attempt(
        self,
        action: Action,
        tenant_id: str,
        account: str,
        user_context: UserContext,
        ahead: Ahead[object] | None = None,
    ) -> Attempt:
        """
        Return an attempt of the client of the request that is being served, for an ``async with`` block.

        Args:
            action: what is attempted.
            tenant_id: the tenant of the account.
            account: what names it, in normal form, whether there is such an account or not.
            user_context: that of the call.
            ahead: what the block reads first; it is read beside the counts, and in no attempt that is refused.
        """
        return Attempt(action, tenant_id, account, client_of(user_context), user_context, self, ahead)

    async def begin(self, attempt: Attempt) -> AttemptAllowed:
        """
        Begin an attempt, which is under way then until `end`.

        Raises:
            TooManyAttemptsError: it may not be made; or so many are under way that all could fail.
        """
        if not self._under_way.get().begin(attempt.places(self.config)):
            raise TooManyAttemptsError(attempt.action, RETRY_AFTER_S)
        try:
            await self.wait_in_line(attempt)
        except BaseException:
            self._under_way.get().end(attempt.places(self.config))
            raise
        try:
            with reading_ahead(attempt.ahead, attempt.user_context):
                result = await self.functions.allow_attempt(
                    attempt.action, attempt.tenant_id, attempt.account, attempt.address, attempt.user_context
                )
            if isinstance(result, AttemptRefused):
                raise TooManyAttemptsError(attempt.action, result.retry_after_s)  # noqa: TRY301  what failed is undone
        except BaseException:
            self.end(attempt)
            raise
        return result

    def end(self, attempt: Attempt) -> None:
        """Note that an attempt is under way no more."""
        self._under_way.get().end(attempt.places(self.config))
        if attempt.line is not None:
            self._lines.get().leave(attempt.line)

    async def wait_in_line(self, attempt: Attempt) -> None:
        """
        Wait until few enough of an attempt's address are under way.

        They are no more than may fail, and so few that a burst of them is no burden to others.

        Raises:
            TooManyAttemptsError: too many wait.
        """
        if attempt.line is None:
            return
        at_most = min(self.config.address.failures, AT_ONCE_OF_AN_ADDRESS)
        request = get_request_from_user_context(attempt.user_context)
        held_bytes = Turn(body_bytes=0 if request is None else request.body_bytes).held_bytes
        try:
            await self._lines.get().enter(attempt.line, at_most, held_bytes)
        except LineFullError:
            raise TooManyAttemptsError(attempt.action, WAIT_S) from None  # by then all that wait have had their turn

    async def remember(
        self, tenant_id: str, account: str, user_context: UserContext, *, forgives: Action | None = None
    ) -> None:
        """
        Note that the client of the request that is being served has an account, which he has just made or proved.

        Args:
            tenant_id: the tenant of the account.
            account: what names it, in normal form.
            user_context: that of the call.
            forgives: what counts no more of what the client attempted: the codes that were sent, when one is used.
        """
        address = client_of(user_context)
        if self.config.enabled and address is not None:
            await self.functions.record_attempt(
                forgives or "sign_in",
                tenant_id,
                account,
                address,
                succeeded=True,
                allowed=AttemptAllowed(failures=0 if forgives is None else 1),
                user_context=user_context,
            )
