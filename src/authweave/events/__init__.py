"""Security events: who signed in, whose session was stolen, and so on; in the log, handed to hooks, and kept."""

from ._event import EventKind, SecurityEvent
from ._hub import Events, OnEvent
from ._keeping import Keeper
from .store import EVENTS, EventQuery, EventStore

__all__ = ["EVENTS", "EventKind", "EventQuery", "EventStore", "Events", "Keeper", "OnEvent", "SecurityEvent"]
