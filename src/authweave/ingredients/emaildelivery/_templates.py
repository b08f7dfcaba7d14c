"""The mails of the library, in text and HTML, and in the languages that an application adds."""

from __future__ import annotations

import html
from collections.abc import Mapping
from string import Template
from typing import Final

import attrs

from authweave.ingredients.delivery import Texts, Translations, in_words

from ._addresses import MailContentError
from .types import EmailContent, WritesMail

TEXTS: Final = Texts("authweave.ingredients.emaildelivery")

LINKS: Final[Mapping[str, str]] = {
    "password_reset": "password_reset_link",
    "email_verification": "email_verify_link",
    "recover_account": "recover_account_link",
}
"""Under which attribute of its variables a mail has its link."""


def write_mail(template_vars: object, *, app_name: str, translations: Translations, locale: str) -> EmailContent:
    """
    Write a mail: one of the library's, or one that writes itself.

    Args:
        template_vars: what it is to say; which mail it is follows from the link or code that is in it.
        app_name: the application's.
        translations: what the application translates.
        locale: the language, one of ``translations`` or ``en``.

    Raises:
        MailContentError: there is no template for these variables.
    """
    if isinstance(template_vars, WritesMail):
        return template_vars.write(app_name, locale)
    texts = TEXTS.chosen(translations, locale)
    mail = mail_with_link(template_vars) or mail_to_sign_in(template_vars, texts)
    if mail is None:
        raise MailContentError(
            f"There is no template for {type(template_vars).__name__}: override get_content of the SMTPService, which "
            "returns the EmailContent."
        )
    values = {"email": mail.address, "app_name": app_name, "life_time": mail.life_time}
    said = {name: Template(texts[text]).substitute(values) for name, text in mail.texts.items()}
    said |= {"app_name": app_name, "locale": locale, "direction": texts["direction"], **mail.offered}
    escaped = {name: html.escape(text) for name, text in said.items()}
    parts = [Template(TEXTS.resource(f"{name}.html")).substitute(escaped) for name in mail.offered]
    return EmailContent(
        body=Template(TEXTS.resource("mail.html")).substitute({**escaped, "offered": "".join(parts)}),
        text=Template(TEXTS.resource("mail.txt")).substitute({**said, "offered": "\n\n".join(mail.offered.values())}),
        subject=" ".join(said["subject"].split()),  # an application's name may have been written over two lines
        to_email=mail.address,
        is_html=True,
    )


@attrs.frozen
class Mail:
    """
    One of the library's mails.

    Attributes:
        address: whom it goes to.
        texts: the names of its texts, by what they are in the template.
        offered: the ``code``, the ``link`` or both that are in it.
        life_time: for how long these are good, in words.
    """

    address: str = attrs.field(repr=False)
    texts: Mapping[str, str]
    offered: Mapping[str, str] = attrs.field(repr=False)
    life_time: str = ""


def mail_with_link(template_vars: object) -> Mail | None:
    """Return what a mail to a user is made of; None where the variables are of another."""
    name = next((name for name, attribute in LINKS.items() if hasattr(template_vars, attribute)), None)
    address: object = getattr(getattr(template_vars, "user", None), "email", None)
    if name is None or not isinstance(address, str):
        return None
    texts = {each: f"{name}.{each}" for each in ("subject", "intro", "button", "outro")}
    return Mail(address, texts, {"link": str(getattr(template_vars, LINKS[name]))})


def mail_to_sign_in(template_vars: object, texts: Mapping[str, str]) -> Mail | None:
    """Return what a mail with a code, a link or both is made of; None where the variables are of another."""
    names = ("email", "user_input_code", "url_with_link_code", "code_life_time")
    address, code, link, life_time_ms = (getattr(template_vars, name, None) for name in names)
    offered = {name: str(each) for name, each in (("code", code), ("link", link)) if each is not None}
    if not isinstance(address, str) or not isinstance(life_time_ms, int) or not offered:
        return None
    used = {"subject": "login.subject", "button": "login.button", "outro": "login.outro"}
    return Mail(address, {**used, "intro": f"login.{'_and_'.join(offered)}"}, offered, in_words(life_time_ms, texts))
