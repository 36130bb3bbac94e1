"""One name for every type that goes over the wire, the same from run to run."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, get_args, get_origin

# Names that the written files need for themselves or that TypeScript already means something by.
RESERVED = frozenset(
    {
        *("AppRouter", "AppRouterRecord", "ErrorData", "ErrorShape", "InputProblems"),
        *("Query", "Mutation", "Subscription", "Tracked"),
        *("TRPCBuiltRouter", "TRPCErrorShape", "TRPC_ERROR_CODE_KEY"),
        *("TRPCQueryProcedure", "TRPCMutationProcedure", "TRPCSubscriptionProcedure"),
        *("Array", "AsyncIterable", "Blob", "Date", "Error", "File", "FormData", "Map", "Object"),
        *("Partial", "Promise", "Record", "Set", "String", "Uint8Array"),
    }
)
_NO_WORD = re.compile(r"\W")


def unique_names(classes: Iterable[Any]) -> dict[Any, str]:
    """A name for each class: its own if no other has it, else with the name of its module before.

    All that share a name are told apart in the same way, so none depends on the order.

    Raises:
        ValueError: two classes cannot be told apart even by their modules.
    """
    names: dict[Any, str] = {}
    left = set(classes)
    for name in _LEVELS:
        proposed = {cls: name(cls) for cls in left}
        often = Counter((*proposed.values(), *names.values()))
        names |= {
            cls: proposal
            for cls, proposal in proposed.items()
            if often[proposal] == 1 and proposal not in RESERVED
        }
        left -= names.keys()
    if left:
        message = f"cannot name apart: {sorted(map(repr, left))}"
        raise ValueError(message)
    return names


def _own(cls: Any) -> str:
    """`Product`, or `PageOfProduct` for `Page[Product]`."""
    origin = get_origin(cls)
    if origin is None:
        return _NO_WORD.sub("", str(getattr(cls, "__name__", cls)))
    return _own(origin) + "Of" + "And".join(_pascal(_own(one)) for one in get_args(cls))


def _with_module(cls: Any) -> str:
    return _pascal(_module(cls).rpartition(".")[2]) + _own(cls)


def _with_outer(cls: Any) -> str:
    outer = str(getattr(get_origin(cls) or cls, "__qualname__", "")).rpartition(".")[0]
    return _with_module(cls) if not outer else _pascal(outer) + _own(cls)


def _with_everything(cls: Any) -> str:
    return _pascal(_module(cls)) + _with_outer(cls)


def _module(cls: Any) -> str:
    return str((get_origin(cls) or cls).__module__)


def _pascal(dotted: str) -> str:
    words = _NO_WORD.sub("_", dotted).split("_")
    return "".join(word[:1].upper() + word[1:] for word in words)


_LEVELS: tuple[Callable[[Any], str], ...] = (_own, _with_module, _with_outer, _with_everything)
