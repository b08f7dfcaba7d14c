"""Options of an ``init``, checked against their annotations."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from typing import TypeVar, cast

from authweave.types import ConfigurationError

from ._option_types import faults_of, hints_of

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])


class checked_options:  # noqa: N801  a decorator; as a class, it has a type that every checker understands
    """
    Have the options of an ``init`` checked against its annotations, before it runs.

    Programs that no type checker has read hand over a text for a number, None for a store, an ``async`` function where
    one is called that is not awaited. Each is refused by name, with its type and what is wanted; values are not shown,
    since one may be a secret. True is no number, NaN no time. Fields of `authweave.types.Options` are checked likewise,
    elements of lists too. What an annotation cannot say, such as that a number is positive, remains to be checked.

    The annotations have to be there at run time: what they name is not imported under ``if TYPE_CHECKING``.

    The function's type stays as it is. It raises `authweave.types.ConfigurationError` for all options together that are
    of the wrong type.

    Args:
        init: what messages call the function: ``apikeys.init``.
        but: the options that the function checks itself, since it can say more.

    .. versionadded:: 0.1.0
    """

    def __init__(self, init: str, *, but: Collection[str] = ()) -> None:
        self._init = init
        self._but = frozenset(but)

    def __call__(self, function: FunctionT) -> FunctionT:
        """Wrap the function."""
        signature = inspect.signature(function)

        @functools.wraps(function)
        def checked(*args: object, **kwargs: object) -> object:
            try:
                arguments = signature.bind(*args, **kwargs).arguments
            except TypeError:
                return function(*args, **kwargs)  # it says what is missing, or is too much
            hints = hints_of(function)
            faults = [
                fault
                for name, value in arguments.items()
                if name in hints and name not in self._but
                for fault in faults_of(name, value, hints[name])
            ]
            if faults:
                raise ConfigurationError("\n".join(f"{self._init}: {fault}" for fault in faults))
            return function(*args, **kwargs)

        return cast("FunctionT", checked)  # it takes and returns the same
