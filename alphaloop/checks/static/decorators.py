"""Decorators run when the file is loaded: only those that declare something are listed."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program, is_setter
from alphaloop.facts.finding import Finding

_ON_CLASSES = {"dataclasses.dataclass", "enum.unique", "typing.final"}
_ON_FUNCTIONS = {"typing.final"}
_BUILTIN = ("staticmethod", "classmethod", "property")
_DATACLASS_FLAGS = {"frozen", "slots", "order", "eq", "repr", "init", "kw_only", "unsafe_hash"}


def findings(program: Program) -> Iterator[Finding]:
    """Decorators outside the list, and dataclass options that are computed."""
    for node in program.nodes:
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                if not _on_class(program, decorator):
                    yield program.veto(
                        "decorators", decorator, "a class decorator; only @dataclass is listed"
                    )
        elif isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if not _on_function(program, node, decorator):
                    seen = "a decorator; only staticmethod, classmethod and property are listed, in classes"
                    yield program.veto("decorators", decorator, seen)


def _on_class(program: Program, decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Call):
        flags = all(
            keyword.arg in _DATACLASS_FLAGS and isinstance(keyword.value, ast.Constant)
            for keyword in decorator.keywords
        )
        return program.origin(decorator.func) == "dataclasses.dataclass" and not decorator.args and flags
    return program.origin(decorator) in _ON_CLASSES


def _on_function(program: Program, node: ast.FunctionDef, decorator: ast.expr) -> bool:
    if program.origin(decorator) in _ON_FUNCTIONS:
        return True
    owner = program.parents[node]
    if is_setter(node) and isinstance(owner, ast.ClassDef):
        getter = program.methods.get(owner.name, {}).get(node.name)
        return getter is not None and any(program.is_builtin(d, "property") for d in getter.decorator_list)
    return isinstance(owner, ast.ClassDef) and any(program.is_builtin(decorator, name) for name in _BUILTIN)
