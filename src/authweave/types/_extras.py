"""Extras: what a part of the library needs beyond what every application gets."""

from __future__ import annotations


def missing_extra(what: str, extra: str, error: ImportError) -> ModuleNotFoundError:
    """
    Return the error for something that needs an extra which is not installed. Raise it from the other.

    Args:
        what: needs it.
        extra: the extra, as pyproject.toml calls it.
        error: what importing it raised; its ``name`` says which package is missing.
    """
    message = f"{what} needs {error.name}, which is not installed: {install_command(extra)}"
    return ModuleNotFoundError(message, name=error.name)


def install_command(extra: str) -> str:
    """
    Return the command that installs the library with an extra.

    It names a clone: until the project has published a release, whatever carries its name on PyPI is somebody else's.
    """
    return f"python -m pip install '/path/to/the/clone[{extra}]'"
