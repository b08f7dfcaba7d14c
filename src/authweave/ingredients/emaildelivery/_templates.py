"""The mails of the library, in text and HTML, and in the languages that an application adds."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final, TypeAlias, cast

from authweave.types import ConfigurationError

from ._addresses import MailContentError
from .types import EmailContent, WritesMail

Translations: TypeAlias = Mapping[str, Mapping[str, str]]
"""
Texts by language tag and name: ``{"de": {"password_reset.subject": "Passwort zurücksetzen"}}``.

The names are those of ``authweave/ingredients/emaildelivery/templates/en.json``. What is missing is in English. In a
text ``$email`` and ``$app_name`` stand for what they say, and ``$$`` for a dollar sign.
"""

ENGLISH: Final = "en"

LINKS: Final[Mapping[str, str]] = {
    "password_reset": "password_reset_link",
    "email_verification": "email_verify_link",
    "recover_account": "recover_account_link",
}
"""Under which attribute of its variables a mail has its link."""

PLACEHOLDERS: Final = frozenset({"email", "app_name"})


@cache
def resource(name: str) -> str:
    """Read a file of this package."""
    return files("authweave.ingredients.emaildelivery").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def english() -> Mapping[str, str]:
    """Return the texts in English."""
    return cast("dict[str, str]", json.loads(resource("en.json")))  # as it is written


def check_translations(translations: Translations) -> None:
    """
    Check what an application translates.

    Raises:
        ConfigurationError: with all texts that have no such name, or hold what is not known.
    """
    faults: list[str] = []
    for locale, texts in translations.items():
        for name, text in texts.items():
            where = f"translations[{locale!r}][{name!r}]"
            template = Template(text)
            if name not in english():
                faults.append(f"{where}: there is no such text; there are {', '.join(english())}.")
            elif not template.is_valid():
                faults.append(f"{where} has a $ that stands for nothing: write $$ for a dollar sign.")
            elif unknown := sorted({*template.get_identifiers()} - PLACEHOLDERS):
                faults.append(f"{where} has ${unknown[0]}: only $email and $app_name are known.")
    if faults:
        raise ConfigurationError("\n".join(faults))


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
    texts = {**english(), **translations.get(ENGLISH, {}), **translations.get(locale, {})}
    said = {
        name: Template(texts[f"{mail}.{name}"]).substitute(values) for name in ("subject", "intro", "button", "outro")
    }
    said |= {"link": link, "app_name": app_name, "locale": locale, "direction": texts["direction"]}
    escaped = {name: html.escape(text) for name, text in said.items()}
    return EmailContent(
        body=Template(resource("mail.html")).substitute(escaped),
        text=Template(resource("mail.txt")).substitute(said),
        subject=" ".join(said["subject"].split()),  # an application's name may have been written over two lines
        to_email=address,
        is_html=True,
    )
