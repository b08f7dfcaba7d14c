"""A queue that is fair to clients, and among what one client asks to accounts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeAlias, TypeVar

from ._ranking import Ranking

T = TypeVar("T")

Ranks: TypeAlias = tuple[Ranking[str | None], Ranking[str | None]]
"""Clients, or accounts of one, by how much waits in their lines, and by its weight."""


def no_ranks() -> Ranks:
    """Return the ranks of nobody."""
    return Ranking(), Ranking()


class Empty:
    """Stands for no client; None is one."""


EMPTY: Final = Empty()


class FairQueue(Generic[T]):
    """
    Hold what waits in a line for each account of each client, and let lines take turns.

    Clients take turns, and the accounts of one client take theirs among them: however many requests one client has
    waiting, another's is next after one of each (round robin, as of J. Nagle, RFC 970). What has to go first when there
    is no room is the last of the longest line (P. McKenney, *Stochastic Fairness Queueing*, 1990), so that whoever
    fills the queue is the one who is turned away.

    A client or account that is not known is one of its own, named None. It is not safe for threads.

    Args:
        weigh: what each is counted by where room is short of something else than places; above nought.

    Attributes:
        weight: of all that waits.
    """

    def __init__(self, weigh: Callable[[T], int] = lambda _item: 1) -> None:
        self._clients: dict[str | None, dict[str | None, deque[T]]] = {}
        self._ranks: Ranks = no_ranks()  # of clients
        self._lines: dict[str | None, Ranks] = {}  # of a client's accounts
        self._waiting = 0
        self._weigh = weigh
        self.weight: int = 0

    def __len__(self) -> int:
        """Return how much waits."""
        return self._waiting

    def add(self, item: T, client: str | None, account: str | None) -> None:
        """Put something at the end of its line."""
        self._clients.setdefault(client, {}).setdefault(account, deque()).append(item)
        self._lines.setdefault(client, no_ranks())
        self._count(item, client, account, 1)

    def next(self, may: Callable[[str | None], bool] = lambda _client: True) -> T | None:
        """
        Take out what is next.

        Args:
            may: returns whether it may be a client's turn; who has to wait keeps his place among the others.

        Returns:
            It; None where nothing waits whose turn it may be.
        """
        client = next(filter(may, self._clients), EMPTY)
        if isinstance(client, Empty):
            return None
        accounts = self._clients.pop(client)
        account = next(iter(accounts))
        line = accounts.pop(account)
        item = line.popleft()
        if line:  # at the end: the others come first
            accounts[account] = line
        if accounts:
            self._clients[client] = accounts
        self._count(item, client, account, -1)
        return item

    def discard(self, item: T, client: str | None, account: str | None) -> bool:
        """Take something out that need not be done any more. Returns whether it was waiting."""
        line = self._clients.get(client, {}).get(account)
        if line is None or item not in line:
            return False
        line.remove(item)
        self._leave(item, client, account)
        return True

    def drop(self, client: str | None, account: str | None, *, heaviest: bool = False) -> T:
        """
        Take out what has to make room.

        Args:
            client: whose came last: of lines of one length that one goes, or the one that grew last.
            account: likewise, of this client.
            heaviest: whether lines are as long as their weight, and not as what waits in them.

        Raises:
            ValueError: nothing waits.
        """
        fullest = self._ranks[heaviest].largest(client)
        accounts = self._clients[fullest]
        longest = self._lines[fullest][heaviest].largest(*[account] if fullest == client else ())
        item = accounts[longest].pop()
        self._leave(item, fullest, longest)
        return item

    def clear(self) -> list[T]:
        """Take everything out."""
        items = [item for accounts in self._clients.values() for line in accounts.values() for item in line]
        self._clients.clear()
        self._lines.clear()
        self._ranks = no_ranks()
        self._waiting = self.weight = 0
        return items

    def _leave(self, item: T, client: str | None, account: str | None) -> None:
        """Note that something left a line, which may be empty now."""
        accounts = self._clients[client]
        if not accounts[account]:
            del accounts[account]
        if not accounts:
            del self._clients[client]
        self._count(item, client, account, -1)

    def _count(self, item: T, client: str | None, account: str | None, sign: int) -> None:
        """Note that something came, or went."""
        weight = self._weigh(item)
        self._waiting += sign
        self.weight += sign * weight
        for rank, line, size in zip(self._ranks, self._lines[client], (1, weight), strict=True):
            rank.change(client, sign * size)
            line.change(account, sign * size)
        if client not in self._clients:
            del self._lines[client]
