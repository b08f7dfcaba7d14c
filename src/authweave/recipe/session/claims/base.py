"""What every claim of a session is, and every validator that looks at one."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, Never, Protocol, TypeAlias, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import on_loop
from authweave.kernel import ContextParameter, UserContext
from authweave.recipe.session.tokens.payload import require_unprotected
from authweave.recipe.session.types import ClaimValidationError
from authweave.types import JSON, MaybeAwaitable, RecipeUserId, UncheckedJSON

T = TypeVar("T", default=JSON)
ValueT = TypeVar("ValueT")
ContextT = TypeVar("ContextT")

FetchValueIn: TypeAlias = Callable[[str, RecipeUserId, str, UncheckedJSON, ContextT], MaybeAwaitable[T | None]]
FetchValue: TypeAlias = FetchValueIn[UserContext, T] | FetchValueIn[dict[str, Any], T]  # Any: as ContextArgument
"""Takes user id, recipe user id, tenant id, the payload so far and the context; returns the value, None for none."""


class SessionClaim(ABC, Generic[T]):
    """
    A value that a session carries in its access token. Subclasses say how it is written there.

    Payloads are never changed in place: the methods return new ones.

    Args:
        key: the key in the payload.
        fetch_value: finds the value for a user; may be async.

    Raises:
        ProtectedClaimError: the key is one that only the library writes.
    """

    def __init__(self, key: str, fetch_value: FetchValue[T]) -> None:
        require_unprotected({key: None})
        self.key: str = key
        of_any_context = cast("FetchValueIn[UserContext, T]", fetch_value)  # a context is a dictionary
        self.fetch_value: FetchValueIn[UserContext, T] = of_any_context

    @abstractmethod
    def add_to_payload_(
        self, payload: UncheckedJSON, value: T, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        """Return the payload with the claim in it."""

    @abstractmethod
    def remove_from_payload_by_merge_(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        """Return the payload with the claim set to what deletes it when merged (None)."""

    @abstractmethod
    def remove_from_payload(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        """Return the payload without the claim."""

    @abstractmethod
    def get_value_from_payload(self, payload: UncheckedJSON, user_context: ContextParameter | None = None) -> T | None:
        """Return the value that the payload holds, or None."""

    async def build(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: UncheckedJSON,
        user_context: ContextParameter,
    ) -> UncheckedJSON:
        """Fetch the value and return what is to be merged into the payload: nothing where there is no value."""
        await on_loop()
        value = await resolve(self.fetch_value(user_id, recipe_user_id, tenant_id, current_payload, user_context))
        return {} if value is None else self.add_to_payload_({}, value, user_context)


ClaimParameter: TypeAlias = SessionClaim[Any] | Any  # Any: an override may say AnyClaim or SessionClaim[Any]
"""A claim that an override is handed, and hands on, whichever way the override annotates it."""


class BuildableClaim(Protocol):
    """A claim as a validator needs it, whatever the type of its value. Every `SessionClaim` is one."""

    @property
    def key(self) -> str:
        """The key in the payload."""
        ...

    async def build(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: UncheckedJSON,
        user_context: ContextParameter,
    ) -> UncheckedJSON:
        """Fetch the value and return what is to be merged into the payload."""
        ...


class AnyClaim(BuildableClaim, Protocol):
    """A claim as overridable functions take it, which have no type parameters. Every `SessionClaim` is one."""

    def add_to_payload_(self, payload: UncheckedJSON, value: Never, user_context: ContextParameter) -> UncheckedJSON:
        """Return the payload with the claim in it. The value has to be of the claim's own type."""
        ...

    def remove_from_payload_by_merge_(self, payload: UncheckedJSON, user_context: ContextParameter) -> UncheckedJSON:
        """Return the payload with the claim set to what deletes it when merged (None)."""
        ...

    def get_value_from_payload(self, payload: UncheckedJSON, user_context: ContextParameter) -> object:
        """Return the value that the payload holds, or None."""
        ...


@attrs.frozen
class ClaimValidationResult:
    """
    Whether a validator is satisfied.

    Attributes:
        reason: details for the frontend, if not.
    """

    is_valid: bool
    reason: JSON = None


class SessionClaimValidator(ABC):
    """
    Decides whether a session may pass.

    Args:
        id_: names the validator in the answer to the frontend.
        claim: the claim that `should_refetch` is about, which may be set later; None if the validator only looks at
            the payload.

    Attributes:
        awaits: whether `validate` may await something, or need the running loop. A class whose own does neither may
            say so: then a synchronous view that verifies its session needs no loop for it.
    """

    awaits: ClassVar[bool] = True

    @override
    def __init_subclass__(cls) -> None:
        """Take for a class with a ``validate`` of its own that this awaits, unless the class says otherwise."""
        super().__init_subclass__()
        if "validate" in vars(cls) and "awaits" not in vars(cls):
            cls.awaits = True

    def __init__(self, id_: str, *, claim: BuildableClaim | None = None) -> None:
        self.id: str = id_
        self.claim: BuildableClaim | None = claim

    @abstractmethod
    async def validate(self, payload: UncheckedJSON, user_context: ContextParameter) -> ClaimValidationResult:
        """Look at the payload and return whether the session may pass, and why not."""

    def should_refetch(self, payload: UncheckedJSON, user_context: ContextParameter) -> MaybeAwaitable[bool]:
        """Return whether the claim has to be fetched anew before `validate`."""
        del payload, user_context
        return False


async def resolve(value: MaybeAwaitable[ValueT]) -> ValueT:
    """Return a value that may have to be awaited."""
    if inspect.isawaitable(value):
        await on_loop()  # it is the application's own
        return await value
    return value


async def failures_of(
    validators: Sequence[SessionClaimValidator], payload: UncheckedJSON, user_context: UserContext
) -> list[ClaimValidationError]:
    """Run all validators, in order, and return every refusal."""
    failures: list[ClaimValidationError] = []
    for validator in validators:
        if validator.awaits:
            await on_loop()
        result = await validator.validate(payload, user_context)
        if not result.is_valid:
            failures.append(ClaimValidationError(validator.id, result.reason))
    return failures
