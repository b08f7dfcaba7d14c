"""Of whom another factor is required than he signs in with: he stays a user of his own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import pytest

from authweave.app import App, init, set_default_app
from authweave.recipe import accountlinking, emailpassword, multifactorauth, passwordless, session
from authweave.recipe.accountlinking.syncio import create_primary_user_id_or_link_accounts
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.multifactorauth.syncio import add_to_required_secondary_factors_for_user
from authweave.recipe.passwordless import ContactEmailOrPhoneConfig
from authweave.recipe.passwordless.syncio import signinup, update_user
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo

NUMBER = "+4915123456789"


def link(*_: object) -> accountlinking.ShouldAutomaticallyLink:
    """Link whatever there is."""
    return accountlinking.ShouldAutomaticallyLink(should_require_verification=False)


@pytest.fixture
def app() -> Iterator[App]:
    """Make an application the default one."""
    made = init(
        InputAppInfo("tests", "http://api.example.com", website_domain="http://example.com"),
        [
            passwordless.init(ContactEmailOrPhoneConfig(), "USER_INPUT_CODE_AND_MAGIC_LINK"),
            emailpassword.init(),
            session.init(),
            multifactorauth.init(),
            accountlinking.init(should_do_automatic_account_linking=link),
        ],
        storage=MemoryStorage(),
        secret=bytes(32),
    )
    yield made
    made.close()
    set_default_app(None)


@pytest.mark.parametrize(
    ("number", "required", "is_linked"),
    [
        (None, [], True),
        (None, ["otp-email"], True),
        (None, ["totp", "otp-email"], True),  # one of them is asked for
        (None, ["totp"], False),
        (None, ["otp-phone"], False),
        (NUMBER, ["otp-phone"], False),  # who reads his mail has not shown the number
        (NUMBER, [], True),
    ],
)
def test_who_is_linked(app: App, number: str | None, required: Sequence[str], is_linked: bool) -> None:
    """Who has shown what is required of him, by what he signs in with."""
    storage = app.services.storage
    login = signinup("public", "ada@example.com", None).recipe_user_id
    update_user(login, phone_number=number)
    storage.unlink_account(login.get_as_string(), now_ms=1)
    other = storage.part(PASSWORDS).create_user_with_password(attrs.evolve(a_login(1), email="ada@example.com"))
    storage.create_primary_user(other.id)
    for each in required:
        add_to_required_secondary_factors_for_user(login.get_as_string(), each)
    user = create_primary_user_id_or_link_accounts("public", login)
    assert (user.id, user.is_primary_user) == ((other.id, True) if is_linked else (login.get_as_string(), False))
