"""Claims of several values: roles, permissions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, cast

from typing_extensions import TypeVar, override

from authweave.kernel import ContextParameter
from authweave.types import JSON, UncheckedJSON

from .base import SessionClaimValidator
from .timed import ClaimValue, TimedClaim, ValueValidator, equal_as_json

T = TypeVar("T", bound=ClaimValue, default=ClaimValue)


class PrimitiveArrayClaim(TimedClaim[list[T]]):
    """
    A claim of several values, each a ``T``.

    Its parameters are those of `authweave.recipe.session.claims.TimedClaim`; in the payload it is
    ``{"v": [...], "t": ms}``, as the frontends read it.
    """

    @property
    def validators(self) -> PrimitiveArrayClaimValidators[T]:
        """What makes validators of this claim."""
        return PrimitiveArrayClaimValidators(self)

    @override
    def get_value_from_payload(self, payload: UncheckedJSON, user_context: ContextParameter) -> list[T] | None:
        values = self.entry_in(payload).get("v")
        if not isinstance(values, Sequence) or isinstance(values, str):
            return None
        # What the payload holds was put there by add_to_payload_, which takes a list of T.
        return cast("list[T]", list(values))  # what this claim has put there


class PrimitiveArrayClaimValidators(Generic[T]):
    """
    Makes validators of a claim of several values.

    All take ``max_age_in_seconds``, how old the values may be before they are fetched anew (by default as the claim
    says), and ``id_``, which names the validator in the answer to the frontend (by default the claim's key).
    """

    def __init__(self, claim: PrimitiveArrayClaim[T]) -> None:
        self.claim: PrimitiveArrayClaim[T] = claim

    def includes(self, val: T, max_age_in_seconds: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand that a value is among those of the claim."""
        return self.validator(lambda values: contains(values, val), ("expectedToInclude", val), max_age_in_seconds, id_)

    def excludes(self, val: T, max_age_in_seconds: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand that a value is not among those of the claim."""
        return self.validator(
            lambda values: not contains(values, val), ("expectedToNotInclude", val), max_age_in_seconds, id_
        )

    def includes_all(
        self, val: Sequence[T], max_age_in_seconds: int | None = None, id_: str | None = None
    ) -> SessionClaimValidator:
        """Demand that each of some values is among those of the claim."""
        wanted = list(val)
        return self.validator(
            lambda values: all(contains(values, each) for each in wanted),
            ("expectedToInclude", wanted),
            max_age_in_seconds,
            id_,
        )

    def includes_any(
        self, val: Sequence[T], max_age_in_seconds: int | None = None, id_: str | None = None
    ) -> SessionClaimValidator:
        """Demand that at least one of some values is among those of the claim."""
        wanted = list(val)
        return self.validator(
            lambda values: any(contains(values, each) for each in wanted),
            ("expectedToIncludeAtLeastOneOf", wanted),
            max_age_in_seconds,
            id_,
        )

    def excludes_all(
        self, val: Sequence[T], max_age_in_seconds: int | None = None, id_: str | None = None
    ) -> SessionClaimValidator:
        """Demand that none of some values is among those of the claim."""
        unwanted = list(val)
        return self.validator(
            lambda values: not any(contains(values, each) for each in unwanted),
            ("expectedToNotInclude", unwanted),
            max_age_in_seconds,
            id_,
        )

    def validator(
        self,
        accepts: Callable[[Sequence[JSON]], bool],
        expectation: tuple[str, JSON],
        max_age_in_seconds: int | None,
        id_: str | None,
    ) -> SessionClaimValidator:
        """Make a validator."""
        return LooksAtValues(
            self.claim.key if id_ is None else id_, self.claim, accepts, expectation, max_age_in_seconds
        )


class LooksAtValues(ValueValidator[list[T]]):
    """Demands something of the values of a claim."""

    def __init__(
        self,
        id_: str,
        claim: PrimitiveArrayClaim[T],
        accepts: Callable[[Sequence[JSON]], bool],
        expectation: tuple[str, JSON],
        max_age_in_seconds: int | None,
    ) -> None:
        super().__init__(id_, claim, expectation, max_age_in_seconds)
        self.condition: Callable[[Sequence[JSON]], bool] = accepts

    @override
    def accepts(self, value: list[T]) -> bool:
        return self.condition(value)


def contains(values: Sequence[JSON], wanted: JSON) -> bool:
    """Return whether a value is among others."""
    return any(equal_as_json(value, wanted) for value in values)
