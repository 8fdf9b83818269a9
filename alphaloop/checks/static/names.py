"""Every name that is read has an owner: the file itself, a listed import, or a listed builtin."""

import ast
import builtins
import difflib
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import BUILTINS, is_dunder
from alphaloop.facts.finding import Finding

_INSTEAD = {
    "print": "a strategy prints nothing; keep what you want to know in an attribute",
    "getattr": "write the attribute itself; a field of the book without a stream is None",
    "hasattr": "write the attribute itself; a field of the book without a stream is None",
    "setattr": "write the assignment itself",
    "hash": "its value changes from run to run; compare the values themselves",
    "id": "its value changes from run to run; compare the values themselves",
    "type": "use isinstance",
    "iter": "write a for loop",
    "open": "a strategy reads and writes no files",
    "input": "a strategy reads nothing but its callbacks",
    "eval": "write the expression itself",
    "exec": "write the statements themselves",
    "repr": "use str or an f-string",
    "format": "use an f-string",
}


def findings(program: Program) -> Iterator[Finding]:
    """Names that nobody listed provides."""
    for node in program.walk(ast.Name):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        if is_dunder(node.id) or program.binder(node) is not None or node.id in BUILTINS:
            continue
        yield program.veto("names", node, f"the name {node.id!r}; {_advice(program, node.id)}")


def _advice(program: Program, name: str) -> str:
    if name in _INSTEAD:
        return _INSTEAD[name]
    if hasattr(builtins, name):
        return "this builtin is not listed; write it with the listed ones (docs/strategy.md)"
    known = sorted(BUILTINS | set(program.module.bound))
    near = difflib.get_close_matches(name, known, 1)
    return f"nothing binds it; did you mean {near[0]!r}?" if near else "nothing binds it; assign it first"
