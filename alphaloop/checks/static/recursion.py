"""No function reaches itself, neither directly nor through others: depth cannot be read off."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from alphaloop.checks.static.circles import in_circles
from alphaloop.checks.static.constants import is_named_tuple
from alphaloop.checks.static.program import Program, once
from alphaloop.checks.static.vocabulary import METHODS
from alphaloop.facts.finding import Finding

Name = tuple[str, str]


def findings(program: Program) -> Iterator[Finding]:
    """Circles among the functions of the file, and functions that are given themselves."""
    for node in program.walk(ast.Call):
        if isinstance(node, ast.Call) and _is_given_itself(node):
            yield program.veto("recursion", node, f"{ast.unparse(node.func)} is given itself; write a loop")
    circles = in_circles(_references(program))
    for name, node in _defined(program).items():
        if name in circles:
            yield program.veto(
                "recursion", node, f"{name[1]} reaches itself through what it calls; write a loop"
            )


def _is_given_itself(call: ast.Call) -> bool:
    alike = [argument for argument in call.args if type(argument) is type(call.func)]
    return any(ast.unparse(argument) == ast.unparse(call.func) for argument in alike)


def _defined(program: Program) -> dict[Name, ast.AST]:
    """Functions, methods, and the tables of the module that hold code, each by its owner and its name."""
    found: dict[Name, ast.AST] = {("", name): item for item in program.tree.body for name in _table(item)}
    for node in program.walk(ast.FunctionDef):
        if isinstance(node, ast.FunctionDef):
            owner = program.parents[node]
            found[owner.name if isinstance(owner, ast.ClassDef) else "", node.name] = node
    return found


def _table(item: ast.stmt) -> Iterator[str]:
    targets = item.targets if isinstance(item, ast.Assign) else []
    targets = [item.target] if isinstance(item, ast.AnnAssign) else targets
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _references(program: Program) -> dict[Name, set[Name]]:
    """Which function mentions which: mentioning counts, because what is mentioned can be called."""
    defined = _defined(program)
    unknown = {
        name
        for name, node in defined.items()
        if not isinstance(node, ast.FunctionDef) or name[1] == "__call__"
    }
    found: dict[Name, set[Name]] = defaultdict(set)
    for node in program.nodes:
        for source in _around(program, node):
            if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                found[source] |= set(_targets(program, defined, node, source))
            elif isinstance(node, ast.Call) and _is_of_unknown(program, node.func):
                found[source] |= unknown
    return found


def _around(program: Program, node: ast.AST) -> Iterator[Name]:
    """Every named function around a node, innermost first, and the table of the module that it stands in."""
    function = program.function_of(node)
    item = node
    while isinstance(item, ast.expr | ast.arguments | ast.keyword | ast.comprehension):
        item = program.parents[item]
    if isinstance(item, ast.stmt) and program.parents[item] is program.tree:
        yield from (("", name) for name in _table(item))
    while function is not None:
        if isinstance(function, ast.FunctionDef):
            owner = program.parents[function]
            yield (owner.name if isinstance(owner, ast.ClassDef) else "", function.name)
        function = program.function_of(function)


def _is_of_unknown(program: Program, function: ast.expr) -> bool:
    """Whether it cannot be read off what a call calls: then it may be any code of a table, or an instance."""
    if isinstance(function, ast.Name):
        known = function.id in program.functions or function.id in program.classes
        known = known or is_named_tuple(program, function)
        return not known and not program.origin(function) and program.binder(function) is not None
    if isinstance(function, ast.Attribute):
        return (
            function.attr not in program.owners
            and not program.origin(function)
            and function.attr not in METHODS
        )
    return True


def _targets(
    program: Program, defined: dict[Name, ast.AST], node: ast.Name | ast.Attribute, source: Name
) -> Iterator[Name]:
    if isinstance(node, ast.Name):
        if ("", node.id) in defined and program.binder(node) is not None:
            yield ("", node.id)
        if node.id in program.classes and isinstance(program.parents[node], ast.Call):
            yield from (
                (node.id, name) for name in ("__init__", "__post_init__") if (node.id, name) in defined
            )
        return
    owners = program.owners.get(node.attr, [])
    if isinstance(node.value, ast.Call) and program.is_builtin(node.value.func, "super"):
        own = program.class_of(node)
        above = _above(program, own.name) if own is not None else set()
        yield from ((name, node.attr) for name in owners if name in above)
    elif program.is_self(node.value):
        own = program.class_of(node)
        family = {own.name, *_family(program, own.name)} if own is not None else set()
        yield from ((name, node.attr) for name in owners if name in family)
    elif node.attr not in METHODS:
        # A part of the strategy may have a method of the same name; a part of its own class has an end.
        yield from ((name, node.attr) for name in owners if name != source[0])


@once
def _family(program: Program, name: str) -> set[str]:
    """The bases and the subclasses of a class in the file."""
    found = {
        base.id
        for base in program.classes[name].bases
        if isinstance(base, ast.Name) and base.id in program.classes
    }
    return found | _below(program).get(name, set())


@once
def _below(program: Program) -> dict[str, set[str]]:
    """The classes that name another one as a base, by that name."""
    found: dict[str, set[str]] = {}
    for name, node in program.classes.items():
        for base in node.bases:
            if isinstance(base, ast.Name):
                found.setdefault(base.id, set()).add(name)
    return found


@once
def _above(program: Program, name: str) -> set[str]:
    """The bases of a class in the file, and theirs."""
    found: set[str] = set()
    todo = [name]
    while todo:
        bases = [base.id for base in program.classes[todo.pop()].bases if isinstance(base, ast.Name)]
        fresh = {base for base in bases if base in program.classes} - found
        found |= fresh
        todo.extend(fresh)
    return found
