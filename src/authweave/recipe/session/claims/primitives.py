"""Claims of one value."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Generic, cast

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

    @cached_property
    def validators(self) -> PrimitiveClaimValidators[T]:
        """What makes validators of this claim. A class of your own may set another."""
        return PrimitiveClaimValidators(self)

    @override
    def get_value_from_payload(self, payload: UncheckedJSON, user_context: ContextParameter | None = None) -> T | None:
        # What the payload holds was put there by add_to_payload_, which takes a T.
        return cast("T | None", self.entry_in(payload).get("v"))  # what this claim has put there


class PrimitiveClaimValidators(Generic[T]):
    """
    Makes validators of a claim of one value.

    Args:
        claim: the claim.
        default_max_age_in_sec: how old a value may be, in seconds, for validators that do not say; by default as the
            claim says.
    """

    def __init__(self, claim: PrimitiveClaim[T], default_max_age_in_sec: int | None = None) -> None:
        self.claim: PrimitiveClaim[T] = claim
        self.default_max_age_in_sec: int | None = claim.max_age_or_default(default_max_age_in_sec)

    def has_value(self, val: T, max_age_in_sec: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """
        Demand a value.

        Args:
            val: the value.
            max_age_in_sec: how old it may be, in seconds, before it is fetched anew; by default as the claim says.
            id_: names the validator in the answer to the frontend; by default the claim's key.
        """
        max_age = self.default_max_age_in_sec if max_age_in_sec is None else max_age_in_sec
        return HasValueSCV(self.claim.key if id_ is None else id_, self.claim, val, max_age)

    def has_fresh_value(self, val: T, max_age_in_sec: int, id_: str | None = None) -> SessionClaimValidator:
        """
        Demand a value that was fetched lately.

        Args:
            val: the value.
            max_age_in_sec: how old it may be, in seconds, before it is fetched anew.
            id_: names the validator in the answer to the frontend; by default the claim's key and ``-fresh-val``.
        """
        return self.has_value(val, max_age_in_sec, f"{self.claim.key}-fresh-val" if id_ is None else id_)


class BooleanClaim(PrimitiveClaim[bool]):
    """A claim that is true or false. Its parameters are those of `PrimitiveClaim`."""

    @cached_property
    @override
    def validators(self) -> BooleanClaimValidators:
        """What makes validators of this claim. A class of your own may set another."""
        return BooleanClaimValidators(self)


class BooleanClaimValidators(PrimitiveClaimValidators[bool]):
    """Makes validators of a claim that is true or false. Its parameters are those of `PrimitiveClaimValidators`."""

    def is_true(self, max_age: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand true. ``max_age`` is in seconds; both are as those of `PrimitiveClaimValidators.has_value`."""
        return self.has_value(True, max_age, id_)

    def is_false(self, max_age: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand false. ``max_age`` is in seconds; both are as those of `PrimitiveClaimValidators.has_value`."""
        return self.has_value(False, max_age, id_)


class HasValueSCV(ValueValidator[T, T]):
    """Demands a value. SCV is SuperTokens's short form of `SessionClaimValidator`."""

    expects: ClassVar[str] = "expectedValue"

    @override
    def accepts(self, value: T) -> bool:
        return equal_as_json(value, self.val)
