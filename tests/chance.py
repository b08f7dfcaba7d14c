"""Where chance begins: what a run chooses is chosen again by ``AUTHWEAVE_SEED``, and on CI by every run."""

import os
import secrets
from typing import Final

ON_CI: Final = 1
"""Any would do: a change is not refused for what the one before it was let through with."""

SEED: Final = int(
    os.environ.get("AUTHWEAVE_SEED") or (ON_CI if os.environ.get("CI") == "true" else secrets.randbelow(2**32))
)
