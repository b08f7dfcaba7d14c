"""Whether what a recipe needs beyond the library's own dependencies is installed."""

from __future__ import annotations

import importlib.util

from authweave.types import ConfigurationError, install_command


def require_extra(what: str, extra: str, *modules: str) -> None:
    """
    Check that the modules are there that a recipe needs, without importing them.

    Args:
        what: needs them, for the message: ``thirdparty.init``.
        extra: the extra that has them, as pyproject.toml calls it.
        modules: their names.

    Raises:
        authweave.types.ConfigurationError: one is missing.

    .. versionadded:: 0.1.0
    """
    for each in modules:
        if importlib.util.find_spec(each) is None:
            raise ConfigurationError(
                f"{what} needs {each}, which is not installed: install the extra that has it, {install_command(extra)}."
            )
