"""The root call of a request, and the request in it (design law C6)."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final, cast

from typing_extensions import TypeVar, override

from authweave.kernel import ContextArgument, Journal, UserContext, Within, current_context, use_context
from authweave.types import AppInfo, BaseRequest

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


APPLICATION: Final = "app"
"""Under which key of the default content the application is that serves the request."""

AT_WORK: Final[ContextVar[Within | None]] = ContextVar("authweave.at_work", default=None)
"""What marks that which runs now, the innermost: of a request that is served, of an override, or of a root call."""


class RequestContext(use_context[ContextT]):
    """
    A block in which a request is served: a fresh context is current, with the request in its default content.

    Args:
        request: it.
        journal: keeps the context's journal, in debug mode.
        app: the application that serves it, for who is handed the context in a thread that inherits nothing.
        within: marks what runs in the block.
    """

    __slots__ = ("_content", "_mark", "_request", "_within")

    def __init__(self, request: BaseRequest, journal: Journal | None, app: object, within: Within) -> None:
        self._request = request
        self._within = within
        self._content: dict[str, object] = {"request": request, APPLICATION: app}
        # What the class above does, but for its check, which with every request would tell that a dict is one.
        opened: Any = {"_default": self._content}  # Any: a ContextT, whose own keys may all be absent (total=False)
        if journal is not None:
            opened = journal.context(opened)
        self._user_context: ContextT = opened
        self._former = None

    @override
    def __enter__(self) -> ContextT:
        """Begin the block."""
        # `super()` takes twice as long, with every request; `AtWork.enter` takes longer than what it does.
        use_context.__enter__(self)  # pyright: ignore[reportArgumentType]  `use_context` alone is that of UserContext
        self._mark = AT_WORK.set(self._within)
        return self._user_context

    @override
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        """End the block. What outlives the request finds none, but for whose it was: else it would use another's."""
        self._content.pop("request", None)  # also in a fork of the context, which shares its values
        try:  # noqa: SIM105  `suppress` takes five times as long
            AT_WORK.reset(self._mark)
        except ValueError:  # the block ends in another contextvars.Context: the class above says so
            pass
        self._request.session = None  # it knows the request: both would wait for the garbage collector
        use_context.__exit__(self, kind, error, traceback)  # pyright: ignore[reportArgumentType]  as above


def get_request_from_user_context(user_context: ContextArgument | None = None) -> BaseRequest | None:
    """
    Return the HTTP request that is being served.

    Args:
        user_context: the context that a function was handed; None is the current one.

    Returns:
        The request; None while none is being served (a job, a script, a task that outlived its request).
    """
    request = default_content(user_context).get("request")
    return request if isinstance(request, BaseRequest) else None


def client_of(user_context: UserContext) -> str | None:
    """Return by what the client of the request that is being served is counted; None where that is not known."""
    request = get_request_from_user_context(user_context)
    return None if request is None else request.client_network


def default_content(user_context: ContextArgument | None) -> Mapping[str, object]:
    """Return what a context, or the current one, holds of the request that is being served; nothing while none is."""
    context = current_context() if user_context is None else cast("UserContext", user_context)  # or a dictionary
    content = context.get("_default")
    return content if isinstance(content, Mapping) else {}  # a dictionary may hold anything there


def website_of(app_info: AppInfo, user_context: UserContext) -> str:
    """Return the website that links in mails lead to: of the request that is being served, or else the main one."""
    return app_info.get_origin(get_request_from_user_context(user_context), user_context)
