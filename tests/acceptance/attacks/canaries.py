"""Secrets that were said or heard at a door, to be looked for where they must never be."""

import json
import re
from typing import Any

import requests

# Fields whose value is a secret, wherever in an input or an answer they are.
SECRET_FIELDS = frozenset(
    {
        *("password", "newPassword", "oldPassword", "code", "ticket", "secret", "token"),
        *("accessToken", "refreshToken", "csrfToken", "invitation"),
    }
)
# Shorter ones are guesses that stand in every log by chance.
_SHORTEST = 8
# Logs cut long texts; so much of one is a leak as well.
_PART = 20
_COOKIE = re.compile(r"__Host-[\w-]+=([^;\s]+)")


class Canaries:
    """Everything secret that passed by."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def add(self, *secrets: str) -> None:
        """Remembers secrets; short texts and paths, which attackers put everywhere, are none."""
        self.known |= {each for each in secrets if len(each) >= _SHORTEST and "../" not in each}

    def watch(self, said: Any, answer: requests.Response) -> None:
        """Remembers what a call and its answer hold."""
        self._look(said)
        for value in (answer.request.headers or {}).values():
            text = value if isinstance(value, str) else value.decode("latin-1")
            self.add(*_COOKIE.findall(text))
            if text.lower().startswith("bearer "):
                self.add(text[7:].strip())
        self.add(*_COOKIE.findall(answer.headers.get("set-cookie", "")))
        try:
            body = answer.json()
        except ValueError:
            return
        for each in body if isinstance(body, list) else [body]:
            self._look(each.get("result") if isinstance(each, dict) else None)

    def leaked_into(self, text: str) -> list[str]:
        """Those that a text holds, cut short so that a report does not leak them too."""
        return sorted(f"{each[:6]}…" for each in self.known if _is_in(text, each))

    def _look(self, value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in SECRET_FIELDS and isinstance(inner, str):
                    self.add(inner)
                else:
                    self._look(inner)
        elif isinstance(value, list):
            for inner in value:
                self._look(inner)


def _is_in(text: str, secret: str) -> bool:
    """Whether a text has a secret, as it is or as JSON has it, or a good part of a long one."""
    whole = (secret, json.dumps(secret)[1:-1])
    parts = (secret[at : at + _PART] for at in range(0, len(secret) - 2 * _PART, _PART))
    return any(each in text for each in (*whole, *parts))
