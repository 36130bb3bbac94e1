"""`manciple understand`: what a sentence means, one at a time or many as JSON lines."""

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec
import typer

from manciple.grocery.domain.language.frames import Entity, Frame
from manciple.grocery.domain.language.understander import Understander
from manciple.kit.clock import SystemClock
from manciple.kit.errors import InvalidInput


class Asked(msgspec.Struct, frozen=True):
    """A row of the batch mode's input."""

    id: str
    text: str
    context: str | None = None


def understand(
    sentence: Annotated[str | None, typer.Argument(help="What somebody said.")] = None,
    *,
    context: Annotated[str | None, typer.Option(help="What the assistant said before.")] = None,
    jsonl: Annotated[bool, typer.Option(help="Read rows from standard input.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the frame as JSON.")] = False,
) -> None:
    """The intents of a sentence, and what it names.

    With --jsonl, reads lines {"id", "text", "context"?} and writes {"id", "intents",
    "entities", "confidence", "latency_ms"}.
    """
    if jsonl:
        for line in batch(sys.stdin.buffer, Understander.load()):
            sys.stdout.write(line)
        return
    if sentence is None:
        raise InvalidInput.at("sentence", "say one, or give --jsonl and rows on standard input")
    frame = Understander.load().understand(sentence, context)
    sys.stdout.write(_json(frame) if as_json else readable(frame))


def batch(lines: Iterable[bytes], understander: Understander) -> Iterator[str]:
    """One line of JSON for each line of input, in order; empty lines are skipped.

    Raises:
        InvalidInput: a line is not such a row.
    """
    clock = SystemClock()
    decoder = msgspec.json.Decoder(Asked)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = decoder.decode(line)
        except msgspec.DecodeError as problem:
            raise InvalidInput.at(f"line {number}", str(problem)) from problem
        began = clock.monotonic()
        frame = understander.understand(asked.text, asked.context)
        row = {
            "id": asked.id,
            "intents": frame.intents,
            "entities": [_entity_row(entity) for entity in frame.entities],
            "confidence": round(frame.confidence, 4),
            "latency_ms": round(1000 * (clock.monotonic() - began), 3),
        }
        yield _json(row)


def readable(frame: Frame) -> str:
    """The frame as lines for a person."""
    lines = [f"{' + '.join(frame.intents)}  ({frame.confidence:.0%}, {frame.band})"]
    lines += [f"  {_described(entity)}" for entity in frame.entities]
    others = [f"{other.intent} {other.confidence:.0%}" for other in frame.alternatives[1:]]
    if frame.band == "ask" and others:
        lines.append(f"  or: {', '.join(others)}")
    if frame.needs_confirmation:
        lines.append("  needs a yes first")
    return "\n".join(lines) + "\n"


def _described(entity: Entity) -> str:
    marks = [
        f"item {entity.item + 1}" if entity.item is not None else "",
        f"= {entity.value:g}" if isinstance(entity.value, float) else "",
        f"= {entity.value}" if isinstance(entity.value, str) else "",
        "not wanted" if entity.negated else "",
        "to be replaced" if entity.role == "old" else "",
    ]
    said = ", ".join(mark for mark in marks if mark)
    return f"{entity.type:<12} {entity.text}{f'  ({said})' if said else ''}"


def _entity_row(entity: Entity) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(entity)
    return {key: value for key, value in row.items() if value is not None}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode() + "\n"
