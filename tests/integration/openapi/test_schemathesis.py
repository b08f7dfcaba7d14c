"""
What schemathesis makes of the document, at a real server: every phase and every check, and links that are followed.

``AUTHWEAVE_SCHEMATHESIS`` says how many cases there are at least (``nox -s schemathesis`` does so), ``AUTHWEAVE_SEED``
from where chance begins.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Final

from .conftest import Documented
from .served import OPENAPI_PATH

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[2]
CASES: Final = int(os.environ.get("AUTHWEAVE_SCHEMATHESIS", "150"))
SEED: Final = os.environ.get("AUTHWEAVE_SEED", str(secrets.randbelow(2**32)))
EXAMPLES_OF_CASES: Final = 50
"""Of how many cases, about, one more example of each operation is worth it."""

COUNTED: Final = re.compile(r"([0-9]+) generated(?:, ([0-9]+) (?:passed|found))?")


def test_no_answer_is_undocumented_and_none_is_a_fault(documented: Documented, tmp_path: Path) -> None:
    """Whatever is sent, the answer is one of the document, and no wrong request is taken for a right one."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli"),
        f"--config-file={HERE / 'schemathesis.toml'}",
        "run",
        f"{documented.address}/auth{OPENAPI_PATH}",
        f"--url={documented.address}",
        f"--max-examples={max(1, CASES // EXAMPLES_OF_CASES)}",
        f"--seed={SEED}",
    ]
    env = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)  # noqa: S603  ours
    print(ended.stdout[-1500:])  # noqa: T201  for `pytest -s`: how many cases there were
    assert ended.returncode == 0, ended.stdout + ended.stderr
    counted = COUNTED.search(ended.stdout)
    assert counted is not None, ended.stdout
    assert int(counted[1]) >= CASES
