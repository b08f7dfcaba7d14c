"""
Applications of tests wait for their stores as `tests.patience` says, where a test says nothing else.

By default an application gives up after five seconds, which on a busy machine is no fault of the library's. Programs
that tests start have the library's defaults, or say PATIENT themselves.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

from authweave.app import init
from authweave.storage import StorageOptions
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    import pytest

OF_APPLICATIONS: Final = frozenset({"storage_wait_s", "health_ready_within_s"})
OF_STORES: Final = ("pool_timeout_s", "connect_timeout_s", "statement_timeout_s", "busy_timeout_s")


def be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what is not given be the time that tests have."""
    parameters = inspect.signature(init).parameters.values()
    defaults = [
        PATIENCE_S if each.name in OF_APPLICATIONS else each.default
        for each in parameters
        if each.default is not inspect.Parameter.empty
    ]
    monkeypatch.setattr(init, "__defaults__", tuple(defaults))
    made = StorageOptions.__init__
    monkeypatch.setattr(made, "__kwdefaults__", {**(made.__kwdefaults__ or {}), **dict.fromkeys(OF_STORES, PATIENCE_S)})
