"""What a strategy may import is loaded before it is born, because behind the walls no file can be read."""

import importlib

ALLOWED = (
    "__future__",
    "alphaloop.contract",
    "bisect",
    "collections",
    "dataclasses",
    "enum",
    "functools",
    "heapq",
    "itertools",
    "math",
    "numpy",
    "statistics",
    "typing",
)
# What those import only when they are used.
_LATER = ("numpy.ma",)


def preload() -> None:
    """Import every module that a strategy may use."""
    for name in ALLOWED + _LATER:
        importlib.import_module(name)
