"""What a strategy file already does, read from its syntax tree without running it."""

import ast
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alphaloop.minds.search.quoting import Quoting, quoting


@dataclass(frozen=True, slots=True)
class Reading:
    """A strategy's source with its tunable numbers; `quoting` is None when its shape is not one we can edit.

    params: PARAMS that are numbers, in their own units; bounds: (low, high) of those that a search may move.
    """

    source: str
    params: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]]
    quoting: Quoting | None

    def named(self, word: str) -> str | None:
        """The one number that a search may move and whose name holds `word`; None if none or several do."""
        names = [name for name in self.bounds if word in name]
        return names[0] if len(names) == 1 else None


def read(source: str) -> Reading | None:
    """What `source` does, or None when it is not a Python file."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    params = {
        name: float(value) for name, value in _table(tree, "PARAMS").items() if isinstance(value, int | float)
    }
    bounds = {
        name: span
        for name, pair in _table(tree, "BOUNDS").items()
        if name in params and (span := _span(pair)) is not None
    }
    return Reading(source, params, bounds, quoting(tree) if bounds else None)


def _table(tree: ast.Module, name: str) -> dict[str, object]:
    """The literal dictionary that is bound to `name`, or {}."""
    values = [value for target, value in _constants(tree) if target == name]
    if len(values) != 1:
        return {}
    try:
        table = ast.literal_eval(values[0])
    except ValueError:
        return {}
    return table if isinstance(table, dict) and all(isinstance(key, str) for key in table) else {}


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                pass


def _span(pair: object) -> tuple[float, float] | None:
    """(low, high), if the pair is two finite numbers in that order."""
    if not (isinstance(pair, tuple | list) and len(pair) == 2):
        return None
    low, high = pair
    numbers = isinstance(low, int | float) and isinstance(high, int | float)
    return (float(low), float(high)) if numbers and -math.inf < low < high < math.inf else None
