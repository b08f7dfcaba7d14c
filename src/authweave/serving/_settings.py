"""Settings as data: of which type each is, what it is for, and whether a value is one (docs/reference/serve.md)."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs

SettingT = TypeVar("SettingT")

KINDS: Final[Mapping[object, str]] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}
BOOLS: Final = {"true": True, "false": False}
MAX_TEXT: Final = 4096


@attrs.frozen(kw_only=True)
class Setting:
    """
    What is known of a setting beside its name, type and default.

    Attributes:
        doc: what it is for: one sentence or more, in Markdown.
        is_secret: whether it may come from a file too, by the same name with ``_file``, and is shown to nobody.
        least: the smallest number, or the shortest text.
        most: the largest number.
    """

    doc: str
    is_secret: bool = False
    least: float | None = None
    most: float | None = None


def setting(
    doc: str,
    *,
    default: Any = attrs.NOTHING,  # Any: of the type of the attribute, which the checkers see there
    is_secret: bool = False,
    least: float | None = None,
    most: float | None = None,
) -> Any:  # Any: as above; attrs.field is declared so too
    """Declare a setting: an attribute of a section, with what `Setting` says. Without a default it has to be there."""
    about = Setting(doc=doc, is_secret=is_secret, least=least, most=most)
    return attrs.field(default=default, repr=not is_secret, metadata={"setting": about})


@attrs.frozen
class Declared:
    """
    A setting, as a section declares it.

    Attributes:
        name: of the attribute, and of the key.
        kind: its type, without ``| None``.
        about: what it is for.
        is_required: whether it has no default.
        default: where it has one.
    """

    name: str
    kind: object
    about: Setting
    is_required: bool
    default: object

    @property
    def item(self) -> object | None:
        """The type of each value of a list; None where it is no list."""
        return get_args(self.kind)[0] if get_origin(self.kind) is tuple else None

    @property
    def requirement(self) -> str:
        """What a value has to be, as people say it."""
        if self.item is not None:
            return f"a list, each {type_name(self.item)}{bounds(self.about, self.item)}"
        return type_name(self.kind) + bounds(self.about, self.kind)

    def convert(self, value: object) -> object:
        """
        Return a value of a file as it is kept.

        Raises:
            ValueError: it is none; the message says what it has to be, and shows nothing of it.
        """
        if self.item is not None:
            if not isinstance(value, list):
                raise ValueError(self.requirement)
            items = cast("list[object]", value)  # of TOML
            if not all(fits(each, self.item) and is_within(each, self.about) for each in items):
                raise ValueError(self.requirement)
            return tuple(items)
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not fits(value, self.kind) or not is_within(value, self.about):
            raise ValueError(self.requirement)
        return value

    def parse(self, text: str) -> object:
        """
        Return the value that a variable of the environment holds.

        Raises:
            ValueError: as for `convert`.
        """
        if self.item is not None:
            return self.convert([each.strip() for each in text.replace("\n", ",").split(",") if each.strip()])
        try:
            if self.kind is bool:
                return BOOLS[text.strip().lower()]
            return self.convert(number(text, self.kind))
        except (KeyError, ValueError):
            raise ValueError(self.requirement) from None  # the former names the value


def number(text: str, kind: object) -> object:
    """
    Return a text as the number that a setting is; as it is, where it is none.

    Raises:
        ValueError: it is no such number.
    """
    if kind is int:
        return int(text)
    return float(text) if kind is float else text


def is_section(kind: object) -> bool:
    """Return whether a type is that of a table of the file."""
    return isinstance(kind, type) and attrs.has(kind)


def fits(value: object, kind: object) -> bool:
    """Return whether a value is of a type. A number is no truth value; a text is bounded, and has no NUL."""
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    if kind is str:
        return isinstance(value, str) and len(value) <= MAX_TEXT and "\0" not in value
    return isinstance(kind, type) and type(value) is kind


def is_within(value: object, about: Setting) -> bool:
    """Return whether a number, or the length of a text, is in the bounds."""
    size = len(value) if isinstance(value, str) else value
    if isinstance(size, bool) or not isinstance(size, int | float):
        return True
    # Also false for what is no number (`nan`).
    return (about.least is None or size >= about.least) and (about.most is None or size <= about.most) and size == size  # noqa: PLR0124


def type_name(kind: object) -> str:
    """Return what people call a type."""
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(f'"{each}"' for each in sorted(get_args(kind)))
    return KINDS[kind]


def bounds(about: Setting, kind: object) -> str:
    """Return the bounds of a setting, as they are said after its type."""
    unit = " characters" if kind is str else ""
    if about.least is not None and about.most is not None:
        return f" from {about.least} to {about.most}{unit}"
    return "" if about.least is None else f" of at least {about.least}{unit}".replace(" 1 characters", " 1 character")


def declared(section: type[object]) -> Iterator[Declared]:
    """Return the settings of a section, in order."""
    hints = get_type_hints(section)
    for attribute in attrs.fields(section):  # type: ignore[arg-type]  # a section is a class of attrs
        about: Setting = attribute.metadata["setting"]
        yield Declared(
            attribute.name,
            without_none(hints[attribute.name]),
            about,
            attribute.default is attrs.NOTHING,
            attribute.default,
        )


def without_none(kind: object) -> object:
    """Return a type without ``| None``: what is not written is None, and TOML has no such value."""
    if get_origin(kind) in {Union, types.UnionType}:
        return next(each for each in get_args(kind) if each is not types.NoneType)
    return kind
