"""A language model behind one question: text in, a value of a known shape out.

Speaks Ollama's API and the one that OpenAI made common. Servers differ in how much of a schema
they take; the first way that works is remembered. What a model says is only ever data: it is
decoded into the asked type, or it is an error.
"""

import asyncio
import re
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec

from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.loose_json import at, decode, items, text
from manciple.grocery.connectors.targets import Answer, Target
from manciple.kit.breaker import BreakerSettings
from manciple.kit.errors import Upstream

T = TypeVar("T")

SOURCE = "language-model"
# A frame of twenty items takes about four hundred tokens; endless output ends here.
_MAX_TOKENS = 800
_MAX_ANSWER_BYTES = 256 << 10
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


class Dialect(StrEnum):
    """Which API a server speaks."""

    OLLAMA = "ollama"
    OPENAI = "openai"


class _Way(StrEnum):
    """How the shape of the answer is asked for, the strictest first."""

    SCHEMA = "schema"
    OBJECT = "object"
    PROMPT = "prompt"


_WAYS = tuple(_Way)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Which model is asked, where, and for how long.

    The specification's model is `qwen3:0.6b` on a local Ollama. `at_once` questions run at a time.
    """

    dialect: Dialect = Dialect.OLLAMA
    base_url: str = "http://localhost:11434"
    model: str = "qwen3:0.6b"
    api_key: str = field(default="", repr=False)
    timeout_s: float = 20.0
    at_once: int = 1


class LanguageModel:
    """One model on one server."""

    def __init__(self, fetcher: Fetcher, settings: ModelSettings) -> None:
        self._fetcher = fetcher
        self._settings = settings
        self._way = 0
        self._turns = asyncio.Semaphore(settings.at_once)
        self._target = Target(
            name=SOURCE,
            base_url=settings.base_url,
            timeout_s=settings.timeout_s,
            attempts=1,
            slow_s=settings.timeout_s,
            max_bytes=_MAX_ANSWER_BYTES,
            # Finding out what a server takes may cost two failures that are none.
            breaker=BreakerSettings(least_calls=3, bad_share=0.7, rest_s=15.0),
        )

    @property
    def name(self) -> str:
        """The model's name, as it is kept beside what it said."""
        return self._settings.model

    async def ask(self, instructions: str, question: str, *, answer: type[T]) -> T:
        """The model's answer to a question, as a value of the type `answer`.

        Raises:
            Upstream: the server failed, or what it said is not of the type.
            TimedOut: it did not answer in time.
            Unavailable: it failed too often lately.
        """
        schema = msgspec.json.schema(answer)
        async with self._turns:
            said = await self._say(instructions, question, schema)
        try:
            return msgspec.json.decode(_object_in(said), type=answer)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
            raise Upstream(SOURCE, "its answer is not of the asked shape") from error

    async def _say(self, instructions: str, question: str, schema: dict[str, Any]) -> str:
        """What the server's model says, asked in the strictest way that the server takes."""
        for way in range(self._way, len(_WAYS)):
            try:
                said = self._content(await self._post(_WAYS[way], instructions, question, schema))
            except _NotTaken:
                continue
            self._way = way
            return said
        raise Upstream(SOURCE, "the server takes no question of ours")

    async def _post(
        self, way: _Way, instructions: str, question: str, schema: dict[str, Any]
    ) -> Answer:
        if way is not _Way.SCHEMA:
            shape = msgspec.json.encode(schema).decode()
            instructions = f"{instructions}\nAnswer with one JSON object of this schema:\n{shape}"
        messages = [
            {"role": "system", "content": instructions},
            {"role": "user", "content": question},
        ]
        is_ollama = self._settings.dialect is Dialect.OLLAMA
        body = (
            self._ollama(way, messages, schema)
            if is_ollama
            else self._openai(way, messages, schema)
        )
        headers = {"authorization": f"Bearer {key}"} if (key := self._settings.api_key) else {}
        path = "/api/chat" if is_ollama else "/v1/chat/completions"
        try:
            answer = await self._fetcher.fetch(
                self._target, "POST", path, json=body, headers=headers
            )
        except Upstream as error:
            # Some servers answer 500 to a schema that they do not understand.
            if "answered 5" in error.problem and way is not _Way.PROMPT:
                raise _NotTaken from error
            raise
        if answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
            raise _NotTaken
        if answer.status != HTTPStatus.OK:
            raise Upstream(SOURCE, f"answered {answer.status}")
        return answer

    def _ollama(
        self, way: _Way, messages: list[dict[str, str]], schema: dict[str, Any]
    ) -> dict[str, Any]:
        shape: dict[_Way, dict[str, Any]] = {
            _Way.SCHEMA: {"format": schema},
            _Way.OBJECT: {"format": "json"},
        }
        return {
            "model": self._settings.model,
            "messages": messages,
            "stream": False,
            "options": {"temperature": 0, "num_predict": _MAX_TOKENS},
            **shape.get(way, {}),
        }

    def _openai(
        self, way: _Way, messages: list[dict[str, str]], schema: dict[str, Any]
    ) -> dict[str, Any]:
        named = {"name": "answer", "schema": schema, "strict": True}
        shape: dict[_Way, dict[str, Any]] = {
            _Way.SCHEMA: {"response_format": {"type": "json_schema", "json_schema": named}},
            _Way.OBJECT: {"response_format": {"type": "json_object"}},
        }
        return {
            "model": self._settings.model,
            "messages": messages,
            "temperature": 0,
            "max_tokens": _MAX_TOKENS,
            **shape.get(way, {}),
        }

    def _content(self, answer: Answer) -> str:
        data = decode(answer.body, source=SOURCE)
        choices = items(data, "choices")
        said = text(data, "message.content") or (choices and text(choices[0], "message.content"))
        if not said:
            raise Upstream(SOURCE, f"no words in its answer{_reason(data)}")
        return said


class _NotTaken(Exception):
    """The server does not take the question in this form."""


def _object_in(said: str) -> bytes:
    """The JSON object in what a model said: thoughts, fences and prose around it are dropped."""
    plain = _THOUGHTS.sub("", said)
    start, end = plain.find("{"), plain.rfind("}")
    return plain[start : end + 1].encode() if 0 <= start < end else plain.encode()


def _reason(data: Any) -> str:
    said = at(data, "error.message") or at(data, "error")
    return f": {said[:200]}" if isinstance(said, str) else ""
