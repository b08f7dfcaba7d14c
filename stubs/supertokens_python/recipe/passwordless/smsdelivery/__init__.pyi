# Written by `authweave moved stubs`.
