"""Reads a strategy once, so that each rule finds what it asks for."""

import ast
from collections.abc import Iterator

from alphaloop.checks.source import docstrings, parsed
from alphaloop.checks.static.program import COMPREHENSIONS, FUNCTIONS, Program, Scope, is_setter
from alphaloop.checks.subject import Subject

_SCOPES = (ast.Module, ast.ClassDef, *FUNCTIONS, *COMPREHENSIONS)


def read(subject: Subject) -> Program:
    """Parse a file that has passed the bytes stage and index it.  Raises SyntaxError for one that has not."""
    tree = parsed(subject.candidate)
    parents: dict[ast.AST, ast.AST] = {}
    scopes: dict[ast.AST, Scope] = {}
    nodes: list[ast.AST] = []
    module = Scope(tree, None)
    _index(tree, module, parents, scopes, nodes)
    texts = docstrings(tree)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    methods = {
        name: {
            item.name: item for item in node.body if isinstance(item, ast.FunctionDef) and not is_setter(item)
        }
        for name, node in classes.items()
    }
    fields = {name: _fields(node) for name, node in classes.items()}
    tuples = frozenset(name for node in nodes for name in _namedtuple_fields(node))
    kept = tuple(node for node in nodes if node not in texts)
    return Program(
        subject=subject,
        tree=tree,
        nodes=kept,
        by_kind=_by_kind(kept),
        parents=parents,
        scopes=scopes,
        module=module,
        imports=dict(_imports(tree)),
        classes=classes,
        functions=functions,
        methods=methods,
        owners=_owners(methods),
        own={name: node for found in (*methods.values(), functions) for name, node in found.items()},
        fields=fields,
        field_names=frozenset().union(*fields.values()),
        declared=tuples.union(*fields.values(), *(found.keys() for found in methods.values())),
        assigned=_values(nodes),
        mentioned=frozenset(_mentioned(nodes)),
    )


def _by_kind(nodes: tuple[ast.AST, ...]) -> dict[type[ast.AST], list[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in nodes:
        found.setdefault(type(node), []).append(node)
    return found


def _owners(methods: dict[str, dict[str, ast.FunctionDef]]) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = {}
    for owner, found in methods.items():
        for name in found:
            owners.setdefault(name, []).append(owner)
    return owners


def _index(
    tree: ast.Module,
    module: Scope,
    parents: dict[ast.AST, ast.AST],
    scopes: dict[ast.AST, Scope],
    nodes: list[ast.AST],
) -> None:
    todo: list[tuple[ast.AST, Scope]] = [(tree, module)]
    while todo:
        node, scope = todo.pop()
        scopes[node] = scope
        nodes.append(node)
        _bind(node, scope)
        inner = Scope(node, scope) if isinstance(node, _SCOPES) and node is not tree else scope
        children = list(ast.iter_child_nodes(node))
        for child in reversed(children):
            parents[child] = node
            todo.append((child, scope if _outside(node, child) else inner))


def _outside(node: ast.AST, child: ast.AST) -> bool:
    """Decorators, bases and defaults are evaluated around the block, not in it."""
    if isinstance(node, ast.ClassDef):
        return child in node.decorator_list or child in node.bases or child in node.keywords
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return child in node.decorator_list or child is node.returns
    return False


def _bind(node: ast.AST, scope: Scope) -> None:
    for name in _bindings(node):
        where = scope
        if isinstance(node, ast.NamedExpr):
            where = scope.function()
        where.bound.setdefault(name, []).append(node)
        if isinstance(node, ast.FunctionDef):
            where.functions.add(name)


def _bindings(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias():
            yield node.asname or node.name.partition(".")[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.NamedExpr(target=ast.Name(id=name)):
            yield name
        case _:
            pass


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _fields(node: ast.ClassDef) -> frozenset[str]:
    """What a class declares in its body, and what its methods assign on their instance."""
    found: set[str] = set()
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            found.add(item.target.id)
        elif isinstance(item, ast.Assign):
            found.update(target.id for target in item.targets if isinstance(target, ast.Name))
        elif isinstance(item, ast.FunctionDef) and item.args.args:
            found.update(_assigned(item, item.args.args[0].arg))
    return frozenset(found)


def _assigned(method: ast.FunctionDef, own: str) -> Iterator[str]:
    for node in ast.walk(method):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr, ctx=ast.Store()) if name == own:
                yield attr
            case _:
                pass


def _mentioned(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            yield node.id


def _values(nodes: list[ast.AST]) -> dict[str, list[ast.expr | None]]:
    found: dict[str, list[ast.expr | None]] = {}
    plain: set[ast.AST] = set()
    for node in nodes:
        pairs: list[tuple[ast.expr, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs = [(node.target, node.value)]
        for target, value in pairs:
            if isinstance(target, ast.Attribute):
                found.setdefault(target.attr, []).append(value)
                plain.add(target)
    for node in nodes:
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) and node not in plain:
            found.setdefault(node.attr, []).append(None)
    return found


def _namedtuple_fields(node: ast.AST) -> Iterator[str]:
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, (ast.Name, ast.Attribute))
        and len(node.args) == 2
    ):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        listed = node.args[1]
        if name != "namedtuple":
            return
        if isinstance(listed, ast.Constant) and isinstance(listed.value, str):
            yield from listed.value.replace(",", " ").split()
        elif isinstance(listed, (ast.List, ast.Tuple)):
            yield from (
                e.value for e in listed.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)
            )
