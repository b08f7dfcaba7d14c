"""Hooks that do not fit."""

from sqlalchemy import Connection

from authweave import InputAppInfo, UserContext, init, on_user_created
from authweave.recipe import emailpassword, session
from authweave.types import User

INFO = InputAppInfo("Example", "api.example.com", website_domain="example.com")


class AppContext(UserContext, total=False):
    is_sign_up: bool


class OtherContext(UserContext, total=False):
    plan: str


# program: a hook in the transaction is async
@on_user_created  # wrong: init, all
async def is_async(user: User, user_context: AppContext, connection: Connection) -> None:
    """Be awaited by nobody."""


# program: a hook after the commit is not async
@on_user_created.after_commit  # wrong: init, all
def is_not_async(user: User, user_context: AppContext) -> None:
    """Have nothing to await."""


# program: a hook in the transaction takes no connection
@on_user_created  # wrong: init, all
def takes_too_little(user: User, user_context: AppContext) -> None:
    """Write nowhere."""


# program: a hook after the commit wants a connection
@on_user_created.after_commit  # wrong: init, all
async def wants_too_much(user: User, user_context: AppContext, connection: Connection) -> None:
    """Come too late."""


# program: a hook takes its parameters in another order
@on_user_created  # wrong: all
def in_another_order(user: User, connection: Connection, user_context: AppContext) -> None:
    """Mix them up."""


# program: a hook wants keys that the application's context does not have
@on_user_created
def of_others(user: User, user_context: OtherContext, connection: Connection) -> None:
    """Want another context."""


init(  # wrong: mypy
    INFO,
    [emailpassword.init(), session.init()],
    context=AppContext,
    hooks=[of_others],  # wrong: all but mypy, zuban
)


# program: a function is no hook
def is_plain(user: User, user_context: AppContext, connection: Connection) -> None:  # wrong: init
    """Be no hook."""


init(INFO, [emailpassword.init(), session.init()], context=AppContext, hooks=[is_plain])  # wrong: all


# program: what is run in a transaction takes other arguments
def needs_a_number(connection: Connection, number: int) -> None:
    """Need one."""


app = init(INFO, [emailpassword.init(), session.init()], context=AppContext)


async def runs_it() -> None:
    async with app.transaction() as transaction:
        await transaction.run(needs_a_number, "one")  # wrong: all
