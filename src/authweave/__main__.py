"""``python -m authweave``: the command ``authweave`` without its script."""

from authweave.cli import main

main()
