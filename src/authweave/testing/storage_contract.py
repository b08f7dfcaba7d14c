"""
What every store has to do, as tests: subclass `StorageContract` in a test module of yours and say how to open one.

Each part of the store brings tests of its own (`authweave.storage.StorePart.contract`): let your class inherit from
those too. `authweave.testing.storage_machine` holds a store against a model, at length.
"""

from __future__ import annotations

from authweave.storage.contract import (
    AT_ONCE,
    PUBLIC,
    StorageContract,
    StoreContract,
    a_key,
    at_once,
    raises,
    said_by,
)

__all__ = ["AT_ONCE", "PUBLIC", "StorageContract", "StoreContract", "a_key", "at_once", "raises", "said_by"]
