"""
What schemathesis makes of the document, at a real server: every phase and every check, and links that are followed.

``AUTHWEAVE_SCHEMATHESIS`` says how many cases there are at least (``nox -s schemathesis`` does so), ``AUTHWEAVE_SEED``
from where chance begins.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx2

from authweave.framework.asgi import Middleware
from authweave.recipe import usermetadata, userroles
from authweave.serving.api import init as server_api
from authweave.types import JSONObject
from tests.chance import SEED
from tests.integration.http.serving import serving
from tests.patience import PATIENCE_S

from .conftest import Documented, behind
from .served import KEY, documented_app

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[2]
CASES: Final = int(os.environ.get("AUTHWEAVE_SCHEMATHESIS", "50"))
SHORT: Final = 1000
"""Up to how many cases the boundaries of every value of the API for programs are left out: what CI has time for."""
ALL: Final = "examples,coverage,fuzzing,stateful"
EXAMPLES_OF_CASES: Final = 50
"""Of how many cases, about, one more example of each operation is worth it."""

COUNTED: Final = re.compile(r"([0-9]+) generated(?:, ([0-9]+) (?:passed|found))?")


def run(document: JSONObject, address: str, hooks: str, cases: int, folder: Path, *, phases: str = ALL) -> int:
    """Have schemathesis send requests, and return how many cases there were."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "schemathesis.cli"),
        f"--config-file={HERE / 'schemathesis.toml'}",
        "run",
        str(path),
        f"--url={address}",
        f"--phases={phases}",
        f"--max-examples={max(1, cases // EXAMPLES_OF_CASES)}",
        f"--seed={SEED}",
    ]
    env = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": str(HERE / hooks),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)  # noqa: S603  ours
    print(ended.stdout[-1500:])  # noqa: T201  for `pytest -s`: how many cases there were
    assert ended.returncode == 0, ended.stdout + ended.stderr
    counted = COUNTED.search(ended.stdout)
    assert counted is not None, ended.stdout
    return int(counted[1])


def test_no_answer_is_undocumented_and_none_is_a_fault(documented: Documented, tmp_path: Path) -> None:
    """Whatever is sent, the answer is one of the document, and no wrong request is taken for a right one."""
    assert run(documented.document(), documented.address, "hooks.py", CASES, tmp_path) >= CASES


def test_so_it_is_with_the_api_for_programs(tmp_path: Path) -> None:
    """The same of the document of which clients with a key are made."""
    programs = [userroles.init(), usermetadata.init(), server_api(keys=[KEY])]
    with (
        documented_app(tmp_path, "http://localhost:9", others=programs) as app,
        serving(Middleware(behind, app)) as address,
    ):
        sent = {"authorization": f"Bearer {KEY}"}
        answer = httpx2.get(f"{address}/auth/api/openapi.json", headers=sent, timeout=PATIENCE_S)
        assert answer.status_code == 200
        phases = ALL if CASES > SHORT else "fuzzing,stateful"
        cases = CASES // 5
        assert run(answer.json(), address, "api_hooks.py", cases, tmp_path, phases=phases) >= cases
