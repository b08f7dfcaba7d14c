"""Claims of one value."""

from __future__ import annotations

from typing import Generic, cast

from typing_extensions import TypeVar, override

from authweave.kernel import ContextParameter
from authweave.types import UncheckedJSON

from .base import SessionClaimValidator
from .timed import ClaimValue, TimedClaim, ValueValidator, equal_as_json

T = TypeVar("T", bound=ClaimValue, default=ClaimValue)


class PrimitiveClaim(TimedClaim[T]):
    """
    A claim of one value: a text, a number, a boolean.

    Its parameters are those of `authweave.recipe.session.claims.TimedClaim`; in the payload it is
    ``{"v": value, "t": ms}``, as the frontends read it.
    """

    @property
    def validators(self) -> PrimitiveClaimValidators[T]:
        """What makes validators of this claim."""
        return PrimitiveClaimValidators(self)

    @override
    def get_value_from_payload(self, payload: UncheckedJSON, user_context: ContextParameter) -> T | None:
        # What the payload holds was put there by add_to_payload_, which takes a T.
        return cast("T | None", self.entry_in(payload).get("v"))  # what this claim has put there


class PrimitiveClaimValidators(Generic[T]):
    """Makes validators of a claim of one value."""

    def __init__(self, claim: PrimitiveClaim[T]) -> None:
        self.claim: PrimitiveClaim[T] = claim

    def has_value(self, val: T, max_age_in_seconds: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """
        Demand a value.

        Args:
            val: the value.
            max_age_in_seconds: how old it may be before it is fetched anew; by default as the claim says.
            id_: names the validator in the answer to the frontend; by default the claim's key.
        """
        return HasValue(self.claim.key if id_ is None else id_, self.claim, val, max_age_in_seconds)

    def has_fresh_value(self, val: T, max_age_in_seconds: int, id_: str | None = None) -> SessionClaimValidator:
        """
        Demand a value that was fetched lately.

        Args:
            val: the value.
            max_age_in_seconds: how old it may be before it is fetched anew.
            id_: names the validator in the answer to the frontend; by default the claim's key and ``-fresh-val``.
        """
        fresh_id = f"{self.claim.key}-fresh-val" if id_ is None else id_
        return HasValue(fresh_id, self.claim, val, max_age_in_seconds)


class BooleanClaim(PrimitiveClaim[bool]):
    """A claim that is true or false. Its parameters are those of `PrimitiveClaim`."""

    @property
    @override
    def validators(self) -> BooleanClaimValidators:
        return BooleanClaimValidators(self)


class BooleanClaimValidators(PrimitiveClaimValidators[bool]):
    """Makes validators of a claim that is true or false."""

    def is_true(self, max_age_in_seconds: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand true. The parameters are those of `PrimitiveClaimValidators.has_value`."""
        return self.has_value(True, max_age_in_seconds=max_age_in_seconds, id_=id_)

    def is_false(self, max_age_in_seconds: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand false. The parameters are those of `PrimitiveClaimValidators.has_value`."""
        return self.has_value(False, max_age_in_seconds=max_age_in_seconds, id_=id_)


class HasValue(ValueValidator[T]):
    """Demands a value."""

    def __init__(self, id_: str, claim: PrimitiveClaim[T], val: T, max_age_in_seconds: int | None) -> None:
        super().__init__(id_, claim, ("expectedValue", val), max_age_in_seconds)
        self.val: T = val

    @override
    def accepts(self, value: T) -> bool:
        return equal_as_json(value, self.val)
