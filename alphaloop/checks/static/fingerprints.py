"""A strategy reacts to the state of the market, not to one remembered moment of it."""

import ast
import math
from collections.abc import Iterator

from alphaloop.checks.static.folding import number
from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import CONTRACT_FIELDS
from alphaloop.facts.finding import Finding

_MARKET = CONTRACT_FIELDS - {"position", "side"}
_CALENDAR = 1e6
MAX_MOMENTS = 8
"""Values that a counter may be compared with at once."""
_MOST_BEATS = 4
_INSTEAD = "compare differences and ratios of the current market"


def findings(program: Program) -> Iterator[Finding]:
    """Comparisons and tables that recognise one stretch of one tape."""
    tainted = _market_names(program)
    for node in program.nodes:
        seen = ""
        if isinstance(node, ast.Compare):
            seen = _compared(program, node, tainted)
        elif isinstance(node, (ast.Dict, ast.Set, ast.Tuple, ast.List)):
            seen = _keyed(program, node)
        elif isinstance(node, ast.MatchValue) and (number(program, node.value) or 0.0) != 0.0:
            matched = _of_market(program, _subject(program, node), tainted)
            seen = "the market is matched with a literal" if matched else ""
        if seen:
            yield program.veto("fingerprints", node, f"{seen}; {_INSTEAD}")


def _subject(program: Program, node: ast.AST) -> ast.AST:
    while not isinstance(node, ast.Match):
        node = program.parents[node]
    return node.subject


def _compared(program: Program, node: ast.Compare, tainted: set[str]) -> str:
    sides = [node.left, *node.comparators]
    seen = _range(program, sides, tainted)
    for left, operation, right in zip(sides, node.ops, sides[1:], strict=False):
        if isinstance(operation, (ast.Eq, ast.NotEq)):
            seen = seen or _equality(program, left, right, tainted)
        elif isinstance(operation, (ast.In, ast.NotIn)):
            seen = seen or _membership(program, left, right, tainted)
        else:
            seen = seen or _date(program, left, right) or _date(program, right, left)
    return seen


def _range(program: Program, sides: list[ast.expr], tainted: set[str]) -> str:
    if len(sides) != 3 or not _of_market(program, sides[1], tainted):
        return ""
    low, middle, high = (number(program, side) for side in sides)
    narrow = low and high and middle is None and abs(high - low) < 0.01 * abs(low)
    return "a narrow range of remembered values" if narrow else ""


def _equality(program: Program, left: ast.expr, right: ast.expr, tainted: set[str]) -> str:
    if isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple):
        pairs = zip(left.elts, right.elts, strict=False)
        return next(filter(None, (_equality(program, one, other, tainted) for one, other in pairs)), "")
    found = _recognises(program, left, right, tainted) or _recognises(program, right, left, tainted)
    return "a remembered value is recognised" if found else ""


def _membership(program: Program, left: ast.expr, right: ast.expr, tainted: set[str]) -> str:
    numbers = _numbers(program, right)
    if _of_market(program, left, tainted) and any(numbers):
        return "the market is looked up in a table"
    beats = len(numbers) <= _MOST_BEATS and all(beat <= _MOST_BEATS - 1 or beat % 5 == 0 for beat in numbers)
    if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mod) and _is_clock(left.left) and not beats:
        return "remembered moments of a period"
    # A handful of counts is a rhythm; many are the moments of one tape.
    counted = isinstance(left, ast.Attribute | ast.Name) and len(numbers) > MAX_MOMENTS
    return f"a count is looked up among {len(numbers)} remembered moments" if counted else ""


def _date(program: Program, time: ast.expr, literal: ast.expr) -> str:
    found = _is_time(time) and (number(program, literal) or 0.0) >= _CALENDAR
    return "a date in the source: measure time from when the strategy started" if found else ""


