"""The kernel: typed interfaces, a composer of overrides, and a user context. Knows nothing of authentication."""

from ._compose import compose
from ._context import (
    UserContext,
    carry_context,
    current_context,
    forked_context,
    root_context,
    use_context,
)
from ._errors import AuthweaveError
from ._explain import ExplainedFunction, explain
from ._faults import CompositionError, Fault, FaultReport
from ._growth import OriginalEndedError
from ._interface import Function, Interface, Overridable, overridable
from ._journal import Journal, JournalEntry, ResultError, journal_of
from ._layer import Layer
from ._override import AnyOverride, Override, override, wrap
from ._scope import overriding

__all__ = [
    "AnyOverride",
    "AuthweaveError",
    "CompositionError",
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
    "ResultError",
    "UserContext",
    "carry_context",
    "compose",
    "current_context",
    "explain",
    "forked_context",
    "journal_of",
    "overridable",
    "override",
    "overriding",
    "root_context",
    "use_context",
    "wrap",
]
