"""The texts of messages, in English, and in the languages that an application adds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final, TypeAlias, cast

import attrs

from authweave.types import ConfigurationError

Translations: TypeAlias = Mapping[str, Mapping[str, str]]
"""
Texts by language tag and name: ``{"de": {"password_reset.subject": "Passwort zurücksetzen"}}``.

The names are those of ``templates/en.json`` in ``authweave/ingredients/emaildelivery`` and
``authweave/ingredients/smsdelivery``, with those of ``authweave/ingredients/delivery``. What is missing is in English.
In a text ``$app_name`` and the like stand for what they say, and ``$$`` for a dollar sign.
"""

ENGLISH: Final = "en"

SHARED: Final = "authweave.ingredients.delivery"

MINUTE_S: Final = 60
HOUR_S: Final = 3600


@cache
def resource(package: str, name: str) -> str:
    """Read a template of a package."""
    return files(package).joinpath("templates", name).read_text(encoding="utf-8")


@cache
def english_of(*packages: str) -> Mapping[str, str]:
    """Return the texts of packages in English."""
    texts: dict[str, str] = {}
    for each in packages:
        texts |= cast("dict[str, str]", json.loads(resource(each, "en.json")))  # we wrote it: names and texts
    return texts


@attrs.frozen
class Texts:
    """
    The texts of one kind of message: mails, say.

    Attributes:
        package: has them in English, in ``templates/en.json``.
    """

    package: str

    def resource(self, name: str) -> str:
        """Read a template."""
        return resource(self.package, name)

    @property
    def english(self) -> Mapping[str, str]:
        """Those in English, with what all kinds share."""
        return english_of(SHARED, self.package)

    def chosen(self, translations: Translations, locale: str) -> Mapping[str, str]:
        """Return all texts in a language; what an application has not translated is in English."""
        return {**self.english, **translations.get(ENGLISH, {}), **translations.get(locale, {})}

    def check(self, translations: Translations) -> None:
        """
        Check what an application translates.

        Raises:
            ConfigurationError: with all texts that have no such name, or hold what the English ones of this message do
                not.
        """
        faults = [
            fault
            for locale, texts in translations.items()
            for name, text in texts.items()
            for fault in self._faults(name, text, f"translations[{locale!r}][{name!r}]")
        ]
        if faults:
            raise ConfigurationError("\n".join(faults))

    def _faults(self, name: str, text: str, where: str) -> Iterable[str]:
        """Yield what is wrong with a text."""
        template = Template(text)
        if name not in self.english:
            yield f"{where}: there is no such text; there are {', '.join(self.english)}."
        elif not template.is_valid():
            yield f"{where} has a $ that stands for nothing: write $$ for a dollar sign."
        else:
            known = self._known_in(name)
            if unknown := sorted({*template.get_identifiers()}.difference(known)):
                said = f"only {' and '.join(f'${each}' for each in known)}" if known else "nothing"
                yield f"{where} has ${unknown[0]}: {said} stands for something there."

    def _known_in(self, name: str) -> list[str]:
        """Return what may stand in a text: what does in one of the English texts of the same message."""
        message = name.partition(".")[0]
        texts = [text for each, text in self.english.items() if each.partition(".")[0] == message]
        return list(dict.fromkeys(each for text in texts for each in Template(text).get_identifiers()))


def in_words(life_time_ms: int, texts: Mapping[str, str]) -> str:
    """Return how long a code is valid: in seconds below a minute, in minutes below an hour, else in hours."""
    seconds = life_time_ms // 1000
    if seconds < MINUTE_S:
        unit, count = "second", f"{seconds}"
    elif seconds < HOUR_S:
        unit, count = "minute", f"{seconds // MINUTE_S}"
    else:
        unit, count = "hour", f"{round(seconds / HOUR_S, 1):g}"
    name = f"time.{unit}" if count == "1" else f"time.{unit}s"
    return Template(texts[name]).substitute(count=count)
