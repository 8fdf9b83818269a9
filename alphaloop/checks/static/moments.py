"""A moment of one tape is also remembered by nearness, by going through a table, or by a remainder."""

import ast
from collections.abc import Callable, Iterator
from itertools import pairwise

from alphaloop.checks.static.folding import number
from alphaloop.checks.static.given import of_attribute, values
from alphaloop.checks.static.program import Program, Scope, once
from alphaloop.facts.finding import Finding

# A table of two is a pair of bounds; from three on it is a list of moments or of prices.
_FEWEST = 3
_DEEPEST = 2
# A profile of the day has a number an hour.
_LONGEST = 24
_LONGEST_DAY = 48
_MOST_BITS = 255
# Remainders by less are a rhythm: every other call, every fifth tick.
_SMALLEST_REMAINDER = 8
_PRICES = {"bid", "ask", "mid", "mark", "price"}
_RAW = _PRICES | {"time"}
_ROUNDING = {"int", "round", "float", "floor", "ceil", "trunc", "rint", "str"}
_NEARNESS = {"math.isclose", "numpy.isclose"}
_LOOKUPS = {
    *("bisect.bisect", "bisect.bisect_left", "bisect.bisect_right", "numpy.searchsorted", "numpy.digitize"),
    "numpy.interp",
}
Holds = Callable[[ast.expr, set[str]], bool]
_INSTEAD = "compare differences and ratios of the current market"


def findings(program: Program) -> Iterator[Finding]:
    """Comparisons that ask whether the clock or a price is where it was on one tape."""
    raw = _names(program, {"now"}, lambda value, found: _is_raw(program, value, found))
    yield from _roots(program, raw)
    hashed = _names(program, set(), lambda value, found: _is_hash(program, value, raw))
    for node in program.nodes:
        seen = ""
        if isinstance(node, ast.Compare):
            seen = _compared(program, node, raw, hashed)
        elif isinstance(node, ast.Call):
            seen = _called(program, node, raw)
        elif isinstance(node, ast.Subscript):
            seen = _indexed(program, node.value, node.slice, raw)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
            bits = _reads_clock(program, node.right, raw) and (number(program, node.left) or 0.0) > _MOST_BITS
            seen = "the bits of a number are read off by the clock" if bits else ""
        if seen:
            yield program.veto("moments", node, f"{seen}; {_INSTEAD}")


def _roots(program: Program, raw: set[str]) -> Iterator[Finding]:
    """Several moments, each subtracted from the clock: (t - 12.0) * (t - 14.5) * (t - 31.0) < 0."""
    seen: set[float] = set()
    for node in program.walk(ast.BinOp):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and _is_raw(program, node.left, raw):
            moment = number(program, node.right)
            seen |= {moment} if moment else set()
            if len(seen) > _FEWEST:
                yield program.veto(
                    "moments", node, f"{len(seen)} moments subtracted from the clock; {_INSTEAD}"
                )
                return


def _compared(program: Program, node: ast.Compare, raw: set[str], hashed: set[str]) -> str:
    sides = [node.left, *node.comparators]
    if any(_is_near(program, side, raw) for side in sides):
        return "nearness to a remembered price or time"
    if any(_is_raw(program, one, raw) and _is_listed(program, other) for one, other in _pairs(sides)):
        return "the clock or a price is compared with a table, one by one"
    last, operation = sides[-1], node.ops[-1]
    if isinstance(operation, (ast.In, ast.NotIn)) and _is_raw(program, node.left, raw):
        return "the clock or a price is looked up in a range" if _is_range(program, last) else ""
    if isinstance(operation, (ast.In, ast.NotIn, ast.Eq)) and _is_hashed(program, node.left, raw, hashed):
        known = number(program, last) or _count(program, last)
        return "a remainder of the price is recognised" if known else ""
    return ""


