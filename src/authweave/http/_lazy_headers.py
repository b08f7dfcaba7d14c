"""Headers that are decoded when somebody looks at all of them: most are looked up by name, in what the server gave."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import overload

from typing_extensions import override


class LazyHeaders(Sequence[tuple[str, str]]):
    """The headers of a request, in order: names in lower case, and values. An adapter's own says how to decode them."""

    __slots__ = ()

    @abstractmethod
    @override
    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Decode them, one after the other."""

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self)

    @overload
    def __getitem__(self, index: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[str, str]]: ...
    @override
    def __getitem__(self, index: int | slice) -> tuple[str, str] | list[tuple[str, str]]:
        return list(self)[index]
