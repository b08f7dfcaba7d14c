import asyncio
import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.security import generate_password_hash

from authweave.security import PasswordHasher
from authweave.security._argon2 import Argon2
from authweave.security.hashes import UNUSABLE_HASH, HashFaultError, parse_hash

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_bytes())  # Any: as JSON is
PASSWORD: str = VECTORS["password"]
SIGNER_KEY: str = VECTORS["firebase signer key"]
HASHES: dict[str, str] = VECTORS["hashes"] | {
    f"werkzeug {method}": generate_password_hash(PASSWORD, method)
    for method in ("scrypt", "pbkdf2:sha1:1000", "pbkdf2:sha256:1000", "pbkdf2:sha512:1000")
}
CHEAP = ("argon2d", "argon2i, version 16", "passlib pbkdf2_sha512", "pwdlib bcrypt", "werkzeug pbkdf2:sha256:1000")
KEY = "A" * 43

run = asyncio.run


def of_vectors(*, imported: tuple[str, ...] = ()) -> PasswordHasher:
    """Return a hasher that costs next to nothing, and knows the project of Firebase."""
    return PasswordHasher(memory_kib=8, time_cost=1, at_once=1, imported=imported, firebase_signer_key=SIGNER_KEY)


@pytest.mark.parametrize("name", HASHES)
def test_a_hash_of_each_library_matches_its_password_alone(name: str) -> None:
    """The password signs in, another does not, and the hash is to be renewed."""
    hasher = of_vectors()
    assert run(hasher.verify(HASHES[name], PASSWORD))
    assert not run(hasher.verify(HASHES[name], PASSWORD + "1"))
    assert hasher.needs_rehash(HASHES[name])
    hasher.close()


@pytest.mark.parametrize("name", CHEAP)
def test_a_hash_matches_as_well_where_work_is_evened_out(name: str) -> None:
    """With a stand-in of its kind, and with one of another, what matches is the same."""
    imported = (parse_hash(HASHES[name]).stand_in, f"$2b$04${'.' * 53}")
    hasher = of_vectors(imported=imported)
    assert run(hasher.verify(HASHES[name], PASSWORD))
    assert not run(hasher.verify(HASHES[name], "another"))
    assert not run(hasher.verify(None, PASSWORD))
    assert run(hasher.verify(run(hasher.hash(PASSWORD)), PASSWORD))
    hasher.close()


@pytest.mark.parametrize("name", HASHES)
def test_a_stand_in_has_the_costs_of_a_hash_and_nothing_else_of_it(name: str) -> None:
    """It is a hash of the same kind that matches nothing, and its own stand-in."""
    stand_in = parse_hash(HASHES[name]).stand_in
    assert parse_hash(stand_in) == parse_hash(HASHES[name])
    assert parse_hash(stand_in).stand_in == stand_in
    assert name not in CHEAP or not parse_hash(stand_in).matches(PASSWORD.encode())
    assert not set(stand_in.split("$")) & {part for part in HASHES[name].split("$") if len(part) > 19}


@pytest.mark.parametrize("name", VECTORS["long"]["hashes"])
def test_bcrypt_reads_72_bytes_of_a_long_password(name: str) -> None:
    """As it was when the hash was made, also in the middle of a character, and what differs before is wrong."""
    stored: str = VECTORS["long"]["hashes"][name]
    password: str = VECTORS["long"]["password"]
    hasher = of_vectors()
    assert run(hasher.verify(stored, password))
    assert run(hasher.verify(stored, password[:36]))
    assert not run(hasher.verify(stored, password[:35] + "u"))
    assert not run(hasher.verify(stored, "x" * 80))
    hasher.close()


