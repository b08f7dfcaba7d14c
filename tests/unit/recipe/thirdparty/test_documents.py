from __future__ import annotations

import asyncio
from contextvars import ContextVar

import attrs
import pytest

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, ProviderError
from authweave.recipe.thirdparty.oauth.documents import MAX_DOCUMENTS, Documents


@attrs.define(eq=False)
class Library:
    """Documents that are fetched when somebody opens the door, and a clock that is turned by hand."""

    now_ms: int = 1_000_000
    fetched: list[str] = attrs.field(factory=list[str])
    door: asyncio.Event = attrs.field(factory=asyncio.Event)
    fault: ProviderError | None = None

    async def fetch(self, third_party_id: str, url: str) -> str:
        self.fetched.append(url)
        await self.door.wait()
        if self.fault is not None:
            raise self.fault
        return f"{url} #{len(self.fetched)}"

    def documents(self) -> Documents[str]:
        return Documents(self.fetch, 60_000, lambda: self.now_ms)

    def opened(self) -> Documents[str]:
        self.door.set()
        return self.documents()


def test_many_who_wait_cause_one_fetch() -> None:
    """All get what the one fetch returned."""

    async def main() -> None:
        library = Library()
        documents = library.documents()
        waiting = [asyncio.create_task(documents.get("p", "u")) for _ in range(500)]
        await asyncio.sleep(0)
        library.door.set()
        assert set(await asyncio.gather(*waiting)) == {"u #1"}
        assert library.fetched == ["u"]

    asyncio.run(main())


def test_the_first_who_waits_may_leave() -> None:
    """A fetch goes on where the one who began it is cancelled; the others get their document."""

    async def main() -> None:
        library = Library()
        documents = library.documents()
        first, second = (asyncio.create_task(documents.get("p", "u")) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        library.door.set()
        assert await second == "u #1"
        with pytest.raises(asyncio.CancelledError):
            await first
        assert await documents.get("p", "u") == "u #1"

    asyncio.run(main())


def test_a_failure_is_told_to_all_and_kept_for_nobody() -> None:
    """Each who waits raises an error of its own; the next who asks has it fetched again."""

    async def main() -> None:
        library = Library(fault=ProviderAnswerError("p", "broken"))
        documents = library.opened()
        outcomes = await asyncio.gather(*(documents.get("p", "u") for _ in range(3)), return_exceptions=True)
        assert [(type(each), str(each)) for each in outcomes] == [(ProviderAnswerError, "broken")] * 3
        assert len({id(each) for each in outcomes}) == 3
        library.fault = None
        assert await documents.get("p", "u") == "u #2"

    asyncio.run(main())


@pytest.mark.parametrize(("turned_ms", "fetches"), [(0, 1), (59_999, 1), (60_000, 2), (-60_000, 2)])
def test_a_document_is_used_for_its_lifetime(turned_ms: int, fetches: int) -> None:
    """After that, or when the clock was turned back as far, it is fetched again."""

    async def main() -> None:
        library = Library()
        documents = library.opened()
        await documents.get("p", "u")
        library.now_ms += turned_ms
        await documents.get("p", "u")
        assert len(library.fetched) == fetches

    asyncio.run(main())


def test_who_wants_a_newer_one_may_ask_so_often_only() -> None:
    """A shorter age than the lifetime has it fetched again, once within that age."""

    async def main() -> None:
        library = Library()
        documents = library.opened()
        await documents.get("p", "u")
        for moment, fetches in ((0, 1), (29_999, 1), (30_000, 2), (45_000, 2)):
            library.now_ms = 1_000_000 + moment
            for _ in range(5):
                await documents.get("p", "u", max_age_ms=30_000)
            assert len(library.fetched) == fetches

    asyncio.run(main())


def test_documents_are_not_kept_without_bounds() -> None:
    """Of too many the one that was longest unused is given up."""

    async def main() -> None:
        library = Library()
        documents = library.opened()
        for number in range(MAX_DOCUMENTS):
            await documents.get("p", f"u{number}")
        await documents.get("p", "u0")
        await documents.get("p", "one more")
        library.fetched.clear()
        await documents.get("p", "u0")
        await documents.get("p", "u1")
        assert library.fetched == ["u1"]

    asyncio.run(main())


def test_a_fetch_of_a_loop_that_ended_does_not_keep_others_waiting() -> None:
    """The next loop fetches for itself what the last one had begun."""
    library = Library()
    documents = library.documents()

    async def left() -> None:
        asyncio.get_running_loop().create_task(documents.get("p", "u"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def returned() -> str:
        library.door = asyncio.Event()
        library.door.set()
        return await documents.get("p", "u")

    asyncio.run(left())
    assert asyncio.run(returned()) == "u #2"


def test_a_fetch_keeps_nobodys_context() -> None:
    """What is fetched for all sees nothing of the one request that began it."""
    marker = ContextVar[str]("marker")
    seen: list[str | None] = []

    async def fetch(third_party_id: str, url: str) -> str:
        seen.append(marker.get(None))
        return url

    async def main() -> None:
        marker.set("a request's")
        await Documents(fetch, 60_000, lambda: 0).get("p", "u")

    asyncio.run(main())
    assert seen == [None]


def test_no_age_is_young_enough() -> None:
    """Who takes no document that was fetched before gets a new one, also in the same millisecond."""

    async def main() -> None:
        documents = Library().opened()
        assert await documents.get("p", "u") == "u #1"
        assert await documents.get("p", "u", max_age_ms=0) == "u #2"
        assert await documents.get("p", "u") == "u #2"

    asyncio.run(main())
