"""Calls: what is called has a name, and names of code are not passed around as values."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program, is_setter
from alphaloop.facts.finding import Finding

_TAKES_CODE = {
    "sorted",
    "min",
    "max",
    "map",
    "filter",
    "reduce",
    "accumulate",
    "takewhile",
    "dropwhile",
    "sort",
}
_TAKES_CODE |= {
    "field",
    "defaultdict",
    "merge",
    "nlargest",
    "nsmallest",
    "bisect",
    "bisect_left",
    "bisect_right",
    "insort",
}
_TAKES_CLASS = {
    "isinstance",
    "list",
    "tuple",
    "len",
    "enumerate",
    "sorted",
    "map",
    "reversed",
    "zip",
    "set",
    "super",
}
_CLASS_ONLY = {
    "enum.Enum",
    "enum.IntEnum",
    "enum.StrEnum",
    "typing.NamedTuple",
    "typing.TypedDict",
    "typing.Protocol",
    "numpy.ndarray",
}

_CHANGING = (ast.List, ast.Dict, ast.Set, ast.Call, ast.ListComp, ast.DictComp, ast.SetComp, ast.Name)


def findings(program: Program) -> Iterator[Finding]:
    """Calls of computed functions, and functions or `self` that wander."""
    for node in program.nodes:
        if isinstance(node, ast.Call):
            yield from _callee(program, node)
        elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            if isinstance(node, ast.Name) and program.is_self(node):
                yield from _self(program, node)
            elif isinstance(node, ast.Name) and _is_class(program, node):
                yield from _class(program, node)
            elif _is_own_code(program, node):
                yield from _code(program, node)
        elif isinstance(node, ast.Lambda):
            yield from _code(program, node)


def _callee(program: Program, node: ast.Call) -> Iterator[Finding]:
    if not isinstance(node.func, (ast.Name, ast.Attribute)) and not _is_from_table(program, node.func):
        yield program.veto(
            "calls", node, "a computed function is called; call a function or method by its name"
        )
    elif program.is_builtin(node.func, "object"):
        yield program.veto(
            "calls", node, "object() shows where in memory it lies; write None, or a name of an Enum"
        )
    elif program.origin(node.func) in _CLASS_ONLY:
        yield program.veto(
            "calls", node, "a class made by a call; write a class statement, or np.zeros for an array"
        )
    elif program.is_builtin(node.func, "super") and (node.args or node.keywords):
        yield program.veto("calls", node, "super with arguments; write super()")
    elif program.is_builtin(node.func, "super") and not isinstance(program.parents[node], ast.Attribute):
        yield program.veto("calls", node, "super() as a value; write super().method(...)")
    elif program.origin(node.func) == "collections.namedtuple" and not _plain_namedtuple(node):
        yield program.veto(
            "calls", node, "a namedtuple made from computed names; write its name and fields as literals"
        )


def _is_from_table(program: Program, node: ast.expr) -> bool:
    """Whether a function is picked from a table of the module: RULES["calm"](book)."""
    if not isinstance(node, ast.Subscript) or not program.is_module_name(node.value):
        return False
    bound = program.module.bound[node.value.id] if isinstance(node.value, ast.Name) else []
    made = [program.parents.get(one) for one in bound]
    return bool(made) and all(
        isinstance(one, (ast.Assign, ast.AnnAssign))
        and isinstance(one.value, (ast.Dict, ast.Tuple, ast.List))
        for one in made
    )


def _below(node: ast.expr) -> list[ast.AST]:
    return [part for child in ast.iter_child_nodes(node) for part in ast.walk(child)]


def _plain_namedtuple(node: ast.Call) -> bool:
    if len(node.args) != 2 or any(keyword.arg != "defaults" for keyword in node.keywords):
        return False
    if any(isinstance(part, _CHANGING) for keyword in node.keywords for part in _below(keyword.value)):
        return False  # shared by every tuple that is made without that field
    parts = [
        node.args[0],
        *(node.args[1].elts if isinstance(node.args[1], (ast.List, ast.Tuple)) else [node.args[1]]),
    ]
    return all(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts)


def _self(program: Program, node: ast.Name) -> Iterator[Finding]:
    parent = program.parents[node]
    if isinstance(parent, (ast.Attribute, ast.Compare)):
        return
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        own = parent.func.id in program.functions or parent.func.id in program.classes
        if own or program.origin(parent.func) == "dataclasses.replace":
            return
    yield program.veto("calls", node, f"{node.id!r} as a value; use its attributes")


def _is_class(program: Program, node: ast.Name) -> bool:
    own = program.is_module_name(node) and node.id in program.classes
    return own or program.is_cls(node)


def _class(program: Program, node: ast.Name) -> Iterator[Finding]:
    """A class is called, named in a type or looped over; as a value it could be changed unseen."""
    parent = program.parents[node]
    while isinstance(parent, (ast.Tuple, ast.BinOp, ast.Starred)):
        parent = program.parents[parent]
    if isinstance(parent, (ast.Assign, ast.Return, ast.NamedExpr, ast.List, ast.Dict, ast.Set, ast.IfExp)):
        yield program.veto("calls", node, f"the class {node.id!r} as a value; write it where it is needed")
    elif isinstance(parent, ast.Call) and parent.func is not node:
        called = parent.func.id if isinstance(parent.func, ast.Name) else ""
        if called not in _TAKES_CLASS or program.binder(parent.func) is not None:  # type: ignore[arg-type]
            yield program.veto(
                "calls", node, f"the class {node.id!r} as a value; write it where it is needed"
            )


def _is_own_code(program: Program, node: ast.Name | ast.Attribute) -> bool:
    if isinstance(node, ast.Name):
        scope = program.binder(node)
        return scope is not None and node.id in scope.functions
    if not (program.is_self(node.value) or program.is_module_name(node.value)):
        return False
    if node.attr in program.field_names:
        return False
    owners = program.owners.get(node.attr, ())
    return any(not _is_property(program.methods[owner][node.attr]) for owner in owners)


def _is_property(method: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "property" for d in method.decorator_list)


def _code(program: Program, node: ast.AST) -> Iterator[Finding]:
    """Code may be called, given to what calls it, named locally, or listed in a table of the module."""
    parent = program.parents[node]
    while isinstance(parent, ast.IfExp) and parent.test is not node:
        node, parent = parent, program.parents[parent]
    if not _is_used_at_once(program, node, parent) and not is_tabled(program, node):
        yield program.veto("calls", node, "code kept as a value; call it where it is needed")


def is_tabled(program: Program, node: ast.AST) -> bool:
    """Whether a node stands in a literal table at module level, where nothing can change it."""
    parent = program.parents[node]
    if not isinstance(parent, (ast.Tuple, ast.List, ast.Dict)):
        return False
    while isinstance(parent, (ast.Tuple, ast.List, ast.Dict)):
        parent = program.parents[parent]
    in_module = isinstance(parent, (ast.Assign, ast.AnnAssign)) and program.parents[parent] is program.tree
    return in_module and (isinstance(node, ast.Lambda) or program.is_module_name(node))


def _is_used_at_once(program: Program, node: ast.AST, parent: ast.AST) -> bool:
    match parent:
        case ast.Call(func=function):
            return function is node or _takes_code(program, parent)
        case ast.keyword(arg=name):
            return name in ("key", "default_factory", "func")
        case ast.Attribute(attr="setter") if is_setter(program.parents[parent]):
            return True
        case ast.FunctionDef(decorator_list=decorators) | ast.ClassDef(decorator_list=decorators):
            return node in decorators
        case ast.Assign(targets=targets):
            return program.function_of(parent) is not None and all(isinstance(t, ast.Name) for t in targets)
        case _:
            return False


def _takes_code(program: Program, call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute):
        name = call.func.attr
        return name in _TAKES_CODE or name in program.owners
    if isinstance(call.func, ast.Name):
        name = program.origin(call.func).rpartition(".")[2] or call.func.id
        return name in _TAKES_CODE or call.func.id in program.functions
    return False
