"""Scripts of the unmodified frontends, bundled as an application's build does."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.patience import PATIENCE_S

NODE: Final = Path(__file__).parents[1] / "node"
EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "frontends"
PACKAGES: Final = NODE / "node_modules"


@functools.cache
def bundled(source: Path) -> bytes:
    """Bundle a script with the packages from npm that it imports; each once."""
    assert shutil.which("node") is not None
    builder = PACKAGES / "esbuild" / "bin" / "esbuild"
    assert builder.is_file(), "run: npm ci --prefix tests/node"
    production = "--define:process.env.NODE_ENV='production'"
    command = [str(builder), str(source), "--bundle", production, "--jsx=automatic", "--log-level=warning"]
    environment = {**os.environ, "NODE_PATH": str(PACKAGES)}  # the examples have no packages of their own
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=PATIENCE_S)  # noqa: S603  our own
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
