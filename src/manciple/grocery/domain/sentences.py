"""What counts as a sentence at all."""

from manciple.kit.errors import InvalidInput

# A long message of a person; reading time grows with it.
MAX_SENTENCE_CHARS = 2000


def checked_sentence(sentence: str) -> str:
    """The sentence, if it is one.

    Raises:
        InvalidInput: it is empty or too long.
    """
    if not sentence.strip():
        raise InvalidInput.at("sentence", "must not be empty")
    if len(sentence) > MAX_SENTENCE_CHARS:
        raise InvalidInput.at("sentence", f"must have at most {MAX_SENTENCE_CHARS} characters")
    return sentence
