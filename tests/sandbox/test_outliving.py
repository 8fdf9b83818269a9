"""A strategy's memory is self: whatever else it changes is seen, by whichever way it was changed."""

from collections.abc import Callable
from contextlib import closing

import pytest

from alphaloop.errors import StrategyFault
from alphaloop.sandbox.lockdown import Lockdown

Source = Callable[..., bytes]
BOOK = (1.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.1, None, None, None)

MEMORIES = {
    "a table": ("TABLE = [0]", "TABLE[0] = book.mid"),
    "a table behind another name": ("A = [0]\nB = max(A, [])", "B[0] = book.mid"),
    "a table in a tuple": ("TABLE = (1, [0])", "TABLE[1].append(book.mid)"),
    "a table by a method that is handed on": ("TABLE = []", "list(map(TABLE.append, [book.mid]))"),
    "a default": ("def put(v, seen=[]):\n    seen.append(v)", "put(book.mid)"),
    "a default by its name alone": ("def put(v, *, seen={}):\n    seen[v] = v", "put(book.mid)"),
    "a closure": (
        "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n = 1\n    return g\nU = f()",
        "U()",
    ),
    "a function's attribute": ("def f():\n    pass", "f.n = book.mid"),
    "the class": ("", "type(self).n = book.mid"),
    "a class attribute that is shared": ("class Kept:\n    seen = []", "Kept.seen.append(book.mid)"),
    "a class's private name": ("class Kept:\n    __seen = [0]", "Kept._Kept__seen[0] = book.mid"),
    "an instance of the module": ("class Kept:\n    n = 0\nKEPT = Kept()", "KEPT.n = book.mid"),
    "a slot": ("class Kept:\n    __slots__ = ('n',)\nKEPT = Kept()", "KEPT.n = book.mid"),
    "a member of an enumeration": (
        "from enum import Enum\nclass M(Enum):\n    A = 1\n    def note(self, x):\n        self.seen = x",
        "M.A.note(book.mid)",
    ),
    "a named tuple's default": (
        "from collections import namedtuple\nP = namedtuple('P', ['x'], defaults=[[]])",
        "P().x.append(book.mid)",
    ),
    "an array": ("import numpy as np\nTABLE = np.zeros(3)", "np.array([book.mid]).round(1, TABLE[:1])"),
    "a new name": ("", "global NEW\nNEW = book.mid"),
    "a name that is gone": ("OLD = 1", "global OLD\ndel OLD"),
    "another object of the same value's place": ("TABLE = [[1.0]]", "TABLE[0] = [2.0]"),
    "the order of a map": ("TABLE = {1: 1, 2: 2}", "TABLE[1] = TABLE.pop(1)"),
}


@pytest.mark.parametrize("kept", MEMORIES)
def test_what_is_remembered_outside_of_self_is_seen_at_the_end(
    lockdown: Lockdown, strategy: Source, kept: str
) -> None:
    top, body = MEMORIES[kept]
    worker = lockdown.start(strategy(f"{body}\nreturn []", top=top))
    worker.on_book(BOOK)
    with pytest.raises(StrategyFault, match=r"was changed while the strategy ran; its memory is self"):
        worker.close()


@pytest.mark.parametrize(
    ("top", "what"),
    [
        ("from itertools import chain\nNEXT = chain([1], [2])", "chain"),
        ("NEXT = iter([1])", "list_iterator"),
        ("NEXT = (n for n in (1, 2))", "generator"),
        ("NEXT = map(abs, [1])", "map"),
        ("NEXT = object()", "object"),
    ],
)
def test_what_could_remember_unseen_is_refused_at_birth(
    lockdown: Lockdown, strategy: Source, top: str, what: str
) -> None:
    with pytest.raises(StrategyFault, match=f"keeps a {what} outside of self"):
        lockdown.start(strategy("return []", top=top))


def test_making_the_strategy_may_change_nothing_either(lockdown: Lockdown) -> None:
    source = (
        b"SEEN = []\nclass Strategy:\n    def __init__(self, params):\n        SEEN.append(1)\n"
        b"    def on_book(self, book):\n        return []\n"
    )
    worker = lockdown.start(source)
    with pytest.raises(StrategyFault, match="SEEN was changed"):
        worker.close()


def test_a_circle_ends_and_reading_a_table_is_no_change(lockdown: Lockdown, strategy: Source) -> None:
    top = "RING = [1]\nRING.append(RING)\nTABLE = {'a': (1.0, 2.0)}\nclass Kept:\n    n = 3"
    body = (
        "self.seen.append(TABLE['a'][0] + RING[0] + Kept.n)\nself.Kept = Kept()\nself.Kept.n = 4\nreturn []"
    )
    with closing(lockdown.start(strategy(body, top=top))) as worker:
        worker.on_book(BOOK)


def test_a_file_that_keeps_a_world_of_values_is_refused(lockdown: Lockdown, strategy: Source) -> None:
    with pytest.raises(StrategyFault, match="more than 50000 values"):
        lockdown.start(strategy("return []", top="TABLE = [[n] for n in range(100_000)]"))
