"""Claims of several values: roles, permissions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar, Generic, cast

from typing_extensions import TypeVar, override

from authweave.kernel import ContextParameter
from authweave.types import JSON, UncheckedJSON

from .base import SessionClaimValidator
from .timed import ClaimValue, TimedClaim, ValT, ValueValidator, equal_as_json

T = TypeVar("T", bound=ClaimValue, default=ClaimValue)


class PrimitiveArrayClaim(TimedClaim[list[T]]):
    """
    A claim of several values, each a ``T``.

    Its parameters are those of `authweave.recipe.session.claims.TimedClaim`; in the payload it is
    ``{"v": [...], "t": ms}``, as the frontends read it.
    """

    @cached_property
    def validators(self) -> PrimitiveArrayClaimValidators[T]:
        """What makes validators of this claim. A class of your own may set another."""
        return PrimitiveArrayClaimValidators(self)

    @override
    def get_value_from_payload(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> list[T] | None:
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

    Args:
        claim: the claim.
        default_max_age_in_sec: how old the values may be, in seconds, for validators that do not say; by default as
            the claim says.
    """

    def __init__(self, claim: PrimitiveArrayClaim[T], default_max_age_in_sec: int | None = None) -> None:
        self.claim: PrimitiveArrayClaim[T] = claim
        self.default_max_age_in_sec: int | None = claim.max_age_or_default(default_max_age_in_sec)

    def includes(self, val: T, max_age_in_seconds: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand that a value is among those of the claim."""
        return IncludesSCV(self.id_of(id_), self.claim, val, self.max_age(max_age_in_seconds))

    def excludes(self, val: T, max_age_in_seconds: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand that a value is not among those of the claim."""
        return ExcludesSCV(self.id_of(id_), self.claim, val, self.max_age(max_age_in_seconds))

    def includes_all(
        self, val: Sequence[T], max_age_in_seconds: int | None = None, id_: str | None = None
    ) -> SessionClaimValidator:
        """
        Demand that each of some values is among those of the claim.

        Raises:
            TypeError: ``val`` is a text.
        """
        return IncludesAllSCV(self.id_of(id_), self.claim, self.several(val), self.max_age(max_age_in_seconds))

    def includes_any(
        self, val: Sequence[T], max_age_in_seconds: int | None = None, id_: str | None = None
    ) -> SessionClaimValidator:
        """
        Demand that at least one of some values is among those of the claim.

        Raises:
            TypeError: ``val`` is a text.
        """
        return IncludesAnySCV(self.id_of(id_), self.claim, self.several(val), self.max_age(max_age_in_seconds))

    def excludes_all(
        self, val: Sequence[T], max_age_in_seconds: int | None = None, id_: str | None = None
    ) -> SessionClaimValidator:
        """
        Demand that none of some values is among those of the claim.

        Raises:
            TypeError: ``val`` is a text.
        """
        return ExcludesAllSCV(self.id_of(id_), self.claim, self.several(val), self.max_age(max_age_in_seconds))

    def id_of(self, id_: str | None) -> str:
        """Return what a validator is called."""
        return self.claim.key if id_ is None else id_

    def max_age(self, max_age_in_seconds: int | None) -> int | None:
        """Return how old the values may be for a validator, in seconds; None for any age."""
        return self.default_max_age_in_sec if max_age_in_seconds is None else max_age_in_seconds

    def several(self, val: Sequence[T]) -> list[T]:
        """Return values as a list. A text is a sequence of its letters, which nobody means."""
        if isinstance(val, str):
            raise TypeError(
                f"A validator of the claim {self.claim.key!r} was given the text {val!r} for a list of values: write "
                f"[{val!r}]."
            )
        return list(val)


class SCVMixin(ValueValidator[list[T], ValT]):
    """Demands something of the values of a claim. SCV is SuperTokens's short form of `SessionClaimValidator`."""


class IncludesSCV(SCVMixin[T, T]):
    """Demands that a value is among those of a claim."""

    expects: ClassVar[str] = "expectedToInclude"

    @override
    def accepts(self, value: list[T]) -> bool:
        return contains(value, self.val)


class ExcludesSCV(SCVMixin[T, T]):
    """Demands that a value is not among those of a claim."""

    expects: ClassVar[str] = "expectedToNotInclude"

    @override
    def accepts(self, value: list[T]) -> bool:
        return not contains(value, self.val)


class IncludesAllSCV(SCVMixin[T, list[T]]):
    """Demands that each of some values is among those of a claim."""

    expects: ClassVar[str] = "expectedToInclude"

    @override
    def accepts(self, value: list[T]) -> bool:
        return all(contains(value, each) for each in self.val)


class IncludesAnySCV(SCVMixin[T, list[T]]):
    """Demands that at least one of some values is among those of a claim."""

    expects: ClassVar[str] = "expectedToIncludeAtLeastOneOf"

    @override
    def accepts(self, value: list[T]) -> bool:
        return any(contains(value, each) for each in self.val)


class ExcludesAllSCV(SCVMixin[T, list[T]]):
    """Demands that none of some values is among those of a claim."""

    expects: ClassVar[str] = "expectedToNotInclude"

    @override
    def accepts(self, value: list[T]) -> bool:
        return not any(contains(value, each) for each in self.val)


def contains(values: Sequence[JSON], wanted: JSON) -> bool:
    """Return whether a value is among others."""
    return any(equal_as_json(value, wanted) for value in values)
