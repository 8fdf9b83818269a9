"""A price path is also remembered as a curve over time, or as a scrambled clock that draws its signs."""

import ast
import math
from collections.abc import Iterator

from alphaloop.checks.static.folding import number
from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding

MAX_COEFFICIENTS = 5
"""Two harmonics of a day need four (amplitudes; periods and 2 are whole); a fitted path needs more."""
MAX_STEPS = {"moments": 5, "prices": 3}
"""Different literals that a file may compare the market with; round minutes are free."""
_SCRAMBLING = 7
# A wave in prices or in basis points is smaller.
_LARGEST_AMPLITUDE = 1_000.0
_PRICES = {"bid", "ask", "mid", "price", "mark"}
_STATEMENTS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)


def findings(program: Program) -> Iterator[Finding]:
    """Curves fitted to time, and numbers that scramble."""
    clocks = _clocks(program)
    for node in program.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Mod, ast.Pow)):
            powered = isinstance(node.op, ast.Pow)
            sides = () if powered else (node.left, node.right)
            if any(_scrambles(program, side) for side in sides) or _draws(program, node):
                seen = "a number scrambled with a long constant; decide from the book, not by drawing"
                yield program.veto("curves", node, seen)
            elif _is_power(program, node, clocks):
                seen = "a power of the clock; a price path is not to be remembered as a curve"
                yield program.veto("curves", node, seen)
        elif isinstance(node, _STATEMENTS) and node.value is not None:
            fitted = _coefficients(program, node.value)
            if fitted > MAX_COEFFICIENTS and _reads(program, node.value, clocks):
                seen = f"a curve over time with {fitted} fitted numbers (most: {MAX_COEFFICIENTS})"
                yield program.veto("curves", node, f"{seen}; measure the market instead of remembering it")
    yield from _ladders(program, clocks)


def _ladders(program: Program, clocks: set[str]) -> Iterator[Finding]:
    """A path written as steps, in time (if t < 31: …, elif t < 74: …) or in price (if mid > 101.37: …)."""
    steps: dict[str, set[float]] = {"moments": set(), "prices": set()}
    for node in program.walk(ast.Compare):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        literals = {value for side in sides if (value := number(program, side)) is not None}
        if any(_reads(program, side, clocks) and _is_moment(side) for side in sides):
            steps["moments"] |= {value for value in literals if value % 60 != 0}
        if any(isinstance(side, ast.Attribute) and side.attr in _PRICES for side in sides):
            steps["prices"] |= {value for value in literals if value != 0}
        for kind, seen in steps.items():
            if len(seen) > MAX_STEPS[kind]:
                words = f"{len(seen)} {kind} written as steps (most: {MAX_STEPS[kind]})"
                yield program.veto("curves", node, f"{words}; measure the market instead of remembering it")
                return


def _is_moment(side: ast.expr) -> bool:
    """A time, or a remainder of one: a difference of two times says how long, not when."""
    if isinstance(side, ast.BinOp):
        return isinstance(side.op, (ast.Mod, ast.FloorDiv, ast.Div)) and _is_moment(side.left)
    return isinstance(side, (ast.Name, ast.Attribute))


def _scrambles(program: Program, node: ast.expr) -> bool:
    value = number(program, node)
    if value is None or not math.isfinite(value) or abs(value) < 10**6 or value != int(value):
        return False
    return len(str(int(abs(value))).rstrip("0")) >= _SCRAMBLING


def _is_power(program: Program, node: ast.BinOp, clocks: set[str]) -> bool:
    """`t ** 3` of the time itself; the square of how long something took is honest."""
    exponent = number(program, node.right) if isinstance(node.op, ast.Pow) else None
    return (exponent or 0.0) >= 2.0 and _is_moment(node.left) and _reads(program, node.left, clocks)


def _draws(program: Program, node: ast.BinOp) -> bool:
    """`sin(x) * 43758.5453`, whose places after the point are a die."""
    pairs = ((node.left, node.right), (node.right, node.left))
    return isinstance(node.op, ast.Mult) and any(
        program.origin(getattr(one, "func", one)).rpartition(".")[2] in ("sin", "cos", "tan")
        and abs(number(program, other) or 0.0) >= _LARGEST_AMPLITUDE
        for one, other in pairs
    )


def _coefficients(program: Program, node: ast.expr) -> int:
    """How many different numbers with a fraction an expression is made of."""
    known = [number(program, part) for part in ast.walk(node) if isinstance(part, (ast.Constant, ast.Name))]
    fitted = {value for value in known if value is not None and math.isfinite(value) and value % 1 != 0}
    return len(fitted) + sum(_terms(program, part) for part in ast.walk(node) if isinstance(part, ast.Call))


def _terms(program: Program, call: ast.Call) -> int:
    """The coefficients of a polynomial that numpy evaluates, also by their name."""
    if program.origin(call.func) != "numpy.polyval" or not call.args:
        return 0
    table: ast.AST | None = call.args[0]
    if isinstance(table, ast.Name) and table.id in program.module.bound:
        table = getattr(program.parents[program.module.bound[table.id][0]], "value", None)
    return len(table.elts) if isinstance(table, (ast.Tuple, ast.List)) else 0


def _reads(program: Program, node: ast.expr, clocks: set[str]) -> bool:
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in clocks:
            return True
        if isinstance(part, ast.Attribute):
            own = program.is_self(part.value)
            if (own and part.attr in clocks) or (not own and part.attr == "time"):
                return True
    return False


def _clocks(program: Program) -> set[str]:
    """Names and attributes of self that hold the time, or what was computed from it."""
    found = {"now"}
    for _ in range(3):
        for node in program.walk(ast.Assign):
            if isinstance(node, ast.Assign) and _reads(program, node.value, found) and _is_number(node.value):
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
                own = [target for target in node.targets if isinstance(target, ast.Attribute)]
                found |= {target.attr for target in own if program.is_self(target.value)}
    return found


def _is_number(value: ast.expr) -> bool:
    """Arithmetic on a clock is a clock; what a function of the file makes of it is judged there."""
    return not any(
        isinstance(part, (ast.Compare, ast.IfExp, ast.List, ast.Dict, ast.Sub)) for part in ast.walk(value)
    )
