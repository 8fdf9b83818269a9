"""PARAMS and BOUNDS are literal dictionaries, and every default of a number to search over lies in bounds."""

import ast
import math
from collections.abc import Iterator
from typing import TypeGuard

from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding

_NUMBERS = (int, float)


def findings(program: Program) -> Iterator[Finding]:
    """Parameters that a search could not read or write."""
    params, bounds = _table(program, "PARAMS"), _table(program, "BOUNDS")
    for name, found in (("PARAMS", params), ("BOUNDS", bounds)):
        if name in program.module.bound and found is None:
            node = program.module.bound[name][0]
            yield program.veto(
                "params", node, f"{name} is no literal dictionary; write {name} = {{'name': …}}"
            )
    for key, value in (params or {}).items():
        if not _is_plain(value):
            node = program.module.bound["PARAMS"][0]
            yield program.veto(
                "params",
                node,
                f"PARAMS[{key!r}] is no finite number, word or tuple of them; write one",
            )
    for key, value in (bounds or {}).items():
        yield from _bound(program, key, value, params or {})


def _bound(program: Program, key: object, value: object, params: dict[object, object]) -> Iterator[Finding]:
    node = program.module.bound["BOUNDS"][0]
    if not (isinstance(value, (tuple, list)) and len(value) == 2 and all(_is_number(edge) for edge in value)):
        yield program.veto("params", node, f"BOUNDS[{key!r}] is no pair of numbers; write (lowest, highest)")
        return
    low, high = value
    default = params.get(key)
    if not _is_number(default):
        yield program.veto("params", node, f"BOUNDS[{key!r}] has no default; add {key!r} to PARAMS")
    elif not low <= default <= high:
        seen = f"PARAMS[{key!r}] = {default} lies outside its bounds {low} to {high}; correct one of them"
        yield program.veto("params", node, seen)


def _table(program: Program, name: str) -> dict[object, object] | None:
    for item in program.tree.body:
        target = item.targets[0] if isinstance(item, ast.Assign) and len(item.targets) == 1 else None
        target = item.target if isinstance(item, ast.AnnAssign) else target
        if (
            isinstance(target, ast.Name)
            and target.id == name
            and isinstance(item, (ast.Assign, ast.AnnAssign))
        ):
            try:
                value = ast.literal_eval(item.value) if item.value is not None else None
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return None
            if isinstance(value, dict) and all(isinstance(key, str) for key in value):
                return value
    return None


def _is_plain(value: object) -> bool:
    if isinstance(value, (tuple, list)):
        return all(_is_plain(part) for part in value)
    return isinstance(value, (bool, str)) or _is_number(value)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool) and math.isfinite(value)
