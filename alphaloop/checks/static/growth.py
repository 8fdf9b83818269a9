"""Memory is bounded: a collection that is kept on self is trimmed somewhere, or has a maximum length."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from alphaloop.checks.static.folding import number
from alphaloop.checks.static.longer import is_collection, is_longer
from alphaloop.checks.static.program import FUNCTIONS, Program, Scope, once
from alphaloop.checks.static.vocabulary import CALLBACKS, CONTRACT_FIELDS, GROWING, SHRINKING
from alphaloop.facts.finding import Finding

_ADDING = GROWING - {"setdefault", "update", "add"}
_HEAP_TAKES = ("heapq.heappop", "heapq.heapreplace", "heapq.heappushpop")
_DEEPEST = 3
MAX_KEPT = 100_000
"""Elements that a collection may reach before it is trimmed."""
# Never below zero, so that a condition that asks for it never holds.
_POSITIVE = {"size", "bid_size", "ask_size", "volatility", "time", "bid", "ask", "mid", "price"}
# Raw numbers of the market: almost every event brings a new one.
_FRESH = CONTRACT_FIELDS - {"position", "side", "index", "size", "funding_rate"} | {"now"}


def findings(program: Program) -> Iterator[Finding]:
    """Attributes that only ever grow."""
    bounded = set(_trimmed(program))
    lengthening = _lengthening(program)
    for node in program.nodes:
        attribute = _grown(program, node, _target(program, node) or _given(program, node, lengthening))
        if attribute is not None and attribute not in bounded and not _is_guarded(program, node, attribute):
            seen = f"self.{attribute} grows and is never trimmed; write deque(maxlen=…), or drop the oldest"
            yield program.veto("growth", node, seen)
            bounded.add(attribute)


def _is_guarded(program: Program, node: ast.AST, attribute: str) -> bool:
    """Whether a collection is made longer only while it is short, as `if len(self.rows) < 50:` says."""
    return any(
        attribute == _measured(program, left) and (number(program, right) or MAX_KEPT + 1) <= MAX_KEPT
        for test, holds in _conditions(program, node)
        if holds
        for left, right in _smaller(test)
    )


def _never(program: Program, node: ast.AST) -> bool:
    """Whether a node stands behind a condition that never holds, or holds only beyond all bounds."""
    if _is_uncalled(program, node):
        return True
    for test, holds in _conditions(program, node):
        known = number(program, test) if isinstance(test, ast.Constant) else None
        if known is not None and bool(known) is not holds:
            return True
        for left, right in _smaller(test) if holds else ():
            edge = number(program, left)
            if edge is not None and edge > MAX_KEPT and _measured(program, right):
                return True
            edge = number(program, right)
            if edge is not None and edge <= 0 and isinstance(left, ast.Attribute) and left.attr in _POSITIVE:
                return True
    return False


def _is_uncalled(program: Program, node: ast.AST) -> bool:
    """Whether a node stands in a function of the file that nothing ever names."""
    function = program.function_of(node)
    if not isinstance(function, ast.FunctionDef) or function.name in CALLBACKS or function.name[:2] == "__":
        return False
    return function.name not in program.mentioned


def _after_the_end(program: Program) -> set[ast.AST]:
    """What stands behind a return, a raise, a break or a continue of its own block."""
    found: set[ast.AST] = set()
    for node in program.nodes:
        for block in (getattr(node, "body", ()), getattr(node, "orelse", ())):
            ended = False
            for item in block if isinstance(block, list) else ():
                if ended:
                    found.update(ast.walk(item))
                ended = ended or isinstance(item, (ast.Return, ast.Raise, ast.Continue, ast.Break))
    return found


def _conditions(program: Program, node: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """What must hold, or must not, where a node is reached; each of several joined by `and`."""
    while not isinstance(node, FUNCTIONS) and node in program.parents:
        inner, node = node, program.parents[node]
        if isinstance(node, (ast.If, ast.While)) and inner is not node.test:
            holds = inner in node.body
            joined = isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And) and holds
            parts = node.test.values if joined and isinstance(node.test, ast.BoolOp) else [node.test]
            yield from ((part, holds) for part in parts)


def _smaller(test: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The pairs of which a comparison says that the first is less than the second."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        if isinstance(test.ops[0], (ast.Lt, ast.LtE)):
            yield test.left, test.comparators[0]
        elif isinstance(test.ops[0], (ast.Gt, ast.GtE)):
            yield test.comparators[0], test.left


def _measured(program: Program, node: ast.expr) -> str:
    """The attribute of self whose length a term is."""
    if isinstance(node, ast.Call) and program.is_builtin(node.func, "len") and node.args:
        return _attribute(program, node.args[0]) or ""
    return ""


def _lengthening(program: Program) -> set[tuple[str, str]]:
    """Functions of the file, each with a parameter that it makes longer and never shorter."""
    found: set[tuple[str, str]] = set()
    bodies = [_Body.of(program, name, function) for name, function in program.own.items()]
    for _ in range(_DEEPEST):
        for body in bodies:
            given = (_given(program, call, found) for call in body.calls)
            passed = {one.id for one in given if isinstance(one, ast.Name)} - body.shorter
            names = body.longer | passed
            found |= {(body.name, parameter) for parameter in body.parameters & names}
    return found


@dataclass(frozen=True, slots=True)
class _Body:
    """What a function does to its names, whatever it calls: those it makes longer, and those it shortens."""

    name: str
    parameters: frozenset[str]
    longer: frozenset[str]
    shorter: frozenset[str]
    calls: tuple[ast.Call, ...]

    @classmethod
    def of(cls, program: Program, name: str, function: ast.FunctionDef) -> "_Body":
        parts = [(part, _target(program, part)) for part in ast.walk(function)]
        shorter = frozenset(ast.unparse(one) for part, _ in parts for one in _shortened(program, part))
        longer = frozenset(target.id for _, target in parts if isinstance(target, ast.Name))
        calls = tuple(part for part, target in parts if isinstance(part, ast.Call) and target is None)
        parameters = frozenset(parameter.arg for parameter in function.args.args)
        return cls(name, parameters, longer - shorter, shorter, calls)


def _given(program: Program, node: ast.AST, lengthening: set[tuple[str, str]]) -> ast.expr | None:
    """The argument of a call that the function called makes longer."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Name, ast.Attribute)):
        return None
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    function = program.own.get(name)
    parameters = [parameter.arg for parameter in function.args.args] if function is not None else []
    if function is not None and program.first_parameter(function):
        parameters = parameters[1:]
    given = [*zip(parameters, node.args, strict=False)]
    given += [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg is not None]
    return next((value for parameter, value in given if (name, parameter) in lengthening), None)


