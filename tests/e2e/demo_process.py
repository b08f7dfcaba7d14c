"""``authweave demo`` as a process of its own, as a person starts it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import attrs

from tests.patience import PATIENCE_S


@attrs.define
class DemoProcess:
    """A demo that runs, and what it said when it started."""

    process: subprocess.Popen[str]
    origin: str
    greeting: str

    def interrupt(self) -> tuple[int, str, str]:
        """Press Ctrl-C; return the exit status, what else was printed, and what went to standard error."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err


@contextmanager
def started_demo(data: Path, *arguments: str) -> Generator[DemoProcess]:
    """Start the demo in the folder of its data, wait until it says where it is, and end it when the block does."""
    command = [sys.executable, "-m", "authweave.cli", "demo", f"--data={data}", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=data.parent, stdout=pipe, stderr=pipe, text=True) as process:  # noqa: S603  our own
        try:
            yield greeted(process)
        finally:
            process.kill()


def greeted(process: subprocess.Popen[str]) -> DemoProcess:
    """Read what the demo says up to its last line before it serves."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ctrl-C"):
            break
    greeting = "".join(said)
    found = re.search(r"http://\S+", greeting)
    if found is None:
        _, err = process.communicate(timeout=PATIENCE_S)
        raise AssertionError(f"the demo did not start: {greeting}{err}")
    return DemoProcess(process, found[0], greeting)
