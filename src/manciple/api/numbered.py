"""Ids that are numbers: bounded by what a JSON number carries exactly."""

from typing import Annotated

from msgspec import Meta

RowId = Annotated[int, Meta(ge=1, le=2**53 - 1)]
"""The number of a row, as an earlier answer gave it."""
