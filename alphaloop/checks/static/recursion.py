"""No function reaches itself, neither directly nor through others: depth cannot be read off."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import METHODS
from alphaloop.facts.finding import Finding

Name = tuple[str, str]


def findings(program: Program) -> Iterator[Finding]:
    """Circles among the functions of the file, and functions that are given themselves."""
    for node in program.walk(ast.Call):
        if isinstance(node, ast.Call) and _is_given_itself(node):
            yield program.veto("recursion", node, f"{ast.unparse(node.func)} is given itself; write a loop")
    reaches = _references(program)
    for name, node in _defined(program).items():
        if name in _reached(reaches, name):
            yield program.veto(
                "recursion", node, f"{name[1]} reaches itself through what it calls; write a loop"
            )


def _is_given_itself(call: ast.Call) -> bool:
    return any(ast.unparse(argument) == ast.unparse(call.func) for argument in call.args)


def _defined(program: Program) -> dict[Name, ast.FunctionDef]:
    found: dict[Name, ast.FunctionDef] = {}
    for node in program.walk(ast.FunctionDef):
        if isinstance(node, ast.FunctionDef):
            owner = program.parents[node]
            found[owner.name if isinstance(owner, ast.ClassDef) else "", node.name] = node
    return found


def _references(program: Program) -> dict[Name, set[Name]]:
    """Which function mentions which: mentioning counts, because what is mentioned can be called."""
    defined = _defined(program)
    found: dict[Name, set[Name]] = defaultdict(set)
    for node in program.nodes:
        if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
            continue
        for source in _around(program, node):
            found[source] |= set(_targets(program, defined, node, source))
    return found


def _around(program: Program, node: ast.AST) -> Iterator[Name]:
    """Every named function around a node, innermost first."""
    function = program.function_of(node)
    while function is not None:
        if isinstance(function, ast.FunctionDef):
            owner = program.parents[function]
            yield (owner.name if isinstance(owner, ast.ClassDef) else "", function.name)
        function = program.function_of(function)


def _targets(
    program: Program, defined: dict[Name, ast.FunctionDef], node: ast.Name | ast.Attribute, source: Name
) -> Iterator[Name]:
    if isinstance(node, ast.Name):
        if ("", node.id) in defined and program.binder(node) is not None:
            yield ("", node.id)
        if node.id in program.classes and isinstance(program.parents[node], ast.Call):
            yield from (
                (node.id, name) for name in ("__init__", "__post_init__") if (node.id, name) in defined
            )
        return
    owners = [name for name, methods in program.methods.items() if node.attr in methods]
    if program.is_self(node.value):
        own = program.class_of(node)
        family = {own.name, *_family(program, own.name)} if own is not None else set()
        yield from ((name, node.attr) for name in owners if name in family)
    elif node.attr not in METHODS:
        # A part of the strategy may have a method of the same name; a part of its own class has an end.
        yield from ((name, node.attr) for name in owners if name != source[0])


def _family(program: Program, name: str) -> set[str]:
    """The bases and the subclasses of a class in the file."""
    found = {
        base.id
        for base in program.classes[name].bases
        if isinstance(base, ast.Name) and base.id in program.classes
    }
    for other, node in program.classes.items():
        if any(isinstance(base, ast.Name) and base.id == name for base in node.bases):
            found.add(other)
    return found


def _reached(reaches: dict[Name, set[Name]], start: Name) -> set[Name]:
    found: set[Name] = set()
    todo = list(reaches.get(start, ()))
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(reaches.get(name, ()))
    return found
