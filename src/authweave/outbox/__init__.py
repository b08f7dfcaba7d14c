"""
What is to be done after a transaction, and is delivered at least once: mails, and what tells others of a user.

A row is written in the transaction that it belongs to, and stands or falls with it. Whoever has it delivered takes it
under a lease; what fails is tried again. What is in a row is sealed.
"""

from ._handling import Handler, OutboxMessage, RefusedError
from ._outbox import Outbox
from ._worker import OffLoop
from .store import OUTBOX, ClaimedRow, OutboxRow, OutboxState, OutboxStore, Outlook

__all__ = [
    "OUTBOX",
    "ClaimedRow",
    "Handler",
    "OffLoop",
    "Outbox",
    "OutboxMessage",
    "OutboxRow",
    "OutboxState",
    "OutboxStore",
    "Outlook",
    "RefusedError",
]
