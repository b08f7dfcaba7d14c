"""What the recipe keeps: nothing of its own. What is asked of a user stands in his metadata, of a tenant with it."""

from __future__ import annotations

from typing import Final

from authweave.storage import StorePart

PARTS: Final[tuple[StorePart[object], ...]] = ()
"""All that the recipe keeps."""
