"""
A process that sends the mails in an outbox, until its input ends.

``python -m tests.integration.mail.sender URL PORT``; with ``killed`` it kills itself as soon as a mail has been taken.
"""

from __future__ import annotations

import os
import signal
import sys

from authweave import init
from authweave.ingredients.emaildelivery import EmailContent, EmailDelivery, EmailDeliveryConfig, SMTPServiceInterface
from authweave.kernel import UserContext
from authweave.recipe import session
from authweave.types import InputAppInfo
from tests.integration.mail.conftest import ResetVars, Service, settings
from tests.patience import PATIENCE_S, PATIENT

SECRET = b"s" * 32


def killing(original: SMTPServiceInterface[ResetVars]) -> SMTPServiceInterface[ResetVars]:
    """Have the process killed when a mail has been sent, and that was not noted."""
    send = original.send_raw_email

    async def send_raw_email(content: EmailContent, user_context: UserContext) -> None:
        await send(content, user_context)
        os.kill(os.getpid(), signal.SIGKILL)

    original.send_raw_email = send_raw_email  # type: ignore[method-assign]  # as the documents of SuperTokens do it
    return original


def main(url: str, port: str, *killed: str) -> None:
    """Send mails."""
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [session.init()],
        storage=url,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret=SECRET,
    )
    service = Service(settings(int(port)), override=killing if killed else None)
    EmailDelivery(app.services, "emailpassword", EmailDeliveryConfig(service))
    app.services.outbox.look()  # as `init` does, when its recipes have been built
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    app.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
