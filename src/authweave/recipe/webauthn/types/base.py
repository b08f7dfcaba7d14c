"""The path by which applications know these from SuperTokens."""

from authweave.types.base import WebauthnInfo, WebauthnInfoInput

__all__ = ["WebauthnInfo", "WebauthnInfoInput"]
