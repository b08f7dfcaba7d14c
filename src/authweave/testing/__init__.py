"""
What tests of an application, a plugin or a store can use. Nothing here is for a running application.

pytest loads this package at its start, for the fixture in `pytest_plugin`; so what it offers is loaded when it is first
used.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._overriding import Overriding, scope_for_test
    from ._recorded_call import Arguments, RecordedCall
    from ._recording import Recording, recording

__all__ = [
    "Arguments",
    "Overriding",
    "RecordedCall",
    "Recording",
    "recording",
    "scope_for_test",
]

_LATER = {
    "Arguments": "._recorded_call",
    "Overriding": "._overriding",
    "RecordedCall": "._recorded_call",
    "Recording": "._recording",
    "recording": "._recording",
    "scope_for_test": "._overriding",
}


if not TYPE_CHECKING:  # they would take any name for one that there is

    def __getattr__(name: str) -> object:
        """Load a public name (PEP 562)."""
        from authweave.kernel import load_name  # noqa: PLC0415  every start of pytest would pay for it

        return load_name(__name__, name, _LATER)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return __all__
