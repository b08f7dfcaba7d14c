"""Stores and other objects that an application may hand in."""

from typing import assert_type

from typing_extensions import override

from authweave.storage import KeyStore, PasswordLogin, SessionStore, Storage, TenantStore, UserStore
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from authweave.types import BaseRequest, Clock, Response, User

# program: the stores of the library are stores
stores: list[Storage] = [MemoryStorage()]


def from_url(url: str) -> Storage:
    return open_storage(url)


# program: a function that needs only one part of a store
def known(users: UserStore, tenants: TenantStore, tenant_id: str, email: str) -> bool:
    found = users.find_password_login(tenant_id, email)
    assert_type(found, PasswordLogin | None)
    return tenants.tenant_exists(tenant_id) and found is not None


known(stores[0], MemoryStorage(), "public", "a@b.example")


# program: a store of the application's own that counts
class CountingStorage(MemoryStorage):
    def __init__(self) -> None:
        super().__init__()
        self.created = 0

    @override
    def create_user_with_password(self, login: PasswordLogin) -> User:
        self.created += 1
        return super().create_user_with_password(login)


counting: Storage = CountingStorage()


# program: a clock that is turned by hand
class HandClock:
    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


clock: Clock = HandClock(1_000)

# program: parts of a store, by protocol
parts: tuple[SessionStore, KeyStore] = (MemoryStorage(), counting)


# program: requests and answers as plain values
async def answered(request: BaseRequest) -> Response:
    body = await request.json()
    return Response.from_json({"path": request.get_path(), "name": body.get("name")}, 201, [("x-seen", "yes")])
