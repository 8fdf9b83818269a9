"""Work and memory that can be read off as too much: giant powers, repetitions, arrays, nested rounds."""

import ast
import re
from collections.abc import Iterator

from alphaloop.checks.static.folding import number
from alphaloop.checks.static.program import COMPREHENSIONS, FUNCTIONS, Program
from alphaloop.facts.finding import Finding

MAX_ELEMENTS = 10_000
MAX_WORK = 100_000
MAX_EXPONENT = 64
_PLACES = 20
_SPEC = re.compile(r"[<>^]?[-+ ]?0?\d{0,2}[,_]?(\.\d{1,2})?[defg%sn]?")
_WIDE = re.compile(r"%[-+ #0]*(\*|\d{3,}|\d*\.(\*|\d{3,}))")
_COUNTS = {"n", "bins", "minlength", "num", "repeats", "reps"}
_SIZED = {
    "zeros",
    "ones",
    "full",
    "eye",
    "identity",
    "arange",
    "linspace",
    "logspace",
    "geomspace",
    "tri",
    "repeat",
    "tile",
}


def findings(program: Program) -> Iterator[Finding]:
    """Expressions whose cost is out of proportion."""
    for node in program.nodes:
        if isinstance(node, ast.BinOp):
            yield from _operation(program, node)
        elif isinstance(node, ast.AugAssign):
            yield from _doubling(program, node)
        elif isinstance(node, ast.Call):
            yield from _call(program, node)
            yield from _round(program, node)
        elif isinstance(node, (ast.For, *COMPREHENSIONS)):
            yield from _nested(program, node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            yield from _doubled(program, node, node.value)
        elif _is_wide(node):
            yield program.veto("resources", node, "an unusual format; write one such as {price:.2f}")


def _operation(program: Program, node: ast.BinOp) -> Iterator[Finding]:
    right = number(program, node.right)
    if isinstance(node.op, ast.Pow):
        if right is not None and abs(right) > MAX_EXPONENT:
            yield program.veto(
                "resources", node, f"an exponent beyond {MAX_EXPONENT}; use math.exp or math.log"
            )
        elif isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Pow) and right is None:
            yield program.veto("resources", node, "a power of a power; use math.exp or math.log")
    elif isinstance(node.op, ast.LShift) and (right is None or right > MAX_EXPONENT):
        yield program.veto(
            "resources", node, f"a shift that may exceed {MAX_EXPONENT} bits; multiply instead"
        )
    elif isinstance(node.op, ast.Mult):
        for collection, count in ((node.left, node.right), (node.right, node.left)):
            times = number(program, count)
            if _is_collection(collection) and times is not None and times > MAX_ELEMENTS:
                seen = f"a collection of {times:.0f} elements; the limit is {MAX_ELEMENTS}"
                yield program.veto("resources", node, seen)


