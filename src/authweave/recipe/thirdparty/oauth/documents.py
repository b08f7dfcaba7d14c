"""Documents of providers, discovery and keys, as far as they have been fetched."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.recipe.thirdparty.exceptions import ProviderError
from authweave.types import Clock

from .single_flight import SingleFlight

ContentT = TypeVar("ContentT")
DocumentKey: TypeAlias = tuple[str, str]
"""A provider's id and a URL."""

MAX_DOCUMENTS: Final = 1024
"""Each tenant may have providers of its own. Of more than these the one that was longest unused is fetched again."""


@attrs.frozen(eq=False)
class Document(Generic[ContentT]):
    """A document; when it was fetched, and last asked for, in milliseconds since the epoch."""

    content: ContentT
    fetched_at_ms: int
    asked_at_ms: int


@attrs.define(eq=False)
class Documents(Generic[ContentT]):
    """
    Documents of one kind. Each is fetched once for all who wait for it, and kept for a while.

    Attributes:
        fetch: takes a provider's id and a URL, and returns the document.
        lifetime_ms: how long a document is used.
        clock: tells the time.
    """

    fetch: Callable[[str, str], Awaitable[ContentT]]
    lifetime_ms: int
    clock: Clock
    _kept: OrderedDict[DocumentKey, Document[ContentT]] = attrs.field(
        init=False, factory=OrderedDict[DocumentKey, Document[ContentT]]
    )
    _flights: SingleFlight[DocumentKey, ContentT | ProviderError] = attrs.field(
        init=False, factory=SingleFlight[DocumentKey, ContentT | ProviderError]
    )

    async def get(self, third_party_id: str, url: str, *, max_age_ms: int | None = None) -> ContentT:
        """
        Return a document.

        Args:
            third_party_id: the provider's id.
            url: where the document is.
            max_age_ms: how long ago it may have been asked for, where that is less than its lifetime.

        Raises:
            ProviderError: it could not be fetched. It is tried again for the next who asks, or, where one is known that
                is not too old, after ``max_age_ms``.
        """
        key = (third_party_id, url)
        known = self._kept.get(key)
        if known is not None and self._is_usable(known, max_age_ms):
            self._kept.move_to_end(key)
            return known.content
        outcome = await self._flights.run(key, lambda: self._outcome(key))
        if isinstance(outcome, ProviderError):
            # Each who waited raises an error of its own: one for all would collect the traces of all.
            raise type(outcome)(third_party_id, str(outcome))
        return outcome

    def _is_usable(self, known: Document[ContentT], max_age_ms: int | None) -> bool:
        now_ms = self.clock()  # which may have been turned back
        is_recent = max_age_ms is None or abs(now_ms - known.asked_at_ms) < max_age_ms
        return is_recent and abs(now_ms - known.fetched_at_ms) < self.lifetime_ms

    async def _outcome(self, key: DocumentKey) -> ContentT | ProviderError:
        try:
            content = await self.fetch(*key)
        except ProviderError as error:
            if known := self._kept.get(key):
                self._kept[key] = attrs.evolve(known, asked_at_ms=self.clock())
            return error
        now_ms = self.clock()
        self._kept[key] = Document(content, now_ms, now_ms)
        self._kept.move_to_end(key)
        while len(self._kept) > MAX_DOCUMENTS:
            self._kept.popitem(last=False)
        return content
