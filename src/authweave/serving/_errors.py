"""What ends a server of several processes."""

from __future__ import annotations

from authweave.kernel import AuthweaveError


class WorkerError(AuthweaveError):
    """A process that should serve could not start. The next would fail in the same way: the server ends."""

    code = "serve_worker"
