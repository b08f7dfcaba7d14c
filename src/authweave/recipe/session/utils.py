"""The path by which applications know `TokenTransferMethod`."""

from .types import TokenTransferMethod

__all__ = ["TokenTransferMethod"]
