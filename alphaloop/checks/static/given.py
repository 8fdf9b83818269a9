"""What a name or an attribute may hold: the expressions that the file gives it."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program, once

_DEEPEST = 2
# Who gives a name more values than that, or a parameter, is not followed: it costs the square of the file.
_MOST = 6


def values(program: Program, node: ast.AST) -> list[ast.expr | None]:
    """What is assigned to a name or an attribute, declared in a class or passed to a parameter.

    None stands for what cannot be told: the target of a loop, a part of a tuple, an import.
    """
    if isinstance(node, ast.Attribute):
        return of_attribute(program, node.attr)
    scope = program.binder(node) if isinstance(node, ast.Name) else None
    if scope is not None and isinstance(node, ast.Name) and len(scope.bound[node.id]) > _MOST:
        return [None]
    found: list[ast.expr | None] = []
    for bound in scope.bound[node.id] if scope is not None and isinstance(node, ast.Name) else ():
        around = program.parents[bound]
        if isinstance(bound, ast.arg) and scope is not None and isinstance(scope.node, ast.FunctionDef):
            found += _arguments(program, scope.node, bound.arg)
        elif isinstance(around, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            found.append(around.value)
        elif not isinstance(bound, ast.NamedExpr):
            found.append(None)
    return found if len(found) <= _MOST else [*found[:_MOST], None]


@once
def of_attribute(program: Program, name: str) -> list[ast.expr | None]:
    """What is assigned to an attribute anywhere, or declared in a class."""
    return [*_declared(program, name), *program.assigned.get(name, [])]


def makers(program: Program, node: ast.AST, depth: int = 0) -> set[str]:
    """The classes of the file whose instances a value is; empty when it may be anything else."""
    if isinstance(node, ast.Call):
        called = node.func.id if program.is_module_name(node.func) and isinstance(node.func, ast.Name) else ""
        return {called} & program.classes.keys()
    if depth > _DEEPEST or not isinstance(node, (ast.Name, ast.Attribute)):
        return set()
    found: set[str] = set()
    for value in values(program, node):
        made = makers(program, value, depth + 1) if value is not None else set()
        if not made:
            return set()
        found |= made
    return found


def _declared(program: Program, name: str) -> Iterator[ast.expr]:
    for owner in program.classes.values():
        for item in owner.body:
            if isinstance(item, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == name for target in item.targets
            ):
                yield item.value


def _defaults(taken: ast.arguments, name: str) -> Iterator[ast.expr]:
    plain = [*taken.posonlyargs, *taken.args]
    pairs = [*zip(reversed(plain), reversed(taken.defaults), strict=False)]
    pairs += [(one, value) for one, value in zip(taken.kwonlyargs, taken.kw_defaults, strict=True) if value]
    yield from (value for parameter, value in pairs if parameter.arg == name)


def _arguments(program: Program, function: ast.FunctionDef, name: str) -> Iterator[ast.expr | None]:
    """What the calls of a function of the file give one of its parameters; None where none is seen."""
    own = program.first_parameter(function)
    yield from _defaults(function.args, name)
    parameters = [a.arg for a in (*function.args.posonlyargs, *function.args.args) if a.arg != own]
    seen = False
    for call in program.walk(ast.Call):
        match call:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=given) if (
                called == function.name
            ):
                passed = [*zip(parameters, given, strict=False)]
                passed += [(keyword.arg or "", keyword.value) for keyword in call.keywords]
                yield from (value for parameter, value in passed if parameter == name)
                seen = True
            case _:
                pass
    if not seen or _is_handed_on(program, function):
        yield None


def _is_handed_on(program: Program, function: ast.FunctionDef) -> bool:
    """Whether a function is named elsewhere than where it is called: then what it is given is unknown."""
    for node in program.walk(ast.Name, ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
        around = program.parents[node]
        if name == function.name and not (isinstance(around, ast.Call) and around.func is node):
            return True
    return False
