"""The root call of a request."""

from __future__ import annotations

from typing_extensions import TypeVar, override

from authweave.kernel import Journal, UserContext, use_context
from authweave.types import BaseRequest

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class RequestContext(use_context[ContextT]):
    """A block in which a request is served: a fresh context is current, with the request in its default content."""

    __slots__ = ("_content", "_own", "_request")

    def __init__(self, request: BaseRequest, journal: Journal | None) -> None:
        self._request = request
        self._content: dict[str, object] = {"request": request}
        user_context: UserContext = {"_default": self._content}
        if journal is not None:
            user_context = journal.context(user_context)
        self._own = user_context
        # Its own keys may all be absent, as total=False says; `cast` would be called with every request.
        super().__init__(user_context)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  as above

    @override
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        """End the block. What outlives the request finds none."""
        self._own.pop("_default", None)
        self._content.clear()  # also in a fork of the context, which shares its values
        self._request.session = None  # it knows the request: both would wait for the garbage collector
        super().__exit__(kind, error, traceback)
