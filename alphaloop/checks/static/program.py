"""A parsed strategy and the questions that rules ask of it: who binds a name, what is its own.

Built once per file, so that each rule is a plain walk over the nodes that it cares about.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from alphaloop.checks.subject import Subject
from alphaloop.facts.finding import Finding, Severity

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
ScopeNode = ast.Module | ast.ClassDef | Function | Comprehension
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.Module, ast.ClassDef, *FUNCTIONS, *COMPREHENSIONS)
_P = ParamSpec("_P")
_A = TypeVar("_A")


@dataclass(slots=True, eq=False)
class Scope:
    """A block that binds names: name → the nodes that bind it, in order of the file.

    functions: the names that a definition of a function binds.
    """

    node: ScopeNode
    parent: "Scope | None"
    bound: dict[str, list[ast.AST]] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)

    def function(self) -> "Scope":
        """The nearest scope that is not a comprehension: there a walrus binds."""
        scope = self
        while isinstance(scope.node, COMPREHENSIONS) and scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(frozen=True, slots=True)
class Program:
    """The tree of one file, read once.

    nodes: all nodes but docstrings, in order of the file; by_kind: the same by their type; parents and
    scopes: by node; imports: local name → dotted origin; classes, functions: of the module; methods: class
    name → name → definition; owners: name → the classes that have a method of it; own: functions and methods
    by their bare name; fields: class name → the attributes that it assigns or declares; field_names: all of
    those; declared: with the methods'; assigned: attribute → what is assigned to it on any object, None for
    what cannot be told; mentioned: every name and attribute that is read or deleted somewhere, or assigned to
    on an object; answered: see `once`.
    """

    subject: Subject
    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    by_kind: dict[type[ast.AST], list[ast.AST]]
    parents: dict[ast.AST, ast.AST]
    scopes: dict[ast.AST, Scope]
    module: Scope
    imports: dict[str, str]
    classes: dict[str, ast.ClassDef]
    functions: dict[str, ast.FunctionDef]
    methods: dict[str, dict[str, ast.FunctionDef]]
    owners: dict[str, list[str]]
    own: dict[str, ast.FunctionDef]
    fields: dict[str, frozenset[str]]
    field_names: frozenset[str]
    declared: frozenset[str]
    assigned: dict[str, list[ast.expr | None]]
    mentioned: frozenset[str]
    answered: dict[tuple[object, ...], Any] = field(default_factory=dict)

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
        wanted = {kind for kind in self.by_kind if issubclass(kind, kinds)}
        if len(wanted) < 2:
            return iter(self.by_kind[wanted.pop()] if wanted else ())
        return (node for node in self.nodes if type(node) in wanted)

    def veto(self, rule: str, node: ast.AST, message: str) -> Finding:
        """A finding that ends the review, at the node's line."""
        return self.finding(Severity.VETO, rule, node, message)

    def finding(self, severity: Severity, rule: str, node: ast.AST, message: str) -> Finding:
        """A finding of the static stage at the node's line."""
        line = getattr(node, "lineno", 0)
        return Finding(f"static.{rule}", severity, message, self.subject.path, line)


def once(asked: Callable[Concatenate[Program, _P], _A]) -> Callable[Concatenate[Program, _P], _A]:
    """Answer a question about a part of a program once, however often and by whatever rule it is asked.

    What is made of itself twice, and that twice again, would otherwise be gone through a thousand times.  The
    arguments are nodes, scopes, names and numbers; nobody may change what is answered.
    """

    @wraps(asked)
    def answer(program: Program, /, *arguments: _P.args, **named: _P.kwargs) -> _A:
        question = (asked, *arguments, *named.items())
        if question not in program.answered:
            program.answered[question] = asked(program, *arguments, **named)
        known: _A = program.answered[question]
        return known

    return answer


def is_setter(node: ast.AST) -> bool:
    """Whether a definition is the setter of the property of its own name: @width.setter def width(…)."""
    if not isinstance(node, ast.FunctionDef) or len(node.decorator_list) != 1:
        return False
    match node.decorator_list[0]:
        case ast.Attribute(value=ast.Name(id=name), attr="setter"):
            return name == node.name
        case _:
            return False
