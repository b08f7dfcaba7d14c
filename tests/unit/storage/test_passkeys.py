"""Passkeys of login methods, which a part of the store keeps, as users are read with them. Notes stand for them."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

import attrs
import pytest
from sqlalchemy import event
from typing_extensions import override

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.storage import (
    AccountInfo,
    HasPasskeys,
    LinkedAccounts,
    LoginRecord,
    Storage,
    StorageOptions,
    StorePart,
    UserIdMapping,
    UserListing,
    new_user,
)
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import NewUsers, SQLStorage, open_storage
from authweave.testing.storage_contract import PUBLIC, raises
from authweave.types import BadInputError, LoginMethod, User, WebauthnInfo
from tests.postgresql import Server
from tests.stores import PARTS
from tests.unit.storage.notes import IN_SQL, NOTES, MemoryNotes, NoteStore, notes

pytestmark = pytest.mark.usefixtures("migrations_run")


class MemoryKeys(MemoryNotes, HasPasskeys):
    """Notes in memory, by the login method whose they are."""

    @override
    def keep_note(self, note_id: str, recipe_user_id: str, text: str) -> None:
        super().keep_note(note_id, recipe_user_id, recipe_user_id)

    @override
    def credential_ids(self, recipe_user_id: str) -> Sequence[str]:
        return [note_id for note_id, of_method in self._notes.items() if of_method == recipe_user_id]


KEYS: Final[StorePart[NoteStore]] = attrs.evolve(
    NOTES,
    in_sql=lambda: attrs.evolve(IN_SQL, passkeys=(notes.c.recipe_user_id, notes.c.note_id)),
    in_memory=MemoryKeys,
)
WITH_KEYS: Final[list[StorePart[object]]] = [*(each for each in PARTS if each.name != "webauthn"), KEYS]
RECORD: Final = LoginRecord(
    user_id="user-1",
    recipe_user_id="method-1",
    recipe_id="webauthn",
    tenant_id=PUBLIC,
    email="ada@example.com",
    time_joined_ms=1,
)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def storage(request: pytest.FixtureRequest) -> Iterator[Storage]:
    """Return a store with a user of two passkeys, one who may have some, and others."""
    if request.param == "memory":
        yield with_users(MemoryStorage())
        return
    if request.param == "sqlite":
        with closing(open_storage("sqlite://", parts=WITH_KEYS)) as opened:
            yield with_users(opened)
        return
    server: Server = request.getfixturevalue("postgresql")
    made = server.new_database()
    with closing(open_storage(made, StorageOptions(migrate=True), WITH_KEYS)) as opened:
        yield with_users(opened)
    server.drop(made)


def with_users(storage: Storage) -> Storage:
    """Add the users."""
    for number in (1, 2):
        add(storage, attrs.evolve(RECORD, user_id=f"user-{number}", recipe_user_id=f"method-{number}", email=None))
    storage.part(PASSWORDS).create_user_with_password(a_login(3))
    storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(4))
    for key in ("key-2", "key-1"):
        storage.part(KEYS).keep_note(key, "method-1", "")
    storage.part(KEYS).keep_note("no passkey", "method-3", "")
    return storage


def add(storage: Storage, login: LoginRecord) -> None:
    """Add a user with a login method of the recipe, as its part of the store does."""
    if isinstance(storage, MemoryStorage):
        storage._core.add_user(login)  # pyright: ignore[reportPrivateUsage]  as a part is handed it
        return
    assert isinstance(storage, SQLStorage)
    new_users = NewUsers(storage.database)
    storage.database.write(lambda connection: new_users.add(connection, login))


def shown(*users: User | None) -> list[list[list[str] | None]]:
    """Return the passkeys of each login method of users; None of one that may have none."""
    return [[ids_of(method) for method in user.login_methods] for user in users if user is not None]


def ids_of(method: LoginMethod | None) -> list[str] | None:
    """Return the passkeys of a login method."""
    return None if method is None or method.webauthn is None else [*method.webauthn.credential_ids]


def test_users_are_read_with_their_passkeys(storage: Storage) -> None:
    """Whoever has such a login method has all of its passkeys, or none of them; whoever has not has no such thing."""
    users = [storage.find_user(f"user-{number}") for number in (1, 2, 3, 4)]
    assert shown(*users) == [[["key-1", "key-2"]], [[]], [None], [None]]
    assert users[0] is not None
    assert users[0].webauthn == WebauthnInfo(["key-1", "key-2"])
    assert users[0].to_json()["webauthn"] == {"credentialIds": ["key-1", "key-2"]}
    listed = storage.list_users(UserListing(tenant_id=PUBLIC, limit=9)).users
    assert set(listed) == set(users)
    methods = [storage.find_login_method(f"method-{number}") for number in (1, 2, 3)]
    assert [ids_of(each) for each in methods] == [["key-1", "key-2"], [], None]


def test_passkeys_stay_with_their_login_method(storage: Storage) -> None:
    """When it is linked and unlinked, shown by another id, or its user signs in with a password or by a provider."""
    storage.create_primary_user("user-3")
    linked = storage.link_accounts("method-1", "user-3")
    assert isinstance(linked, LinkedAccounts)
    assert isinstance(storage.link_accounts("method-4", "user-3"), LinkedAccounts)
    storage.create_user_id_mapping(UserIdMapping(user_id="method-1", external_user_id="mine"))
    assert shown(linked.user) == [[["key-1", "key-2"], None]]
    by_password = storage.part(PASSWORDS).find_password_user(PUBLIC, "user-3@example.com")
    assert by_password is not None
    by_provider = storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(4))
    read = storage.find_user("mine")
    assert by_password.user() == by_provider.user == read
    assert shown(read) == [[["key-1", "key-2"], None, None]]
    unlinked = storage.unlink_account("mine", now_ms=1)
    assert unlinked is not None
    assert shown(storage.find_user("mine"), unlinked.user) == [[["key-1", "key-2"]], [None, None]]


@pytest.mark.parametrize("union", [False, True])
def test_a_user_is_found_by_a_passkey(storage: Storage, *, union: bool) -> None:
    """In a tenant that its login method is in, beside or with what else is asked for; nobody by what is none."""
    storage.create_tenant("other")
    storage.create_primary_user("user-3")
    storage.link_accounts("method-1", "user-3")

    def found(credential_id: str, email: str | None = None, tenant_id: str = PUBLIC) -> list[str]:
        account = AccountInfo(credential_id=credential_id, email=email)
        return [user.id for user in storage.find_users(tenant_id, account, union=union)]

    assert found("key-1") == found("key-2") == ["user-3"]
    assert found("key-2", "user-3@example.com") == ["user-3"]
    assert found("key-2", "user-4@example.com") == (["user-3"] if union else [])
    assert found("key-3", "user-3@example.com") == (["user-3"] if union else [])
    assert found("key-3") == found("key-1", tenant_id="other") == []
    assert raises(BadInputError, found, "k" * 1365)


def test_nobody_has_a_passkey_where_no_part_keeps_some() -> None:
    """A login method of the recipe is read all the same, and nobody is found."""
    with closing(open_storage("sqlite://", parts=[PASSWORDS])) as storage:
        add(storage, RECORD)
        assert shown(storage.find_user("user-1")) == [[[]]]
        assert storage.find_users(PUBLIC, AccountInfo(credential_id="key-1"), union=True) == ()


def test_a_new_user_is_shown_with_its_first_passkey() -> None:
    """As who signs up is answered, before anything is read."""
    assert shown(new_user(RECORD, ["key-1"]), new_user(attrs.evolve(RECORD, recipe_id="emailpassword"), ["key-1"])) == [
        [["key-1"]],
        [None],
    ]


def test_users_without_such_a_login_method_cost_no_statement() -> None:
    """Passkeys are asked for where there may be some, for all users of a page at once."""
    with closing(open_storage("sqlite://", parts=WITH_KEYS)) as storage:
        with_users(storage)
        said: list[str] = []
        engine = storage.database._backend.engine  # pyright: ignore[reportPrivateUsage]  what it is asked
        event.listen(engine, "before_cursor_execute", lambda *args: said.append(str(args[2])))
        storage.list_users(UserListing(tenant_id=PUBLIC, limit=9, recipe_ids=frozenset({"emailpassword"})))
        storage.list_users(UserListing(tenant_id=PUBLIC, limit=9))
        assert ["authweave_notes" in each for each in said] == [False, False, True]