def _grown(program: Program, node: ast.AST, target: ast.expr | None) -> str | None:
    """The attribute of self that a node makes longer by what arrives."""
    name = _attribute(program, target)
    if name is None or _in_init(program, node) or _is_own_record(program, name):
        return None
    return name


def _is_own_record(program: Program, attribute: str) -> bool:
    """Whether an attribute only ever holds an instance of a class of the file, which is judged itself."""
    values = program.assigned.get(attribute, [])
    return bool(values) and all(
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in program.classes
        for value in values
    )


def _attribute(program: Program, node: ast.expr | None) -> str | None:
    """The attribute of self that an expression is or lies in, also by the name that a function gives it."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        scope = program.binder(node)
        assignment = _given_once(program, scope, node.id) if scope is not None else None
        node = assignment.value if isinstance(assignment, ast.Assign) else None
    if isinstance(node, ast.Attribute) and program.is_self(node.value):
        return node.attr
    return None


@once
def _given_once(program: Program, scope: Scope, name: str) -> ast.AST | None:
    """What gives a name its value, where nothing else but += does."""
    around = [program.parents.get(one) for one in scope.bound[name]]
    given = [one for one in around if not isinstance(one, ast.AugAssign)]
    return given[0] if len(given) == 1 else None


def _target(program: Program, node: ast.AST) -> ast.expr | None:
    """What a node makes longer."""
    match node:
        case ast.Call():
            return _of_call(program, node)
        case ast.AugAssign(target=target, op=ast.Add(), value=value):
            return target if is_collection(value) or _holds_collection(program, target) else None
        case ast.AugAssign(target=target, op=ast.BitOr(), value=value):
            return target if _has_fresh_key(value) else None
        case ast.Assign(targets=[ast.Attribute() as target], value=value):
            return target if is_longer(program, value, ast.unparse(target)) else None
        case ast.Subscript(value=value, slice=ast.Slice(lower=ast.expr()), ctx=ast.Store()):
            return value
        case ast.Subscript(value=value, slice=key, ctx=ast.Store()):
            return value if _is_fresh(key) else None
        case _:
            return None


def _of_call(program: Program, call: ast.Call) -> ast.expr | None:
    """What a call of a method, of heapq or of bisect makes longer."""
    first = call.args[0] if call.args else None
    if program.origin(call.func).startswith(("heapq.heappush", "bisect.insort")):
        return None if program.origin(call.func) in _HEAP_TAKES else first
    if not isinstance(call.func, ast.Attribute):
        return None
    fresh = first is not None and (
        (call.func.attr in ("add", "setdefault") and _is_fresh(first))
        or (call.func.attr == "update" and _has_fresh_key(first))
    )
    return call.func.value if fresh or call.func.attr in _ADDING else None


def _has_fresh_key(value: ast.expr) -> bool:
    keys = value.keys if isinstance(value, ast.Dict) else value.elts if isinstance(value, ast.Set) else []
    return any(key is not None and _is_fresh(key) for key in keys)


def _is_fresh(key: ast.expr) -> bool:
    """Whether a key is a raw number of the market, so that almost every event brings a new one."""
    while isinstance(key, ast.Call) and len(key.args) == 1:
        key = key.args[0]
    name = key.attr if isinstance(key, ast.Attribute) else key.id if isinstance(key, ast.Name) else ""
    return name in _FRESH


def _holds_collection(program: Program, target: ast.expr) -> bool:
    """Whether an attribute starts as a text or a list, so that += makes it longer whatever is added."""
    name = _attribute(program, target)
    values = program.assigned.get(name, []) if name is not None and isinstance(target, ast.Attribute) else []
    return any(value is not None and is_collection(value) for value in values)


def _in_init(program: Program, node: ast.AST) -> bool:
    function = program.function_of(node)
    return isinstance(function, ast.FunctionDef) and function.name in ("__init__", "__post_init__")


def _trimmed(program: Program) -> Iterator[str]:
    """Attributes that are shortened, replaced outside __init__, or made with a maximum length."""
    dead = _after_the_end(program)
    for node in program.nodes:
        if node in dead or _never(program, node):
            continue
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from _assigned(program, node, targets, value)
                yield from (_attribute(program, short) or "" for short in _shortened(program, node))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _assigned(program, node, [target], value)
            case ast.For(target=target, iter=source) if _shrinks(node, target):
                yield from (part.attr for part in ast.walk(source) if isinstance(part, ast.Attribute))
            case _:
                yield from (_attribute(program, short) or "" for short in _shortened(program, node))


def _shortened(program: Program, node: ast.AST) -> list[ast.expr]:
    """What a node takes elements from."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in SHRINKING:
            return [value]
        case ast.Call(func=function, args=[first, *_]) if program.origin(function) in _HEAP_TAKES:
            return [first]
        case ast.Delete(targets=targets):
            return [target.value for target in targets if isinstance(target, ast.Subscript)]
        case ast.Assign(targets=[ast.Subscript(value=value, slice=ast.Slice())], value=given):
            # rows[:-n] = [] and rows[:] = rows[-n:] shorten; rows[len(rows):] = [x] does not.
            empty = isinstance(given, ast.List) and not given.elts
            return [value] if empty or any(isinstance(part, ast.Slice) for part in ast.walk(given)) else []
        case _:
            return []


