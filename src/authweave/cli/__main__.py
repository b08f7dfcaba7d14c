"""``python -m authweave.cli``: the command line without its script."""

from ._start import main

main()
