"""Addresses from before all were brought to one form: the migration, and ``authweave db addresses``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from typer.testing import CliRunner

from authweave.cli._main import commands
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.thirdparty.store import THIRD_PARTIES, ThirdPartyLogin
from tests.stores import migrations, open_whole

if TYPE_CHECKING:
    from tests.postgresql import Server

JOSE, JOSE_TYPED = "jos\u00e9@example.com", "jose\u0301@example.com"
VIET, VIET_TYPED, VIET_MIXED = "nhi\u1ec7t@example.com", "nhie\u0323\u0302t@example.com", "nhi\u1eb9\u0302t@example.com"
ZOE, ZOE_TYPED = "zo\u00eb@example.com", "zoe\u0308@example.com"
INVISIBLE = "a\u034fda@example.com"
BEFORE = ["ada@example.com", JOSE_TYPED, ZOE, ZOE_TYPED, VIET_TYPED, VIET_MIXED, INVISIBLE]
AFTER = ["ada@example.com", JOSE, ZOE, ZOE_TYPED, VIET_TYPED, VIET_MIXED, INVISIBLE]
LISTED = [
    r"public emailpassword method-3: 'zoe\u0308@example.com' would be the same as that of method-2",
    r"public emailpassword method-4: 'nhie\u0323\u0302t@example.com' would be the same as that of method-5",
    r"public emailpassword method-5: 'nhi\u1eb9\u0302t@example.com' would be the same as that of method-4",
    r"public emailpassword method-6: 'a\u034fda@example.com' holds characters that cannot be seen, or is too long",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where an older release has left addresses as they were typed."""
    server: Server | None = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    made = f"sqlite:///{tmp_path}/auth.db" if server is None else server.new_database()
    migrations(made).upgrade()
    with closing(open_whole(made)) as storage:
        for number, email in enumerate(BEFORE):
            storage.part(PASSWORDS).create_user_with_password(attrs.evolve(a_login(number), email=email))
        for number, email in enumerate([JOSE, JOSE_TYPED]):  # providers may vouch for one address twice
            storage.part(THIRD_PARTIES).sign_in_or_up(vouched_for(f"vouched-{number}", email))
    migrations(made).downgrade("0001")
    yield made
    if server is not None:
        server.drop(made)


def vouched_for(name: str, email: str) -> ThirdPartyLogin:
    """Return a login that a provider vouches for."""
    return ThirdPartyLogin(
        user_id=name,
        recipe_user_id=name,
        tenant_id="public",
        third_party_id="corp",
        issuer="",
        third_party_user_id=name,
        email=email,
        verified=True,
        time_joined_ms=1,
    )


def addresses(url: str) -> list[str | None]:
    """Return the addresses that are stored."""
    with closing(open_whole(url)) as storage:
        ids = [f"user-{number}" for number in range(len(BEFORE))] + ["vouched-0", "vouched-1"]
        users = [storage.find_user(each) for each in ids]
        return [None if user is None else user.emails[0] for user in users]


def run(*arguments: str) -> list[str]:
    """Run ``authweave db addresses``, which must work; returns its lines."""
    result = CliRunner().invoke(commands, ["db", "addresses", *arguments])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_those_that_collide_with_none_are_rewritten(url: str) -> None:
    """The others stay as they are, and the command lists them, with those that they collide with."""
    migrations(url).upgrade()
    assert addresses(url) == [*AFTER, JOSE, JOSE]
    assert run(url) == [*LISTED, "Found 4 addresses that new ones could not have."]
    assert migrations(url).missing() == ()


def test_where_the_sql_was_run_by_hand_the_command_rewrites(url: str) -> None:
    """SQL cannot bring text to NFC on every database; a second time there is nothing left to do."""
    migrations(url).upgrade()
    with closing(open_whole(url)) as storage:
        storage.part(PASSWORDS).update_password_login("method-1", email=JOSE_TYPED, password_hash=None)
    before = addresses(url)
    assert run(url)[0] == r"public emailpassword method-1: 'jose\u0301@example.com' can be rewritten"
    assert addresses(url) == before
    assert run(url, "--rewrite") == ["Rewrote 1 addresses.", *LISTED, "Found 4 addresses that new ones could not have."]
    assert addresses(url) == [*AFTER, JOSE, JOSE]
    assert run(url, "--rewrite")[0] == "Rewrote 0 addresses."


def test_an_older_database_is_refused(url: str) -> None:
    """It has to be brought up to date first, which rewrites addresses by itself."""
    result = CliRunner().invoke(commands, ["db", "addresses", url])
    assert result.exit_code == 1
    assert "Run `authweave db upgrade` first" in result.output


def test_no_database_is_made(tmp_path: Path) -> None:
    """A URL with a slip in it is refused, and leaves no new file."""
    result = CliRunner().invoke(commands, ["db", "addresses", f"sqlite:///{tmp_path}/absent.db"])
    assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == []
