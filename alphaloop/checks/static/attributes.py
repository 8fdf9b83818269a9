"""Attributes: those of listed modules by dotted name, of the contract, of collections, and the file's own."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.given import makers
from alphaloop.checks.static.program import Program, is_setter
from alphaloop.checks.static.vocabulary import (
    CONTRACT_FIELDS,
    FOREIGN,
    MACHINERY,
    METHODS,
    MODULES,
    is_dunder,
)
from alphaloop.facts.finding import Finding

_INSTEAD = {
    "format": "use an f-string",
    "format_map": "use an f-string",
    "mro": "use isinstance",
    "random": "a strategy draws no random numbers; decide from the book",
    "empty": "use np.zeros: empty shows what memory held before",
    "empty_like": "use np.zeros_like: empty shows what memory held before",
}


def findings(program: Program) -> Iterator[Finding]:
    """Attributes that nothing listed has."""
    for node in program.nodes:
        if (
            isinstance(node, ast.Attribute)
            and not is_dunder(node.attr)
            and not is_setter(program.parents[node])
        ):
            yield from _attribute(program, node)
        elif isinstance(node, ast.Name):
            yield from _bare_module(program, node)
        elif isinstance(node, ast.MatchClass):
            yield from (
                program.veto(
                    "attributes", node, f"the pattern reads {name!r}; compare a listed attribute instead"
                )
                for name in node.kwd_attrs
                if not is_dunder(name) and not _known(program, name)
            )


def _attribute(program: Program, node: ast.Attribute) -> Iterator[Finding]:
    origin = program.origin(node)
    if origin:
        if isinstance(program.parents[node], ast.Attribute) or _listed(origin):
            return
        instead = _INSTEAD.get(node.attr, "that name is not listed for its module (docs/strategy.md)")
        yield program.veto("attributes", node, f"{origin}; {instead}")
    elif isinstance(node.value, ast.Name) and program.is_module_name(node.value):
        yield from _of_own_name(program, node, node.value.id)
    elif isinstance(node.value, ast.Name) and program.binder(node.value) is None:
        if (node.value.id, node.attr) != ("dict", "fromkeys"):
            yield program.veto("attributes", node, f"{node.value.id}.{node.attr}; call the method on a value")
    elif not _allowed(program, node):
        instead = _INSTEAD.get(
            node.attr, "use a listed method, a field of the book, or an attribute that you assign"
        )
        yield program.veto("attributes", node, f"the attribute {node.attr!r}; {instead}")


def _listed(origin: str) -> bool:
    """Whether a dotted origin such as numpy.linalg.norm is on the list of its module."""
    return any(
        origin.startswith(f"{module}.") and origin.removeprefix(f"{module}.") in names
        for module, names in MODULES.items()
    )


def _of_own_name(program: Program, node: ast.Attribute, name: str) -> Iterator[Finding]:
    owner = program.classes.get(name)
    if owner is not None and node.attr in program.fields[name] | _class_callables(program, name):
        return
    if owner is not None and node.attr in program.methods[name]:
        yield program.veto(
            "attributes", node, f"{name}.{node.attr} without an instance; call it on an instance"
        )
    elif owner is not None or name in program.functions:
        yield program.veto(
            "attributes", node, f"{name}.{node.attr}; functions and classes carry no other attributes"
        )
    elif node.attr not in METHODS:
        yield program.veto("attributes", node, f"{name}.{node.attr}; use a listed method of a constant")


def _class_callables(program: Program, name: str) -> frozenset[str]:
    return frozenset(
        method.name
        for method in program.methods[name].values()
        if any(
            isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod") for d in method.decorator_list
        )
    )


def _allowed(program: Program, node: ast.Attribute) -> bool:
    if node.attr in METHODS or node.attr in CONTRACT_FIELDS:
        return True
    if program.is_self(node.value) or _is_super(program, node.value):
        return node.attr in program.declared and node.attr not in MACHINERY
    return _known(program, node.attr) or _is_own_method(program, node)


def _is_own_method(program: Program, node: ast.Attribute) -> bool:
    """Whether a value is an instance of a class of the file that has this method or field."""
    made = makers(program, node.value)
    return (
        node.attr not in MACHINERY
        and bool(made)
        and all(node.attr in program.methods[name] or node.attr in program.fields[name] for name in made)
    )


def _known(program: Program, name: str) -> bool:
    if name in METHODS or name in CONTRACT_FIELDS:
        return True
    return name in program.declared and name not in MACHINERY and name not in FOREIGN


def _is_super(program: Program, node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and program.is_builtin(node.func, "super")


def _bare_module(program: Program, node: ast.Name) -> Iterator[Finding]:
    origin = program.origin(node)
    if origin in MODULES and not isinstance(program.parents[node], ast.Attribute):
        yield program.veto(
            "attributes", node, f"the module {origin} as a value; write {node.id}.name where it is used"
        )
