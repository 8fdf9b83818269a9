"""Classes: at module level, from listed bases, with constants, declared fields and methods in their body."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.constants import is_immutable
from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import BASES
from alphaloop.facts.finding import Finding

_ENUMS = {"enum.Enum", "enum.IntEnum", "enum.StrEnum"}


def findings(program: Program) -> Iterator[Finding]:
    """Classes that are made elsewhere or otherwise, or that hold state of their own."""
    for node in program.walk(ast.ClassDef):
        if not isinstance(node, ast.ClassDef):
            continue
        if program.parents[node] is not program.tree:
            yield program.veto(
                "classes", node, "a class inside a block; write it at the top level of the file"
            )
        for keyword in node.keywords:
            yield program.veto(
                "classes", node, f"the class keyword {keyword.arg!r}; a strategy has no metaclasses"
            )
        for base in node.bases:
            if not _is_base(program, base) and not _is_value_of_enum(program, node, base):
                yield program.veto("classes", base, "this base class is not listed; write a plain class")
        for item in node.body:
            yield from _item(program, node, item)


def _is_base(program: Program, base: ast.expr) -> bool:
    if isinstance(base, ast.Subscript):
        return program.origin(base.value) in ("typing.Generic", "typing.Protocol")
    if program.origin(base) in BASES or program.is_builtin(base, "object"):
        return True
    return isinstance(base, ast.Name) and base.id in program.classes and program.is_module_name(base)


def _is_value_of_enum(program: Program, node: ast.ClassDef, base: ast.expr) -> bool:
    """`class Side(str, Enum)`: how an enumeration of texts was written before StrEnum."""
    plain = any(program.is_builtin(base, name) for name in ("str", "int"))
    return (
        plain
        and base is node.bases[0]
        and len(node.bases) == 2
        and program.origin(node.bases[1]) == "enum.Enum"
    )


def _item(program: Program, owner: ast.ClassDef, item: ast.stmt) -> Iterator[Finding]:
    if isinstance(item, (ast.FunctionDef, ast.Pass)):
        return
    if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
        return
    if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
        if item.value is None or is_immutable(program, item.value) or _is_field(program, item.value):
            return
        yield program.veto(
            "classes", item, "a field default that is shared by all instances; use field(default_factory=…)"
        )
    elif isinstance(item, ast.Assign) and all(isinstance(target, ast.Name) for target in item.targets):
        if is_immutable(program, item.value) or _is_member(program, owner, item.value):
            return
        yield program.veto(
            "classes", item, "state shared by all instances of a class; assign it to self in __init__"
        )
    else:
        seen = f"{type(item).__name__} in a class body; a class body holds constants, fields and methods"
        yield program.veto("classes", item, seen)


def _is_field(program: Program, value: ast.expr) -> bool:
    if not isinstance(value, ast.Call) or program.origin(value.func) != "dataclasses.field" or value.args:
        return False
    return all(
        keyword.arg in ("default_factory", "init", "repr", "compare", "kw_only", "hash")
        or (keyword.arg == "default" and is_immutable(program, keyword.value))
        for keyword in value.keywords
    )


def _is_member(program: Program, owner: ast.ClassDef, value: ast.expr) -> bool:
    is_enum = any(program.origin(base) in _ENUMS for base in owner.bases)
    return (
        is_enum
        and isinstance(value, ast.Call)
        and program.origin(value.func) == "enum.auto"
        and not value.args
    )
