"""How a recipe has its messages delivered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Generic, cast
from urllib.parse import urlsplit

import attrs
from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.storage import StorageError

from ._app import AppDelivery, DeliveryConfig, DeliveryServices, is_this_machine
from ._later import LaterService
from ._queue import Queue, SendsRaw

ServiceT = TypeVar("ServiceT")
ShownT = TypeVar("ShownT")
ContentT = TypeVar("ContentT")
TemplateVarsT = TypeVar("TemplateVarsT")


@attrs.frozen
class Medium(Generic[ServiceT]):
    """
    What tells mails from text messages.

    Attributes:
        kind: how they are called in the outbox, and in the log's events.
        one: what people call one.
        advice: how an application says how they are sent.
        logger: where it is said that one was not sent.
        development: makes what prints them.
        nothing: makes what sends none.
    """

    kind: str
    one: str
    advice: str
    logger: logging.Logger
    development: Callable[[], ServiceT]
    nothing: Callable[[], ServiceT]


@attrs.frozen
class Messages(Generic[TemplateVarsT]):
    """
    How a recipe has its messages delivered.

    Attributes:
        medium: of what kind they are.
        recipe_id: the recipe's.
        deliver: delivers one, as the application's service and its overrides do.
        later: what writes it into the outbox, where that is what becomes of it.
    """

    medium: Medium[Any]  # Any: of which the texts alone are wanted
    recipe_id: str
    deliver: SendsRaw[TemplateVarsT]
    later: LaterService[TemplateVarsT, Any, Any] | None  # Any: neither messages nor implementations are looked at

    async def send_or_log(self, template_vars: TemplateVarsT, user_context: UserContext) -> None:
        """
        Have a message sent; what a service or an override raises is logged.

        Raises:
            StorageError: the store failed.
        """
        try:
            await self.deliver(template_vars, user_context)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  of the application's code
            self._tell(error)

    async def write_decoy(self, template_vars: TemplateVarsT, user_context: UserContext) -> None:
        """
        Do what sending a message takes, and send nothing.

        Raises:
            StorageError: the store failed.
        """
        if self.later is None:
            return
        try:
            await self.later.write(template_vars, user_context, is_decoy=True)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  of the application's code
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        """Log that a message was not sent."""
        self.medium.logger.error(
            "A %s of %s was not sent.",
            self.medium.one,
            self.recipe_id,
            exc_info=error,
            extra={"event": f"{self.medium.kind}_failed", "recipe": self.recipe_id, "error": type(error).__name__},
        )


def messages_of(
    services: DeliveryServices,
    medium: Medium[ServiceT],
    recipe_id: str,
    own: DeliveryConfig[ServiceT],
    app: AppDelivery[ServiceT, ShownT],
    queue: Queue[ContentT],
) -> tuple[ServiceT, LaterService[Any, ContentT, Any] | None]:  # Any: of variables that the caller knows
    """
    Return what delivers the messages of a recipe, with all overrides, and what of it writes into the outbox.

    Args:
        services: the application's.
        medium: of what kind the messages are.
        recipe_id: the recipe's.
        own: what the recipe was told; what is missing is the application's.
        app: what the application was told.
        queue: the recipe's messages in the outbox.
    """
    is_own = own.service is not None
    base = own.service if own.service is not None else service_by_default(services, medium, recipe_id, own, app)
    found: object = base
    later: LaterService[Any, ContentT, Any] | None = None  # Any: of whatever variables
    if isinstance(found, LaterService):
        waits = cast("LaterService[Any, ContentT, Any]", found)  # isinstance knows no type arguments
        later = waits.bound(services.app_info.app_name, queue.add)
        queue.deliver_by(later.send_raw)
        base = cast("ServiceT", later)  # a copy of what it was
    if not is_own and app.config is not None and app.config.override is not None:
        base = app.config.override(base)
    service = base if own.override is None else own.override(base)
    found = base
    is_later = isinstance(found, LaterService)
    app.services[recipe_id] = cast("ShownT", base if is_later else service)  # it is looked at, and not called
    return service, later


def service_by_default(
    services: DeliveryServices,
    medium: Medium[ServiceT],
    recipe_id: str,
    own: DeliveryConfig[ServiceT],
    app: AppDelivery[ServiceT, ShownT],
) -> ServiceT:
    """Return the application's service; without one, what prints on a development machine, or sends nothing."""
    if app.config is not None and app.config.service is not None:
        return app.config.service
    if is_this_machine(urlsplit(services.app_info.api_domain).hostname or ""):
        app.development = medium.development() if app.development is None else app.development
        return app.development
    overrides = (own.override, None if app.config is None else app.config.override)  # which may send by themselves
    if not app.has_warned and not any(overrides):
        app.has_warned = True
        medium.logger.warning(
            "No %s is sent, since nothing says how: %s.",
            medium.one,
            medium.advice,
            extra={"event": f"{medium.kind}_not_configured", "recipe": recipe_id},
        )
    return medium.nothing()
