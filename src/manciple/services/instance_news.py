"""What an instance tells the others at its private door: what failed, and whom it asks outside."""

import msgspec

from manciple.api.reports import TargetReport
from manciple.services.error_book import NotedError

NEWS_PATH = "/news"


class News(msgspec.Struct, frozen=True, kw_only=True):
    """The newest failures, and the places outside."""

    errors: tuple[NotedError, ...] = ()
    targets: tuple[TargetReport, ...] = ()
