"""Compare the public names of the reference with what is here under the changed path."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType

import attrs

from tests.reference.public import Callee, Name, Parameter, callee_of, members_of, method, status_of

FOLDER = Path(__file__).parent
REFERENCE = "supertokens_python"
HERE = "authweave"
BY_POSITION = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD")
REST = ("VAR_POSITIONAL", "VAR_KEYWORD")

Listing = Mapping[str, Mapping[str, Name] | None]
"""The names of each module; None is a module that could not be imported."""


@attrs.frozen
class Difference:
    """
    One thing that is not here as it is there.

    Attributes:
        place: ``recipe.session:init(cookie_domain)``: module, name, and the member or parameter that it is about.
        what: in a few words.
    """

    place: str
    what: str

    @property
    def name(self) -> str:
        """The public name that it is about, with its module."""
        module, _, rest = self.place.partition(":")
        return f"{module}:{rest.partition('(')[0].partition('.')[0]}"


@attrs.frozen
class Exceptions:
    """
    What may differ, and why: patterns of places, each with its reason.

    Attributes:
        internal: modules that are not public, and names of public modules that are not: ``recipe.*.utils:Normalised*``.
        later: what a later issue brings, likewise.
        differing: places of differences.
    """

    internal: Mapping[str, str]
    later: Mapping[str, str]
    differing: Mapping[str, str]

    def stale(self, names: Iterable[str], places: Iterable[str]) -> list[str]:
        """Return the patterns that no module and no name of the reference, and no difference, needs any longer."""
        names, places = list(names), list(places)
        hidden = [each for each in (*self.internal, *self.later) if not any(fits(name, each) for name in names)]
        return hidden + [each for each in self.differing if not any(fits(place, each) for place in places)]


def fits(place: str, pattern: str) -> bool:
    """Say whether a place is one of a pattern, in which ``*`` stands for anything."""
    return fnmatchcase(place, pattern)


def reason_of(place: str, reasons: Mapping[str, str]) -> str | None:
    """Return the reason of the first pattern that a place is one of."""
    return next((reason for pattern, reason in reasons.items() if fits(place, pattern)), None)


def read_exceptions(path: Path = FOLDER / "exceptions.toml") -> Exceptions:
    """
    Read the exceptions.

    Raises:
        ValueError: one has no reason, or stands there twice.
    """
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    groups: dict[str, dict[str, str]] = {"internal": {}, "later": {}, "differing": {}}
    for kind, found in groups.items():
        for entry in read.pop(kind, []):
            for place in entry["places"]:
                if not entry["reason"].strip() or place in found:
                    message = f"{path.name}: {place} has no reason, or stands there twice."
                    raise ValueError(message)
                found[place] = entry["reason"].strip()
    if read:
        message = f"{path.name}: there is no kind of exception called {', '.join(read)}."
        raise ValueError(message)
    return Exceptions(**groups)


def listed_by(python: str) -> Listing:
    """Return what the reference has, as the Python that has it installed says."""
    program = str(FOLDER / "public.py")
    asked = subprocess.run(  # noqa: S603  whoever runs the tests names the Python
        [python, "-I", program, REFERENCE], check=True, capture_output=True, text=True
    )
    found: dict[str, dict[str, Name] | None] = json.loads(asked.stdout)
    return {name.partition(".")[2]: names for name, names in found.items()}


def public_part(listing: Listing, exceptions: Exceptions) -> dict[str, Mapping[str, Name]]:
    """
    Return the names that are public and whose recipe is here, by module.

    Raises:
        LookupError: one of them could not be imported.
    """
    hidden = {**exceptions.internal, **exceptions.later}
    found: dict[str, Mapping[str, Name]] = {}
    for module, names in listing.items():
        if names != {} and reason_of(module, hidden) is None:
            if names is None:
                message = f"{REFERENCE}.{module} could not be imported."
                raise LookupError(message)
            found[module] = {
                name: each for name, each in names.items() if reason_of(f"{module}:{name}", hidden) is None
            }
    return found


def imported(module: str) -> ModuleType | None:
    """Return the module of ours that has the same path; None where there is none."""
    name = f"{HERE}.{module}".rstrip(".")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            return None
        raise


def differences(public: Mapping[str, Mapping[str, Name]]) -> Iterator[Difference]:
    """Return all that is not here as it is there. Members of a class are compared once, where it is defined."""
    seen: set[tuple[str, str]] = set()
    for module, names in public.items():
        here = imported(module)
        for name, there in names.items():
            place = f"{module}:{name}"
            if here is None or not hasattr(here, name):
                yield Difference(place, "there is no such name" if here else "there is no such module")
                continue
            value: object = getattr(here, name)
            yield from differing_call(place, there["call"], call_of(value))
            home = there["home"].partition(".")[2]
            if there["members"] and (module == home or home not in public) and (home, name) not in seen:
                seen.add((home, name))
                yield from differing_status(place, there["status"], value)
                yield from differing_members(place, there["members"], value)


def call_of(value: object) -> Callee | None:
    """Return how something of ours is called; None is anyhow."""
    if inspect.isclass(value) and getattr(value, "_is_protocol", False):
        return None  # an interface: nobody makes one
    return callee_of(value) if callable(value) else None


def differing_status(place: str, there: str | None, value: object) -> Iterator[Difference]:
    """Compare what tells results apart."""
    here = status_of(value) if inspect.isclass(value) else None
    if there is not None and here is not None and there != here:
        yield Difference(f"{place}.status", f"{there!r} there, {here!r} here")


def differing_members(place: str, there: Mapping[str, Callee | None], value: object) -> Iterator[Difference]:
    """Compare the members of a class."""
    if not inspect.isclass(value):
        return  # an alias, or a function that makes them
    here = members_of(value)
    for member, call in there.items():
        if member in here:
            yield from differing_call(f"{place}.{member}", call, here[member])
        elif hasattr(value, member):  # of a base in another package
            yield from differing_call(f"{place}.{member}", call, method(getattr(value, member)))
        else:
            yield Difference(f"{place}.{member}", "there is no such member")


def differing_call(place: str, there: Callee | None, here: Callee | None) -> Iterator[Difference]:
    """Compare parameters: whoever calls what is there can call what is here with the same arguments."""
    if there is None or here is None:
        return
    if there["awaited"] != here["awaited"]:
        yield Difference(f"{place}(await)", "it is to be awaited in one of them alone")
    wanted = [each for each in there["parameters"] if each["kind"] not in REST]
    ours = [each for each in here["parameters"] if each["kind"] not in REST]
    takes_any = {each["kind"] for each in here["parameters"]} & set(REST)
    by_name = {each["name"]: each for each in ours}
    positions = [each["name"] for each in ours if each["kind"] in BY_POSITION]
    for index, each in enumerate(wanted):
        name = each["name"]
        if name not in by_name:
            if not takes_any:
                yield Difference(f"{place}({name})", "there is no such parameter")
            continue
        if each["kind"] in BY_POSITION and positions[index : index + 1] != [name]:
            found = f"position {positions.index(name) + 1}" if name in positions else "by keyword alone"
            yield Difference(f"{place}({name})", f"position {index + 1} there, {found} here")
        yield from differing_default(f"{place}({name})", each, by_name[name])
    if not any(each["kind"] in REST for each in there["parameters"]):  # where it takes `*args`, it does not say which
        yield from ours_alone(place, ours, {each["name"] for each in wanted})


def ours_alone(place: str, ours: list[Parameter], known: set[str]) -> Iterator[Difference]:
    """Return what is ours alone, and would be taken for something else, or be missed."""
    for each in ours:
        if each["name"] not in known and each["default"] is None:
            yield Difference(f"{place}({each['name']})", "needed here, and not there")
        elif each["name"] not in known and each["kind"] in BY_POSITION:
            yield Difference(f"{place}({each['name']})", "taken by position here, and not there")


def differing_default(place: str, there: Parameter, here: Parameter) -> Iterator[Difference]:
    """Compare defaults; of one that is no plain value, only whether there is one."""
    wanted, found = there["default"], here["default"]
    if (wanted is None) != (found is None) or wanted not in ("...", found):
        yield Difference(place, f"{default_in_words(wanted)} there, {default_in_words(found)} here")


def default_in_words(default: str | None) -> str:
    """Say what a default is."""
    return "needed" if default is None else f"{default} by default"


def area_of(module: str) -> str:
    """Return what a module belongs to: its recipe, or the first part of its path."""
    first, _, rest = module.partition(".")
    return rest.partition(".")[0] if first == "recipe" else first or "(top)"


def report(python: str, exceptions: Exceptions) -> tuple[list[str], list[Difference], list[str]]:
    """Return the counts as lines, the differences that have no reason, and the exceptions that are stale."""
    listing = listed_by(python)
    public = public_part(listing, exceptions)
    found = list(differences(public))
    unexplained = [each for each in found if reason_of(each.place, exceptions.differing) is None]
    broken = {each.name for each in unexplained}
    absent = {each.place for each in found if each.place == each.name} - broken
    differing = {each.name for each in found} - broken - absent
    areas: dict[str, list[str]] = {}
    for module, names in public.items():
        areas.setdefault(area_of(module), []).extend(f"{module}:{name}" for name in names)
    areas = {**dict(sorted(areas.items())), "all": [place for places in areas.values() for place in places]}
    lines = [
        f"{area:18} {len({*places} - broken - absent - differing):4} of {len(places):4} the same; with a reason, "
        f"{len(differing.intersection(places)):3} differ in part and {len(absent.intersection(places)):3} are not here"
        for area, places in areas.items()
    ]
    return (
        lines,
        unexplained,
        exceptions.stale(
            [*listing, *(f"{module}:{name}" for module, names in listing.items() for name in names or ())],
            [each.place for each in found],
        ),
    )


def main(python: str = sys.executable) -> int:
    """Print the counts, and what differs without a reason; return 0 if nothing does."""
    lines, unexplained, stale = report(python, read_exceptions())
    for each in unexplained:
        print(f"{each.place}: {each.what}")  # noqa: T201  a program
    for pattern in stale:
        print(f"exceptions.toml: {pattern} is needed no longer")  # noqa: T201  as above
    print("\n".join(lines))  # noqa: T201  as above
    return 1 if unexplained or stale else 0
