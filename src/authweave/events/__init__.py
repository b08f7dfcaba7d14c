"""Security events: who signed in, whose session was stolen, and so on; in the log, handed to hooks, and kept."""

from ._event import EventKind, SecurityEvent
from ._hub import Events, OnEvent

__all__ = ["EventKind", "Events", "OnEvent", "SecurityEvent"]
