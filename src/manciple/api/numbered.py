"""Whole numbers that an earlier answer gave: bounded by what a JSON number carries exactly."""

from typing import Annotated

from msgspec import Meta

GREATEST = 2**53 - 1

RowId = Annotated[int, Meta(ge=1, le=GREATEST)]
"""The number of a row."""
Revision = Annotated[int, Meta(ge=0, le=GREATEST)]
"""How often something was changed."""
