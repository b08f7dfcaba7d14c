"""Overrides that last until the end of a test."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from threading import get_ident
from typing import TYPE_CHECKING, Never, Protocol, cast, overload

from typing_extensions import TypeVar

from authweave.kernel import AnyOverride, Interface, Override, UserContext
from authweave.kernel import overriding as overriding_composed

if TYPE_CHECKING:
    from authweave.app import App

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
InterfaceT = TypeVar("InterfaceT", bound="Interface[Never]")


class Overriding(Protocol):
    """
    Puts overrides around an application, or around anything composed, until the end of a test.

    They stand outside of all others, those of a later call outside of those of an earlier one. They hold in the whole
    process: in loops, tasks and threads, whenever and by whomever these were started.

    Where several threads run tests at the same time, each thread that overrides something sees its own overrides, and
    so does what was started there with its ``contextvars`` (tasks, ``asyncio.to_thread``, Starlette's ``TestClient``).
    Called from another thread than the scope was opened in, it overrides for that thread alone, in the same way.
    """

    @overload
    def __call__(self, target: App[ContextT], /, *overrides: Override[Interface[ContextT]]) -> None: ...
    @overload
    def __call__(self, target: InterfaceT, /, *overrides: AnyOverride[InterfaceT]) -> None: ...
    def __call__(self, target: object, /, *overrides: object) -> None:
        """
        Override until the end of the test.

        Args:
            target: an application, or what `authweave.kernel.compose` returned.
            overrides: the outermost first.

        Raises:
            authweave.kernel.CompositionError: overrides do not fit.
            authweave.types.ConfigurationError: one is of a recipe that the application does not have.
            TypeError: the target is neither an application nor composed.
        """
        ...


@contextmanager
def scope_for_test() -> Generator[Overriding]:
    """
    Give one test its own scope of overrides; they are undone when the block ends, wherever it ends.

    It is what the fixture ``overriding`` hands to a test, for test runners other than pytest: in ``unittest`` write
    ``self.overriding = self.enterContext(scope_for_test())`` in ``setUp``, or ``cls.enterClassContext`` in
    ``setUpClass``.
    """
    home = get_ident()
    with ExitStack() as stack:

        def enter(target: object, /, *overrides: object) -> None:
            everywhere = get_ident() == home
            if Interface in type(target).__mro__:
                some = cast("tuple[Override[object]]", overrides)  # any number
                stack.enter_context(overriding_composed(target, some, inherit=True, everywhere=everywhere))
                return
            from authweave.app import App  # noqa: PLC0415  who uses the kernel alone has no use for it

            if not isinstance(target, App):
                message = f"{type(target).__name__} is neither an App nor composed: hand over what init() returned."
                raise TypeError(message)
            app = cast("App", target)  # isinstance cannot see type arguments
            typed_overrides = cast("tuple[Override[Interface]]", overrides)  # any number
            stack.enter_context(app.overriding(*typed_overrides, inherit=True, everywhere=everywhere))

        yield enter
