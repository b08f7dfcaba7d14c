"""Checks of an application before people use it: what is looked at, what was found, and what to do (``doctor``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

import attrs

Severity: TypeAlias = Literal["ok", "note", "warning", "fault"]
"""
How bad it is.

- ``ok``: as it should be.
- ``note``: something that only people can see to.
- ``warning``: may be meant so.
- ``fault``: nobody should go live with it; ``authweave doctor`` ends with status 1.
"""


@attrs.frozen
class Finding:
    """
    What a check found. There is no secret in it.

    Args:
        severity: how bad it is.
        found: what was found, in a sentence.
        advice: what to do, in another; empty where nothing is.
    """

    severity: Severity
    found: str
    advice: str = ""


@attrs.frozen
class Check:
    """
    Something that is looked at before people use an application. A recipe returns its own from `Recipe.checks`.

    Args:
        id: unique in its recipe: lower-case letters, digits and ``_``. The recipe's id and a dot come in front.
        about: what it is about, in a few words (``Failed attempts are limited``).
        look: looks; may be ``async``. One that blocks runs in a worker thread, and is not ``async``.
        asks_others: whether it speaks to other systems than the store. Then it has to be asked for (``--connect``).
    """

    id: str
    about: str
    look: Callable[[], Finding | Awaitable[Finding]] = attrs.field(repr=False)
    asks_others: bool = False


@attrs.frozen
class Diagnosis:
    """
    What came of a check.

    Attributes:
        id: of the check, with that of its recipe in front (``session.cookies``).
        about: what it is about.
        severity: how bad it is.
        found: what was found.
        advice: what to do; empty where nothing is.
    """

    id: str
    about: str
    severity: Severity
    found: str
    advice: str = ""
