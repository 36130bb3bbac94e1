"""Which passwords are among the first that a guesser tries.

Not a list of whole passwords: those are made of a few words, runs of keys and years, in every
order and case. What is left of a password after these are taken out is what is worth guessing.
"""

import re
from functools import cache
from importlib.resources import files

# With fewer characters of its own than this, a password is only a well-known one in disguise.
_OWN_CHARACTERS = 4
_SHORTEST_WORD = 4
_SHORTEST_RUN = 4
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "qazwsxedcrfvtgbyhnujm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
)
_YEAR = re.compile(r"(19|20)\d\d")


def is_guessable(password: str, *, about: tuple[str, ...] = ()) -> bool:
    """Whether little is left of a password without well-known words, runs and repetitions.

    `about` are the owner's own name, address and the like.
    """
    own = tuple(
        part
        for text in about
        for part in re.split(r"\W+", text.lower())
        if len(part) > 2  # noqa: PLR2004 - syllables are no names
    )
    lowered = password.lower()
    words = (*own, *_words())
    return any(_left(text, words) < _OWN_CHARACTERS for text in (lowered, lowered.translate(_LEET)))


def _left(text: str, words: tuple[str, ...]) -> int:
    """How many different characters are left once what is well known was taken out."""
    for word in words:
        text = text.replace(word, " ")
    text = _without_runs(_YEAR.sub(" ", text))
    return len({*text} - {" "}) if len(text.replace(" ", "")) >= _OWN_CHARACTERS else 0


def _without_runs(text: str) -> str:
    at = 0
    kept = []
    while at < len(text):
        length = _run_at(text, at)
        kept.append(text[at] if length < _SHORTEST_RUN else " ")
        at += 1 if length < _SHORTEST_RUN else length
    return "".join(kept)


def _run_at(text: str, at: int) -> int:
    """How long the run of keys or of one character is that begins at a place."""
    length = 1
    while at + length < len(text) and _is_run(text[at : at + length + 1]):
        length += 1
    return length


def _is_run(piece: str) -> bool:
    return len(set(piece)) == 1 or any(piece in row or piece[::-1] in row for row in _ROWS)


@cache
def _words() -> tuple[str, ...]:
    """The well-known words, longest first."""
    text = (files("manciple.platform.security") / "common_words.txt").read_text(encoding="utf-8")
    words = {word for line in text.splitlines() if line[:1] != "#" for word in line.split()}
    return tuple(sorted((w for w in words if len(w) >= _SHORTEST_WORD), key=len, reverse=True))
