import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
before = set(sys.modules)
import authweave.kernel
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.mark.processes
def test_the_kernel_loads_only_what_it_is_made_of() -> None:
    """Importing it in a fresh process loads the standard library and typing-extensions, and no other room."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run(  # noqa: S603  this interpreter, a program written here
        [sys.executable, "-c", PROGRAM], capture_output=True, check=True, env=environment, text=True
    )
    loaded: list[str] = json.loads(run.stdout)
    foreign = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    assert foreign <= {"authweave", "typing_extensions"}
    rooms = {name for name in loaded if name.startswith("authweave.")}
    assert all(name.startswith("authweave.kernel") for name in rooms)
