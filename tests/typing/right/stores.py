"""Stores and other objects that an application may hand in."""

from typing import assert_type

import attrs
from typing_extensions import override

from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin, PasswordStore
from authweave.recipe.emailpassword.store.memory import MemoryPasswords
from authweave.recipe.session.store import SESSIONS, SessionStore
from authweave.storage import KeyStore, Storage, StorePart, TenantStore
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from authweave.types import BaseRequest, Clock, Response, User

# program: the stores of the library are stores
stores: list[Storage] = [MemoryStorage()]


def from_url(url: str) -> Storage:
    return open_storage(url, parts=[PASSWORDS, SESSIONS])


# program: a part of a store has the type of its recipe's store
assert_type(stores[0].part(SESSIONS), SessionStore)
parts: list[StorePart[object]] = [SESSIONS, PASSWORDS]


# program: a function that needs only one part of a store
def known(users: PasswordStore, tenants: TenantStore, tenant_id: str, email: str) -> bool:
    found = users.find_password_login(tenant_id, email)
    assert_type(found, PasswordLogin | None)
    return tenants.tenant_exists(tenant_id) and found is not None


known(stores[0].part(PASSWORDS), MemoryStorage(), "public", "a@b.example")


# program: a part of the application's own that counts
class CountingPasswords(MemoryPasswords):
    created = 0

    @override
    def create_user_with_password(self, login: PasswordLogin) -> User:
        self.created += 1
        return super().create_user_with_password(login)


counting: Storage = MemoryStorage([attrs.evolve(PASSWORDS, in_memory=CountingPasswords)])
keys: KeyStore = counting


# program: a clock that is turned by hand
class HandClock:
    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


clock: Clock = HandClock(1_000)


# program: requests and answers as plain values
async def answered(request: BaseRequest) -> Response:
    body = await request.json()
    return Response.from_json({"path": request.get_path(), "name": body.get("name")}, 201, [("x-seen", "yes")])
