"""Loops end: `for` over what does not grow meanwhile, `while` only in forms whose end can be read off."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from alphaloop.checks.static.folding import number
from alphaloop.checks.static.program import Function, Program
from alphaloop.checks.static.rounds import MAX_ROUNDS, known_to_end
from alphaloop.checks.static.taking import call_name, grows, measured, takes_from
from alphaloop.checks.static.vocabulary import SHRINKING
from alphaloop.facts.finding import Finding

Aliases = dict[tuple[Function | None, str], set[str]]

_NAMES = (ast.Name, ast.Attribute, ast.Subscript)
_LAZY = {
    "enumerate",
    "zip",
    "map",
    "filter",
    "chain",
    "islice",
    "pairwise",
    "accumulate",
    "takewhile",
    "dropwhile",
}
_INSTEAD = (
    "write for … in range(n), or a form whose end can be read off: while len(q) > n: q.popleft(), or "
    "while i < n: … i += 1 with the step as the last word of every round"
)


def findings(program: Program) -> Iterator[Finding]:
    """Loops without a visible end."""
    same = _aliases(program)
    for node in program.nodes:
        if isinstance(node, ast.While) and not _ends(program, node):
            yield program.veto("loops", node, f"a while loop whose end cannot be read off; {_INSTEAD}")
        elif isinstance(node, ast.For):
            yield from _for(program, node, same)
        elif isinstance(node, (ast.Call, ast.AugAssign)):
            yield from _range(program, node) if isinstance(node, ast.Call) else ()
            yield from _extension(program, node, same)


def _aliases(program: Program) -> Aliases:
    """The names that plain assignments in one function give to one collection, by function and name."""
    found: Aliases = defaultdict(set)
    for node in program.walk(ast.Assign):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.value, _NAMES):
            around, one, other = (
                program.function_of(node),
                ast.unparse(node.targets[0]),
                ast.unparse(node.value),
            )
            found[around, one].add(other)
            found[around, other].add(one)
    return found


def _for(program: Program, node: ast.For, same: Aliases) -> Iterator[Finding]:
    names = set(_sources(node.iter))
    names |= {other for name in names for other in same.get((program.function_of(node), name), ())}
    growing = {name for item in node.body for inner in ast.walk(item) for name in names if grows(inner, name)}
    for name in sorted(growing):
        yield program.veto("loops", node, f"the loop lets {name} grow while it reads it; loop over a copy")


def _range(program: Program, node: ast.Call) -> Iterator[Finding]:
    if program.is_builtin(node.func, "range"):
        rounds = [number(program, argument) for argument in node.args]
        if any(value is not None and abs(value) > MAX_ROUNDS for value in rounds):
            seen = f"a range beyond {MAX_ROUNDS}; a callback has little time, do less in it"
            yield program.veto("loops", node, seen)


def _extension(program: Program, node: ast.Call | ast.AugAssign, same: Aliases) -> Iterator[Finding]:
    """`xs.extend(x for x in xs)` and `xs += (x for x in xs)` never end."""
    target: ast.expr | None = None
    added: ast.expr | None = None
    if isinstance(node, ast.AugAssign):
        target, added = node.target, node.value
    elif isinstance(node.func, ast.Attribute) and node.func.attr in ("extend", "extendleft") and node.args:
        target, added = node.func.value, node.args[0]
    if target is None or not isinstance(added, (ast.GeneratorExp, ast.Call)):
        return
    name = ast.unparse(target)
    if {name, *same.get((program.function_of(node), name), ())} & set(_sources(added)):
        seen = f"{ast.unparse(target)} is extended while it is read; build the new list first"
        yield program.veto("loops", node, seen)


def _sources(node: ast.expr) -> Iterator[str]:
    """The collections that an iteration reads as it goes; a copy such as list(xs) is none of them."""
    if isinstance(node, _NAMES):
        yield ast.unparse(node)
    elif isinstance(node, ast.GeneratorExp):
        for generator in node.generators:
            yield from _sources(generator.iter)
    elif isinstance(node, ast.Call) and call_name(node.func) in _LAZY:
        for argument in node.args:
            yield from _sources(argument)


def _ends(program: Program, loop: ast.While) -> bool:
    """Whether one of the conditions that must all hold is used up by every round."""
    if loop.orelse and not loop.body:
        return False
    test = loop.test
    clauses = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    if any(isinstance(part, ast.Continue) for item in loop.body for part in ast.walk(item)):
        return False
    if known_to_end(program, loop, clauses):
        return True
    return any(_shrinks(program, loop, clause) or _counts(program, loop, clause) for clause in clauses)


def _shrinks(program: Program, loop: ast.While, clause: ast.expr) -> bool:
    """`while q:` or `while len(q) > n:` with q.pop() in every round and nothing that lets q grow."""
    if any(method in SHRINKING for found in program.methods.values() for method in found):
        return False  # a class of the file lends `pop` a meaning of its own
    inner = [part for item in loop.body for part in ast.walk(item)]
    names = {name for name in measured(clause) if not any(grows(part, name) for part in inner)}
    return any(takes_from(item, name) for item in loop.body for name in names)


def _counts(program: Program, loop: ast.While, clause: ast.expr) -> bool:
    """`while i < n:` with i += 1 in every round, n at rest, and the literal n not too far away."""
    if not (isinstance(clause, ast.Compare) and len(clause.ops) == 1):
        return False
    left, operation, right = clause.left, clause.ops[0], clause.comparators[0]
    rising, falling = isinstance(operation, (ast.Lt, ast.LtE)), isinstance(operation, (ast.Gt, ast.GtE))
    if isinstance(right, ast.Name) and not isinstance(left, ast.Name):
        left, right, rising, falling = right, left, falling, rising
    if not isinstance(left, ast.Name) or not (rising or falling):
        return False
    written = [
        p
        for item in loop.body
        for p in ast.walk(item)
        if isinstance(p, ast.Name) and not isinstance(p.ctx, ast.Load)
    ]
    moving = {part.id for part in written}
    if sum(part.id == left.id for part in written) != 1 or any(
        isinstance(part, ast.Name) and part.id in moving for part in ast.walk(right)
    ):
        return False
    edge = number(program, right)
    return any(_steps(program, item, left.id, rising, edge) for item in loop.body)


def _steps(program: Program, item: ast.stmt, name: str, rising: bool, edge: float | None) -> bool:
    if not isinstance(item, ast.AugAssign) or not isinstance(item.target, ast.Name) or item.target.id != name:
        return False
    step = number(program, item.value)
    if step is None:
        return False
    if isinstance(item.op, (ast.Add, ast.Sub)):
        signed = step if isinstance(item.op, ast.Add) else -step
        forward = signed >= 1e-3 if rising else signed <= -1e-3
        return forward and (edge is None or abs(edge / signed) <= MAX_ROUNDS)
    halving = (isinstance(item.op, (ast.Div, ast.FloorDiv)) and step >= 1.1) or (
        isinstance(item.op, ast.Mult) and 0 <= step <= 0.9
    )
    return halving and not rising and edge is not None and edge > 0
