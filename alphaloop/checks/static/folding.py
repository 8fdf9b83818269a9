"""The value of a numeric expression, as far as it can be read off without running anything."""

import ast
import math
import operator
from collections.abc import Callable

from alphaloop.checks.static.program import Program, once

_HUGE = 1e300
_DEEPEST = 10


@once
def number(program: Program, node: ast.AST | None, depth: int = 0) -> float | None:
    """The number that literals and constants make, infinity when it is too large, None when unknown."""
    match node:
        case ast.Constant(value=bool() | int() | float() as literal):
            return float(literal) if abs(literal) < _HUGE else math.inf
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = number(program, operand, depth)
            return None if value is None else -value
        case ast.BinOp(left=left, op=operation, right=right):
            return _combined(number(program, left, depth), operation, number(program, right, depth))
        case ast.Name() if depth < _DEEPEST:
            return _constant(program, node, depth)
        case ast.Attribute() | ast.Call() if _is_infinite(program, node):
            return math.inf
        case ast.Attribute(attr=name) if depth < _DEEPEST and len(program.assigned.get(name, [])) == 1:
            return number(program, program.assigned[name][0], depth + 1)
        case ast.Call(func=ast.Name(id="int" | "float" | "round" | "abs"), args=[only]):
            return number(program, only, depth)
        case _:
            return None


def _is_infinite(program: Program, node: ast.Attribute | ast.Call) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as text)]):
            return text.strip().lower().lstrip("+") in ("inf", "infinity")
        case _:
            return program.origin(node) in ("math.inf", "numpy.inf")


_FOLDS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,
    ast.LShift: lambda value, places: math.ldexp(value, int(places)),
}


def _combined(left: float | None, operation: ast.operator, right: float | None) -> float | None:
    fold = _FOLDS.get(type(operation))
    if left is None or right is None or fold is None:
        return None
    try:
        return fold(left, right)
    except OverflowError:
        return math.inf
    except (ZeroDivisionError, ValueError):
        return None


def _constant(program: Program, node: ast.Name, depth: int) -> float | None:
    scope = program.binder(node)
    bound = scope.bound[node.id] if scope is not None else []
    if len(bound) != 1:
        return None
    assignment = program.parents[bound[0]]
    if isinstance(assignment, (ast.Assign, ast.AnnAssign)):
        return number(program, assignment.value, depth + 1)
    return None
