"""The order of a set depends on the hash seed of the process, so nothing may depend on it."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding, Severity

_ORDERED = {"list", "tuple", "enumerate", "next", "zip", "map", "filter", "reversed", "str"}
# These depend on the order only where a key leaves a tie, or where they stop early.
_TIED = {"sorted", "min", "max"}
_READERS = {
    *("collections.Counter", "collections.deque", "functools.reduce", "heapq.nlargest", "heapq.nsmallest"),
    *("itertools.accumulate", "itertools.chain", "itertools.islice", "itertools.pairwise"),
    *("itertools.takewhile", "itertools.dropwhile", "itertools.zip_longest", "statistics.mode"),
    *("statistics.multimode", "itertools.chain.from_iterable"),
}
_COMBINING = ("union", "intersection", "difference", "symmetric_difference", "copy")


def findings(program: Program) -> Iterator[Finding]:
    """Sets of text read in their own order; other sets are left to the run with another hash seed."""
    texts = _text_sets(program)
    for node in program.nodes:
        for read in _read(program, node):
            kind = _set(program, read, texts)
            if kind is not None:
                severity = Severity.VETO if kind == "text" else Severity.NOTE
                seen = "a set is read in the order of its hashes; write sorted(...) around it"
                yield program.finding(severity, "order", read, seen)


def _read(program: Program, node: ast.AST) -> list[ast.expr]:
    """What a node reads one by one, or as a whole in its own order."""
    match node:
        case ast.For(iter=value) | ast.comprehension(iter=value) | ast.FormattedValue(value=value):
            return [value]
        case ast.Starred(value=value) | ast.Assign(targets=[ast.Tuple() | ast.List()], value=value):
            return [value]
        case ast.Call(func=ast.Attribute(value=value, attr="pop"), args=[]):
            return [value]
        case ast.Call(func=ast.Attribute(attr="join" | "extend" | "fromkeys"), args=arguments):
            return arguments
        case ast.Call(func=function, args=arguments) if any(
            program.is_builtin(function, n) for n in _ORDERED
        ):
            return arguments
        case ast.Call(func=function, args=arguments) if program.origin(function) in _READERS:
            return arguments
        case ast.Call(func=function, args=arguments, keywords=[_, *_]) if any(
            program.is_builtin(function, n) for n in _TIED
        ):
            return arguments
        case _:
            return []


def _set(program: Program, node: ast.expr, texts: set[str], depth: int = 0) -> str | None:
    """Whether an expression is a set: "text" when it holds strings, "other" else."""
    if isinstance(node, (ast.Name, ast.Attribute)) and depth < 5:
        value = _value(program, node)
        kind = _set(program, value, texts, depth + 1) if value is not None else None
        return "text" if kind is not None and ast.unparse(node) in texts else kind
    if isinstance(node, ast.Call) and any(
        program.is_builtin(node.func, name) for name in ("set", "frozenset")
    ):
        return _kind(program, node.args[0]) if node.args else "other"
    if isinstance(node, (ast.Set, ast.SetComp)):
        return _kind(program, node)
    parts: list[ast.expr] = []
    match node:
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.BitXor(), right=right):
            parts = [left, right]
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=arguments) if name in _COMBINING:
            parts = [value, *arguments]
    kinds = {_set(program, part, texts, depth + 1) for part in parts} if depth < 5 else set()
    return "text" if "text" in kinds else "other" if "other" in kinds else None


def _value(program: Program, node: ast.Name | ast.Attribute) -> ast.expr | None:
    if isinstance(node, ast.Attribute):
        return next((value for value in program.assigned.get(node.attr, []) if value is not None), None)
    scope = program.binder(node)
    nodes = scope.bound[node.id] if scope is not None else []
    assignment = program.parents[nodes[0]] if len(nodes) == 1 else None
    return assignment.value if isinstance(assignment, ast.Assign) else None


def _text_sets(program: Program) -> set[str]:
    """The names of sets to which text is added somewhere."""
    found = set()
    for node in program.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="add"), args=[only]):
                if _kind(program, only) == "text":
                    found.add(ast.unparse(value))
            case _:
                pass
    return found


def _kind(program: Program, node: ast.expr) -> str:
    return "text" if any(_is_text(program, part) for part in ast.walk(node)) else "other"


def _is_text(program: Program, node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return program.is_builtin(node.func, "str")
    if isinstance(node, ast.Attribute):
        return node.attr == "side"
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
