"""
What the server does once from which the processes of `session_workers` are forked: import, and whatever else is slow.

Importing this module does it.
"""

from __future__ import annotations

import gc
from contextlib import closing

import pytest

from tests.property.session_processes import OwnProcess
from tests.property.session_workers import answer_to
from tests.stores import open_whole
from tests.unit.recipe.session.serving import HandClock

assert pytest.__version__  # which each of them would import, as its parent was started with it

with closing(open_whole("sqlite://")) as storage:
    process = OwnProcess(storage, HandClock())
    answer_to(process, "start", (10,))
    answer_to(process, "refresh", (process.sign_in("user").refresh, "never"))

gc.freeze()  # so that a child copies fewer pages
