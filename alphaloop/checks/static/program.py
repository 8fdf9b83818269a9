"""A parsed strategy and the questions that rules ask of it: who binds a name, what is its own.

Built once per file, so that each rule is a plain walk over the nodes that it cares about.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from alphaloop.checks.source import docstrings, parsed
from alphaloop.checks.subject import Subject
from alphaloop.facts.finding import Finding, Severity

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
ScopeNode = ast.Module | ast.ClassDef | Function | Comprehension
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.Module, ast.ClassDef, *FUNCTIONS, *COMPREHENSIONS)


@dataclass(slots=True, eq=False)
class Scope:
    """A block that binds names: name → the nodes that bind it, in order of the file."""

    node: ScopeNode
    parent: "Scope | None"
    bound: dict[str, list[ast.AST]] = field(default_factory=dict)

    def function(self) -> "Scope":
        """The nearest scope that is not a comprehension: there a walrus binds."""
        scope = self
        while isinstance(scope.node, COMPREHENSIONS) and scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(frozen=True, slots=True)
class Program:
    """The tree of one file, read once.

    nodes: all nodes but docstrings, in order of the file; parents and scopes: by node; imports: local name →
    dotted origin; classes, functions: of the module; methods: class name → name → definition; fields: class
    name → the attributes that it assigns or declares; declared: every name of a field or method;
    assigned: attribute → what is assigned to it on any object, None for what cannot be told; mentioned: every
    name and attribute that is read or deleted somewhere, or assigned to on an object.
    """

    subject: Subject
    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    parents: dict[ast.AST, ast.AST]
    scopes: dict[ast.AST, Scope]
    module: Scope
    imports: dict[str, str]
    classes: dict[str, ast.ClassDef]
    functions: dict[str, ast.FunctionDef]
    methods: dict[str, dict[str, ast.FunctionDef]]
    fields: dict[str, frozenset[str]]
    declared: frozenset[str]
    assigned: dict[str, list[ast.expr | None]]
    mentioned: frozenset[str]

    def binder(self, name: ast.Name) -> Scope | None:
        """The scope whose binding a name reads, None when it is a builtin or nothing."""
        scope: Scope | None = self.scopes[name]
        first = True
        while scope is not None:
            # A class body's names are not seen from its methods.
            if name.id in scope.bound and (first or not isinstance(scope.node, ast.ClassDef)):
                return scope
            first = first and isinstance(scope.node, COMPREHENSIONS)
            scope = scope.parent
        return None

    def origin(self, node: ast.AST) -> str:
        """The dotted name that an import gives a name or a chain of attributes, "" when no import does."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or self.binder(node) is not self.module:
            return ""
        start = self.imports.get(node.id, "")
        return ".".join([start, *reversed(parts)]) if start else ""

    def is_module_name(self, node: ast.AST) -> bool:
        """Whether a node is a name that the module itself binds, by import or otherwise."""
        return isinstance(node, ast.Name) and self.binder(node) is self.module

    def is_builtin(self, node: ast.AST, name: str) -> bool:
        """Whether a node is the builtin called `name`, not something of the same name."""
        return isinstance(node, ast.Name) and node.id == name and self.binder(node) is None

    def is_self(self, node: ast.AST) -> bool:
        """Whether a node is the first parameter of the method that it stands in."""
        if not isinstance(node, ast.Name):
            return False
        scope = self.binder(node)
        return scope is not None and self.first_parameter(scope.node) == node.id

    def is_cls(self, node: ast.AST) -> bool:
        """Whether a node is the first parameter of the classmethod that it stands in."""
        scope = self.binder(node) if isinstance(node, ast.Name) else None
        if scope is None or not isinstance(scope.node, ast.FunctionDef) or not isinstance(node, ast.Name):
            return False
        is_method = any(isinstance(d, ast.Name) and d.id == "classmethod" for d in scope.node.decorator_list)
        return is_method and [a.arg for a in scope.node.args.args[:1]] == [node.id]

    def first_parameter(self, node: ast.AST) -> str:
        """The name by which a method calls its own instance, "" for what is no method."""
        owner = self.parents.get(node)
        if not isinstance(node, ast.FunctionDef) or not isinstance(owner, ast.ClassDef):
            return ""
        if any(
            isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod") for d in node.decorator_list
        ):
            return ""
        arguments = [*node.args.posonlyargs, *node.args.args]
        return arguments[0].arg if arguments else ""

    def function_of(self, node: ast.AST) -> Function | None:
        """The innermost function around a node, None at module and class level."""
        scope: Scope | None = self.scopes[node]
        while scope is not None and not isinstance(scope.node, FUNCTIONS):
            scope = scope.parent
        return scope.node if scope is not None and isinstance(scope.node, FUNCTIONS) else None

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """The class around a node, None outside."""
        scope: Scope | None = self.scopes[node]
        while scope is not None and not isinstance(scope.node, ast.ClassDef):
            scope = scope.parent
        return scope.node if scope is not None and isinstance(scope.node, ast.ClassDef) else None

    def walk(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """The nodes of some kinds, in order of the file."""
        return (node for node in self.nodes if isinstance(node, kinds))

    def veto(self, rule: str, node: ast.AST, message: str) -> Finding:
        """A finding that ends the review, at the node's line."""
        return self.finding(Severity.VETO, rule, node, message)

    def finding(self, severity: Severity, rule: str, node: ast.AST, message: str) -> Finding:
        """A finding of the static stage at the node's line."""
        line = getattr(node, "lineno", 0)
        return Finding(f"static.{rule}", severity, message, self.subject.path, line)


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
    return Program(
        subject=subject,
        tree=tree,
        nodes=tuple(node for node in nodes if node not in texts),
        parents=parents,
        scopes=scopes,
        module=module,
        imports=dict(_imports(tree)),
        classes=classes,
        functions=functions,
        methods=methods,
        fields=fields,
        declared=tuples.union(*fields.values(), *(found.keys() for found in methods.values())),
        assigned=_values(nodes),
        mentioned=frozenset(_mentioned(nodes)),
    )


def is_setter(node: ast.AST) -> bool:
    """Whether a definition is the setter of the property of its own name: @width.setter def width(…)."""
    if not isinstance(node, ast.FunctionDef) or len(node.decorator_list) != 1:
        return False
    match node.decorator_list[0]:
        case ast.Attribute(value=ast.Name(id=name), attr="setter"):
            return name == node.name
        case _:
            return False


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
