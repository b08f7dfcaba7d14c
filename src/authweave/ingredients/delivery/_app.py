"""How an application delivers the messages of all recipes, and what of the application that needs."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Generic, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.outbox import OffLoop, Outbox
from authweave.types import AppInfo, Clock

ServiceT = TypeVar("ServiceT")
ShownT = TypeVar("ShownT")


class DeliveryConfig(Protocol[ServiceT]):
    """What an application, or one of its recipes, was told of how messages are delivered."""

    @property
    def service(self) -> ServiceT | None:
        """What delivers them; None where another does."""
        ...

    @property
    def override(self) -> Callable[[ServiceT], ServiceT] | None:
        """Is handed that, and returns what is used in its place."""
        ...


@attrs.define(eq=False)
class AppDelivery(Generic[ServiceT, ShownT]):
    """
    How an application delivers the messages of recipes that are told nothing else: its mails, say.

    Attributes:
        config: what ``init`` was told.
        development: prints the messages of all recipes, where nothing was told and that is wanted.
        has_warned: whether the log says already that nothing is sent.
        services: what delivers the messages of each recipe that sends some, by the recipe's id.
    """

    config: DeliveryConfig[ServiceT] | None = None
    development: ServiceT | None = None
    has_warned: bool = False
    services: dict[str, ShownT] = attrs.field(factory=dict[str, ShownT])


class DeliveryServices(Protocol):
    """What of an application the delivery of messages needs."""

    @property
    def app_info(self) -> AppInfo:
        """Names and domains."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Where finished messages are put."""
        ...

    @property
    def off_loop(self) -> OffLoop:
        """Runs what blocks in a worker thread."""
        ...

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        ...

    @property
    def random_bytes(self) -> Callable[[int], bytes]:
        """Returns as many unpredictable bytes as asked."""
        ...


def is_this_machine(host: str) -> bool:
    """Return whether a host is the machine that asks: what is sent there passes no network."""
    if host.lower().rstrip(".") == "localhost" or host.lower().rstrip(".").endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
