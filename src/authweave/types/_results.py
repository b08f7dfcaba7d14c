"""What functions and APIs of every recipe return."""

from __future__ import annotations

from typing import ClassVar, Literal

import attrs
from typing_extensions import override

from ._frozen import FrozenValue
from ._json import JSON


class APIResponse:
    """What an API may answer: it knows its JSON. The base of results, and of those of an application's own."""

    __slots__ = ()

    def to_json(self) -> dict[str, JSON]:
        """Return the body of the answer."""
        raise NotImplementedError


class Result(FrozenValue, APIResponse):
    """
    The base of what functions and APIs return: a value that does not change.

    Each has a ``status``, which belongs to its class: ``OK``, or the name of what came of it. It tells the results of a
    union apart, to type checkers as well, as `isinstance` does.
    """

    __slots__ = ()

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return status and attributes as frontends read them, with names in camel case. Sessions are left out."""
        return {"status": getattr(self, "status", None), **super().to_json()}


@attrs.frozen
class GeneralErrorResponse(Result):
    """A message for the person in front of the form. Any API may return it; answered as ``GENERAL_ERROR``."""

    status: ClassVar[Literal["GENERAL_ERROR"]] = "GENERAL_ERROR"

    message: str
