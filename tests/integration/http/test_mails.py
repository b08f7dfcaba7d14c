"""Mails that applications are handed: for whom, made from what, and asked for by whom."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from typing_extensions import override

from authweave import UserContext
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.recipe import emailverification
from authweave.recipe.emailpassword import PasswordResetEmailTemplateVars
from authweave.recipe.emailverification import VerificationEmailTemplateVars

from .reset_world import Collected, world
from .serving import bearer
from .verification_app import Mailbox

Vars = TypeVar("Vars")


def test_a_session_that_was_ended_asks_for_no_address(tmp_path: Path) -> None:
    """Its access token is good for a while still, after the reset that ended it: 401, and nothing is sent."""
    mailbox = Mailbox()
    with world(tmp_path, emailverification.init("OPTIONAL", EmailDeliveryConfig(mailbox))) as here:
        signed_up = here.sign_up()
        headers, new = bearer(signed_up), {"new": "eve@example.com"}
        assert here.client.post("/address", json=new, headers=headers).json() == {"status": "OK"}
        assert here.reset(here.asked()).json() == {"status": "OK"}
        assert here.client.post("/address", json=new, headers=headers).status_code == 401
        assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a\r\nBcc: eve@example.com",
        "ada@example.com\r\nBcc: eve@example.com",
        "a b@example.com",
        "a@b@c.co",
    ],
)
def test_what_is_no_address_is_refused_where_one_is_wanted(tmp_path: Path, address: str) -> None:
    """With a 400, before any service of the application's is handed it."""
    mailbox = Mailbox()
    with world(tmp_path, emailverification.init("OPTIONAL", EmailDeliveryConfig(mailbox))) as here:
        answer = here.client.post("/address", json={"new": address}, headers=bearer(here.sign_up()))
        assert answer.status_code == 400
        assert mailbox.mails == []


def names_in(value: object) -> dict[str, object]:
    """Return the names of what a mail is made from, as an application reads them."""
    names = [name for name in dir(value) if not name.startswith("_") and name != "to_json"]
    return {name: names_in(getattr(value, name)) if name == "user" else ... for name in names}


def test_overrides_of_deliveries_are_handed_the_references_names(tmp_path: Path) -> None:
    """Acceptance line 89: exactly the attributes of the contract, section 14, of both recipes that send mails."""
    handed: list[dict[str, object]] = []

    def noting(original: EmailDeliveryInterface[Vars]) -> EmailDeliveryInterface[Vars]:
        return Noting(original, handed)

    delivery = EmailDeliveryConfig[VerificationEmailTemplateVars](Mailbox(), override=noting)
    of_resets = EmailDeliveryConfig[PasswordResetEmailTemplateVars](Collected(), override=noting)
    with world(tmp_path, emailverification.init("OPTIONAL", delivery), email_delivery=of_resets) as here:
        headers = bearer(here.sign_up())
        assert here.ask().json() == {"status": "OK"}
        assert here.client.post("/auth/user/email/verify/token", json={}, headers=headers).json() == {"status": "OK"}
    user = {"id": ..., "recipe_user_id": ..., "email": ...}
    assert handed == [
        {"user": user, "password_reset_link": ..., "tenant_id": ...},
        {"user": user, "email_verify_link": ..., "tenant_id": ...},
    ]


class Noting(EmailDeliveryInterface[Vars]):
    """Notes what it is handed, and hands it on."""

    def __init__(self, original: EmailDeliveryInterface[Vars], handed: list[dict[str, object]]) -> None:
        self.original = original
        self.handed = handed

    @override
    async def send_email(self, template_vars: Vars, user_context: UserContext) -> None:
        self.handed.append(names_in(template_vars))
        await self.original.send_email(template_vars, user_context)