def test_of_bcrypt_of_sha256_every_byte_counts() -> None:
    """Django hashes a password before bcrypt does, so that nothing is cut off."""
    password = "long" * 20
    hashed = bcrypt.hashpw(hashlib.sha256(password.encode()).hexdigest().encode(), bcrypt.gensalt(4))
    hasher = of_vectors()
    assert run(hasher.verify(f"bcrypt_sha256${hashed.decode()}", password))
    assert not run(hasher.verify(f"bcrypt_sha256${hashed.decode()}", password[:72]))
    hasher.close()


def test_a_password_with_a_nul_matches_no_bcrypt() -> None:
    """Where C took it for the end, what stands before would have been enough."""
    hasher = of_vectors()
    stored = bcrypt.hashpw(b"short", bcrypt.gensalt(4)).decode()
    assert not run(hasher.verify(stored, "short\0rest"))
    hasher.close()


def test_without_the_projects_key_no_hash_of_firebase_matches() -> None:
    """And with another one neither."""
    for key in (None, "AAAA", "A" * 86 + "=="):
        hasher = PasswordHasher(memory_kib=8, time_cost=1, firebase_signer_key=key)
        assert not run(hasher.verify(HASHES["firebase"], PASSWORD))
        hasher.close()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("md5$salt$14c38e2ef52bd834e3073c110b141577", "none of"),
        ("5f4dcc3b5aa765d61d8327deb882cf99", "none of"),
        ("{SSHA}abc", "none of"),
        ("$1$abc$def", "none of"),
        (UNUSABLE_HASH, "none of"),
        ("", "none of"),
        ("x" * 5000, "longer"),
        (f"$argon2id$v=19$m=1048576,t=1,p=1$c2FsdHNhbHQ${KEY}", "memory in KiB may be 8 to 524288"),
        (f"$argon2id$v=19$m={'9' * 500},t=1,p=1$c2FsdHNhbHQ${KEY}", "memory in KiB may be"),
        (f"$argon2id$v=19$m=8,t=65,p=1$c2FsdHNhbHQ${KEY}", "number of passes may be"),
        (f"$argon2id$v=19$m=524288,t=64,p=1$c2FsdHNhbHQ${KEY}", "times passes"),
        (f"$argon2id$v=19$m=65536,t=1,p=65$c2FsdHNhbHQ${KEY}", "lanes may be 1"),
        (f"$argon2id$v=19$m=65536,t=1,p=0$c2FsdHNhbHQ${KEY}", "lanes may be 1"),
        ("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$QUJD", "key's number of bytes is 3"),
        (f"$argon2id$v=19$m=8,t=1,p=1$c${KEY}", "not base64"),
        (f"$argon2x$v=19$m=8,t=1,p=1$c2FsdHNhbHQ${KEY}", "begins like Argon2"),
        (f"$2b$17${'.' * 53}", "cost may be 4 to 16"),
        (f"$2b$03${'.' * 53}", "cost may be 4"),
        (f"$2x$10${'.' * 53}", "begins like bcrypt"),
        (f"$2b$10${'.' * 52}", "begins like bcrypt"),
        (f"bcrypt_sha256$$2b$31${'.' * 53}", "cost may be"),
        (f"pbkdf2_sha256$5000001$salt${KEY}", "iterations may be 1 to"),
        (f"pbkdf2_sha256$0$salt${KEY}", "iterations may be 1"),
        (f"pbkdf2_sha256$1000$salt${'A' * 4}", "key's number of bytes is 3"),
        (f"$pbkdf2-sha1$1000000$salt${'A' * 170}", "for all of its key"),
        (f"pbkdf2_md5$1000$salt${KEY}", "begins like PBKDF2"),
        (f"pbkdf2:sha256:1000${'s' * 129}${'0' * 64}", "salt's number of bytes is 129"),
        (f"pbkdf2:sha256:1000$salt${'0' * 65}", "begins like PBKDF2"),
        (f"scrypt:1048576:8:1$salt${'0' * 128}", "memory in bytes"),
        (f"scrypt:16384:8:100$salt${'0' * 128}", "times p"),
        (f"scrypt:10000:8:1$salt${'0' * 128}", "power of two"),
        (f"scrypt:1:8:1$salt${'0' * 128}", "power of two"),
        ("scrypt:16384:8:1$salt$00", "key's number of bytes is 1"),
        (f"$f_scrypt${KEY}$c2FsdA==$m=18$r=8$s=Bw==", "memory cost may be 1 to 17"),
        (f"$f_scrypt${KEY}$c2FsdA==$m=14$r=33$s=Bw==", "rounds may be 1 to 32"),
        (f"$f_scrypt${KEY}$c2FsdA==$m=17$r=32$s=Bw==", "memory in bytes"),
        ("$f_scrypt$bad", "begins like Firebase"),
    ],
)
def test_hashes_of_other_kinds_and_absurd_costs_are_refused(text: str, fault: str) -> None:
    """They are told apart by a message without the hash, and verifying one does what an unknown account takes."""
    with pytest.raises(HashFaultError, match=fault) as caught:
        parse_hash(text)
    assert KEY not in str(caught.value)
    hasher = of_vectors()
    assert not run(hasher.verify(text, PASSWORD))
    hasher.close()


