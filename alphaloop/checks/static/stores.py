"""Attributes are written on `self` and on own records, never on the book, a class, a function or a module."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import CALLBACKS, CONTRACT_FIELDS, is_dunder
from alphaloop.facts.finding import Finding


def findings(program: Program) -> Iterator[Finding]:
    """Assignments to attributes or elements of what the strategy does not own."""
    for node in program.nodes:
        if not isinstance(node, (ast.Attribute, ast.Subscript)) or isinstance(node.ctx, ast.Load):
            continue
        root = _root(node)
        if not isinstance(root, ast.Name):
            if not isinstance(node, ast.Subscript):
                yield program.veto(
                    "stores", node, "an attribute of a computed object is written; name the object first"
                )
        elif _is_given(program, root):
            yield program.veto("stores", node, f"{root.id!r} was given to read; copy what you need to self")
        elif isinstance(node, ast.Attribute) and not _own(program, node, root):
            seen = f"an attribute of {root.id!r} is written; keep state on self"
            yield program.veto("stores", node, seen)


def _root(node: ast.AST) -> ast.AST:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node


def _is_given(program: Program, name: ast.Name) -> bool:
    """Whether a name is what the platform hands to a callback, or to __init__."""
    binder = program.binder(name)
    if (
        binder is None
        or not isinstance(binder.node, ast.FunctionDef)
        or binder.node.name not in {*CALLBACKS, "__init__"}
    ):
        return False
    owner = program.parents[binder.node]
    if not isinstance(owner, ast.ClassDef) or owner.name != "Strategy":
        return False
    given = [argument.arg for argument in binder.node.args.args[1:]]
    return name.id in given and binder.bound[name.id] == [
        a for a in binder.node.args.args if a.arg == name.id
    ]


def _own(program: Program, node: ast.Attribute, root: ast.Name) -> bool:
    if is_dunder(node.attr):
        return False
    if program.is_self(root):
        return True
    binder = program.binder(root)
    if binder is None or binder is program.module or isinstance(binder.node, ast.ClassDef):
        return False
    if program.is_cls(root):
        return False
    # A record of the strategy's own: such a class of the file declares that field.
    own_field = any(node.attr in program.fields[name] for name in _records(program))
    return own_field and (node.attr not in CONTRACT_FIELDS or not _may_be_given(binder.node, root))


def _records(program: Program) -> Iterator[str]:
    """The classes whose instances are plain state: not the strategy itself, no enum, no tuple."""
    for name, node in program.classes.items():
        bases = [program.origin(base) for base in node.bases]
        if name != "Strategy" and not any(base.startswith(("enum.", "typing.NamedTuple")) for base in bases):
            yield name


def _may_be_given(function: ast.AST, root: ast.Name) -> bool:
    is_parameter = isinstance(function, ast.FunctionDef) and any(a.arg == root.id for a in function.args.args)
    return is_parameter and root.id in ("book", "trade", "fill", "quote", "order", "snapshot")
