"""
Overrides over HTTP: functions of recipes that ask a program in any language, before and after.

`docs/reference/webhooks.md` has what goes over the wire. The package loads what sends when the first webhook is made.
"""

from typing import TYPE_CHECKING

from authweave.kernel import load_name

from ._connecting import connect_webhooks
from ._errors import WebhookError, WebhookFailure

if TYPE_CHECKING:
    from ._asking import OnFailure, When
    from ._webhook import Webhook, webhook_overrides

__all__ = [
    "OnFailure",
    "Webhook",
    "WebhookError",
    "WebhookFailure",
    "When",
    "connect_webhooks",
    "webhook_overrides",
]

_LATER = {
    "OnFailure": "._asking",
    "Webhook": "._webhook",
    "When": "._asking",
    "webhook_overrides": "._webhook",
}

if not TYPE_CHECKING:  # they would take any name for one that there is

    def __getattr__(name: str) -> object:
        """Load a public name that is not needed to compose and call (PEP 562)."""
        return load_name(__name__, name, _LATER)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return __all__
