"""Who signs in waits for the disk once; and what anybody is answered is there, whatever it was."""

from __future__ import annotations

import os
from pathlib import Path

import httpx2
import pytest

from tests.authenticator import Authenticator

from .passkey_world import WEBSITE, PasskeyWorld, passkey_world
from .passwordless_app import Browser, Sent, codes

EMAIL = "ada@example.com"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return what is filled with the files that are brought to the disk, but for those that SQLite brings there."""
    files: list[int] = []

    def note(descriptor: int) -> None:
        files.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", note)
    return files


def consumed(here: PasskeyWorld, sent: Sent, code: str | None = None) -> httpx2.Response:
    """Sign in by a code: by the right one, unless another is named."""
    asked = here.post("/signinup/code", {"email": EMAIL}).json()
    browser = Browser(asked["deviceId"], asked["preAuthSessionId"], sent.messages[-1])
    return here.post("/signinup/code/consume", browser.with_code(code))


def test_signing_in_waits_for_the_disk_once(tmp_path: Path, synced: list[int]) -> None:
    """By its session; where there is none, since somebody is refused, what was used up is there before the answer."""
    sent, device = Sent(), Authenticator(origin=WEBSITE)
    with passkey_world(f"sqlite:///{tmp_path}/auth.db", codes(sent), has_callback=False) as here:
        users = [here.sign_up(device, EMAIL).user["id"], consumed(here, sent).json()["user"]["id"]]
        synced.clear()
        assert here.sign_in(device).status == "OK"
        assert consumed(here, sent).json()["status"] == "OK"
        assert synced == []
        log = (tmp_path / "auth.db-wal").stat().st_ino
        assert consumed(here, sent, "-").json()["status"] == "INCORRECT_USER_INPUT_CODE_ERROR"
        assert synced == [log]
        for each in users:
            assert here.storage.set_disabled(each, here.clock())
        assert here.sign_in(device).status == "SIGN_IN_NOT_ALLOWED"
        assert consumed(here, sent).json()["status"] == "SIGN_IN_UP_NOT_ALLOWED"
        assert synced == [log] * 3
