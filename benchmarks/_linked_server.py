"""
The server of ``linked_sign_in.py``: that of ``sign_in.py``, with accounts that are linked.

Run as ``python benchmarks/_linked_server.py NAME PORT FOLDER``. ``alone@example.com`` has one login method in one
tenant; ``linked@example.com`` has ten, of two recipes, in five tenants.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Final

from _sign_in_server import serve

from authweave import InputAppInfo, init
from authweave.app import App
from authweave.recipe import accountlinking, emailpassword, emailverification, session, thirdparty
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignUpOkResult
from authweave.recipe.thirdparty import ManuallyCreateOrUpdateUserOkResult, ThirdPartyRecipe
from authweave.security import PasswordHasher
from authweave.storage import LinkedAccounts

TENANTS: Final = ("public", *(f"t{number}" for number in range(1, 5)))
PASSWORD: Final = "correct horse 1"
METHODS: Final = 10


async def add_password(app: App, email: str, tenant_id: str) -> str:
    """Add a user with a password; return the login method's id."""
    made = await app.recipe(EmailPasswordRecipe).functions.sign_up(email, PASSWORD, tenant_id, None, None, {})
    assert isinstance(made, SignUpOkResult)
    return made.recipe_user_id.get_as_string()


async def add_identity(app: App, subject: str, tenant_id: str) -> str:
    """Add a user of a provider's; return the login method's id."""
    made = await app.recipe(ThirdPartyRecipe).functions.manually_create_or_update_user(
        "corp",
        subject,
        f"{subject}@example.com",
        True,  # noqa: FBT003  as the interface
        None,
        None,
        tenant_id,
        "",
        {},
    )
    assert isinstance(made, ManuallyCreateOrUpdateUserOkResult)
    return made.recipe_user_id.get_as_string()


async def add_people(app: App) -> None:
    """Add the two."""
    storage = app.services.storage
    await add_password(app, "alone@example.com", "public")
    primary = await add_password(app, "linked@example.com", "public")
    storage.create_primary_user(primary)
    for tenant_id in TENANTS[1:]:
        storage.create_tenant(tenant_id)
    for number in range(1, METHODS):
        tenant_id = TENANTS[number % len(TENANTS)]
        login_id = (
            await add_password(app, f"linked-{number}@example.com", tenant_id)
            if number % 2
            else await add_identity(app, f"linked-{number}", tenant_id)
        )
        assert isinstance(storage.link_accounts(login_id, primary), LinkedAccounts)
    user = storage.find_user(primary)
    assert user is not None
    assert (len(user.login_methods), len(user.tenant_ids)) == (METHODS, len(TENANTS))


def main() -> None:
    """Serve it."""
    _, port, folder = sys.argv[1:]
    hasher = PasswordHasher(memory_kib=8, time_cost=1, at_once=2)
    app = init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [
            emailpassword.init(),
            thirdparty.init(),
            emailverification.init("OPTIONAL"),
            accountlinking.init(),
            session.init(),
        ],
        storage=f"sqlite:///{Path(folder) / 'linked.db'}",
        passwords=hasher,
        trusted_proxies=[],
    )
    asyncio.run(add_people(app))
    serve(hasher, int(port))


if __name__ == "__main__":
    main()
