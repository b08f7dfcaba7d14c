"""The root call of a request."""

from __future__ import annotations

from typing import cast

from typing_extensions import TypeVar, override

from authweave.kernel import Journal, UserContext, use_context
from authweave.types import BaseRequest

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class RequestContext(use_context[ContextT]):
    """A block in which a request is served: a fresh context is current, with the request in its default content."""

    __slots__ = ("_content", "_opened", "_request")

    def __init__(self, request: BaseRequest, journal: Journal | None) -> None:
        self._request = request
        self._content: dict[str, object] = {"request": request}
        opened: UserContext = {"_default": self._content}
        self._opened = opened if journal is None else journal.context(opened)
        # What the class above does, but for its check, which with every request would tell that a dict is one.
        self._user_context = cast("ContextT", self._opened)  # its own keys may all be absent, as total=False says
        self._former = None

    @override
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        """End the block. What outlives the request finds none."""
        self._opened.pop("_default", None)
        self._content.clear()  # also in a fork of the context, which shares its values
        self._request.session = None  # it knows the request: both would wait for the garbage collector
        super().__exit__(kind, error, traceback)
