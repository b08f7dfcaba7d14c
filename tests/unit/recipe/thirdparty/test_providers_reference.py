"""The table of ``docs/reference/providers.md`` says what the library's entries say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from authweave.recipe.thirdparty.providers.known import OPENID, PROFILES
from authweave.recipe.thirdparty.providers.profiles import ProviderProfile

PAGE: Final = Path(__file__).parents[4] / "docs" / "reference" / "providers.md"


def row_of(profile: ProviderProfile) -> str:
    """Return the row that a provider's entry makes."""
    defaults = profile.defaults
    speaks = "OpenID Connect" if profile.speaks_openid else "OAuth 2"
    accepted = ["`id_token`"] if profile.has_id_tokens else []
    if defaults.token_info_endpoint or profile.issued_to is not None:
        accepted.append("`access_token`")
    needs = ", ".join(f"`{name}`: {meaning}" for name, meaning in profile.needs)
    cells = [
        f"`{profile.id}`" if profile.id else "any other",
        defaults.name or "",
        speaks,
        " ".join(f"`{each}`" for each in profile.scope),
        profile.vouched_for_by,
        ", ".join(accepted),
        needs,
    ]
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


@pytest.mark.parametrize("profile", [*PROFILES, OPENID], ids=lambda profile: profile.id or "other")
def test_each_provider_has_its_row(profile: ProviderProfile) -> None:
    """What is asked for, what vouches for an address, which tokens of clients are accepted, and what it needs."""
    assert row_of(profile) in PAGE.read_text(encoding="utf-8").splitlines()


def test_the_table_has_no_other_rows() -> None:
    """A provider that the library does not know is not in it."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(("| `", "| any"))]
    ids = [line.split("|")[1].strip() for line in rows if line.count("|") == 8]
    assert ids == [*(f"`{each.id}`" for each in PROFILES), "any other"]


def test_what_vouches_is_where_the_library_looks() -> None:
    """An entry says that nothing vouches exactly where its map has nothing."""
    for profile in PROFILES:
        where = profile.defaults.user_info_map
        assert where is not None
        fields = [each for each in (where.from_id_token_payload, where.from_user_info_api) if each is not None]
        looked_at = {each.email_verified for each in fields}
        assert (looked_at == {None}) == profile.vouched_for_by.startswith("nothing"), profile.id
