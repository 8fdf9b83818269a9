"""What counts as a constant: literals, and arithmetic over literals and other constants."""

import ast

from alphaloop.checks.static.program import Program

_PURE = ("math.", "itertools.chain", "typing.TypeVar", "typing.NewType", "collections.namedtuple")
_PURE_BUILTINS = (
    "float",
    "int",
    "abs",
    "min",
    "max",
    "round",
    "sum",
    "frozenset",
    "tuple",
    "str",
    "len",
    "range",
    "pow",
    "slice",
)


def is_immutable(program: Program, node: ast.expr | None) -> bool:
    """Whether an expression is made of literals and constants only, and its value can never change."""
    match node:
        case None | ast.Constant():
            return True
        case ast.Name():
            return _is_constant_name(program, node)
        case ast.Attribute():
            return program.origin(node).startswith(("math.", "numpy.")) or _is_member(program, node)
        case ast.Call():
            return _is_pure_call(program, node)
        case _:
            parts = _parts(node)
            return bool(parts) and all(is_immutable(program, part) for part in parts)


def _parts(node: ast.expr) -> list[ast.expr]:
    """The operands of an expression that only combines them; none for what does more."""
    match node:
        case ast.Tuple(elts=parts) | ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            return parts or [ast.Constant(None)]
        case ast.UnaryOp(operand=part) | ast.FormattedValue(value=part):
            return [part]
        case ast.BinOp(left=one, right=other) | ast.Subscript(value=one, slice=other):
            return [one, other]
        case ast.Compare(left=one, comparators=rest):
            return [one, *rest]
        case ast.IfExp(test=test, body=body, orelse=other):
            return [test, body, other]
        case _:
            return []


def is_table(program: Program, node: ast.expr) -> bool:
    """Whether an expression is a literal table: lists, dicts and sets of constants or of such tables."""
    match node:
        case ast.List(elts=parts) | ast.Set(elts=parts) | ast.Tuple(elts=parts):
            return all(is_table(program, part) for part in parts)
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and is_immutable(program, key) for key in keys) and all(
                is_table(program, value) for value in values
            )
        case ast.BinOp(left=ast.List() as parts, op=ast.Mult(), right=times):
            return is_table(program, parts) and is_immutable(program, times)
        case ast.Lambda():
            return isinstance(program.parents[node], (ast.List, ast.Tuple, ast.Dict))
        case ast.Call(func=function, args=[only], keywords=[]) if program.origin(function) in (
            "numpy.array",
            "numpy.asarray",
        ):
            return is_table(program, only)
        case _:
            return is_immutable(program, node)


def _is_constant_name(program: Program, node: ast.Name) -> bool:
    """A name of the module, of the class around, or a plain type."""
    scope = program.binder(node)
    if scope is None:
        return node.id in ("float", "int", "bool", "str", "list", "dict", "tuple", "set")
    return scope is program.module or isinstance(scope.node, ast.ClassDef)


def _is_member(program: Program, node: ast.Attribute) -> bool:
    return (
        isinstance(node.value, ast.Name)
        and node.value.id in program.classes
        and program.is_module_name(node.value)
    )


def _is_pure_call(program: Program, call: ast.Call) -> bool:
    pure = program.origin(call.func).startswith(_PURE) or any(
        program.is_builtin(call.func, n) for n in _PURE_BUILTINS
    )
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Name) and call.func.id in program.classes:
        # A frozen record or a member looked up by value.
        pure = _is_frozen(program, program.classes[call.func.id])
    pure = pure or is_named_tuple(program, call.func)
    return pure and all(is_table(program, argument) for argument in arguments)


def is_named_tuple(program: Program, function: ast.expr) -> bool:
    """Whether a name stands for Level = namedtuple("Level", …)."""
    if not isinstance(function, ast.Name) or not program.is_module_name(function):
        return False
    made = [getattr(program.parents[one], "value", None) for one in program.module.bound[function.id]]
    return all(
        isinstance(one, ast.Call) and program.origin(one.func) == "collections.namedtuple" for one in made
    )


def _is_frozen(program: Program, node: ast.ClassDef) -> bool:
    if any(program.origin(base).startswith(("enum.", "typing.NamedTuple")) for base in node.bases):
        return True
    return any(
        isinstance(decorator, ast.Call)
        and any(
            k.arg == "frozen" and isinstance(k.value, ast.Constant) and k.value.value is True
            for k in decorator.keywords
        )
        for decorator in node.decorator_list
    )
