"""Imports: listed modules, listed names, at the top of the file."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import MODULES
from alphaloop.facts.finding import Finding

_INSTEAD = {
    "random": "a strategy draws no random numbers; decide from the book",
    "secrets": "a strategy draws no random numbers; decide from the book",
    "time": "use book.time or the argument of on_timer",
    "datetime": "use book.time or the argument of on_timer",
    "os": "a strategy sees only what its callbacks are given",
    "sys": "a strategy sees only what its callbacks are given",
    "operator": "write a lambda",
    "copy": "use list(...), dict(...) or dataclasses.replace",
}


def findings(program: Program) -> Iterator[Finding]:
    """Imports that are not on the list."""
    for node in program.walk(ast.Import, ast.ImportFrom):
        if program.parents[node] is not program.tree:
            yield program.veto("imports", node, "an import inside a block; write it at the top of the file")
        elif isinstance(node, ast.Import):
            yield from _plain(program, node)
        elif isinstance(node, ast.ImportFrom):
            yield from _names(program, node)


def _plain(program: Program, node: ast.Import) -> Iterator[Finding]:
    for alias in node.names:
        if alias.name not in MODULES or "." in alias.name or alias.name == "__future__":
            yield program.veto("imports", node, f"import {alias.name}; {_advice(alias.name)}")


def _names(program: Program, node: ast.ImportFrom) -> Iterator[Finding]:
    module = node.module or ""
    if node.level or module not in MODULES:
        yield program.veto("imports", node, f"from {'.' * node.level}{module} import …; {_advice(module)}")
        return
    for alias in node.names:
        if alias.name not in MODULES[module]:
            listed = ", ".join(sorted(MODULES[module])[:12])
            seen = f"from {module} import {alias.name}; that name is not listed (listed are {listed} …)"
            yield program.veto("imports", node, seen)


def _advice(module: str) -> str:
    default = "it is not listed; a strategy may use " + ", ".join(name for name in MODULES if "_" not in name)
    return _INSTEAD.get(module.partition(".")[0], default)
