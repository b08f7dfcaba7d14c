"""Services whose messages are written in the request, and sent later."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from typing import ClassVar, Generic, Protocol, Self

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.types import ConfigurationError

ContentT = TypeVar("ContentT")
ContentT_contra = TypeVar("ContentT_contra", contravariant=True)
TemplateVarsT = TypeVar("TemplateVarsT")
ImplementationT = TypeVar("ImplementationT")
T = TypeVar("T")


class Puts(Protocol[ContentT_contra]):
    """Puts a message into the outbox. Without one there was none to be written; a row is put there all the same."""

    async def __call__(self, content: ContentT_contra | None, *, is_decoy: bool) -> None:
        """Put it there."""
        ...


class LaterService(ABC, Generic[TemplateVarsT, ContentT, ImplementationT]):
    """
    A service whose messages are written in the request, and sent later through the outbox.

    An application's object is made before the application: each of its recipes takes a copy that belongs to it.

    Attributes:
        handed_by: how an application is handed such a service.
    """

    handed_by: ClassVar[str]

    def __init__(self) -> None:
        self._put: Puts[ContentT] | None = None
        self._implementation: ImplementationT | None = None

    def bound(self, app_name: str, put: Puts[ContentT]) -> Self:
        """Return the copy that belongs to a recipe of an application."""
        mine = copy.copy(self)
        mine.bind(app_name, put)
        return mine

    def bind(self, app_name: str, put: Puts[ContentT]) -> None:
        """Belong to a recipe of an application."""
        self._put = put
        self._implementation = self.implement(app_name)

    @abstractmethod
    def implement(self, app_name: str) -> ImplementationT:
        """Return what writes and sends the messages of an application, with its override."""

    @abstractmethod
    async def content(self, template_vars: TemplateVarsT, user_context: UserContext) -> ContentT:
        """
        Have a message written.

        Raises:
            authweave.kernel.AuthweaveError: what was written cannot be sent.
            Exception: what the application's own code raises.
        """

    @abstractmethod
    async def send_raw(self, content: ContentT, user_context: UserContext) -> None:
        """
        Send a finished message.

        Raises:
            authweave.outbox.RefusedError: it can never be sent.
            Exception: anything else: it is tried again later.
        """

    @property
    def service_implementation(self) -> ImplementationT:
        """
        What writes and sends messages, with its override.

        Raises:
            ConfigurationError: it is not that of a recipe.
        """
        return self._bound_to(self._implementation)

    async def write(self, template_vars: TemplateVarsT, user_context: UserContext, *, is_decoy: bool) -> None:
        """
        Write a message, and put it into the outbox.

        Where it cannot be written, something else of its size is put there before the error is raised: so the
        transactions are the same for whoever has an account and for whoever has none.

        Raises:
            ConfigurationError: the service is not that of a recipe.
            Exception: as `content`, and as the store.
        """
        put = self._bound_to(self._put)
        try:
            content = await self.content(template_vars, user_context)
        except Exception:
            await put(None, is_decoy=True)
            raise
        await put(content, is_decoy=is_decoy)

    def _bound_to(self, given: T | None) -> T:
        """Return what the service was given with the application that it belongs to."""
        if given is None:
            name = type(self).__name__
            raise ConfigurationError(f"This {name} belongs to no application: hand it to one, {self.handed_by}.")
        return given
