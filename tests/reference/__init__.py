"""Compares the public names and parameters with those of supertokens-python: `nox -s reference`."""