def _recognises(program: Program, value: ast.expr, literal: ast.expr, tainted: set[str]) -> bool:
    """Equality with an exact number, or of a market number with any literal but 0."""
    if isinstance(literal, ast.Tuple) and _of_market(program, value, tainted):
        return any(number(program, part) for part in literal.elts)
    remembered = number(program, literal)
    if remembered is None or number(program, value) is not None or remembered in (0.0, math.inf, -math.inf):
        return False
    if _is_remembered(remembered):
        return True
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod):
        return False
    return _of_market(program, value, tainted)


def _of_market(program: Program, node: ast.AST, tainted: set[str]) -> bool:
    """Whether a value is a number of the market; lengths, signs and remainders are not."""
    if isinstance(node, ast.Compare):
        return False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("len", "range"):
        return False
    if isinstance(node, ast.Attribute):
        own = program.is_self(node.value)
        return node.attr in (tainted if own else _MARKET)
    if isinstance(node, ast.Name):
        return node.id in tainted
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _is_clock(node.left):
        return False
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div)):
        # Differences and ratios travel between markets.
        return not _both(program, node, tainted) and _of_market(program, node.left, tainted)
    return any(_of_market(program, child, tainted) for child in ast.iter_child_nodes(node))


def _is_clock(node: ast.expr) -> bool:
    """Whether a value is the time, whole or not: its remainder is a rhythm, or the hour of a day."""
    while isinstance(node, ast.Call) and len(node.args) == 1:
        node = node.args[0]
    return _is_time(node)


def _both(program: Program, node: ast.BinOp, tainted: set[str]) -> bool:
    return _of_market(program, node.left, tainted) and _of_market(program, node.right, tainted)


def _market_names(program: Program) -> set[str]:
    """Local names and attributes that are assigned straight from a number of the market."""
    found: set[str] = {"now"}
    for _ in range(3):
        for node in program.walk(ast.Assign):
            if not isinstance(node, ast.Assign) or not _straight(node.value):
                continue
            if _of_market(program, node.value, found):
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
                found |= {
                    target.attr
                    for target in node.targets
                    if isinstance(target, ast.Attribute) and program.is_self(target.value)
                }
    return found


def _straight(node: ast.AST) -> bool:
    """Reading, rounding and scaling keep a fingerprint; sums, minima and own functions are state."""
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func).rpartition(".")[2]
        return name in ("int", "float", "round", "floor", "ceil", "trunc", "abs", "str") and _straight(
            node.args[0]
        )
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.Mult, ast.Add, ast.Div, ast.FloorDiv)) and _straight(node.left)
    return isinstance(node, (ast.Attribute, ast.Name, ast.Constant, ast.Tuple))


def _is_time(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in ("time", "now")


def _numbers(program: Program, node: ast.expr) -> list[float]:
    """The numbers of a literal table, also by its name or wrapped in a call such as frozenset(…)."""
    if isinstance(node, ast.Name) and node.id in program.module.bound:
        assignment = program.parents[program.module.bound[node.id][0]]
        node = assignment.value if isinstance(assignment, ast.Assign) else node
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    if not isinstance(node, (ast.Set, ast.Tuple, ast.List, ast.Dict)):
        return []
    keys = node.keys if isinstance(node, ast.Dict) else node.elts
    known = [number(program, key) for key in keys if key is not None]
    return [value for value in known if value is not None]


def _keyed(program: Program, node: ast.Dict | ast.Set | ast.Tuple | ast.List) -> str:
    keys = node.keys if isinstance(node, ast.Dict) else node.elts
    # Coefficients of a formula are exact too, but small.
    least = 0.0 if isinstance(node, (ast.Dict, ast.Set)) else 10.0
    known = [number(program, key) for key in keys]
    remembered = [key for key in known if key is not None and abs(key) >= least and _is_remembered(key)]
    return "a table of remembered numbers" if len(remembered) >= 3 else ""


def _is_remembered(value: float) -> bool:
    """Whether a number is so exact for its size that it was read off a tape: 61234.5, 101.37, 1723101."""
    if not math.isfinite(value):
        return False
    digits = len(f"{abs(value):.12g}".replace(".", "").strip("0"))
    return digits > 4 or (digits > 3 and abs(value) >= 10 and value != int(value))
