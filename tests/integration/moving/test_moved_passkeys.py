"""Users with passkeys who were moved, over HTTP: they sign in where they come, on both databases."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from authweave.moving import ImportOptions, LinesFile, Source, export_users, import_users
from authweave.moving.readers._asked import Asked
from authweave.moving.readers._supertokens import open_supertokens
from authweave.storage.sql import SQLStorage, open_storage
from tests.authenticator import Authenticator, Passkey
from tests.integration.http.passkey_world import PasskeyWorld, passkey_world
from tests.patience import PATIENT
from tests.stores import PARTS

OK: Final = "OK"
INVALID: Final = "INVALID_CREDENTIALS_ERROR"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLStorage]:
    """Open a store in each database."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("moved") / "auth.db"
        with closing(open_storage(f"sqlite:///{file}", PATIENT, PARTS)) as storage:
            yield storage
    else:
        server = request.getfixturevalue("postgresql")
        url = server.new_store()
        with closing(open_storage(url, PATIENT, PARTS)) as storage:
            yield storage
        server.drop(url)


@pytest.fixture(scope="module")
def here(store: SQLStorage) -> Iterator[PasskeyWorld]:
    """Serve an application over it."""
    with passkey_world(store) as made:
        yield made


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
    own = {"headers": signed_up.session, "recipeUserId": signed_up.user["id"]}
    assert here.send("/webauthn/credential", options, other.make(options), **own).status == OK
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


def test_who_had_a_passkey_at_a_core_signs_in(
    here: PasskeyWorld, store: SQLStorage, elsewhere: Callable[[str], str]
) -> None:
    """Whatever the core told the authenticator of the user; and the counter goes on there as well."""
    assert bring(open_supertokens(elsewhere("supertokens"), Asked("public", {})), store) == 3
    key = ec.derive_private_key(7, ec.SECP256R1())
    passkey = Passkey("AAECAwQFBgcICQoLDA0ODw", "localhost", "c29tZWJvZHk", key, 5)
    device = Authenticator(passkeys=[passkey])
    signed_in = here.sign_in(device)
    assert signed_in.user["emails"] == ["dora@example.com"]
    assert here.is_alive(signed_in.session)
    options = here.for_sign_in()
    assert here.send("/webauthn/signin", options, device.use(options, sign_count=6)).status == INVALID