def _shrinks(loop: ast.For, target: ast.expr) -> bool:
    """Whether a loop shortens the collections that it goes through."""
    names = {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
    return any(
        isinstance(part, ast.Attribute)
        and part.attr in SHRINKING
        and isinstance(part.value, ast.Name)
        and part.value.id in names
        for part in ast.walk(loop)
    )


def _assigned(program: Program, node: ast.AST, targets: list[ast.expr], value: ast.expr) -> Iterator[str]:
    whole = [
        part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])
    ]
    maxlen = any(_has_maxlen(program, part) for part in ast.walk(value))
    for name in whole:
        if isinstance(name, ast.Subscript) and any(isinstance(part, ast.Slice) for part in ast.walk(value)):
            yield _attribute(program, name) or ""
        elif isinstance(name, ast.Attribute) and (maxlen or not _in_init(program, node)):
            if not is_longer(program, value, ast.unparse(name)):
                yield name.attr
        elif isinstance(name, ast.Name) and maxlen:
            yield name.id


def _has_maxlen(program: Program, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or program.origin(node.func) != "collections.deque":
        return False
    given = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "maxlen")]
    longest = [number(program, value) for value in given]
    none = any(isinstance(value, ast.Constant) and value.value is None for value in given)
    return bool(given) and not none and all(value is None or value <= MAX_KEPT for value in longest)
