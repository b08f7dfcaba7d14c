import base64
import hashlib

import pytest

from authweave.security import RefreshToken, RefreshTokens, ServerSecret, parse_refresh_token

SECRET = ServerSecret(b"s" * 32)


def test_a_parent_has_one_child() -> None:
    """Made again, also after a restart, the child is the same to the letter; another parent has another."""
    first = RefreshTokens(SECRET).first("handle")
    child = RefreshTokens(SECRET).child("handle", parent_generation=0, parent_hash2=first.hash2)
    again = RefreshTokens(SECRET).child("handle", parent_generation=0, parent_hash2=first.hash2)
    assert child.text == again.text
    assert child.generation == 1
    others = [
        RefreshTokens(SECRET).child("handle", parent_generation=0, parent_hash2=child.hash2),
        RefreshTokens(SECRET).child("handle", parent_generation=1, parent_hash2=first.hash2),
        RefreshTokens(SECRET).child("other", parent_generation=0, parent_hash2=first.hash2),
        RefreshTokens(ServerSecret(b"t" * 32)).child("handle", parent_generation=0, parent_hash2=first.hash2),
    ]
    assert len({child.proof, *(other.proof for other in others)}) == 5


def test_first_tokens_differ() -> None:
    """Two sessions never begin with the same token, were their handles the same."""
    tokens = RefreshTokens(SECRET)
    assert tokens.first("handle").text != tokens.first("handle").text


def test_hashes_are_those_of_the_contract() -> None:
    """The first hash is the hex SHA-256 of the text, the second that of the first."""
    token = RefreshTokens(SECRET).first("handle")
    hash1 = hashlib.sha256(token.text.encode()).hexdigest()
    assert token.hash1 == hash1
    assert token.hash2 == hashlib.sha256(hash1.encode()).hexdigest()


def test_nobody_can_make_up_a_token_of_a_known_session() -> None:
    """A token with another handle, generation or proof, or of another server, is not genuine."""
    tokens = RefreshTokens(SECRET)
    token = tokens.first("handle")
    assert tokens.is_genuine(token)
    made_up = [
        RefreshToken("other", 0, token.proof, token.tag),
        RefreshToken("handle", 1, token.proof, token.tag),
        RefreshToken("handle", 0, bytes(32), token.tag),
        RefreshToken("handle", 0, token.proof, bytes(32)),
        RefreshTokens(ServerSecret(b"t" * 32)).first("handle"),
    ]
    assert not any(tokens.is_genuine(each) for each in made_up)


def test_with_and_without_an_anti_csrf_token() -> None:
    """A token says which it is; of either kind it is the same token, with the same child."""
    tokens = RefreshTokens(SECRET)
    parent = tokens.first("handle")
    with_one, without = (
        tokens.child("handle", parent_generation=0, parent_hash2=parent.hash2, has_anti_csrf=has)
        for has in (True, False)
    )
    assert with_one.text != without.text
    for token, has_anti_csrf in ((with_one, True), (without, False)):
        found = tokens.genuine(token.text)
        assert found is not None
        assert (found, found.has_anti_csrf) == (token, has_anti_csrf)
        assert (found.hash1, found.hash2) == (with_one.hash1, with_one.hash2)


def test_nobody_frees_a_token_from_the_anti_csrf_check() -> None:
    """Not even who has a genuine one: its kind cannot be changed, with nothing, zeros or another's mark behind it."""
    tokens = RefreshTokens(SECRET)
    token, other = tokens.first("handle"), tokens.first("handle", has_anti_csrf=False)
    data = base64.urlsafe_b64decode(f"{token.text}==")
    for mark in (b"", bytes(16), other.mark):
        changed = b"\x02" + data[1:73] + mark + data[73:]
        assert tokens.genuine(base64.urlsafe_b64encode(changed).rstrip(b"=").decode()) is None


def test_a_usual_token_is_short() -> None:
    """With a UUID and a tenant for its handle it stays far below the 4096 bytes of a cookie."""
    handle = "f47ac10b-58cc-4372-a567-0e02b2c3d479_tenant"
    assert len(RefreshTokens(SECRET).first(handle, has_anti_csrf=False).text) < 200


def test_nothing_secret_is_shown() -> None:
    """A token's `repr` names session and generation only."""
    token = RefreshTokens(SECRET).first("handle")
    assert repr(token) == "RefreshToken(handle='handle', generation=0)"
    assert parse_refresh_token(token.text) == token


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01" + bytes(71),  # too short to have a tag
        b"\x02" + bytes(80),  # too short to have a mark
        b"\x03" + bytes(88),  # of another version
        b"\x01" + bytes(72) + b"\xff",  # its handle is no UTF-8
        bytes(2_000),
    ],
)
def test_other_shapes_are_no_refresh_tokens(data: bytes) -> None:
    """What has another shape is no token, and no error either; with padding it is another text than was written."""
    assert parse_refresh_token(base64.urlsafe_b64encode(data).rstrip(b"=").decode()) is None
    assert parse_refresh_token(f"{RefreshTokens(SECRET).first('handle').text}==") is None
