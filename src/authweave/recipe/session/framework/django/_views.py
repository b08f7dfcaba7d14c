"""What ``verify_session`` for ``def`` views and for ``async def`` views have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar, cast, overload

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.views import View

from authweave.types import ConfigurationError

P = ParamSpec("P")
R = TypeVar("R")
ViewT = TypeVar("ViewT", bound=View)
RequestT_co = TypeVar("RequestT_co", covariant=True)
AnyView: TypeAlias = Callable[..., Any]  # Any: views are of many types, which `Verifying` keeps


class Verifying(Protocol[RequestT_co]):
    """Decorates a view, or a class of views, so that it is called with a verified session."""

    @overload
    def __call__(self, view: type[ViewT], /) -> type[ViewT]: ...
    @overload
    def __call__(
        self, view: Callable[Concatenate[RequestT_co, P], R], /
    ) -> Callable[Concatenate[HttpRequest, P], R]: ...


def decorating(protect: Callable[[AnyView], AnyView], *, is_async: bool) -> Verifying[Any]:  # Any: views' own types
    """
    Make a decorator for views and for classes of views.

    Args:
        protect: returns a view that verifies the session first. A class of views is protected around ``dispatch``.
        is_async: whether that is for ``async def`` views.

    Raises:
        authweave.types.ConfigurationError: when it decorates a view of the other kind.
    """

    def decorated(view: Any) -> Any:  # noqa: ANN401  `Verifying` has the types
        is_class = is_class_of_views(view)
        # asgiref's, for Python 3.11 has no way to mark one.
        found = view.view_is_async if is_class else iscoroutinefunction(view)  # pyright: ignore[reportDeprecated]
        if found is not is_async:
            right = "syncio" if is_async else "asyncio"
            raise ConfigurationError(
                f"{view.__qualname__} is {'no' if is_async else 'an'} async def view: protect it with "
                f"authweave.recipe.session.framework.django.{right}.verify_session."
            )
        return on_class(view, protect) if is_class else wraps(view)(protect(view))

    return cast("Verifying[Any]", decorated)  # as its overloads say


def is_class_of_views(view: object) -> bool:
    """Return whether something is a class of views, and no view itself."""
    return isinstance(view, type) and issubclass(view, View)


def on_class(view_class: Any, protect: Callable[[AnyView], AnyView]) -> Any:  # noqa: ANN401  as above
    """Protect ``dispatch`` of a class of views, in place, as Django's ``method_decorator`` does."""
    dispatch: AnyView = view_class.dispatch

    @wraps(dispatch)
    def verified_dispatch(self: object, request: HttpRequest, *args: object, **kwargs: object) -> object:
        return protect(partial(dispatch, self))(request, *args, **kwargs)

    view_class.dispatch = verified_dispatch
    return view_class
