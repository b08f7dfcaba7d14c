"""Who a user is, by what the provider said."""

from __future__ import annotations

import pytest

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, SignInRefusedError
from authweave.recipe.thirdparty.provider import ProviderConfigForClient, UserFields, UserInfoMap
from authweave.recipe.thirdparty.providers.user_info import email_in, user_info
from authweave.recipe.thirdparty.types import UserInfoEmail

FIELDS = UserFields("sub", "email", "email_verified")


@pytest.mark.parametrize("email", ["ada@example.com", "é@exämple.com", '"quoted"@example.com', f"a@{'e' * 252}"])
def test_an_address(email: str) -> None:
    """An address is taken as the provider gives it."""
    assert email_in({"email": email, "email_verified": True}, FIELDS) == UserInfoEmail(email, is_verified=True)


@pytest.mark.parametrize(
    "email",
    [
        *("", " ", "ada", "a b@example.com", "a@example.com\r\nBcc: b@example.com", f"a@{'e' * 253}"),
        *("a\x00@b", "\ud800@b", "a\u2028@b", 5, None, True, ["a@b"], {"a@b": "c"}),
    ],
)
def test_no_address(email: str | int | list[str] | dict[str, str] | None) -> None:
    """What is no address, or could become more than one line of a mail, counts as none, whatever vouches for it."""
    content = {"email": email, "email_verified": True}
    assert email_in(content, FIELDS) is None


def test_the_id_token_is_not_overruled() -> None:
    """An address that the ID token calls unverified stays so, also where the user info was asked for another reason."""
    config = ProviderConfigForClient("corp", client_id="web", user_info_map=UserInfoMap(FIELDS, FIELDS))
    said = {"sub": "ada", "email": "ada@example.com"}
    found = user_info(config, "", {**said, "email_verified": False}, {**said, "email_verified": True})
    assert found.email == UserInfoEmail("ada@example.com", is_verified=False)


def test_where_it_was_looked() -> None:
    """Whoever wrote the map is told where nobody was found, and where two were; not who they are."""
    nested = UserInfoMap(FIELDS, UserFields("/data/0/nr"))
    config = ProviderConfigForClient("corp", client_id="web", user_info_map=nested)
    with pytest.raises(SignInRefusedError, match=r"\('sub' in the ID token, '/data/0/nr' in the user info\)") as two:
        user_info(config, "", {"sub": "ada"}, {"data": [{"nr": 12}]})
    assert "ada" not in str(two.value)
    with pytest.raises(ProviderAnswerError, match=r"\('/data/0/nr' in the user info\)"):
        user_info(config, "", None, {"sub": "ada"})
    with pytest.raises(ProviderAnswerError, match="nor a user_info_endpoint"):
        user_info(config, "", None, None)
