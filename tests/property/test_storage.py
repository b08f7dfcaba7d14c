"""Law: every store answers what a few dictionaries would."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from typing_extensions import override

from authweave.one_time_tokens.store.machine import OneTimeTokenMachine
from authweave.recipe.attempts.store.machine import AttemptMachine
from authweave.recipe.thirdparty.store.machine import ThirdPartyMachine
from authweave.recipe.totp.store.machine import TOTPMachine
from authweave.recipe.usermetadata.store.machine import UserMetadataMachine
from authweave.recipe.userroles.store.machine import UserRoleMachine
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.testing.storage_machine import StorageMachine
from tests.postgresql import Server
from tests.stores import open_whole
from tests.unit.storage.link_machine import LinkMachine
from tests.unit.storage.users import UserMachine

pytestmark = pytest.mark.property


class WholeMachine(
    UserMachine,
    ThirdPartyMachine,
    AttemptMachine,
    OneTimeTokenMachine,
    UserRoleMachine,
    UserMetadataMachine,
    TOTPMachine,
):
    """The steps of the core and of all parts."""


class MemoryMachine(WholeMachine):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class SQLiteMachine(WholeMachine):
    @override
    def new_storage(self) -> Storage:
        return open_whole("sqlite://")


class LinksInMemory(LinkMachine):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class LinksInSQLite(LinkMachine):
    @override
    def new_storage(self) -> Storage:
        return open_whole("sqlite://")


def run(machine: type[StorageMachine], *, share: int) -> None:
    """Run such a share of the profile's examples: each has many steps."""
    count = settings().max_examples // share
    run_state_machine_as_test(machine, settings=settings(max_examples=count, stateful_step_count=25, deadline=None))


@pytest.mark.parametrize("machine", [MemoryMachine, SQLiteMachine, LinksInMemory, LinksInSQLite])
def test_a_store_answers_what_its_model_answers(machine: type[StorageMachine]) -> None:
    """Whatever the order of the steps, no answer of the store differs from that of the model."""
    run(machine, share=6)


@pytest.mark.parametrize("steps", [WholeMachine, LinkMachine])
def test_postgresql_answers_what_its_model_answers(
    postgresql: Server, postgresql_url: str, steps: type[StorageMachine]
) -> None:
    """The same law on PostgreSQL, in one database that is emptied again and again."""

    class PostgreSQLMachine(steps):  # type: ignore[valid-type, misc]  # a parameter
        @override
        def new_storage(self) -> Storage:
            postgresql.empty(postgresql_url)
            return open_whole(postgresql_url)

    run(PostgreSQLMachine, share=12)  # emptying the database takes longer than the steps
