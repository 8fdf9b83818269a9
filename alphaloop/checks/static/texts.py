"""Text is made of numbers and words: what has no words of its own is written with its place in memory."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program, Scope, once
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
        case ast.Attribute(attr=name) if depth < _DEEPEST:
            return _given_placed(program, None, name, depth + 1)
        case ast.Name(id=name) if depth < _DEEPEST:
            scope = program.binder(node)
            return scope is not None and _given_placed(program, scope, name, depth + 1)
        case _:
            return False


@once
def _given_placed(program: Program, scope: Scope | None, name: str, depth: int) -> bool:
    """Whether something that a name, or without a scope an attribute, is given shows where it is."""
    if scope is None:
        values: list[ast.expr | None] = program.assigned.get(name, [])
    else:
        around = [program.parents[one] for one in scope.bound[name] if one in program.parents]
        values = [one.value for one in around if isinstance(one, ast.Assign | ast.NamedExpr)]
    return any(value is not None and _placed(program, value, depth) for value in values)


def _is_wordless(program: Program, name: str) -> bool:
    """Whether neither a decorator nor a listed base gives the class words of its own."""
    owner = program.classes[name]
    if owner.decorator_list:
        return False
    bases = [base for base in owner.bases if not program.is_builtin(base, "object")]
    own = [base.id for base in bases if isinstance(base, ast.Name) and base.id in program.classes]
    return all(_is_wordless(program, base) for base in own) if len(own) == len(bases) else False
