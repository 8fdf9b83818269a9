"""Text is made of numbers and words: what has no words of its own is written with its place in memory."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding

_LAZY = {"map", "zip", "filter", "enumerate", "reversed"}
_DEEPEST = 5


def findings(program: Program) -> Iterator[Finding]:
    """Own instances and iterators in f-strings and str(): their text differs from run to run."""
    for node in program.nodes:
        if any(_placed(program, value) for value in _written(program, node)):
            seen = (
                "an object without words of its own is written out; write its numbers, or make it a dataclass"
            )
            yield program.veto("texts", node, seen)


def _written(program: Program, node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.FormattedValue(value=value):
            return [value]
        case ast.Call(func=function, args=[value]) if program.is_builtin(function, "str"):
            return [value]
        case ast.Call(func=function, args=[first, *rest]) if program.is_builtin(function, "map"):
            return rest if program.is_builtin(first, "str") else []
        case _:
            return []


def _placed(program: Program, node: ast.AST | None, depth: int = 0) -> bool:
    """Whether a value, or one that lies in it, shows where in memory it is."""
    match node:
        case ast.GeneratorExp():
            return True
        case ast.Call(func=ast.Name(id=name) as function):
            lazy = name in _LAZY and program.binder(function) is None
            return lazy or (name in program.classes and _is_wordless(program, name))
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
            return any(_placed(program, part, depth + 1) for part in parts)
        case ast.ListComp(elt=part) | ast.SetComp(elt=part) | ast.DictComp(value=part):
            return _placed(program, part, depth + 1)
        case ast.Name() | ast.Attribute() if depth < _DEEPEST:
            return any(_placed(program, value, depth + 1) for value in _values(program, node))
        case _:
            return False


def _values(program: Program, node: ast.Name | ast.Attribute) -> list[ast.expr]:
    """What is assigned to a name or an attribute."""
    if isinstance(node, ast.Attribute):
        return [value for value in program.assigned.get(node.attr, []) if value is not None]
    scope = program.binder(node)
    bound = scope.bound[node.id] if scope is not None else []
    around = [program.parents[one] for one in bound if one in program.parents]
    return [one.value for one in around if isinstance(one, ast.Assign | ast.NamedExpr)]


def _is_wordless(program: Program, name: str) -> bool:
    """Whether neither a decorator nor a listed base gives the class words of its own."""
    owner = program.classes[name]
    if owner.decorator_list:
        return False
    bases = [base for base in owner.bases if not program.is_builtin(base, "object")]
    own = [base.id for base in bases if isinstance(base, ast.Name) and base.id in program.classes]
    return all(_is_wordless(program, base) for base in own) if len(own) == len(bases) else False
