"""Law: every store answers what three dictionaries would."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from typing_extensions import override

from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from authweave.testing.storage_machine import StorageMachine

pytestmark = pytest.mark.property


class MemoryMachine(StorageMachine):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class SQLiteMachine(StorageMachine):
    @override
    def new_storage(self) -> Storage:
        return open_storage("sqlite://")


@pytest.mark.parametrize("machine", [MemoryMachine, SQLiteMachine])
def test_a_store_answers_what_its_model_answers(machine: type[StorageMachine]) -> None:
    """Whatever the order of the steps, no answer of the store differs from that of the model."""
    run_state_machine_as_test(machine, settings=settings(max_examples=30, stateful_step_count=25, deadline=None))
