"""What the mails to sign in with say."""

from __future__ import annotations

import pytest

from authweave.ingredients.emaildelivery._templates import write_mail
from authweave.recipe.passwordless import PasswordlessLoginEmailTemplateVars

LINK = "http://example.com/auth/verify?preAuthSessionId=a&tenantId=public#b"


@pytest.mark.parametrize(
    ("code", "link", "intro"),
    [
        ("123456", None, "Enter this code to sign in to Shop & Co:"),
        (None, LINK, "Follow this link to sign in to Shop & Co:"),
        ("123456", LINK, "Enter this code, or follow the link, to sign in to Shop & Co:"),
    ],
)
def test_a_mail_to_sign_in_with(code: str | None, link: str | None, intro: str) -> None:
    """It has the code, the link or both, and says how long they are good."""
    mail = PasswordlessLoginEmailTemplateVars("public", 900_000, "a", "Ann@Example.com", True, code, link)
    content = write_mail(mail, app_name="Shop & Co", translations={}, locale="en")
    assert (content.subject, content.to_email) == ("Login to your account", "Ann@Example.com")
    assert content.text is not None
    offered = "\n\n".join(each for each in (code, link) if each is not None)
    assert content.text.startswith(f"{intro}\n\n{offered}\n\nIt works once, for 15 minutes.")
    assert ('<a href="' in content.body) is (link is not None)
    assert (">123456</p>" in content.body) is (code is not None)
    assert "Shop &amp; Co" in content.body


def test_it_is_translated() -> None:
    """Its texts and its times."""
    german = {"login.code": "Ihr Code:", "login.outro": "Er gilt $life_time.", "time.minutes": "$count Minuten"}
    mail = PasswordlessLoginEmailTemplateVars("public", 900_000, "a", "ann@example.com", True, "123456")
    content = write_mail(mail, app_name="Shop", translations={"de": german}, locale="de")
    assert content.text == "Ihr Code:\n\n123456\n\nEr gilt 15 Minuten.\n"
