"""Passkeys, over a real socket: an authenticator in software makes them and uses them (acceptance lines 75 to 84)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.authenticator import Authenticator
from tests.patience import PATIENT
from tests.stores import open_whole

from .passkey_world import PasskeyWorld, passkey_world

OK = {"status": "OK"}
INVALID = {"status": "INVALID_CREDENTIALS_ERROR"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PasskeyWorld]:
    """Serve an application over each database."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("passkeys") / "auth.db"
        with closing(open_whole(f"sqlite:///{file}", PATIENT)) as storage, passkey_world(storage) as made:
            yield made
    else:
        server = request.getfixturevalue("postgresql")
        url = server.new_store()
        request.addfinalizer(lambda: server.drop(url))
        with closing(open_whole(url, PATIENT)) as storage, passkey_world(storage) as made:
            yield made


def test_sign_up_and_in(here: PasskeyWorld) -> None:
    """A passkey signs up and in; the user has it in his JSON."""
    device, email = Authenticator(), here.new_email()
    signed_up = here.sign_up(device, email.upper())
    assert signed_up.user["emails"] == [email]
    (passkey,) = device.passkeys
    assert signed_up.user["webauthn"] == {"credentialIds": [passkey.credential_id]}
    signed_in = here.sign_in(device)
    assert signed_in.user == signed_up.user
    assert here.is_alive(signed_in.session)
