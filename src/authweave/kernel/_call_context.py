"""The context of a call that may be handed one, for functions that stand in front of composed ones."""

from __future__ import annotations

from typing import cast

from ._chain import composition_of
from ._context import Absent, ContextArgument, UserContext, get_current


def context_for(composed: object, user_context: ContextArgument | None) -> UserContext:
    """
    Return the context that a function of a composed object would run in.

    Args:
        composed: what `compose` returned. In debug mode a new context keeps a journal. Anything else has none.
        user_context: what was handed over; None for the current one, or with none current for a new one.
    """
    if user_context is not None:
        return cast("UserContext", user_context)  # a dictionary lacks no key that must be there
    current = get_current()
    if not isinstance(current, Absent):
        return current
    composition = composition_of(composed)
    return UserContext() if composition is None or composition.journal is None else composition.journal.context()
