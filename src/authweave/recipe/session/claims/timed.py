"""What claims of the frontends' own format share: ``{"v": value, "t": when it was fetched, in ms}``."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeAlias

from typing_extensions import TypeVar, override

from authweave.kernel import ContextParameter
from authweave.types import JSON, Clock, JSONObject, UncheckedJSON, system_clock

from .base import ClaimValidationResult, FetchValue, SessionClaim, SessionClaimValidator

ClaimValue: TypeAlias = str | int | float | bool | Sequence[JSON] | Mapping[str, JSON]
"""What a claim may hold: JSON, but for None, which is no value."""

JSONPrimitive: TypeAlias = ClaimValue
"""The name that applications know from SuperTokens."""

JSONPrimitiveList: TypeAlias = list[ClaimValue]
"""Several of them."""

T = TypeVar("T", bound=ClaimValue, default=ClaimValue)
ValT = TypeVar("ValT", bound=ClaimValue, default=ClaimValue)


class TimedClaim(SessionClaim[T]):
    """
    A claim that knows when it was fetched.

    Args:
        key: the key in the payload.
        fetch_value: finds the value for a user; may be async. None is no value, and leaves the payload as it is.
        default_max_age_in_sec: how old a value may be, in seconds, for validators that do not say; None for any age.
        clock: tells the time; by default the machine's.

    Raises:
        ProtectedClaimError: the key is one that only the library writes.
    """

    def __init__(
        self,
        key: str,
        fetch_value: FetchValue[T],
        default_max_age_in_sec: int | None = None,
        *,
        clock: Clock = system_clock,
    ) -> None:
        super().__init__(key, fetch_value)
        self.default_max_age_in_sec: int | None = default_max_age_in_sec
        self.clock: Clock = clock

    @override
    def add_to_payload_(
        self, payload: UncheckedJSON, value: T, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        return {**payload, self.key: {"v": value, "t": self.clock()}}

    @override
    def remove_from_payload_by_merge_(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        return {**payload, self.key: None}

    @override
    def remove_from_payload(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        return {key: value for key, value in payload.items() if key != self.key}

    def get_last_refetch_time(self, payload: UncheckedJSON, user_context: ContextParameter | None = None) -> int | None:
        """Return when the value was fetched, in milliseconds since the epoch; None where the payload does not say."""
        del user_context
        fetched_at = self.entry_in(payload).get("t")
        return int(fetched_at) if isinstance(fetched_at, int | float) else None

    def max_age_or_default(self, max_age_in_sec: int | None) -> int | None:
        """Return how old a value may be, in seconds, for whom says it or leaves it to the claim; None for any age."""
        return self.default_max_age_in_sec if max_age_in_sec is None else max_age_in_sec

    def entry_in(self, payload: JSONObject) -> JSONObject:
        """Return what the payload holds under the key, if it is of our format."""
        held = payload.get(self.key)
        return held if isinstance(held, Mapping) else {}

    def age_ms(self, payload: UncheckedJSON, user_context: ContextParameter | None = None) -> int:
        """Return how old the value is, in milliseconds. One that does not say counts as old as time itself."""
        return self.clock() - (self.get_last_refetch_time(payload, user_context) or 0)


class ValueValidator(SessionClaimValidator, Generic[T, ValT]):
    """
    Looks at the value of a claim, and at its age.

    Args:
        id_: names the validator in the answer to the frontend.
        claim: the claim, which is fetched anew where the payload has no value, or one that is too old.
        val: what is expected of the value.
        max_age_in_sec: how old the value may be, in seconds; None for any age.

    Attributes:
        expects: what the answer to the frontend calls ``val``.
    """

    awaits: ClassVar[bool] = False
    expects: ClassVar[str]

    def __init__(self, id_: str, claim: TimedClaim[T], val: ValT, max_age_in_sec: int | None = None) -> None:
        super().__init__(id_, claim=claim)
        self.timed: TimedClaim[T] = claim
        self.val: ValT = val
        self.max_age_in_sec: int | None = max_age_in_sec

    @abstractmethod
    def accepts(self, value: T) -> bool:
        """Return whether the value is as expected."""

    @override
    def should_refetch(self, payload: UncheckedJSON, user_context: ContextParameter) -> bool:
        return self.timed.get_value_from_payload(payload, user_context) is None or self.is_expired(
            payload, user_context
        )

    @override
    async def validate(self, payload: UncheckedJSON, user_context: ContextParameter) -> ClaimValidationResult:
        value = self.timed.get_value_from_payload(payload, user_context)
        if value is None:
            return self.refusal("value does not exist", None)
        if self.is_expired(payload, user_context):
            age_in_seconds = self.timed.age_ms(payload, user_context) / 1000
            reason: JSONObject = {
                "message": "expired",
                "ageInSeconds": age_in_seconds,
                "maxAgeInSeconds": self.max_age_in_sec,
            }
            return ClaimValidationResult(is_valid=False, reason=reason)
        return ClaimValidationResult(is_valid=True) if self.accepts(value) else self.refusal("wrong value", value)

    def is_expired(self, payload: UncheckedJSON, user_context: ContextParameter) -> bool:
        """Return whether the value is too old."""
        limit = self.max_age_in_sec
        return limit is not None and self.timed.age_ms(payload, user_context) > limit * 1000

    def refusal(self, message: str, actual: JSON) -> ClaimValidationResult:
        """Refuse a value as the frontend reads it (docs/reference/http.md, Errors)."""
        reason: JSONObject = {"message": message, self.expects: self.val, "actualValue": actual}
        return ClaimValidationResult(is_valid=False, reason=reason)


def equal_as_json(one: JSON, other: JSON) -> bool:
    """Return whether two values are one in JSON, where true is not 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)
