"""Results that APIs of every recipe may return."""

from __future__ import annotations

import attrs


@attrs.frozen
class GeneralErrorResponse:
    """A message for the person in front of the form. Any API may return it; answered as ``GENERAL_ERROR``."""

    message: str
