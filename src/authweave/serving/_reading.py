"""Reads the configuration of ``authweave serve``: the file, the environment, and files of secrets."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar, cast

import attrs
from typing_extensions import override

from authweave.types import ConfigurationError

from ._config import ServeConfig
from ._lines import Path as KeyPath
from ._lines import lines_of
from ._settings import BOOLS, Declared, declared, is_section

SectionT = TypeVar("SectionT")

PREFIX: Final = "AUTHWEAVE_SERVE_"
OF_FILE: Final = "_file"
MAX_FILE_BYTES: Final = 256 * 1024


@attrs.frozen
class Fault:
    """
    Something that is wrong with a configuration.

    Attributes:
        place: a file with a line (``serve.toml:12``), a file, or a variable of the environment.
        said: what is wrong, in one sentence. It shows no value: it may be a secret.
        line: in the file; 0 for what has none.
    """

    place: str
    said: str
    line: int = 0


class ServeConfigurationError(ConfigurationError):
    """
    The configuration of ``authweave serve`` cannot work.

    Attributes:
        faults: all that is wrong with it, in the order of the file.
    """

    code = "serve_configuration"

    def __init__(self, faults: list[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=lambda each: each.line or MAX_FILE_BYTES))
        how_many = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = [f"{each.place}: {each.said}" for each in self.faults]
        super().__init__("\n".join([f"The configuration has {how_many}:", *lines]))


@attrs.define
class Reading:
    """
    A configuration that is being read.

    Attributes:
        file: the name of the file; empty for none.
        environment: variables that go before the file.
        lines: the line of each key of the file.
        folder: what names of files of secrets are relative to.
        faults: what was found wrong.
        used: the variables that were read.
    """

    file: str
    environment: Mapping[str, str] = attrs.field(repr=False)
    lines: Mapping[KeyPath, int]
    folder: Path
    faults: list[Fault] = attrs.field(factory=list[Fault])
    used: set[str] = attrs.field(factory=set[str])

    def fault(self, path: KeyPath, said: str) -> None:
        """Note what is wrong with a key, or with the table where it lacks."""
        near = path
        while near and near not in self.lines:
            near = near[:-1]
        line = self.lines.get(near, 0)
        place = f"{self.file}:{line}" if line else self.file or "the environment"
        self.faults.append(Fault(place, f"{named(path)} {said}", line))

    def section(self, kind: type[SectionT], table: object, path: KeyPath) -> SectionT | None:
        """Return a table as its class has it; None where something is wrong with it, which is noted."""
        if not isinstance(table, dict):
            self.fault(path, f"is no table: write [{named(path)}].")
            return None
        written = cast("dict[str, object]", table)  # of TOML: its keys are texts
        before = len(self.faults)
        values: dict[str, object] = {}
        known: set[str] = set()
        for each in declared(kind):
            known |= {each.name} | ({each.name + OF_FILE} if each.about.is_secret else set())
            found = self.value(each, written, (*path, each.name))
            if found is not None:
                values[each.name] = found
        for key in written.keys() - known:
            self.fault((*path, key), "is not known here: is it misspelt?")
        return kind(**values) if len(self.faults) == before else None

    def value(self, each: Declared, table: Mapping[str, object], path: KeyPath) -> object | None:
        """Return the value of a setting; None where there is none, or something is wrong with it."""
        if is_section(each.kind) and isinstance(each.kind, type):
            return self.inner(each, each.kind, table, path)
        if isinstance(each.item, type) and is_section(each.item):
            return self.tables(each.item, table.get(each.name, []), path)
        sources = self.sources(each, table, path)
        if not sources:
            if each.is_required:
                self.fault(path, f"is missing: it has to be {each.requirement}, here or in {variable(path)}.")
            return None
        if len(sources) > 1:
            self.fault(path, f"is there twice, as itself and as {path[-1]}{OF_FILE}: leave one of them out.")
            return None
        return sources[0]()

    def sources(self, each: Declared, table: Mapping[str, object], path: KeyPath) -> list[ReadValue]:
        """Return what reads the value: from the environment where that has it, else from the file."""
        name, with_file = variable(path), f"{each.name}{OF_FILE}"
        of_file = variable((*path[:-1], with_file))
        found: list[ReadValue] = []
        if name in self.environment:
            found.append(Parsed(self, each, self.environment[name], name))
        if each.about.is_secret and of_file in self.environment:
            found.append(FromFile(self, each, self.environment[of_file], of_file))
        self.used |= {name, of_file} if each.about.is_secret else {name}
        if found:
            return found
        if each.name in table:
            found.append(Written(self, each, table[each.name], path))
        if each.about.is_secret and with_file in table:
            found.append(FromFile(self, each, table[with_file], (*path[:-1], with_file)))
        return found

    def inner(self, each: Declared, kind: type[object], table: Mapping[str, object], path: KeyPath) -> object | None:
        """Return a table in the table. It is there where the file has it, or a variable of it or of its settings."""
        if not each.is_required and not self.is_there(each, table, path):
            return None
        return self.section(kind, table.get(each.name, {}), path)

    def is_there(self, each: Declared, table: Mapping[str, object], path: KeyPath) -> bool:
        """Return whether a table that may be missing is there: its own variable decides, which is true or false."""
        name = variable(path)
        if each.default is None and name in self.environment:
            self.used.add(name)
            if (decided := BOOLS.get(self.environment[name].strip().lower())) is not None:
                return decided
            self.faults.append(Fault(name, "has to be true or false."))
        return each.name in table or any(other.startswith(f"{name}_") for other in self.environment)

    def tables(self, kind: type[object], written: object, path: KeyPath) -> tuple[object, ...] | None:
        """Return the tables of a list."""
        if not isinstance(written, list):
            self.fault(path, f"is no list of tables: write [[{named(path)}]] for each.")
            return None
        listed = cast("list[object]", written)  # of TOML
        return tuple(self.section(kind, each, (*path, number)) for number, each in enumerate(listed))

    def note_unknown_variables(self) -> None:
        """Note the variables that no setting is read from: one that is misspelt would go unseen."""
        for name in sorted(self.environment):
            if name.startswith(PREFIX) and name not in self.used:
                self.faults.append(Fault(name, "is the variable of no setting: is it misspelt?"))


@attrs.frozen
class ReadValue:
    """Reads the value of a setting from one of the places where it may be."""

    reading: Reading = attrs.field(repr=False)
    each: Declared
    written: object = attrs.field(repr=False)
    place: str | KeyPath

    def __call__(self) -> object | None:
        """Return the value; None where something is wrong with it, which is noted."""
        try:
            return self.read()
        except ValueError as error:
            if isinstance(self.place, str):
                self.reading.faults.append(Fault(self.place, f"has to be {error}."))
            else:
                self.reading.fault(self.place, f"has to be {error}.")
            return None

    def read(self) -> object:
        """
        Return the value.

        Raises:
            ValueError: something is wrong with it; says what it has to be.
        """
        raise NotImplementedError


class Written(ReadValue):
    """Takes it as the file has it."""

    @override
    def read(self) -> object:
        """Return it."""
        return self.each.convert(self.written)


class Parsed(ReadValue):
    """Takes the text of a variable."""

    @override
    def read(self) -> object:
        """Return it."""
        return self.each.parse(str(self.written))


class FromFile(ReadValue):
    """Takes it from a file of its own, as secrets are mounted into containers."""

    @override
    def read(self) -> object:
        """Return it, without blanks around it."""
        if not isinstance(self.written, str) or not self.written or "\0" in self.written:
            raise ValueError("the name of a file")
        file = self.reading.folder / self.written
        try:
            text = start_of(file).decode().strip()
        except (OSError, ValueError):
            raise ValueError("the name of a file of text that this process may read") from None
        try:
            return self.each.parse(text)
        except ValueError as error:
            raise ValueError(f"a file that holds {error}") from None


def read_config(file: Path | None, environment: Mapping[str, str]) -> tuple[ServeConfig, Reading]:
    """
    Read a configuration.

    Args:
        file: the TOML file; None reads the environment alone.
        environment: its variables; those that begin with ``AUTHWEAVE_SERVE_`` go before the file.

    Returns:
        The configuration, and what it was read from: faults that show later are noted there.

    Raises:
        ServeConfigurationError: with everything that is wrong.
    """
    text = "" if file is None else text_of(file)
    name = "" if file is None else str(file)
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ServeConfigurationError([Fault(name, f"is no TOML: {error}.")]) from None
    except ValueError:  # a number of thousands of digits
        raise ServeConfigurationError([Fault(name, "has a number that is far too long.")]) from None
    except RecursionError:
        raise ServeConfigurationError([Fault(name, "is nested too deeply.")]) from None
    reading = Reading(name, environment, lines_of(text), Path() if file is None else file.absolute().parent)
    config = reading.section(ServeConfig, parsed, ())
    reading.note_unknown_variables()
    if config is None or reading.faults:
        raise ServeConfigurationError(reading.faults)
    return config, reading


def text_of(file: Path) -> str:
    """
    Return the text of the file.

    Raises:
        ServeConfigurationError: it cannot be read.
    """
    try:
        data = start_of(file)
        if len(data) > MAX_FILE_BYTES:
            raise ServeConfigurationError([Fault(str(file), f"has more than {MAX_FILE_BYTES // 1024} KiB.")])
        return data.decode("utf-8-sig")  # some editors begin a file with a mark
    except OSError as error:
        raise ServeConfigurationError([Fault(str(file), f"cannot be read: {error.strerror}.")]) from error
    except UnicodeDecodeError:
        raise ServeConfigurationError([Fault(str(file), "is no text in UTF-8.")]) from None


def start_of(file: Path) -> bytes:
    """
    Return what a file holds, and a little more than is allowed of one that has no end.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        return opened.read(MAX_FILE_BYTES + 1)


def variable(path: KeyPath) -> str:
    """Return the variable of a setting."""
    return PREFIX + "_".join(str(each).upper() for each in path)


def named(path: KeyPath) -> str:
    """Return where a setting is, as people write it: ``thirdparty.providers[0].id``."""
    said = ""
    for each in path:
        said += f"[{each}]" if isinstance(each, int) else f".{each}"
    return said.removeprefix(".") or "The file"
