"""Users with passkeys who were moved, over HTTP: they sign in where they come, on both databases."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from authweave.moving import ImportOptions, LinesFile, Source, export_users, import_users
from authweave.moving.readers._asked import Asked
from authweave.moving.readers._supertokens import open_supertokens
from authweave.storage.sql import SQLStorage, whole_store
from tests.authenticator import Authenticator, Passkey
from tests.integration.moving.elsewhere import restored
from tests.postgresql import Server

from .passkey_world import PasskeyWorld, passkey_world

OK: Final = "OK"
INVALID: Final = "INVALID_CREDENTIALS_ERROR"


@pytest.fixture(scope="module")
def here(database_url: str) -> Iterator[PasskeyWorld]:
    """Serve an application over each database."""
    with passkey_world(database_url) as made:
        yield made


@pytest.fixture(scope="module")
def store(here: PasskeyWorld) -> SQLStorage:
    """Return its store."""
    found = whole_store(here.storage)
    assert found is not None
    return found


def bring(source: Source, storage: SQLStorage) -> int:
    """Import, and return how many users are new."""
    return import_users(
        source,
        storage,
        storage.clock,
        ImportOptions(create_tenants=True),
        on_begin=lambda _: None,
        on_fault=lambda _line, _reason: None,
        on_progress=lambda _done, _counts: None,
    ).added


def test_who_was_exported_signs_in_where_he_is_imported(here: PasskeyWorld, store: SQLStorage) -> None:
    """With each of two passkeys, whose counters go on: a copy of an authenticator with an older one stays out."""
    device, other, email = Authenticator(), Authenticator(counts=False), here.new_email()
    signed_up = here.sign_up(device, email)
    options = here.for_registration(email)
    made, user_id = other.make(options), signed_up.user["id"]
    added = here.send("/webauthn/credential", options, made, headers=signed_up.session, recipeUserId=user_id)
    assert added.status == OK
    former = here.sign_in(device).user
    (line,) = (each for each in export_users(store) if each["id"] == former["id"])
    here.app.run_blocking(here.app.users.delete_user(former["id"]))
    assert here.sign_in(device).status == INVALID
    device.passkeys[0].sign_count -= 1  # what it signed just now did not count
    assert bring(LinesFile(io.BytesIO(json.dumps(line).encode()), "test"), store) == 1
    options = here.for_sign_in()
    assert here.send("/webauthn/signin", options, device.use(options, sign_count=1)).status == INVALID
    assert here.sign_in(device).user == here.sign_in(other).user == former
    assert bring(LinesFile(io.BytesIO(json.dumps(line).encode()), "test"), store) == 0


def test_who_had_a_passkey_at_a_core_signs_in(here: PasskeyWorld, store: SQLStorage, postgresql: Server) -> None:
    """Whatever the core told the authenticator of the user; and the counter goes on there as well."""
    with restored("supertokens", postgresql) as url:
        assert (
            bring(open_supertokens(url, Asked("public", {})), store) == 2
        )  # another has roles, which nobody keeps here
    key = ec.derive_private_key(7, ec.SECP256R1())
    passkey = Passkey("AAECAwQFBgcICQoLDA0ODw", "localhost", "c29tZWJvZHk", key, 5)
    device = Authenticator(passkeys=[passkey])
    signed_in = here.sign_in(device)
    assert signed_in.user["emails"] == ["dora@example.com"]
    assert here.is_alive(signed_in.session)
    options = here.for_sign_in()
    assert here.send("/webauthn/signin", options, device.use(options, sign_count=6)).status == INVALID
