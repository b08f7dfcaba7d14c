"""``python -m tests.reference PYTHON``: compare with the supertokens-python that PYTHON has installed."""

import sys

from tests.reference.comparison import main

sys.exit(main(*sys.argv[1:]))
