"""What a statement takes out of a collection or puts into it, and which collection a condition measures."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.vocabulary import GROWING, SHRINKING

TAKING = SHRINKING - {"discard", "remove"}


def measured(clause: ast.expr) -> set[str]:
    """The collections whose size or element keeps the loop going."""
    if isinstance(clause, ast.Compare) and len(clause.ops) == 1:
        left, operation, right = clause.left, clause.ops[0], clause.comparators[0]
        left = left.value if isinstance(left, ast.NamedExpr) else left
        if isinstance(left, ast.Call) and isinstance(operation, (ast.Gt, ast.GtE, ast.NotEq)):
            return {_length_of(left)} - {""}
        if isinstance(right, ast.Call) and isinstance(operation, (ast.Lt, ast.LtE)):
            return {_length_of(right)} - {""}
        # Comparing q[0] ends at the latest with an IndexError.
        return {*_elements_of(left), *_elements_of(right)}
    if isinstance(clause, ast.Call):
        return {_length_of(clause)} - {""}
    return {ast.unparse(clause)} if isinstance(clause, (ast.Name, ast.Attribute)) else set()


def _elements_of(node: ast.expr) -> Iterator[str]:
    """The collections of whose element, or a part of it, a term is: q of now - q[0][0], of q[0].time."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        yield from _elements_of(node.left)
        yield from _elements_of(node.right)
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        if isinstance(node, ast.Subscript):
            yield ast.unparse(node.value)
        node = node.value


def _length_of(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name) and call.func.id == "len" and len(call.args) == 1:
        return ast.unparse(call.args[0])
    return ""


def takes_from(item: ast.stmt, name: str) -> bool:
    """Whether a statement takes something out of a collection on every round, however it is spelt."""
    if isinstance(item, ast.Delete):
        subscripts = [target for target in item.targets if isinstance(target, ast.Subscript)]
        return any(ast.unparse(target.value) == name for target in subscripts)
    if not isinstance(item, (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign)) or item.value is None:
        return False
    parts = list(ast.walk(item.value))
    # What stands in a condition is not taken on every round.
    if any(isinstance(part, (ast.IfExp, ast.BoolOp, ast.Lambda, ast.comprehension)) for part in parts):
        return False
    return any(takes(part, name) for part in parts)


def takes(part: ast.AST, name: str) -> bool:
    match part:
        case ast.Call(func=ast.Attribute(value=value, attr=method), args=args) if method in TAKING:
            # pop(key, default) takes nothing from where nothing is.
            return ast.unparse(value) == name and len(args) < 2
        case ast.Call(func=function, args=[first, *_]):
            return call_name(function) == "heappop" and ast.unparse(first) == name
        case _:
            return False


def call_name(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]


def grows(part: ast.AST, name: str) -> bool:
    match part:
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in GROWING:
            return ast.unparse(value) == name
        case ast.Call(func=function, args=[first, *_]) if call_name(function) in ("heappush", "insort"):
            return ast.unparse(first) == name
        case ast.AugAssign(target=target):
            return ast.unparse(target) == name
        case ast.Assign(targets=targets):
            return any(ast.unparse(target) == name for target in targets)
        case _:
            return False