def _is_collection(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _is_collection(node.left) or _is_collection(node.right)
    return isinstance(node, (ast.List, ast.Tuple, ast.ListComp))


def _doubling(program: Program, node: ast.AugAssign) -> Iterator[Finding]:
    if isinstance(node.op, ast.Add) and ast.unparse(node.target) == ast.unparse(node.value):
        yield program.veto(
            "resources", node, "a value added to itself again and again; multiply numbers by 2"
        )
    elif isinstance(node.op, ast.Mult) and _multiplies_whole(program, node):
        yield program.veto(
            "resources", node, "a whole number that grows at every event; bound it with min(…)"
        )
    elif isinstance(node.op, (ast.Pow, ast.LShift)):
        yield program.veto("resources", node, "a number that explodes; use floats and math.exp")


def _multiplies_whole(program: Program, node: ast.AugAssign) -> bool:
    """Whether an attribute that starts whole is multiplied by a whole number, and never set back."""
    factor = number(program, node.value)
    if not isinstance(node.target, ast.Attribute) or factor is None or abs(factor) < 2 or factor % 1 != 0:
        return False
    values = [value for value in program.assigned.get(node.target.attr, []) if value is not None]
    starts = [isinstance(value, ast.Constant) and isinstance(value.value, int) for value in values]
    return starts == [True]


def _doubled(program: Program, node: ast.Assign, value: ast.BinOp) -> Iterator[Finding]:
    target = ast.unparse(node.targets[0])
    twice = ast.unparse(value.left) == ast.unparse(value.right) == target
    if isinstance(value.op, ast.Add) and twice:
        yield program.veto(
            "resources", node, "a value added to itself again and again; multiply numbers by 2"
        )
    elif isinstance(value.op, (ast.Mult, ast.Pow)) and _explodes(value, target) and _in_loop(program, node):
        yield program.veto("resources", node, "a number that is squared again and again; use math.exp")
    elif isinstance(node.targets[0], ast.Attribute) and _grows_by_itself(program, value, target):
        yield program.veto(
            "resources", node, "a whole number that grows at every event; take it modulo, or use floats"
        )


def _grows_by_itself(program: Program, value: ast.BinOp, target: str) -> bool:
    """Whether what is kept becomes a whole multiple, or a power, of itself: integers have no end."""
    if isinstance(value.op, (ast.Add, ast.Sub)):
        sides = [side for side in (value.left, value.right) if isinstance(side, ast.BinOp)]
        return any(_grows_by_itself(program, side, target) for side in sides)
    left, right = number(program, value.left), number(program, value.right)
    if isinstance(value.op, ast.LShift):
        return ast.unparse(value.left) == target
    if ast.unparse(value.left) == ast.unparse(value.right) == target:
        return isinstance(value.op, ast.Mult)
    if isinstance(value.op, ast.Pow):
        return ast.unparse(value.left) == target and right is not None and right >= 2
    if not isinstance(value.op, ast.Mult) or target not in (
        ast.unparse(value.left),
        ast.unparse(value.right),
    ):
        return False
    factor = right if ast.unparse(value.left) == target else left
    return factor is not None and abs(factor) >= 2 and factor == int(factor)


def _explodes(value: ast.BinOp, target: str) -> bool:
    """Whether a number grows by itself: x * x, or x to any power."""
    again = ast.unparse(value.right) == target or isinstance(value.op, ast.Pow)
    return ast.unparse(value.left) == target and again


def _in_loop(program: Program, node: ast.AST) -> bool:
    around: ast.AST | None = program.parents.get(node)
    while around is not None and not isinstance(around, FUNCTIONS):
        if isinstance(around, (ast.For, ast.While)):
            return True
        around = program.parents.get(around)
    return False


def _is_wide(node: ast.AST) -> bool:
    """Whether a format asks for more than a line of text: {x:1000000}, or "%1000000d"."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _WIDE.search(node.value) is not None
    return isinstance(node, ast.FormattedValue) and not _is_plain(node.format_spec)


def _is_plain(spec: ast.expr | None) -> bool:
    match spec:
        case None | ast.JoinedStr(values=[]):
            return True
        case ast.JoinedStr(values=[ast.Constant(value=str(text))]):
            return _SPEC.fullmatch(text) is not None
        case _:
            return False


def _call(program: Program, node: ast.Call) -> Iterator[Finding]:
    origin = program.origin(node.func)
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    values = [number(program, part) for argument in arguments for part in _parts(argument)]
    known = [value for value in values if value is not None]
    if origin.startswith("numpy.") and origin.removeprefix("numpy.") in _SIZED:
        unknown = [argument for argument in arguments if number(program, argument) is None]
        size = max(1.0, *(_scale(program, argument) for argument in unknown), 1.0)
        for value in known:
            size *= max(1.0, abs(value))
        if size > MAX_ELEMENTS:
            yield program.veto(
                "resources", node, f"an array of {size:.0f} elements; the limit is {MAX_ELEMENTS}"
            )
    elif origin.startswith(("numpy.", "statistics.")) and _counts(program, node):
        seen = f"more than {MAX_ELEMENTS} bins or quantiles; fewer say the same"
        yield program.veto("resources", node, seen)
    elif origin in ("math.factorial", "math.comb", "math.perm") and any(value > 1_000 for value in known):
        yield program.veto("resources", node, "a factorial of a large number; use math.lgamma")
    elif (
        program.is_builtin(node.func, "pow") and known and len(values) > 1 and (values[1] or 0) > MAX_EXPONENT
    ):
        yield program.veto("resources", node, f"an exponent beyond {MAX_EXPONENT}; use math.exp or math.log")


def _counts(program: Program, node: ast.Call) -> bool:
    """Whether a call asks by keyword for more elements than a callback can fill."""
    asked = [number(program, keyword.value) for keyword in node.keywords if keyword.arg in _COUNTS]
    return any(value is not None and value > MAX_ELEMENTS for value in asked)


def _round(program: Program, node: ast.Call) -> Iterator[Finding]:
    places = number(program, node.args[1]) if len(node.args) > 1 else None
    if program.is_builtin(node.func, "round") and places is not None and abs(places) > _PLACES:
        yield program.veto("resources", node, "rounding to more places than a price has; round to the tick")


def _parts(argument: ast.expr) -> list[ast.expr]:
    return list(argument.elts) if isinstance(argument, (ast.Tuple, ast.List)) else [argument]


def _nested(program: Program, node: ast.AST) -> Iterator[Finding]:
    """Loops in loops multiply; only those of known length are counted here."""
    rounds = _rounds(program, node)
    around: ast.AST | None = program.parents.get(node)
    while around is not None and not isinstance(around, FUNCTIONS):
        rounds *= _rounds(program, around)
        around = program.parents.get(around)
    if rounds > MAX_WORK:
        yield program.veto("resources", node, f"loops of {rounds:.0f} rounds in all; the limit is {MAX_WORK}")


def _rounds(program: Program, node: ast.AST) -> float:
    iterables = [node.iter] if isinstance(node, ast.For) else []
    if isinstance(node, COMPREHENSIONS):
        iterables = [generator.iter for generator in node.generators]
    rounds = 1.0
    for iterable in iterables:
        if isinstance(iterable, ast.Call) and program.is_builtin(iterable.func, "range"):
            known = [number(program, argument) for argument in iterable.args]
            unknown = [argument for argument in iterable.args if number(program, argument) is None]
            known += [_scale(program, argument) for argument in unknown]
            rounds *= max((abs(value) for value in known if value is not None), default=1.0)
    return rounds


def _scale(program: Program, node: ast.expr) -> float:
    """The largest literal that an unknown count is multiplied with: range(int(book.mid * 1e6))."""
    products = [
        part for part in ast.walk(node) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult)
    ]
    sides = [number(program, side) for part in products for side in (part.left, part.right)]
    return max((abs(value) for value in sides if value is not None), default=1.0)
