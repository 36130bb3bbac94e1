"""What an instance tells the others at its private door: how it is, what failed, whom it asks."""

import msgspec

from manciple.api.reports import ProcessFigures, TargetReport
from manciple.services.error_book import NotedError

NEWS_PATH = "/news"


class News(msgspec.Struct, frozen=True, kw_only=True):
    """Its figures, the newest failures, and the places outside."""

    figures: ProcessFigures
    errors: tuple[NotedError, ...] = ()
    targets: tuple[TargetReport, ...] = ()
