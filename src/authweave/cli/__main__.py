"""``python -m authweave.cli``: the command line without its script."""

from ._main import main

main()
