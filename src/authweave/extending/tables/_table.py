"""A decision table as data: rows from the top down, of which the first that fits decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Generic, TypeAlias

import attrs
from typing_extensions import TypeVar

Value: TypeAlias = bool | str
"""What a fact may be."""

LookUp: TypeAlias = Callable[[], Value | Awaitable[Value]]
LookUpNow: TypeAlias = Callable[[], Value]

OutcomeT = TypeVar("OutcomeT", bound=str)
OutcomeT_co = TypeVar("OutcomeT_co", bound=str, covariant=True)


@attrs.frozen
class Fact:
    """
    Something that a row may ask for.

    Attributes:
        name: by which rows name it.
        phrases: what is said of each value that it may have.
        note: what is said of it above the table.
    """

    name: str
    phrases: Mapping[Value, str]
    note: str = ""


@attrs.frozen
class Row(Generic[OutcomeT_co]):
    """
    A row of a table.

    Attributes:
        then: what comes of it.
        when: the values that facts have to have, in the order in which they are looked up.
    """

    then: OutcomeT_co
    when: Mapping[str, tuple[Value, ...]]


def row(then: OutcomeT, **when: Value | tuple[Value, ...]) -> Row[OutcomeT]:
    """Return a row: each fact with its value, or with those that will do."""
    return Row(then, {name: value if isinstance(value, tuple) else (value,) for name, value in when.items()})


def yes_or_no(name: str, yes: str, no: str) -> Fact:
    """Return a fact that is so or not."""
    return Fact(name, {True: yes, False: no})


class UndecidedError(Exception):
    """No row fits, or a fact has a value that it cannot have: a fault of this library's."""


@attrs.frozen
class Table(Generic[OutcomeT_co]):
    """
    A decision table.

    A fact is looked up when a row asks for it, and never again: what no row asked for did not happen. So rows say not
    only what is decided, but also whom it takes to decide: the application's callback is not asked in vain.

    Attributes:
        title: what it decides, as the heading of the page.
        facts: what rows may ask for.
        outcomes: what each outcome means.
        rows: from the top down.
    """

    title: str
    facts: tuple[Fact, ...]
    outcomes: Mapping[OutcomeT_co, str]
    rows: tuple[Row[OutcomeT_co], ...]

    def walk(self) -> Generator[str, Value, OutcomeT_co]:
        """
        Go down the rows: yield the name of each fact that is asked for, be sent its value, and return what is decided.

        Raises:
            UndecidedError: no row fits, or a fact cannot have the value.
        """
        phrases = {fact.name: fact.phrases for fact in self.facts}
        known: dict[str, Value] = {}
        for each in self.rows:
            for name, accepted in each.when.items():
                if name not in known:
                    known[name] = yield name
                    if known[name] not in phrases[name]:
                        message = f"{self.title}: {name} cannot be {known[name]!r}."
                        raise UndecidedError(message)
                if known[name] not in accepted:
                    break
            else:
                return each.then
        message = f"{self.title}: no row fits {known!r}."
        raise UndecidedError(message)

    async def decide(self, look_ups: Mapping[str, LookUp]) -> OutcomeT_co:
        """
        Return what is decided.

        Args:
            look_ups: what finds a fact out, by its name; each may be ``async``.

        Raises:
            Exception: what a look-up raises.
        """
        walk = self.walk()
        try:
            name = next(walk)
            while True:
                found = look_ups[name]()
                name = walk.send(found if isinstance(found, (bool, str)) else await found)
        except StopIteration as end:
            return self.outcome_of(end)

    def decide_now(self, look_ups: Mapping[str, LookUpNow]) -> OutcomeT_co:
        """Return what is decided, where nothing has to be awaited: in a transaction, say. The rest as `decide`."""
        walk = self.walk()
        try:
            name = next(walk)
            while True:
                name = walk.send(look_ups[name]())
        except StopIteration as end:
            return self.outcome_of(end)

    def outcome_of(self, end: StopIteration) -> OutcomeT_co:
        """Return what a walk has returned."""
        outcome: OutcomeT_co = end.value
        return outcome
