"""What is left in the database of a user who was deleted: nothing by which he could be found, in any table."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import attrs
import pytest

from authweave.ingredients.emaildelivery import EmailDeliveryConfig
from authweave.recipe import emailverification, thirdparty, usermetadata, userroles
from authweave.recipe.accountlinking.store import ENDED_SESSIONS
from authweave.recipe.accountlinking.store.protocol import EndedSession
from authweave.recipe.emailpassword import EmailPasswordRecipe, UnknownUserIdError
from authweave.recipe.emailverification import EmailVerificationRecipe
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import provider_tokens_of
from authweave.recipe.totp.store import TOTP_DEVICES
from authweave.recipe.totp.store.contract import NOW_MS, a_device, a_use
from authweave.recipe.usermetadata import UserMetadataRecipe
from authweave.recipe.userroles import UserRolesRecipe
from authweave.recipe.webauthn.store import WEBAUTHN
from authweave.recipe.webauthn.store.contract import a_passkey, a_passkey_login
from authweave.types import RecipeUserId
from tests.stores import PARTS

from .reset_world import NEW, World, world
from .serving import bearer
from .verification_app import Mailbox

ADDRESS: Final = "grace.hopper@example.com"
ANOTHER: Final = "rear.admiral@example.com"
ROLE: Final = "compiler"

FAR_AWAY_MS: Final = 4_000_000_000_000
REMEMBER_THE_ID: Final = {"authweave_barred_users"}
"""No session is made for the id for a while."""

OF_NO_USER: Final = {
    "authweave_attempts": "keyed hashes, gone after a while",
    "authweave_events": "kept as long as any, and here not at all",
    "authweave_outbox": "sealed, gone when delivered",
    "authweave_passkey_options": "of an address that anybody has typed in, gone after minutes",
    "authweave_passwordless_codes": "hashes, gone with the browser that asked",
    "authweave_passwordless_devices": "of an address that anybody has typed in, gone after minutes",
    "authweave_roles": "the application's",
    "authweave_role_permissions": "the application's",
    "authweave_tenant_configs": "the application's",
    "authweave_tenant_providers": "the application's",
}


def live(here: World, named: str | None) -> tuple[str, ...]:
    """Have somebody leave something in every table; returns the ids."""
    signed_up = here.sign_up(ADDRESS)
    user_id = str(signed_up.json()["user"]["id"])
    run, users = here.app.run_blocking, here.app.users
    if named is not None:
        run(users.create_user_id_mapping(user_id, named))
    shown = named or user_id
    verification = here.app.recipe(EmailVerificationRecipe).functions
    for email in (ADDRESS, ANOTHER):
        made = run(verification.create_email_verification_token(RecipeUserId(shown), email, "public", {}))
        assert isinstance(made, emailverification.CreateEmailVerificationTokenOkResult)
        if email == ADDRESS:
            run(verification.verify_email_using_token(made.token, "public", False, {}))
    here.sign_in(ADDRESS, "a wrong horse 9")
    signed_in = here.sign_in(ADDRESS)
    assert here.client.post("/address", json={"new": "third@example.com"}, headers=bearer(signed_in)).json()
    token = here.asked(ADDRESS)
    roles = here.app.recipe(UserRolesRecipe).functions
    run(roles.create_new_role_or_add_permissions(ROLE, ["compile"], {}))
    run(roles.add_role_to_user(shown, ROLE, "public", {}))
    run(here.app.recipe(UserMetadataRecipe).functions.update_user_metadata(shown, {"rank": "admiral"}, {}))
    tokens = attrs.evolve(provider_tokens_of(1), recipe_user_id=user_id)
    storage = here.app.services.storage
    assert storage.part(THIRD_PARTIES).keep_provider_tokens(tokens)
    ended = EndedSession(handle="an-ended-session", user_id=shown, recipe_user_id=shown, expires_at_ms=FAR_AWAY_MS)
    storage.part(ENDED_SESSIONS).remember_ended_sessions([ended])
    devices = storage.part(TOTP_DEVICES)
    for number in (1, 2):
        device = a_device(number, user_id=shown)
        devices.add_device(device)
        devices.use_code(a_use(device, f"00000{number}"), NOW_MS)
    devices.replace_recovery_codes(shown, ["a"])
    devices.begin_attempt(shown, "public", NOW_MS)
    assert here.reset("x" * len(token)).json()["status"] != "OK"
    storage.part(WEBAUTHN).create_user_with_passkey(a_passkey_login(1, email=ADDRESS), a_passkey(1))
    storage.create_primary_user(user_id)
    storage.link_accounts("user-1", user_id)
    return ("user-1", user_id, shown)


def tables(here: World) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is in the database, by table."""
    names = [str(name) for (name,) in here.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: here.sql(f'SELECT * FROM "{name}"') for name in names if name.startswith("authweave_")}  # noqa: S608  its own names


def told(rows: list[tuple[object, ...]], texts: tuple[str, ...]) -> bool:
    """Return whether any of some texts is in any row."""
    return any(text in str(row) for row in rows for text in texts)


@pytest.mark.parametrize("named", [None, "external-id-of-grace"])
def test_nothing_of_a_deleted_user_is_left(tmp_path: Path, named: str | None) -> None:
    """Each table of every part had something of the user; afterwards none has, whichever id it was kept under."""
    recipes = (
        emailverification.init("OPTIONAL", EmailDeliveryConfig(Mailbox())),
        userroles.init(),
        usermetadata.init(),
        thirdparty.init(),
    )
    with world(tmp_path, *recipes, is_quiet=True) as here:
        ids = live(here, named)
        texts = (*ids, ADDRESS, ANOTHER, "third@example.com", "admiral")
        before = tables(here)
        of_users = {name for name, rows in before.items() if told(rows, texts)}
        of_parts = {name for part in PARTS for name in part.in_sql().metadata.tables}
        assert of_parts - of_users == OF_NO_USER.keys()
        token = here.asked(ADDRESS)
        here.app.run_blocking(here.app.users.delete_user(ids[-1]))
        after = tables(here)
        assert {name for name, rows in after.items() if told(rows, texts)} == REMEMBER_THE_ID
        assert not told([row for rows in after.values() for row in rows], texts[len(ids) :])
        assert here.reset(token, NEW).json() == {"status": "RESET_PASSWORD_INVALID_TOKEN_ERROR"}
        for user_id in ids:
            found = here.app.recipe(EmailPasswordRecipe).functions
            made = asyncio.run(found.create_reset_password_token(user_id, ADDRESS, "public", {}))
            assert isinstance(made, UnknownUserIdError)
