"""Metrics and failures of every instance of the mesh, asked at their private doors.

Bounded: so many instances, so much time for each, so many bytes. What does not answer is left out.
"""

import asyncio
import os
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import structlog
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from manciple.api.reports import ProcessFigures, TargetReport
from manciple.kit.errors import MancipleError
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.registry import Entry, Registry
from manciple.platform.rpc.client import UNIX, WireClient
from manciple.services.error_book import NotedError
from manciple.services.health import HouseWatch
from manciple.services.instance_news import NEWS_PATH, News
from manciple.services.latencies import Histogram, together
from manciple.services.metrics import BUCKETS_S, CALL_DURATIONS

MAX_INSTANCES = 32
# Less than any scraper waits; a busy core takes longer than one would think.
_WITHIN_S = 5.0

_log = structlog.get_logger(__name__)


class InstanceError(msgspec.Struct, frozen=True, kw_only=True):
    """A failure, and the instance in which it happened; empty in a house of one process."""

    service: str
    instance: str
    error: NotedError


class Families(Collector):
    """Metric families as they were gathered, ready to be written."""

    def __init__(self) -> None:
        self._by_name: dict[str, Metric] = {}

    def add(self, families: Iterable[Metric], **labels: str) -> None:
        """Takes over the samples of some families, each with more labels."""
        for family in families:
            known = self._by_name.get(family.name)
            if known is None:
                known = Metric(family.name, family.documentation, family.type)
                self._by_name[family.name] = known
            known.samples += [
                one._replace(labels={**one.labels, **labels}) for one in family.samples
            ]

    def collect(self) -> Iterator[Metric]:
        """Every family once."""
        yield from self._by_name.values()

    def text(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(_Only(self))


class _Only:
    """What `generate_latest` needs of a registry."""

    def __init__(self, families: Families) -> None:
        self.collect = families.collect


class Gathering:
    """Asks every instance; in a house of one process there is only this one."""

    def __init__(self, registry: Registry, watch: HouseWatch) -> None:
        self._registry = registry
        self._watch = watch

    async def families(self) -> Families:
        """All metrics; in a mesh each sample says of which service and instance it is."""
        families = Families()
        mine, others = await self._instances()
        if mine is None:
            families.add(REGISTRY.collect())
            return families
        families.add(REGISTRY.collect(), service=mine.service, instance=mine.id)
        bodies = await asyncio.gather(*(_fetched(one, "/metrics") for one in others))
        for one, body in zip(others, bodies, strict=True):
            if body is not None:
                parsed = await asyncio.to_thread(_parsed, body)
                families.add(parsed, service=one.service, instance=one.id)
        return families

    async def text(self) -> bytes:
        """All metrics, as Prometheus reads them."""
        return (await self.families()).text()

    async def latencies(self) -> dict[str, Histogram]:
        """How long calls of each procedure took, of all instances together."""
        return latencies_in(await self.families())

    async def figures(self) -> list[tuple[str, str, ProcessFigures]]:
        """The figures of every instance, with its service and its id."""
        return [(service, instance, news.figures) for service, instance, news in await self._news()]

    async def errors(self) -> list[InstanceError]:
        """The newest failures of all instances, the newest first."""
        found = [
            InstanceError(service=service, instance=instance, error=error)
            for service, instance, news in await self._news()
            for error in news.errors
        ]
        return sorted(found, key=lambda one: one.error.at, reverse=True)

    async def targets(self) -> list[TargetReport]:
        """The places outside that any instance asks, each as each instance finds it."""
        return [target for _, _, news in await self._news() for target in news.targets]

    async def _news(self) -> list[tuple[str, str, News]]:
        mine, others = await self._instances()
        service, instance = (mine.service, mine.id) if mine else ("", "")
        here = News(
            figures=self._watch.figures(),
            errors=self._watch.book.newest(),
            targets=self._watch.targets(),
        )
        bodies = await asyncio.gather(*(_fetched(one, NEWS_PATH) for one in others))
        there = [
            (one.service, one.id, msgspec.json.decode(body, type=News))
            for one, body in zip(others, bodies, strict=True)
            if body is not None
        ]
        return [(service, instance, here), *there]

    async def _instances(self) -> tuple[Entry | None, Sequence[Entry]]:
        """This instance, if this process is one, and the others that may be asked."""
        pid = os.getpid()
        entries = await self._registry.entries()
        mine = next((one for one in entries if one.pid == pid), None)
        if mine is None:
            return None, ()
        others = [
            one
            for one in entries
            if one.pid != pid
            and one.address.startswith(UNIX)
            and one.phase in {Phase.READY, Phase.DRAINING}
        ]
        return mine, others[:MAX_INSTANCES]


def latencies_in(families: Families) -> dict[str, Histogram]:
    """The histograms of calls among gathered metrics, by path."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    sums: dict[tuple[str, str], float] = {}
    for family in families.collect():
        if family.name != CALL_DURATIONS:
            continue
        for one in family.samples:
            key = (one.labels["path"], one.labels.get("instance", ""))
            if one.name.endswith("_bucket"):
                found.setdefault(key, {})[one.labels["le"]] = one.value
            elif one.name.endswith("_sum"):
                sums[key] = one.value
    by_path: dict[str, list[Histogram]] = {}
    for key, buckets in found.items():
        by_path.setdefault(key[0], []).append(_histogram(buckets, sums.get(key, 0.0)))
    return {path: together(histograms) for path, histograms in by_path.items()}


def _histogram(buckets: dict[str, float], sum_s: float) -> Histogram:
    """From counts up to each bound, as they are written, to counts by bucket."""
    up_to = [buckets[str(float(bound))] for bound in BUCKETS_S] + [buckets["+Inf"]]
    counts = [now - before for before, now in zip([0.0, *up_to], up_to, strict=False)]
    return Histogram(bounds_s=BUCKETS_S, counts=tuple(counts), sum_s=sum_s)


def _parsed(body: bytes) -> list[Metric]:
    return list(text_string_to_metric_families(body.decode()))


async def _fetched(entry: Entry, path: str) -> bytes | None:
    client = WireClient(entry.address, name=entry.id, max_connections=1)
    try:
        return await client.fetch(path, timeout_s=_WITHIN_S)
    except MancipleError as error:
        _log.info("mesh.instance.not_gathered", instance=entry.id, problem=str(error))
        return None
    finally:
        await client.close()
