import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from authweave.security import SecretError, ServerSecret, secret_file, secret_from_configuration


def test_a_secret_needs_32_bytes() -> None:
    """A shorter one is refused without being shown; white space around it does not count."""
    with pytest.raises(SecretError) as caught:
        secret_from_configuration(f"  {'hunter2'.ljust(31, '!')}\n")
    assert "31 bytes" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert secret_from_configuration("x" * 32) == secret_from_configuration(b"x" * 32 + b"\n")
    with pytest.raises(SecretError):
        secret_from_configuration("x" * 5_000)


def test_each_purpose_has_a_key_of_its_own() -> None:
    """Keys differ by purpose and by secret, have 32 bytes, and do not change."""
    one, other = ServerSecret(b"1" * 32), ServerSecret(b"2" * 32)
    keys = {secret.key(purpose) for secret in (one, other) for purpose in ("refresh-tokens", "key-encryption")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    assert one.key("refresh-tokens") == ServerSecret(b"1" * 32).key("refresh-tokens")
    assert repr(one) == "ServerSecret()"


def test_the_file_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    """The second start reads what the first has made; nothing else is left lying about."""
    path = tmp_path / "auth.db.secret"
    secret = secret_file(path)
    assert secret_file(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_text_of_the_file_can_be_configured_instead(tmp_path: Path) -> None:
    """Who moves the database elsewhere takes the secret along by copying the text."""
    path = tmp_path / "auth.db.secret"
    assert secret_file(path) == secret_from_configuration(path.read_text())


def test_starts_at_once_agree(tmp_path: Path) -> None:
    """All who find no file go away with one and the same secret."""
    path = tmp_path / "auth.db.secret"
    barrier = Barrier(8)

    def start(_: int) -> ServerSecret:
        barrier.wait()
        return secret_file(path)

    with ThreadPoolExecutor(8) as threads:
        secrets = list(threads.map(start, range(8)))
    assert len({secret.value for secret in secrets}) == 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such bits")
@pytest.mark.parametrize("mode", [0o604, 0o602, 0o601, 0o644, 0o664, 0o666, 0o444])
def test_a_file_open_to_everybody_is_refused(tmp_path: Path, mode: int) -> None:
    """The message names the file and says what to do."""
    path = tmp_path / "auth.db.secret"
    secret_file(path)
    path.chmod(mode)
    with pytest.raises(SecretError, match="chmod 600") as caught:
        secret_file(path)
    assert str(path) in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such bits")
@pytest.mark.parametrize("mode", [0o660, 0o640, 0o440])
@pytest.mark.parametrize("is_effective", [True, False])
def test_a_file_of_an_own_group_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, mode: int, is_effective: bool
) -> None:
    """As on a volume with Kubernetes' fsGroup; the log says so, and not what the secret is."""
    path = tmp_path / "auth.db.secret"
    secret = secret_file(path)
    group = path.stat().st_gid
    monkeypatch.setattr(os, "getegid", lambda: group if is_effective else group + 1)
    monkeypatch.setattr(os, "getgroups", lambda: [group + 2] if is_effective else [group + 2, group])
    assert caplog.records == []
    path.chmod(mode)
    assert secret_file(path) == secret
    (record,) = caplog.records
    assert (record.levelname, str(path) in record.getMessage()) == ("WARNING", True)
    assert path.read_text().strip() not in record.getMessage()


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such bits")
@pytest.mark.parametrize("mode", [0o660, 0o640, 0o440, 0o620, 0o610])
def test_a_file_of_another_group_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    """Those who are in it may read the secret, and the process is not one of them."""
    path = tmp_path / "auth.db.secret"
    secret_file(path)
    group = path.stat().st_gid
    monkeypatch.setattr(os, "getegid", lambda: group + 1)
    monkeypatch.setattr(os, "getgroups", lambda: [group + 2])
    path.chmod(mode)
    with pytest.raises(SecretError, match="chmod 600"):
        secret_file(path)


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A directory that is not there, a directory in the file's place and an empty file are stated faults."""
    with pytest.raises(SecretError, match="nowhere"):
        secret_file(tmp_path / "nowhere" / "auth.db.secret")
    (tmp_path / "directory").mkdir(mode=0o700)
    with pytest.raises(SecretError, match="directory"):
        secret_file(tmp_path / "directory")
    empty = tmp_path / "empty"
    empty.touch(0o600)
    with pytest.raises(SecretError, match="0 bytes"):
        secret_file(empty)
