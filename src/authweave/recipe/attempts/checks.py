"""What ``authweave doctor`` looks at."""

from __future__ import annotations

import attrs

from authweave.extending import Check, Finding
from authweave.types import Clients

from .config import AttemptsConfig


@attrs.frozen
class AttemptsChecks:
    """
    Look at what limits failed attempts.

    Attributes:
        config: the limits.
        clients: finds the addresses that are counted.
    """

    config: AttemptsConfig
    clients: Clients

    def checks(self) -> tuple[Check, ...]:
        """Return the checks."""
        return (
            Check("limits", "Failed attempts are limited", self.limits),
            Check("addresses", "Addresses of clients can be counted", self.addresses),
        )

    def limits(self) -> Finding:
        """Look at the limits."""
        if not self.config.enabled:
            return Finding(
                "fault", "They are not: passwords can be guessed.", "Leave out attempts.init(enabled=False)."
            )
        each = (
            f"{limit.failures} for each {name.replace('_', ' ')}, one more every {limit.every_s:g} s"
            for name, limit in self.config.limits().items()
        )
        return Finding("ok", f"{'; '.join(each)}.")

    def addresses(self) -> Finding:
        """Look at the proxies: behind one that is not named, all clients have its address."""
        if self.clients.proxies.named:
            return Finding("ok", "The proxies in front are known.")
        found = "Behind a proxy with a private address nobody is counted by his own: accounts alone are."
        return Finding("warning", found, "Say which proxies there are: init(trusted_proxies=[...]).")
