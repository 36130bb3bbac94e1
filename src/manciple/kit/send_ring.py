"""The same bytes to many sockets with one system call, where the kernel has a ring for it.

Linux calls it io_uring: requests are laid in memory shared with the kernel and handed over all
together. Systems without it, and those that forbid it, say so when the ring is made.
"""

import ctypes
import errno
import mmap
import os
import socket
import sys
import weakref
from array import array
from collections.abc import Callable
from typing import cast

# The same on every machine that Linux runs on but one (alpha).
SETUP, ENTER = 425, 426
_OP_SEND = 26
# A socket that fails stops none of those behind it; Linux 5.18 and later.
_SUBMIT_ALL = 1 << 7
_REQUESTS_AT = 0x10000000
_REQUEST_BYTES, _RESULT_BYTES = 64, 16
_SLOTS = 1024


class _SubmissionOffsets(ctypes.Structure):
    _fields_ = (
        ("head", ctypes.c_uint32),
        ("tail", ctypes.c_uint32),
        ("mask", ctypes.c_uint32),
        ("entries", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("dropped", ctypes.c_uint32),
        ("array", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32 * 3),
    )


class _CompletionOffsets(ctypes.Structure):
    _fields_ = (
        ("head", ctypes.c_uint32),
        ("tail", ctypes.c_uint32),
        ("mask", ctypes.c_uint32),
        ("entries", ctypes.c_uint32),
        ("overflow", ctypes.c_uint32),
        ("results", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32 * 4),
    )


class _Params(ctypes.Structure):
    _fields_ = (
        ("requests", ctypes.c_uint32),
        ("results", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("thread_cpu", ctypes.c_uint32),
        ("thread_idle", ctypes.c_uint32),
        ("features", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32 * 4),
        ("submission", _SubmissionOffsets),
        ("completion", _CompletionOffsets),
    )


class SendRing:
    """Sends to many sockets with one entry into the kernel; of one thread at a time.

    `call` makes a system call by its number, as the C library's `syscall` does.

    Raises (when made):
        OSError: this kernel has no such ring, or this process may not have one.
    """

    def __init__(self, call: Callable[..., int] | None = None) -> None:
        self._call = call or system_call()
        params = _Params(flags=_SUBMIT_ALL)
        self._fd = self._entered(SETUP, _SLOTS, ctypes.byref(params))
        weakref.finalize(self, os.close, self._fd)
        requests = mmap.mmap(self._fd, _SLOTS * _REQUEST_BYTES, offset=_REQUESTS_AT)
        to, back = params.submission, params.completion
        end = back.results + params.results * _RESULT_BYTES
        shared = memoryview(mmap.mmap(self._fd, max(end, to.array + 4 * _SLOTS)))
        self._tail, self._taken = _word(shared, to.tail), _word(shared, back.head)
        results = shared[back.results : end].cast("i")
        # A result is which request it answers (eight bytes), what became of it, and flags.
        self._which, self._answers = results[0::4], results[2::4]
        slots = range(_SLOTS)
        # The order in which the kernel takes requests: each is always in its own place.
        shared[to.array : to.array + 4 * _SLOTS].cast("I")[:] = array("I", slots)
        words = memoryview(requests).cast("i")
        words[0::16] = array("i", [_OP_SEND]) * _SLOTS
        words[7::16] = array("i", [socket.MSG_DONTWAIT]) * _SLOTS
        words[8::16] = array("i", slots)
        self._sockets, self._sizes = words[1::16], words[6::16]
        self._addresses = memoryview(requests).cast("Q")[2::8]

    def send(self, row: "array[int]", data: bytes) -> dict[int, int]:
        """How many bytes those took that did not take all, by their places in the row."""
        address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
        short: dict[int, int] = {}
        at = 0
        while at < len(row):
            start = self._tail[0] % _SLOTS
            some = row[at : at + _SLOTS - start]
            place = slice(start, start + len(some))
            self._sockets[place] = some
            self._sizes[place] = array("i", [len(data)]) * len(some)
            self._addresses[place] = array("Q", [address]) * len(some)
            for slot, taken in self._short(start, len(some), len(data)).items():
                short[at + slot - start] = taken
            at += len(some)
        return short

    def _short(self, start: int, count: int, size: int) -> dict[int, int]:
        """Of so many requests of one size from a slot on, those that took less; by their slots."""
        begin = self._taken[0] % (2 * _SLOTS)
        self._tail[0] = self._next(self._tail[0], count)
        done = self._hand_over(count)
        self._tail[0] = self._next(self._tail[0], done - count)
        # There is room for twice as many results, so those of one round lie side by side.
        round_ = slice(begin, begin + done)
        answers = self._answers[round_].tobytes()
        which = self._which[round_]
        self._taken[0] = self._next(self._taken[0], done)
        if answers == (array("i", [size]) * count).tobytes():
            return {}
        taken = dict.fromkeys(range(start, start + count), 0)
        taken.update(zip(which, array("i", answers), strict=True))
        return {slot: max(0, answer) for slot, answer in taken.items() if answer != size}

    def _hand_over(self, count: int) -> int:
        """Returns when the kernel is done with what it takes; mostly that is all."""
        left = count
        while left:
            try:
                # None of them may wait, so all have ended when the kernel returns.
                taken = self._entered(ENTER, self._fd, left, 0, 0, None, 0)
            except InterruptedError:
                continue
            except OSError:
                break
            if not taken:
                break
            left -= taken
        return count - left

    def _next(self, position: int, steps: int) -> int:
        return (position + steps) & 0xFFFFFFFF

    def _entered(self, *arguments: object) -> int:
        result = self._call(*arguments)
        if result < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
        return result


def system_call() -> Callable[..., int]:
    """The C library's way to any system call.

    Raises:
        OSError: this is not Linux.
    """
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "only Linux has rings")
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    return cast("Callable[..., int]", call)


def _word(shared: memoryview, at: int) -> memoryview:
    return shared[at : at + 4].cast("I")
