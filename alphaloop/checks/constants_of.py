"""The numbers that a source holds, so that a file's own thresholds can be fed back to it."""

import ast
import math

MOST = 400
"""Numbers of one file; the static rules allow fewer in tables, and this bounds a file that they refuse."""


def constants_of(source: bytes) -> tuple[float, ...]:
    """The finite numbers that stand in a source as literals, with their signs; sorted, each once.

    True and False are no numbers.  A `-` before a literal counts, a sum of two does not: what an expression
    comes to is for whoever knows the scopes.  () for what does not parse.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found: set[float] = set()
    for node in ast.walk(tree):
        value = _number(node)
        if value is not None and len(found) < MOST:
            found.add(value)
    return tuple(sorted(found))


def _number(node: ast.AST) -> float | None:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _number(operand)
            return None if value is None else -value
        case ast.Constant(value=int() | float() as literal) if not isinstance(literal, bool):
            return float(literal) if abs(literal) < 1e300 and math.isfinite(literal) else None
        case _:
            return None
