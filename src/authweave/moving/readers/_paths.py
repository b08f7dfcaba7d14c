"""Files of exports."""

from __future__ import annotations

from pathlib import Path

from authweave.types import ConfigurationError


def existing(file: str, system: str) -> Path:
    """
    Return the path of a file.

    Raises:
        authweave.types.ConfigurationError: there is none.
    """
    path = Path(file)
    if not path.is_file():
        raise ConfigurationError(f"--from {system}: there is no file {file!r}.")
    return path
