"""
How long tests wait for what is going to happen.

No test measures the machine: where one waits, it waits for an event, and the limit is there so that a mistake ends in
an error and not in a run that hangs. So it is far longer than a busy machine takes, and nobody waits for it but where
something is broken. Where a limit of the library's is the subject, a test sets one of its own.
"""

from typing import Final

from authweave.storage import StorageOptions

PATIENCE_S: Final = 300.0
PATIENT: Final = StorageOptions(
    pool_timeout_s=PATIENCE_S, connect_timeout_s=PATIENCE_S, statement_timeout_s=PATIENCE_S, busy_timeout_s=PATIENCE_S
)
"""A store that waits for its turn."""

KEEP_ALIVE_S: Final = 600
"""How long the servers of tests keep an idle connection, so that none is closed just when a request is on its way."""
