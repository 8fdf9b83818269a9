"""Whether a value is an older one with more: x + [y], [*x, y], {**x, k: v}, f"{x}y", Node(y, x)."""

import ast

from alphaloop.checks.static.program import Program

_BUILDERS = {"list", "tuple", "sorted", "set", "frozenset", "dict", "str"}
_BUILDER_METHODS = {"join", "concatenate", "hstack", "vstack", "append", "array", "asarray"}
# Given an array, they answer with a longer one.
_WIDENING = {"numpy.append", "numpy.kron", "numpy.outer", "numpy.tile", "numpy.repeat"}
_TEXTS = {"replace"}
_DISPLAYS = (ast.List, ast.Tuple, ast.Set)


def is_longer(program: Program, value: ast.expr, name: str) -> bool:
    """Whether `value` holds all of the expression that is spelt `name`, and more; a slice bounds it."""
    value = _resolved(program, value)
    if any(isinstance(part, ast.Slice) for part in ast.walk(value)):
        return False
    if isinstance(value, ast.Call):
        given = [*value.args, *(keyword.value for keyword in value.keywords)]
        if isinstance(value.func, ast.Name) and value.func.id in program.classes:
            # A record keeps what it is given: a chain of records is a list by another name.
            return any(ast.unparse(argument) == name for argument in given)
        if program.origin(value.func) in _WIDENING:
            return any(ast.unparse(argument) == name for argument in given)
        if isinstance(value.func, ast.Attribute) and value.func.attr in _TEXTS:
            return ast.unparse(value.func.value) == name
        return _builds(program, value) and any(is_longer(program, argument, name) for argument in given)
    return _adds(value, name)


def is_collection(node: ast.expr) -> bool:
    """Whether an expression is a text or a literal collection."""
    text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    return text or isinstance(node, (*_DISPLAYS, ast.Dict, ast.ListComp))


def _resolved(program: Program, value: ast.expr) -> ast.expr:
    """What a local name was given, where it was given once."""
    scope = program.binder(value) if isinstance(value, ast.Name) else None
    bound = scope.bound[value.id] if scope is not None and isinstance(value, ast.Name) else []
    given = program.parents.get(bound[0]) if len(bound) == 1 else None
    return given.value if isinstance(given, ast.Assign) else value


def _builds(program: Program, call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in _BUILDER_METHODS
    if not isinstance(call.func, ast.Name):
        return False
    return call.func.id in _BUILDERS and program.binder(call.func) is None


def _adds(value: ast.expr, name: str) -> bool:
    match value:
        case ast.BinOp(left=left, op=ast.Add() | ast.BitOr(), right=right):
            return (_holds(left, name) and is_collection(right)) or (
                _holds(right, name) and is_collection(left)
            )
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            whole = [part.value if isinstance(part, ast.Starred) else part for part in parts]
            return any(ast.unparse(part) == name for part in whole)
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return any(key is None and ast.unparse(part) == name for key, part in pairs)
        case ast.JoinedStr(values=parts):
            written = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
            return any(ast.unparse(part) == name for part in written)
        case _:
            return False


def _holds(node: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.expr) and ast.unparse(part) == name for part in ast.walk(node))
