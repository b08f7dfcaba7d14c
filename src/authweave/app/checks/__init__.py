"""What ``authweave doctor`` looks at in every application; recipes add checks of their own."""

from ._all import AppChecks, diagnosis, named

__all__ = ["AppChecks", "diagnosis", "named"]
