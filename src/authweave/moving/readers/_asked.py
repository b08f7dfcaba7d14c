"""What a reader is told beside where to read."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from authweave.types import ConfigurationError


@attrs.frozen
class Asked:
    """
    What a reader is told.

    Attributes:
        tenant_id: where users go whose system has no tenants.
        settings: what a system needs beside, by name.
    """

    tenant_id: str
    settings: Mapping[str, str]

    def setting(self, name: str, default: str | None = None) -> str | None:
        """Return a setting."""
        return self.settings.get(name, default)

    def check(self, system: str, *known: str) -> None:
        """
        Check that there are no settings that nobody would read.

        Raises:
            authweave.types.ConfigurationError: there is one.
        """
        for name in self.settings:
            if name not in known:
                knows = f"knows {', '.join(known)}" if known else "has none"
                raise ConfigurationError(f"--set {name}=...: --from {system} {knows}.")
