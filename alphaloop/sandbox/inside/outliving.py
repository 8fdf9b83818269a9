"""Inside the worker: what outlives an instance of Strategy, written down so that a change of it shows.

A strategy's memory is `self`.  What a module, a class, a default or a closure remembers hides what an order
depends on, and would pass from one instance to the next.  The static rules refuse the ways of doing that
which they know; this sees that nothing was changed, whichever way was found.
"""

import enum
import functools
import sys
import types
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from alphaloop.sandbox.inside.birth import Unfit

MOST_PARTS = 50_000
"""Values looked at in one file; the static rules bound its literals far below."""

Written = Mapping[str, tuple[str, ...]]

_PLAIN = (type(None), bool, float, complex, str, bytes, types.EllipsisType)
_SEQUENCES = (tuple, list, deque)
_FIXED = (
    *(
        type,
        types.ModuleType,
        types.BuiltinFunctionType,
        types.GetSetDescriptorType,
        types.MemberDescriptorType,
    ),
    *(
        types.MethodDescriptorType,
        types.WrapperDescriptorType,
        types.GenericAlias,
        types.UnionType,
        range,
        slice,
    ),
)
_FIXED_NAMES = frozenset({"_tuplegetter", "_abc_data", "ufunc", "dtype", "_ArrayFunctionDispatcher"})
"""Types that no import names: fields of a named tuple, registers of an abstract class, numpy's functions."""


def outliving(module: types.ModuleType) -> Written:
    """Every name of a strategy's module with all that hangs on it; raises Unfit for what cannot be written.

    Two calls give the same exactly when nothing has changed in between.
    """
    looked = _Looked(module.__name__)
    return {name: tuple(looked.at(value)) for name, value in vars(module).items() if not _dunder(name)}


def changed(before: Written, after: Written) -> str:
    """The first name that is new, gone or another; "" when everything is as it was."""
    return next((name for name in {**before, **after} if before.get(name) != after.get(name)), "")


class _Looked:
    """One walk over everything; each object is described once, so that circles end."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._seen: dict[int, Any] = {}

    def at(self, value: Any) -> Iterator[str]:
        """The parts of a value, one text after the other."""
        if len(self._seen) > MOST_PARTS:
            raise Unfit(f"the file keeps more than {MOST_PARTS} values outside of self; keep less")
        yield type(value).__name__
        if isinstance(value, _PLAIN):
            yield repr(value)
        elif isinstance(value, int):
            yield hex(value)
        elif id(value) not in self._seen:
            # Kept, not only its address: another object must not come to stand at the same one.
            self._seen[id(value)] = value
            for part in self._within(value):
                yield from self.at(part) if not isinstance(part, _Text) else (part.text,)

    def _within(self, value: Any) -> Iterator[Any]:
        """What a value is made of: further values, and texts that end here."""
        if isinstance(value, _SEQUENCES):
            yield from (_Text(str(len(value))), *value)
            yield from self._attributes(value)
        elif isinstance(value, dict):
            for key, kept in value.items():
                yield from (key, kept)
            yield getattr(value, "default_factory", None)
        elif isinstance(value, set | frozenset):
            yield _Text(repr(sorted(map(repr, value))))
        elif isinstance(value, types.FunctionType):
            yield from _of_function(value)
        elif isinstance(value, property | classmethod | staticmethod | functools.cached_property):
            yield from _of_descriptor(value)
        else:
            yield from self._of_instance(value)

    def _of_instance(self, value: Any) -> Iterator[Any]:
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(value, numpy.ndarray | numpy.generic):
            yield _Text(f"{value.dtype} {value.shape} {value.tobytes().hex()}")
        elif isinstance(value, type) and value.__module__ == self._home:
            yield from self._of_class(value)
        elif type(value).__module__ == self._home:
            yield from self._attributes(value)
        elif isinstance(value, _FIXED) or _is_typing(value) or type(value).__name__ in _FIXED_NAMES:
            yield _Text(str(getattr(value, "__qualname__", "")))
        else:
            raise Unfit(
                f"the file keeps a {type(value).__name__} outside of self, which could remember; use self"
            )

    def _of_class(self, made: type) -> Iterator[Any]:
        for name, value in list(vars(made).items()):
            if not _dunder(name):
                yield from (_Text(name), value)

    def _attributes(self, value: Any) -> Iterator[Any]:
        """What an instance of one of the file's own classes holds."""
        if isinstance(value, enum.Enum):
            yield value.value
        if type(value).__module__ == self._home:
            for name, kept in list(getattr(value, "__dict__", {}).items()):
                yield from (_Text(name), kept)
            for name in _slots(type(value)):
                yield from (_Text(name), getattr(value, name, None))


class _Text:
    """Words about a value, which are no value of the strategy's."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def _of_function(function: types.FunctionType) -> Iterator[Any]:
    yield from (function.__defaults__, function.__kwdefaults__, dict(vars(function)))
    for cell in function.__closure__ or ():
        # A cell is empty while the function that fills it is still running.
        yield cell.cell_contents if _filled(cell) else None


def _of_descriptor(value: Any) -> Iterator[Any]:
    names = ("fget", "fset", "fdel", "__func__", "func")
    yield from (getattr(value, name, None) for name in names)


def _filled(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True


def _slots(made: type) -> Iterator[str]:
    for base in made.__mro__:
        slots = vars(base).get("__slots__", ())
        yield from (slots,) if isinstance(slots, str) else slots


def _is_typing(value: Any) -> bool:
    return type(value).__module__ in ("typing", "types", "__future__", "enum", "dataclasses")


def _dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
