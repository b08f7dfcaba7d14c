"""What comes back from a token endpoint."""

from __future__ import annotations

import pytest

from authweave.recipe.thirdparty.exceptions import ClientRefusedError, CodeRefusedError, MixUpError, ProviderAnswerError
from authweave.recipe.thirdparty.oauth.answers import Answer
from authweave.recipe.thirdparty.oauth.discovery import ProviderMetadata, printable
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.providers.returned import check_sender, read_code, read_tokens
from authweave.types import JSON

CORP = ProviderConfigForClient("corp", client_id="client-1")


def nested(depth: int) -> JSON:
    """Return lists in lists."""
    made: list[JSON] = []
    for _ in range(depth):
        made = [made]
    return made


TOO_DEEP = nested(100_000)
"""To be written as a text. A body may be as deep as can just be read, where the stack is shorter than later."""


@pytest.mark.parametrize("access_token", [None, "", 5, "é", "\ud800", "a\r\nx: y"])
def test_an_access_token_that_cannot_be_sent(access_token: JSON) -> None:
    """A token that no header can carry is the provider's fault, and told before it is used."""
    with pytest.raises(ProviderAnswerError, match="without an access token"):
        read_tokens(CORP, Answer(200, {"access_token": access_token}))
    assert read_tokens(CORP, Answer(200, {"access_token": "a~!"})) == {"access_token": "a~!"}


@pytest.mark.parametrize("error", [None, ""])
def test_no_error(error: JSON) -> None:
    """Some say that there is no error: that is none."""
    tokens: JSON = {"access_token": "a", "error": error}
    assert read_tokens(CORP, Answer(200, tokens)) == tokens
    assert read_code("corp", {"code": "c", "error": error}) == "c"
    with pytest.raises(ProviderAnswerError, match="without an access token"):
        read_tokens(CORP, Answer(200, {"error": error}))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("slow_down", "slow_down"),
        ("Not today", "Not today"),
        ({"type": "OAuthException", "code": 4}, "OAuthException:4"),
        ("x" * 64, "x" * 64),
        ("x" * 65, "an error without a name"),
        ("two\nlines", "an error without a name"),
        ("<b>", "an error without a name"),
        ("é", "an error without a name"),
        (False, "an error without a name"),
        (["slow_down"], "an error without a name"),
        ({}, "None:None"),
        ({"type": {}, "code": 4}, "an error without a name"),
        ({"type": "a", "code": [4]}, "an error without a name"),
        ({"type": TOO_DEEP}, "an error without a name"),
    ],
    ids=range(14),
)
def test_the_name_of_an_error(error: JSON, told: str) -> None:
    """It is told as far as it is short and printable."""
    for status in (200, 400):
        with pytest.raises(ProviderAnswerError) as caught:
            read_tokens(CORP, Answer(status, {"error": error, "access_token": "a"}))
        assert f"({told})" in str(caught.value)
        assert not isinstance(caught.value, ClientRefusedError)
    with pytest.raises(CodeRefusedError) as refused:
        read_code("corp", {"error": error, "code": "c"})
    assert repr(told) in str(refused.value)


def test_who_sent_the_user_back() -> None:
    """Both are named where they differ, the one that came with the browser as short as it has to be."""
    metadata = ProviderMetadata(issuer="https://id.example.com", names_itself=True)
    sent: dict[str, JSON] = {"iss": "https://evil.example/" + "x" * 1000 + "\n"}
    with pytest.raises(MixUpError) as caught:
        check_sender("corp", sent, metadata, "https://id.example.com/authorize")
    told = str(caught.value)
    assert "'https://id.example.com'" in told
    assert "'https://evil.example/xx" in told
    assert (len(told) < 400, told.isprintable()) == (True, True)
    with pytest.raises(MixUpError, match="does not say who it is"):
        check_sender("corp", {}, metadata, "https://id.example.com/authorize")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("https://ada:secret@id.example.com/a@b", "'https://id.example.com/a@b'"),
        ("https://id.example.com/?x=//a@b", "'https://id.example.com/?x=//a@b'"),
        ("a\r\nb", r"'a\r\nb'"),
        ("é\u202e", r"'\xe9\u202e'"),
        (None, "'NoneType'"),
        (["https://id.example.com"], "'list'"),
        ("", "''"),
    ],
)
def test_what_is_shown_of_a_url(value: JSON, told: str) -> None:
    """No password, and nothing that breaks a line or turns it round."""
    assert printable(value) == told
