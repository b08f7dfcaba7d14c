"""Hooks in the transaction and after it, typed by the application's context; and transactions of its own."""

from typing import assert_type

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from authweave import InputAppInfo, UserContext, init, on_user_changed, on_user_created, on_user_deleted
from authweave.app import OpenTransaction
from authweave.hooks import AfterCommit, Hook
from authweave.recipe import emailpassword, session
from authweave.types import User

INFO = InputAppInfo("Example", "api.example.com", website_domain="example.com")


# program: hooks of an application and of a plugin
class PluginContext(UserContext, total=False):
    plan: str


class AppContext(PluginContext, total=False):
    is_sign_up: bool


@on_user_created
def make_profile(user: User, user_context: AppContext, connection: Connection) -> None:
    connection.execute(text("INSERT INTO profiles VALUES (:id)"), {"id": user.id})


@on_user_changed
def of_a_plugin(user: User, user_context: PluginContext, connection: Connection) -> None:
    with Session(bind=connection) as opened:
        opened.commit()


@on_user_deleted
def of_anybody(user: User, user_context: UserContext, connection: Connection) -> None:
    """Say nothing."""


@on_user_created.after_commit
async def tell(user: User, user_context: AppContext) -> None:
    """Tell others."""


assert_type(make_profile, Hook[AppContext])
assert_type(tell, AfterCommit[AppContext])

app = init(
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    hooks=[make_profile, of_a_plugin, of_anybody, tell],
)


# program: transactions of an application's own
plain = init(INFO, [emailpassword.init(), session.init()])


def count(connection: Connection, least: int) -> int:
    found: int = connection.execute(text("SELECT count(*) FROM profiles")).scalar_one()
    return found + least


def without_a_loop() -> int:
    with plain.transaction() as connection:
        assert_type(connection, Connection)
        return count(connection, 1)


async def on_a_loop() -> int:
    async with plain.transaction() as transaction:
        assert_type(transaction, OpenTransaction)
        assert_type(await transaction.run(count, 1), int)
        return await transaction.run(count, least=1)
