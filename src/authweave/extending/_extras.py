"""What recipes need beyond the library's own dependencies."""

from __future__ import annotations

import importlib.util

from authweave.types import ConfigurationError, install_command


def require_extra(what: str, package: str, extra: str) -> None:
    """
    Check that an extra is installed, without importing it. An ``init`` does.

    Args:
        what: needs it (``thirdparty.init``).
        package: what is imported of it.
        extra: its name, as pyproject.toml has it.

    Raises:
        authweave.types.ConfigurationError: it is not.

    .. versionadded:: 0.1.0
    """
    if importlib.util.find_spec(package) is None:
        raise ConfigurationError(
            f"{what} needs {package}, which is not installed: install the extra that has it, {install_command(extra)}."
        )
