"""What the route of the recipe answers, as data (docs/reference/http-factors.md, Second factors)."""

from __future__ import annotations

from typing import Final

from authweave.http import GENERAL_ERROR, TEXT, Answer, Schema, array_of, object_schema, one_of, status_schema
from authweave.recipe.session.interfaces import CHANGED_TOKEN

FACTORS: Final = array_of(TEXT)
NEXT: Final = object_schema("NextFactors", {"next": FACTORS, "alreadySetup": FACTORS, "allowedToSetup": FACTORS})
BY_FACTOR: Final[Schema] = {"type": "object", "additionalProperties": FACTORS}
INFO: Final = Answer(
    200,
    "`factors` says how the user goes on; `emails` and `phoneNumbers` where codes of a factor may be sent to.",
    one_of(status_schema("MFAInfo", "OK", factors=NEXT, emails=BY_FACTOR, phoneNumbers=BY_FACTOR), GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
