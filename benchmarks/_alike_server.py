"""
The server of ``alike.py``: an application with the default hash, whose mails go nowhere, and with many users.

Run as ``python benchmarks/_alike_server.py alike PORT FOLDER USERS``. Users have the addresses of `address_of`, and
`PASSWORD`; ``POST /change?number=N&email=E`` asks for another address for one of them.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import uuid
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI

from authweave import InputAppInfo, UserContext, init
from authweave.app import App
from authweave.framework.fastapi import get_middleware
from authweave.ingredients.emaildelivery.types import (
    EmailContent,
    EmailDeliveryConfig,
    SMTPServiceInterface,
    SMTPSettings,
    SMTPSettingsFrom,
)
from authweave.recipe import attempts, emailpassword, emailverification, session
from authweave.recipe.emailpassword import PasswordResetEmailTemplateVars, SMTPService
from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin
from authweave.recipe.emailverification import EmailVerificationRecipe
from authweave.security import prepared_password
from authweave.types import RecipeUserId

PASSWORD: Final = "correct horse 1"
NO_LIMIT: Final = attempts.Limit(100_000, 1)


def address_of(number: int) -> str:
    """Return an address, as long as all others."""
    return f"user-{number:06}@example.com"


def user_id_of(number: int) -> str:
    """Return the id of a user."""
    return str(uuid.UUID(int=number))


def nowhere(
    original: SMTPServiceInterface[PasswordResetEmailTemplateVars],
) -> SMTPServiceInterface[PasswordResetEmailTemplateVars]:
    """Have mails sent to nobody."""

    async def send_raw_email(content: EmailContent, user_context: UserContext) -> None:
        del content, user_context

    original.send_raw_email = send_raw_email
    return original


def build(folder: Path, users: int) -> App:
    """Build the application and add its users, who share a hash."""
    settings = SMTPSettings("127.0.0.1", 25, SMTPSettingsFrom("Alike", "auth@example.com"))
    auth = init(
        InputAppInfo("alike", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            session.init(),
            attempts.init(account_and_address=NO_LIMIT, account=NO_LIMIT, address=NO_LIMIT),
        ],
        storage=f"sqlite:///{folder / 'alike.db'}",
        email_delivery=EmailDeliveryConfig(SMTPService(settings, override=nowhere)),
    )
    password_hash = asyncio.run(auth.services.passwords.hash(prepared_password(PASSWORD)))
    store = auth.services.storage.part(PASSWORDS)
    for number in range(users):
        store.create_user_with_password(
            PasswordLogin(
                user_id=user_id_of(number),
                recipe_user_id=user_id_of(number),
                tenant_id="public",
                email=address_of(number),
                password_hash=password_hash,
                time_joined_ms=1_700_000_000_000 + number,
            )
        )
    return auth


def main() -> None:
    """Serve it."""
    _, port, folder, users = sys.argv[1:]
    logging.getLogger("authweave").setLevel(logging.ERROR)  # each failed sign-in is a warning
    auth = build(Path(folder), int(users))
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.post("/change")
    async def change(number: int, email: str) -> str:
        functions = auth.recipe(EmailVerificationRecipe).functions
        login = RecipeUserId(user_id_of(number))
        return (await functions.request_email_change(login, email, "public", UserContext())).status

    @app.get("/ready")
    async def ready() -> None: ...

    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False, timeout_keep_alive=600)


if __name__ == "__main__":
    main()
