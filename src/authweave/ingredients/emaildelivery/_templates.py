"""The mails of the library, in text and HTML, and in the languages that an application adds."""

from __future__ import annotations

import html
from collections.abc import Mapping
from string import Template
from typing import Final

from authweave.ingredients.delivery import Texts, Translations

from ._addresses import MailContentError
from .types import EmailContent, WritesMail

TEXTS: Final = Texts("authweave.ingredients.emaildelivery")

LINKS: Final[Mapping[str, str]] = {
    "password_reset": "password_reset_link",
    "email_verification": "email_verify_link",
}
"""Under which attribute of its variables a mail has its link."""


def write_mail(template_vars: object, *, app_name: str, translations: Translations, locale: str) -> EmailContent:
    """
    Write a mail: one of the library's, or one that writes itself.

    Args:
        template_vars: what it is to say; which mail it is follows from the link that is in it.
        app_name: the application's.
        translations: what the application translates.
        locale: the language, one of ``translations`` or ``en``.

    Raises:
        MailContentError: there is no template for these variables.
    """
    if isinstance(template_vars, WritesMail):
        return template_vars.write(app_name, locale)
    mail = next((mail for mail, attribute in LINKS.items() if hasattr(template_vars, attribute)), None)
    address: object = getattr(getattr(template_vars, "user", None), "email", None)
    if mail is None or not isinstance(address, str):
        raise MailContentError(
            f"There is no template for {type(template_vars).__name__}: override get_content of the SMTPService, which "
            "returns the EmailContent."
        )
    link = str(getattr(template_vars, LINKS[mail]))
    values = {"email": address, "app_name": app_name}
    texts = TEXTS.chosen(translations, locale)
    said = {
        name: Template(texts[f"{mail}.{name}"]).substitute(values) for name in ("subject", "intro", "button", "outro")
    }
    said |= {"link": link, "app_name": app_name, "locale": locale, "direction": texts["direction"]}
    escaped = {name: html.escape(text) for name, text in said.items()}
    return EmailContent(
        body=Template(TEXTS.resource("mail.html")).substitute(escaped),
        text=Template(TEXTS.resource("mail.txt")).substitute(said),
        subject=" ".join(said["subject"].split()),  # an application's name may have been written over two lines
        to_email=address,
        is_html=True,
    )
