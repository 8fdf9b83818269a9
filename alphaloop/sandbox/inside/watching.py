"""Inside the worker: which lines a strategy reaches, what it keeps, and whether it lets go of its answers.

Only a worker that is asked to watches.  What it says is as untrusted as all that a worker says: it may add a
finding, and never takes one away.
"""

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from alphaloop.sandbox import wire
from alphaloop.sandbox.inside.answers import Malformed
from alphaloop.sandbox.inside.birth import FILE

MOST_PARTS = 200_000
"""Keys looked at in one count; whoever keeps more keeps too much by any measure."""


class Watch:
    """Counts from the moment at which it is made."""

    def __init__(self, on_book: Callable[..., Any]) -> None:
        self._on_book = on_book
        self._strategy = getattr(on_book, "__self__", None)
        self._lines: set[int] = set()
        self._returned: tuple[list[Any], tuple[Any, ...]] | None = None
        sys.settrace(self._trace)

    def on_book(self, book: Any) -> Any:
        """Ask the strategy; raises Malformed when a callback has changed what it returned the last time."""
        if self._returned is not None and tuple(self._returned[0]) != self._returned[1]:
            raise Malformed(
                "the list that on_book returned was changed by another callback; what was returned is sent, "
                "so make a new list for each answer"
            )
        answer = self._on_book(book)
        self._returned = (answer, tuple(answer)) if isinstance(answer, list) else None
        return answer

    def reply(self, sequence: int) -> bytes:
        """What was seen until now."""
        bitmap = bytearray(wire.MOST_LINES // 8)
        for line in self._lines:
            if line < wire.MOST_LINES:
                bitmap[line // 8] |= 1 << line % 8
        return wire.SEEN_REPLY.pack(sequence, wire.SEEN, 0, 0, _kept(self._strategy), bytes(bitmap))

    def _trace(self, frame: FrameType, _event: str, _value: Any) -> Any:
        if frame.f_code.co_filename != FILE:
            return None
        self._lines.add(frame.f_lineno)
        return self._trace


def _kept(strategy: Any) -> int:
    """How many keys hang on an instance, in its dicts and sets and those within.

    Not through sequences: a window is as long as its author wants, and one that is never cut can be read off.
    """
    count, seen, waiting = 0, set[int](), [strategy]
    while waiting and count < MOST_PARTS:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict | set | frozenset):
            count += len(value)
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif type(value).__module__ == "strategy":
            waiting.extend(_attributes(value))
    return count


def _attributes(value: Any) -> Iterator[Any]:
    yield from getattr(value, "__dict__", {}).values()
    for made in type(value).__mro__:
        slots = vars(made).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            yield getattr(value, name, None)