@given(st.text(max_size=100), st.sampled_from(sorted(HASHES.values())), st.integers(0, 200))
def test_whatever_text_is_a_hash_or_a_fault(inserted: str, text: str, place: int) -> None:
    """No text makes reading it fail in another way, nor asks for more than the bounds allow."""
    with suppress(HashFaultError):
        parse_hash(text[:place] + inserted + text[place:])


def test_with_stand_ins_every_account_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours, an imported one and an unknown one: one Argon2 and one of each kind that was imported."""
    stored = bcrypt.hashpw(b"right", bcrypt.gensalt(4)).decode()
    other = generate_password_hash("right", "pbkdf2:sha256:1000")
    done: list[str] = []
    check, derive, verify = bcrypt.checkpw, hashlib.pbkdf2_hmac, Argon2.verify

    def checked(password: bytes, hashed: bytes) -> bool:
        done.append("bcrypt")
        return check(password, hashed)

    def derived(name: str, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        done.append("pbkdf2")
        return derive(name, password, salt, iterations, length)

    def verified(self: Argon2, hashed: str, password: bytes) -> bool:
        done.append("argon2")
        return verify(self, hashed, password)

    monkeypatch.setattr(bcrypt, "checkpw", checked)
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", derived)
    monkeypatch.setattr(Argon2, "verify", verified)
    hasher = of_vectors(imported=(parse_hash(stored).stand_in, parse_hash(other).stand_in))
    ours = run(hasher.hash("right"))
    for known, expected in ((ours, True), (stored, True), (other, True), (None, False), ("$1$odd", False)):
        for password, is_right in (("right", expected), ("wrong", False), ("x" * 5000, False)):
            done.clear()
            assert run(hasher.verify(known, password)) == is_right
            assert sorted(done) == ["argon2", "bcrypt", "pbkdf2"], known
    hasher.close()


def test_a_stored_hash_of_no_use_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """With the reason and without the hash; that somebody has no password is no news."""
    hasher = of_vectors()
    for stored in (f"$2b$31${'.' * 53}", f"$2b$30${'.' * 53}", UNUSABLE_HASH):
        assert not run(hasher.verify(stored, PASSWORD))
    (record,) = caplog.records
    assert "cannot be verified: its cost may be 4 to 16." in record.getMessage()
    assert ".........." not in record.getMessage()
    hasher.close()


def test_what_a_hasher_cannot_use_is_said_at_once_and_without_secrets() -> None:
    """A key that is no base64, and a stand-in that is no hash."""
    with pytest.raises(ValueError, match="is not base64") as caught:
        PasswordHasher(firebase_signer_key="secret key!")
    assert "secret" not in str(caught.value)
    with pytest.raises(ValueError, match="an entry of imported"):
        PasswordHasher(imported=["md5$a$b"])
