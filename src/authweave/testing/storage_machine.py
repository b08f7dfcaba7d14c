"""
A store against a model of it, for as many steps as Hypothesis likes: subclass `StorageMachine` and say how to open one.

Needs Hypothesis. Parts of the store have steps of their own: let your class inherit from theirs too.
``TestMyStore = MyStoreMachine.TestCase`` makes pytest run it.
"""

from __future__ import annotations

from authweave.storage.machine import StorageMachine, emails, json_objects, numbers, tenant_ids, texts, times_ms

__all__ = ["StorageMachine", "emails", "json_objects", "numbers", "tenant_ids", "texts", "times_ms"]