def _indexed(program: Program, table: ast.expr, index: ast.expr, raw: set[str]) -> str:
    replayed = _count(program, table)
    if _counts_up(program, index) and replayed > _LONGEST:
        return f"a table of {replayed} numbers is played back"
    if _is_raw(program, index, raw) and replayed >= _FEWEST:
        return "the clock or a price is looked up in a table"
    if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Mod) and _is_raw(program, index.left, raw):
        most = number(program, index.right)
        return "the clock is looked up in a long table" if most is not None and most > _LONGEST_DAY else ""
    return ""


def _reads_clock(program: Program, node: ast.expr, raw: set[str]) -> bool:
    return any(_is_raw(program, part, raw) for part in ast.walk(node) if isinstance(part, ast.expr))


def _called(program: Program, call: ast.Call, raw: set[str]) -> str:
    origin = program.origin(call.func)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "get" and call.args:
        return _indexed(program, call.func.value, call.args[0], raw)
    if _is_from_table(program, call, raw):
        return "nearness to a table of prices or times"
    if not any(_is_raw(program, given, raw) for given in call.args):
        return ""
    if origin in _NEARNESS and any(number(program, given) for given in call.args):
        return "nearness to a remembered price or time"
    if origin in _LOOKUPS and any(_count(program, given) >= _FEWEST for given in call.args):
        return "the clock or a price is looked up in a table"
    return ""


def _names(program: Program, found: set[str], holds: Holds) -> set[str]:
    """Local names and attributes of self that are given a value of which `holds` is true."""
    for _ in range(3):
        for node in program.walk(ast.Assign, ast.NamedExpr):
            if not isinstance(node, (ast.Assign, ast.NamedExpr)) or not holds(node.value, found):
                continue
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    found.add(target.id)
                elif isinstance(target, ast.Attribute) and program.is_self(target.value):
                    found.add(target.attr)
    return found


def _is_raw(program: Program, node: ast.AST | None, names: set[str]) -> bool:
    """Whether a value is the clock or a price, however rounded and scaled; differences are not."""
    match node:
        case ast.Attribute(value=value, attr=name):
            return name in (names if program.is_self(value) else _RAW)
        case ast.Name(id=name):
            return name in names
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
            return name in _ROUNDING and _is_raw(program, first, names)
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() | ast.FloorDiv() | ast.Add(), right=right):
            return number(program, right) is not None and _is_raw(program, left, names)
        case _:
            return False


