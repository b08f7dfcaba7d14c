"""What comes back from a token endpoint."""

from __future__ import annotations

import pytest

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError
from authweave.recipe.thirdparty.oauth.answers import Answer
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.providers.returned import read_tokens
from authweave.types import JSON

CORP = ProviderConfigForClient("corp", client_id="client-1")


@pytest.mark.parametrize("access_token", [None, "", 5, "é", "\ud800", "a\r\nx: y"])
def test_an_access_token_that_cannot_be_sent(access_token: JSON) -> None:
    """A token that no header can carry is the provider's fault, and told before it is used."""
    with pytest.raises(ProviderAnswerError, match="without an access token"):
        read_tokens(CORP, Answer(200, {"access_token": access_token}))
    assert read_tokens(CORP, Answer(200, {"access_token": "a~!"})) == {"access_token": "a~!"}
