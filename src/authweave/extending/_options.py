"""Options of an ``init``, checked against their annotations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from authweave.types import ConfigurationError

from ._option_types import faults_of, hints_of


def check_options(
    name: str, init: Callable[..., object], options: Mapping[str, object], *, but: Collection[str] = ()
) -> None:
    """
    Check the options of an ``init`` against its annotations: the first thing that one does.

    Programs that no type checker has read hand over a text for a number, None for a store, an ``async`` function where
    one is called that is not awaited, or one that does not take what it is called with. Each is refused by name, with
    its type and what is wanted; values are not shown, since one may be a secret. True is no number, NaN no time. Fields
    of `authweave.types.Options` are checked likewise, elements of lists too. What an annotation cannot say, such as
    that a number is positive, remains to be checked.

    The annotations have to be there at run time: what they name is not imported under ``if TYPE_CHECKING``.

    Args:
        name: what messages call the function: ``apikeys.init``.
        init: the function.
        options: what it was handed, by name: ``locals()``.
        but: the options that it checks itself, since it can say more.

    Raises:
        authweave.types.ConfigurationError: some are of the wrong type; all of them.

    .. versionadded:: 0.1.0
    """
    hints = hints_of(init)
    faults = [
        fault
        for option, value in options.items()
        if option in hints and option not in but
        for fault in faults_of(option, value, hints[option])
    ]
    if faults:
        raise ConfigurationError("\n".join(f"{name}: {fault}" for fault in faults))