def _pairs(sides: list[ast.expr]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What is compared with what, each way round."""
    yield from pairwise(sides)
    yield from ((other, one) for one, other in pairwise(sides))


def _is_from_table(program: Program, call: ast.Call, raw: set[str]) -> bool:
    """abs(book.time - moment), where the moments stand in a table."""
    match call:
        case ast.Call(
            func=ast.Name(id="abs") | ast.Attribute(attr="abs" | "fabs"),
            args=[ast.BinOp(left=left, op=ast.Sub(), right=right)],
        ):
            pairs = ((left, right), (right, left))
            return any(_is_raw(program, one, raw) and _is_listed(program, other) for one, other in pairs)
        case _:
            return False


def _is_near(program: Program, side: ast.expr, raw: set[str]) -> bool:
    match side:
        case ast.Call(
            func=ast.Name(id="abs") | ast.Attribute(attr="abs" | "fabs"),
            args=[ast.BinOp(left=left, op=ast.Sub(), right=right)],
        ):
            pairs = ((left, right), (right, left))
            return any(_is_raw(program, one, raw) and bool(number(program, other)) for one, other in pairs)
        case _:
            return False


def _is_listed(program: Program, node: ast.expr) -> bool:
    """Whether a term is a literal table, or made of elements of one and of numbers alone."""
    if _count(program, node) >= _FEWEST:
        return True
    parts = [part for part in ast.walk(node) if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript))]
    found = [part for part in parts if _is_element(program, part)]
    inside = {part for element in found for part in ast.walk(element)}
    return bool(found) and all(part in inside or number(program, part) is not None for part in parts)


def _is_element(program: Program, node: ast.AST) -> bool:
    """Whether a node is an element of a literal table, by its index or by the name of a loop."""
    if isinstance(node, ast.Subscript):
        return _count(program, node.value) >= _FEWEST
    return _goes_through(program, node)


def _goes_through(program: Program, node: ast.AST) -> bool:
    scope = program.binder(node) if isinstance(node, ast.Name) else None
    return scope is not None and isinstance(node, ast.Name) and _is_gone_through(program, scope, node.id)


@once
def _is_gone_through(program: Program, scope: Scope, name: str) -> bool:
    """Whether a loop gives a name the elements of a literal table."""
    for bound in scope.bound[name]:
        around: ast.AST | None = bound
        while around is not None and not isinstance(around, (ast.comprehension, ast.stmt)):
            around = program.parents.get(around)
        if isinstance(around, (ast.For, ast.comprehension)) and _count(program, around.iter) >= _FEWEST:
            return True
    return False


def _counts_up(program: Program, index: ast.expr) -> bool:
    """Whether an index is an attribute that is counted up by one, or a remainder of it."""
    if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Mod):
        return _counts_up(program, index.left)
    if not isinstance(index, ast.Attribute) or not program.is_self(index.value):
        return False
    return ast.unparse(index) in _counted(program)


@once
def _counted(program: Program) -> frozenset[str]:
    """What an operator like += changes somewhere."""
    changed = (node for node in program.walk(ast.AugAssign) if isinstance(node, ast.AugAssign))
    return frozenset(ast.unparse(node.target) for node in changed)


def _is_range(program: Program, node: ast.expr) -> bool:
    called = isinstance(node, ast.Call) and program.is_builtin(node.func, "range")
    return (
        called and isinstance(node, ast.Call) and all(number(program, part) is not None for part in node.args)
    )


def _is_hashed(program: Program, node: ast.expr, raw: set[str], hashed: set[str]) -> bool:
    named = isinstance(node, ast.Name) and node.id in hashed
    own = isinstance(node, ast.Attribute) and program.is_self(node.value) and node.attr in hashed
    return named or own or _is_hash(program, node, raw)


def _is_hash(program: Program, node: ast.expr, raw: set[str]) -> bool:
    """Whether a value is the remainder of a price that was made whole: int(mid * 1000) % 16."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mod):
        return False
    whole = [part for part in ast.walk(node.left) if isinstance(part, ast.Call) and part.args]
    prices = raw - {"now"}
    return (number(program, node.right) or 0.0) >= _SMALLEST_REMAINDER and any(
        isinstance(part.func, ast.Name)
        and part.func.id in ("int", "round")
        and _is_raw(program, part.args[0], prices)
        and not any(isinstance(one, ast.Attribute) and one.attr == "time" for one in ast.walk(part))
        for part in whole
    )


@once
def _count(program: Program, node: ast.AST, depth: int = 0) -> int:
    """How many numbers a literal table holds, also by its name and through enumerate or zip."""
    if isinstance(node, ast.Attribute) and depth < _DEEPEST:
        return _count_of(program, node.attr, depth + 1)
    if isinstance(node, ast.Name) and depth < _DEEPEST:
        known = values(program, node)
        return max((_count(program, one, depth + 1) for one in known if one is not None), default=0)
    if isinstance(node, ast.Call) and depth < _DEEPEST:
        return sum(_count(program, given, depth + 1) for given in node.args)
    if not isinstance(node, (ast.Tuple, ast.List, ast.Set, ast.Dict)):
        return 0
    return sum(number(program, part) is not None for part in ast.walk(node) if isinstance(part, ast.Constant))


@once
def _count_of(program: Program, name: str, depth: int) -> int:
    """How many numbers the largest table holds that an attribute is given."""
    known = of_attribute(program, name)
    return max((_count(program, one, depth) for one in known if one is not None), default=0)
