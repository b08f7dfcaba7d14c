"""
The kernel: typed interfaces, a composer of overrides, and a user context. Knows nothing of authentication.

What is for debugging and tests (`explain`, `Journal`, `overriding`) is loaded when it is first used.
"""

from typing import TYPE_CHECKING

from ._chain import is_overridden
from ._compose import compose
from ._context import (
    ContextArgument,
    ContextParameter,
    UserContext,
    carry_context,
    current_context,
    forked_context,
    root_context,
    use_context,
)
from ._errors import AuthweaveError
from ._faults import CompositionError, Fault, FaultReport, place_of
from ._interface import EitherOverridable, Function, Interface, Overridable, overridable
from ._layer import Layer
from ._lazy import load_name as load_name  # for the packages of this library
from ._lazy import without_collecting as without_collecting  # likewise
from ._override import EVERY_FUNCTION, AnyOverride, Override, override, wrap, wrap_all
from ._signature_adapter import OriginalEndedError

if TYPE_CHECKING:
    from ._call import Call, SyncCall
    from ._call_context import context_for
    from ._colour import is_async
    from ._explain import ExplainedFunction, explain
    from ._journal import Journal, JournalEntry, ResultError, journal_of
    from ._plugin import Plugin, with_plugins
    from ._scope import overriding, scoped_overrides
    from ._signature import takes
    from ._switch import is_switched_off
    from ._within import Within

__all__ = [
    "EVERY_FUNCTION",
    "AnyOverride",
    "AuthweaveError",
    "Call",
    "CompositionError",
    "ContextArgument",
    "ContextParameter",
    "EitherOverridable",
    "ExplainedFunction",
    "Fault",
    "FaultReport",
    "Function",
    "Interface",
    "Journal",
    "JournalEntry",
    "Layer",
    "OriginalEndedError",
    "Overridable",
    "Override",
    "Plugin",
    "ResultError",
    "SyncCall",
    "UserContext",
    "Within",
    "carry_context",
    "compose",
    "context_for",
    "current_context",
    "explain",
    "forked_context",
    "is_async",
    "is_overridden",
    "is_switched_off",
    "journal_of",
    "overridable",
    "override",
    "overriding",
    "place_of",
    "root_context",
    "scoped_overrides",
    "takes",
    "use_context",
    "with_plugins",
    "wrap",
    "wrap_all",
]

_LATER = {
    "Call": "._call",
    "ExplainedFunction": "._explain",
    "Journal": "._journal",
    "JournalEntry": "._journal",
    "Plugin": "._plugin",
    "ResultError": "._journal",
    "SyncCall": "._call",
    "Within": "._within",
    "context_for": "._call_context",
    "explain": "._explain",
    "is_async": "._colour",
    "is_switched_off": "._switch",
    "journal_of": "._journal",
    "overriding": "._scope",
    "scoped_overrides": "._scope",
    "takes": "._signature",
    "with_plugins": "._plugin",
}


if not TYPE_CHECKING:  # they would take any name for one that there is

    def __getattr__(name: str) -> object:
        """Load a public name that is not needed to compose and call (PEP 562)."""
        return load_name(__name__, name, _LATER)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return __all__
