"""Values that do not change, and say what to do instead (docs/explanation/frozen-results.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MethodType
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

import attrs
from typing_extensions import override

from authweave.kernel import AuthweaveError

from ._json import JSON
from ._moved import see_row

T = TypeVar("T")

NOT_IN_JSON: Final = {"authweave_in_json": False}
"""The metadata of an attribute that `FrozenValue.to_json` leaves out: a token, or what clients are not told."""


class FrozenValueError(AuthweaveError, attrs.exceptions.FrozenInstanceError):
    """
    A result, a user, or another value that does not change was to be changed.

    It is attrs' own error, too, and so an `AttributeError`.
    """

    code = "frozen_value"

    def __init__(self, message: str) -> None:
        AttributeError.__init__(self, message)  # attrs' own takes no message
        self.msg = message


class FrozenValue:
    """The base of values that do not change, which attrs freezes: the error says how to make another one."""

    __slots__ = ()

    def to_json(self) -> dict[str, JSON]:
        """
        Return the attributes as frontends read them, with their names in camel case.

        Sessions are left out, and so is what the class says is not in its JSON: tokens, for example.
        """
        found: dict[str, JSON] = {}
        for field in attrs.fields(type(self)):  # type: ignore[arg-type]  # attrs freezes each of them
            is_json, value = json_of(getattr(self, field.name))
            if is_json and field.metadata != NOT_IN_JSON:
                found[camel_case(field.name)] = value
        return found

    @override
    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for refusal in ("__setattr__", "__delattr__"):  # those of attrs, which say what happened, and no more
            if refusal in vars(cls):
                delattr(cls, refusal)

    if not TYPE_CHECKING:  # with it, checkers would let anything be assigned

        def __setattr__(self, name: str, value: object) -> None:
            """
            Refuse.

            Raises:
                authweave.errors.FrozenValueError: always.
            """
            called = {each.name: each.alias for each in attrs.fields(type(self))}.get(name)
            message = (
                f"A {type(self).__name__} does not change once it is made, so its {name} cannot be set. Go on with "
                f"another one: attrs.evolve(it{f', {called}=...' if called else ', ...'}). {see_row('M19')}"
            )
            raise FrozenValueError(message)

        def __delattr__(self, name: str) -> None:
            """
            Refuse.

            Raises:
                authweave.errors.FrozenValueError: always.
            """
            message = f"A {type(self).__name__} does not change once it is made, so its {name} cannot be deleted."
            raise FrozenValueError(message)


class FrozenList(list[T]):
    """
    A list that does not change: equal to a list with the same items, JSON like one, and hashable if they are.

    To change what is in it, make a list of it: ``[*user.emails, another]``.
    """

    __slots__ = ()

    @override
    def __hash__(self) -> int:  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]  lists have none, as they change
        return hash(tuple(self))

    @override
    def __reduce__(self) -> tuple[type[FrozenList[T]], tuple[tuple[T, ...]]]:  # the usual way appends
        return type(self), (tuple(self),)

    if not TYPE_CHECKING:  # checkers know what a list has; that it is refused cannot be said of an inherited method

        def _refuse(self, *_: object, **__: object) -> NoReturn:
            """
            Refuse.

            Raises:
                authweave.errors.FrozenValueError: always.
            """
            message = (
                f"This list belongs to a value that does not change: make one of your own, [*it]. {see_row('M19')}"
            )
            raise FrozenValueError(message)

        append = extend = insert = remove = pop = clear = reverse = sort = _refuse
        __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse


def frozen_texts(items: Iterable[str]) -> FrozenList[str]:
    """Return texts as a list that does not change."""
    return FrozenList(items)


def json_of(value: object) -> tuple[bool, JSON]:
    """Return whether there is JSON for a value, and which."""
    match value:
        case None | str() | int() | float():
            return True, value
        case list() | tuple():
            items = [json_of(each) for each in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  of anything
            return all(known for known, _ in items), [each for _, each in items]
        case Mapping():
            return True, value  # pyright: ignore[reportUnknownVariableType]  what is kept is JSON
        case _ if isinstance(as_text := getattr(value, "get_as_string", None), MethodType):  # of a RecipeUserId
            return True, as_text()
        case FrozenValue():
            return True, value.to_json()
        case _:
            return False, None


def camel_case(name: str) -> str:
    """Return the name of an attribute as JSON has it."""
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)
