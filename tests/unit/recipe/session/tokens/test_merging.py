"""Claims that several change at once: by handle, and by requests whose tokens have become stale."""

from functools import partial

import attrs
import pytest
from typing_extensions import override

from authweave.recipe.session import SessionContainer
from authweave.recipe.session.exceptions import ClaimsTooLargeError, ProtectedClaimError
from authweave.recipe.session.store import SESSIONS, SessionRecord
from authweave.recipe.session.store.memory import MemorySessions
from authweave.recipe.session.tokens.payload import custom_claims, merge_claims
from authweave.storage.memory import MemoryCore, MemoryStorage
from authweave.types import JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import Bench, bench, dynamic_key, payload_of, run

ISSUER = "https://api.example.com/auth"


def created(made: Bench, payload: JSONObject) -> SessionContainer:
    """Create a session."""
    return run(made.functions.create_new_session("u", RecipeUserId("u"), payload, None, True, "public", {}))


def merge_by_handle(made: Bench, held: SessionContainer, update: JSONObject) -> None:
    """Merge claims into a session that is not that of the request."""
    assert run(made.functions.merge_into_access_token_payload(held.get_handle(), update, {}))


def test_a_stale_token_keeps_what_was_changed_by_handle() -> None:
    """A request changes what it changes; a claim that was removed, changed or added meanwhile by handle stays so."""
    made = bench()
    held = created(made, {"role": "admin", "theme": "dark", "old": 1})
    merge_by_handle(made, held, {"role": None, "theme": "blue", "new": 2})
    made.clock.now_ms += 5_000
    run(held.merge_into_access_token_payload({"own": 3, "old": None}))
    now = {"iss": ISSUER, "theme": "blue", "new": 2, "own": 3}
    assert made.stored(held.get_handle()).payload == now
    assert custom_claims(held.get_access_token_payload()) == now
    assert custom_claims(payload_of(held.get_access_token())) == now


def test_what_a_request_names_wins() -> None:
    """A request that sets a claim to what its token says, or deletes one that its token has not, has its way too."""
    made = bench()
    held = created(made, {"plan": "pro", "theme": "dark"})
    merge_by_handle(made, held, {"plan": "free", "theme": "blue", "admin": True})
    run(held.merge_into_access_token_payload({"plan": "pro", "admin": None}))
    now = {"iss": ISSUER, "plan": "pro", "theme": "blue"}
    assert made.stored(held.get_handle()).payload == now
    assert custom_claims(payload_of(held.get_access_token())) == now


@pytest.mark.parametrize("name", ["sub", "exp", "sessionHandle", "stt"])
def test_a_protected_name(name: str) -> None:
    """To delete a claim of the library's changes nothing; to set it is refused, and then nothing is changed."""
    made = bench()
    held = created(made, {"plan": "pro"})
    before = held.get_access_token_payload()
    run(held.merge_into_access_token_payload({name: None, "own": 1}))
    merge_by_handle(made, held, {name: None, "more": 2})
    now = {"iss": ISSUER, "plan": "pro", "own": 1, "more": 2}
    assert made.stored(held.get_handle()).payload == now
    assert held.get_access_token_payload() == {**before, "own": 1}
    with pytest.raises(ProtectedClaimError, match=name):
        run(held.merge_into_access_token_payload({name: "x", "late": 3}))
    with pytest.raises(ProtectedClaimError, match=name):
        merge_by_handle(made, held, {name: "x", "late": 3})
    assert made.stored(held.get_handle()).payload == now


def test_what_a_request_changes_wins() -> None:
    """Where a request and somebody by handle change one claim, the later one has it, as an empty value too."""
    made = bench()
    held = created(made, {"role": "admin", "flag": True})
    merge_by_handle(made, held, {"role": None, "flag": None})
    claims = custom_claims(held.get_access_token_payload())
    wanted: JSONObject = {**claims, "role": "user", "flag": 1, "nothing": None}
    result = run(made.functions.regenerate_access_token(held.get_access_token(), wanted, {}))
    assert result is not None
    stored = made.stored(held.get_handle()).payload
    assert stored == {"iss": claims["iss"], "role": "user", "flag": 1, "nothing": None}
    assert type(stored["flag"]) is int
    assert custom_claims(result.session.user_data_in_jwt) == stored


def test_beyond_what_a_token_carries() -> None:
    """Claims that fit a token alone, but not with those that were added by handle, are refused; nothing changes."""
    made = bench()
    held = created(made, {})
    merge_by_handle(made, held, {"a": "x" * 1_500})
    before = made.stored(held.get_handle())
    with pytest.raises(ClaimsTooLargeError):
        run(held.merge_into_access_token_payload({"b": "x" * 1_500}))
    assert made.stored(held.get_handle()) == before


class InterruptedSessions(MemorySessions):
    """A store in which another process merges claims into a session as soon as it has been read, once."""

    def __init__(self, core: MemoryCore, update: JSONObject) -> None:
        super().__init__(core)
        self.update: JSONObject = update

    @override
    def find_session(self, handle: str) -> SessionRecord | None:
        found = super().find_session(handle)
        update, self.update = self.update, {}
        if update:
            self.change_session_payload(handle, partial(merge_claims, update=update))
        return found


def interrupted_storage(update: JSONObject) -> MemoryStorage:
    """Return such a store."""
    storage = MemoryStorage([attrs.evolve(SESSIONS, in_memory=partial(InterruptedSessions, update=update))])
    storage.add_signing_key(dynamic_key())
    return storage


def test_of_two_merges_by_handle_none_is_lost() -> None:
    """A merge in the middle of another one keeps what it added."""
    made = bench(storage=interrupted_storage({"c": 3}))
    held = created(made, {"a": 1})
    merge_by_handle(made, held, {"b": 2})
    assert made.stored(held.get_handle()).payload == {"iss": ISSUER, "a": 1, "b": 2, "c": 3}


def test_a_merge_by_handle_in_the_middle_of_a_request() -> None:
    """A claim that is removed by handle while a request stores its own is gone."""
    made = bench(storage=interrupted_storage({"a": None}))
    held = created(made, {"a": 1})
    run(held.merge_into_access_token_payload({"b": 2}))
    assert made.stored(held.get_handle()).payload == {"iss": ISSUER, "b": 2}
