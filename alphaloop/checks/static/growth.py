"""Memory is bounded: a collection that is kept on self is trimmed somewhere, or has a maximum length."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import CONTRACT_FIELDS, GROWING, SHRINKING
from alphaloop.facts.finding import Finding

_ADDING = GROWING - {"setdefault", "update", "add"}
_HEAP_TAKES = ("heapq.heappop", "heapq.heapreplace", "heapq.heappushpop")
# Raw numbers of the market: almost every event brings a new one.
_FRESH = CONTRACT_FIELDS - {"position", "side", "index", "size", "funding_rate"} | {"now"}


def findings(program: Program) -> Iterator[Finding]:
    """Attributes that only ever grow."""
    bounded = set(_trimmed(program))
    for node in program.nodes:
        attribute = _grown(program, node)
        if attribute is not None and attribute not in bounded:
            seen = f"self.{attribute} grows and is never trimmed; write deque(maxlen=…), or drop the oldest"
            yield program.veto("growth", node, seen)
            bounded.add(attribute)


def _grown(program: Program, node: ast.AST) -> str | None:
    """The attribute of self that a node makes longer by what arrives."""
    name = _attribute(program, _target(program, node))
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
        nodes = scope.bound[node.id] if scope is not None else []
        assignment = program.parents.get(nodes[0]) if len(nodes) == 1 else None
        node = assignment.value if isinstance(assignment, ast.Assign) else None
    if isinstance(node, ast.Attribute) and program.is_self(node.value):
        return node.attr
    return None


def _target(program: Program, node: ast.AST) -> ast.expr | None:
    """What a node makes longer."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _ADDING:
            return value
        case ast.Call(func=ast.Attribute(value=value, attr="add" | "setdefault"), args=[first, *_]):
            return value if _is_fresh(first) else None
        case ast.Call(func=function, args=[first, *_]):
            return first if program.origin(function) in ("heapq.heappush", "bisect.insort") else None
        case ast.AugAssign(target=target, op=ast.Add(), value=value):
            return target if _is_collection(value) else None
        case ast.Assign(targets=[ast.Attribute() as target], value=value):
            return target if _is_longer(value, ast.unparse(target)) else None
        case ast.Subscript(value=value, slice=key, ctx=ast.Store()):
            return value if _is_fresh(key) else None
        case _:
            return None


def _is_longer(value: ast.expr, name: str) -> bool:
    """Whether a value is an older one with something added: x + [y], [*x, y] or np.concatenate((x, y))."""
    if any(isinstance(part, ast.Slice) for part in ast.walk(value)):
        return False
    match value:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return ast.unparse(left) == name and _is_collection(right)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return any(isinstance(part, ast.Starred) and ast.unparse(part.value) == name for part in parts)
        case ast.Call(
            func=ast.Attribute(attr="concatenate" | "hstack" | "vstack"),
            args=[ast.Tuple(elts=parts) | ast.List(elts=parts)],
        ):
            return any(ast.unparse(part) == name for part in parts)
        case _:
            return False


def _is_fresh(key: ast.expr) -> bool:
    """Whether a key is a raw number of the market, so that almost every event brings a new one."""
    while isinstance(key, ast.Call) and len(key.args) == 1:
        key = key.args[0]
    name = key.attr if isinstance(key, ast.Attribute) else key.id if isinstance(key, ast.Name) else ""
    return name in _FRESH


def _is_collection(node: ast.expr) -> bool:
    text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    return text or isinstance(node, (ast.List, ast.Tuple, ast.ListComp))


def _in_init(program: Program, node: ast.AST) -> bool:
    function = program.function_of(node)
    return isinstance(function, ast.FunctionDef) and function.name in ("__init__", "__post_init__")


def _trimmed(program: Program) -> Iterator[str]:
    """Attributes that are shortened, replaced outside __init__, or made with a maximum length."""
    for node in program.nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from _assigned(program, node, targets, value)
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
        case ast.Subscript(value=value, slice=ast.Slice(), ctx=ast.Store()):
            return [value]
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
            if not _is_longer(value, ast.unparse(name)):
                yield name.attr
        elif isinstance(name, ast.Name) and maxlen:
            yield name.id


def _has_maxlen(program: Program, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or program.origin(node.func) != "collections.deque":
        return False
    if len(node.args) == 2:
        return True
    return any(
        k.arg == "maxlen" and not (isinstance(k.value, ast.Constant) and k.value.value is None)
        for k in node.keywords
    )
