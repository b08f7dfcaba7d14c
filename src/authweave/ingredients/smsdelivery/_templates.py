"""The text messages of the library, in the languages that an application adds."""

from __future__ import annotations

from string import Template
from typing import Final

from authweave.ingredients.delivery import Texts, Translations, in_words

from ._content import SMSContentError
from .types import SMSContent, WritesSMS

TEXTS: Final = Texts("authweave.ingredients.smsdelivery")


def write_sms(template_vars: object, *, app_name: str, translations: Translations, locale: str) -> SMSContent:
    """
    Write a message: the library's, or one that writes itself.

    Args:
        template_vars: what it is to say: a code, a link or both.
        app_name: the application's.
        translations: what the application translates.
        locale: the language, one of ``translations`` or ``en``.

    Raises:
        SMSContentError: there is no template for these variables.
    """
    if isinstance(template_vars, WritesSMS):
        return template_vars.write(app_name, locale)
    names = ("phone_number", "user_input_code", "url_with_link_code", "code_life_time")
    number, code, link, life_time_ms = (getattr(template_vars, name, None) for name in names)
    if not isinstance(number, str) or not isinstance(life_time_ms, int) or (code is None and link is None):
        raise SMSContentError(
            f"There is no template for {type(template_vars).__name__}: override get_content of the service, which "
            "returns the SMSContent."
        )
    name = "login.code_and_link" if None not in {code, link} else "login.code" if link is None else "login.link"
    texts = TEXTS.chosen(translations, locale)
    # An application's name may have been written over two lines.
    said = {"app_name": " ".join(app_name.split()), "life_time": in_words(life_time_ms, texts)}
    said |= {"code": f"{code}", "link": f"{link}"}
    return SMSContent(Template(texts[name]).substitute(said), number)
