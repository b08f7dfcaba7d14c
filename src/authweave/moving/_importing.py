"""Import users: read, write in batches, and go on where an earlier run was killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, cast

import attrs
from sqlalchemy import Connection

from authweave.storage.sql import SQLStorage
from authweave.types import Clock, JSONObject

from ._format import ISSUERS, user_of
from ._progress import Progress
from ._source import Item, Source
from ._user import LineFaultError, MovedUser
from ._writer import Writer, Written

BATCH: Final = 2000
"""Users in a transaction."""

HOOKED_BATCH: Final = 50
"""The same where hooks are called: nobody else writes to SQLite meanwhile, and they take as long as they take."""

MAX_CHUNK: Final = 4 * 1024 * 1024
"""Of a source that is read in bytes or characters: what is held of it at once is bounded, however long its lines."""

OnFault = Callable[[int, str], None]
"""Is told the number of a line, and why its user was passed over."""

OnCreated = Callable[[str], None]

OnProgress = Callable[[int, "Counts"], None]
"""Is told how much of the source is behind, and what came of it."""


@attrs.define
class Counts:
    """
    What came of an import, also of the runs that were interrupted.

    Attributes:
        added: users that are new.
        known: users that were there already.
        bad: lines that were passed over.
        stand_ins: how many hashes there are of each kind and cost, by a stand-in for `PasswordHasher`.
        resumed_at_line: after which line this run went on; 0 where it began.
    """

    added: int = 0
    known: int = 0
    bad: int = 0
    stand_ins: Counter[str] = attrs.field(factory=Counter[str])
    resumed_at_line: int = 0

    def state(self, place: str, line: int) -> JSONObject:
        """Return what is kept of them, with how far the import has come."""
        counts = {"added": self.added, "known": self.known, "bad": self.bad}
        return {"place": place, "line": line, **counts, "stand_ins": dict(self.stand_ins)}

    @classmethod
    def of(cls, state: JSONObject) -> Counts:
        """Return those that were kept."""
        numbers = cast("Mapping[str, int]", state)  # as `state` has written them
        kinds = cast("Mapping[str, int]", state["stand_ins"])  # likewise
        return cls(numbers["added"], numbers["known"], numbers["bad"], Counter(kinds), numbers["line"])


@attrs.frozen(kw_only=True)
class ImportOptions:
    """
    How to import.

    Attributes:
        dry_run: say what would happen, and change nothing.
        create_tenants: make tenants that there are not.
        without_unknown_hashes: import users whose hash cannot be verified without a password, instead of not at all.
        issuers: of providers, where a line does not say.
    """

    dry_run: bool = False
    create_tenants: bool = False
    without_unknown_hashes: bool = False
    issuers: Mapping[str, str] = ISSUERS


def import_users(
    source: Source,
    storage: SQLStorage,
    clock: Clock,
    options: ImportOptions,
    *,
    on_begin: Callable[[int], None],
    on_fault: OnFault,
    on_progress: OnProgress,
    on_created: OnCreated | None = None,
    seal: Callable[[str], str] | None = None,
) -> Counts:
    """
    Import all users of a source that are not there yet. Blocks.

    How far it has come is written in the transaction of each batch: an import that was killed goes on after the last
    one that was committed. Whoever is there already, by id, stays as he is.

    Args:
        source: where they come from.
        storage: where they go.
        clock: tells the time.
        options: how.
        on_begin: is told after which line the import goes on, before anything else is.
        on_fault: is told of lines that are passed over, before the batch that they are in is committed.
        on_progress: is told after each batch.
        on_created: is told the id of each user that is added, in the transaction of the batch. If it raises, that user
            is passed over, and nothing of him is there. It takes longer: users are then written one by one.
        seal: seals the secrets of TOTP devices; without it who has some is passed over.

    Raises:
        authweave.types.ConfigurationError: the source cannot be read.
        authweave.storage.StorageError: what was not written yet is not.
    """
    database = storage.database
    writer = Writer(storage, clock, create_tenants=options.create_tenants, on_created=on_created, seal=seal)
    key = None if options.dry_run else source.key
    progress = None if key is None else Progress(database, f"import:{key}", clock)
    state = None if progress is None else progress.begin()
    counts = Counts() if state is None else Counts.of(state)
    on_begin(counts.resumed_at_line)
    items = source.items(None if state is None else str(state["place"]))
    now_ms = clock()
    while chunk := next_chunk(items, BATCH if on_created is None else HOOKED_BATCH):
        batch = Batch.of(chunk, options, now_ms)

        def then(connection: Connection, written: Written, batch: Batch = batch, so_far: Counts = counts) -> None:
            batch.tell_faults(written, on_fault)
            if progress is not None:
                last = batch.last
                progress.note(connection, batch.added_to(so_far, written).state(last.place, last.line))

        written = writer.write(batch.users, then, dry_run=options.dry_run)
        batch.tell_faults(written, on_fault)
        counts = batch.added_to(counts, written)
        on_progress(batch.last.progress, counts)
    if progress is not None:
        progress.forget()
    return counts


def next_chunk(items: Iterator[Item], most: int) -> list[Item]:
    """Return the next items that are written together; none at the end."""
    chunk: list[Item] = []
    for item in islice(items, most):
        chunk.append(item)
        if item.progress - chunk[0].progress >= MAX_CHUNK:
            break
    return chunk


@attrs.define
class Batch:
    """
    Lines that are written together.

    Attributes:
        users: those that could be read.
        lines: their lines.
        faults: why others could not, by line.
        last: where to go on.
    """

    users: list[MovedUser]
    lines: list[int]
    faults: dict[int, str]
    last: Item
    _told: set[int] = attrs.field(factory=set[int])

    @classmethod
    def of(cls, chunk: Sequence[Item], options: ImportOptions, now_ms: int) -> Batch:
        """Read lines."""
        users: list[MovedUser] = []
        lines: list[int] = []
        faults: dict[int, str] = {}
        for item in chunk:
            try:
                if isinstance(item.value, LineFaultError):
                    raise item.value
                user = user_of(
                    item.value,
                    now_ms=now_ms,
                    issuers=options.issuers,
                    without_unknown_hashes=options.without_unknown_hashes,
                )
            except LineFaultError as fault:
                faults[item.line] = str(fault)
            else:
                users.append(user)
                lines.append(item.line)
        return cls(users, lines, faults, chunk[-1])

    def tell_faults(self, written: Written, on_fault: OnFault) -> None:
        """Tell of the lines that are passed over, of each once."""
        both = self.faults | {self.lines[place]: fault for place, fault in written.faults.items()}
        for line in sorted(set(both) - self._told):
            on_fault(line, both[line])
            self._told.add(line)

    def added_to(self, counts: Counts, written: Written) -> Counts:
        """Return counts with what came of the batch."""
        kinds = Counter(login.stand_in for user in written.added for login in user.logins if login.stand_in is not None)
        return Counts(
            counts.added + len(written.added),
            counts.known + written.known,
            counts.bad + len(self.faults) + len(written.faults),
            counts.stand_ins + kinds,
            counts.resumed_at_line,
        )
